"""A deal carried over to another definition: what it keeps, what is asked, what its log says."""

from __future__ import annotations

from typing import Any

import pytest
from deal_driver import HEAD, NINE, OUTCOMES, PAPER, WHY, Driver, process_of

from dealwright.definition import read_process, resolve
from dealwright.engine import commands as c
from dealwright.engine import decide, evolve, fold, from_document, prepare, to_document
from dealwright.engine.program import Program
from dealwright.errors import UsageError
from dealwright.events import Event, Transferred
from dealwright.model.deal import Ref
from dealwright.model.verdict import Refusal

OLD = """
fields:
  fit: {type: choice, values: [yes, no]}
  budget: {type: money}
  size: {type: number}
  remark: {type: text}
  secret: {type: text, personal: true}
  pains: {type: list, items: open_closed, of: {text: {type: text}, impact: {type: number}}}
events:
  accepted: {by: [buyer], title: Accepted, fields: {place: {type: text}}}
  gone: {by: [rep], title: Gone}
artifacts:
  offer: {by: [rep], fields: {price: {type: money}, note: {type: text}}, approvals: [{by: manager}]}
  memo: {by: [rep], fields: {text: {type: text}}}
stages:
  - {id: one, title: One, phase: qualify, responsible: [rep]}
  - {id: two, title: Two, phase: discover, responsible: [rep]}
  - {id: three, title: Three, phase: close, responsible: [rep], wins: true}
  - {id: four, title: Four, phase: deliver, responsible: [ops]}
"""
NEW = """
fields:
  fit: {type: choice, values: [yes, perhaps]}
  spend: {type: money, renamed_from: budget}
  size: {type: text}
  owner_note: {type: text, personal: true, renamed_from: remark}
  secret: {type: text, personal: true}
  pains: {type: list, items: open_closed, of: {text: {type: text}, weight: {type: number, renamed_from: impact}}}
  must: {type: boolean, required: true}
events: {accepted: {by: [buyer], title: Accepted, fields: {place: {type: text}}}}
artifacts: {offer: {by: [rep], fields: {cost: {type: money, renamed_from: price}}, approvals: [{by: manager}]}}
tasks: {visit: {title: Visit, by: [rep]}}
stages:
  - {id: first, title: First, phase: qualify, responsible: [rep], renamed_from: one}
  - id: second
    title: Second
    phase: discover
    responsible: [rep]
    sla: 4d
    renamed_from: two
    tasks: [visit]
    entry_criteria: {spend: {condition: spend >= 100}}
    exit_criteria: {accepted: {condition: event(accepted)}}
  - {id: sign, title: Sign, phase: close, responsible: [manager], wins: true}
  - {id: give, title: Give, phase: deliver, responsible: [ops]}
"""


def other(body: str = NEW, head: str = HEAD.replace("process: small", "process: big")) -> Program:
    reading = read_process((head + body + OUTCOMES.replace("[one]", "[first]")).encode(), "big.process.yaml")
    assert reading.process is not None, [(f.line, f.code, f.message) for f in reading.findings]
    return prepare(resolve(reading.process, []))


@pytest.fixture
def deal() -> Driver:
    return _deal()


def _deal() -> Driver:
    deal = Driver(OLD, fit="no", budget=500, size=3, remark="hm", secret=Ref("s", "1" * 64))
    deal.ok("rep-1", c.AddItem(list="pains", fields={"text": "Slow", "impact": 4}))
    deal.ok("rep-1", c.CloseItem(list="pains", item="1"))
    deal.said("accepted", fields={"place": "Here"})
    deal.ok("rep-1", c.LogActivity(name="gone", by="seller"))
    deal.ok("rep-1", c.LogActivity(name="call"))
    deal.ok("rep-1", c.RecordArtifact(artifact="offer", fields={"price": 9, "note": "x"}))
    deal.ok("manager-1", c.DecideArtifact(artifact="offer", granted=True))
    deal.ok("rep-1", c.RecordArtifact(artifact="memo", fields={"text": "x"}))
    deal.on()
    return deal


def carry(deal: Driver, target: Program, person: str = "rep-1", **more: Any) -> tuple[Event, ...] | Refusal:
    return decide(target, deal.deal, c.Transfer(reason=WHY, **more), deal.context(person))


def over(deal: Driver, target: Program, person: str = "rep-1", **more: Any) -> Transferred:
    """The deal goes over; the payload of the event."""
    events = carry(deal, target, person, **more)
    assert isinstance(events, tuple), events
    for event in events:
        deal.deal = evolve(deal.deal, event, target.layout)
    deal.log += events
    deal.program = target
    assert isinstance(events[0].data, Transferred)
    return events[0].data


def test_a_required_field_of_the_new_definition_and_its_entry_criteria_are_asked(deal: Driver) -> None:
    refusal = carry(deal, other())
    assert isinstance(refusal, Refusal)
    assert (refusal.kind, refusal.to, {r.id: r.status for r in refusal.criteria}) == (
        "transfer", "second", {"required.must": "unmet"},
    )  # fmt: skip


@pytest.fixture
def target() -> Program:
    return other(NEW.replace("  must: {type: boolean, required: true}\n", ""))


def test_what_fits_is_kept_under_its_new_names(deal: Driver, target: Program) -> None:
    data = over(deal, target)
    assert (data.from_process, data.process, data.from_, data.to) == ("small", "big", "two", "second")
    now = deal.deal
    assert now.layout is target.layout
    assert now.value("spend").amount == 500
    assert (now.value("size"), now.value("fit"), now.value("owner_note")) == (None, None, None)
    assert now.value("secret") == Ref("s", "1" * 64)
    assert [(i.id, i.values, i.closed) for i in now.value("pains")] == [("1", ("Slow", 4), True)]
    offer = now.artifact("offer")
    assert offer is not None
    assert offer.values[0].amount == 9
    assert [d.granted for d in offer.decisions] == [True]
    assert [(f.kind, f.values) for f in now.facts] == [("accepted", ("Here",)), ("call", ())]
    assert now.stakeholders


def test_what_does_not_fit_is_named(deal: Driver, target: Program) -> None:
    assert over(deal, target).dropped == ("fit", "size", "remark", "offer.note", "memo", "gone")


def test_it_enters_the_stage_there_with_its_dates_and_tasks(deal: Driver, target: Program) -> None:
    data = over(deal, target)
    assert data.clocks.due_at == deal.deal.due_at
    assert deal.deal.entered_at == deal.log[-1].at
    assert [e.type for e in deal.log[-2:]] == ["transferred", "task_added"]
    assert {e.definition_hash for e in deal.log[-2:]} == {target.layout.definition_hash}
    deal.ok("rep-1", c.CloseTask(task="visit"))
    deal.on()
    assert deal.deal.stage == "sign"


def test_evidence_that_went_stale_stays_stale(target: Program) -> None:
    deal = _deal()
    deal.back("one")
    deal.on()
    over(deal, target)
    deal.ok("rep-1", c.CloseTask(task="visit"))
    assert deal.unmet() == {"accepted": "unmet"}


def test_the_log_folds_with_the_layout_of_each_definition(deal: Driver, target: Program) -> None:
    first = deal.deal.layout
    over(deal, target)
    layouts = {first.definition_hash: first, target.layout.definition_hash: target.layout}
    assert fold(first, deal.log, layouts.__getitem__) == deal.deal
    with pytest.raises(ValueError, match="needs the layout"):
        fold(first, deal.log)
    assert from_document(target.layout, to_document(deal.deal)) == deal.deal


def test_another_stage_may_be_named_but_has_to_be_there(deal: Driver, target: Program) -> None:
    over(deal, target, to="first")
    assert deal.deal.stage == "first"
    with pytest.raises(UsageError, match="there is no stage"):
        carry(_deal(), target, to="nowhere")
    with pytest.raises(UsageError, match="--stage"):
        carry(_deal(), other(NEW.replace(", renamed_from: two", "").replace("    renamed_from: two\n", "")))


def test_it_takes_a_role_of_both_stages(deal: Driver, target: Program) -> None:
    for person in ("manager-1", "guest-1", "ops-1"):
        refusal = carry(deal, target, person)
        assert isinstance(refusal, Refusal)
        assert (refusal.cause, refusal.roles) == ("role", ("rep",))
    body = NEW.replace("  must: {type: boolean, required: true}\n", "").replace(
        "responsible: [rep]\n", "responsible: [legal]\n"
    )
    refusal = carry(deal, other(body))
    assert isinstance(refusal, Refusal)
    assert refusal.roles == ("legal",)
    assert isinstance(carry(deal, other(body), "chief-1"), tuple)


def test_the_same_definition_is_no_place_to_go_to(deal: Driver) -> None:
    refusal = carry(deal, prepare(process_of(OLD)))
    assert isinstance(refusal, Refusal)
    assert refusal.cause == "transition"


def test_an_open_deal_goes_to_no_stage_after_winning_a_won_one_to_no_other(deal: Driver, target: Program) -> None:
    refusal = carry(deal, target, to="give")
    assert isinstance(refusal, Refusal)
    deal.on()
    deal.on()
    assert deal.deal.status == "won"
    assert isinstance(carry(deal, target, "ops-1", to="give"), tuple)
    refusal = carry(deal, target, "ops-1", to="first")
    assert isinstance(refusal, Refusal)
    assert refusal.cause == "transition"


@pytest.mark.parametrize("end", [
    c.End(status="lost", reason="price"), c.Hold(until=NINE.date().replace(year=2027), reason=WHY),
], ids=["lost", "held"])  # fmt: skip
def test_only_running_deals_go_over(deal: Driver, target: Program, end: c.Command) -> None:
    deal.ok("rep-1", end)
    refusal = carry(deal, target)
    assert isinstance(refusal, Refusal)
    assert refusal.cause == "status"


def test_a_locked_deal_and_one_on_a_detour_do_not(target: Program) -> None:
    locked = "phase: discover, responsible: [rep], locked: true, approvals: [{by: legal}]}"
    deal = Driver(OLD.replace("phase: discover, responsible: [rep]}", locked), budget=500)
    deal.on()
    refusal = carry(deal, target)
    assert isinstance(refusal, Refusal)
    assert refusal.message.en == "the deal is locked until this is answered: legal"
    deal.ok("legal-1", c.DecideStage(approval="legal", granted=True))
    assert isinstance(carry(deal, target), tuple)
    aside = Driver(
        OLD.replace("phase: discover, responsible: [rep]}", "phase: discover, responsible: [rep], detour: [one]}")
    )
    aside.ok("rep-1", c.Move(to="two"))
    refusal = carry(aside, target)
    assert isinstance(refusal, Refusal)
    assert refusal.message.en.startswith("the deal is on a detour")
    assert PAPER.size


def test_where_the_stage_that_was_gone_back_to_is_not_there_all_evidence_is_stale() -> None:
    body = NEW.replace("  must: {type: boolean, required: true}\n", "").replace(", renamed_from: one", "")
    deal = _deal()
    deal.back("one")
    deal.on()
    over(deal, other(body))
    deal.ok("rep-1", c.CloseTask(task="visit"))
    assert deal.unmet() == {"accepted": "unmet"}


def test_an_entry_that_would_lack_what_is_required_is_left_behind_whole(target: Program) -> None:
    deal = Driver(OLD, budget=500)
    deal.ok("rep-1", c.AddItem(list="pains", fields={"impact": 4}))
    deal.ok("rep-1", c.AddItem(list="pains", fields={"text": "Slow"}))
    deal.on()
    strict = NEW.replace("  must: {type: boolean, required: true}\n", "").replace(
        "of: {text: {type: text}", "of: {text: {type: text, required: true}"
    )
    assert over(deal, other(strict)).dropped == ("pains 1",)
    assert [item.id for item in deal.deal.value("pains")] == ["2"]


@pytest.mark.parametrize(("by", "kept"), [("buyer", True), ("[manager]", False)])
def test_a_confirmation_counts_only_where_the_same_may_give_it(by: str, kept: bool) -> None:
    field = "fields:\n  agreed: {type: confirmation, by: %s}\n"
    deal = Driver(OLD.replace("fields:\n", field % "buyer", 1), budget=500)
    deal.set(agreed=deal.buyer())
    deal.on()
    body = NEW.replace("  must: {type: boolean, required: true}\n", "").replace("fields:\n", field % by, 1)
    over(deal, other(body))
    assert (deal.deal.value("agreed") is not None) is kept
