"""Moves forward: opening a deal, going on, skipping, winning, completing."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace

from dealwright.engine import clocks
from dealwright.engine.commands import Advance, Move, Open
from dealwright.engine.context import Context
from dealwright.engine.decisions import Way, choose
from dealwright.engine.ends import end_by_outcome, regress
from dealwright.engine.entries import Values
from dealwright.engine.judge import judge, passes, records
from dealwright.engine.program import Plan, Program
from dealwright.engine.result import did_you_mean, event, instant, permit, refuse, spoken
from dealwright.errors import UsageError
from dealwright.events import Event, Judged, Moved, Opened
from dealwright.model.deal import Deal, Ref
from dealwright.model.process import Stage
from dealwright.model.text import Text
from dealwright.model.values import revive


def open_deal(program: Program, deal: Deal, command: Open, context: Context) -> tuple[Event, ...]:
    """`open`: entry criteria of the start stage, required fields, a role of the start stage."""
    layout = program.layout
    owner = command.owner or (context.actor if context.actor in context.team.people else None)
    if owner is not None and owner not in context.team.people:
        raise UsageError(f"nobody in the team is called {owner}", f"团队中没有 {owner}", person=owner)
    # Which stage it is depends on the values; who may set them depends on the stage.
    draft = replace(deal, id=command.id, status="open", owner=owner, opened_at=context.now, entered_at=context.now)
    draft = _with(draft, Values(program, draft, context, by_role=False).fields(layout.fields, command.fields))
    stage = _start(program, draft, context)
    draft = replace(draft, stage=stage.id)
    role = permit(program, context, stage.responsible, "open", stage.id)
    given = Values(program, draft, context).fields(layout.fields, command.fields)
    fields = {name: value for name, value in given.items() if value is not None}
    plan = program.opening(layout.stage_at[stage.id])
    judged = _must_pass(program, plan, _with(draft, fields), context, "open", stage.id)
    data = Opened(
        title=command.title, process=layout.process, process_version=layout.process_version, to=stage.id,
        owner=owner, fields=fields, external_id=command.external_id, parent_deal=command.parent_deal,
        clocks=clocks.on_entry(stage, context.now, program.zone), criteria=judged,
    )  # fmt: skip
    return (event(program, deal, context, "opened", role, data, deal_id=command.id),)


def advance(program: Program, deal: Deal, command: Advance, context: Context) -> tuple[Event, ...]:
    """`advance`: what the stage's decision says, else the next stage in the list."""
    way = choose(program, deal, context, command.branch)
    reason = command.reason or way.reason
    return take(program, deal, context, way, reason, command.note)


def move(program: Program, deal: Deal, command: Move, context: Context) -> tuple[Event, ...]:
    """`move`: the target gives the kind; a stage further on than the next is a skip."""
    if command.to in program.process.outcomes:
        return end_by_outcome(program, deal, context, Way(command.to), command.reason, note=command.note)
    if command.to not in program.layout.stage_at:
        raise _no_such_target(program, command.to)
    stage = program.stage(deal.stage)
    here, there = program.layout.stage_at[deal.stage], program.layout.stage_at[command.to]
    if there == here:
        raise refuse("transition", "advance", command.to, Text("the deal is there already", "项目已在该阶段"))
    if there < here:
        return regress(program, deal, context, Way(command.to), command.reason, command.note)
    next_in_list = stage.decision is None and there == here + 1
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
    program: Program, deal: Deal, context: Context, way: Way, reason: str | Ref | None, note: Ref | None
) -> tuple[Event, ...]:
    """Go the way that was chosen: forward with all checks, back with a reason, or to an outcome."""
    if way.to in program.process.outcomes:
        return end_by_outcome(program, deal, context, way, reason, note=note)
    here = program.layout.stage_at[deal.stage]
    there = None if way.to is None else program.layout.stage_at[way.to]
    if there is not None and there <= here:
        return regress(program, deal, context, way, reason, note)
    kind = forward_kind(program, deal, here, there)
    role = permit(program, context, way.roles or program.stage(deal.stage).responsible, kind, way.to)
    judged = _must_pass(program, program.plan(here, there), deal, context, kind, way.to)
    data = _moved(program, deal, context, way.to, judged)
    return _forward(
        program, deal, context, kind, role, replace(data, branch=way.branch, reason=spoken(program, reason), note=note)
    )


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
    if deal.status != "open":
        raise refuse("status", "skip", command.to, Text("only an open deal may skip stages", "仅进行中的项目可以越级"))
    kind = skip_kind(program, deal, here, there)
    role = permit(program, context, stages[here].skip_to[command.to], kind, command.to)
    if not command.reason:
        raise UsageError("a skip needs --reason", "越级须用 --reason 说明理由", missing="reason")
    judged = _must_pass(program, program.plan(here, there), deal, context, kind, command.to)
    skipped = tuple(stage.id for stage in stages[here + 1 : there])
    data = _moved(program, deal, context, command.to, judged)
    data = replace(data, skipped=skipped, reason=spoken(program, command.reason), note=command.note)
    return _forward(program, deal, context, kind, role, data)


_TYPES = {"advance": "advanced", "skip": "skipped", "win": "won", "complete": "completed"}


def _moved(program: Program, deal: Deal, context: Context, to: str | None, judged: tuple[Judged, ...]) -> Moved:
    """A forward move with the clocks of the stage that it enters."""
    at = instant(deal, context)
    entered = clocks.NONE if to is None else clocks.on_entry(program.stage(to), at, program.zone)
    return Moved(from_=deal.stage, to=to, clocks=entered, criteria=judged)


def _forward(
    program: Program, deal: Deal, context: Context, kind: str, role: str | None, data: Moved
) -> tuple[Event, ...]:
    moved = event(program, deal, context, _TYPES[kind], role, data)
    if kind == "win" and data.to is None:
        # Nothing follows the winning stage, so the deal is done as well.
        done = Moved(from_=deal.stage)
        return moved, event(program, deal, context, "completed", role, done, seq=deal.version + 2)
    return (moved,)


def _must_pass(
    program: Program, plan: Plan, deal: Deal, context: Context, kind: str, to: str | None
) -> tuple[Judged, ...]:
    """What the event records of the criteria; raises a refusal that lists all unmet ones."""
    if passes(plan, deal, context):
        return records(plan, None)
    results = judge(program, plan, deal, context)
    if any(result.blocks for result in results):
        unmet = tuple(r for r in results if r.status in ("unmet", "unknown"))
        blocking = sum(1 for r in unmet if r.blocks)
        raise refuse(
            "criteria", kind, to,
            Text(f"{blocking} {'criterion is' if blocking == 1 else 'criteria are'} not met",
                 f"有 {blocking} 项条件未满足"),
            unmet,
        )  # fmt: skip
    return records(plan, results)


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
    return program.process.stages[0]


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
