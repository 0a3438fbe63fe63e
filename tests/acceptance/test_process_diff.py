"""`process diff`, through the command line: files, published versions, bundled ones."""

from __future__ import annotations

from pathlib import Path

import pytest
from desk import Desk

from dealwright import _resources

B2B = (_resources.folder("processes") / "b2b.process.yaml").read_text(encoding="utf-8")
VERSION = next(line.split()[1] for line in B2B.splitlines() if line.startswith("version:"))


def edited(folder: Path, *edits: tuple[str, str]) -> Path:
    text = B2B
    for was, now in edits:
        assert was in text
        text = text.replace(was, now, 1)
    path = folder / "processes" / "b2b.process.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_published_version_is_compared_with_the_file_that_will_be_the_next(desk: Desk) -> None:
    path = edited(desk.folder)
    desk.ok("process", "publish", str(path), as_="sales-manager-1")
    edited(desk.folder, (f"version: {VERSION}", "version: 8.0.0"),
           ("count(stakeholders) >= 2", "count(stakeholders) >= 3"),
           ("      budget_cut: {en: Budget cut, zh: 预算取消}\n", ""))  # fmt: skip
    found = desk.ok("process", "diff", f"b2b@{VERSION}", str(path))
    assert (found["old"]["version"], found["new"]["version"]) == (VERSION, "8.0.0")
    assert found["breaking"] is True
    assert [(c["path"], c["kind"], c["breaking"], c["tightens"]) for c in found["changes"]] == [
        ("stages.evaluation.exit_criteria.stakeholders.condition", "changed", False, True),
        ("outcomes.lost.reasons.budget_cut", "removed", True, None),
    ]
    assert desk.run("process", "diff", f"b2b@{VERSION}", str(path)).code == 0
    assert desk.run("process", "diff", f"b2b@{VERSION}", str(path), "--exit-code").code == 1


def test_people_read_it_in_their_language(desk: Desk) -> None:
    path = edited(desk.folder, ("count(stakeholders) >= 2", "count(stakeholders) >= 3"))
    bundled = str(_resources.folder("processes") / "b2b.process.yaml")
    english = desk.run("process", "diff", bundled, str(path)).out
    assert "tighter" in english
    assert "Stage `evaluation`, exit criterion `stakeholders`: condition" in english
    chinese = desk.run("process", "diff", bundled, str(path), "--lang", "zh").out
    assert "收紧" in chinese
    assert "阶段 `evaluation` 的离开条件 `stakeholders`：条件" in chinese
    assert "The two say the same." in desk.run("process", "diff", bundled, bundled).out


def test_a_child_is_compared_with_its_parent(desk: Desk) -> None:
    (desk.folder / "processes" / "north.process.yaml").write_text(
        'dealwright: "1"\nprocess: north\nversion: 1.0.0\ntitle: North\n'
        f"extends: b2b@{VERSION}\n"
        "stages:\n  - {id: objections, sla: 5d}\n",
        encoding="utf-8",
    )
    paths = {change["path"]: change["tightens"] for change in desk.ok("process", "diff", "b2b", "north")["changes"]}
    assert paths == {"title": None, "extends": None, "stages.objections.sla": True}


def test_without_a_workspace_files_and_bundled_processes_can_be_compared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dealwright.workspace import diff_processes

    monkeypatch.chdir(tmp_path)
    path = tmp_path / "b2b.process.yaml"
    path.write_text(B2B.replace("sla: 10d", "sla: 9d", 1), encoding="utf-8")
    found = diff_processes(f"b2b@{VERSION}", str(path))
    assert [change["tightens"] for change in found["changes"]] == [True]


@pytest.mark.parametrize("named", ["b2b@9.9.9", "nowhere@1.0.0", "nowhere.process.yaml", "nowhere"])
def test_what_is_not_there_is_said(desk: Desk, named: str) -> None:
    assert desk.fails(3, "process", "diff", named, "b2b")["kind"] == "not_found"


def test_a_file_with_errors_is_refused_with_its_place(desk: Desk) -> None:
    path = edited(desk.folder, ("count(stakeholders) >= 2", "count(stakeholder) >= 2"))
    error = desk.fails(1, "process", "diff", "b2c", str(path))
    assert "guard-unknown-name" in error["message"]
