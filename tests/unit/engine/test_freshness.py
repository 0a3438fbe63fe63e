"""Events, confirmations and stage approvals from before a move back do not count again from there on."""

from __future__ import annotations

import pytest
from deal_driver import PAPER, WHY, Driver

from dealwright.engine import commands as c

BODY = """
fields:
  budget_ok: {type: confirmation, by: buyer}
  pains:
    type: list
    of: {text: {type: text, required: true}, sure: {type: confirmation, by: buyer}}
  note: {type: text}
events: {met: {by: [buyer]}, shown: {by: [buyer]}}
artifacts: {offer: {by: [rep], fields: {price: {type: money, required: true}}, approvals: [{by: manager}]}}
stages:
  - {id: one, title: One, phase: qualify, responsible: [rep], exit_criteria: {met: {condition: event(met)}}}
  - id: two
    title: Two
    phase: discover
    responsible: [rep]
    exit_criteria: {shown: {condition: event(shown)}, noted: {condition: has(note)}}
  - id: three
    title: Three
    phase: propose
    responsible: [rep]
    requires: [offer]
    exit_criteria:
      budget: {condition: budget_ok}
      pain: {condition: "any(pains, sure)"}
    approvals: [{by: legal}]
  - {id: four, title: Four, phase: close, responsible: [rep], wins: true}
"""


@pytest.fixture
def deal() -> Driver:
    """At `four`, with everything met on the way."""
    deal = Driver(BODY)
    deal.said("met")
    deal.on()
    deal.said("shown")
    deal.set(note="as agreed")
    deal.on()
    supply(deal)
    deal.ok("rep-1", c.RecordArtifact(artifact="offer", fields={"price": "500"}))
    deal.ok("manager-1", c.DecideArtifact(artifact="offer", granted=True))
    deal.ok("legal-1", c.DecideStage(approval="legal", granted=True))
    deal.on()
    return deal


def supply(deal: Driver) -> None:
    who = deal.buyer()
    deal.set(budget_ok=who)
    deal.ok("rep-1", c.AddItem(list="pains", fields={"text": "slow", "sure": who}))


def test_an_event_from_before_going_back_does_not_count_for_that_stage(deal: Driver) -> None:
    deal.back("two")
    assert deal.unmet() == {"shown": "unmet"}
    deal.said("shown")
    assert deal.on().type == "advanced"


def test_plain_values_stay(deal: Driver) -> None:
    deal.back("two")
    assert "noted" not in deal.unmet()


def test_it_does_not_count_for_later_stages_either(deal: Driver) -> None:
    deal.back("one")
    assert deal.unmet() == {"met": "unmet"}
    deal.said("met")
    deal.on()
    assert deal.unmet() == {"shown": "unmet"}
    deal.said("shown")
    deal.on()
    assert deal.unmet() == {"budget": "unmet", "pain": "unmet", "approval.legal": "unmet"}


def test_it_still_counts_for_the_stages_before(deal: Driver) -> None:
    deal.back("two")
    assert deal.deal.fresh_from(0) == 0
    deal.back("one")
    assert deal.deal.fresh_from(0) == deal.deal.version


def test_a_confirmation_in_a_list_must_be_given_again(deal: Driver) -> None:
    deal.back("three")
    assert deal.unmet() == {"budget": "unmet", "pain": "unmet", "approval.legal": "unmet"}
    who = deal.buyer()
    deal.ok("rep-1", c.SetItem(list="pains", item="1", fields={"sure": who}))
    assert deal.unmet() == {"budget": "unmet", "approval.legal": "unmet"}
    deal.set(budget_ok=who)
    deal.ok("legal-2", c.DecideStage(approval="legal", granted=True))
    assert deal.on().type == "advanced"


def test_an_artifact_and_its_approval_stay(deal: Driver) -> None:
    deal.back("three")
    assert not {"requires.offer", "approved.offer"} & deal.unmet().keys()


def test_an_act_told_afterwards_counts_by_when_it_was_told(deal: Driver) -> None:
    happened = deal.now
    deal.later(days=3)
    deal.back("two")
    deal.said("shown", at=happened)
    assert deal.on().type == "advanced"


def test_a_branch_asks_for_fresh_evidence_too() -> None:
    deal = Driver("""
        events: {met: {by: [buyer]}}
        stages:
          - {id: zero, title: Zero, phase: prospect, responsible: [rep]}
          - id: one
            title: One
            phase: qualify
            responsible: [rep]
            decision: {branches: [{id: on, if: event(met), to: two}, {id: off, if: not event(met), to: lost}]}
          - {id: two, title: Two, phase: close, responsible: [rep], wins: true}
        """)
    deal.on()
    deal.said("met")
    deal.on()
    deal.back("one")
    assert deal.no("rep-1", c.Advance()).cause == "transition"  # to `lost`, which asks for a reason
    deal.said("met")
    deal.on()
    assert deal.deal.stage == "two"


def test_an_if_asks_for_fresh_evidence_too() -> None:
    deal = Driver("""
        events: {met: {by: [buyer]}}
        stages:
          - {id: zero, title: Zero, phase: prospect, responsible: [rep]}
          - id: one
            title: One
            phase: qualify
            responsible: [rep]
            exit_criteria: {amount: {condition: has(amount), if: event(met)}}
            approvals: [{by: legal, if: event(met)}]
          - {id: two, title: Two, phase: close, responsible: [rep], wins: true}
        """)
    deal.on()
    deal.said("met")
    assert deal.unmet() == {"amount": "unmet", "approval.legal": "unmet"}
    deal.back("zero")
    deal.on()
    assert deal.no("legal-1", c.DecideStage(approval="legal", granted=True)).cause == "transition"
    assert deal.on().type == "advanced"


def test_a_voided_act_counts_no_more() -> None:
    deal = Driver(BODY)
    activity = deal.said("met")
    deal.ok("rep-1", c.VoidActivity(activity=activity, reason=WHY))
    assert deal.unmet() == {"met": "unmet"}
    again = deal.said("met")
    assert again != activity
    assert deal.on().type == "advanced"


def test_an_act_that_asks_for_proof_brings_it() -> None:
    deal = Driver(BODY.replace("met: {by: [buyer]}", "met: {by: [buyer], proof: file}"))
    who = deal.buyer()
    with pytest.raises(Exception, match="needs --proof"):
        deal.do("rep-1", c.LogActivity(name="met", contact=who))
    deal.ok("rep-1", c.LogActivity(name="met", contact=who, proof=PAPER))
    assert deal.on().type == "advanced"


def test_evidence_is_derived_from_what_a_criterion_rests_on(deal: Driver) -> None:
    deal.back("three")
    found = {r.id: r.evidence for r in deal.way("four").criteria}
    assert found == {
        "budget": "buyer", "pain": "buyer", "requires.offer": "document", "approved.offer": "approval",
        "approval.legal": "approval",
    }  # fmt: skip
