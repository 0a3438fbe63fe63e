"""What an automation does once its turn has come."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from dealwright.engine import assignment, ends, moves, supplies, tasks
from dealwright.engine.commands import Open, Reopen, SetFields
from dealwright.engine.context import Context
from dealwright.engine.decisions import Way
from dealwright.engine.folding import evolve
from dealwright.engine.program import Program
from dealwright.engine.rendering import render
from dealwright.engine.result import event, refuse
from dealwright.events import DealLinked, Event, Notified, OwnerAssigned
from dealwright.guards import Moment
from dealwright.model.deal import FOLLOW_ON, Deal
from dealwright.model.facts import RecordFacts
from dealwright.model.process import Automation, Spawn
from dealwright.model.text import Text


def of(program: Program, deal: Deal, automation: Automation, context: Context) -> tuple[Event, ...]:
    """All its effects, in their order. Raises a refusal, UsageError or NotFoundError where one is not possible."""
    happened: list[Event] = []
    for effect in _EFFECTS:
        events = effect(program, deal, automation, context)
        for one in events:
            deal = evolve(deal, one, program.layout)
        happened += events
    return tuple(happened)


def opening(program: Program, deal: Deal, spawn: Spawn, moment: Moment, deal_id: str, lang: str) -> Open:
    """The command that opens the deal of `spawn`, as `deal` (which opens it) knows its title and values.

    Fields whose value is unknown are left out. A record's follow-on is bound to the record itself.
    """
    fields = {name: value for name, source in spawn.values.items()
              if (value := _value(program, deal, source, moment)) is not None}  # fmt: skip
    if spawn.subject:
        subject = _value(program, deal, spawn.subject, moment)
    else:
        subject = deal.id if program.process.record else deal.subject
    title = render(program, spawn.title, deal, moment).say(lang) if spawn.title else deal.title
    return Open(id=deal_id, title=title, fields=fields, parent_deal=deal.id, subject=subject)


def child_id(deal: Deal, known: str) -> str:
    """The id for one more deal: `known`, the process's next, unless this decision has given it to another."""
    given = {link.deal for link in deal.work.links}
    while known in given:
        stem, _, number = known.rpartition("-")
        known = f"{stem}-{int(number) + 1}"
    return known


def _set(program: Program, deal: Deal, automation: Automation, context: Context) -> tuple[Event, ...]:
    """Values that are unknown are left out: an automation never clears a field because it does not know better."""
    fields = {name: value for name, source in automation.then.values.items()
              if (value := _value(program, deal, source, context.moment)) is not None}  # fmt: skip
    return supplies.set_fields(program, deal, SetFields(fields=fields), context) if fields else ()


def _assign(program: Program, deal: Deal, automation: Automation, context: Context) -> tuple[Event, ...]:
    then = automation.then
    if then.assign:
        person = assignment.choose(assignment.rule_of(program, then.assign), context)
        if person is None:
            raise refuse("role", "assign", None, Text(
                f"nobody holds the role {then.assign}", f"没有人担任角色 {then.assign}"))  # fmt: skip
        if person == deal.owner:
            return ()
        return (event(program, deal, context, "owner_assigned", None, OwnerAssigned(owner=person)),)
    if then.unassign and deal.owner is not None:
        return (event(program, deal, context, "owner_assigned", None, OwnerAssigned(owner=None)),)
    return ()


def _give_task(program: Program, deal: Deal, automation: Automation, context: Context) -> tuple[Event, ...]:
    kind = tasks.kind_named(program, automation.then.task) if automation.then.task else None
    if kind is None or tasks.open_of_kind(deal, kind.id) is not None:
        return ()
    return (tasks.give(program, deal, kind, context),)


def _open(program: Program, deal: Deal, automation: Automation, context: Context) -> tuple[Event, ...]:
    """The link to the deal that is opened with this decision; whoever writes the events opens it."""
    spawn = automation.then.open
    if spawn is None:
        return ()
    facts = context.facts
    known = facts.ids.get(spawn.process)
    failed = facts.refused.get(automation.id)
    if known is None or failed is not None:
        why = failed or f"there is no process {spawn.process}"
        raise refuse("transition", "open", spawn.process, Text(why, why))
    data = DealLinked(deal=child_id(deal, known), kind=FOLLOW_ON, automation=automation.id)
    return (event(program, deal, context, "deal_linked", None, data),)


def _link(program: Program, deal: Deal, automation: Automation, context: Context) -> tuple[Event, ...]:
    name = automation.then.link
    found = context.facts.records.get(name) if name else None
    others = (found,) if isinstance(found, RecordFacts) else found or ()
    known = {(link.deal, link.kind) for link in deal.work.links}
    events: list[Event] = []
    for other in others:
        if (other.id, name) not in known:
            data = DealLinked(deal=other.id, kind=name, automation=automation.id)
            seq = deal.version + len(events) + 1
            events.append(event(program, deal, context, "deal_linked", None, data, seq=seq))
    return tuple(events)


def _notify(program: Program, deal: Deal, automation: Automation, context: Context) -> tuple[Event, ...]:
    notice = automation.then.notify
    if notice is None:
        return ()
    said = render(program, notice.text, deal, context.moment)
    data = Notified(roles=notice.roles, en=said.en, zh=said.zh, automation=automation.id)
    return (event(program, deal, context, "notified", None, data),)


def _reopen(program: Program, deal: Deal, automation: Automation, context: Context) -> tuple[Event, ...]:
    if not automation.then.reopen:
        return ()
    if deal.status not in ("lost", "disqualified"):
        raise refuse("status", "reopen", None, Text(
            f"the deal is {deal.status}: there is nothing to reopen",
            f"项目状态为“{ends.STATUS_ZH[deal.status]}”，无需重启"))  # fmt: skip
    reason = automation.then.reason if automation.then.reason and not automation.then.to else automation.id
    return ends.reopen(program, deal, Reopen(reason=reason), context)


def _go(program: Program, deal: Deal, automation: Automation, context: Context) -> tuple[Event, ...]:
    """To a stage or an outcome; forward by everybody's criteria, and only where its plugins were asked."""
    to = automation.then.to
    if not to or to == deal.stage:
        return ()
    stages = program.layout.stage_at
    if deal.status not in ("open", "won"):
        raise refuse("status", "move", to, Text(
            f"the deal is {deal.status}", f"项目状态为“{ends.STATUS_ZH[deal.status]}”"))  # fmt: skip
    if program.process.plugins and stages.get(to, -1) > stages[deal.stage] and not context.gates:
        raise refuse("transition", "advance", to, Text(
            "plugins have a say in this move, so somebody has to make it",
            "该推进须由插件判断，须由人员执行"))  # fmt: skip
    # Only a way back always says why; an end takes one of its own reasons.
    back = to in stages and stages[to] <= stages[deal.stage]
    reason = automation.then.reason or (automation.id if back else None)
    return moves.take(program, deal, context, Way(to, ruled=True), reason, None, automation=automation.id)


def _value(program: Program, deal: Deal, source: str, moment: Moment) -> Any:
    """An expression's value as JSON data; None where it is unknown."""
    fresh = deal.fresh_from(program.layout.stage_at[deal.stage]) if deal.stage else 0
    from dealwright.guards import rounded  # what computes nothing does not pay for it

    return msgspec.to_builtins(rounded(program.guard(source, "value").value(deal, fresh, moment)))


_EFFECTS: tuple[Callable[[Program, Deal, Automation, Context], tuple[Event, ...]], ...] = (
    _set, _assign, _give_task, _open, _link, _notify, _reopen, _go,
)  # fmt: skip
