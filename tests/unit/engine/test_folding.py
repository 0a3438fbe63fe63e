"""The state of a deal is the fold of its log, whatever is left out of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from deal_driver import PAPER, WHY, Driver

from dealwright.engine import blank, evolve, fold, from_document, to_document
from dealwright.engine import commands as c
from dealwright.engine.commands import ImportedFact
from dealwright.model.deal import Ref

BODY = """
fields:
  size: {type: number}
  due: {type: date}
  since: {type: datetime}
  month: {type: month}
  sure: {type: boolean}
  paper: {type: file}
  home: {type: text, personal: true}
  agreed: {type: confirmation, by: buyer}
  pains: {type: list, items: open_closed, of: {text: {type: text}, cost: {type: money}, ok: {type: confirmation}}}
events: {met: {by: [buyer], fields: {day: {type: date}}}}
artifacts: {offer: {by: [rep], file: optional, fields: {price: {type: money}}, approvals: [{by: manager}]}}
"""


@pytest.fixture
def deal() -> Driver:
    deal = Driver(BODY, size=5)
    who = deal.buyer()
    deal.set(
        due="2026-05-01", since="2026-05-01T08:00:00Z", month="2026-05", sure=True, home=Ref("p1", "7" * 64),
        agreed=who, paper={"name": "a.pdf", "size": 1, "sha256": "0" * 64}, amount="12.50",
    )  # fmt: skip
    deal.ok("rep-1", c.AddItem(list="pains", fields={"text": "slow", "cost": 5, "ok": who}))
    deal.ok("rep-1", c.CloseItem(list="pains", item="1"))
    deal.said("met", fields={"day": "2026-03-01"}, proof=PAPER, note=WHY)
    deal.ok("rep-1", c.RecordArtifact(artifact="offer", fields={"price": 5}, file=PAPER))
    deal.ok("manager-1", c.DecideArtifact(artifact="offer", granted=False, note=WHY))
    deal.on()
    return deal


def test_the_document_of_a_deal_reads_back_as_the_same_deal(deal: Driver) -> None:
    document = msgspec.json.decode(msgspec.json.encode(to_document(deal.deal)))
    assert from_document(deal.deal.layout, document) == deal.deal


def test_a_document_says_by_name_what_people_and_stores_look_for(deal: Driver) -> None:
    document = to_document(deal.deal)
    assert {
        key: document[key] for key in ("id", "version", "process", "stage", "status", "owner", "title")
    } == {
        "id": "small-1", "version": deal.deal.version, "process": "small", "stage": "two", "status": "open",
        "owner": "rep-1", "title": "Example Ltd",
    }  # fmt: skip
    assert document["fields"]["amount"] == {"amount": "12.50", "currency": "CNY"}
    assert document["fields"]["home"] == {"ref": "p1", "digest": "7" * 64}


def test_what_is_no_document_of_a_deal_is_told(deal: Driver) -> None:
    document = {**to_document(deal.deal), "version": "many"}
    with pytest.raises(msgspec.ValidationError):
        from_document(deal.deal.layout, document)


def test_the_fold_of_the_log_is_the_deal(deal: Driver) -> None:
    assert fold(deal.deal.layout, deal.log) == deal.deal


def test_the_past_is_the_fold_of_the_log_until_then(deal: Driver) -> None:
    past = fold(deal.deal.layout, [e for e in deal.log if e.at <= deal.log[1].at])
    assert (past.version, past.stage, past.value("due")) == (2, "one", None)


def test_events_may_be_left_out_but_never_come_twice_or_backward(deal: Driver) -> None:
    layout = deal.deal.layout
    assert evolve(blank(layout), deal.log[0]).version == 1
    assert fold(layout, [deal.log[0], deal.log[-1]]).stage == "two"
    for event in (deal.log[-1], deal.log[0]):
        with pytest.raises(ValueError, match="after version"):
            evolve(deal.deal, event)


def test_an_imported_fact_of_long_ago_does_not_turn_the_deals_clock_back(deal: Driver) -> None:
    newest = deal.deal.last_at
    facts = (ImportedFact("fields_set", {"fields": {"size": 9}}, datetime(2020, 1, 1, tzinfo=UTC)),)
    deal.ok("rep-1", c.Import(id="small-1", facts=facts, origin="old-crm"))
    assert deal.deal.value("size") == 9
    assert deal.deal.last_at == newest
    deal.later(hours=-9)
    assert deal.on().at == newest


def test_folding_asks_no_guard_so_that_the_past_stays_what_it_was(deal: Driver) -> None:
    """A log of a process without criteria folds the same where the criteria would not hold."""
    strict = Driver(BODY + "exit_criteria: {never: {condition: size > 1000}}", opened=False)
    assert fold(strict.program.layout, deal.log).stage == "two"


def test_the_days_of_a_deal_are_told_apart_to_the_microsecond() -> None:
    deal = Driver(BODY, opened=False)
    deal.now += timedelta(microseconds=1)
    deal.ok("rep-1", c.Open(id="small-1", title="Ex"))
    document = msgspec.json.decode(msgspec.json.encode(to_document(deal.deal)))
    assert from_document(deal.deal.layout, document).opened_at == deal.log[0].at
