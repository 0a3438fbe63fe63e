"""Where a deal begins, what must be known by then, and who may open it."""

from __future__ import annotations

import pytest
from deal_driver import SYSTEM, Driver, by_id

from dealwright.engine import commands as c
from dealwright.errors import UsageError
from dealwright.model.deal import Ref
from dealwright.model.verdict import Refusal

BODY = """
fields:
  source: {type: choice, values: [web, fair], required: true}
  size: {type: number}
  credit: {type: number, by: [manager]}
  home: {type: text, personal: true}
start: [{to: two, if: size > 100}, {to: one, if: size <= 100}]
stages:
  - id: one
    title: One
    phase: qualify
    responsible: [rep]
    entry_criteria: {owned: {condition: has(owner)}, small: {condition: size < 50, severity: warn}}
  - {id: two, title: Two, phase: discover, responsible: [manager]}
  - {id: three, title: Three, phase: close, responsible: [rep], wins: true}
"""
OVERLAY = """
overlay: extra
version: 1.0.0
title: Extra
fields:
  depth: {type: number, by: [responsible]}
  inner: {type: list, of: {text: {type: text, by: [responsible]}}}
phases: {qualify: {entry_criteria: {deep: {condition: depth > 0}}}}
"""


def opening(**fields: object) -> c.Open:
    return c.Open(id="small-1", title="Example Ltd", fields=fields)


@pytest.fixture
def deal() -> Driver:
    return Driver(BODY, opened=False)


def test_the_first_start_stage_whose_condition_holds_is_taken(deal: Driver) -> None:
    event = deal.ok("rep-1", opening(size=20, source="web"))
    assert (event.type, event.seq, event.deal) == ("opened", 1, "small-1")
    assert (deal.deal.id, deal.deal.stage, deal.deal.owner) == ("small-1", "one", "rep-1")
    large = Driver(BODY, opened=False)
    large.ok("manager-1", opening(size=200, source="web"))
    assert large.deal.stage == "two"


def test_without_start_stages_the_first_of_the_list_is_taken() -> None:
    assert Driver().deal.stage == "one"


def test_a_start_that_is_unknown_is_not_taken(deal: Driver) -> None:
    refusal = deal.no("rep-1", opening(source="web"))
    assert (refusal.cause, refusal.kind) == ("transition", "open")


def test_opening_takes_a_role_of_the_start_stage(deal: Driver) -> None:
    assert deal.no("manager-1", opening(size=20, source="web")).roles == ("rep",)
    assert deal.no("rep-1", opening(size=200, source="web")).roles == ("manager",)
    assert deal.no("guest-1", opening(size=20, source="web")).cause == "role"


def test_required_fields_and_entry_criteria_are_asked_for_all_at_once(deal: Driver) -> None:
    decided = deal.decide(SYSTEM, opening(size=70))
    assert isinstance(decided, Refusal)
    assert {n: r.status for n, r in by_id(decided).items()} == {
        "owned": "unmet", "small": "unmet", "required.source": "unmet",
    }  # fmt: skip


def test_the_deal_is_judged_as_it_will_be(deal: Driver) -> None:
    event = deal.ok("rep-1", opening(size=70, source="web"))
    assert {j.id: j.status for j in event.data.criteria} == {  # type: ignore[attr-defined]
        "owned": "met", "small": "unmet", "required.source": "met",
    }  # fmt: skip


def test_the_owner_is_whoever_opens_it_or_somebody_else_of_the_team(deal: Driver) -> None:
    deal.ok("rep-1", c.Open(id="small-1", title="Ex", owner="rep-2", fields={"size": 5, "source": "web"}))
    assert deal.deal.owner == "rep-2"
    with pytest.raises(UsageError):
        Driver(BODY, opened=False).do(
            "rep-1", c.Open(id="small-1", title="Ex", owner="nobody", fields={"size": 5, "source": "web"})
        )


def test_a_field_that_takes_another_role_is_not_given_at_opening_either(deal: Driver) -> None:
    assert deal.no("rep-1", opening(size=20, source="web", credit=5)).roles == ("manager",)
    deal.ok("chief-1", opening(size=20, source="web", credit=5))


@pytest.mark.parametrize(
    "fields", [{"nothing": 1}, {"size": "much"}, {"source": "tv"}, {"home": "Main Street"}], ids=str
)
def test_values_are_checked_at_opening(deal: Driver, fields: dict[str, object]) -> None:
    with pytest.raises(UsageError):
        deal.do("rep-1", opening(**{"size": 20, "source": "web", **fields}))


def test_a_personal_value_is_a_reference_at_opening_too(deal: Driver) -> None:
    deal.ok("rep-1", opening(size=20, source="web", home=Ref("p1", "6" * 64)))
    assert deal.deal.value("home") == Ref("p1", "6" * 64)


def test_a_value_that_is_cleared_at_opening_is_just_not_there(deal: Driver) -> None:
    event = deal.ok("rep-1", opening(size=20, source="web", home=None))
    assert event.data.fields == {"size": 20, "source": "web"}  # type: ignore[attr-defined]


def test_an_overlays_entry_criteria_and_responsible_hold_at_opening() -> None:
    deal = Driver(BODY, OVERLAY, opened=False)
    assert by_id(deal.no("rep-1", opening(size=20, source="web")))["deep"].source == "overlay:extra"
    deal.ok("rep-1", opening(size=20, source="web", depth=1, inner=[{"text": "a"}]))
    assert deal.deal.stage == "one"


def test_opening_keeps_the_outside_id_and_the_parent(deal: Driver) -> None:
    command = c.Open(
        id="small-1", title="Ex", fields={"size": 5, "source": "web"}, external_id="X-7", parent_deal="small-0"
    )
    deal.ok("rep-1", command)
    assert (deal.deal.external_id, deal.deal.parent_deal) == ("X-7", "small-0")
