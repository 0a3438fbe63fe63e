"""Processes made of parents, libraries and company defaults, through the command line."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from desk import Desk, make_workspace

from dealwright import _resources
from dealwright.definition import read_plain, read_process

TEAM = """\
people:
  boss-1: {roles: [sales_manager]}
"""
LIBRARY = """\
dealwright: "1"
library: company
version: 1.2.0
roles:
  credit: {title: {en: Credit control, zh: 信用管理}}
fields:
  credit_limit: {type: money, by: [credit], title: {en: Credit limit, zh: 信用额度}}
reasons:
  why_lost: {price: {en: Too dear, zh: 太贵}, no_decision: {en: No decision, zh: 未作决定}}
"""
B2B = (_resources.folder("processes") / "b2b.process.yaml").read_text(encoding="utf-8")
PARENT = "b2b@" + next(line.split()[1] for line in B2B.splitlines() if line.startswith("version:"))
CHILD = f"""\
dealwright: "1"
process: b2b_north
version: 1.0.0
title: {{en: B2B north, zh: 北区B2B}}
extends: {PARENT}
libraries: [company@1.2.0]
fields:
  dealer: {{type: text}}
stages:
  - {{id: qualify, sla: 12d}}
  - id: credit_check
    title: {{en: Credit check, zh: 信用审核}}
    phase: qualify
    responsible: [credit]
    after: identify
    exit_criteria:
      limit: {{condition: has(credit_limit), unmet: {{en: No credit limit yet, zh: 尚未核定信用额度}}}}
outcomes:
  lost: {{reasons: {{use: why_lost}}}}
"""
METHODS = "methodologies: {b2b_north: [spin]}\n"


@pytest.fixture
def north(tmp_path: Path) -> Desk:
    """A workspace with a process that extends a bundled one and uses a library."""
    desk = make_workspace(tmp_path / "north", TEAM, b2b_north=CHILD)
    (desk.folder / "libraries").mkdir()
    (desk.folder / "libraries" / "company.library.yaml").write_text(LIBRARY, encoding="utf-8")
    return desk


def findings(desk: Desk) -> list[tuple[str, int, int, str]]:
    answer = desk.run("process", "validate", "-o", "json")
    return [
        (Path(f["file"]).name, f["line"], f["column"], f["code"])
        for f in answer.json["findings"] if f["severity"] == "error"
    ]  # fmt: skip


def edit(desk: Desk, file: str, old: str, new: str) -> None:
    path = desk.folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def settle(desk: Desk, more: str) -> None:
    """Add to the workspace's settings."""
    path = desk.folder / "dealwright.yaml"
    path.write_text(path.read_text(encoding="utf-8") + more, encoding="utf-8")


def test_deals_run_under_a_process_made_of_a_parent_and_a_library(north: Desk) -> None:
    assert findings(north) == []
    shown = north.ok("process", "show", "b2b_north")["process"]
    assert [stage["id"] for stage in shown["stages"]][:3] == ["identify", "credit_check", "research"]
    assert {reason["id"] for reason in shown["reasons"] if reason["outcome"] == "lost"} == {"price", "no_decision"}
    published = north.ok("process", "publish", str(north.folder / "processes"), as_="boss-1")["published"]
    assert published[0]["id"] == "b2b_north"
    listed = {row["id"]: row["source"] for row in north.ok("process", "list")["processes"]}
    assert listed["b2b_north"] == "published"


def test_the_printed_process_is_valid_and_the_same(north: Desk) -> None:
    settle(north, METHODS)
    printed = north.run("process", "resolve", "b2b_north")
    assert printed.code == 0, printed.err
    merged = north.ok("process", "resolve", "b2b_north")
    assert "\n".join(line["text"] for line in merged["lines"]) + "\n" == printed.out
    alone = read_process(printed.out.encode(), "printed.yaml")
    assert [f.as_json("en") for f in alone.findings if f.severity == "error"] == []
    assert alone.process is not None
    assert alone.process.source_hash == merged["source_hash"]
    assert alone.process.extends == ""
    assert north.run("process", "resolve", "b2b_north", "-o", "yaml").out == printed.out


def test_every_line_tells_the_file_and_line_it_comes_from(north: Desk) -> None:
    settle(north, METHODS)
    merged = north.ok("process", "resolve", "b2b_north")
    labels = {part["label"]: Path(part["file"]) for part in merged["parts"]}
    assert list(labels) == ["b2b_north@1.0.0", PARENT, "library:company@1.2.0"]
    said = [line for line in merged["lines"] if line["label"] in labels]
    assert len(said) > 500
    assert [line["text"] for line in merged["lines"] if line["label"] is None] == [
        f"# Merged: extends {PARENT}", "# Merged: libraries [company@1.2.0]",
    ]  # fmt: skip
    texts = {label: path.read_text(encoding="utf-8").splitlines() for label, path in labels.items()}
    for line in said:
        said_there = texts[line["label"]][line["line"] - 1]
        words = set(re.findall(r"[\w.]+", line["text"].rpartition("  # ")[0])) - {"reasons"}
        assert not words or words & set(re.findall(r"[\w.]+", said_there)), line
    added = [line for line in merged["lines"] if line["label"] == "overlay:spin"]
    assert added
    assert all(line["text"].lstrip().startswith("#") for line in added)


def test_a_process_that_is_no_file_cannot_be_printed(north: Desk) -> None:
    assert north.fails(3, "process", "resolve", "b2b_south")["kind"] == "not_found"
    assert north.fails(3, "process", "resolve", "missing.process.yaml")["kind"] == "not_found"


def test_a_mistake_in_the_child_is_found_in_the_child_and_one_in_a_library_in_the_library(north: Desk) -> None:
    edit(north, "processes/b2b_north.process.yaml", "after: identify", "after: identity")
    assert findings(north) == [("b2b_north.process.yaml", 15, 12, "unknown-neighbour")]
    edit(north, "processes/b2b_north.process.yaml", "after: identity", "after: identify")
    edit(north, "libraries/company.library.yaml", "by: [credit]", "by: [credits]")
    assert findings(north) == [("company.library.yaml", 7, 36, "undeclared-role")]
    error = north.fails(1, "process", "show", "b2b_north")
    assert "company.library.yaml:7:36" in error["message"]


def test_a_library_is_validated_on_its_own_too(north: Desk) -> None:
    edit(north, "libraries/company.library.yaml", "version: 1.2.0\n", "version: 1.2.0\nstages: []\n")
    assert ("company.library.yaml", 4, 1, "unknown-key") in findings(north)


def test_an_old_version_of_a_parent_is_kept_in_the_archive(north: Desk) -> None:
    folder = north.folder / "processes"
    parent = north.run("process", "resolve", "b2b").out
    old = PARENT.partition("@")[2]
    (folder / "archive").mkdir()
    (folder / "archive" / "house-1.0.0.process.yaml").write_text(
        parent.replace("process: b2b ", "process: house ").replace(f"version: {old} ", "version: 1.0.0 "),
        encoding="utf-8",
    )
    (folder / "house.process.yaml").write_text(
        parent.replace("process: b2b ", "process: house ").replace(f"version: {old} ", "version: 2.0.0 "),
        encoding="utf-8",
    )
    edit(north, "processes/b2b_north.process.yaml", f"extends: {PARENT}", "extends: house@1.0.0")
    assert findings(north) == []
    parts = north.ok("process", "resolve", "b2b_north")["parts"]
    assert Path(parts[1]["file"]).name == "house-1.0.0.process.yaml"
    edit(north, "processes/b2b_north.process.yaml", "extends: house@1.0.0", "extends: house@1.5.0")
    assert findings(north) == [("b2b_north.process.yaml", 5, 10, "unknown-version")]


def test_of_two_versions_side_by_side_deals_open_in_the_higher_one(north: Desk) -> None:
    text = CHILD.replace("version: 1.0.0", "version: 0.9.0")
    (north.folder / "processes" / "z_older.process.yaml").write_text(text, encoding="utf-8")
    assert north.ok("process", "show", "b2b_north")["process"]["version"] == "1.0.0"


def test_company_defaults_lie_under_every_process(north: Desk) -> None:
    settle(north, "defaults: {libraries: [company@1.2.0], timezone: Asia/Shanghai}\n")
    shown = north.ok("process", "show", "b2c")["process"]
    assert "credit" in {role["id"] for role in shown["roles"]}
    lines = north.run("process", "resolve", "b2c").out
    assert "timezone: Asia/Shanghai  # dealwright.yaml:6" in lines
    edit(north, "dealwright.yaml", "company@1.2.0", "company@1.4.0")
    assert "dealwright.yaml:6" in north.fails(1, "process", "show", "b2c")["message"]


def test_the_lock_remembers_what_parents_and_libraries_said(north: Desk) -> None:
    assert north.run("process", "lock", "--check").code == 1
    locked = north.ok("process", "lock")
    assert sorted(locked["processes"]["b2b_north"]) == [PARENT, "library:company@1.2.0"]
    first = (north.folder / "dealwright.lock").read_bytes()
    assert north.ok("process", "lock", "--check")["changed"] == []
    assert north.ok("process", "lock")["changed"] == []
    assert (north.folder / "dealwright.lock").read_bytes() == first
    edit(north, "libraries/company.library.yaml", "roles:", "# a comment says nothing\nroles:")
    assert findings(north) == []
    edit(north, "libraries/company.library.yaml", "Too dear", "Too expensive")
    assert findings(north) == [("b2b_north.process.yaml", 6, 13, "lock-mismatch")]
    assert (
        "lock-mismatch" in north.fails(1, "deal", "open", "b2b_north", "--title", "Northwind", as_="boss-1")["message"]
    )
    assert north.run("process", "publish", str(north.folder / "processes"), as_="boss-1").code == 1
    check = north.run("process", "lock", "--check", "-o", "json")
    assert check.code == 1
    assert [(c["process"], c["part"]) for c in check.json["changed"]] == [("b2b_north", "library:company@1.2.0")]
    assert north.run("process", "lock").code == 0
    assert findings(north) == []


def test_a_lock_file_that_is_none_says_how_to_make_one(north: Desk) -> None:
    (north.folder / "dealwright.lock").write_text("processes: [1, 2]\n", encoding="utf-8")
    error = north.fails(1, "process", "show", "b2b_north")
    assert "dealwright process lock" in error["message"]
    assert north.run("process", "lock").code == 0
    assert north.ok("process", "show", "b2b_north")


def test_a_changed_parent_is_seen_at_once_in_spite_of_the_cache(north: Desk) -> None:
    settings = north.folder / "dealwright.yaml"
    settings.write_text(settings.read_text(encoding="utf-8").replace("plugins: [spin]\n", ""), encoding="utf-8")
    before = north.ok("process", "show", "b2b_north")["process"]
    edit(north, "libraries/company.library.yaml", "Too dear", "Too expensive")
    after = north.ok("process", "show", "b2b_north")["process"]
    assert before["source_hash"] != after["source_hash"]
    edit(north, "libraries/company.library.yaml", "Too expensive", "Too dear")
    assert north.ok("process", "show", "b2b_north")["process"] == before


def test_editors_get_a_schema_for_children(north: Desk) -> None:
    from jsonschema import Draft202012Validator

    child = Draft202012Validator(json.loads(north.run("schema", "child").out))
    whole = Draft202012Validator(json.loads(north.run("schema", "process").out))
    text = CHILD.replace("  dealer: {type: text}", "  dealer: {type: text}\n  budget: ~") + ("  won: ~\n")
    data = read_plain(text.encode(), "x").data
    assert list(child.iter_errors(data)) == []
    assert list(whole.iter_errors(data)) != []
    assert list(child.iter_errors({**data, "stages": [{"id": "qualify", "remove": True}]})) == []
    for slip in (
        {**data, "stges": []},
        {**data, "stages": [{"id": "qualify", "remove": "yes"}]},
        {**data, "stages": [{"sla": "3d"}]},
        {**data, "fields": {"x": {"type": "txt"}}},
        {**data, "extends": None},
        {key: value for key, value in data.items() if key != "extends"},
    ):
        assert list(child.iter_errors(slip)) != [], slip
