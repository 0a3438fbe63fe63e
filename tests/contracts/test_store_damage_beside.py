"""Damage to what lies beside the store's file - journal, head, page checksums, attached files - is found as well."""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from store_events import advanced, open_deal, state, write
from store_world import commands, make_world, ok, run

from dealwright.errors import StoreError
from dealwright.store import create_store, open_store


@pytest.fixture
def left(tmp_path: Path) -> Path:
    """The files of a store whose writer died: most of what it wrote is in the journal alone."""
    with create_store(tmp_path / "store.db") as store:
        open_deal(store, "b2b-0")
    with open_store(tmp_path / "store.db") as store:
        for number in range(1, 4):
            open_deal(store, f"b2b-{number}")
            write(store, state(f"b2b-{number}", 2), 1, advanced(f"b2b-{number}", 2))
        store.put_personal("p1", "subject-1", "Ms Example", "salt")
        store.db.table("notes").insert({"text": "the last write is no event"})
        keep(tmp_path / "store.db", tmp_path / "left")
    return tmp_path / "left" / "store.db"


def keep(store: Path, folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    for suffix in ("", "-wal", ".head", ".seal"):
        shutil.copyfile(store.with_name(store.name + suffix), folder / f"store.db{suffix}")


def codes(store: Path) -> set[str]:
    """What verifying a copy finds; `refused` where it cannot be opened."""
    place = store.parent.parent / "looked at"
    keep(store, place)
    try:
        with open_store(place / "store.db") as opened:
            return {p.code for p in opened.verify().problems}
    except StoreError:
        return {"refused"}
    finally:
        shutil.rmtree(place)


def test_what_a_dead_writer_left_is_whole(left):
    assert codes(left) == set()


def test_every_flipped_byte_of_the_journal_is_found(left):
    journal = left.with_name("store.db-wal")
    whole = journal.read_bytes()
    pick = random.Random(3)
    for at in [0, 5, 16, 31, 32, *pick.sample(range(32, len(whole)), 120)]:
        journal.write_bytes(flipped(whole, at, pick))
        assert codes(left), at


def test_every_cut_of_the_journal_is_found(left):
    journal = left.with_name("store.db-wal")
    whole = journal.read_bytes()
    pick = random.Random(3)
    for size in [0, 31, 32, len(whole) - 1, *pick.sample(range(len(whole)), 40)]:
        journal.write_bytes(whole[:size])
        assert codes(left), size
    journal.unlink()
    journal.touch()
    assert "tail-lost" in codes(left)


def test_a_lost_write_without_events_is_found_and_not_written_over(left):
    journal = left.with_name("store.db-wal")
    journal.write_bytes(journal.read_bytes()[:-5000])
    assert codes(left) == {"writes-lost"}
    with open_store(left) as store, pytest.raises(StoreError, match=r"store\.db\.head"):
        open_deal(store, "b2b-9")


@pytest.mark.parametrize("suffix", [".head", ".seal"])
def test_every_flipped_byte_and_every_cut_beside_the_store_is_found_until_the_next_write(left, suffix):
    with open_store(left):
        pass  # folds the journal
    left.with_name("store.db-wal").touch()
    file = left.with_name("store.db" + suffix)
    whole = file.read_bytes()
    pick = random.Random(3)
    for at in pick.sample(range(len(whole)), 60):
        file.write_bytes(flipped(whole, at, pick))
        assert codes(left), at
    for size in pick.sample(range(len(whole)), 20):
        file.write_bytes(whole[:size])
        assert codes(left), size
        if size % 2:
            continue
        with open_store(left) as store:
            open_deal(store, f"more-{size}")
            if suffix == ".head":
                write(store, state(f"more-{size}", 2), 1, advanced(f"more-{size}", 2))
        left.with_name("store.db-wal").touch()
        assert codes(left) == set(), size
        whole = file.read_bytes()


def flipped(content: bytes, at: int, pick: random.Random) -> bytes:
    return content[:at] + bytes([content[at] ^ 1 << pick.randrange(8)]) + content[at + 1 :]


# -- attached files


def test_a_changed_cut_lost_or_replaced_file_is_named_with_its_event(tmp_path):
    acme = make_world(tmp_path)
    ok(acme, "deal", "open", "mini", "--title", "One")
    deal = ok(acme, *commands(acme)["artifact"])["artifact"]
    kept = acme / ".dealwright" / "files" / deal["file"]["sha256"][:2] / deal["file"]["sha256"]
    whole = kept.read_bytes()
    assert ok(acme, "store", "verify")["files"] == {"referenced": 1, "unreferenced": []}
    pick = random.Random(3)
    for content in [
        whole[:-1],
        b"",
        whole + b"\0",
        *(flipped(whole, pick.randrange(len(whole)), pick) for _ in range(20)),
    ]:
        kept.write_bytes(content)
        assert problems(acme) == [("mini-1", 2, "file-damaged")]
    kept.unlink()
    assert problems(acme) == [("mini-1", 2, "file-missing")]
    kept.mkdir()
    assert problems(acme) == [("mini-1", 2, "file-missing")]
    kept.rmdir()
    kept.write_bytes(whole)
    (kept.parent / "stray.part").write_bytes(b"left by a write that was interrupted")
    seen = ok(acme, "store", "verify")
    assert seen["files"]["unreferenced"] == [f".dealwright/files/{kept.parent.name}/stray.part"]


def problems(acme: Path) -> list[tuple[str, int, str]]:
    said = run(acme, "store", "verify")
    assert said.code == 5
    return [(p["deal"], p["seq"], p["code"]) for p in said.json["problems"]]


# -- reading beside SQLite

_VISIT = """
import sys
from dealwright.store import open_store
with open_store(sys.argv[1]) as store:
    assert store.deal("b2b-0")
"""


def test_verifying_does_not_let_go_of_sqlites_locks(tmp_path):
    """A closed descriptor of the file would: the visitor would take itself for the last one, and remove the journal."""
    path = tmp_path / "store.db"
    with create_store(path) as store:
        open_deal(store, "b2b-0")
        assert store.verify().problems == ()
        with open_store(path) as other:
            assert other.verify().problems == ()
        subprocess.run([sys.executable, "-c", _VISIT, str(path)], check=True)
        assert path.with_name("store.db-wal").exists()
        open_deal(store, "b2b-1")
        subprocess.run([sys.executable, "-c", _VISIT, str(path)], check=True)
    with open_store(path) as store:
        assert store.deal("b2b-1") is not None
        assert store.verify().problems == ()


def test_a_long_journal_is_sealed_and_folded_while_writing(tmp_path):
    path = tmp_path / "store.db"
    with create_store(path) as store:
        empty = path.stat().st_size
        for number in range(150):
            open_deal(store, f"b2b-{number}")
        assert path.stat().st_size > empty  # it did not wait for the end
        assert path.with_name("store.db-wal").stat().st_size < 2_500 * 4_120
        assert store.verify().problems == ()
    with open_store(path) as store:
        assert store.verify().problems == ()
