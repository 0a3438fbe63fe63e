"""Facts of another system are taken over as they are, each at its own time, and none is claimed to be met."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from deal_driver import Driver

from dealwright.engine import commands as c
from dealwright.engine.commands import ImportedFact
from dealwright.errors import UsageError
from dealwright.events import Imported

BODY = """
fields: {size: {type: number}, home: {type: text, personal: true}}
stages:
  - {id: one, title: One, phase: qualify, responsible: [rep], exit_criteria: {sized: {condition: size > 5}}}
  - {id: two, title: Two, phase: close, responsible: [rep], wins: true}
"""
LAST_YEAR = datetime(2025, 5, 1, tzinfo=UTC)
OPENED = {"title": "Ex", "process": "small", "process_version": "1.0.0", "to": "one", "owner": "former-rep"}


def fact(what: str, at: datetime | None = LAST_YEAR, **data: Any) -> ImportedFact:
    return ImportedFact(what, {**(OPENED if what == "opened" else {}), **data}, at)


def take(*facts: ImportedFact) -> c.Import:
    return c.Import(id="small-7", facts=facts, origin="old-crm")


@pytest.fixture
def deal() -> Driver:
    return Driver(BODY, opened=False)


def test_each_fact_keeps_its_own_time_and_nothing_is_judged(deal: Driver) -> None:
    won = datetime(2025, 6, 1, tzinfo=UTC)
    deal.ok(
        "rep-1", take(fact("opened"), fact("won", won, **{"from": "one"}), fact("completed", won, **{"from": "one"}))
    )
    assert [(e.type, e.at, e.seq) for e in deal.log] == [
        ("imported", LAST_YEAR, 1), ("imported", won, 2), ("imported", won, 3),
    ]  # fmt: skip
    assert all(isinstance(e.data, Imported) and e.data.origin == "old-crm" for e in deal.log)
    now = deal.deal
    assert (now.id, now.status, now.opened_at, now.won_at, now.owner) == (
        "small-7", "completed", LAST_YEAR, won, "former-rep",
    )  # fmt: skip


def test_a_fact_without_a_date_is_marked_and_carries_the_time_of_import(deal: Driver) -> None:
    event = deal.ok("rep-1", take(fact("opened", None)))
    assert event.at == deal.now
    assert isinstance(event.data, Imported)
    assert event.data.undated


def test_an_imported_deal_goes_on_by_the_rules(deal: Driver) -> None:
    deal.ok("rep-1", take(fact("opened")))
    assert deal.unmet() == {"sized": "unknown"}
    deal.set(size=9)
    deal.on()
    deal.ok("rep-1", c.Import(id="small-7", origin="x", facts=(fact("fields_set", fields={"size": 3}),)))
    assert deal.deal.value("size") == 3


def test_importing_takes_a_role_that_may_open_deals(deal: Driver) -> None:
    assert deal.no("manager-1", take(fact("opened"))).roles == ("rep",)


@pytest.mark.parametrize(
    "facts",
    [
        [fact("criterion_waived", criterion="sized")], [fact("artifact_approved")], [fact("opened", to="nowhere")],
        [fact("opened", title=5)], [fact("opened"), fact("advanced", **{"from": "one", "to": "three"})],
        [fact("opened"), fact("lost", **{"from": "one", "outcome": "eaten"})], [fact("advanced", **{"from": "one"})],
        [fact("opened"), fact("opened")], [fact("opened", fields={"nothing": 1})],
        [fact("opened", fields={"size": "much"})], [fact("opened", fields={"home": "Main Street"})],
        [fact("opened", fields={"size": 5, "home": {"ref": "p1"}})], [fact("opened", fields={"amount": "12.5"})],
        [fact("opened", fields={"amount": {"amount": "much", "currency": "CNY"}})],
        [fact("opened"), fact("fields_set", fields={"size": [1]})],
        [fact("opened"), fact("reopened", **{"from": "one"})], [fact("opened"), fact("completed", **{"from": "one"})],
        [fact("opened"), fact("lost", **{"from": "one"}), fact("won", **{"from": "one"})],
    ],
    ids=lambda facts: " ".join(f"{f.what} {sorted(f.data)}" for f in facts)[:60],
)  # fmt: skip
def test_a_fact_that_the_process_does_not_know_is_a_usage_error(deal: Driver, facts: list[ImportedFact]) -> None:
    with pytest.raises(UsageError):
        deal.do("rep-1", take(*facts))


def test_a_deal_is_not_opened_a_second_time_by_an_import() -> None:
    deal = Driver(BODY)
    with pytest.raises(UsageError):
        deal.do("rep-1", take(fact("opened")))
