"""Dates by case and grade, and arms of trials."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from deal_driver import NINE, WHY, Driver, process_of

from dealwright.engine import blank, cases, from_document, prepare, to_document
from dealwright.engine import commands as c
from dealwright.model.duration import Duration, parse_duration

BODY = """
grade_factor: {A: 0.7, B: 1, C: 1.5}
stages:
  - id: one
    title: One
    phase: qualify
    responsible: [rep]
    sla: [{if: amount >= 60000, exit: 4w}, {exit: 2w}]
    stall: [{if: amount >= 60000, exit: 6w}, {exit: 3w}]
    follow_up: [{if: amount >= 60000, at: [10d, 2d]}, {at: [5d]}]
  - {id: two, title: Two, phase: discover, responsible: [rep], sla: 10d, follow_up: [4h, 2d]}
  - {id: three, title: Three, phase: close, responsible: [rep], wins: true}
"""


def spans(deal: Driver) -> tuple[int | None, int | None, list[int]]:
    """Days from the entry into the stage: SLA, stall limit, planned contacts."""
    entered, due, stall = deal.deal.entered_at, deal.deal.due_at, deal.deal.stall_at
    assert entered is not None
    return (
        due and (due - entered).days, stall and (stall - entered).days,
        [(at - entered).days for at in deal.deal.follow_ups],
    )  # fmt: skip


@pytest.mark.parametrize(("fields", "expected"), [
    ({"amount": 60_000}, (28, 42, [2, 10])),
    ({"amount": 59_999}, (14, 21, [5])),
    ({}, (14, 21, [5])),  # not known: the case does not hold
    ({"amount": 59_999, "grade": "A"}, (10, 15, [4])),
    ({"amount": 59_999, "grade": "B"}, (14, 21, [5])),
    ({"amount": 59_999, "grade": "C"}, (21, 32, [8])),
])  # fmt: skip
def test_the_first_case_that_holds_counts_scaled_by_grade(
    fields: dict[str, object], expected: tuple[int, int, list[int]]
) -> None:  # fmt: skip
    assert spans(Driver(BODY, **fields)) == expected


def test_plain_dates_are_scaled_too() -> None:
    deal = Driver(BODY, grade="C")
    deal.on()
    assert spans(deal)[0] == 15
    assert [at - deal.log[-1].at for at in deal.deal.follow_ups] == [timedelta(hours=6), timedelta(days=3)]


def test_what_changes_later_leaves_the_dates_alone() -> None:
    deal = Driver(BODY, amount=59_999, grade="B")
    before = spans(deal)
    deal.set(amount=100_000, grade="A")
    assert spans(deal) == before


def test_when_the_buyer_speaks_the_cadence_of_the_deals_case_starts_again() -> None:
    deal = Driver(BODY, amount=60_000, grade="C")
    deal.later(days=4)
    deal.ok("rep-1", c.LogActivity(name="call", by="buyer"))
    assert [(at - NINE).days for at in deal.deal.follow_ups] == [7, 19]


@pytest.mark.parametrize(("text", "factor", "scaled"), [
    ("100d", 1.1, "110d"), ("2d", 0.7, "2d"), ("1d", 0.1, "1d"), ("4h", 0.5, "2h"), ("1h", 0.3, "1h"),
    ("1mo", 0.7, "21d"), ("2w", 1.5, "21d"),
])  # fmt: skip
def test_a_duration_is_scaled_up_to_whole_days_or_hours(text: str, factor: float, scaled: str) -> None:
    assert cases.scaled(parse_duration(text), factor) == parse_duration(scaled)
    assert cases.scaled(Duration(days=1, seconds=3600), 1.5) == Duration(days=2)


TRIAL = """
stages:
  - id: one
    title: One
    phase: qualify
    responsible: [rep]
    follow_up: [9d]
    variants:
      mail: {title: Mail, share: 3, follow_up: [2d]}
      call: {title: Call, share: 1}
  - {id: two, title: Two, phase: discover, responsible: [rep]}
  - {id: three, title: Three, phase: close, responsible: [rep], wins: true}
"""


def test_each_arm_gets_its_share_of_the_deals_and_the_same_deal_always_the_same_arm() -> None:
    program = prepare(process_of(TRIAL))
    stage = program.process.stages[0]
    drawn = [cases.arm(blank(program.layout, f"small-{n}"), stage) for n in range(2_000)]
    share = Counter(one.id for one in drawn if one)
    assert 1_420 < share["mail"] < 1_580
    assert drawn == [cases.arm(blank(program.layout, f"small-{n}"), stage) for n in range(2_000)]


def test_the_arm_is_recorded_and_kept_when_the_deal_comes_again() -> None:
    deal = Driver(TRIAL)
    arm = deal.log[0].data.variant  # type: ignore[attr-defined]
    assert arm in ("mail", "call")
    assert deal.deal.work.variants == (("one", arm),)
    assert spans(deal)[2] == [2 if arm == "mail" else 9]
    deal.on()
    assert deal.back("one").data.variant == arm  # type: ignore[attr-defined]
    assert deal.deal.work.variants == (("one", arm),)
    assert from_document(deal.deal.layout, to_document(deal.deal)) == deal.deal


def test_an_arm_stays_when_the_shares_change() -> None:
    deal = Driver(TRIAL)
    arm = deal.deal.work.variants[0][1]
    other = "call" if arm == "mail" else "mail"
    changed = TRIAL.replace("share: 3", "share: 0.001" if arm == "mail" else "share: 1000")
    deal.on()
    deal.program = prepare(process_of(changed))
    drawn = cases.arm(blank(deal.program.layout, deal.deal.id), deal.program.process.stages[0])
    kept = cases.arm(deal.deal, deal.program.process.stages[0])
    assert kept is not None
    assert drawn is not None
    assert (kept.id, drawn.id) == (arm, other)
    assert WHY.ref == "r1"


def test_conditions_may_ask_for_the_arm() -> None:
    deal = Driver(TRIAL.replace("    follow_up: [9d]\n", '    exit_criteria: {arm: {condition: variant == "mail"}}\n'))
    assert deal.way("two").allowed is (deal.deal.work.variants[0][1] == "mail")
