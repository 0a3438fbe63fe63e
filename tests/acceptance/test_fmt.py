"""`fmt`, through the command line."""

from __future__ import annotations

from pathlib import Path

import pytest
from desk import Desk

UNTIDY = """\
dealwright: '1'
version: 1.0.0
# what it is called
process: untidy
title: 'Untidy'
roles: {rep: {title: Rep}}
events: {bought: {by: buyer}}
stages:
- title: Sell
  id: sell
  wins: true
  phase: close
  responsible: [rep]
  exit_criteria: {bought: {condition: event(bought)}} # signed
outcomes:
  lost: {reasons: [price], status: lost}
"""
TIDY = """\
dealwright: "1"
# what it is called
process: untidy
version: 1.0.0
title: Untidy
roles: {rep: {title: Rep}}
events: {bought: {by: buyer}}
stages:
  - id: sell
    title: Sell
    phase: close
    responsible: [rep]
    wins: true
    exit_criteria: {bought: {condition: event(bought)}} # signed
outcomes:
  lost: {status: lost, reasons: [price]}
"""


@pytest.fixture
def untidy(desk: Desk) -> Path:
    path = desk.folder / "processes" / "untidy.process.yaml"
    path.write_text(UNTIDY, encoding="utf-8")
    return path


def test_a_file_is_laid_out_and_its_process_stays_the_same(desk: Desk, untidy: Path) -> None:
    before = desk.ok("process", "show", "untidy")
    found = desk.ok("fmt", str(untidy))
    assert (found["ok"], found["written"], found["changed"]) == (True, True, 1)
    assert untidy.read_text(encoding="utf-8") == TIDY
    assert desk.ok("process", "show", "untidy") == before
    assert desk.ok("fmt", str(untidy))["changed"] == 0
    assert [path.name for path in untidy.parent.iterdir()] == [untidy.name], "no draft is left behind"


def test_check_and_diff_write_nothing(desk: Desk, untidy: Path) -> None:
    check = desk.run("fmt", "--check", str(untidy))
    assert check.code == 1
    assert "1 of 1 files would change" in check.out
    shown = desk.run("fmt", "--diff", str(untidy))
    assert shown.code == 0
    assert "-title: 'Untidy'" in shown.out
    assert "+title: Untidy" in shown.out
    assert desk.run("fmt", "--diff", "--check", str(untidy)).code == 1
    assert untidy.read_text(encoding="utf-8") == UNTIDY
    desk.ok("fmt", str(untidy))
    assert desk.run("fmt", "--check", str(untidy)).code == 0


def test_without_a_path_the_whole_workspace_is_laid_out(desk: Desk, untidy: Path) -> None:
    found = desk.ok("fmt")
    assert {Path(row["file"]).name for row in found["files"]} == {"dealwright.yaml", "team.yaml", untidy.name}
    assert untidy.read_text(encoding="utf-8") == TIDY


def test_a_workspace_just_made_is_laid_out_already(tmp_path: Path) -> None:
    from dealwright.workspace import Workspace, format_files

    Workspace.init(tmp_path / "new")
    assert format_files([], write=False, folder=tmp_path / "new")["changed"] == 0


def test_a_file_that_cannot_be_read_is_left_alone_and_the_others_are_not(desk: Desk, untidy: Path) -> None:
    broken = untidy.with_name("broken.process.yaml")
    broken.write_text("process: {a: b\n", encoding="utf-8")
    answer = desk.run("fmt", "-o", "json")
    assert answer.code == 1
    assert [(Path(f["file"]).name, f["code"]) for f in answer.json["findings"]] == [(broken.name, "yaml-syntax")]
    assert broken.read_text(encoding="utf-8") == "process: {a: b\n"
    assert untidy.read_text(encoding="utf-8") == TIDY


def test_other_files_and_missing_ones_are_refused(desk: Desk, tmp_path: Path) -> None:
    other = tmp_path / "notes.yaml"
    other.write_text("b: 1\na: 2\n", encoding="utf-8")
    assert desk.fails(3, "fmt", str(other))["kind"] == "not_found"
    assert desk.fails(3, "fmt", str(tmp_path / "nowhere.process.yaml"))["kind"] == "not_found"
    assert other.read_text(encoding="utf-8") == "b: 1\na: 2\n"


def test_the_mode_of_a_file_is_kept(desk: Desk, untidy: Path) -> None:
    untidy.chmod(0o640)
    desk.ok("fmt", str(untidy))
    assert untidy.stat().st_mode & 0o777 == 0o640


def test_the_shipped_processes_are_laid_out() -> None:
    from dealwright import _resources
    from dealwright.workspace import format_files

    found = format_files([_resources.folder("processes")], write=False)
    assert [row["file"] for row in found["files"] if row["changed"]] == []
    assert len(found["files"]) > 15
