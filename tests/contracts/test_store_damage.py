"""What happens to the default store's files from outside is found, told, and never read as if it were whole."""

from __future__ import annotations

import json
import os
import random
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from zlib import crc32

import pytest
from store_events import advanced, at, event, fields_set, open_deal, state, write

from dealwright.errors import StoreError
from dealwright.events import FieldsSet
from dealwright.model.canonical import ZERO, canonical
from dealwright.store import create_store, open_store, sql
from dealwright.store.layouts import EVENTS
from dealwright.store.records import event_hash, next_head

COUNT = 12


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A closed store of four deals with three events each."""
    path = tmp_path / "store.db"
    with create_store(path) as store:
        for number in range(4):
            deal = f"b2b-{number}"
            open_deal(store, deal)
            write(store, state(deal, 3), 1, advanced(deal, 2), fields_set(deal, 3, fit="yes"))
        store.put_personal("p1", "subject-1", "Ms Example", "salt")
        store.put_definition("h1", {"id": "b2b", "version": "1.0.0", "source_hash": "s"})
        store.next_number("b2b")
    return path


def tamper(path: Path, *statements: tuple) -> None:
    """Run SQL behind the store's back, its triggers dropped."""
    with closing(sqlite3.connect(path)) as raw, raw:
        for name in ("events_no_update", "events_no_delete"):
            raw.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            raw.execute(*statement)
        restore_triggers(raw)


def restore_triggers(raw: sqlite3.Connection) -> None:
    """Make the triggers that are missing, as a careful forger would."""
    kept = {text for (text,) in raw.execute("SELECT sql FROM sqlite_master")}
    for statement in sql.create(EVENTS.name, EVENTS):
        if statement not in kept:
            raw.execute(statement)


def codes(path: Path, deal: str | None = None) -> set[str]:
    """What verifying tells, but for the page that any change from outside is seen in."""
    with open_store(path) as store:
        return {problem.code for problem in store.verify(deal).problems} - {"page-changed"}


def rewrite(path: Path, position: int, change, *, chain: bool = False, head: bool = False) -> None:
    """Change an event's body as a careful forger would: CRC and hash fit, perhaps all that follows too."""
    with closing(sqlite3.connect(path)) as raw, raw:
        raw.execute("DROP TRIGGER events_no_update")
        names = ", ".join(f'"{n}"' for n in EVENTS.names)
        rows = raw.execute(f"SELECT doc_id, body, {names} FROM events ORDER BY doc_id").fetchall()
        last: dict[str, str] = {}
        running = ZERO
        for doc_id, before, *columns in rows:
            row = dict(zip(EVENTS.names, columns, strict=True))
            document = json.loads(before)
            if doc_id == position:
                change(document, row)
            if chain:
                document["prev_hash"] = last.get(row["deal"], ZERO)
            body = canonical(document)
            row["hash"] = event_hash(body)
            last[row["deal"]] = row["hash"]
            running = next_head(running, row["hash"])
            if head:
                row["head"] = running
            crc = crc32(body, crc32(canonical([doc_id, *row.values()])))
            sets = ", ".join(f'"{n}" = ?' for n in EVENTS.names)
            raw.execute(
                f"UPDATE events SET body = ?, crc = ?, {sets} WHERE doc_id = ?", (body, crc, *row.values(), doc_id)
            )
        restore_triggers(raw)


def _other_actor(document, row):
    document["actor"] = "rep-9"


# -- bytes


@pytest.mark.parametrize("table", ["events", "deals", "personal", "definitions", "counters", "meta"])
def test_a_changed_byte_in_any_row_is_found(path, table):
    with closing(sqlite3.connect(path)) as raw:
        (body,) = raw.execute(f"SELECT body FROM {table}").fetchone()
    flipped = body[:-3] + bytes([body[-3] ^ 1]) + body[-2:]
    tamper(path, (f"UPDATE {table} SET body = ? WHERE doc_id = 1", (flipped,)))
    assert codes(path) == {"row-crc"}


@pytest.mark.parametrize("column", EVENTS.names)
def test_a_changed_column_of_an_event_is_found(path, column):
    tamper(path, (f'UPDATE events SET "{column}" = 77 WHERE doc_id = 5',))
    assert "row-crc" in codes(path)


def test_a_damaged_deal_is_not_shown(path):
    tamper(path, ("UPDATE deals SET body = replace(body, 'Pump', 'Lump') WHERE id = 'b2b-1'",))
    with open_store(path) as store:
        with pytest.raises(StoreError, match="damaged"):
            store.deal("b2b-1")
        assert store.deal("b2b-2") is not None
        assert [p.deal for p in store.verify("b2b-1").problems] == ["b2b-1"]
        assert store.verify("b2b-2").problems == ()


def test_a_damaged_event_is_not_read(path):
    tamper(path, ("UPDATE events SET body = replace(body, 'rep-1', 'rep-2') WHERE doc_id = 4",))
    with open_store(path) as store:
        with pytest.raises(StoreError, match="store verify"):
            list(store.events())
        assert len(list(store.events("b2b-0"))) == 3


@pytest.mark.parametrize("column", ["deal", "seq", "type", "hash", "head"])
def test_text_that_is_no_longer_utf8_is_located(path, column):
    tamper(path, (f"UPDATE events SET {column} = CAST(x'ff62' AS TEXT) WHERE doc_id = 5",))
    with open_store(path) as store:
        problems = store.verify().problems
        assert "row-crc" in {p.code for p in problems}
        json.dumps(problems, ensure_ascii=False).encode()
        with pytest.raises(StoreError):
            list(store.events())


def test_a_damaged_name_in_the_schema_is_an_error_of_ours(path):
    whole = path.read_bytes()
    path.write_bytes(whole.replace(b"definitions_by_", b"definiti\xe9ns_by_", 1))
    with pytest.raises(StoreError):
        codes(path)


def test_every_flipped_byte_is_found(path):
    """Flip bits all over the file, used space or not: each is reported, or refused at opening."""
    whole = path.read_bytes()
    pick = random.Random(7)
    assert [at for at in sorted(pick.sample(range(len(whole)), 250)) if not found_flipped(path, at, pick)] == []


def found_flipped(file: Path, at: int, pick: random.Random, store: Path | None = None) -> bool:
    """Flip a bit of a file of the store, look whether it is noticed, and put it back."""
    whole = file.read_bytes()
    damaged = bytearray(whole)
    damaged[at] ^= 1 << pick.randrange(8)
    file.write_bytes(damaged)
    try:
        with open_store(store or file) as opened:
            return bool(opened.verify().problems)
    except StoreError:
        return True
    finally:
        file.write_bytes(whole)


@pytest.mark.parametrize("size", [1, 100, 4096, 5000, 20_000])
def test_a_file_cut_short_is_an_error_or_a_problem(path, size):
    path.write_bytes(path.read_bytes()[:size])
    try:
        found = codes(path)
    except StoreError:
        return
    assert found


# -- forgeries


def test_a_rewritten_event_breaks_its_hash(path):
    with closing(sqlite3.connect(path)) as raw, raw:
        raw.execute("DROP TRIGGER events_no_update")
        names = ", ".join(f'"{n}"' for n in EVENTS.names)
        body, *columns = raw.execute(f"SELECT body, {names} FROM events WHERE doc_id = 5").fetchone()
        forged = body.replace(b"rep-1", b"rep-9")
        raw.execute(
            "UPDATE events SET body = ?, crc = ? WHERE doc_id = 5",
            (forged, crc32(forged, crc32(canonical([5, *columns])))),
        )
        restore_triggers(raw)
    assert codes(path) == {"event-hash"}
    assert codes(path, "b2b-1") == {"event-hash"}
    assert codes(path, "b2b-2") == set()


def test_a_rewritten_event_with_a_fitting_hash_breaks_chain_and_head(path):
    rewrite(path, 5, _other_actor)
    assert codes(path) == {"chain-broken", "head-mismatch"}


def test_a_rewritten_chain_breaks_the_head(path):
    rewrite(path, 5, _other_actor, chain=True)
    assert codes(path) == {"head-mismatch"}


def test_a_wholly_rewritten_log_is_told_by_the_head_file(path):
    rewrite(path, 5, _other_actor, chain=True, head=True)
    assert codes(path) == {"head-mismatch"}


def test_a_column_that_says_something_else_than_its_event_is_found(path):
    rewrite(path, 5, lambda document, row: row.update(to="contract"))
    assert codes(path) == {"row-columns"}


def test_removed_events_leave_gaps(path):
    tamper(path, ("DELETE FROM events WHERE doc_id = 5",))
    assert codes(path) >= {"position-gap", "seq-gap", "chain-broken", "head-mismatch"}
    assert codes(path, "b2b-1") == {"seq-gap", "chain-broken"}


def test_a_state_that_is_behind_its_log_or_gone_is_found(path):
    tamper(path, ("DELETE FROM deals WHERE id = 'b2b-1'",), ("DELETE FROM events WHERE doc_id = 12",))
    assert codes(path) == {"state-version", "tail-lost"}
    assert codes(path, "b2b-1") == {"state-version"}
    assert codes(path, "b2b-3") == {"state-version"}


# -- the tail and the head file


def test_a_lost_tail_is_found_and_not_written_over(path):
    tamper(path, ("DELETE FROM events WHERE doc_id > 9",), ("DELETE FROM deals WHERE id = 'b2b-3'",))
    assert codes(path) == {"tail-lost"}
    with open_store(path) as store:
        with pytest.raises(StoreError, match=r"store\.db\.head"):
            open_deal(store, "b2b-8")
        assert len(list(store.events())) == 9
    assert codes(path) == {"tail-lost"}
    path.with_name("store.db.head").unlink()
    with open_store(path) as store:
        open_deal(store, "b2b-8")
    assert codes(path) == set()


def test_an_older_copy_of_the_file_is_told(path, tmp_path):
    kept = tmp_path / "backup.db"
    shutil.copy(path, kept)
    with open_store(path) as store:
        open_deal(store, "b2b-8")
    shutil.copy(kept, path)
    assert codes(path) == {"tail-lost"}


def test_a_head_file_that_is_behind_is_no_damage(path):
    head = path.with_name("store.db.head")
    before = head.read_bytes()
    with open_store(path) as store:
        open_deal(store, "b2b-8")
    head.write_bytes(before)  # as if the process had died between commit and head
    assert codes(path) == set()
    with open_store(path) as store:
        open_deal(store, "b2b-9")
    assert max(int(line.split()[0]) for line in head.read_text().splitlines()) == COUNT + 2


@pytest.mark.parametrize("content", [None, b"", b"\xff\xfe", b"0" * 190])
def test_a_missing_head_file_is_told_until_the_next_write(path, content):
    head = path.with_name("store.db.head")
    head.unlink()
    if content is not None:
        head.write_bytes(content)
    assert codes(path) == {"head-missing"}
    with open_store(path) as store:
        open_deal(store, "b2b-8")
    assert codes(path) == set()


def test_problems_speak_both_languages(path):
    tamper(path, ("UPDATE deals SET body = replace(body, 'Pump', 'Lump')",), ("DELETE FROM events WHERE doc_id = 5",))
    with open_store(path) as store:
        problems = store.verify().problems
    assert problems
    assert all(p.zh and p.zh != p.message for p in problems)


# -- append-only


@pytest.mark.parametrize("what", ["TRIGGER events_no_delete", "TRIGGER events_no_update", "INDEX events_by_move_of"])
def test_a_dropped_trigger_or_index_is_found(path, what):
    with closing(sqlite3.connect(path)) as raw:
        raw.execute(f"DROP {what}")
    assert codes(path) == {"schema-changed"}


@pytest.mark.parametrize("verb", ["UPDATE events SET seq = 9", "DELETE FROM events"])
def test_the_file_itself_refuses_to_change_events(path, verb):
    with closing(sqlite3.connect(path)) as raw, pytest.raises(sqlite3.IntegrityError, match="append-only"):
        raw.execute(verb)


# -- not a store


def test_a_missing_store_is_never_made_by_opening(tmp_path):
    with pytest.raises(StoreError, match="dealwright init"):
        open_store(tmp_path / "store.db")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "content", [b"", b"null", b"{}", b"SQLite format 3\x00", b"\x00" * 5000, b"deal,stage\n" * 900]
)
def test_a_foreign_file_is_refused_and_left_alone(tmp_path, content):
    path = tmp_path / "store.db"
    path.write_bytes(content)
    with pytest.raises(StoreError) as caught:
        open_store(path)
    assert caught.value.zh != caught.value.en
    assert path.read_bytes() == content


def test_somebody_elses_database_is_refused(tmp_path):
    path = tmp_path / "store.db"
    with closing(sqlite3.connect(path)) as raw, raw:
        raw.execute("CREATE TABLE events (x)")
    with pytest.raises(StoreError, match="not a dealwright store"):
        open_store(path)


def test_a_store_of_a_later_version_is_refused(path):
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("PRAGMA user_version = 99")
    with pytest.raises(StoreError, match="version 99"):
        open_store(path)


def test_a_folder_is_no_store(tmp_path):
    with pytest.raises(StoreError):
        open_store(tmp_path)


def test_a_store_is_made_once_and_a_lost_one_is_not_replaced(path):
    with pytest.raises(StoreError, match="already"):
        create_store(path)
    path.unlink()
    with pytest.raises(StoreError, match="12 events"):
        create_store(path)
    path.with_name("store.db.head").unlink()
    create_store(path).close()
    assert codes(path) == set()


def test_a_log_left_behind_does_not_get_into_a_new_store(path):
    with open_store(path) as store:
        open_deal(store, "b2b-8")
        left = path.with_name("store.db-wal").read_bytes()
    assert left
    for file in path.parent.iterdir():
        file.unlink()
    path.with_name("store.db-wal").write_bytes(left)
    create_store(path).close()
    assert codes(path) == set()
    with open_store(path) as store:
        assert list(store.events()) == []


@pytest.mark.parametrize("name", ["a b.db", "销售.db", "50%25.db", "a#b.db", "a'b.db", "-x.db"])
def test_a_store_may_have_any_name(tmp_path, name):
    with create_store(tmp_path / name) as store:
        open_deal(store, "b2b-1")
    assert codes(tmp_path / name) == set()


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="needs folders that refuse writing")
def test_a_store_in_a_read_only_folder_can_be_read(path):
    path.parent.chmod(0o555)
    try:
        with open_store(path) as store:
            assert store.deal("b2b-1") is not None
            with pytest.raises(StoreError):
                open_deal(store, "b2b-8")
    finally:
        path.parent.chmod(0o755)


def test_a_store_whose_file_may_not_be_written_can_be_read(path, monkeypatch):
    # What os.access says stands for the rights, so that this also runs as an administrator.
    monkeypatch.setattr(os, "access", lambda *_: False)
    with open_store(path) as store:
        assert store.deal("b2b-1") is not None
        assert store.verify().problems == ()
        with pytest.raises(StoreError, match="read-only"):
            open_deal(store, "b2b-8")


def test_personal_values_stand_in_their_own_table_alone(path):
    with open_store(path) as store:
        write(
            store,
            state("b2b-0", 4),
            3,
            event("b2b-0", 4, "fields_set", FieldsSet(fields={"n": {"ref": "p1"}}), when=at(9)),
        )
        elsewhere = [table for table in store.db.tables() if any("Ms Example" in str(d) for d in store.db.table(table))]
    assert elsewhere == ["personal"]
