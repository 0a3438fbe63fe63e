"""Two methodologies that nobody programmed for can be said as data, and say what they should of a deal."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from dealwright import Artifact, Deal, Fact, Item, Layout, Overlay, Process, Stakeholder
from dealwright.definition import read_overlay, read_process, resolve
from dealwright.guards import Moment, Scope, compile_guard

ROOT = Path(__file__).parents[2]
OVERLAYS = ROOT / "tests" / "examples" / "overlays"
PROCESSES = sorted((ROOT / "processes").glob("*.process.yaml"))
NAMES = ("challenger", "sandler")
AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
MOMENT = Moment(datetime(2026, 3, 20, tzinfo=UTC))


def overlay(name: str) -> Overlay:
    read = read_overlay((OVERLAYS / f"{name}.overlay.yaml").read_bytes(), name)
    assert read.findings == []
    assert read.overlay is not None
    return read.overlay


def laid_over(name: str, path: Path) -> Process:
    authored = read_process(path.read_bytes(), path.name).process
    assert authored is not None
    return resolve(authored, [overlay(name)])


@pytest.mark.parametrize("path", PROCESSES, ids=lambda path: path.name)
@pytest.mark.parametrize("name", NAMES)
def test_overlay_fits_every_shipped_process(name, path):
    process = laid_over(name, path)
    scope = Scope(Layout(process))
    [laid] = process.overlays
    for patch in laid.phases.values():
        for criterion in (*patch.entry_criteria, *patch.exit_criteria):
            compile_guard(criterion.condition, scope)
        for requirement in patch.requires:
            assert requirement.artifact in scope.layout.artifact_at
    for part in laid.score:
        compile_guard(part.value, scope, "value")
    assert sum(part.points for part in laid.score) == pytest.approx(100)


def deal_of(process: Process, **facts: Any) -> Deal:
    """A deal with these facts: a dict is a record, a list of dicts entries or records, True an event that happened."""
    layout = Layout(process)
    values: list[Any] = [None] * len(layout.fields)
    groups: list[Any] = [()] * len(layout.artifacts)
    happened = []
    people = []
    for name, given in facts.items():
        if name == "stakeholders":
            for at, influence in enumerate(given, 1):
                people.append(Stakeholder(f"s-{at}", (None, None, None, None, influence, *[None] * 6)))
        elif name in layout.artifact_at:
            at = layout.artifact_at[name]
            fields = [field.id for field in layout.artifacts[at].fields]
            groups[at] = tuple(
                Artifact(f"{name}-{n}" if n > 1 else name, 1, n, AT, "rep-1", tuple(row.get(f) for f in fields))
                for n, row in enumerate(given if isinstance(given, list) else [given], 1)
            )
        elif name in layout.events:
            happened.append(Fact("a-1", name, 5, AT, "seller", "rep-1"))
        elif isinstance(given, list):
            of = [field.id for field in layout.fields[layout.field_at[name]].of]
            values[layout.field_at[name]] = tuple(
                Item(str(n), tuple(row.get(f) for f in of)) for n, row in enumerate(given, 1)
            )
        else:
            values[layout.field_at[name]] = given
    return Deal(
        layout, id="b2b-1", status="open", stage=process.stages[0].id, version=9, entered_at=AT, values=tuple(values),
        artifacts=tuple(groups), facts=tuple(happened), stakeholders=tuple(people),
    )  # fmt: skip


def status(name: str, criterion_id: str, **facts: Any) -> str:
    process = laid_over(name, ROOT / "processes" / "b2b.process.yaml")
    criteria = {
        c.id: c for p in process.overlays[0].phases.values() for c in (*p.entry_criteria, *p.exit_criteria)
    }  # fmt: skip
    deal = deal_of(process, **facts)
    return compile_guard(criteria[criterion_id].condition, Scope(deal.layout)).status(deal, 0, MOMENT)


def score(name: str, **facts: Any) -> float:
    process = laid_over(name, ROOT / "processes" / "b2b.process.yaml")
    deal = deal_of(process, **facts)
    scope = Scope(deal.layout)
    parts = (
        (p.points, compile_guard(p.value, scope, "value").value(deal, 0, MOMENT)) for p in process.overlays[0].score
    )
    return sum(points * min(1.0, max(0.0, float(value or 0))) for points, value in parts)


def day(number: int) -> date:
    return date(2026, 3, number)


STEPS = {"warmer_on": day(1), "reframe_on": day(2), "drowning_on": day(3), "impact_on": day(3), "new_way_on": day(5),
         "solution_on": day(6)}  # fmt: skip
TEACHER = {"person": "s-1", "profile": "teacher", "weight": 4, "gain": "fewer stock-outs"}
FRIEND = {"person": "s-2", "profile": "friend", "weight": 2}


@pytest.mark.parametrize(
    ("criterion", "facts", "expected"),
    [
        ("challenger_insight", {"challenger_claim": "stock costs more than it earns"}, "unmet"),
        ("challenger_insight", {"challenger_claim": "x", "challenger_evidence": "a study"}, "met"),
        ("challenger_taught", {"challenger_steps": {"reframe_on": day(2), "drowning_on": day(3)}}, "unmet"),
        ("challenger_taught", {"challenger_steps": STEPS}, "met"),
        ("challenger_moved", {"challenger_steps": {"reframe_reaction": "agreeing"}}, "unmet"),
        ("challenger_moved", {"challenger_steps": {"reframe_reaction": "surprised"}}, "met"),
        ("challenger_not_too_soon", {"challenger_steps": {"impact_on": day(3)}}, "met"),
        ("challenger_not_too_soon", {"challenger_steps": {"impact_on": day(3), "solution_on": day(2)}}, "unmet"),
        ("challenger_not_too_soon", {"challenger_steps": {"solution_on": day(2)}}, "unknown"),
        ("challenger_presented", {"challenger_steps": STEPS}, "met"),
        ("challenger_presented", {"challenger_steps": {**STEPS, "solution_on": day(2)}}, "unmet"),
        ("challenger_mobilizer", {"challenger_people": [FRIEND]}, "unmet"),
        ("challenger_mobilizer", {"challenger_people": [FRIEND, TEACHER]}, "met"),
        ("challenger_tailored", {"challenger_people": [TEACHER, FRIEND], "stakeholders": [4, 2]}, "met"),
        ("challenger_tailored", {"challenger_people": [TEACHER], "stakeholders": [4, 3]}, "unmet"),
        ("challenger_tailored", {"challenger_people": [{**TEACHER, "gain": None}], "stakeholders": []}, "unmet"),
        ("challenger_control", {}, "met"),
        ("challenger_control", {"challenger_concession": True}, "unmet"),
        ("challenger_control", {"challenger_concession": True, "challenger_concession_plan": "price for term"}, "met"),
    ],
)
def test_challenger_says_what_it_asks_of_a_deal(criterion, facts, expected):
    assert status("challenger", criterion, **facts) == expected


MEETING = {"purpose": "p", "minutes": 30, "agenda_theirs": "a", "agenda_ours": "b", "outcome_options": "yes or no",
           "held_on": day(2), "verdict": "clear_future", "closing_contract": "c"}  # fmt: skip
PERSONAL, SURFACE = {"pain": "overtime", "depth": "personal"}, {"pain": "slow", "depth": "surface"}
HELD = {"held_on": day(2)}


@pytest.mark.parametrize(
    ("criterion", "facts", "expected"),
    [
        ("sandler_contracts", {"sandler_meeting": [MEETING, MEETING]}, "met"),
        ("sandler_contracts", {"sandler_meeting": [MEETING, {**MEETING, "agenda_theirs": None}]}, "unmet"),
        ("sandler_contracts", {"sandler_meeting": [MEETING, {"purpose": "planned, not held"}]}, "met"),
        ("sandler_contracts", {}, "unknown"),
        ("sandler_verdicts", {"sandler_meeting": [MEETING]}, "met"),
        ("sandler_verdicts", {"sandler_meeting": [{**MEETING, "verdict": None}]}, "unmet"),
        ("sandler_pain", {"sandler_pains": [SURFACE, SURFACE]}, "unmet"),
        ("sandler_pain", {"sandler_pains": [SURFACE, PERSONAL]}, "met"),
        ("sandler_several_pains", {"sandler_pains": [SURFACE, PERSONAL]}, "unmet"),
        ("sandler_several_pains", {"sandler_pains": [SURFACE, PERSONAL, SURFACE]}, "met"),
        ("sandler_budget_agreed", {"sandler_budget": {"agreed": False}}, "unmet"),
        ("sandler_budget_agreed", {"sandler_budget": {"agreed": True}}, "met"),
        ("sandler_worth_going_on", {"sandler_meeting": [HELD, HELD], "sandler_decision": {"reachable": True}}, "unmet"),
        ("sandler_worth_going_on", {"sandler_meeting": [HELD], "sandler_decision": {"reachable": True}}, "met"),
        ("sandler_worth_going_on", {"sandler_pains": [SURFACE], "sandler_decision": {"reachable": False}}, "unmet"),
        ("sandler_qualified_first", {"sandler_submarine": {"pain_on": day(1), "budget_on": day(2)}}, "unknown"),
        ("sandler_qualified_first",
         {"sandler_submarine": {"pain_on": day(1), "budget_on": day(2), "decision_on": day(2)}}, "met"),
        ("sandler_qualified_first",
         {"sandler_submarine": {"pain_on": day(3), "budget_on": day(2), "decision_on": day(4)}}, "unmet"),
        ("sandler_answers_pains", {"sandler_pains": [PERSONAL]}, "unmet"),
        ("sandler_answers_pains", {"sandler_pains": [{**PERSONAL, "answer": "shifts planned ahead"}]}, "met"),
        ("sandler_post_sell", {}, "unmet"),
        ("sandler_post_sell", {"sandler_post_sell_done": True}, "met"),
    ],
)  # fmt: skip
def test_sandler_says_what_it_asks_of_a_deal(criterion, facts, expected):
    assert status("sandler", criterion, **facts) == expected


def test_sandler_wants_all_five_answers_about_the_decision():
    [decision] = [kind for kind in overlay("sandler").artifacts if kind.id == "sandler_decision"]
    assert {f.id for f in decision.fields if f.required} >= {"who", "how", "when", "why", "criteria"}
    assert [r.artifact for r in overlay("sandler").phases["discover"].requires] == ["sandler_decision"]


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, 0),
        ({"challenger_unique": True}, 20),
        ({"challenger_steps": STEPS}, 40),
        ({"challenger_steps": {**STEPS, "impact_on": day(7)}}, 26.68),
        ({"challenger_people": [TEACHER, FRIEND], "stakeholders": [4, 5, 2]}, 30),
        (
            {"challenger_unique": True, "challenger_steps": STEPS, "challenger_people": [TEACHER], "stakeholders": [4]},
            100,
        ),
    ],
)
def test_challenger_score_adds_insight_steps_in_order_mobilizer_and_tailoring(facts, expected):
    assert score("challenger", **facts) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("closed", "sevenths"),
    [
        ([], 0), ([1], 1), ([1, 2, 3], 3), ([1, 2, 3, 4, 5, 6, 7], 7), ([2, 1], 1), ([1, 3, 2, 4], 2),
        ([None, 1, 2], 0),
    ],
)  # fmt: skip
def test_sandler_score_counts_compartments_closed_in_order(closed, sevenths):
    names = ("rapport_on", "contract_on", "pain_on", "budget_on", "decision_on", "fulfilment_on", "post_sell_on")
    dates = {name: at and day(at) for name, at in zip(names, closed, strict=False)}
    assert score("sandler", sandler_submarine=dates) == pytest.approx(100 * sevenths / 7, abs=0.05)


def test_methodologies_that_exclude_each_other_say_so():
    assert overlay("challenger").conflicts == ("sandler",)
    assert overlay("sandler").conflicts == ("challenger",)
