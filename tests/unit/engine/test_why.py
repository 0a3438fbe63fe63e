"""Every way on, with what it still needs and who may take it."""

from __future__ import annotations

from datetime import date

import pytest
from deal_driver import WHY, Driver, by_id

from dealwright.engine import commands as c
from dealwright.engine.why import forward_targets
from dealwright.model.verdict import Refusal

BODY = """
fields: {size: {type: number}}
stages:
  - id: one
    title: One
    phase: qualify
    responsible: [rep]
    exit_criteria: {sized: {condition: size > 5}}
    skip_to: {three: [manager], four: [manager]}
  - {id: two, title: Two, phase: discover, responsible: [rep]}
  - {id: three, title: Three, phase: close, responsible: [rep], wins: true, back_to: [two]}
  - {id: four, title: Four, phase: deliver, responsible: [ops]}
  - {id: five, title: Five, phase: retain, responsible: [ops]}
outcomes:
  lost: {status: lost, reasons: [price]}
  disqualified: {status: disqualified, from: [one], by: [manager], reasons: [no_fit]}
  churned: {status: completed, from: [five], reasons: [idle]}
"""


@pytest.fixture
def deal() -> Driver:
    return Driver(BODY, size=9)


def kinds(deal: Driver) -> list[tuple[str, str | None]]:
    return [(o.kind, o.to) for o in deal.ways()]


def test_the_way_forward_comes_first_then_skips_ways_back_ends_and_a_hold(deal: Driver) -> None:
    assert kinds(deal) == [
        ("advance", "two"), ("skip", "three"), ("win", "four"), ("lose", "lost"), ("disqualify", "disqualified"),
        ("hold", None),
    ]  # fmt: skip


def test_met_criteria_are_shown_too_and_roles_stand_apart_from_what_is_allowed(deal: Driver) -> None:
    way = deal.way("two", person="ops-1")
    assert (by_id(way)["sized"].status, way.allowed, way.actor_may, way.roles) == ("met", True, False, ("rep",))
    deal.set(size=1)
    way = deal.way("two", person="rep-1")
    assert (by_id(way)["sized"].found, way.allowed, way.actor_may) == (1, False, True)


def test_ways_back_are_those_that_the_stage_and_the_win_leave_open(deal: Driver) -> None:
    for _ in range(2):
        deal.on()
    assert ("regress", "two") in kinds(deal)
    assert ("regress", "one") not in kinds(deal)
    assert kinds(deal)[0] == ("win", "four")
    deal.on()
    assert kinds(deal) == [("advance", "five"), ("hold", None)]
    deal.on("ops-1")
    assert kinds(deal) == [("complete", None), ("regress", "four"), ("complete", "churned"), ("hold", None)]


def test_on_hold_the_ways_are_to_resume_or_to_lose(deal: Driver) -> None:
    deal.ok("rep-1", c.Hold(until=date(2026, 5, 1), reason=WHY))
    assert kinds(deal) == [("resume", None), ("lose", "lost")]


def test_what_was_lost_can_be_reopened_and_what_is_completed_has_no_way_on(deal: Driver) -> None:
    deal.ok("rep-1", c.End(status="lost", reason="price"))
    assert kinds(deal) == [("reopen", "one")]
    other = Driver(BODY, size=9)
    for person in ("rep-1", "rep-1", "rep-1", "ops-1", "ops-1"):
        other.on(person)
    assert other.deal.status == "completed"
    assert other.ways() == []


def test_the_ways_forward_can_be_asked_for_without_judging_anything(deal: Driver) -> None:
    assert forward_targets(deal.program, deal.deal, deal.context("rep-1")) == (("two", None),)
    split = Driver("""
        stages:
          - id: one
            title: One
            phase: qualify
            responsible: [rep]
            decision: {branches: [{id: far, to: three}, {id: near, to: two}, {id: off, to: lost}]}
          - {id: two, title: Two, phase: discover, responsible: [rep]}
          - {id: three, title: Three, phase: close, responsible: [rep], wins: true}
        """)
    ways = forward_targets(split.program, split.deal, split.context("rep-1"))
    assert [(to, branch and branch.id) for to, branch in ways] == [("three", "far"), ("two", "near")]


def test_before_it_is_open_a_deal_has_no_ways() -> None:
    assert Driver(BODY, opened=False).ways() == []


def test_what_why_allows_is_what_the_decider_does(deal: Driver) -> None:
    """Along a whole deal, at every stage and for everybody: both give one answer."""
    for person in ("rep-1", "rep-1", "rep-1", "ops-1", "ops-1"):
        for who in ("rep-1", "manager-1", "ops-1", "guest-1"):
            for way in deal.ways(who):
                if way.to is None and way.kind != "complete":
                    continue
                reason = "price" if way.kind == "lose" else "no_fit" if way.kind == "disqualify" else "idle"
                command: c.Command = c.Advance()
                if way.kind not in ("advance", "win", "complete") or way.to in ("churned", "four"):
                    command = c.Move(to=str(way.to), reason=reason)
                decided = deal.decide(who, command)
                assert isinstance(decided, Refusal) is not (way.allowed and way.actor_may), (way, decided)
        deal.on(person)
