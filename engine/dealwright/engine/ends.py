"""Ends and ways back: outcomes, regress, hold, resume, reopen."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

from dealwright.engine import clocks
from dealwright.engine.commands import End, Hold, Reopen, Resume
from dealwright.engine.context import Context
from dealwright.engine.decisions import Way
from dealwright.engine.program import Program
from dealwright.engine.result import did_you_mean, event, instant, permit, refuse, spoken
from dealwright.errors import UsageError
from dealwright.events import Event, Held, Moved, Resumed
from dealwright.model.deal import Deal, DealStatus, Ref
from dealwright.model.process import Outcome
from dealwright.model.text import Text

# What a person does to reach each status.
KINDS = {"lost": "lose", "disqualified": "disqualify", "completed": "complete"}


def end(program: Program, deal: Deal, command: End, context: Context) -> tuple[Event, ...]:
    """`lose`, `disqualify`: through the outcome that knows the reason and allows the stage."""
    kind = KINDS[command.status]
    fitting = [o for o in program.process.outcomes.values() if o.status == command.status]
    if command.outcome:
        fitting = [o for o in fitting if o.id == command.outcome]
    if not fitting:
        raise refuse(
            "transition", kind, command.outcome,
            Text(f"the process has no such outcome to {kind} a deal", "流程没有定义这种结束方式"),
        )  # fmt: skip
    knowing = [o for o in fitting if command.reason in o.reasons] or [o for o in fitting if not o.reasons]
    if not knowing:
        raise _bad_reason(kind, command.reason, fitting)
    here = [o for o in knowing if not o.stages or deal.stage in o.stages]
    chosen = (here or knowing)[0]
    recall = _local_midnight(program, command.recall, context) if command.recall else None
    return end_by_outcome(program, deal, context, Way(chosen.id), command.reason, note=command.note, recall=recall)


def end_by_outcome(
    program: Program, deal: Deal, context: Context, way: Way, reason: str | Ref | None,
    *, note: Ref | None = None, recall: datetime | None = None,
) -> tuple[Event, ...]:  # fmt: skip
    """End the deal at the outcome `way.to`. No exit criterion is asked: only forward moves check them.

    An open deal is lost or disqualified; only a won one completes through an outcome.
    """
    outcome = program.process.outcomes[str(way.to)]
    kind = KINDS[outcome.status]
    wanted = status_to_end(program, outcome)
    if deal.status != wanted:
        raise refuse("status", kind, outcome.id, Text(
            f"only a deal that is {wanted} may end as {outcome.title.en}; this one is {deal.status}",
            f"只有“{STATUS_ZH[wanted]}”的项目才能以“{outcome.title.zh}”结束；当前为“{STATUS_ZH[deal.status]}”",
        ))  # fmt: skip
    if outcome.stages and deal.stage not in outcome.stages:
        raise refuse("transition", kind, outcome.id, Text(
            f"{outcome.title.en} is not possible from {deal.stage}, only from {', '.join(outcome.stages)}",
            f"不能从 {deal.stage} 以“{outcome.title.zh}”结束，只能从 {'、'.join(outcome.stages)}",
        ))  # fmt: skip
    roles = outcome.by or way.roles or program.stage(deal.stage).responsible
    role = permit(program, context, roles, kind, outcome.id)
    if outcome.reasons and reason not in outcome.reasons:
        raise _bad_reason(kind, reason, [outcome])
    if recall is None and outcome.recall:
        recall = outcome.recall.after(instant(deal, context), program.zone)
    data = Moved(
        from_=deal.stage,
        to=None,
        branch=way.branch,
        outcome=outcome.id,
        reason=spoken(program, reason),
        note=note,
        recall_at=recall,
    )
    return (event(program, deal, context, outcome.status, role, data),)


def status_to_end(program: Program, outcome: Outcome) -> DealStatus:
    """The status that a deal must have to end by `outcome`."""
    return "won" if outcome.status == "completed" and program.wins_at is not None else "open"


def may_end(program: Program, deal: Deal, outcome: Outcome) -> bool:
    """Whether the deal's status and stage allow it to end by `outcome`."""
    return deal.status == status_to_end(program, outcome) and (not outcome.stages or deal.stage in outcome.stages)


def may_regress(program: Program, deal: Deal, there: int) -> bool:
    """Whether the deal's status allows it back to the stage at `there`: a won deal stays behind the winning stage."""
    return deal.status != "won" or program.wins_at is None or there > program.wins_at


def regress(
    program: Program, deal: Deal, context: Context, way: Way, reason: str | Ref | None, note: Ref | None = None
) -> tuple[Event, ...]:
    """Back to an earlier stage, or to the start of this one. What the buyer did before does not count from there on."""
    stage = program.stage(deal.stage)
    there = program.layout.stage_at[str(way.to)]
    target = program.process.stages[there]
    if not may_regress(program, deal, there):
        raise refuse(
            "transition", "regress", target.id,
            Text("a won deal never goes back over the winning stage", "已赢单的项目不能退回到赢单阶段或更早"),
        )  # fmt: skip
    chosen = way.branch is None and not way.ruled
    if chosen and stage.back_to is not None and target.id not in stage.back_to:
        allowed = ", ".join(stage.back_to) or "-"
        raise refuse(
            "transition", "regress", target.id,
            Text(f"from {stage.id} a deal may only go back to: {allowed}", f"从 {stage.id} 只能退回到：{allowed}"),
        )  # fmt: skip
    role = permit(program, context, way.roles or stage.responsible, "regress", target.id)
    if not reason:
        raise UsageError("going back needs --reason", "退回须用 --reason 说明理由", missing="reason")
    dates, arm = clocks.on_entry(program, deal, target, instant(deal, context), context)
    data = Moved(
        from_=stage.id, to=target.id, branch=way.branch, reason=spoken(program, reason), note=note, variant=arm,
        clocks=dates,
    )  # fmt: skip
    return (event(program, deal, context, "regressed", role, data),)


def hold(program: Program, deal: Deal, command: Hold, context: Context) -> tuple[Event, ...]:
    """`hold`: the clocks stop until a day in the future."""
    role = permit(program, context, program.stage(deal.stage).responsible, "hold", None)
    if command.until <= context.moment.today:
        raise UsageError("a hold ends on a later day", "搁置的截止日期须晚于今天", until=command.until.isoformat())
    return (event(program, deal, context, "held", role, Held(until=command.until, reason=command.reason)),)


def resume(program: Program, deal: Deal, _command: Resume, context: Context) -> tuple[Event, ...]:
    """`resume`: the clocks go on from where they stood."""
    if deal.hold is None:
        raise refuse("status", "resume", None, Text("the deal is not on hold", "项目未处于搁置状态"))
    role = permit(program, context, program.stage(deal.stage).responsible, "resume", None)
    data = Resumed(clocks=clocks.resumed(deal, instant(deal, context)))
    return (event(program, deal, context, "resumed", role, data),)


def reopen(program: Program, deal: Deal, command: Reopen, context: Context) -> tuple[Event, ...]:
    """`reopen`: back to the stage that the deal left, with fresh clocks."""
    stage = program.stage(deal.stage)
    role = permit(program, context, stage.responsible, "reopen", stage.id)
    dates, arm = clocks.on_entry(program, deal, stage, instant(deal, context), context)
    data = Moved(from_=stage.id, to=stage.id, reason=command.reason, variant=arm, clocks=dates)
    return (event(program, deal, context, "reopened", role, data),)


STATUS_ZH = {
    "new": "新建", "open": "进行中", "won": "已赢单", "lost": "已丢单", "disqualified": "已淘汰", "completed": "已完成",
}  # fmt: skip


def _bad_reason(kind: str, reason: str | Ref | None, outcomes: list[Outcome]) -> Exception:
    known = [name for outcome in outcomes for name in outcome.reasons]
    if not isinstance(reason, str) or not reason:
        listed = ", ".join(known)
        return refuse("transition", kind, outcomes[0].id, Text(
            f"a reason is needed, one of: {listed}", f"须说明理由，可选：{listed}"))  # fmt: skip
    hint = did_you_mean(reason, known)
    return refuse("transition", kind, outcomes[0].id, Text(
        f"{reason} is not among the reasons{hint.en}", f"{reason} 不在理由清单中{hint.zh}"))  # fmt: skip


def _local_midnight(program: Program, day: date, context: Context) -> datetime:
    if day <= context.moment.today:
        raise UsageError("a recall lies on a later day", "再次跟进的日期须晚于今天", recall=day.isoformat())
    return datetime.combine(day, time.min, program.zone).astimezone(UTC)
