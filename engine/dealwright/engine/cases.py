"""Dates that depend on the deal: values by case, a factor by grade, arms of a trial."""

from __future__ import annotations

from typing import TypeVar

from msgspec.structs import replace

from dealwright.engine.context import Context
from dealwright.engine.program import Program
from dealwright.model.deal import Deal
from dealwright.model.duration import Duration
from dealwright.model.process import CadenceCase, Stage, TimeCase, Variant


def arm(deal: Deal, stage: Stage) -> Variant | None:
    """The arm of the stage's trial that the deal is in; None where the stage has none.

    The one it was in before, as long as there is such an arm; else drawn by the deal's id and
    the stage's, so that the same deal always gets the same one, and each arm its share of many.
    """
    if not stage.variants:
        return None
    before = dict(deal.work.variants).get(stage.id)
    for one in stage.variants:
        if one.id == before:
            return one
    import hashlib  # a cold start that looks at one deal draws no arm

    digest = hashlib.sha256(f"{deal.id}:{stage.id}".encode()).digest()
    left = int.from_bytes(digest[:8], "big") / 2**64 * sum(one.share for one in stage.variants)
    for one in stage.variants:
        left -= one.share
        if left < 0:
            return one
    return stage.variants[-1]


def limits(
    program: Program, deal: Deal, stage: Stage, arm: Variant | None, context: Context
) -> tuple[Duration | None, Duration | None, tuple[Duration, ...]]:
    """SLA, stall limit and cadence of a deal that enters `stage`, by the first case that holds and the deal's grade.

    A case that is unknown does not hold. An arm's own cadence comes before all cases.
    """
    there = replace(deal, stage=stage.id)
    if arm is not None:
        others = tuple(pair for pair in deal.work.variants if pair[0] != stage.id)
        there = replace(there, work=replace(deal.work, variants=(*others, (stage.id, arm.id))))
    sla, stall, steps = stage.sla, stage.stall, stage.follow_up
    if (time := _first(program, there, stage.sla_cases, context)) is not None:
        sla = time.exit
    if (time := _first(program, there, stage.stall_cases, context)) is not None:
        stall = time.exit
    if arm is not None and arm.follow_up:
        steps = arm.follow_up
    elif (cadence := _first(program, there, stage.follow_up_cases, context)) is not None:
        steps = cadence.at
    grade = deal.value("grade")
    factor = program.process.grade_factor.get(grade, 1) if isinstance(grade, str) else 1
    if factor != 1:
        sla, stall = sla and scaled(sla, factor), stall and scaled(stall, factor)
        steps = tuple(scaled(step, factor) for step in steps)
    return sla, stall, steps


def scaled(duration: Duration, factor: float) -> Duration:
    """A duration by a factor (R57, R58): up to whole days (months count 30), or to whole hours where it has only those.

    Scaled to nothing, it is one day or hour.
    """
    if not duration.days and not duration.months:
        return Duration(seconds=max(1, _up(duration.seconds / 3600 * factor)) * 3600)
    return Duration(days=max(1, _up((duration.months * 30 + duration.days + duration.seconds / 86_400) * factor)))


def _up(number: float) -> int:
    # 1.1 times 10 days are 11, though as floating-point numbers they come to a trifle more.
    return -int(-round(number, 6) // 1)


_Case = TypeVar("_Case", TimeCase, CadenceCase)


def _first(program: Program, deal: Deal, cases: tuple[_Case, ...], context: Context) -> _Case | None:
    fresh = deal.fresh_from(program.layout.stage_at[deal.stage]) if cases else 0
    for case in cases:
        if not case.condition or program.guard(case.condition).status(deal, fresh, context.moment) == "met":
            return case
    return None
