"""Stages that are passed over, and stages beside the way."""

from __future__ import annotations

from datetime import timedelta

import pytest
from deal_driver import PAPER, WHY, Driver, by_id, process_of

from dealwright.engine import commands as c
from dealwright.engine import fold, from_document, to_document
from dealwright.errors import UsageError

BODY = """
fields: {big: {type: boolean}, risky: {type: boolean}, cleared: {type: boolean}, known: {type: boolean}}
artifacts: {paper: {by: [rep], file: required}}
tasks: {visit: {title: Visit, by: [rep]}}
stages:
  - id: one
    title: One
    phase: qualify
    responsible: [rep]
    sla: 10d
    follow_up: [5d]
    approvals: [{by: manager}]
    tasks: [visit]
    exit_criteria: {known: {condition: known, waivable_by: [manager]}}
  - {id: two, title: Two, phase: discover, responsible: [rep], if: big}
  - id: review
    title: Review
    phase: negotiate
    responsible: [legal]
    detour: [one, three]
    sla: 2d
    entry_criteria: {risky: {condition: risky}}
    exit_criteria: {cleared: {condition: cleared}}
  - {id: three, title: Three, phase: close, responsible: [rep], wins: true}
  - {id: four, title: Four, phase: deliver, responsible: [ops]}
"""


@pytest.fixture
def deal() -> Driver:
    return Driver(BODY, big=False, risky=True, known=True)


def ready(deal: Driver) -> None:
    """Everything that leaving `one` takes."""
    deal.ok("manager-1", c.DecideStage(approval="manager", granted=True))
    deal.ok("rep-1", c.CloseTask(task="visit"))


# stages with `if`


def test_a_stage_that_does_not_apply_is_passed_over_and_recorded(deal: Driver) -> None:
    ready(deal)
    event = deal.on()
    assert (event.type, event.data.to, event.data.skipped) == ("advanced", "three", ("two",))  # type: ignore[attr-defined]


def test_a_stage_of_which_it_is_not_known_applies(deal: Driver) -> None:
    ready(deal)
    deal.set(big=None)
    assert deal.way("two").kind == "advance"
    assert deal.on().data.to == "two"  # type: ignore[attr-defined]


def test_moving_to_it_by_name_is_no_skip_where_everything_between_is_passed_over(deal: Driver) -> None:
    ready(deal)
    assert deal.ok("rep-1", c.Move(to="three")).type == "advanced"


def test_passing_over_the_winning_stage_wins() -> None:
    deal = Driver(
        """
fields: {big: {type: boolean}}
stages:
  - {id: one, title: One, phase: qualify, responsible: [rep]}
  - {id: sign, title: Sign, phase: close, responsible: [rep], wins: true, if: big}
  - {id: give, title: Give, phase: deliver, responsible: [rep], if: big}
""",
        big=False,
    )
    assert next(o.kind for o in deal.ways()) == "win"
    deal.on()
    assert [e.type for e in deal.log[-2:]] == ["won", "completed"]
    assert deal.log[-2].data.skipped == ("sign", "give")  # type: ignore[attr-defined]


def test_a_deal_opens_in_the_first_stage_that_applies() -> None:
    body = """
fields: {big: {type: boolean}}
stages:
  - {id: one, title: One, phase: qualify, responsible: [rep], if: big}
  - {id: two, title: Two, phase: close, responsible: [rep], wins: true}
"""
    assert Driver(body, big=False).deal.stage == "two"
    assert Driver(body).deal.stage == "one"


def test_a_branch_passes_over_its_stage_too() -> None:
    body = """
fields: {big: {type: boolean}, way: {type: choice, values: [long, short]}}
stages:
  - id: one
    title: One
    phase: qualify
    responsible: [rep]
    decision:
      ask: Which way?
      branches: [{id: long, if: way == "long", to: two}, {id: short, if: way == "short", to: three}]
  - {id: two, title: Two, phase: discover, responsible: [rep], if: big}
  - {id: three, title: Three, phase: close, responsible: [rep], wins: true}
"""
    deal = Driver(body, big=False, way="long")
    assert deal.way("three").branch == "long"
    event = deal.on()
    assert (event.data.to, event.data.branch, event.data.skipped) == ("three", "long", ("two",))  # type: ignore[attr-defined]


# detours


def test_nothing_is_asked_of_the_stage_it_leaves_only_the_detours_entry(deal: Driver) -> None:
    deal.set(risky=False)
    assert deal.unmet("rep-1", c.Move(to="review")) == {"risky": "unmet"}
    deal.set(risky=True)
    event = deal.ok("rep-1", c.Move(to="review"))
    assert (event.type, event.data.from_, event.data.to) == ("detoured", "one", "review")  # type: ignore[attr-defined]
    assert [one.id for one in event.data.criteria] == ["risky"]  # type: ignore[attr-defined]
    assert deal.deal.stage == "review"
    assert deal.deal.due_at == event.at + timedelta(days=2)


def test_the_way_back_asks_what_the_detour_asks_at_its_exit(deal: Driver) -> None:
    deal.ok("rep-1", c.Move(to="review"))
    assert next((o.kind, o.to, o.roles) for o in deal.ways("legal-1")) == ("return", "one", ("legal",))
    assert deal.unmet("legal-1") == {"cleared": "unknown"}
    deal.set("legal-1", cleared=True)
    event = deal.on("legal-1")
    assert (event.type, event.data.from_, event.data.to) == ("returned", "review", "one")  # type: ignore[attr-defined]
    assert deal.deal.work.away is None


def test_the_stages_visit_goes_on_where_it_stopped(deal: Driver) -> None:
    ready(deal)
    deal.set(known=None)
    deal.ok("manager-1", c.Waive(criterion="known", reason=WHY))
    before = deal.deal
    left = deal.ok("rep-1", c.Move(to="review")).at
    assert (deal.deal.approvals, deal.deal.waivers) == ((), ())
    deal.later(days=3)
    deal.set("legal-1", cleared=True)
    away = deal.on("legal-1").at - left
    after = deal.deal
    assert (after.entered_at, after.approvals, after.waivers) == (before.entered_at, before.approvals, before.waivers)
    assert before.due_at
    assert before.stall_at
    assert (after.due_at, after.stall_at) == (before.due_at + away, before.stall_at + away)
    assert after.follow_ups == tuple(at + away for at in before.follow_ups)
    deal.on()
    assert deal.deal.stage == "three"


def test_tasks_of_the_stage_are_not_given_again_on_return(deal: Driver) -> None:
    ready(deal)
    deal.ok("rep-1", c.Move(to="review"))
    deal.set("legal-1", cleared=True)
    deal.on("legal-1")
    assert [task.kind for task in deal.deal.work.tasks] == ["visit"]


def test_a_detour_starts_only_where_the_process_says_and_never_from_another(deal: Driver) -> None:
    body = BODY.replace("detour: [one, three]", "detour: [three]")
    refusal = Driver(body, big=False, risky=True).no("rep-1", c.Move(to="review"))
    assert (refusal.cause, refusal.kind) == ("transition", "detour")
    deal.ok("rep-1", c.Move(to="review"))
    assert deal.no("legal-1", c.Move(to="review")).message.en == "the deal is there already"


def test_going_back_from_a_detour_ends_it(deal: Driver) -> None:
    ready(deal)
    deal.on()
    deal.ok("rep-1", c.Move(to="review"))
    assert {o.to for o in deal.ways("legal-1") if o.kind == "regress"} == {"one", "two"}
    deal.ok("legal-1", c.Move(to="one", reason=WHY))
    assert (deal.deal.stage, deal.deal.work.away) == ("one", None)


def test_one_does_not_skip_from_a_detour(deal: Driver) -> None:
    deal.ok("rep-1", c.Move(to="review"))
    assert deal.no("legal-1", c.Move(to="four")).cause == "transition"


def test_the_order_of_stages_passes_detours_over(deal: Driver) -> None:
    deal.set(big=True)
    ready(deal)
    deal.on()
    assert deal.way("three").kind == "advance"
    assert deal.on().data.skipped == ()  # type: ignore[attr-defined]
    assert {o.to for o in deal.ways() if o.kind == "detour"} == {"review"}
    assert {o.to for o in deal.ways() if o.kind == "regress"} == {"one", "two"}


def test_a_branch_may_lead_aside_and_a_detour_may_branch() -> None:
    deal = Driver(
        """
fields: {risky: {type: boolean}, verdict: {type: choice, values: [fine, no, far]}}
stages:
  - id: one
    title: One
    phase: qualify
    responsible: [rep]
    decision:
      ask: Is it risky?
      branches: [{id: yes, if: risky, to: review}, {id: no, if: not risky, to: two}]
  - {id: two, title: Two, phase: discover, responsible: [rep]}
  - {id: three, title: Three, phase: close, responsible: [rep], wins: true}
  - id: review
    title: Review
    phase: negotiate
    responsible: [legal]
    detour: [one]
    decision:
      ask: What do they say?
      branches:
        - {id: fine, if: verdict == "fine", to: one}
        - {id: far, if: verdict == "far", to: three}
        - {id: no, if: verdict == "no", to: lost, reason: price}
""",
        risky=True,
    )
    assert [(o.kind, o.to, o.branch, o.allowed) for o in deal.ways()][:3] == [
        ("advance", "two", "no", False), ("detour", "review", "yes", True), ("detour", "review", None, True),
    ]  # fmt: skip
    assert deal.on().data.branch == "yes"  # type: ignore[attr-defined]
    assert [(o.kind, o.to) for o in deal.ways("legal-1")][:3] == [
        ("return", "one"),
        ("advance", "three"),
        ("lose", "lost"),
    ]
    for verdict, stage, status in (("fine", "one", "open"), ("far", "three", "open"), ("no", "review", "lost")):
        other = Driver.__new__(Driver)
        other.__dict__.update(deal.__dict__, log=list(deal.log))
        other.set("legal-1", verdict=verdict)
        other.on("legal-1")
        assert (other.deal.stage, other.deal.status) == (stage, status)


def test_a_lost_deal_reopens_on_its_detour_and_still_finds_back(deal: Driver) -> None:
    deal.ok("rep-1", c.Move(to="review"))
    deal.ok("legal-1", c.End(status="lost", reason="price"))
    deal.ok("legal-1", c.Reopen(reason=WHY))
    deal.set("legal-1", cleared=True)
    deal.on("legal-1")
    assert deal.deal.stage == "one"


def test_a_deal_on_a_detour_is_kept_and_read_back(deal: Driver) -> None:
    ready(deal)
    deal.ok("rep-1", c.Move(to="review"))
    assert from_document(deal.deal.layout, to_document(deal.deal)) == deal.deal
    assert fold(deal.deal.layout, deal.log) == deal.deal


def test_the_plans_of_other_processes_are_what_they_were() -> None:
    deal = Driver()
    assert not deal.program.bends
    assert not process_of("").stages[0].detour
    assert by_id(deal.way("two")) == {}
    assert PAPER.size == 1
    with pytest.raises(UsageError):
        deal.do("rep-1", c.Move(to="nowhere"))
