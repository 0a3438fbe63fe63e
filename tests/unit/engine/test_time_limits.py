"""Approvals that nobody answers in time, and who may not answer under four eyes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from deal_driver import PAPER, SYSTEM, WHY, Driver, by_id

from dealwright.engine import commands as c
from dealwright.engine import fold, from_document, to_document
from dealwright.engine.timing import due

BODY = """
fields: {big: {type: boolean}}
artifacts:
  paper:
    by: [rep]
    file: required
    approvals:
      - {by: legal, within: 2d, on_timeout: %s}
      - {by: manager, after: legal, within: 1d, on_timeout: approve}
stages:
  - id: one
    title: One
    phase: qualify
    responsible: [rep]
    requires: [paper]
    approvals: [{by: ops, count: 2, within: 5d, on_timeout: %s}]
  - {id: two, title: Two, phase: discover, responsible: [rep]}
  - {id: three, title: Three, phase: close, responsible: [rep], wins: true}
"""


def deal_with(paper: str = "approve", stage: str = "approve", **fields: object) -> Driver:
    return Driver(BODY % (paper, stage), **fields)


def recorded(deal: Driver) -> None:
    deal.ok("rep-1", c.RecordArtifact(artifact="paper", file=PAPER))


def tick(deal: Driver, **spans: float) -> list[tuple[str, str | None]]:
    """Time passes; what happens, by type and approval."""
    deal.later(**spans)
    before = len(deal.log)
    deal.do(SYSTEM, c.TimePassed())
    new = deal.log[before:]
    assert all(e.actor == SYSTEM and e.role is None for e in new)
    assert deal.decide(SYSTEM, c.TimePassed()) == ()  # at the same instant nothing more
    return [(e.type, getattr(e.data, "approval", None)) for e in new]


def test_before_its_time_nothing_happens() -> None:
    deal = deal_with()
    recorded(deal)
    assert tick(deal, days=1, hours=23) == []


def test_the_time_runs_from_when_it_could_first_be_answered() -> None:
    deal = deal_with()
    deal.later(days=1)
    recorded(deal)
    assert tick(deal, days=2) == [("artifact_approved", "legal")]
    assert tick(deal, hours=23) == []  # the manager's day began when legal was through
    assert tick(deal, hours=1) == [("artifact_approved", "manager")]
    assert tick(deal, days=1) == [("stage_approved", "ops")]
    deal.on()


def test_what_time_approves_counts_for_all_who_were_asked_and_says_so() -> None:
    deal = deal_with()
    recorded(deal)
    tick(deal, days=30)
    assert [e.data.timed_out for e in deal.log if e.type == "stage_approved"] == [True]  # type: ignore[attr-defined]
    assert "approval.ops" not in {r.id for r in deal.way("two").criteria if r.status != "met"}


def test_everything_due_happens_in_the_order_of_its_time_but_carries_the_present() -> None:
    deal = deal_with()
    recorded(deal)
    assert tick(deal, days=30) == [("artifact_approved", "legal"), ("stage_approved", "ops")]
    assert {e.at for e in deal.log[-2:]} == {deal.now}
    assert tick(deal, days=1) == [("artifact_approved", "manager")]


def test_an_answer_in_time_stops_it() -> None:
    deal = deal_with()
    recorded(deal)
    deal.ok("legal-1", c.DecideArtifact(artifact="paper", granted=False))
    assert tick(deal, days=3) == []


def test_reject() -> None:
    deal = deal_with("reject")
    recorded(deal)
    assert tick(deal, days=2) == [("artifact_rejected", "legal")]
    deal.ok("rep-1", c.RecordArtifact(artifact="paper", file=PAPER))
    assert tick(deal, days=2)[0] == ("artifact_rejected", "legal")  # the new version has its own time


def test_expire_until_a_new_version() -> None:
    deal = deal_with("expire")
    recorded(deal)
    assert tick(deal, days=2) == [("approval_expired", "legal")]
    refusal = deal.no("legal-1", c.DecideArtifact(artifact="paper", granted=True))
    assert (refusal.cause, refusal.message.en) == ("status", "nobody answered paper in time: it has expired")
    assert tick(deal, days=1) == []
    recorded(deal)
    deal.ok("legal-1", c.DecideArtifact(artifact="paper", granted=True))


def test_expire_of_a_stage_until_it_is_entered_anew() -> None:
    deal = deal_with("approve", "expire")
    recorded(deal)
    tick(deal, days=5)
    said = by_id(deal.no("rep-1", c.Advance()))["approval.ops"]
    assert (said.status, said.found, said.fix.remedies) == ("unmet", "expired", ())
    assert deal.no("ops-1", c.DecideStage(approval="ops", granted=True)).cause == "status"
    deal.ok("rep-1", c.End(status="lost", reason="price"))
    deal.ok("rep-1", c.Reopen(reason=WHY))
    deal.ok("ops-1", c.DecideStage(approval="ops", granted=True))


def test_escalate_asks_others_too_and_waits() -> None:
    deal = deal_with("{escalate: [manager]}")
    recorded(deal)
    assert deal.no("manager-1", c.DecideArtifact(artifact="paper", granted=True)).message.en == "legal comes first"
    assert tick(deal, days=2) == [("approval_escalated", "legal")]
    assert tick(deal, days=9)[:1] == [("stage_approved", "ops")]
    event = deal.ok("manager-1", c.DecideArtifact(artifact="paper", granted=True))
    assert (event.data.approval, event.role) == ("legal", "manager")  # type: ignore[attr-defined]


def test_during_a_hold_and_after_the_end_nothing_is_due() -> None:
    deal = deal_with()
    recorded(deal)
    deal.ok("rep-1", c.Hold(until=deal.now.date().replace(year=2027), reason=WHY))
    assert tick(deal, days=3) == []
    deal.ok("rep-1", c.Resume())
    assert tick(deal, days=1, hours=23) == []  # the time is longer by as long as the hold lasted
    assert tick(deal, hours=1) == [("artifact_approved", "legal")]
    deal.ok("rep-1", c.End(status="lost", reason="price"))
    assert tick(deal, days=9) == []


def test_what_is_due_is_listed_without_happening() -> None:
    deal = deal_with()
    recorded(deal)
    at = deal.now
    deal.later(days=9)
    found = due(deal.program, deal.deal, deal.context(SYSTEM))
    assert [(one.at, one.id) for one in found] == [
        (at + timedelta(days=2), "approval paper legal"),
        (deal.log[0].at + timedelta(days=5), "approval  ops"),
    ]  # fmt: skip


def test_an_approval_that_is_not_asked_for_is_not_late() -> None:
    body = (BODY % ("approve", "approve")).replace("{by: ops, count: 2,", "{by: ops, if: big,")
    deal = Driver(body, big=False)
    assert tick(deal, days=9) == []
    deal.set(big=True)
    assert tick(deal) == [("stage_approved", "ops")]


def test_a_rejection_by_time_sends_the_deal_where_the_process_says() -> None:
    body = (BODY % ("approve", "reject")).replace(
        "on_timeout: reject}", "on_timeout: reject, on_reject: {to: lost, reason: timing}}"
    )
    deal = Driver(body)
    assert tick(deal, days=5) == [("stage_rejected", "ops"), ("lost", None)]
    assert deal.deal.reason == "timing"


@pytest.mark.parametrize("stage", ["expire", "{escalate: [manager]}"])
def test_it_is_kept_and_read_back(stage: str) -> None:
    deal = deal_with("approve", stage)
    recorded(deal)
    tick(deal, days=9)
    assert deal.deal.work.late
    assert from_document(deal.deal.layout, to_document(deal.deal)) == deal.deal
    assert fold(deal.deal.layout, deal.log) == deal.deal


FOUR_EYES = """
artifacts: {paper: {by: [rep, manager], file: required, approvals: [{by: manager, four_eyes: true}]}}
stages:
  - {id: one, title: One, phase: qualify, responsible: [rep, manager]}
  - {id: two, title: Two, phase: discover, responsible: [rep], approvals: [{by: manager, four_eyes: true}]}
  - {id: three, title: Three, phase: close, responsible: [rep], wins: true}
"""


def test_under_four_eyes_neither_the_owner_nor_who_brought_the_deal_there_answers() -> None:
    deal = Driver(FOUR_EYES)
    deal.ok("rep-1", c.Assign(person="chief-1"))
    deal.on("manager-1")
    yes = c.DecideStage(approval="manager", granted=True)
    assert deal.no("chief-1", yes).message.en.startswith("chief-1 owns the deal")
    assert deal.no("manager-1", yes).message.en.startswith("manager-1 brought the deal here")
    deal.ok("manager-2", yes)


def test_of_artifacts_too() -> None:
    deal = Driver(FOUR_EYES)
    deal.on("manager-1")
    deal.ok("manager-2", c.RecordArtifact(artifact="paper", file=PAPER))
    yes = c.DecideArtifact(artifact="paper", granted=True)
    assert deal.no("manager-1", yes).cause == "role"
    assert deal.no("manager-2", yes).message.en.startswith("manager-2 recorded this version")
    deal.ok("chief-1", yes)


def test_without_four_eyes_nobody_keeps_count() -> None:
    deal = Driver()
    deal.on()
    assert deal.deal.work.moved_by is None


def test_of_an_artifact_time_approves_for_as_many_as_are_counted() -> None:
    body = """
artifacts: {paper: {by: [rep], file: required, approvals: [{by: legal, count: 2, within: 2d, on_timeout: HOW}]}}
stages:
  - {id: one, title: One, phase: qualify, responsible: [rep], requires: [paper]}
  - {id: two, title: Two, phase: close, responsible: [rep], wins: true}
"""
    deal = Driver(body.replace("HOW", "approve"))
    recorded(deal)
    deal.ok("legal-1", c.DecideArtifact(artifact="paper", granted=True))
    assert tick(deal, days=2) == [("artifact_approved", "legal")]
    deal.on()
    late = Driver(body.replace("HOW", "expire"))
    recorded(late)
    tick(late, days=2)
    said = by_id(late.no("rep-1", c.Advance()))["approved.paper"]
    assert said.found["expired"] == ["legal"]
    assert [r.verb for r in said.fix.remedies] == ["artifact add", "artifact approve", "artifact approve"]
    passed_on = Driver(body.replace("HOW", "{escalate: [manager]}"))
    recorded(passed_on)
    tick(passed_on, days=2)
    said = by_id(passed_on.no("rep-1", c.Advance()))["approved.paper"]
    assert {r.roles for r in said.fix.remedies} == {("legal", "manager")}


def test_who_may_not_answer_is_not_sent_to() -> None:
    deal = Driver(FOUR_EYES)
    deal.ok("rep-1", c.Assign(person="chief-1"))
    deal.on("manager-1")
    assert by_id(deal.no("rep-1", c.Advance()))["approval.manager"].fix.people == ("manager-2",)


def test_a_move_by_itself_does_not_make_anybody_else_the_one_who_brought_it() -> None:
    body = FOUR_EYES.replace(
        "{id: one, title: One, phase: qualify, responsible: [rep, manager]}",
        """{id: one, title: One, phase: qualify, responsible: [rep, manager]}
  - {id: then, title: Then, phase: qualify, responsible: [rep], auto: true}""",
    )
    deal = Driver(body)
    deal.on("manager-1")
    assert (deal.deal.stage, deal.log[-1].actor) == ("two", SYSTEM)
    assert deal.no("manager-1", c.DecideStage(approval="manager", granted=True)).cause == "role"


def test_what_was_passed_on_stays_so_after_a_detour() -> None:
    aside = "  - {id: aside, title: Aside, phase: qualify, responsible: [rep], detour: [one]}\n"
    body = (BODY % ("approve", "{escalate: [manager]}")).replace("  - {id: two", aside + "  - {id: two")
    deal = Driver(body)
    assert tick(deal, days=5) == [("approval_escalated", "ops")]
    deal.ok("rep-1", c.Move(to="aside"))
    assert not deal.deal.work.late
    deal.on()
    assert tick(deal) == []
    deal.ok("manager-1", c.DecideStage(approval="ops", granted=True))
