"""Where a rejection sends the deal, if the process says so."""

from __future__ import annotations

from dealwright.engine.context import Context
from dealwright.engine.decisions import Way
from dealwright.engine.moves import take
from dealwright.engine.outstanding import kind_of
from dealwright.engine.program import REJECTED, Program
from dealwright.engine.result import RefusedByRulesError
from dealwright.errors import UsageError
from dealwright.events import ApprovalGiven, Event
from dealwright.model.deal import Deal, Ref
from dealwright.model.process import Approval


def moved(program: Program, deal: Deal, events: tuple[Event, ...], context: Context) -> tuple[Event, ...]:
    """The move that the first of these rejections leads to; nothing where the rules forbid it."""
    for event in events:
        if event.type not in ("artifact_rejected", "stage_rejected") or not isinstance(event.data, ApprovalGiven):
            continue
        approval = _approval(program, event.data)
        if approval is None or approval.on_reject is None or deal.status not in ("open", "won"):
            continue
        way = Way(approval.on_reject.to, ruled=True)
        reason: str | Ref = approval.on_reject.reason or event.data.note or REJECTED
        if way.to in program.process.outcomes and not approval.on_reject.reason:
            reason = next(iter(program.process.outcomes[str(way.to)].reasons), REJECTED)
        try:
            return take(program, deal, context, way, reason, event.data.note, automation="on_reject")
        except (RefusedByRulesError, UsageError):
            return ()
    return ()


def _approval(program: Program, answer: ApprovalGiven) -> Approval | None:
    """The approval that was answered."""
    if answer.artifact is not None:
        approvals = kind_of(program, answer.artifact).approvals
    else:
        approvals = program.stage(answer.stage or "").approvals
    return next((one for one in approvals if one.id == answer.approval), None)
