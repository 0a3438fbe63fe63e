"""What events make of a deal's work: tasks, automations' turns, links, arms of trials, detours, late approvals."""

from __future__ import annotations

from datetime import datetime

from msgspec.structs import replace

from dealwright.events import (
    ApprovalLate,
    AutomationFired,
    DealLinked,
    Event,
    Moved,
    Opened,
    TaskAdded,
    TaskClosed,
    Transferred,
)
from dealwright.model.deal import Away, Deal, Fired, Late, Link, Task, Work
from dealwright.model.people import SYSTEM


def entered(deal: Deal, event: Event, data: Opened | Moved | Transferred) -> Work:
    """A visit of a stage begins: nothing of the last visit is left, but tasks, links and arms."""
    work = deal.work
    variants = work.variants
    if data.variant and data.to:
        variants = (*(pair for pair in variants if pair[0] != data.to), (data.to, data.variant))
    return replace(
        work, variants=variants, fired=tuple(replace(one, visit=0) for one in work.fired),
        late=tuple(late for late in work.late if late.artifact is not None), away=None, moved_by=_mover(deal, event),
    )  # fmt: skip


def detoured(deal: Deal, event: Event, data: Moved) -> Work:
    """The visit of the stage that the deal leaves for a while is put aside whole."""
    work = deal.work
    aside = Away(
        deal.stage, event.at, deal.entered_at or event.at, deal.due_at, deal.stall_at, deal.follow_ups, deal.waivers,
        deal.approvals, tuple(late for late in work.late if late.artifact is None), work.fired, work.moved_by,
    )  # fmt: skip
    return replace(entered(deal, event, data), away=aside)


def returned(work: Work, away: Away) -> Work:
    """The visit that was put aside goes on."""
    turns = {one.automation: one.visit for one in away.fired}
    return replace(
        work, fired=tuple(replace(one, visit=turns.get(one.automation, 0)) for one in work.fired), away=None,
        late=(*(late for late in work.late if late.artifact is not None), *away.late), moved_by=away.moved_by,
    )  # fmt: skip


def paused(work: Work, since: datetime, until: datetime) -> Work:
    """The clocks stood still; a hold during a detour is part of it."""
    before = tuple(pause for pause in work.pauses if pause[1] <= since)
    return replace(work, pauses=(*before, (since, until)))


def task_added(work: Work, event: Event, data: TaskAdded) -> Work:
    """One more task."""
    task = Task(
        data.task, data.roles, event.at, data.kind, data.title, data.due_at, data.optional, data.stage
    )  # fmt: skip
    return replace(work, tasks=(*work.tasks, task))


def task_closed(work: Work, event: Event, data: TaskClosed) -> Work:
    """Done or skipped."""
    return replace(work, tasks=tuple(
        replace(task, how=data.how, closed_by=event.actor, closed_at=event.at) if task.id == data.task else task
        for task in work.tasks
    ))  # fmt: skip


def fired(work: Work, event: Event, data: AutomationFired) -> Work:
    """One more turn of an automation, in all and in this visit."""
    due = data.due_at or event.at
    old = next((one for one in work.fired if one.automation == data.automation), None)
    if old is None:
        return replace(work, fired=(*work.fired, Fired(data.automation, 1, 1, due)))
    new = replace(old, count=old.count + 1, visit=old.visit + 1, due_at=due)
    return replace(work, fired=tuple(new if one is old else one for one in work.fired))


def late(work: Work, event: Event, data: ApprovalLate) -> Work:
    """An approval that was not answered in time."""
    expired = event.type == "approval_expired"
    new = Late(data.approval, event.at, data.artifact, data.version, data.roles, expired)
    return replace(work, late=(*work.late, new))


def renewed(work: Work, artifact: str) -> Work:
    """A new version of an artifact: its approvals are asked anew, each with its own time."""
    return replace(work, late=tuple(late for late in work.late if late.artifact != artifact))


def linked(work: Work, data: DealLinked) -> Work:
    """Another deal belongs with this one; once is enough."""
    link = Link(data.deal, data.kind)
    return work if link in work.links else replace(work, links=(*work.links, link))


def _mover(deal: Deal, event: Event) -> str | None:
    """Who brought the deal to its stage; where it went by itself, who had brought it before."""
    if not deal.layout.four_eyes:
        return None
    return deal.work.moved_by if event.actor == SYSTEM else event.actor
