"""Backups, restoring, export and import, compacting: the same log comes out, and an interruption does no harm."""

from __future__ import annotations

import csv
import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from desk import Desk, make_workspace
from tinydb import TinyDB, where

from dealwright.store import open_store

REP = "sales-rep-1"


@pytest.fixture
def busy(desk: Desk, tmp_path: Path) -> Desk:
    """A workspace with deals, people, notes, attached files, an import of nothing left out."""
    paper = tmp_path / "paper.eml"
    for number in range(1, 4):
        desk.ok("deal", "open", "b2b", "--title", f"Station {number}", as_=REP)
        paper.write_text(f"From: somebody {number}\n", encoding="utf-8")
        desk.ok("stakeholder", "add", f"b2b-{number}", "--set", f"name=Buyer {number}", "--set", "role=EB", as_=REP)
        desk.ok("activity", "log", f"b2b-{number}", "call", "--contact", "s1", "--note", f"note {number} 笔记",
                "--proof", str(paper), as_=REP)  # fmt: skip
    desk.ok("privacy", "erase", "b2b-2/s1", "--reason", "asked for it", as_=REP)
    with open_store(desk.folder / ".dealwright" / "store.db") as store:
        store.db.table("of a plugin").insert({"kept": ["too"]})
    return desk


def files_of(folder: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in (folder / ".dealwright" / "files").rglob("*") if p.is_file()}


def fresh(tmp_path: Path, desk: Desk) -> Desk:
    """Another workspace with the same team and an empty store."""
    return make_workspace(tmp_path / "other", (desk.folder / "team.yaml").read_text(encoding="utf-8"))


def everything(desk: Desk) -> list[dict]:
    """All that people see of every deal."""
    names = [deal["id"] for deal in desk.ok("deal", "list")["deals"]]
    reads = (("deal", "show"), ("deal", "history"), ("stakeholder", "list"), ("activity", "list"))
    return [desk.ok("deal", "list"), *(desk.ok(*verb, name) for name in names for verb in reads)]


# -- backup and restore


def test_a_backup_holds_the_log_and_the_files_and_is_checked(busy, tmp_path):
    done = busy.ok("store", "backup", str(tmp_path / "safe"))
    assert (done["deals"], done["files"], done["damaged"]) == (3, 2, [])
    assert done["head"] == busy.ok("store", "info")["head"]
    with open_store(tmp_path / "safe" / "store.db") as copy:
        assert copy.verify().problems == ()
        assert copy.head() == done["head"]
    assert {p.name for p in (tmp_path / "safe" / "files").rglob("*") if p.is_file()} == set(files_of(busy.folder))


def test_a_lost_store_comes_back_from_its_backup(busy, tmp_path):
    before, files = everything(busy), files_of(busy.folder)
    busy.ok("store", "backup", str(tmp_path / "safe"))
    shutil.rmtree(busy.folder / ".dealwright")
    busy.fails(5, "deal", "list")
    done = busy.ok("store", "restore", str(tmp_path / "safe"))
    assert done["aside"] is None
    assert everything(busy) == before
    assert files_of(busy.folder) == files
    assert busy.ok("store", "verify")["ok"]
    busy.ok("deal", "set", "b2b-1", "--set", "deal_type=new", as_=REP)


def test_restoring_over_a_store_needs_a_word_and_keeps_the_old_one(busy, tmp_path):
    busy.ok("store", "backup", str(tmp_path / "safe"))
    busy.ok("deal", "open", "b2b", "--title", "Later", as_=REP)
    later = busy.ok("store", "info")
    assert busy.fails(4, "store", "restore", str(tmp_path / "safe"))["kind"] == "conflict"
    assert busy.ok("store", "info")["head"] == later["head"]
    done = busy.ok("store", "restore", str(tmp_path / "safe"), "--replace")
    assert len(busy.ok("deal", "list")["deals"]) == 3
    with open_store(Path(done["aside"]) / "store.db") as old:
        assert old.head() == later["head"]
        assert old.verify().problems == ()


def test_a_damaged_store_can_be_replaced_too(busy, tmp_path):
    busy.ok("store", "backup", str(tmp_path / "safe"))
    store = busy.folder / ".dealwright" / "store.db"
    store.write_bytes(b"\0" * 5000)
    busy.fails(5, "deal", "list")
    done = busy.ok("store", "restore", str(tmp_path / "safe"), "--replace")
    assert (Path(done["aside"]) / "store.db").read_bytes() == b"\0" * 5000
    assert busy.ok("store", "verify")["ok"]


def test_a_damaged_backup_is_refused_and_the_store_stays(busy, tmp_path):
    busy.ok("store", "backup", str(tmp_path / "safe"))
    copy = tmp_path / "safe" / "store.db"
    content = copy.read_bytes()
    copy.write_bytes(content.replace(b"Station 2", b"Station 9"))
    head = busy.ok("store", "info")["head"]
    assert busy.fails(5, "store", "restore", str(tmp_path / "safe"), "--replace")["kind"] == "store"
    assert busy.ok("store", "info")["head"] == head
    assert busy.fails(3, "store", "restore", str(tmp_path))["kind"] == "not_found"


def test_a_backup_never_overwrites_anything(busy, tmp_path):
    (tmp_path / "safe").mkdir()
    busy.ok("store", "backup", str(tmp_path / "safe"))  # an empty folder is fine
    made = (tmp_path / "safe" / "backup.json").read_bytes()
    assert busy.fails(4, "store", "backup", str(tmp_path / "safe"))["kind"] == "conflict"
    assert (tmp_path / "safe" / "backup.json").read_bytes() == made


def test_an_attached_file_that_was_damaged_is_told_and_left_out(busy, tmp_path):
    hurt = next(p for p in sorted((busy.folder / ".dealwright" / "files").rglob("*")) if p.is_file())
    hurt.write_bytes(b"something else")
    answer = busy.run("store", "backup", str(tmp_path / "safe"), "-o", "json")
    assert (answer.code, answer.json["damaged"]) == (5, [hurt.name])


def test_a_program_that_still_has_the_old_store_open_cannot_write_into_nothing(busy, tmp_path):
    from dealwright.errors import StoreError

    busy.ok("store", "backup", str(tmp_path / "safe"))
    with open_store(busy.folder / ".dealwright" / "store.db") as old:
        old.head()
        busy.ok("store", "restore", str(tmp_path / "safe"), "--replace")
        with pytest.raises(StoreError, match="replaced"):
            old.next_number("b2b")
    assert busy.ok("store", "verify")["ok"]


# -- export and import


def test_an_exported_log_is_imported_byte_for_byte(busy, tmp_path):
    out = tmp_path / "log.jsonl"
    told = busy.ok("store", "export", "--format", "jsonl", "--out", str(out))
    other = fresh(tmp_path, busy)
    done = other.ok("store", "import", str(out))
    assert (done["head"], done["deals"], done["events"]) == (told["head"], 3, told["events"])
    assert everything(other) == everything(busy)
    assert files_of(other.folder) == files_of(busy.folder)
    assert other.ok("store", "verify")["ok"]
    with open_store(other.folder / ".dealwright" / "store.db") as store:
        assert store.db.table("of a plugin").all() == [{"kept": ["too"]}]
    again = tmp_path / "again.jsonl"
    other.ok("store", "export", "--format", "jsonl", "--out", str(again))
    assert again.read_bytes() == out.read_bytes()
    assert other.ok("deal", "open", "b2b", "--title", "Next", as_=REP)["deal"]["id"] == "b2b-4"


def test_the_head_is_the_last_line(busy, tmp_path):
    out = tmp_path / "log.jsonl"
    busy.ok("store", "export", "--format", "jsonl", "--out", str(out))
    lines = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    info = busy.ok("store", "info")
    assert lines[-1] == {"end": info["events"], "head": info["head"]}
    assert [line["event"]["position"] for line in lines if "event" in line] == list(range(1, info["events"] + 1))


def test_without_personal_data_the_log_is_the_same_and_tells_nothing(busy, tmp_path):
    out = tmp_path / "log.jsonl"
    busy.ok("store", "export", "--format", "jsonl", "--out", str(out), "--no-personal")
    assert b"Buyer 1" not in out.read_bytes()
    other = fresh(tmp_path, busy)
    assert other.ok("store", "import", str(out))["head"] == busy.ok("store", "info")["head"]
    assert {s["name"] for s in other.ok("stakeholder", "list", "b2b-1")["stakeholders"]} == {None}


def test_a_log_written_anew_by_another_tool_is_imported_all_the_same(busy, tmp_path):
    out = tmp_path / "log.jsonl"
    busy.ok("store", "export", "--format", "jsonl", "--out", str(out))
    lines = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    out.write_text("".join(json.dumps(dict(reversed(line.items()))) + "\n" for line in lines), encoding="utf-8")
    other = fresh(tmp_path, busy)
    assert other.ok("store", "import", str(out))["head"] == busy.ok("store", "info")["head"]


def _cut(lines):
    return lines[:-1]


def _without_an_event(lines):
    del lines[[i for i, line in enumerate(lines) if b'"event"' in line][2]]
    return lines


def _swapped(lines):
    a, b = [i for i, line in enumerate(lines) if b'"event"' in line][1:3]
    lines[a], lines[b] = lines[b], lines[a]
    return lines


def _changed(lines):
    return [line.replace(b"Station 2", b"Station 7") for line in lines]


def _half(lines):
    return [*lines[:-3], lines[-3][:40]]


def _other_head(lines):
    return [*lines[:-1], lines[-1].replace(b'"head":"', b'"head":"0')]


@pytest.mark.parametrize(
    ("damage", "code"),
    [(_cut, 2), (_without_an_event, 5), (_swapped, 5), (_changed, 5), (_half, 2), (_other_head, 5)],
)
def test_a_damaged_export_is_refused_and_nothing_is_written(busy, tmp_path, damage, code):
    out = tmp_path / "log.jsonl"
    busy.ok("store", "export", "--format", "jsonl", "--out", str(out))
    out.write_bytes(b"".join(damage(out.read_bytes().splitlines(keepends=True))))
    other = fresh(tmp_path, busy)
    other.fails(code, "store", "import", str(out))
    assert other.ok("store", "info")["events"] == 0
    assert other.ok("deal", "list")["total"] == 0


def test_a_log_is_only_taken_into_an_empty_store(busy, tmp_path):
    out = tmp_path / "log.jsonl"
    busy.ok("store", "export", "--format", "jsonl", "--out", str(out))
    assert busy.fails(4, "store", "import", str(out))["kind"] == "conflict"
    assert busy.fails(3, "store", "import", str(tmp_path / "none.jsonl"))["kind"] == "not_found"


def test_stock_tinydb_opens_an_export_and_asks_it(busy, tmp_path):
    out = tmp_path / "tiny.json"
    busy.ok("store", "export", "--format", "tinydb", "--out", str(out))
    with TinyDB(out) as db:
        assert {"deals", "events", "definitions", "personal", "of a plugin"} <= db.tables()
        assert [d["title"] for d in db.table("deals").search(where("id") == "b2b-2")] == ["Station 2"]
        assert db.table("events").count(where("type") == "activity_logged") == 3
        assert db.table("events").get(doc_id=1)["hash"] == busy.ok("deal", "history", "b2b-1")["events"][0]["hash"]
        assert db.table("personal").search(where("value") == "Buyer 3")
    busy.ok("store", "export", "--format", "tinydb", "--out", str(out), "--no-personal", "--replace")
    with TinyDB(out) as db:
        assert "personal" not in db.tables()


PAYLOADS = [
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(A1)",
    "=cmd|' /C calc'!A0",
    '"=1"',
    "＝1+1",
    "＠x",
    "a,b",
    'say "hi"',
    "-12.50",
]


def test_a_csv_export_computes_nothing_in_a_spreadsheet(busy, tmp_path):
    for text in PAYLOADS:
        busy.ok("deal", "open", "b2b", "--title", text, as_=REP)
    busy.ok("store", "export", "--format", "csv", "--out", str(tmp_path / "sheets"))
    with (tmp_path / "sheets" / "deals.csv").open(encoding="utf-8-sig", newline="") as file:
        titles = [row["title"] for row in csv.DictReader(file)]
    read = titles[3:]
    assert [text.removeprefix("'") for text in read] == PAYLOADS
    assert [text for text in read if text[0] in "=+@＝＠"] == []
    assert read[-1] == "-12.50"
    with (tmp_path / "sheets" / "events.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == busy.ok("store", "info")["events"]
    assert any("Buyer 1" in row["data"] for row in rows)


def test_an_export_overwrites_only_when_told_to(busy, tmp_path):
    out = tmp_path / "log.jsonl"
    out.write_text("mine", encoding="utf-8")
    assert busy.fails(4, "store", "export", "--format", "jsonl", "--out", str(out))["kind"] == "conflict"
    assert out.read_text(encoding="utf-8") == "mine"
    busy.ok("store", "export", "--format", "jsonl", "--out", str(out), "--replace")


# -- compacting and migrating


def test_compacting_removes_what_nothing_needs_and_changes_no_log(busy):
    state = busy.folder / ".dealwright"
    before, files = everything(busy), files_of(busy.folder)
    (state / "files" / "ab").mkdir(exist_ok=True)
    (state / "files" / "ab" / ("ab" * 32)).write_bytes(b"nobody names me")
    kept = next(p for p in sorted((state / "files").rglob("*")) if p.name in files)
    kept.with_name(f"{kept.name}.99.part").write_bytes(b"half")
    done = busy.ok("store", "compact")
    assert (done["files_removed"], done["bytes"] <= done["bytes_before"]) == (2, True)
    assert files_of(busy.folder) == files
    assert everything(busy) == before
    assert busy.ok("store", "verify")["ok"]


def test_a_store_that_shrank_gives_its_space_back(busy):
    path = busy.folder / ".dealwright" / "store.db"
    with open_store(path) as store:
        table = store.db.table("of a plugin")
        table.insert_multiple({"text": "x" * 3000} for _ in range(300))
        table.truncate()
    done = busy.ok("store", "compact")
    assert done["bytes"] < done["bytes_before"] / 2
    assert busy.ok("store", "verify")["ok"]


def test_a_store_of_this_release_has_nothing_to_migrate(busy):
    head = busy.ok("store", "info")["head"]
    done = busy.ok("store", "migrate")
    assert (done["from"], done["to"], done["backup"]) == (1, 1, None)
    assert busy.ok("store", "info")["head"] == head


# -- interruptions


KILLED = """
import os, signal, sys
sys.argv = ["dealwright", *sys.argv[2:]]
from dealwright.workspace.workspace import Workspace
at = int(os.environ["KILL_AT"])
count = 0
def counted(*_):
    global count
    count += 1
    if count > at:
        os.kill(os.getpid(), signal.SIGKILL)
from dealwright.cli import {module} as module
from contextlib import contextmanager
@contextmanager
def progress(*_):
    yield counted
module.progress = progress
import pathlib
real = pathlib.Path.replace
def replace(self, target):
    counted()
    return real(self, target)
pathlib.Path.replace = replace
unlink = pathlib.Path.unlink
def counted_unlink(self, missing_ok=False):
    counted()
    return unlink(self, missing_ok)
pathlib.Path.unlink = counted_unlink
from dealwright.cli.main import main
sys.exit(main(sys.argv[1:]))
"""


def interrupted(desk: Desk, at: int, *argv: str) -> int:
    """Run a command in a process of its own that kills itself at its `at`-th step; its exit code."""
    code = KILLED.replace("{module}", "store_life")
    return subprocess.run(
        [sys.executable, "-c", code, "-", "--workspace", str(desk.folder), *argv],
        env=os.environ | {"KILL_AT": str(at)}, capture_output=True, check=False,
    ).returncode  # fmt: skip


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="there is no SIGKILL on this platform")
@pytest.mark.parametrize("command", ["backup", "restore", "export", "import", "compact"])
def test_what_was_killed_in_the_middle_is_run_again_and_ends_well(busy, tmp_path, command):
    safe, log = tmp_path / "safe", tmp_path / "log.jsonl"
    busy.ok("store", "backup", str(safe))
    busy.ok("store", "export", "--format", "jsonl", "--out", str(log))
    head, shown = busy.ok("store", "info")["head"], everything(busy)
    target = fresh(tmp_path, busy) if command == "import" else busy
    argv = {
        "backup": ("store", "backup", str(tmp_path / "second")),
        "restore": ("store", "restore", str(safe), "--replace"),
        "export": ("store", "export", "--format", "jsonl", "--out", str(tmp_path / "second.jsonl")),
        "import": ("store", "import", str(log)),
        "compact": ("store", "compact"),
    }[command]
    killed = 0
    for at in range(12):
        code = interrupted(target, at, *argv)
        if code != -signal.SIGKILL:
            break
        killed += 1
        if command != "import":
            assert target.ok("store", "verify")["ok"]  # never without a whole store
        else:
            assert target.ok("store", "info")["events"] == 0
    assert killed
    if code == -signal.SIGKILL:
        target.ok(*argv)
    assert target.ok("store", "info")["head"] == head
    assert everything(target) == shown
    if command == "backup":
        with open_store(tmp_path / "second" / "store.db") as copy:
            assert copy.head() == head
    if command == "export":
        assert (tmp_path / "second.jsonl").read_bytes() == log.read_bytes()
