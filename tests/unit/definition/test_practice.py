"""The rules of the trade: each objects to what it is about, and to nothing else."""

from __future__ import annotations

import pytest

from dealwright.definition import read_process

_HEAD = """
dealwright: "1"
process: made
version: 1.0.0
title: Made
roles: {rep: {title: Rep}}
fields: {next_step_date: {type: date}, fit: {type: text}}
events: {agreed: {by: buyer}}
artifacts: {offer: {by: rep}}
tasks: {call: {title: Call, by: rep%s}}
outcomes:
  lost: {status: lost, reasons: [price, no_decision]}
  gone: {status: disqualified, reasons: [no_fit]}
stages:
"""
_TWO = "exit_criteria: {a: {condition: event(agreed)}, b: {condition: has(next_step_date)}}"
_ONE = "exit_criteria: {a: {condition: event(agreed)}}"


def stage(name: str, asked: str = _TWO, sla: str = "sla: 10d", extra: str = "") -> str:
    parts = ", ".join(filter(None, (f"id: {name}, title: T, phase: close, responsible: rep", sla, asked, extra)))
    return f"  - {{{parts}}}\n"


def codes(*stages: str, head: str = _HEAD % "", practice: bool = True) -> list[str]:
    last = stages[-1].replace("responsible: rep", "responsible: rep, wins: true")
    text = head + "".join(stages[:-1]) + last
    return [finding.code for finding in read_process(text.encode(), "f", practice=practice).findings]


def test_nothing_is_objected_to_unless_it_is_asked_for() -> None:
    poor = stage("a", _ONE, sla="")
    assert codes(poor, stage("b")) == ["few-criteria", "no-sla"]
    assert codes(poor, stage("b"), practice=False) == []


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        (_TWO, []),
        (_ONE, ["few-criteria"]),
        (_ONE + ", requires: [offer]", []),
        (_ONE + ", approvals: [{by: rep}]", []),
        (_ONE + ", tasks: [call]", []),
        (_ONE + ", auto: true", []),
        ("exit_criteria: {a: {condition: event(agreed)}, b: {condition: has(fit), severity: warn}}", ["few-criteria"]),
        (
            "exit_criteria: {"
            + ", ".join(f"c{at}: {{condition: {one}}}" for at, one in enumerate(["event(agreed)"] + ["has(fit)"] * 4))
            + "}",
            ["many-criteria"],
        ),
    ],
)
def test_two_to_four_things_are_asked_for(asked: str, found: list[str]) -> None:
    assert codes(stage("a", asked), stage("b")) == found


def test_limits_are_given_and_contacts_stay_within_them() -> None:
    assert codes(stage("a", sla="sla: [{if: has(fit), exit: 3d}, {exit: 5d}]"), stage("b")) == []
    assert codes(stage("a", extra="follow_up: [3d, 10d]"), stage("b")) == []
    assert codes(stage("a", extra="follow_up: [3d, 11d]"), stage("b")) == ["follow-up-after-sla"]


@pytest.mark.parametrize(
    ("due", "asked", "found"),
    [
        ("", "has(next_step_date)", []),
        ("", "days_until(next_step_date) <= 14", []),
        ("", "has(fit)", ["no-next-step"]),
        (", due: 3d", "has(fit)", []),
    ],
)
def test_a_next_step_has_a_date(due: str, asked: str, found: list[str]) -> None:
    criteria = f"exit_criteria: {{a: {{condition: event(agreed)}}, b: {{condition: '{asked}'}}}}, tasks: [call]"
    assert codes(stage("a", criteria), head=_HEAD % due) == found


@pytest.mark.parametrize(
    ("names", "found"),
    [
        (("pain", "budget", "decision"), ["methodology-as-stages"]),
        (("pain", "budget"), []),
        (("budget", "pain", "decision"), []),
        (("pain", "demo", "budget", "decision"), []),
        (("situation", "problem", "implication", "need_payoff"), ["methodology-as-stages"]),
        (("identify", "research", "connect"), []),
    ],
)
def test_stages_are_not_the_steps_of_a_methodology(names: tuple[str, ...], found: list[str]) -> None:
    assert codes(*map(stage, names)) == found


def test_endings_have_reasons() -> None:
    def found(lost: str, gone: str = "gone: {status: disqualified, reasons: [no_fit]}") -> list[str]:
        head = (_HEAD % "").split("outcomes:")[0] + f"outcomes:\n  {lost}\n  {gone}\nstages:\n"
        return codes(stage("a"), head=head)

    assert found("lost: {status: lost, reasons: [price, no_decision]}") == []
    assert found("lost: {status: lost, reasons: [price]}") == ["no-decision-unnamed"]
    assert found("lost: {status: lost}") == ["unnamed-reasons"]
    assert found("lost: {status: lost, reasons: [no_decision]}", "done: {status: completed}") == ["no-disqualification"]


def test_an_error_comes_before_any_rule_of_the_trade() -> None:
    assert codes(stage("a", _ONE, sla="", extra="colour: red"), stage("b")) == ["unknown-key"]
