"""Criteria made of parts, and criteria asked of every entry of a list."""

from __future__ import annotations

import pytest
from deal_driver import WHY, Driver, by_id

from dealwright.engine import commands as c

HEAD = """
fields:
  a: {type: boolean}
  b: {type: boolean}
  c: {type: boolean}
  big: {type: boolean}
  pains:
    type: list
    of: {text: {type: text, required: true}, impact: {type: number}, solved: {type: boolean}}
stages:
  - id: one
    title: One
    phase: qualify
    responsible: [rep]
    exit_criteria:
"""
TAIL = """
  - {id: two, title: Two, phase: discover, responsible: [rep]}
  - {id: three, title: Three, phase: close, responsible: [rep], wins: true}
"""


def of(criterion: str, **fields: object) -> Driver:
    """A deal in a stage with one criterion, written as the lines of a map."""
    lines = "\n".join(f"      {line}" for line in criterion.strip("\n").splitlines())
    return Driver(HEAD + lines + TAIL, **fields)


def two_of_three(**fields: object) -> Driver:
    return of("""
proof:
  at_least: 2
  of:
    a: {condition: a}
    b: {condition: b}
    c: {condition: c}
  waivable_by: [manager]
""", **fields)  # fmt: skip


@pytest.mark.parametrize(("fields", "status"), [
    ({}, "unknown"),
    ({"a": True}, "unknown"),
    ({"a": True, "b": False}, "unknown"),
    ({"a": True, "b": True}, "met"),
    ({"a": True, "b": True, "c": False}, "met"),
    ({"a": False, "b": False}, "unmet"),
    ({"a": True, "b": False, "c": False}, "unmet"),
])  # fmt: skip
def test_n_of_m_by_kleene(fields: dict[str, bool], status: str) -> None:
    deal = two_of_three(**fields)
    assert by_id(deal.way("two"))["proof"].status == status
    if status == "met":
        assert [one.id for one in deal.on().data.criteria] == ["proof"]  # type: ignore[attr-defined]
    else:
        assert deal.unmet() == {"proof": status}


def test_it_says_how_many_and_which() -> None:
    deal = two_of_three(a=True, b=False)
    proof = by_id(deal.no("rep-1", c.Advance()))["proof"]
    assert proof.expected.en.startswith("at least 2 of 3: ")
    assert proof.expected.zh.startswith("3 项中至少满足 2 项")
    assert proof.found == {"a": "met", "b": "unmet", "c": "unknown"}
    assert [remedy.args for remedy in proof.fix.remedies] == [("--set", "b=true")]  # one is enough


def test_advice_followed_leads_to_met() -> None:
    deal = two_of_three()
    for remedy in by_id(deal.way("two"))["proof"].fix.remedies:
        deal.set(**{remedy.args[1].partition("=")[0]: True})
    deal.on()


def test_a_waiver_lets_the_whole_go_never_a_part() -> None:
    deal = two_of_three(a=False, b=False, c=False)
    deal.ok("manager-1", c.Waive(criterion="proof", reason=WHY))
    assert deal.on().data.criteria[0].status == "waived"  # type: ignore[attr-defined]


def test_a_part_that_is_switched_off_does_not_count() -> None:
    deal = of("""
proof:
  at_least: all
  of:
    a: {condition: a}
    b: {condition: b, if: big}
""", a=True, big=False)  # fmt: skip
    assert by_id(deal.way("two"))["proof"].found == {"a": "met"}
    deal.set(big=None)
    assert by_id(deal.way("two"))["proof"].expected.en.startswith("all of: ")
    deal.set(big=False)
    deal.set(big=True)
    assert deal.unmet() == {"proof": "unknown"}


def test_more_than_there_are_means_all_that_apply() -> None:
    deal = of("""
proof:
  at_least: 2
  of:
    a: {condition: a}
    b: {condition: b, if: big}
""", a=True, big=False)  # fmt: skip
    deal.on()


def test_without_any_part_that_applies_nothing_is_asked() -> None:
    deal = of("""
proof:
  at_least: any
  of:
    a: {condition: a, if: big}
    b: {condition: b, if: big}
""", big=False)  # fmt: skip
    assert by_id(deal.way("two")) == {}
    deal.on()


def test_parts_may_be_combined_themselves() -> None:
    deal = of("""
proof:
  at_least: any
  of:
    a: {condition: a}
    both:
      at_least: all
      of:
        b: {condition: b}
        c: {condition: c}
""", a=False, b=True)  # fmt: skip
    assert by_id(deal.way("two"))["proof"].found == {"a": "unmet", "both": "unknown"}
    deal.set(c=True)
    deal.on()


def test_evidence_is_the_strongest_without_which_it_cannot_hold() -> None:
    body = (
        """
events: {accepted: {by: [buyer], title: Accepted}}
stages:
  - id: one
    title: One
    phase: qualify
    responsible: [rep]
    exit_criteria:
      every: {at_least: all, of: {said: {condition: event(accepted)}, known: {condition: has(amount)}}}
      one: {at_least: any, of: {said: {condition: event(accepted)}, known: {condition: has(amount)}}}
"""
        + TAIL
    )
    found = by_id(Driver(body).way("two"))
    assert (found["every"].evidence, found["one"].evidence) == ("buyer", "seller")


def each() -> Driver:
    return of("solved: {for_each: pains, if: impact >= 3, condition: solved}")


def test_every_entry_to_which_it_applies_must_hold() -> None:
    deal = each()
    assert by_id(deal.way("two"))["solved"].status == "unknown"  # of nothing, nobody knows
    deal.ok("rep-1", c.AddItem(list="pains", fields={"text": "Slow", "impact": 5, "solved": False}))
    deal.ok("rep-1", c.AddItem(list="pains", fields={"text": "Ugly", "impact": 1, "solved": False}))
    assert deal.unmet() == {"solved": "unmet"}
    deal.ok("rep-1", c.SetItem(list="pains", item="1", fields={"solved": True}))
    deal.on()


def test_it_may_be_a_part_and_may_be_waived_in_the_whole() -> None:
    deal = of("""
proof:
  at_least: any
  of:
    a: {condition: a}
    solved: {for_each: pains, condition: solved}
""", a=False)  # fmt: skip
    assert deal.unmet() == {"proof": "unknown"}
    deal.ok("rep-1", c.AddItem(list="pains", fields={"text": "Slow", "solved": True}))
    deal.on()
