"""What a deal takes along to another definition: what fits there, under the names that it has there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from msgspec.structs import replace

from dealwright.engine import workload
from dealwright.events import Event, Transferred
from dealwright.model.deal import Artifact, Deal, Fact, Item
from dealwright.model.layout import COMMON_ACTIVITIES, Layout
from dealwright.model.process import Field
from dealwright.model.values import InvalidValueError, check_value, revive, to_json

_ALIKE = frozenset({("text", "choice"), ("choice", "text")})


class Carried(NamedTuple):
    """What is kept, as `Transferred` has it, and the names of what is not."""

    fields: dict[str, Any]
    artifacts: dict[str, str]
    events: dict[str, str]
    dropped: tuple[str, ...]


def carried(deal: Deal, layout: Layout) -> Carried:
    """What of a deal fits the definition of `layout`."""
    old = deal.layout
    fields, dropped = _values(old.fields, layout.fields, deal.values, layout.currency)
    artifacts: dict[str, str] = {}
    for at, group in enumerate(deal.artifacts):
        kind = old.artifacts[at]
        if kind.id in layout.artifact_at:
            artifacts[kind.id] = kind.id
            there = layout.artifacts[layout.artifact_at[kind.id]]
            for one in group:
                lost = _values(kind.fields, there.fields, one.values, layout.currency)[1]
                dropped += [f"{one.id}.{name}" for name in lost]
        else:
            dropped += [one.id for one in group]
    events = {name: name for name in old.events if name in layout.events}
    lost_acts = {fact.kind for fact in deal.facts if fact.kind not in events and fact.kind not in COMMON_ACTIVITIES}
    return Carried(fields, artifacts, events, (*dropped, *sorted(lost_acts)))


def transferred(deal: Deal, event: Event, data: Transferred, layout: Layout) -> Deal:
    """The deal after it went over to the definition of `layout`, where it enters a stage with that stage's clocks."""
    old, clocks = deal.layout, data.clocks
    artifacts: list[tuple[Artifact, ...]] = [()] * len(layout.artifacts)
    for before, after in data.artifacts.items():
        there, here = layout.artifact_at[after], old.artifact_at[before]
        artifacts[there] = tuple(
            replace(
                one, values=_revalued(old.artifacts[here].fields, layout.artifacts[there].fields, one.values, layout)
            )
            for one in deal.artifacts[here]
        )
    moved = replace(
        deal, layout=layout, version=event.seq, stage=data.to, entered_at=event.at, last_at=event.at,
        due_at=clocks.due_at, stall_at=clocks.stall_at, follow_ups=clocks.follow_ups, waivers=(), approvals=(),
        values=tuple(revive(field, data.fields.get(field.id)) for field in layout.fields), artifacts=tuple(artifacts),
        facts=tuple(kept for fact in deal.facts if (kept := _fact(fact, old, layout, data)) is not None),
        regressed=tuple((_place(old, layout, at), seq) for at, seq in deal.regressed),
    )  # fmt: skip
    return replace(moved, work=workload.entered(moved, event, data))


def stage_after(layout: Layout, stage: str) -> str | None:
    """The stage of the definition that has this id, or had it before; None without one."""
    if stage in layout.stage_at:
        return stage
    return next((one.id for one in layout.stages if one.renamed_from == stage), None)


def _place(old: Layout, new: Layout, at: int) -> int:
    """Where a stage of the old definition is in the new one; where it is not, the first, so that no evidence gains."""
    found = stage_after(new, old.stages[at].id)
    return 0 if found is None else new.stage_at[found]


def _fact(fact: Fact, old: Layout, new: Layout, data: Transferred) -> Fact | None:
    kind = data.events.get(fact.kind)
    if kind is None:
        return replace(fact, values=()) if fact.kind in COMMON_ACTIVITIES else None
    values = _revalued(old.events[fact.kind].fields, new.events[kind].fields, fact.values, new)
    return replace(fact, kind=kind, values=values)


def _revalued(
    old: Sequence[Field], new: Sequence[Field], values: tuple[Any, ...], layout: Layout
) -> tuple[Any, ...]:  # fmt: skip
    kept = _values(old, new, values, layout.currency)[0]
    return tuple(revive(field, kept.get(field.id)) for field in new)


def _values(
    old: Sequence[Field], new: Sequence[Field], values: Sequence[Any], currency: str
) -> tuple[dict[str, Any], list[str]]:
    """The JSON of what is kept by its new id, and the old ids of what is not."""
    kept: dict[str, Any] = {}
    lost: list[str] = []
    by_old = {field.renamed_from: field for field in new if field.renamed_from and not field.formula}
    by_id = {field.id: field for field in new if not field.formula}
    for field, value in zip(old, values, strict=False):
        if value is None or value == ():
            continue
        target = by_id.get(field.id) or by_old.get(field.id)
        if target is None:
            lost.append(field.id)
        elif target.type == field.type == "list" and not field.personal and not target.personal:
            kept[target.id], missing = _entries(field, target, value, currency)
            lost += missing
        elif (one := _kept(field, target, value, currency)) is not None:
            kept[target.id] = one
        else:
            lost.append(field.id)
    return kept, lost


def _entries(
    old: Field, new: Field, items: Sequence[Item], currency: str
) -> tuple[list[dict[str, Any]], list[str]]:  # fmt: skip
    """A list's entries; one that would lack a required field is left behind whole."""
    entries: list[dict[str, Any]] = []
    lost: list[str] = []
    for item in items:
        fields, missing = _values(old.of, new.of, item.values, currency)
        if any(field.required and field.id not in fields for field in new.of):
            lost.append(f"{old.id} {item.id}")
            continue
        lost += [f"{old.id} {item.id}.{name}" for name in missing]
        entries.append({"id": item.id, "fields": fields, **({"closed": item.closed} if new.closes else {})})
    return entries, lost


def _kept(old: Field, new: Field, value: Any, currency: str) -> Any:
    """The value as JSON where the new declaration takes it, else None."""
    if old.personal != new.personal or (old.type != new.type and (old.type, new.type) not in _ALIKE):
        return None
    raw = to_json(old, value)
    if old.personal:
        return raw
    if new.type == "confirmation":
        return raw if set(old.by) == set(new.by) else None  # another's word is no evidence here
    if new.type == "record" and old.record != new.record:
        return None
    try:
        return check_value(new, raw, currency)
    except InvalidValueError:
        return None
