"""The store's life beside its daily work: copied while eight write, read for long, erased, brought to a new schema."""

from __future__ import annotations

import json
import multiprocessing
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from zlib import crc32

import pytest
from store_events import DEFINITION, advanced, fields_set, open_deal, state, write

from dealwright.errors import StoreError
from dealwright.model.canonical import canonical
from dealwright.store import create_store, open_store
from dealwright.store.backup import copy_store
from dealwright.store.layouts import EVENTS, LAYOUTS, SCHEMA
from dealwright.store.migrate import migrate

WRITERS = 8
EACH = 40


def _keep_writing(path: Path, writer: int, started) -> list[tuple[float, str]]:
    """(how long it took, hash) of each write to the writer's own deal."""
    acknowledged = []
    with open_store(path) as store:
        deal = f"b2b-{writer}"
        open_deal(store, deal)
        started.release()
        for version in range(2, EACH + 2):
            before = time.monotonic()
            (record,) = write(store, state(deal, version), version - 1, fields_set(deal, version, n=version))
            acknowledged.append((time.monotonic() - before, record.hash))
    return acknowledged


def test_a_copy_made_while_eight_write_is_whole_and_of_one_moment(tmp_path):
    path = tmp_path / "store.db"
    with create_store(path) as store:
        for number in range(300):  # large enough to be copied in several turns
            open_deal(store, f"old-{number}", fields={"text": "x" * 3000})
    context = multiprocessing.get_context("spawn")
    with context.Manager() as manager, context.Pool(WRITERS) as pool:
        started = manager.Semaphore(0)
        running = pool.starmap_async(_keep_writing, [(path, n, started) for n in range(WRITERS)], chunksize=1)
        for _ in range(WRITERS):
            started.acquire()
        heads, turns = [], []
        with open_store(path) as store:
            for number in range(3):
                before = store.end()[0]
                seen = copy_store(store, tmp_path / f"copy-{number}.db", lambda done, total: turns.append(done))
                heads.append((before, seen, store.end()[0]))
        results = running.get()
    assert len(turns) > 3
    written = [event_hash for result in results for _, event_hash in result]
    with open_store(path) as store:
        log = [r.hash for r in store.events()]
        assert set(log) >= set(written)
        assert store.verify().problems == ()
    for number, (before, seen, after) in enumerate(heads):
        assert before <= seen.events <= after
        with open_store(tmp_path / f"copy-{number}.db") as copy:
            assert [r.hash for r in copy.events()] == log[: seen.events]
    assert max(taken for result in results for taken, _ in result) < 2


def test_a_copy_is_a_store_that_can_be_written(tmp_path):
    with create_store(tmp_path / "store.db") as store:
        open_deal(store, "b2b-1")
        copy_store(store, tmp_path / "copy.db")
        copy_store(store, tmp_path / "copy.db")  # what a try before this one left is no hindrance
    with open_store(tmp_path / "copy.db") as copy:
        write(copy, state("b2b-1", 2), 1, fields_set("b2b-1", 2, n=1))
        assert copy.verify().problems == ()


def test_long_reads_do_not_keep_writers_waiting_and_see_one_moment(tmp_path):
    path = tmp_path / "store.db"
    with create_store(path) as store:
        for number in range(30):
            open_deal(store, f"b2b-{number}")
    with open_store(path) as reader, open_store(path, timeout=1.0) as writer, reader.snapshot():
        log = reader.log()
        next(log)
        taken = []
        for version in range(2, 52):
            before = time.monotonic()
            write(writer, state("b2b-1", version), version - 1, fields_set("b2b-1", version, n=version))
            taken.append(time.monotonic() - before)
        assert sum(1 for _ in log) == 29  # what was written since is not in it
        assert writer.end()[0] == 80
    assert max(taken) < 1.0


# -- erasing


def test_erased_values_are_gone_from_the_file_and_the_journal(tmp_path):
    path = tmp_path / "store.db"
    with create_store(path) as store:
        open_deal(store, "b2b-1")
        for number in range(400):
            store.put_personal(f"r{number:03}", f"b2b-{number % 40}/s1", f"Somebody {number:03}", f"salt {number:03}")
        doomed = store.personal_of("b2b-7/s1")
        values = store.personal(doomed)
        assert len(doomed) == 10
        assert store.erase_personal(doomed) == 10
        assert store.scrub(list(values.values())) == ()
        kept = path.read_bytes() + path.with_name("store.db-wal").read_bytes()
        assert [v for v in values.values() if v.encode() in kept] == []
        assert [r for r in doomed if f"salt {r[1:]}".encode() in kept] == []
        assert kept.count(b"Somebody ") >= 390
        assert store.personal(doomed) == {}
        assert store.verify().problems == ()


def test_a_value_that_another_person_has_too_stays_theirs(tmp_path):
    with create_store(tmp_path / "store.db") as store:
        store.put_personal("a", "b2b-1/s1", "Same Name", "salt-a")
        store.put_personal("b", "b2b-2/s1", "Same Name", "salt-b")
        store.erase_personal(["a"])
        assert store.scrub(["Same Name"]) == ()
        assert store.personal(["a", "b"]) == {"b": "Same Name"}


# -- schema versions


def _older(path: Path) -> None:
    """A store as schema 0 had it: no column for what happened, where from and where to; no counter of writes."""
    dropped = {"events": ("fact", "from", "to", "move_of"), "deals": ("opened_at",)}
    with create_store(path) as store:
        store.put_definition(DEFINITION, {"id": "b2b", "version": "1.0.0", "source_hash": "s"})
        store.put_personal("p1", "b2b-0", "Ms Example", "salt")
        for number in range(300):
            open_deal(store, f"b2b-{number}")
            write(store, state(f"b2b-{number}", 2, stage="needs"), 1, advanced(f"b2b-{number}", 2))
        store.db.table("of a plugin").insert({"kept": True})
    with closing(sqlite3.connect(path)) as raw, raw:
        for layout in LAYOUTS:
            names = [n for n in layout.names if n not in dropped.get(layout.name, ())]
            columns = "".join(f', "{name}"' for name in names)
            found = raw.execute(f'SELECT doc_id, body{columns} FROM "{layout.name}"').fetchall()
            raw.execute(f'DROP TABLE "{layout.name}"')
            made = "doc_id INTEGER PRIMARY KEY, body BLOB NOT NULL, crc INTEGER NOT NULL"
            raw.execute(f'CREATE TABLE "{layout.name}" ({made}{columns})')
            raw.execute(f'CREATE INDEX "{layout.name}_by_first" ON "{layout.name}" ({columns[2:]})')
            for doc_id, body, *values in found:
                crc = crc32(body, crc32(canonical([doc_id, *values])))
                marks = ", ?" * len(values)
                raw.execute(f'INSERT INTO "{layout.name}" VALUES (?, ?, ?{marks})', (doc_id, body, crc, *values))
        raw.execute("PRAGMA user_version=0")
    for suffix in (".head", ".seal"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


@pytest.fixture(scope="module")
def golden(tmp_path_factory) -> bytes:
    path = tmp_path_factory.mktemp("older") / "store.db"
    _older(path)
    return path.read_bytes()


@pytest.fixture
def older(golden, tmp_path) -> Path:
    path = tmp_path / "store.db"
    path.write_bytes(golden)
    return path


def test_an_older_store_is_not_opened_but_tells_what_to_do(older):
    with pytest.raises(StoreError, match="store migrate"):
        open_store(older)


def test_an_older_store_is_brought_to_this_schema_with_a_backup_first(older, golden):
    done = migrate(older)
    assert (done.before, done.after) == (0, SCHEMA)
    with open_store(older) as store:
        seen = store.verify()
        assert (seen.problems, seen.deals, seen.events) == ((), 300, 600)
        assert {move.to for move in store.moves("b2b")} == {"qualify", "needs"}
        assert store.personal(["p1"]) == {"p1": "Ms Example"}
        assert store.db.table("of a plugin").all() == [{"kept": True}]
        write(store, state("b2b-1", 3), 2, fields_set("b2b-1", 3, n=1))
    with closing(sqlite3.connect(done.backup)) as kept, closing(sqlite3.connect(older.with_name("first.db"))) as first:
        older.with_name("first.db").write_bytes(golden)
        for layout in LAYOUTS:
            asked = f'SELECT * FROM "{layout.name}"'
            assert kept.execute(asked).fetchall() == first.execute(asked).fetchall()
        assert kept.execute("PRAGMA user_version").fetchone() == (0,)
    assert migrate(older).backup is None  # the second time there is nothing to do


def test_a_damaged_older_store_is_not_made_to_look_whole(older, golden):
    with closing(sqlite3.connect(older)) as raw, raw:
        raw.execute("UPDATE deals SET body = replace(body, 'Pump', 'Lump') WHERE id = 'b2b-7'")
    before = older.read_bytes()
    with pytest.raises(StoreError, match="damaged"):
        migrate(older)
    assert older.read_bytes() == before


@pytest.mark.parametrize("version", [SCHEMA + 1, -1])
def test_a_store_that_no_step_leads_from_is_left_as_it_is(older, version):
    with closing(sqlite3.connect(older)) as raw:
        raw.execute(f"PRAGMA user_version={version}")
    with pytest.raises(StoreError):
        migrate(older)
    with pytest.raises(StoreError):
        open_store(older)


_KILLED = """
import os, signal, sys
from pathlib import Path
from dealwright.store.migrate import migrate
calls = 0
def progress(done, total):
    global calls
    calls += 1
    if calls > int(sys.argv[2]):
        os.kill(os.getpid(), signal.SIGKILL)
migrate(Path(sys.argv[1]), progress)
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="there is no SIGKILL on this platform")
def test_a_migration_that_was_killed_left_the_older_store_and_is_run_again(older):
    for at in range(2):
        code = subprocess.run([sys.executable, "-c", _KILLED, str(older), str(at)], check=False).returncode
        assert code == -signal.SIGKILL
        with pytest.raises(StoreError, match="store migrate"):
            open_store(older)
    migrate(older)
    with open_store(older) as store:
        assert store.verify().problems == ()


def test_events_keep_their_bytes_through_a_migration(older):
    with closing(sqlite3.connect(older)) as raw:
        before = raw.execute('SELECT doc_id, body, "hash", "head" FROM events').fetchall()
    migrate(older)
    with closing(sqlite3.connect(older)) as raw:
        assert raw.execute('SELECT doc_id, body, "hash", "head" FROM events').fetchall() == before
        assert json.loads(before[0][1])["deal"] == "b2b-0"
        assert {name for _, name, *_ in raw.execute("PRAGMA table_info(events)")} >= set(EVENTS.names)
