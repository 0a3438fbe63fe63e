"""Folding: what each event does to a deal. Never evaluates a guard or calls a plugin."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, cast

from msgspec.structs import replace

from dealwright.engine import workload
from dealwright.engine.upcasting import payload_of
from dealwright.events import (
    ActivityLogged,
    ActivityVoided,
    ApprovalGiven,
    ApprovalLate,
    ArtifactRecorded,
    AutomationFired,
    DealLinked,
    Event,
    FieldsSet,
    Held,
    Imported,
    ItemChanged,
    Moved,
    Notified,
    Opened,
    OwnerAssigned,
    PersonalErased,
    Proposed,
    Record,
    Resumed,
    StakeholderChanged,
    TaskAdded,
    TaskClosed,
    Transferred,
    Waiver,
)
from dealwright.model.deal import NO_WORK, Artifact, Deal, DealStatus, Decided, Fact, Hold, Item, Stakeholder, Waived
from dealwright.model.layout import STAKEHOLDER_FIELDS, Layout
from dealwright.model.process import Field
from dealwright.model.values import revive, revive_all


def blank(layout: Layout, deal_id: str = "") -> Deal:
    """The deal before its first event."""
    return Deal(layout, id=deal_id, values=(None,) * len(layout.fields), artifacts=((),) * len(layout.artifacts))


def evolve(deal: Deal, event: Event, layout: Layout | None = None) -> Deal:
    """The deal after `event`. Raises ValueError where the event does not come later in the log.

    `layout` is that of the event's definition; only a `transferred` deal needs it, as it goes over to that.
    """
    if event.seq <= deal.version:
        raise ValueError(f"{event.deal}: event {event.seq} after version {deal.version}")
    if layout is not None and isinstance(event.data, Transferred):
        from dealwright.engine.carrying import transferred  # few deals ever change their process

        return transferred(deal, event, event.data, layout)
    return _APPLY[event.type](deal, event, event.data)


def fold(layout: Layout, events: Iterable[Event], layout_of: Callable[[str], Layout] | None = None) -> Deal:
    """The state that a deal's events add up to; `layout` is that of the first.

    `layout_of` gives the layout of another definition hash: without it, a log with a transfer raises ValueError.
    """
    deal = blank(layout)
    for event in events:
        if layout_of is not None and event.type == "transferred":
            deal = evolve(deal, event, layout_of(event.definition_hash))
        else:
            deal = evolve(deal, event)
    return deal


def event_of(record: Record) -> Event:
    """The event in a record of the log, its payload typed again. Raises StoreError for one of a newer release."""
    data = payload_of(record.type, record.data)
    return Event(
        record.deal, record.seq, record.type, record.at, record.actor, record.role, record.definition_hash, data
    )


def _opened(deal: Deal, event: Event, data: Opened) -> Deal:
    clocks = data.clocks
    new = data.variant or deal.layout.four_eyes
    return replace(
        deal, id=event.deal, version=event.seq, title=data.title, status="open", stage=data.to, owner=data.owner,
        opened_at=event.at, entered_at=event.at, last_at=event.at, due_at=clocks.due_at, stall_at=clocks.stall_at,
        follow_ups=clocks.follow_ups, external_id=data.external_id, parent_deal=data.parent_deal,
        subject=data.subject, work=workload.entered(deal, event, data) if new else NO_WORK,
        values=_set(deal.layout.fields, deal.layout.field_at, deal.values, data.fields),
    )  # fmt: skip


def _moved(deal: Deal, event: Event, data: Moved) -> Deal:
    """Advanced, skipped, won: into the next stage; a win also marks the day."""
    clocks = data.clocks
    won = event.type == "won"
    work = deal.work
    if work is not NO_WORK or data.variant or deal.layout.four_eyes:
        work = workload.entered(deal, event, data)
    return replace(
        deal, version=event.seq, stage=data.to or data.from_, status="won" if won else deal.status,
        won_at=event.at if won else deal.won_at, entered_at=event.at if data.to else deal.entered_at,
        last_at=event.at, due_at=clocks.due_at, stall_at=clocks.stall_at, follow_ups=clocks.follow_ups,
        waivers=(), approvals=(), work=work,
    )  # fmt: skip


def _detoured(deal: Deal, event: Event, data: Moved) -> Deal:
    return replace(_moved(deal, event, data), work=workload.detoured(deal, event, data))


def _returned(deal: Deal, event: Event, data: Moved) -> Deal:
    """Back from a detour: the visit of the stage goes on where it stopped, its dates moved on by the event."""
    away = deal.work.away
    if away is None:
        return _moved(deal, event, data)
    work = workload.returned(deal.work, away)
    if deal.layout.waits:
        work = workload.paused(work, away.since, event.at)
    return replace(
        _moved(deal, event, data), work=work, entered_at=away.entered_at,
        waivers=away.waivers, approvals=away.approvals,
    )  # fmt: skip


def _regressed(deal: Deal, event: Event, data: Moved) -> Deal:
    at = deal.layout.stage_at[data.to or data.from_]
    return replace(_moved(deal, event, data), regressed=(*deal.regressed, (at, event.seq)))


def _ended(deal: Deal, event: Event, data: Moved) -> Deal:
    return replace(
        deal, version=event.seq, status=cast("DealStatus", event.type), closed_at=event.at, last_at=event.at,
        due_at=None, stall_at=None, follow_ups=(), recall_at=data.recall_at, outcome=data.outcome,
        reason=data.reason, hold=None, waivers=(), approvals=(),
    )  # fmt: skip


def _reopened(deal: Deal, event: Event, data: Moved) -> Deal:
    clocks = data.clocks
    work = deal.work
    if work is not NO_WORK or data.variant or deal.layout.four_eyes:
        work = replace(workload.entered(deal, event, data), away=work.away)
    return replace(
        deal, version=event.seq, status="open", stage=data.to or data.from_, closed_at=None, outcome=None, reason=None,
        recall_at=None, entered_at=event.at, last_at=event.at, due_at=clocks.due_at, stall_at=clocks.stall_at,
        follow_ups=clocks.follow_ups, work=work,
    )  # fmt: skip


def _held(deal: Deal, event: Event, data: Held) -> Deal:
    return replace(deal, version=event.seq, last_at=event.at, hold=Hold(data.until, data.reason, event.at))


def _resumed(deal: Deal, event: Event, data: Resumed) -> Deal:
    clocks = data.clocks
    work = deal.work
    if deal.layout.waits and deal.hold is not None:
        work = workload.paused(work, deal.hold.since, event.at)
    return replace(
        deal, version=event.seq, last_at=event.at, hold=None, due_at=clocks.due_at, stall_at=clocks.stall_at,
        follow_ups=clocks.follow_ups, work=work,
    )  # fmt: skip


def _imported(deal: Deal, event: Event, data: Imported) -> Deal:
    payload = payload_of(data.what, data.data)
    stands_for = Event(
        event.deal, event.seq, data.what, event.at, event.actor, event.role, event.definition_hash, payload
    )
    after = _APPLY[data.what](deal, stands_for, payload)
    if deal.last_at is not None and event.at < deal.last_at:
        return replace(after, last_at=deal.last_at)  # an old fact told now does not turn the deal's clock back
    return after


def _fields_set(deal: Deal, event: Event, data: FieldsSet) -> Deal:
    layout = deal.layout
    values = _set(layout.fields, layout.field_at, deal.values, data.fields)
    return replace(deal, version=event.seq, last_at=event.at, values=values)


def _item(deal: Deal, event: Event, data: ItemChanged) -> Deal:
    layout = deal.layout
    at = layout.field_at[data.list]
    field = layout.fields[at]
    items: tuple[Item, ...] = deal.values[at] or ()
    if event.type == "item_added":
        items = (*items, Item(data.item, revive_all(field.of, data.fields)))
    else:
        items = tuple(_changed(field, item, event.type, data) if item.id == data.item else item for item in items)
    values = (*deal.values[:at], items, *deal.values[at + 1 :])
    return replace(deal, version=event.seq, last_at=event.at, values=values)


def _changed(field: Field, item: Item, kind: str, data: ItemChanged) -> Item:
    if kind == "item_closed":
        return replace(item, closed=True)
    places = {inner.id: at for at, inner in enumerate(field.of)}
    return replace(item, values=_set(field.of, places, item.values, data.fields))


def _artifact(deal: Deal, event: Event, data: ArtifactRecorded) -> Deal:
    at = deal.layout.artifact_at[data.kind]
    kind = deal.layout.artifacts[at]
    new = Artifact(
        data.artifact, data.version, event.seq, event.at, event.actor, revive_all(kind.fields, data.fields), data.file
    )
    group = deal.artifacts[at]
    if any(old.id == new.id for old in group):
        group = tuple(new if old.id == new.id else old for old in group)
    else:
        group = (*group, new)
    if deal.work.late:
        deal = replace(deal, work=workload.renewed(deal.work, new.id))
    return _with_artifacts(deal, event, at, group)


def _artifact_decided(deal: Deal, event: Event, data: ApprovalGiven) -> Deal:
    granted = event.type == "artifact_approved"
    answer = Decided(data.approval, event.role or "", event.actor, event.at, event.seq, granted, data.note)
    name = data.artifact or ""
    at = deal.layout.artifact_at[name.partition("-")[0]]
    group = tuple(
        replace(one, decisions=(*one.decisions, answer)) if one.id == name else one for one in deal.artifacts[at]
    )
    return _with_artifacts(deal, event, at, group)


def _with_artifacts(deal: Deal, event: Event, at: int, group: tuple[Artifact, ...]) -> Deal:
    artifacts = (*deal.artifacts[:at], group, *deal.artifacts[at + 1 :])
    return replace(deal, version=event.seq, last_at=event.at, artifacts=artifacts)


def _stage_decided(deal: Deal, event: Event, data: ApprovalGiven) -> Deal:
    granted = event.type == "stage_approved"
    answer = Decided(data.approval, event.role or "", event.actor, event.at, event.seq, granted, data.note)
    return replace(deal, version=event.seq, last_at=event.at, approvals=(*deal.approvals, answer))


def _activity(deal: Deal, event: Event, data: ActivityLogged) -> Deal:
    kind = deal.layout.events.get(data.name)
    fact = Fact(
        data.activity, data.name, event.seq, event.at, data.by, event.actor, data.contact, data.channel, data.note,
        data.proof, revive_all(kind.fields, data.fields) if kind else (),
    )  # fmt: skip
    # An activity may be told afterwards, so it does not move the deal's own clock back.
    return replace(
        deal, version=event.seq, facts=(*deal.facts, fact), activities=deal.activities + 1, follow_ups=data.follow_ups
    )


def _voided(deal: Deal, event: Event, data: ActivityVoided) -> Deal:
    facts = tuple(fact for fact in deal.facts if fact.id != data.activity)
    return replace(deal, version=event.seq, last_at=event.at, facts=facts)


def _stakeholder(deal: Deal, event: Event, data: StakeholderChanged) -> Deal:
    if event.type == "stakeholder_added":
        new = Stakeholder(data.stakeholder, revive_all(STAKEHOLDER_FIELDS, data.fields))
        return replace(deal, version=event.seq, last_at=event.at, stakeholders=(*deal.stakeholders, new))
    people = tuple(
        replace(one, values=_set(STAKEHOLDER_FIELDS, _STAKEHOLDER_AT, one.values, data.fields))
        if one.id == data.stakeholder
        else one
        for one in deal.stakeholders
    )
    return replace(deal, version=event.seq, last_at=event.at, stakeholders=people)


def _waived(deal: Deal, event: Event, data: Waiver) -> Deal:
    waiver = Waived(data.criterion, data.stage, event.role or "", event.actor, event.seq, data.reason)
    return replace(deal, version=event.seq, last_at=event.at, waivers=(*deal.waivers, waiver))


def _assigned(deal: Deal, event: Event, data: OwnerAssigned) -> Deal:
    return replace(deal, version=event.seq, last_at=event.at, owner=data.owner)


def _task_added(deal: Deal, event: Event, data: TaskAdded) -> Deal:
    return replace(deal, version=event.seq, last_at=event.at, work=workload.task_added(deal.work, event, data))


def _task_closed(deal: Deal, event: Event, data: TaskClosed) -> Deal:
    return replace(deal, version=event.seq, last_at=event.at, work=workload.task_closed(deal.work, event, data))


def _fired(deal: Deal, event: Event, data: AutomationFired) -> Deal:
    return replace(deal, version=event.seq, last_at=event.at, work=workload.fired(deal.work, event, data))


def _late(deal: Deal, event: Event, data: ApprovalLate) -> Deal:
    return replace(deal, version=event.seq, last_at=event.at, work=workload.late(deal.work, event, data))


def _linked(deal: Deal, event: Event, data: DealLinked) -> Deal:
    return replace(deal, version=event.seq, last_at=event.at, work=workload.linked(deal.work, data))


def _told(deal: Deal, event: Event, _: Notified | Proposed) -> Deal:
    return replace(deal, version=event.seq, last_at=event.at)


def _transferred(_: Deal, event: Event, __: Transferred) -> Deal:
    raise ValueError(f"{event.deal}: event {event.seq} needs the layout of {event.definition_hash[:12]}")


def _erased(deal: Deal, event: Event, _: PersonalErased) -> Deal:
    # References stay where they were: what they pointed to is gone, and reads as null.
    return replace(deal, version=event.seq, last_at=event.at)


def _set(
    fields: tuple[Field, ...], places: Mapping[str, int], values: tuple[Any, ...], raw: Mapping[str, Any]
) -> tuple[Any, ...]:
    if not raw:
        return values
    changed = list(values)
    for name, value in raw.items():
        at = places[name]
        changed[at] = revive(fields[at], value)
    return tuple(changed)


_STAKEHOLDER_AT = {field.id: at for at, field in enumerate(STAKEHOLDER_FIELDS)}

_APPLY: dict[str, Callable[[Deal, Event, Any], Deal]] = {
    "opened": _opened,
    "advanced": _moved,
    "skipped": _moved,
    "won": _moved,
    "detoured": _detoured,
    "returned": _returned,
    "regressed": _regressed,
    "lost": _ended,
    "disqualified": _ended,
    "completed": _ended,
    "reopened": _reopened,
    "held": _held,
    "resumed": _resumed,
    "imported": _imported,
    "fields_set": _fields_set,
    "item_added": _item,
    "item_set": _item,
    "item_closed": _item,
    "artifact_recorded": _artifact,
    "artifact_approved": _artifact_decided,
    "artifact_rejected": _artifact_decided,
    "stage_approved": _stage_decided,
    "stage_rejected": _stage_decided,
    "activity_logged": _activity,
    "activity_voided": _voided,
    "stakeholder_added": _stakeholder,
    "stakeholder_set": _stakeholder,
    "criterion_waived": _waived,
    "owner_assigned": _assigned,
    "personal_erased": _erased,
    "task_added": _task_added,
    "task_closed": _task_closed,
    "automation_fired": _fired,
    "approval_escalated": _late,
    "approval_expired": _late,
    "deal_linked": _linked,
    "notified": _told,
    "proposed": _told,
    "transferred": _transferred,
}
