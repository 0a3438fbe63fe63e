"""Deals of the shipped B2B process under methodologies that plugins bring, built by hand and asked by the engine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from dealwright import STAKEHOLDER_FIELDS, Artifact, Confirmation, Deal, Fact, Field, Item, Overlay, Stakeholder, money
from dealwright.definition import read_overlay, read_process, resolve
from dealwright.engine import Context, options, prepare
from dealwright.engine.program import Program
from dealwright.guards import Moment
from dealwright.model.people import Team
from dealwright.model.verdict import CriterionResult
from dealwright.plugins import Plugins, load_plugins
from dealwright.workspace.scoring import Scored, fitting, flags_up, overlay_scores

ROOT = Path(__file__).parents[3]
B2B = ROOT / "processes" / "b2b.process.yaml"
AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
MOMENT = Moment(datetime(2026, 3, 20, 12, tzinfo=UTC))
# The stage from which a deal leaves each phase.
LAST = {
    "prospect": "research", "qualify": "qualify", "discover": "needs", "propose": "proposal",
    "negotiate": "negotiation", "close": "contract", "deliver": "delivery", "retain": "referral",
}  # fmt: skip


def day(number: int) -> date:
    return date(2026, 3, number)


@cache
def plugin(name: str) -> Plugins:
    return load_plugins([name])


@cache
def overlay(name: str) -> Overlay:
    text = plugin(name).overlays()[name][1]
    read = read_overlay(text.encode(), f"{name}.overlay.yaml", plugin(name).functions())
    assert read.overlay is not None, read.findings
    assert read.findings == []
    return read.overlay


@cache
def program(name: str) -> Program:
    authored = read_process(B2B.read_bytes(), B2B.name).process
    assert authored is not None
    functions = plugin(name).functions()
    return prepare(resolve(authored, [overlay(name)], (), sorted(functions)), functions)


def deal_of(name: str, phase: str = "discover", **facts: Any) -> Deal:
    """A deal at the end of a phase. A dict is an artifact or an event's values; a list of dicts entries or artifacts.

    `stakeholders` are dicts by field, numbered s1, s2 ...; `quoted=True` in an entry is a confirmation.
    """
    layout = program(name).layout
    values: list[Any] = [None] * len(layout.fields)
    groups: list[Any] = [()] * len(layout.artifacts)
    happened, people = [], []
    for key, given in facts.items():
        if key == "stakeholders":
            people = [Stakeholder(f"s{at}", _row(STAKEHOLDER_FIELDS, row)) for at, row in enumerate(given, 1)]
        elif key in layout.artifact_at:
            rows = given if isinstance(given, list) else [given]
            groups[layout.artifact_at[key]] = tuple(
                Artifact(f"{key}-{n}" if n > 1 else key, 1, n, AT, "rep-1", _row(_artifact(name, key), row))
                for n, row in enumerate(rows, 1)
            )
        elif key in layout.events:
            happened.append(
                Fact("a1", key, 5, AT, "buyer", "rep-1", "s1", values=_row(layout.events[key].fields, given))
            )
        else:
            field = layout.fields[layout.field_at[key]]
            values[layout.field_at[key]] = (
                tuple(Item(str(n), _row(field.of, row)) for n, row in enumerate(given, 1))
                if field.type == "list"
                else given
            )
    return Deal(
        layout, id="b2b-1", title="Northlight", status="open", stage=LAST[phase], version=9, entered_at=AT,
        values=tuple(values), artifacts=tuple(groups), facts=tuple(happened), stakeholders=tuple(people),
    )  # fmt: skip


def _artifact(name: str, key: str) -> Sequence[Field]:
    layout = program(name).layout
    return layout.artifacts[layout.artifact_at[key]].fields


def _row(fields: Sequence[Field], row: Mapping[str, Any]) -> tuple[Any, ...]:
    unknown = set(row) - {field.id for field in fields}
    assert not unknown, unknown
    return tuple(_value(field, row.get(field.id)) for field in fields)


def _value(field: Field, given: Any) -> Any:
    if field.type == "confirmation" and given:
        return Confirmation("s1", AT, 4)
    if field.type == "money" and given is not None:
        return money(str(given), "CNY")
    return given


def asked(name: str, criterion: str, **facts: Any) -> CriterionResult | None:
    """What the engine says of a criterion where a deal leaves (or enters) its phase; None where it does not apply."""
    patches = overlay(name).phases
    leaving = [phase for phase, patch in patches.items() if criterion in {c.id for c in patch.exit_criteria}]
    entering = [phase for phase, patch in patches.items() if criterion in {c.id for c in patch.entry_criteria}]
    assert leaving or entering, criterion
    phases = list(LAST)
    phase = leaving[0] if leaving else phases[phases.index(entering[0]) - 1]
    deal = deal_of(name, phase, **facts)
    context = Context("rep-1", ("sales_rep",), MOMENT, Team({}))
    found = {c.id: c for way in options(program(name), deal, context) for c in way.criteria}
    return found.get(criterion)


def status(name: str, criterion: str, **facts: Any) -> str:
    """`met`, `unmet`, `unknown`, or `spared`."""
    found = asked(name, criterion, **facts)
    return found.status if found else "spared"


def scored(name: str, **facts: Any) -> Scored:
    [one] = overlay_scores(program(name), deal_of(name, **facts), MOMENT)
    return one


def flags(name: str, phase: str, **facts: Any) -> set[str]:
    return {flag.id for _, flag in flags_up(program(name), deal_of(name, phase, **facts), MOMENT)}


def prompts(name: str, phase: str, **facts: Any) -> str:
    """The questions of a phase that fit, in English, one a line."""
    shown = fitting(program(name), overlay(name).phases[phase].prompts, deal_of(name, phase, **facts), MOMENT)
    assert all(prompt.en != prompt.zh for prompt in shown)
    return "\n".join(prompt.en for prompt in shown)
