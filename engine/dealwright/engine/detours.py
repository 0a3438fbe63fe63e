"""Detours: a deal is sent aside to a stage that is on nobody's way, and comes back to where it was."""

from __future__ import annotations

from dealwright.engine import clocks
from dealwright.engine.context import Context
from dealwright.engine.decisions import Way
from dealwright.engine.passing import must_pass
from dealwright.engine.program import Program
from dealwright.engine.result import event, instant, permit, refuse, spoken
from dealwright.events import Event, Moved
from dealwright.model.deal import Deal, Ref
from dealwright.model.process import Stage
from dealwright.model.text import Text


def leave(
    program: Program, deal: Deal, context: Context, way: Way, reason: str | Ref | None, note: Ref | None
) -> tuple[Event, ...]:
    """To a detour: nothing is asked of the stage that is left, only what the detour asks at its entry."""
    target = program.stage(str(way.to))
    if not may_leave(deal, target):
        allowed = target.detour
        raise refuse("transition", "detour", target.id, Text(
            f"from {deal.stage} a deal is not sent to {target.id}, only from {', '.join(allowed)}",
            f"不能从 {deal.stage} 转入 {target.id}，只能从 {'、'.join(allowed)} 转入"))  # fmt: skip
    stage = program.stage(deal.stage)
    role = permit(program, context, way.roles or stage.responsible, "detour", target.id)
    places = program.layout.stage_at
    plan = program.detour_plan(places[stage.id], places[target.id])
    judged = must_pass(program, plan, deal, context, "detour", target.id)
    dates, arm = clocks.on_entry(program, deal, target, instant(deal, context), context)
    data = Moved(
        from_=stage.id, to=target.id, branch=way.branch, reason=spoken(program, reason), note=note, variant=arm,
        clocks=dates, criteria=judged,
    )  # fmt: skip
    return (event(program, deal, context, "detoured", role, data),)


def may_leave(deal: Deal, target: Stage) -> bool:
    """Whether a deal may be sent from its stage to the detour `target`; from one detour to another it may not."""
    return deal.work.away is None and deal.stage in target.detour


def come_back(
    program: Program, deal: Deal, context: Context, way: Way, reason: str | Ref | None, note: Ref | None
) -> tuple[Event, ...]:
    """From a detour: what it asks at its exit must hold; the stage's clocks go on, moved by the time away."""
    away = deal.work.away
    assert away is not None  # noqa: S101  # who asks for the way back is on a detour
    stage = program.stage(deal.stage)
    role = permit(program, context, way.roles or stage.responsible, "return", away.stage)
    plan = program.stage_plan(program.layout.stage_at[stage.id])
    judged = must_pass(program, plan, deal, context, "return", away.stage)
    data = Moved(
        from_=stage.id, to=away.stage, branch=way.branch, reason=spoken(program, reason), note=note,
        clocks=clocks.returned(away, instant(deal, context)), criteria=judged,
    )  # fmt: skip
    return (event(program, deal, context, "returned", role, data),)
