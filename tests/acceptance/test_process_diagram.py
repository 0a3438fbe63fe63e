"""`process diagram`: on standard output, into a file, in a workspace and without one."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from desk import Desk
from test_validate_forms import run as validate

from dealwright.cli.main import main

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(("form", "begins"), [("mermaid", "%% "), ("dot", "digraph "), ("svg", "<?xml")])
def test_a_process_is_drawn_in_each_form(desk: Desk, form: str, begins: str) -> None:
    for lang, title in (("en", "B2B sales"), ("zh", "B2B销售流程")):
        answer = desk.run("process", "diagram", "b2b", "-f", form, "--lang", lang)
        assert (answer.code, answer.err) == (0, "")
        assert answer.out.startswith(begins)
        assert title in answer.out
        shown = desk.ok("process", "diagram", "b2b", "-f", form, "--lang", lang)
        assert (shown["process"], shown["format"], shown["diagram"]) == ("b2b", form, answer.out)


def test_mermaid_is_what_comes_without_a_word(desk: Desk) -> None:
    assert "\nflowchart TD\n" in desk.run("process", "diagram", "b2c").out


def test_a_diagram_can_be_written_into_a_file(desk: Desk, tmp_path: Path) -> None:
    target = tmp_path / "b2b.svg"
    answer = desk.run("process", "diagram", "b2b", "-f", "svg", "--out", str(target))
    assert answer.code == 0
    assert str(target) in answer.out
    assert ET.parse(target).getroot().tag.endswith("svg")


def test_detail_names_what_is_counted_otherwise(desk: Desk) -> None:
    brief = desk.run("process", "diagram", "b2b").out
    detail = desk.run("process", "diagram", "b2b", "--detail").out
    assert len(detail) > len(brief)


def test_a_methodology_of_the_workspace_is_marked(desk: Desk) -> None:
    assert "SPIN" not in desk.run("process", "diagram", "b2b", "-f", "svg").out
    settings = desk.folder / "dealwright.yaml"
    settings.write_text(settings.read_text(encoding="utf-8") + "methodologies: {b2b: [spin]}\n", encoding="utf-8")
    assert "SPIN questions: 4 more to leave" in desk.run("process", "diagram", "b2b", "-f", "svg").out


def test_a_file_is_drawn_without_a_workspace(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DEALWRIGHT_WORKSPACE", raising=False)
    assert main(["process", "diagram", str(ROOT / "processes" / "b2c.process.yaml")]) == 0
    assert "flowchart" in capsys.readouterr().out
    broken = tmp_path / "broken.process.yaml"
    broken.write_text("process: broken\n", encoding="utf-8")
    assert main(["process", "diagram", str(broken)]) == 1
    assert "broken.process.yaml:1:1" in capsys.readouterr().err
    assert main(["process", "diagram", "b2c"]) == 2
    assert "name a file" in capsys.readouterr().err


def test_a_folder_of_process_files_needs_no_store(tmp_path: Path) -> None:
    (tmp_path / "dealwright.yaml").write_text('dealwright: "1"\n', encoding="utf-8")
    assert "flowchart" in Desk(tmp_path).run("process", "diagram", "b2b").out
    assert Desk(tmp_path).run("process", "diagram", "nothing").code == 5
    assert not (tmp_path / ".dealwright" / "store.db").exists()


def test_a_published_version_is_drawn_as_it_was(desk: Desk) -> None:
    listed = desk.ok("process", "publish", str(ROOT / "processes" / "b2c.process.yaml"), as_="marketing-1")
    name, version = listed["published"][0]["id"], listed["published"][0]["version"]
    assert f"{name} {version}" in desk.run("process", "diagram", f"{name}@{version}").out
    assert desk.run("process", "diagram", f"{name}@99.9.9").code == 3
    assert desk.run("process", "diagram", "nothing").code == 3


def test_only_known_forms_are_taken(desk: Desk) -> None:
    assert desk.run("process", "diagram", "b2b", "-f", "png").code == 2
    assert validate("-o", "mermaid").code == 2
