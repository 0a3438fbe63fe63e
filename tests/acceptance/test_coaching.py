"""What methodologies say of a deal: questions that fit, what they still want, flags, scores and their history."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from desk import Desk

OVERLAY = Path(__file__).parents[1] / "examples" / "valid" / "consultative.overlay.yaml"
REP = "sales-rep-1"


@pytest.fixture
def advised(desk: Desk) -> Desk:
    """A desk whose b2b process has a small methodology of its own laid over it."""
    (desk.folder / "overlays").mkdir()
    shutil.copy(OVERLAY, desk.folder / "overlays" / OVERLAY.name)
    settings = desk.folder / "dealwright.yaml"
    settings.write_text(settings.read_text() + "methodologies: {b2b: [consultative]}\n", encoding="utf-8")
    return desk


def _of(rows: list[dict[str, object]], source: str) -> list[dict[str, object]]:
    return [row for row in rows if row["source"] == source]


def test_a_question_goes_away_once_its_condition_is_answered(advised: Desk) -> None:
    deal = advised.ok("deal", "open", "b2b", "--title", "Northwind pumps", as_=REP)["deal"]["id"]
    told = advised.ok("deal", "coach", deal, as_=REP)
    wanted = _of(told["wants"], "overlay:consultative")
    assert [(w["id"], w["phase"], w["status"]) for w in wanted] == [("consultative_diagnosed", "discover", "unmet")]
    assert wanted[0]["fix"]["command"][0][:4] == ["dealwright", "deal", "set", deal]  # type: ignore[index]
    advised.ok("deal", "set", deal, "--set", "consultative_diagnosis=Scheduling by hand", as_=REP)
    assert _of(advised.ok("deal", "coach", deal, as_=REP)["wants"], "overlay:consultative") == []


def test_a_score_stands_on_its_own_scale_and_remembers_each_move(advised: Desk) -> None:
    deal = advised.ok("deal", "open", "b2b", "--title", "Northwind pumps", as_=REP)["deal"]["id"]
    (score,) = advised.ok("deal", "score", deal, as_=REP)["scores"]
    assert (score["score"], score["raw"], score["max"], score["band"]) == (0, 0, 10, "Known")
    advised.ok("deal", "set", deal, "--set", "consultative_diagnosis=Scheduling by hand", as_=REP)
    advised.ok("deal", "lose", deal, "--reason", "price", as_=REP)
    told = advised.ok("deal", "score", deal, as_=REP)
    assert (told["scores"][0]["score"], told["scores"][0]["raw"], told["scores"][0]["band"]) == (100, 10, "Trusted")
    assert [(row["type"], row["score"]) for row in told["history"]] == [("opened", 0), ("lost", 100)]


def test_a_flag_is_up_only_in_its_phase_and_only_while_its_condition_holds(advised: Desk) -> None:
    text = (advised.folder / "overlays" / OVERLAY.name).read_text(encoding="utf-8")
    early = text.replace("phases: [propose], advise", "phases: [prospect], advise")
    (advised.folder / "overlays" / OVERLAY.name).write_text(early, encoding="utf-8")
    deal = advised.ok("deal", "open", "b2b", "--title", "Northwind pumps", as_=REP)["deal"]["id"]
    (flag,) = advised.ok("deal", "coach", deal, as_=REP)["flags"]
    assert (flag["id"], flag["advise"], flag["source"]) == ("no_diagnosis", "regress", "overlay:consultative")
    said = advised.run("deal", "why", deal, as_=REP).out
    assert "Proposing without a diagnosis; better go back [consultative]" in said
    assert "尚未诊断就提方案；建议退回" in advised.run("deal", "coach", deal, "--lang", "zh", as_=REP).out
    advised.ok("deal", "set", deal, "--set", "consultative_diagnosis=Scheduling by hand", as_=REP)
    assert advised.ok("deal", "coach", deal, as_=REP)["flags"] == []


def test_a_deal_without_a_methodology_is_told_so(desk: Desk) -> None:
    deal = desk.ok("deal", "open", "b2b", "--title", "Northwind pumps", as_=REP)["deal"]["id"]
    assert desk.ok("deal", "score", deal, as_=REP)["scores"] == []
    assert "No methodology scores this deal." in desk.run("deal", "score", deal, as_=REP).out


SMALL = """\
dealwright: "1"
process: small
version: 1.0.0
title: Small
type: b2b
methodologies: [consultative]
roles: {sales_rep: {title: Rep}}
fields: {size: {type: number}}
stages:
  - {id: talk, title: Talk, phase: discover, responsible: sales_rep}
  - {id: close, title: Close, phase: close, responsible: sales_rep, wins: true}
outcomes: {lost: {status: lost, reasons: [price, no_decision]}}
"""


def test_the_report_counts_the_score_of_the_day_that_the_deal_closed(advised: Desk) -> None:
    (advised.folder / "processes").mkdir(exist_ok=True)
    (advised.folder / "processes" / "small.process.yaml").write_text(SMALL, encoding="utf-8")
    for number, diagnosis in (("1", True), ("2", False)):
        advised.ok("deal", "open", "small", "--id", f"s{number}", "--title", f"Small {number}", as_=REP)
        if diagnosis:
            advised.ok("deal", "set", f"s{number}", "--set", "consultative_diagnosis=Late orders", as_=REP)
    for _ in range(2):
        advised.ok("deal", "advance", "s1", as_=REP)
    advised.ok("deal", "lose", "s2", "--reason", "price", as_=REP)
    rows = advised.ok("report", "methodology", "--process", "small", as_=REP)["rows"]
    assert [(r["methodology"], r["band"], r["won"], r["lost"], r["win_rate"], r["thin"]) for r in rows] == [
        ("consultative", "75-100", 1, 0, 1.0, True), ("consultative", "0-25", 0, 1, 0.0, True),
    ]  # fmt: skip
    assert "too few to tell" in advised.run("report", "methodology", as_=REP).out


def test_methodologies_that_the_workspace_adds_are_held_against_each_other(desk: Desk) -> None:
    settings = desk.folder / "dealwright.yaml"
    lines = settings.read_text(encoding="utf-8").splitlines(keepends=True)
    text = "".join(line for line in lines if not line.startswith(("plugins:", "methodologies:")))
    clashing = "plugins: [sandler, challenger]\nmethodologies: {b2b: [sandler, challenger]}\n"
    settings.write_text(text + clashing, encoding="utf-8")
    told = desk.run("process", "validate", "-o", "json", as_=REP)
    assert told.code == 1
    codes = {(f["code"], f["file"].rpartition("/")[2]) for f in told.json["findings"] if f["severity"] == "error"}
    assert codes == {("conflicting-methodologies", "dealwright.yaml")}
    assert desk.run("deal", "open", "b2b", "--title", "Northwind pumps", as_=REP).code != 0
    settings.write_text(text + clashing.replace("b2b: [sandler, challenger]", "b2b: [challenger]"), encoding="utf-8")
    assert desk.run("process", "validate", as_=REP).code == 0
    desk.ok("deal", "open", "b2b", "--title", "Northwind pumps", as_=REP)
