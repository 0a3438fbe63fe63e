"""Transferring a deal: the same deal under another process, or another version of its own."""

from __future__ import annotations

from msgspec.structs import replace

from dealwright.engine import clocks
from dealwright.engine.answers import late_of, standing
from dealwright.engine.carrying import carried, stage_after, transferred
from dealwright.engine.commands import Transfer
from dealwright.engine.context import Context
from dealwright.engine.passing import must_pass
from dealwright.engine.program import Program
from dealwright.engine.result import did_you_mean, event, instant, permit, refuse
from dealwright.errors import UsageError
from dealwright.events import Event, Transferred
from dealwright.model.deal import Deal
from dealwright.model.process import Stage
from dealwright.model.text import Text


def transfer(program: Program, deal: Deal, command: Transfer, context: Context) -> tuple[Event, ...]:
    """`transfer`: `program` is the definition to go to, the deal's layout still the one that it comes from.

    By somebody responsible both for the stage that it leaves and for the one that it enters,
    whose entry criteria, and the process's required fields, are asked as if it were opened there.
    """
    old, new = deal.layout, program.layout
    left = old.stages[old.stage_at[deal.stage]]
    if old.definition_hash == new.definition_hash:
        raise refuse("transition", "transfer", None, Text(
            f"the deal runs under {new.process} {new.process_version} already",
            f"项目已在 {new.process} {new.process_version} 之下"))  # fmt: skip
    target = _target(program, deal, command.to)
    _may_leave(program, deal, left, target)
    role = permit(program, context, left.responsible, "transfer", target.id)
    permit(program, context, target.responsible, "transfer", target.id)
    draft, data = _draft(program, deal, command, target, role, context)
    there = transferred(deal, draft, data, new)
    plan = program.opening(new.stage_at[target.id])
    judged = must_pass(program, plan, there, context, "transfer", target.id)
    dates, arm = clocks.on_entry(program, there, target, instant(deal, context), context)
    return (replace(draft, data=replace(data, criteria=judged, clocks=dates, variant=arm)),)


def drafted(program: Program, deal: Deal, command: Transfer, context: Context) -> Deal:
    """The deal as it would be there, whether it may go there or not. Raises UsageError for no such stage."""
    draft, data = _draft(program, deal, command, _target(program, deal, command.to), None, context)
    return transferred(deal, draft, data, program.layout)


def _draft(
    program: Program, deal: Deal, command: Transfer, target: Stage, role: str | None, context: Context
) -> tuple[Event, Transferred]:  # fmt: skip
    """The event, but for what was asked at the entry and for the stage's dates."""
    old, new = deal.layout, program.layout
    kept = carried(deal, new)
    data = Transferred(
        from_process=old.process, from_version=old.process_version, process=new.process,
        process_version=new.process_version, from_=deal.stage, to=target.id, reason=command.reason,
        fields=kept.fields, artifacts=kept.artifacts, events=kept.events, dropped=kept.dropped,
    )  # fmt: skip
    return event(program, deal, context, "transferred", role, data), data


def _target(program: Program, deal: Deal, asked: str | None) -> Stage:
    """The stage to go to: the one that is asked for, else the same one there."""
    known = list(program.layout.stage_at)
    if asked is not None:
        if asked not in program.layout.stage_at:
            hint = did_you_mean(asked, known)
            raise UsageError(f"there is no stage {asked}{hint.en}", f"没有阶段 {asked}{hint.zh}", to=asked)
        return program.stage(asked)
    found = stage_after(program.layout, deal.stage)
    if found is None:
        listed, name = ", ".join(known), program.layout.process
        raise UsageError(
            f"{name} has no stage {deal.stage}: name one with --stage ({listed})",
            f"{name} 中没有阶段 {deal.stage}：请用 --stage 指定（{listed}）", missing="stage",
        )  # fmt: skip
    return program.stage(found)


def _may_leave(program: Program, deal: Deal, left: Stage, target: Stage) -> None:
    """Raises a refusal where the deal's standing forbids it."""
    if deal.work.away is not None:
        raise refuse("status", "transfer", target.id, Text(
            f"the deal is on a detour; bring it back to {deal.work.away.stage} first",
            f"项目处于旁支阶段，请先返回 {deal.work.away.stage}"))  # fmt: skip
    waiting = [
        one.id for one in left.approvals if standing(one, deal.approvals) == "pending" and not late_of(deal, one)
    ]
    if left.locked and waiting:
        # Whether each is asked for, only its own definition could tell: here all of them count.
        names = ", ".join(waiting)
        raise refuse("status", "transfer", target.id, Text(
            f"the deal is locked until this is answered: {names}", f"项目已锁定，须先完成审批：{names}"))  # fmt: skip
    if target.detour:
        raise refuse("transition", "transfer", target.id, Text(
            f"{target.id} is a detour: no deal begins there", f"{target.id} 为旁支阶段，项目不能由此开始"))  # fmt: skip
    wins, there = program.wins_at, program.layout.stage_at[target.id]
    if wins is not None and (deal.status == "won") != (there > wins):
        raise refuse("transition", "transfer", target.id, Text(
            "a won deal goes to a stage after the winning one, an open deal to none of these",
            "已赢单的项目只能转入赢单之后的阶段，进行中的项目则不能转入这些阶段"))  # fmt: skip
    if program.process.subject and deal.subject is None:
        name = program.process.subject
        raise refuse("transition", "transfer", target.id, Text(
            f"{program.layout.process} wants every deal to belong to a record ({name}); this one belongs to none",
            f"{program.layout.process} 的项目须归属某个记录（{name}），而该项目没有"))  # fmt: skip
