"""No two live deals with the same values: who is in the way, as a criterion and as a rule that nothing gets past."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dealwright.engine.context import Context
from dealwright.engine.folding import evolve
from dealwright.engine.liveness import LIVE, is_live, unmet
from dealwright.engine.program import Program
from dealwright.engine.result import refuse
from dealwright.events import Event
from dealwright.model.deal import Deal
from dealwright.model.facts import Rival
from dealwright.model.process import Field, Unique
from dealwright.model.text import Text
from dealwright.model.values import to_json
from dealwright.model.verdict import CriterionResult, Explanation, Fix, Remedy


def key(program: Program, rule: Unique, deal: Deal) -> tuple[Any, ...]:
    """The values that count under a rule, as JSON; None for one that is not there."""
    return tuple(_value(program, name, deal) for name in rule.fields)


def paths(rule: Unique) -> tuple[str, ...]:
    """Where a deal's document holds the values that count under a rule."""
    found = []
    for name in rule.fields:
        kind, _, field = name.partition(".")
        found.append(f"artifacts.{kind}.0.values.{field}" if field else f"fields.{name}")
    return tuple(found)


def explain(program: Program, rule: Unique, deal: Deal, context: Context) -> Explanation:
    """Whether a live deal has the same values; unknown while one of them is missing."""
    titles = [_title(program, name) for name in rule.fields]
    en, zh = ", ".join(t.en for t in titles), "、".join(t.zh for t in titles)
    expected = Text(f"no other live deal with the same {en}", f"没有{zh}相同且仍然有效的其他项目")
    values = key(program, rule, deal)
    rivals = context.facts.rivals.get(rule.id)
    if None in values:
        missing = [name for name, value in zip(rule.fields, values, strict=True) if value is None]
        return Explanation("unknown", expected, None, tuple(_supply(program, name) for name in missing))
    if rivals is None or context.facts.sought.get(rule.id) != values:
        return Explanation("unknown", expected)
    found = [{"id": one.id, "title": one.title, "stage": one.stage} for one in rivals]
    return Explanation("unmet" if found else "met", expected, found or None)


def keep(program: Program, before: Deal, events: Sequence[Event], context: Context) -> None:
    """Raise a refusal where a decision would leave two live deals with the same values.

    Whatever the way: by being opened or reopened, by values that are set, by a transfer. Where
    the rule refuses, not even a deal that is not live yet may take the values of one that is.
    """
    after = before
    for event in events:
        after = evolve(after, event, program.layout)
    for rule in program.process.unique:
        if rule.on_conflict == "warn" or after.status not in LIVE:
            continue
        values = key(program, rule, after)
        rivals = context.facts.rivals.get(rule.id, ())
        if None in values or not rivals or context.facts.sought.get(rule.id) != values:
            continue
        same = before.status in LIVE and _same(program, before, after) and key(program, rule, before) == values
        live = is_live(program.layout, rule, after.status, after.stage)
        was_live = same and is_live(program.layout, rule, before.status, before.stage)
        if (live and not was_live) or (rule.on_conflict == "refuse" and not same):
            raise _refusal(program, rule, after, rivals, context)


def _refusal(
    program: Program, rule: Unique, deal: Deal, rivals: tuple[Rival, ...], context: Context
) -> Exception:  # fmt: skip
    said = explain(program, rule, deal, context)
    first = rivals[0]
    result = CriterionResult(
        f"unique.{rule.id}",
        "process",
        "seller",
        "block",
        "unmet",
        unmet(rule),
        said.expected,
        said.found,
        Fix(),
    )
    message = unmet(rule)
    told = Text(f"{message.en}: {first.id} ({first.title})", f"{message.zh}：{first.id}（{first.title}）")
    return refuse("criteria", "unique", None, told, (result,))


def _same(program: Program, before: Deal, after: Deal) -> bool:
    """Whether both are deals of this definition, so that their values can be compared by position."""
    return before.layout is after.layout is program.layout


def _value(program: Program, name: str, deal: Deal) -> Any:
    field = _field(program, name)
    kind, _, inner = name.partition(".")
    if not inner:
        return to_json(field, deal.values[program.layout.field_at[name]])
    at = program.layout.artifact_at[kind]
    if not deal.artifacts or not deal.artifacts[at]:
        return None
    declared = program.layout.artifacts[at].fields
    position = next(i for i, one in enumerate(declared) if one.id == inner)
    return to_json(field, deal.artifacts[at][0].values[position])


def _field(program: Program, name: str) -> Field:
    kind, _, inner = name.partition(".")
    layout = program.layout
    if not inner:
        return layout.fields[layout.field_at[name]]
    return next(one for one in layout.artifacts[layout.artifact_at[kind]].fields if one.id == inner)


def _title(program: Program, name: str) -> Text:
    field = _field(program, name)
    return Text(field.title.en.lower(), field.title.zh)


def _supply(program: Program, name: str) -> Remedy:
    field = _field(program, name)
    kind, _, inner = name.partition(".")
    setting = f"{inner or name}=<{inner or name}:{field.type}>"
    if not inner:
        return Remedy("deal set", ("--set", setting), field.by)
    by = program.layout.artifacts[program.layout.artifact_at[kind]].by
    return Remedy("artifact add", (kind, "--set", setting), by)
