"""`process validate | list | show | publish`, and which definition a deal runs under."""

from __future__ import annotations

import contextlib
import io
import json
from pathlib import Path

import pytest
from contract_shapes import DEAL, LISTED_PROCESS, PROCESS, VALIDATION, WHY, WRITE, Shape, fits, one_of, text
from contract_world import NOW, gate_desk, opened
from contract_world import PROCESS as GATE
from desk import Answer, Desk

SHIPPED_FILES = sorted((Path(__file__).parents[2] / "processes").glob("*.yaml"))
FAULTY = """\
dealwright: "1"
process: faulty
version: 1.0.0
title: {en: Faulty, zh: 有误}
type: b2b
currency: CNY
roles: {rep: {title: {en: Rep, zh: 代表}}}
stages:
  - id: one
    title: {en: One, zh: 一}
    phase: qualify
    responsible: [rap]
    exit_criteria: {big: {condition: sise > 3, unmet: {en: Too small, zh: 太小}}}
  - {id: two, title: {en: Two, zh: 二}, phase: close, responsible: [rep], requires: [contrat], wins: true}
outcomes:
  lost: {status: lost, reasons: [price]}
"""


@pytest.fixture
def gate(tmp_path: Path) -> Desk:
    return gate_desk(tmp_path)


def alone(*words: str) -> Answer:
    """A call without any workspace."""
    from dealwright.cli.main import main

    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main(list(words))
    return Answer(code, out.getvalue(), err.getvalue())


def test_all_findings_of_a_file_come_at_once_each_at_its_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "faulty.process.yaml").write_text(FAULTY, encoding="utf-8")
    answer = alone("process", "validate", "faulty.process.yaml", "-o", "json")
    assert answer.code == 1
    seen = answer.json
    fits(VALIDATION, seen)
    assert (seen["ok"], seen["files"], seen["truncated"]) == (False, 1, False)
    assert seen["errors"] == sum(f["severity"] == "error" for f in seen["findings"])
    at = {f["code"]: (f["line"], f["column"]) for f in seen["findings"] if f["severity"] == "error"}
    assert at["undeclared-role"] == (12, 19)
    assert at["guard-unknown-name"] == (13, 38)
    assert at["undeclared-artifact"] == (14, 85)
    said = alone("process", "validate", "faulty.process.yaml")
    assert said.code == 1
    assert any(line.startswith("faulty.process.yaml:12:19: undeclared-role ") for line in said.out.splitlines())
    zh = alone("process", "validate", "faulty.process.yaml", "--lang", "zh", "-o", "json").json
    assert [(f["code"], f["line"]) for f in zh["findings"]] == [(f["code"], f["line"]) for f in seen["findings"]]
    assert all(any("一" <= x <= "鿿" for x in f["message"]) for f in zh["findings"])


def test_strict_fails_on_warnings_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "gate.process.yaml").write_text(GATE, encoding="utf-8")
    lax = alone("process", "validate", ".", "-o", "json")
    fits(VALIDATION, lax.json)
    assert (lax.code, lax.json["ok"], lax.json["errors"]) == (0, True, 0)
    assert lax.json["warnings"] == 2
    assert alone("process", "validate", ".", "--strict").code == 1
    assert alone("process", "validate", "nowhere.yaml").code == 3


def test_text_shows_20_findings_and_counts_the_rest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    many = GATE.replace("fields:\n", "fields:\n" + "".join(f"  f{n}: {{type: nonsense}}\n" for n in range(1100)))
    (tmp_path / "many.process.yaml").write_text(many, encoding="utf-8")
    answer = alone("process", "validate", "many.process.yaml")
    assert answer.code == 1
    assert len([line for line in answer.out.splitlines() if line.startswith("many.process.yaml:")]) == 20
    assert "more" in answer.out
    seen = alone("process", "validate", "many.process.yaml", "-o", "json").json
    fits(VALIDATION, seen)
    assert len(seen["findings"]) == 1000
    assert seen["truncated"] is True
    assert seen["errors"] > 1000


def test_without_a_path_the_shipped_processes_are_valid(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DEALWRIGHT_WORKSPACE", raising=False)
    seen = alone("process", "validate", "-o", "json").json
    assert (seen["ok"], seen["files"], seen["errors"]) == (True, len(SHIPPED_FILES), 0)


def test_list_and_show_give_whole_definitions(gate: Desk) -> None:
    listed = gate.ok("process", "list")
    fits(Shape(v=one_of(1), processes=[LISTED_PROCESS]), listed)
    assert [p["id"] for p in listed["processes"]] == sorted([*(p.name.split(".")[0] for p in SHIPPED_FILES), "gate"])
    row = next(p for p in listed["processes"] if p["id"] == "gate")
    assert row["stages"] == ["first", "choose", "sign", "hand"]
    for process in ("b2b", "b2c", "channel", "gate"):
        shown = gate.ok("process", "show", process)
        fits(Shape(v=one_of(1), process=PROCESS), shown)
    assert shown["process"]["definition_hash"] == row["definition_hash"]
    reply = next(e for e in shown["process"]["events"] if e["id"] == "reply")
    assert reply["by"] == ["buyer"]
    assert {r["id"] for r in shown["process"]["reasons"]} == {"price", "timing", "no_fit"}
    assert gate.fails(3, "process", "show", "nowhere")["kind"] == "not_found"
    assert gate.fails(3, "process", "show", "gate@9.9.9")["kind"] == "not_found"


def test_one_broken_file_does_not_hide_the_other_processes(gate: Desk) -> None:
    (gate.folder / "processes" / "faulty.process.yaml").write_text(FAULTY, encoding="utf-8")
    rows = {p["id"]: p for p in gate.ok("process", "list")["processes"]}
    assert rows["gate"]["version"] == "1.0.0"
    assert rows["faulty"]["source"] == "broken"
    error = gate.fails(1, "deal", "open", "faulty", "--title", "X", as_="rep-1")
    assert error["kind"] == "refused"
    assert error["details"]["findings"]


def test_a_version_is_published_once(gate: Desk) -> None:
    path = gate.folder / "processes" / "gate.process.yaml"
    done = gate.ok("process", "publish", str(path), as_="boss-1")
    fits(Shape(v=one_of(1), published=[Shape(id=text, version=text)]), done)
    assert gate.ok("process", "publish", str(path), as_="boss-1") == done  # the same content again is no change
    path.write_text(GATE.replace("sla: 5d", "sla: 6d"), encoding="utf-8")
    error = gate.fails(1, "process", "publish", str(path), as_="boss-1")
    assert error["kind"] == "refused"
    path.write_text("# only a comment more\n" + GATE, encoding="utf-8")
    assert gate.ok("process", "publish", str(path), as_="boss-1")["published"] == done["published"]
    path.write_text(GATE.replace("1.0.0", "1.1.0").replace("sla: 5d", "sla: 6d"), encoding="utf-8")
    assert gate.ok("process", "publish", str(path), as_="boss-1")["published"][0]["version"] == "1.1.0"
    assert gate.fails(1, "process", "publish", str(path))["details"]["cause"] == "role"  # nobody of the team
    assert gate.fails(3, "process", "publish", "nowhere.yaml", as_="boss-1")["kind"] == "not_found"


def test_a_new_version_does_not_change_running_deals(gate: Desk) -> None:
    old = opened(gate)
    before = gate.ok("deal", "show", old)["deal"]
    path = gate.folder / "processes" / "gate.process.yaml"
    path.write_text(GATE.replace("1.0.0", "2.0.0").replace('fit == "good"', 'fit == "bad"'), encoding="utf-8")
    gate.ok("process", "publish", str(path), as_="boss-1")
    new = opened(gate, title="Newer")
    after = gate.ok("deal", "show", old)["deal"]
    assert after == before
    assert gate.ok("deal", "show", new)["deal"]["process_version"] == "2.0.0"
    for deal, status in ((old, "met"), (new, "unmet")):
        done = gate.ok("deal", "set", deal, "--set", "fit=good", as_="rep-1", now=NOW)
        fits(WRITE, done)
        why = gate.ok("deal", "why", deal, "--to", "choose", now=NOW)["transitions"][0]
        assert {c["id"]: c["status"] for c in why["criteria"]}["fits"] == status
        assert done["events"][0]["definition_hash"] == done["deal"]["definition_hash"]
    assert gate.ok("process", "show", "gate")["process"]["version"] == "2.0.0"
    assert gate.ok("process", "show", "gate@1.0.0")["process"]["version"] == "1.0.0"


def test_opening_publishes_so_that_the_version_cannot_change_under_a_deal(gate: Desk) -> None:
    opened(gate)
    path = gate.folder / "processes" / "gate.process.yaml"
    path.write_text(GATE.replace("sla: 5d", "sla: 6d"), encoding="utf-8")
    assert gate.fails(1, "process", "publish", str(path), as_="boss-1")["kind"] == "refused"


def test_a_workspaces_file_hides_the_bundled_one_and_a_methodology_is_laid_over_it(gate: Desk) -> None:
    bundled = {p["id"]: p for p in gate.ok("process", "list")["processes"]}
    settings = 'dealwright: "1"\nplugins: [spin]\nmethodologies: {b2c: [spin]}\nallow_as: true\n'
    (gate.folder / "dealwright.yaml").write_text(settings, encoding="utf-8")
    laid = {p["id"]: p for p in gate.ok("process", "list")["processes"]}
    assert laid["b2c"]["methodologies"] == ["spin"]
    assert laid["b2c"]["source_hash"] == bundled["b2c"]["source_hash"]
    assert laid["b2c"]["definition_hash"] != bundled["b2c"]["definition_hash"]


def test_why_keeps_its_shape_with_a_methodology_over_the_process(gate: Desk) -> None:
    settings = 'dealwright: "1"\nplugins: [spin]\nmethodologies: {b2b: [spin]}\nallow_as: true\n'
    (gate.folder / "dealwright.yaml").write_text(settings, encoding="utf-8")
    (gate.folder / "team.yaml").write_text("people: {rep-1: {roles: [sales_rep]}}\n", encoding="utf-8")
    deal = gate.ok("deal", "open", "b2b", "--title", "One", "--set", "source=referral", as_="rep-1")["deal"]
    fits(DEAL, deal)
    assert deal["methodologies"] == ["spin"]
    for lang in ("en", "zh"):
        why = gate.ok("deal", "why", deal["id"], "--lang", lang, as_="rep-1")
        fits(WHY, why)
        assert why["scores"]
        assert why["prompts"]
    settings = settings.replace("plugins: [spin]\n", "")
    (gate.folder / "dealwright.yaml").write_text(settings, encoding="utf-8")
    assert gate.ok("deal", "show", deal["id"])["deal"] == deal  # reading needs no plugin
    assert gate.ok("deal", "list")["total"] == 1
    assert gate.ok("agenda")["items"]
    assert len(gate.ok("deal", "history", deal["id"])["events"]) == 1
    assert gate.run("deal", "show", deal["id"], as_="rep-1").code == 0
    gate.ok("deal", "set", deal["id"], "--set", "fit=yes", as_="rep-1")
    closed = gate.fails(1, "deal", "advance", deal["id"], as_="rep-1")  # but a gate whose plugin is missing is closed
    assert "spin" in closed["message"]


@pytest.mark.parametrize("kind", ["process", "overlay", "workspace", "team", "import-map"])
def test_each_schema_is_printed_as_json(kind: str) -> None:
    answer = alone("schema", kind)
    assert answer.code == 0
    assert json.loads(answer.out)["$schema"] == "https://json-schema.org/draft/2020-12/schema"


BROKEN = {
    "dealwright.yaml": 'dealwright: "1"\nallow_az: true\n',
    "team.yaml": "people:\n  rep-1: {rolls: [rep]}\n",
    "overlays/own.overlay.yaml": "overlay: own\nversion: 1.0.0\nphases: {nowhere: {}}\n",
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_of_the_workspace_is_found_beside_the_others_findings(gate: Desk, name: str) -> None:
    (gate.folder / "overlays").mkdir()
    (gate.folder / name).write_text(BROKEN[name], encoding="utf-8")
    (gate.folder / "processes" / "faulty.process.yaml").write_text(FAULTY, encoding="utf-8")
    answer = gate.run("process", "validate", "-o", "json")
    assert answer.code == 1
    fits(VALIDATION, answer.json)
    faulty = {Path(f["file"]).name for f in answer.json["findings"] if f["severity"] == "error"}
    assert faulty == {Path(name).name, "faulty.process.yaml"}
    only = gate.run("process", "validate", str(gate.folder / "processes" / "gate.process.yaml"), "-o", "json").json
    expected = set() if name.startswith("overlays") else {name}
    assert {Path(f["file"]).name for f in only["findings"] if f["severity"] == "error"} == expected
    if not name.startswith("overlays"):
        error = gate.fails(1, "deal", "list", "--lang", "zh")
        assert error["details"]["findings"]
        assert all(any("一" <= x <= "鿿" for x in f["message"]) for f in error["details"]["findings"])


def test_a_workspace_that_is_named_must_be_there(tmp_path: Path) -> None:
    assert alone("--workspace", str(tmp_path / "nowhere"), "process", "validate").code == 3


def test_the_doctor_judges_a_workspace_elsewhere_by_its_own_overlays(gate: Desk, tmp_path: Path) -> None:
    (gate.folder / "overlays").mkdir()
    (gate.folder / "overlays" / "own.overlay.yaml").write_text(
        "overlay: own\nversion: 1.0.0\ntitle: {en: Own, zh: 自有}\n"
        'phases: {qualify: {prompts: [{en: "Why now?", zh: 为何是现在？}]}}\n',
        encoding="utf-8",
    )
    path = gate.folder / "processes" / "gate.process.yaml"
    path.write_text(GATE.replace("currency: CNY\n", "currency: CNY\nmethodologies: [own]\n"), encoding="utf-8")
    checks = {c["name"]: c for c in gate.ok("doctor", as_="rep-1")["checks"]}
    assert checks["processes"]["ok"] is True, checks["processes"]
    deal = opened(gate)
    assert gate.ok("deal", "show", deal)["deal"]["methodologies"] == ["own"]
    assert "Why now?" in gate.run("deal", "why", deal, as_="rep-1", now=NOW).out
