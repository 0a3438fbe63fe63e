"""Ways through a process, and what conditions, clocks and people make of them."""

from __future__ import annotations

import pytest
from thousand import large

from dealwright.definition import Finding, read_process
from dealwright.model.people import Person, Team

_HEAD = """
dealwright: "1"
process: made
version: 1.0.0
title: Made
roles: {rep: {title: Rep}, boss: {title: Boss}, clerk: {title: Clerk}}
fields:
  fit: {type: choice, values: [good, fair, bad]}
  size: {type: number, min: 0, max: 100}
  due: {type: date}
events: {agreed: {by: buyer}, checked: {by: boss}}
artifacts:
  offer: {by: rep, fields: {price: {type: money, min: 0}}%s}
outcomes: {lost: {status: lost, reasons: [price]}, done: {status: completed}}
"""


def stage(name: str, *criteria: str, extra: str = "") -> str:
    asked = ", ".join(f"c{at}: {{{criterion}}}" for at, criterion in enumerate(("condition: event(agreed)", *criteria)))
    return f"  - {{id: {name}, title: {name}, phase: close, responsible: rep, exit_criteria: {{{asked}}}{extra}}}\n"


def branches(*ways: str, hit: str = "unique") -> str:
    written = ", ".join(f"{{id: b{at}, {way}}}" for at, way in enumerate(ways))
    return f", decision: {{hit: {hit}, branches: [{written}]}}"


def read(*stages: str, head: str = "", offer: str = "", team: Team | None = None) -> list[Finding]:
    last = stages[-1].replace("responsible: rep", "responsible: rep, wins: true")
    text = _HEAD % offer + head + "stages:\n" + "".join(stages[:-1]) + last
    return read_process(text.encode(), "f", team=team).findings


def codes(*stages: str, head: str = "", offer: str = "", team: Team | None = None) -> list[str]:
    return [finding.code for finding in read(*stages, head=head, offer=offer, team=team)]


def team(**roles: str) -> Team:
    return Team({name: Person(name, tuple(held.split())) for name, held in roles.items()})


# -- ways


def test_a_stage_with_an_if_may_be_passed_over() -> None:
    conditional = stage("b", extra=', if: fit == "good"' + branches("to: d"))
    assert codes(stage("a"), conditional, stage("c"), stage("d")) == []
    always = stage("b", extra=branches("to: d"))
    assert codes(stage("a"), always, stage("c"), stage("d")) == ["unreachable-stage"]


def test_a_detour_is_reached_from_the_stages_that_it_names_and_is_no_trap() -> None:
    assert codes(stage("a"), stage("aside", extra=", detour: [a]"), stage("b")) == []
    assert codes(stage("a"), stage("aside", extra=", detour: true"), stage("b")) == []


def test_the_order_of_stages_passes_a_detour_over() -> None:
    out = branches("to: lost, reason: price")
    assert codes(stage("a"), stage("b", extra=out), stage("aside", extra=", detour: [b]"), stage("c")) == [
        "unreachable-stage"
    ]


def test_an_automation_and_a_rejection_lead_to_stages() -> None:
    out = branches("to: c")
    moved = "automations: {late: {after: 30d, stages: [a], then: {to: b}}}\n"
    assert codes(stage("a", extra=out), stage("b"), stage("c")) == ["unreachable-stage"]
    assert codes(stage("a", extra=out), stage("b"), stage("c"), head=moved) == []
    rejecting = ", approvals: [{by: boss, on_reject: {to: b, reason: again}}]"
    assert codes(stage("a", extra=out), stage("b"), stage("c", extra=rejecting)) == []
    assert codes(stage("a", extra=out), stage("b"), stage("c"), offer=rejecting) == []


def test_time_leads_out_of_a_trap() -> None:
    circle = [stage("a"), stage("b", extra=branches("to: c")), stage("c", extra=branches("to: b"))]
    assert "no-path-to-outcome" in codes(*circle, stage("d"))
    moved = "automations: {late: {after: 30d, stages: [c], then: {to: lost, reason: price}}}\n"
    assert "no-path-to-outcome" not in codes(*circle, stage("d"), head=moved)


def test_every_start_counts_and_none_stands_behind_one_without_if() -> None:
    assert codes(stage("a"), stage("b"), head="start: [{to: b, if: size > 5}, a]\n") == []
    assert codes(stage("a"), stage("b"), head="start: [a, {to: b, if: size > 5}]\n") == ["dead-transition"]
    assert codes(stage("a"), stage("b"), head="start: [{to: a, if: size > 5}, {to: b, if: size > 7}]\n") == [
        "dead-transition"
    ]


# -- automatic moves


def test_automatic_moves_that_end_are_no_circle() -> None:
    head = "automations: {on: {upon: entered, stages: [a], then: {to: b}}}\n"
    assert codes(stage("a"), stage("b", extra=", auto: true"), stage("c"), head=head) == []


def test_a_circle_held_up_by_conditions_is_only_warned_of() -> None:
    head = "automations: {on: {upon: entered, stages: [a], then: {to: b}}, "
    head += "back: {upon: entered, stages: [b], %sthen: {to: a}}}\n"
    assert codes(stage("a"), stage("b"), head=head % "") == ["endless-automation"]
    assert codes(stage("a"), stage("b"), head=head % "if: size > 5, ") == ["circling-automation"]


def test_a_circle_whose_conditions_exclude_each_other_ends_by_itself() -> None:
    head = "automations: {on: {upon: entered, stages: [a], if: size > 5, then: {%sto: b}}, "
    head += "back: {upon: entered, stages: [b], if: size < 5, then: {to: a}}}\n"
    assert codes(stage("a"), stage("b"), head=head % "") == []
    assert codes(stage("a"), stage("b"), head=head % 'set: {size: "3"}, ') == ["circling-automation"]


def test_a_stage_that_is_left_by_itself_waits_for_no_skip_and_no_time() -> None:
    extra = ", auto: true, automations: {back: {after: 30d, then: {to: a}}}"
    assert codes(stage("a"), stage("b", extra=extra), stage("c")) == []


def test_an_automation_for_all_stages_does_not_circle_where_it_leads() -> None:
    head = "automations: {on: {upon: entered, then: {to: c}}}\n"
    assert codes(stage("a"), stage("b"), stage("c"), head=head) == []


# -- conditions


@pytest.mark.parametrize(
    ("criteria", "found"),
    [
        (("condition: size > 50", "condition: size < 60"), []),
        (("condition: size > 50", "condition: size < 50"), ["gate-never-opens"]),
        (("condition: size > 50", "condition: size < 50, severity: warn"), []),
        (("condition: size > 50", "condition: size < 50, waivable_by: boss"), ["waiver-always-needed"]),
        (("condition: size > 50", "condition: size < 50, if: fit == \"bad\""), []),
        (("condition: size > 50", "condition: size < 50, if: size > 20"), ["gate-never-opens"]),
        (("condition: size > 100",), ["gate-never-opens"]),
        (("condition: size > 100, if: fit == \"bad\"",), ["never-true"]),
        (("condition: has(due)", "condition: not has(due)"), ["gate-never-opens"]),
        (("condition: not event(agreed)",), ["gate-never-opens"]),
        (("condition: 'fit in [\"good\", \"fair\"]'", 'condition: fit == "bad"'), ["gate-never-opens"]),
        (('condition: fit != "good" and fit != "fair"', 'condition: fit == "bad"'), []),
        (("at_least: all, of: {x: {condition: size > 9}, y: {condition: size < 9}}",), ["gate-never-opens"]),
        (("at_least: any, of: {x: {condition: size > 9}, y: {condition: size < 9}}",), []),
        (("at_least: any, of: {x: {condition: size > 9}, y: {condition: size > 8}}", "condition: size < 5"),
         ["gate-never-opens"]),
        (("condition: offer.price >= 0",), ["always-true"]),
        (("condition: size > 5 or size <= 5",), ["always-true"]),
    ],
)  # fmt: skip
def test_what_criteria_say_together(criteria: tuple[str, ...], found: list[str]) -> None:
    assert [code for code in codes(stage("a", *criteria), stage("b")) if code != "guard-type"] == found


def test_process_wide_criteria_count_in_each_stage_they_reach() -> None:
    head = "exit_criteria: {wide: {condition: size > 50, stages: {from: a, to: b}}}\n"
    assert codes(stage("a"), stage("b", "condition: size < 50"), stage("c"), head=head) == ["gate-never-opens"]
    assert codes(stage("a"), stage("b"), stage("c", "condition: size < 50"), head=head) == []


def test_a_gate_names_the_criteria_that_exclude_each_other() -> None:
    (found,) = read(stage("a", "condition: size > 50", "condition: has(due)", "condition: size < 40"), stage("b"))
    assert found.message.en == "`c1` and `c3` cannot all hold"
    assert found.message.zh == "`c1`、`c3` 不能同时成立"


def test_what_the_next_stage_asks_for_must_go_with_what_is_left() -> None:
    entry = ", entry_criteria: {e: {condition: size < 40}}"
    assert codes(stage("a", "condition: size > 50"), stage("b", extra=entry)) == ["dead-transition"]
    assert codes(stage("a", "condition: size > 30"), stage("b", extra=entry)) == []


def test_a_stage_whose_if_is_unknown_is_entered() -> None:
    way = branches("to: b", "to: c")
    assert (
        codes(stage("a", "condition: not has(size)", extra=way), stage("b", extra=", if: size > 5"), stage("c")) == []
    )


def test_a_criterion_whose_if_is_unknown_applies() -> None:
    """What leaves a gate open is an `if` known to be false; here nothing can be known."""
    unknown = ("condition: not has(size)", 'condition: fit == "bad", if: size > 5', 'condition: fit == "good"')
    assert codes(stage("a", *unknown), stage("b")) == ["gate-never-opens"]
    assert codes(stage("a", *unknown[1:]), stage("b")) == []


def test_only_ways_forward_ask_for_the_exit_criteria() -> None:
    first = stage("a")
    on = "if: size > 50, to: c"
    for way, found in (
        ("if: size < 40, to: c", ["dead-transition"]),
        ("if: size < 40, to: a", []),
        ("if: size < 40, to: lost, reason: price", []),
    ):
        second = stage("b", "condition: size > 50", extra=branches(on, way))
        assert codes(first, second, stage("c")) == found, way


# -- decisions


@pytest.mark.parametrize(
    ("ways", "hit", "found"),
    [
        (("if: size < 50, to: b", "if: size >= 50, to: c"), "unique", []),
        (("if: size <= 50, to: b", "if: size >= 50, to: c"), "unique", ["overlapping-branches"]),
        (("if: size <= 50, to: b", "if: size >= 50, to: c"), "first", []),
        (("if: size < 50, to: b", "if: size > 50, to: c"), "unique", ["undecided-case"]),
        (('if: fit == "good", to: b', 'if: fit == "bad", to: c'), "unique", ["undecided-case"]),
        (('if: fit == "good", to: b', 'if: fit != "good", to: c'), "unique", []),
        (("if: size < 50, to: b", "if: size < 70, to: c", 'if: "true", to: c'), "first", []),
        (("if: size < 50, to: b", "if: size < 40, to: c", 'if: "true", to: c'), "first", ["dead-transition"]),
        (('if: "true", to: b', "if: size < 40, to: c"), "first", ["dead-transition"]),
        (("if: event(checked), to: b", "if: not event(checked), to: c"), "unique", []),
        (("if: event(checked) and size < 50, to: b", "if: event(checked) and size >= 50, to: c"), "unique", []),
    ],
)
def test_branches_take_every_case_once(ways: tuple[str, ...], hit: str, found: list[str]) -> None:
    assert codes(stage("a", extra=branches(*ways, hit=hit)), stage("b"), stage("c")) == found


def test_a_gap_and_an_overlap_are_told_by_example() -> None:
    (gap,) = read(stage("a", extra=branches("if: size < 50, to: b", "if: size > 50, to: c")), stage("b"), stage("c"))
    assert gap.message.en == "No branch is taken with size == 50"
    assert gap.message.zh == "当 size == 50 时没有分支可走"
    (both,) = read(stage("a", extra=branches("if: size <= 50, to: b", "if: size >= 50, to: c")), stage("b"), stage("c"))
    assert both.message.en == "`b0` and `b1` can both hold, as with size == 50"
    assert both.message.zh == "`b0` 与 `b1` 可能同时成立，例如 size == 50"


def test_what_the_exit_criteria_rule_out_is_no_gap() -> None:
    ways = branches('if: fit == "good", to: b', 'if: fit == "fair", to: c')
    assert codes(stage("a", 'condition: fit != "bad"', extra=ways), stage("b"), stage("c")) == []


def test_a_case_behind_one_that_takes_it_is_dead() -> None:
    cases = ", sla: [{if: size > 5, exit: 2w}, {if: size > %d, exit: 4w}, {exit: 1w}]"
    assert codes(stage("a", extra=cases % 3), stage("b")) == []
    assert codes(stage("a", extra=cases % 7), stage("b")) == ["never-true"]


# -- time


@pytest.mark.parametrize(
    ("keys", "found"),
    [
        (", sla: 10d, stall: 10d", []),
        (", sla: 10d, stall: 9d", ["stall-before-sla"]),
        (", sla: 2mo, stall: 8w", ["stall-before-sla"]),
        (", sla: 10d, approvals: [{by: boss, within: 10d, on_timeout: reject}]", []),
        (", sla: 10d, approvals: [{by: boss, within: 2w, on_timeout: reject}]", ["answer-after-sla"]),
        (", sla: 10d, automations: {late: {after: 10d, then: {to: lost, reason: price}}}", []),
        (", sla: 10d, automations: {late: {after: 9d, then: {to: lost, reason: price}}}", ["expires-before-sla"]),
        (", sla: 10d, automations: {late: {after: 9d, if: size > 5, then: {to: lost, reason: price}}}", []),
        (", sla: 10d, automations: {late: {after: 9d, then: {unassign: true}}}", []),
    ],
)
def test_limits_go_together(keys: str, found: list[str]) -> None:
    assert codes(stage("a", extra=keys), stage("b")) == found


def test_a_required_document_is_approved_within_the_stage() -> None:
    offer = ", approvals: [{by: boss, within: 2w, on_timeout: reject}]"
    assert codes(stage("a", extra=", sla: 10d, requires: [offer]"), stage("b"), offer=offer) == ["answer-after-sla"]
    assert codes(stage("a", extra=", sla: 10d"), stage("b"), offer=offer) == []


# -- people


def test_nobody_is_looked_for_without_a_team() -> None:
    assert codes(stage("a", "condition: event(checked)"), stage("b")) == []


@pytest.mark.parametrize(
    ("criterion", "closed"),
    [
        ("condition: event(checked)", True),
        ("condition: event(checked) and size > 5", True),
        ("condition: event(checked) or size > 5", False),
        ("condition: event(checked), waivable_by: clerk", False),
        ("condition: event(checked), severity: warn", False),
        ("condition: not event(checked)", False),
    ],
)
def test_a_gate_waits_for_somebody_who_is_there(criterion: str, closed: bool) -> None:
    found = codes(stage("a", criterion), stage("b"), team=team(one="rep clerk"))
    assert ("nobody-to-pass" in found) == closed
    assert codes(stage("a", criterion), stage("b"), team=team(one="rep clerk boss")) == []


def test_four_eyes_need_a_second_pair() -> None:
    eyes = ", approvals: [{by: [rep, boss], four_eyes: true%s}]"
    for people, count, found in (
        ({"one": "rep boss"}, "", ["too-few-approvers"]),
        ({"one": "rep", "two": "boss"}, "", []),
        ({"one": "rep", "two": "rep"}, "", []),
        ({"one": "rep", "two": "rep"}, ", count: 2", ["too-few-approvers"]),
        ({"one": "rep", "two": "rep", "three": "boss"}, ", count: 2", []),
    ):
        held = team(**people, rest="clerk")
        assert [
            code for code in codes(stage("a", extra=eyes % count), stage("b"), team=held) if code != "unheld-role"
        ] == found


# -- bounds


def test_a_thousand_stages_with_all_that_hangs_on_them_are_judged_whole() -> None:
    """How long that takes, benchmarks/validating.py tells."""
    assert read_process(large(1000), "f").findings == []


def test_what_is_too_much_to_be_proved_is_said_and_costs_little() -> None:
    fields = "".join(f"n{at}: {{type: number}}, " for at in range(20))
    wide = [f"condition: n{at} > {at} or n{(at + 1) % 20} > {at + 5} or n{(at + 2) % 20} > 3" for at in range(20)]
    head = ""
    text = (_HEAD % "").replace(
        "due: {type: date}", "due: {type: date}\n  " + fields.replace(", n", "\n  n").rstrip(", ")
    )
    whole = text + head + "stages:\n" + stage("a", *wide) + stage("b", extra=", wins: true")
    found = read_process(whole.encode(), "f").findings
    assert [finding.code for finding in found] == ["check-stopped"]


def test_a_file_full_of_conditions_stays_within_its_budget() -> None:
    """The largest that a file can hold: 50,000 nodes of criteria that all speak of the same field."""
    criteria = [f"condition: size > {at % 90} or size < {at % 80}" for at in range(40)]
    stages = [stage(f"s{at}", *criteria) for at in range(240)]
    found = codes(*stages)
    assert set(found) <= {"check-stopped", "always-true", "gate-never-opens"}
