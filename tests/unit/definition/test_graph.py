"""The soundness of processes that a generator writes: traps, circles, and a thousand stages."""

from __future__ import annotations

import time

import pytest

from dealwright.definition import Finding, read_process

_HEAD = """
dealwright: "1"
process: made
version: 1.0.0
title: Made
roles: {rep: {title: Rep}}
events: {agreed: {by: buyer}}
outcomes: {lost: {status: lost, reasons: [price]}, done: {status: completed}}
exit_criteria: {agreed: {condition: event(agreed)}}
stages:
"""


def stage(name: str, *branches: str, extra: str = "") -> str:
    decision = ""
    if branches:
        written = ", ".join(f"{{id: {to}, to: {to}}}" for to in branches)
        decision = f", decision: {{branches: [{written}]}}"
    return f"  - {{id: {name}, title: {name}, phase: close, responsible: rep{extra}{decision}}}\n"


def findings(*stages: str, wins: bool = True, head: str = _HEAD) -> list[Finding]:
    last = stages[-1].replace("responsible: rep", "responsible: rep, wins: true") if wins else stages[-1]
    return read_process((head + "".join(stages[:-1]) + last).encode(), "f").findings


def at(*stages: str) -> list[tuple[str, str]]:
    """(code, stage) of each finding; all stand at the id of a stage."""
    lines = (_HEAD + "".join(stages)).splitlines()
    return [(f.code, lines[f.line - 1].split("id: ")[1].split(",")[0]) for f in findings(*stages)]


def test_a_chain_is_sound() -> None:
    assert at(stage("a"), stage("b"), stage("c")) == []


def test_a_decision_replaces_the_next_stage() -> None:
    assert at(stage("a", "c"), stage("b"), stage("c")) == [("unreachable-stage", "b")]


def test_a_skip_leads_to_a_later_stage() -> None:
    assert at(stage("a", "c", extra=", skip_to: {b: rep}"), stage("b"), stage("c")) == []


def test_a_stage_that_may_be_returned_to_is_reached_only_if_it_says_so() -> None:
    assert at(stage("a", "c"), stage("b"), stage("c", extra=", back_to: [b]")) == []
    assert at(stage("a", "c"), stage("b"), stage("c", extra=", back_to: [a]")) == [("unreachable-stage", "b")]


def test_each_start_is_reached() -> None:
    head = _HEAD.replace("stages:", "start: [c, b]\nstages:")
    assert [f.code for f in findings(stage("a"), stage("b"), stage("c"), head=head)] == ["unreachable-stage"]


def test_a_way_to_an_outcome_is_a_way_out() -> None:
    assert at(stage("a", "b", "lost"), stage("b", "a", "done")) == []


@pytest.mark.parametrize("to_end", [False, True])
def test_a_circle_is_a_trap_unless_one_way_leads_out(to_end: bool) -> None:
    out = ["d"] if to_end else []
    found = at(stage("a"), stage("b", "c"), stage("c", "b", *out), stage("d"))
    assert found == ([] if to_end else [("no-path-to-outcome", "b"), ("unreachable-stage", "d")])


def test_what_leads_into_a_trap_is_not_one_itself() -> None:
    assert at(stage("a"), stage("b"), stage("c", "c")) == [("stage-without-exit", "c")]


def test_two_traps_are_two_findings() -> None:
    found = at(stage("a", "b", "d"), stage("b", "c"), stage("c", "b"), stage("d", "e"), stage("e", "d"))
    assert found == [("no-path-to-outcome", "b"), ("no-path-to-outcome", "d")]


def test_nothing_is_concluded_from_a_way_that_is_wrong_itself() -> None:
    assert [f.code for f in findings(stage("a", "typo_in_name"), stage("b"))] == ["undeclared-stage"]
    assert [f.code for f in findings(stage("a", "b").replace("to: b", "tu: b"), stage("b"))] == [
        "missing-key", "unknown-key",
    ]  # fmt: skip


def test_an_error_elsewhere_hides_no_trap() -> None:
    head = _HEAD.replace("title: Made", "titel: Made")
    codes = {f.code for f in findings(stage("a"), stage("b", "b"), head=head)}
    assert codes == {"unknown-key", "missing-key", "stage-without-exit"}


def test_buyer_evidence_is_asked_up_to_the_winning_stage() -> None:
    head = _HEAD.replace("exit_criteria: {agreed: {condition: event(agreed)}}\n", "")
    win = stage("b").replace("responsible: rep", "responsible: rep, wins: true")
    found = findings(stage("a"), win, stage("c"), wins=False, head=head)
    assert [f.code for f in found] == ["no-buyer-evidence"] * 2
    nobody = findings(stage("a"), stage("b"), stage("c"), wins=False, head=head)
    assert [f.code for f in nobody] == ["no-winning-stage", *["no-buyer-evidence"] * 3]


@pytest.mark.parametrize(
    ("criterion", "enough"),
    [
        ("condition: event(agreed)", True),
        ("condition: event(agreed), severity: warn", False),
        ("condition: event(agreed), if: amount > 5", False),
        ("condition: event(agreed) or amount > 5", False),
        ("condition: event(agreed) and amount > 5", True),
        ("condition: amount > 5", False),
        ("condition: event(agreed), stages: {from: b, to: b}", False),
        ("condition: event(agreed), stages: {from: a, to: b}", True),
    ],
)
def test_what_counts_as_the_buyers_word(criterion: str, enough: bool) -> None:
    head = _HEAD.replace("condition: event(agreed)", criterion)
    found = findings(stage("a"), stage("b"), head=head)
    assert ("no-buyer-evidence" not in {f.code for f in found}) == enough


def test_a_criterion_that_cannot_be_read_is_no_evidence_of_anything() -> None:
    head = _HEAD.replace("condition: event(agreed)", "condition: event(agred)")
    assert [f.code for f in findings(stage("a"), head=head)] == ["undeclared-event"]


def test_an_artifact_of_nobody_is_found_in_conditions_too() -> None:
    head = _HEAD.replace("condition: event(agreed)", "condition: event(agreed) and complete(paper)").replace(
        "events:", "artifacts: {paper: {by: []}}\nevents:"
    )
    assert [f.code for f in findings(stage("a"), head=head)] == ["no-producer"]


def test_a_thousand_stages_are_judged_at_once() -> None:
    chain = [stage(f"s{n}", f"s{n + 1}", "lost") for n in range(999)]
    began = time.process_time()
    assert at(*chain, stage("s999")) == []
    circle = [stage(f"s{n}", f"s{(n + 1) % 1000}") for n in range(1000)]
    assert at(*circle) == [("no-path-to-outcome", "s0")]
    assert time.process_time() - began < 5
