"""Moves forward: opening a deal, going on, skipping, winning, completing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import cast

from msgspec.structs import replace

from dealwright.engine import assignment, clocks, detours
from dealwright.engine.commands import Advance, Move, Open
from dealwright.engine.context import Context
from dealwright.engine.decisions import Way, choose, following, landing, position
from dealwright.engine.ends import end_by_outcome, regress
from dealwright.engine.entries import Values
from dealwright.engine.passing import must_pass
from dealwright.engine.program import Program
from dealwright.engine.result import did_you_mean, event, instant, permit, refuse, spoken
from dealwright.errors import UsageError
from dealwright.events import Clocks, Event, Moved, Opened
from dealwright.model.deal import Deal, Ref
from dealwright.model.process import Stage
from dealwright.model.text import Text
from dealwright.model.values import revive


def open_deal(program: Program, deal: Deal, command: Open, context: Context) -> tuple[Event, ...]:
    """`open`: entry criteria of the start stage, required fields, a role of the start stage."""
    layout = program.layout
    # Which stage it is depends on the values; who may set them depends on the stage.
    draft = drafted(program, deal, command, context)
    owner = draft.owner
    stage = _start(program, draft, context)
    draft = replace(draft, stage=stage.id)
    role = permit(program, context, stage.responsible, "open", stage.id)
    given = Values(program, draft, context).fields(layout.fields, command.fields)
    fields = {name: value for name, value in given.items() if value is not None}
    plan = program.opening(layout.stage_at[stage.id])
    draft = _with(draft, fields)
    judged = must_pass(program, plan, draft, context, "open", stage.id)
    dates, arm = clocks.on_entry(program, draft, stage, context.now, context)
    data = Opened(
        title=command.title, process=layout.process, process_version=layout.process_version, to=stage.id,
        owner=owner, fields=fields, external_id=command.external_id, parent_deal=command.parent_deal,
        subject=command.subject, variant=arm, clocks=dates, criteria=judged,
    )  # fmt: skip
    return (event(program, deal, context, "opened", role, data, deal_id=command.id),)


def drafted(program: Program, deal: Deal, command: Open, context: Context) -> Deal:
    """The deal that `command` would open, but for its stage. Raises UsageError for values of the wrong type.

    It belongs to whom the command names, else to whom the rules of assignment choose, else to whoever opens it.
    """
    owner = command.owner
    if owner is not None and owner not in context.team.people:
        raise UsageError(f"nobody in the team is called {owner}", f"团队中没有 {owner}", person=owner)
    kind = program.process.subject
    if bool(kind) != bool(command.subject):
        raise UsageError(
            f"a {program.process.id} deal belongs to a record: give --subject ({kind})" if kind
            else f"{program.process.id} deals belong to no record: leave out --subject",
            f"{program.process.id} 项目须属于一条记录：请用 --subject 指明（{kind}）" if kind
            else f"{program.process.id} 项目不属于任何记录：请勿使用 --subject", missing="subject",
        )  # fmt: skip
    draft = replace(
        deal, id=command.id, status="open", owner=owner, opened_at=context.now, entered_at=context.now,
        subject=command.subject, parent_deal=command.parent_deal,
    )  # fmt: skip
    draft = _with(draft, Values(program, draft, context, by_role=False).fields(program.layout.fields, command.fields))
    if owner is None and program.process.assignment:
        rule = assignment.rule_for(program, draft, context)
        owner = assignment.choose(rule, context) if rule else None
    return replace(draft, owner=owner or (context.actor if context.actor in context.team.people else None))


def advance(
    program: Program, deal: Deal, command: Advance, context: Context, automation: str | None = None
) -> tuple[Event, ...]:  # fmt: skip
    """`advance`: what the stage's decision says, else the next stage in the list."""
    way = choose(program, deal, context, command.branch)
    reason = command.reason or way.reason
    return take(program, deal, context, way, reason, command.note, automation)


def move(program: Program, deal: Deal, command: Move, context: Context) -> tuple[Event, ...]:
    """`move`: the target gives the kind; a stage further on than the next is a skip, one beside the way a detour."""
    if command.to in program.process.outcomes:
        return end_by_outcome(program, deal, context, Way(command.to), command.reason, note=command.note)
    if command.to not in program.layout.stage_at:
        raise _no_such_target(program, command.to)
    stage = program.stage(deal.stage)
    here, there = position(program, deal), program.layout.stage_at[command.to]
    if command.to == deal.stage:
        raise refuse("transition", "advance", command.to, Text("the deal is there already", "项目已在该阶段"))
    if program.process.stages[there].detour:
        return detours.leave(program, deal, context, Way(command.to), command.reason, command.note)
    if there < here:
        return regress(program, deal, context, Way(command.to), command.reason, command.note)
    next_in_list = stage.decision is None and following(program, deal, context).to == command.to
    if command.to in stage.skip_to and not next_in_list:
        return _skip(program, deal, context, command)
    way = choose(program, deal, context, None)
    if way.to != command.to:
        raise refuse(
            "transition", "skip", command.to,
            Text(f"the process does not let a deal skip from {deal.stage} to {command.to}",
                 f"流程不允许从 {deal.stage} 越级到 {command.to}"),
        )  # fmt: skip
    return take(program, deal, context, way, command.reason or way.reason, command.note)


def take(
    program: Program, deal: Deal, context: Context, way: Way, reason: str | Ref | None, note: Ref | None,
    automation: str | None = None,
) -> tuple[Event, ...]:  # fmt: skip
    """Go the way that was chosen: forward with all checks, aside, back with a reason, or to an outcome.

    `automation` is what moves the deal by itself; it stands in the event.
    """
    if automation is not None:
        events = take(program, deal, context, way, reason, note)
        return tuple(replace(one, data=replace(cast("Moved", one.data), automation=automation)) for one in events)
    if way.to in program.process.outcomes:
        return end_by_outcome(program, deal, context, way, reason, note=note)
    there = None if way.to is None else program.layout.stage_at[way.to]
    away = deal.work.away
    if away is not None and way.to == away.stage:
        return detours.come_back(program, deal, context, way, reason, note)
    if program.bends and there is not None and program.process.stages[there].detour:
        return detours.leave(program, deal, context, way, reason, note)
    leaving = program.layout.stage_at[deal.stage]
    here = leaving if away is None else position(program, deal)
    if there is not None and there <= here:
        return regress(program, deal, context, way, reason, note)
    kind = forward_kind(program, deal, here, there)
    role = permit(program, context, way.roles or program.stage(deal.stage).responsible, kind, way.to)
    judged = must_pass(program, program.plan(leaving, there), deal, context, kind, way.to)
    at = instant(deal, context)
    dates, arm = _dates(program, deal, context, way.to, at)
    data = Moved(
        from_=deal.stage, to=way.to, branch=way.branch, reason=spoken(program, reason), note=note,
        skipped=way.skipped, variant=arm, clocks=dates, criteria=judged,
    )  # fmt: skip
    return _forward(program, deal, context, kind, role, data, at)


def forward_kind(program: Program, deal: Deal, here: int, there: int | None) -> str:
    """`advance`, `win` or `complete`: whichever applies to a forward move."""
    wins = program.wins_at
    if deal.status == "open" and wins is not None and here <= wins and (there is None or there > wins):
        return "win"
    return "complete" if there is None else "advance"


def skip_kind(program: Program, deal: Deal, here: int, there: int) -> str:
    """`skip`, or `win` where it passes over the winning stage."""
    return "win" if forward_kind(program, deal, here, there) == "win" else "skip"


def _skip(program: Program, deal: Deal, context: Context, command: Move) -> tuple[Event, ...]:
    here, there = program.layout.stage_at[deal.stage], program.layout.stage_at[command.to]
    stages = program.process.stages
    if deal.status != "open" or deal.work.away is not None:
        raise refuse("status", "skip", command.to, Text("only an open deal may skip stages", "仅进行中的项目可以越级"))
    kind = skip_kind(program, deal, here, there)
    role = permit(program, context, stages[here].skip_to[command.to], kind, command.to)
    if not command.reason:
        raise UsageError("a skip needs --reason", "越级须用 --reason 说明理由", missing="reason")
    judged = must_pass(program, program.plan(here, there), deal, context, kind, command.to)
    skipped = tuple(stage.id for stage in stages[here + 1 : there] if not stage.detour)
    at = instant(deal, context)
    dates, arm = _dates(program, deal, context, command.to, at)
    data = Moved(
        from_=deal.stage, to=command.to, reason=spoken(program, command.reason), note=command.note, skipped=skipped,
        variant=arm, clocks=dates, criteria=judged,
    )  # fmt: skip
    return _forward(program, deal, context, kind, role, data, at)


_TYPES = {"advance": "advanced", "skip": "skipped", "win": "won", "complete": "completed"}


def _dates(
    program: Program, deal: Deal, context: Context, to: str | None, at: datetime
) -> tuple[Clocks, str | None]:  # fmt: skip
    """The clocks of the stage that a move enters, and the arm of its trial; nothing runs where the deal ends."""
    if to is None:
        return clocks.NONE, None
    return clocks.on_entry(program, deal, program.stage(to), at, context)


def _forward(
    program: Program, deal: Deal, context: Context, kind: str, role: str | None, data: Moved, at: datetime
) -> tuple[Event, ...]:
    moved = event(program, deal, context, _TYPES[kind], role, data, at=at)
    if kind == "win" and data.to is None:
        # Nothing follows the winning stage, so the deal is done as well.
        done = Moved(from_=deal.stage)
        return moved, event(program, deal, context, "completed", role, done, seq=deal.version + 2)
    return (moved,)


def _start(program: Program, draft: Deal, context: Context) -> Stage:
    """The stage at which the deal begins."""
    starts = program.process.start
    for start in starts:
        if not start.condition or program.guard(start.condition).status(draft, 0, context.moment) == "met":
            return program.stage(start.to)
    if starts:
        raise refuse(
            "transition", "open", starts[0].to,
            Text("no start stage fits what is known of the deal", "已知信息不足以确定项目的起始阶段"),
        )  # fmt: skip
    first = landing(program, draft, context, 0)
    return program.process.stages[0] if first.to is None else program.stage(first.to)


def _with(draft: Deal, fields: Mapping[str, object]) -> Deal:
    """The deal that is about to be opened, with these values for its own criteria to read."""
    layout = draft.layout
    values = list(draft.values)
    for name, raw in fields.items():
        at = layout.field_at[name]
        values[at] = revive(layout.fields[at], raw)
    return replace(draft, values=tuple(values))


def _no_such_target(program: Program, name: str) -> UsageError:
    hint = did_you_mean(name, [*program.layout.stage_at, *program.process.outcomes])
    return UsageError(
        f"there is no stage or outcome {name}{hint.en}", f"没有名为 {name} 的阶段或结果{hint.zh}", to=name
    )
