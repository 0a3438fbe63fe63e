"""One behaviour per row of docs/requirements.md that no other test shows: what a user would notice."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from desk import Desk
from shipped_b2b import B2B, b2b_at, b2b_demo, b2b_objections
from shipped_walk import SHIPPED, act, buyer, item, paper, put, shipped, yes

from dealwright.engine import commands as c
from dealwright.insight.funnel import funnel
from dealwright.ports import Move

# The row, its stage of the B2B process, and what must be there before a deal leaves it.
STAGES = {
    "R21": ("identify", {"profile", "source", "grade", "requires.persona", "requires.target_record"}),
    "R22": ("identify", {"contact_verified", "source", "grade"}),
    "R23": ("research", {"pain_hypotheses", "departments", "requires.research_note"}),
    "R24": ("qualify", {"five_answers", "fit", "requires.contact_log"}),
    "R25": ("needs", {"pains", "budget", "decider", "decision_process", "requires.customer_file",
                      "requires.needs_record"}),
    "R26": ("solution", {"every_need_answered", "feasible", "reviewed", "requires.solution_doc", "requires.qa_list"}),
    "R27": ("demo", {"held", "reaction", "requires.demo_record", "requires.case_study"}),
    "R28": ("evaluation", {"verdict", "requires.evaluation_record"}),
    "R29": ("proposal", {"sent_and_explained", "price_valid", "requires.proposal", "requires.quotation"}),
    "R30": ("objections", {"settled", "requires.objection_log"}),
    "R31": ("negotiation", {"terms_agreed", "requires.negotiation_plan"}),
    "R32": ("contract", {"signed_by_us", "signed_by_buyer", "requires.contract", "requires.contract_review",
                         "requires.archive_entry"}),
    "R33": ("handover", {"accepted", "commission", "requires.handover_note"}),
    "R34": ("delivery", {"accepted", "task.produce", "requires.delivery_receipt"}),
    "R35": ("aftersales", {"visits", "feedback", "requires.visit_report"}),
    "R36": ("grow", {"expansion", "renewal", "requires.expansion_note"}),
}  # fmt: skip


@pytest.mark.parametrize("row", STAGES)
def test_a_deal_leaves_a_stage_only_with_what_the_requirement_asks(row: str) -> None:
    stage, wanted = STAGES[row]
    if stage == "objections":
        walk = b2b_at("demo")
        b2b_demo(walk, "objection")
        walk.must("sales_rep", item("objections", text="noise", kind="technical"), c.Advance())
        wanted, actor, supply = wanted | {"none_open"}, "sales_rep", b2b_objections
    else:
        walk = b2b_at(stage)
        actor, supply = next((actor, supply) for name, actor, supply in B2B if name == stage)
    assert walk.refused(actor) >= wanted
    if stage == "objections":
        walk.must("sales_rep", c.CloseItem(list="objections", item="1"))
    supply(walk)
    walk.must(actor, c.Advance())
    assert walk.deal.stage != stage


def test_r16_process_funnel_pipeline_and_methodology_are_four_things(desk: Desk) -> None:
    for title in ("Harbour pumps", "Ridge cranes"):
        desk.ok("deal", "open", "b2b", "--title", title, as_="sales-rep-1")
    desk.ok("deal", "disqualify", "b2b-2", "--reason", "no_need", as_="sales-rep-1")
    process = desk.ok("process", "show", "b2b")["process"]
    pipeline = desk.ok("deal", "list", "--process", "b2b", "--stage", "identify", "--status", "open")
    counted = desk.ok("report", "funnel", "--process", "b2b", "--from", "2000-01-01", "--to", "+1d", "--by", "total")
    assert len(process["stages"]) == 16  # the seller's steps, whoever goes through them
    assert [deal["id"] for deal in pipeline["deals"]] == ["b2b-1"]  # live deals
    first = counted["rows"][0]
    assert (first["stage"], first["entered"], first["exited"], first["closing"]) == ("identify", 2, 1, 1)
    assert process["methodologies"] == []  # laid over it or not


def test_r131_a_team_lays_a_methodology_over_a_process_and_no_stage_changes(desk: Desk) -> None:
    before = desk.ok("process", "show", "b2b")["process"]
    with (desk.folder / "dealwright.yaml").open("a", encoding="utf-8") as settings:
        settings.write("methodologies: {b2b: [spin]}\n")
    after = desk.ok("process", "show", "b2b")["process"]
    assert [s["id"] for s in after["stages"]] == [s["id"] for s in before["stages"]]
    assert after["methodologies"] == ["spin"]
    assert len(after["artifacts"]) + len(after["fields"]) > len(before["artifacts"]) + len(before["fields"])
    desk.ok("deal", "open", "b2b", "--title", "Harbour pumps", as_="sales-rep-1")
    assert "plugin:spin" in {score["source"] for score in desk.ok("deal", "why", "b2b-1")["scores"]}


def test_r50_a_deal_moves_only_when_the_duties_of_its_stage_are_done(desk: Desk) -> None:
    desk.ok("deal", "open", "b2b", "--title", "Harbour pumps", "--set", "source=referral", as_="sales-rep-1")
    desk.fails(1, "deal", "advance", "b2b-1", as_="sales-rep-1")
    desk.ok("deal", "set", "b2b-1", "--set", "grade=A", "--set", "icp_score=80", as_="sales-rep-1")
    desk.ok("activity", "log", "b2b-1", "contact_verified", as_="sales-rep-1")
    record = ("--set", "company=Example Ltd", "--set", "contact=office", "--set", "grade_basis=large")
    desk.ok("artifact", "add", "b2b-1", "target_record", *record, as_="sales-rep-1")
    left = desk.fails(1, "deal", "advance", "b2b-1", as_="sales-rep-1")["details"]["criteria"]
    assert [criterion["id"] for criterion in left] == ["requires.persona"]
    persona = ("--set", "position=plant manager", "--set", "pains=stops")
    desk.ok("artifact", "add", "b2b-1", "persona", *persona, as_="sales-rep-1")
    assert desk.ok("deal", "advance", "b2b-1", as_="sales-rep-1")["deal"]["stage"] == "research"


@pytest.mark.parametrize("name", SHIPPED)
def test_r51_every_stage_says_what_to_know_do_say_and_give(name: str) -> None:
    for stage in shipped(name).stages:
        assert stage.exit_criteria, stage.id  # to know and to do
        assert stage.prompts, stage.id  # to say
        assert stage.requires, stage.id  # to give and to leave behind
        assert all(criterion.unmet.en and criterion.unmet.zh for criterion in stage.exit_criteria)


def test_r52_what_the_buyer_must_do_is_not_done_by_the_sellers_word(desk: Desk) -> None:
    desk.ok("deal", "open", "b2b", "--title", "Harbour pumps", as_="sales-rep-1")
    desk.ok("stakeholder", "add", "b2b-1", "--set", "name=Plant manager", "--set", "role=user", as_="sales-rep-1")
    error = desk.fails(2, "activity", "log", "b2b-1", "meeting_accepted", "--by", "seller", as_="sales-rep-1")
    assert "buyer" in error["message"]
    desk.fails(2, "activity", "log", "b2b-1", "meeting_accepted", "--by", "buyer", as_="sales-rep-1")  # who?
    desk.ok("activity", "log", "b2b-1", "meeting_accepted", "--by", "buyer", "--contact", "s1", as_="sales-rep-1")


def test_r53_an_early_move_is_refused_and_everything_missing_is_said_at_once(desk: Desk) -> None:
    desk.ok("deal", "open", "b2b", "--title", "Harbour pumps", as_="sales-rep-1")
    details = desk.fails(1, "deal", "advance", "b2b-1", as_="sales-rep-1")["details"]
    assert details["cause"] == "criteria"
    assert len(details["criteria"]) == 6
    for criterion in details["criteria"]:
        assert criterion["text"]
        assert criterion["fix"]["people"]
        assert criterion["fix"]["command"]
    assert desk.ok("deal", "show", "b2b-1")["deal"]["stage"] == "identify"


def test_r55_a_deal_says_where_it_is_and_what_comes_next_and_how_to_sell_stays_free(desk: Desk) -> None:
    deal = desk.ok("deal", "open", "b2b", "--title", "Harbour pumps", as_="sales-rep-1")["deal"]
    assert (deal["stage"], deal["phase"]) == ("identify", "prospect")
    why = desk.ok("deal", "why", "b2b-1")
    assert why["transitions"][0]["to"] == "research"
    assert why["prompts"]
    kinds = {item["kind"] for item in desk.ok("agenda")["items"]}
    assert {"sla", "follow_up"} <= kinds  # when to change tactic
    desk.ok("activity", "log", "b2b-1", "visit", "--note", "brought cake", as_="sales-rep-1")  # nobody declared it


@pytest.mark.parametrize("missing", ["role_in_firm", "daily_work", "problem", "importance", "other_options"])
def test_r62_the_five_questions_are_all_answered_before_a_prospect_is_qualified(missing: str) -> None:
    walk = b2b_at("qualify")
    for question in ("role_in_firm", "daily_work", "problem", "importance", "other_options"):
        if question != missing:
            walk.must("sales_rep", item("answers", question=question, answer="so"))
    walk.must("sales_rep", put(fit="yes"))
    assert "five_answers" in walk.refused("sales_rep")
    walk.must("sales_rep", item("answers", question=missing, answer="so"))
    assert "five_answers" not in walk.refused("sales_rep")


def test_r63_the_demo_is_for_qualified_prospects_only() -> None:
    walk = b2b_at("solution")
    walk.must("sales_rep", put(fit="no"))
    assert "qualified" in walk.refused("sales_rep")


def test_r66_a_contract_waits_for_legal_and_for_the_findings_of_the_review() -> None:
    walk = b2b_at("contract")
    walk.must(
        "sales_rep",
        paper("contract", file=True, parties="both", clauses="ten", starts_on=walk.day(5)),
        paper("archive_entry", archive_id="2026-17"),
        buyer("signed_by_buyer", proof=True),
    )
    walk.must("sales_manager", act("signed_by_us"))
    assert walk.refused("sales_rep") == {"approved.contract", "requires.contract_review"}
    walk.must("legal", yes("contract"))
    assert walk.refused("sales_rep") == {"requires.contract_review"}
    walk.must("legal", paper("contract_review", findings="none"))
    walk.goes("sales_rep", "handover", "won")


def test_r67_nothing_is_signed_before_the_terms_are_agreed_and_the_papers_are_archived() -> None:
    walk = b2b_at("negotiation")
    assert "terms_agreed" in walk.refused("sales_rep")
    walk = b2b_at("contract")
    assert "requires.archive_entry" in walk.refused("sales_rep")


@pytest.mark.parametrize(("process", "actor"), [("b2b", "sales-rep-1"), ("b2c", "marketing-1")])
def test_r80_no_lead_goes_on_without_its_source(desk: Desk, process: str, actor: str) -> None:
    desk.ok("deal", "open", process, "--title", "Harbour pumps", as_=actor)
    criteria = desk.fails(1, "deal", "advance", f"{process}-1", as_=actor)["details"]["criteria"]
    assert "source" in {criterion["id"] for criterion in criteria}


def test_r110_opening_minus_worked_through_plus_added_is_what_is_left() -> None:
    """75 - 28 + 19 = 66: the figures of the sources."""
    may, june = datetime(2026, 5, 10, tzinfo=UTC), datetime(2026, 6, 10, tzinfo=UTC)
    moves = [Move(f"d-{n}", 1, "opened", may, None, "needs") for n in range(75)]
    moves += [Move(f"d-{n}", 2, "advanced", june, "needs", "solution") for n in range(28)]
    moves += [Move(f"d-{n}", 1, "opened", june, None, "needs") for n in range(75, 94)]
    found = funnel(moves, ["needs", "solution"], [(date(2026, 6, 1), date(2026, 7, 1))], UTC)
    needs = found.rows[0]
    assert (needs.opening, needs.exited, needs.entered, needs.closing) == (75, 28, 19, 66)
    assert found.reconciled
