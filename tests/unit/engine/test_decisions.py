"""Branches: in order, each with `if`; undecided, several at once, a person's choice, reasons."""

from __future__ import annotations

import pytest
from deal_driver import WHY, Driver, by_id

from dealwright.engine import commands as c
from dealwright.errors import UsageError

BY_FACTS = """
fields:
  fit: {{type: choice, values: [good, bad, again, odd]}}
  size: {{type: number}}
events: {{met: {{by: [buyer]}}}}
stages:
  - {{id: zero, title: Zero, phase: prospect, responsible: [rep]}}
  - id: one
    title: One
    phase: qualify
    responsible: [rep]
    exit_criteria: {{met: {{condition: event(met)}}}}
    decision:
      ask: Does it fit?
      hit: {hit}
      branches:
        - {{id: large, if: size > 100, to: three}}
        - {{id: fits, if: fit == "good", to: two}}
        - {{id: unfit, if: fit == "bad", to: disqualified, reason: no_fit}}
        - {{id: early, if: fit == "again", to: zero, reason: too_early}}
        - {{id: back, if: fit == "odd", to: zero}}
  - {{id: two, title: Two, phase: discover, responsible: [rep]}}
  - {{id: three, title: Three, phase: close, responsible: [rep], wins: true}}
  - {{id: four, title: Four, phase: deliver, responsible: [ops]}}
"""
UNIQUE = BY_FACTS.format(hit="unique")
FIRST = BY_FACTS.format(hit="first")
BY_PERSON = """
fields: {fit: {type: text}}
stages:
  - {id: zero, title: Zero, phase: prospect, responsible: [rep]}
  - id: one
    title: One
    phase: qualify
    responsible: [rep]
    decision:
      ask: Which way?
      by: [manager]
      branches:
        - {id: on, to: two}
        - {id: off, to: disqualified, reason: no_fit}
        - {id: gone, to: lost}
        - {id: round, to: zero}
        - {id: again, to: one}
        - {id: far, to: four}
  - {id: two, title: Two, phase: discover, responsible: [rep]}
  - {id: three, title: Three, phase: close, responsible: [rep], wins: true}
  - {id: four, title: Four, phase: deliver, responsible: [ops]}
"""


def one(body: str, **fields: object) -> Driver:
    deal = Driver(body, **fields)
    deal.on()
    return deal


def ready(body: str, **fields: object) -> Driver:
    deal = one(body, **fields)
    deal.said("met")
    return deal


def test_the_one_branch_that_holds_is_taken_and_recorded() -> None:
    deal = ready(UNIQUE, fit="good", size=5)
    event = deal.on()
    assert (event.type, event.data.branch, deal.deal.stage) == ("advanced", "fits", "two")  # type: ignore[attr-defined]


def test_a_branch_that_is_unknown_does_not_hold() -> None:
    deal = ready(UNIQUE, fit="good")
    deal.on()
    assert deal.deal.stage == "two"


def test_a_branch_does_not_spare_the_exit_criteria() -> None:
    assert one(UNIQUE, fit="good", size=5).unmet() == {"met": "unmet"}


def test_no_branch_that_holds_is_undecided_and_lists_what_else_is_unmet() -> None:
    deal = one(UNIQUE, size=5)
    refusal = deal.no("rep-1", c.Advance())
    assert (refusal.cause, refusal.to) == ("criteria", None)
    assert refusal.message.en.startswith("undecided: Does it fit?")
    assert {name: r.status for name, r in by_id(refusal).items()} == {"decision": "unknown", "met": "unmet"}
    assert by_id(refusal)["decision"].fix.remedies[0].verb == "deal set"


def test_branches_that_are_all_false_are_unmet_not_unknown() -> None:
    deal = ready(UNIQUE.replace("values: [good", "values: [none, good"), fit="none", size=5)
    assert deal.unmet() == {"decision": "unmet"}


def test_several_branches_at_once_are_refused() -> None:
    deal = ready(UNIQUE, fit="good", size=500)
    refusal = deal.no("rep-1", c.Advance())
    assert refusal.message.en == "2 branches hold at once: large, fits"
    assert [r.id for r in refusal.criteria] == ["decision"]


def test_the_first_branch_is_taken_where_the_process_says_so() -> None:
    deal = ready(FIRST, fit="good", size=500)
    assert deal.on().data.branch == "large"  # type: ignore[attr-defined]
    assert deal.deal.stage == "three"


def test_an_unknown_branch_may_be_the_first_so_nothing_after_it_is_taken() -> None:
    deal = ready(FIRST, fit="good")
    assert deal.unmet() == {"decision": "unknown"}
    deal.set(size=5)
    deal.on()
    assert deal.deal.stage == "two"


def test_a_branch_to_an_outcome_carries_its_reason_and_needs_no_exit_criterion() -> None:
    deal = one(UNIQUE, fit="bad", size=5)
    with pytest.raises(AssertionError):  # the outcome is possible from `one` only
        deal.ok("rep-1", c.Move(to="disqualified", reason="price"))
    event = deal.on()
    assert (event.type, event.data.branch, deal.deal.reason) == ("disqualified", "unfit", "no_fit")  # type: ignore[attr-defined]


def test_a_branch_backward_regresses_with_its_reason() -> None:
    deal = one(UNIQUE, fit="again", size=5)
    event = deal.on()
    assert (event.type, event.data.reason, deal.deal.stage) == ("regressed", "too_early", "zero")  # type: ignore[attr-defined]


def test_a_branch_backward_without_a_reason_asks_for_one() -> None:
    deal = one(UNIQUE, fit="odd", size=5)
    with pytest.raises(UsageError):
        deal.do("rep-1", c.Advance())
    assert deal.ok("rep-1", c.Advance(reason=WHY)).type == "regressed"


def test_where_the_facts_decide_nobody_chooses() -> None:
    deal = ready(UNIQUE, fit="good", size=5)
    with pytest.raises(UsageError):
        deal.do("rep-1", c.Advance(branch="large"))


def test_without_a_decision_nobody_chooses() -> None:
    with pytest.raises(UsageError):
        Driver().do("rep-1", c.Advance(branch="on"))


def test_moving_by_name_follows_the_decision() -> None:
    deal = ready(UNIQUE, fit="good", size=5)
    assert deal.no("rep-1", c.Move(to="three", reason=WHY)).cause == "transition"
    assert deal.ok("rep-1", c.Move(to="two")).data.branch == "fits"  # type: ignore[attr-defined]


# a person chooses


def test_a_person_is_asked_where_no_branch_has_a_condition() -> None:
    deal = one(BY_PERSON)
    refusal = deal.no("manager-1", c.Advance())
    question = by_id(refusal)["decision"]
    assert (question.status, question.fix.roles) == ("unknown", ("manager",))
    assert question.fix.remedies[0].args == ("--branch", "<branch:choice>")


def test_the_roles_of_the_decision_may_answer_and_move_the_deal() -> None:
    deal = one(BY_PERSON)
    assert deal.no("rep-1", c.Advance(branch="on")).roles == ("manager",)
    event = deal.ok("manager-1", c.Advance(branch="on"))
    assert (event.type, event.role, deal.deal.stage) == ("advanced", "manager", "two")


def test_without_roles_of_its_own_a_decision_is_answered_by_those_responsible() -> None:
    deal = one(BY_PERSON.replace("by: [manager]", ""))
    assert deal.no("manager-1", c.Advance(branch="on")).roles == ("rep",)
    assert deal.ok("rep-1", c.Advance(branch="on")).type == "advanced"


def test_an_answer_may_end_the_deal() -> None:
    deal = one(BY_PERSON.replace("from: [one]", ""))
    event = deal.ok("manager-1", c.Advance(branch="off"))
    assert (event.type, event.role, deal.deal.reason) == ("disqualified", "manager", "no_fit")


def test_an_answer_that_ends_the_deal_needs_a_reason_of_the_list() -> None:
    deal = one(BY_PERSON)
    assert deal.no("manager-1", c.Advance(branch="gone")).cause == "transition"
    deal.ok("manager-1", c.Advance(branch="gone", reason="price"))
    assert (deal.deal.status, deal.deal.reason) == ("lost", "price")


def test_an_answer_may_lead_back_or_to_the_same_stage_again() -> None:
    for branch, stage in (("round", "zero"), ("again", "one")):
        deal = one(BY_PERSON)
        event = deal.ok("manager-1", c.Advance(branch=branch, reason=WHY))
        assert (event.type, deal.deal.stage) == ("regressed", stage)


def test_an_answer_that_passes_over_the_winning_stage_wins() -> None:
    deal = one(BY_PERSON)
    assert deal.ok("manager-1", c.Advance(branch="far")).type == "won"


def test_no_branch_leads_a_won_deal_back_over_the_winning_stage() -> None:
    deal = Driver("""
        stages:
          - {id: one, title: One, phase: close, responsible: [rep], wins: true}
          - id: two
            title: Two
            phase: deliver
            responsible: [rep]
            decision: {branches: [{id: back, to: one, reason: broken}, {id: on, to: three}]}
          - {id: three, title: Three, phase: retain, responsible: [rep]}
        """)
    deal.on()
    refusal = deal.no("rep-1", c.Advance(branch="back"))
    assert (refusal.cause, refusal.kind, refusal.to) == ("transition", "regress", "one")
    assert [o.to for o in deal.ways()] == ["three", None]


def test_an_answer_that_is_none_of_the_branches_gets_a_suggestion() -> None:
    with pytest.raises(UsageError, match="did you mean off"):
        one(BY_PERSON).do("manager-1", c.Advance(branch="of"))


# what `why` says of it


def test_every_branch_is_a_way_with_its_own_condition_as_a_criterion() -> None:
    deal = ready(UNIQUE, fit="good", size=5)
    ways = {o.branch: o for o in deal.ways() if o.branch}
    assert [(o.kind, o.to, o.allowed) for o in ways.values()] == [
        ("advance", "three", False), ("advance", "two", True), ("disqualify", "disqualified", False),
        ("regress", "zero", False), ("regress", "zero", False),
    ]  # fmt: skip
    assert by_id(ways["large"])["branch.large"].status == "unmet"
    assert by_id(ways["fits"])["branch.fits"].status == "met"


def test_no_way_is_allowed_while_several_branches_hold() -> None:
    deal = ready(UNIQUE, fit="good", size=500)
    assert not any(o.allowed for o in deal.ways() if o.branch)
    deal = ready(FIRST, fit="good", size=500)
    assert [o.branch for o in deal.ways() if o.branch and o.allowed] == ["large"]


def test_where_a_person_chooses_every_branch_is_a_way_for_the_roles_of_the_decision() -> None:
    ways = [o for o in one(BY_PERSON).ways("manager-1") if o.branch]
    assert [(o.kind, o.branch, o.allowed, o.actor_may) for o in ways] == [
        ("advance", "on", True, True), ("win", "far", True, True), ("disqualify", "off", True, True),
        ("lose", "gone", True, True), ("regress", "round", True, True), ("regress", "again", True, True),
    ]  # fmt: skip
    assert all(o.roles == ("manager",) for o in ways)
