"""What methodologies say of a deal at the command line: questions, what they still want, flags, scores."""

from __future__ import annotations

import pytest
from desk import Desk, make_workspace

SETTINGS = """\
dealwright: "1"
plugins: [sandler, bant, meddpicc, challenger]
allow_as: true
allow_now: true
"""
TEAM = "people:\n  rep-1: {roles: [sales_rep, marketing]}\n"
GATED = """\
dealwright: "1"
process: gated
version: 1.0.0
title: {en: Gated, zh: 资格评估}
type: b2b
roles: {sales_rep: {title: {en: Sales, zh: 销售}}}
methodologies: {sandler: {phases: [qualify, discover]}, bant: {}}
stages:
  - {id: qualify, title: {en: Qualify, zh: 资格确认}, phase: qualify, responsible: [sales_rep]}
  - {id: needs, title: {en: Needs, zh: 需求分析}, phase: discover, responsible: [sales_rep]}
outcomes: {lost: {status: lost, reasons: [price]}, unfit: {status: disqualified, reasons: [no_fit]}}
"""
NOW, LATER = "2026-03-02T09:00:00Z", "2026-03-03T09:00:00Z"


def process(name: str, methodologies: str) -> str:
    return (
        f'dealwright: "1"\nprocess: {name}\nversion: 1.0.0\nextends: b2b@1.1.0\n'
        f"title: {{en: B2B of this house, zh: 本公司B2B流程}}\nmethodologies: {methodologies}\n"
    )


@pytest.fixture
def desk(tmp_path) -> Desk:
    return make_workspace(
        tmp_path / "w", TEAM, SETTINGS,
        gated=GATED, measured=process("measured", "[meddpicc]"),
        torn=process("torn", "[sandler, challenger]"),
    )  # fmt: skip


def opened(desk: Desk, name: str) -> str:
    return str(desk.ok("deal", "open", name, "--title", "Northlight", as_="rep-1", now=NOW)["deal"]["id"])


def test_flags_come_and_go_with_the_deal_and_say_what_the_methodology_would_do(desk):
    deal = opened(desk, "gated")

    def flags(lang="en"):
        return {
            one["id"]: (one["text"], one["advise"]) for one in desk.ok("--lang", lang, "deal", "coach", deal)["flags"]
        }

    assert flags() == {}
    rated = ("bant_budget=1", "bant_authority=1", "bant_need=1", "bant_timeline=1", "sandler_budget_agreed=false")
    desk.ok("deal", "set", deal, *(part for one in rated for part in ("--set", one)), as_="rep-1", now=LATER)
    assert set(flags()) == {"bant_unqualified", "sandler_no_budget"}
    assert flags()["sandler_no_budget"] == ("They will not spend the time, the money or the people", "disqualify")
    assert flags("zh")["bant_unqualified"] == ("不超过4分：不合格", "disqualify")
    desk.ok("deal", "set", deal, "--set", "bant_need=4", "--set", "sandler_budget_agreed=true", as_="rep-1", now=LATER)
    assert {name: advise for name, (_, advise) in flags().items()} == {
        "bant_nurture": "hold",
        "bant_need_unproven": None,
    }


def test_questions_and_wants_name_the_methodology_they_come_from(desk):
    deal = opened(desk, "gated")
    coached = desk.ok("deal", "coach", deal)
    assert {want["source"] for want in coached["wants"]} == {"overlay:sandler", "overlay:bant"}
    asked = {prompt["text"] for prompt in coached["prompts"] if prompt["source"] == "overlay:bant"}
    assert "What prompted this just now?" in asked
    rated = ("bant_need=4", "bant_trigger=an audit")
    desk.ok("deal", "set", deal, *(part for one in rated for part in ("--set", one)), as_="rep-1", now=LATER)
    later = {prompt["text"] for prompt in desk.ok("deal", "coach", deal)["prompts"]}
    assert asked - later == {"What prompted this just now?"}


def test_the_score_is_told_on_its_own_scale_and_what_it_was(desk):
    deal = opened(desk, "measured")
    assert [(s["raw"], s["max"], s["band"]) for s in desk.ok("deal", "score", deal)["scores"]] == [
        (0, 16, "Low priority")
    ]
    desk.ok("deal", "item", "add", deal, "pains", "--set", "text=stops", as_="rep-1", now=LATER)
    desk.ok("deal", "set", deal, "--set", "decision_process=board", as_="rep-1", now=LATER)
    answer = desk.ok("deal", "score", deal)
    assert [(s["source"], s["score"], s["raw"]) for s in answer["scores"]] == [("overlay:meddpicc", 12.5, 2)]
    assert [(row["source"], row["raw"]) for row in answer["history"]] == [("overlay:meddpicc", 0)]
    chinese = desk.ok("--lang", "zh", "deal", "score", deal)["scores"][0]
    assert chinese["band"] == "低优先级"
    assert "痛点：1/2" in chinese["reasons"]


def test_two_in_conflict_are_refused_at_validation_phase_by_phase(desk):
    answer = desk.run("process", "validate", str(desk.folder / "processes" / "torn.process.yaml"), "-o", "json")
    assert answer.code == 1
    errors = [one for one in answer.json["findings"] if one["severity"] == "error"]
    assert [one["code"] for one in errors] == ["conflicting-methodologies"] * 3
    assert all("teaches and pushes" in one["message"] for one in errors)


def test_what_may_be_chosen_is_told_of_the_list_that_a_command_adds_to(desk):
    deal = opened(desk, "measured")
    page = desk.run("deal", "coach", deal).out
    assert "kind: vendor (Another vendor), in_house (Their own people), do_nothing (Doing nothing)" in page
    assert "kind: price" not in page  # an objection has kinds as well
