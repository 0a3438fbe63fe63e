"""Approvals that are not answered in time, and what the process says happens then."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from dealwright.engine.answers import before, granted_at, is_asked, late_of, standing
from dealwright.engine.context import Context
from dealwright.engine.deadline import Deadline
from dealwright.engine.program import Program
from dealwright.engine.result import event
from dealwright.events import ApprovalGiven, ApprovalLate, Event
from dealwright.model.deal import Artifact, Deal, Decided
from dealwright.model.process import Approval


def due(program: Program, deal: Deal, context: Context) -> Iterator[Deadline]:
    """The approvals whose time is up. During a hold, and once a deal has ended, none is."""
    if deal.status not in ("open", "won") or deal.hold is not None:
        return
    for at, group in enumerate(deal.artifacts):
        approvals = program.layout.artifacts[at].approvals
        for artifact in group if approvals else ():
            yield from _due(program, deal, context, approvals, artifact.decisions, artifact)
    yield from _due(program, deal, context, program.stage(deal.stage).approvals, deal.approvals, None)


def answerable_since(
    program: Program, deal: Deal, approval: Approval, approvals: Sequence[Approval], given: Sequence[Decided],
    start: datetime, context: Context,
) -> datetime | None:  # fmt: skip
    """When somebody could first answer: since `start`, or since the last approval before it was granted.

    None where one before it is still asked for.
    """
    since = start
    for earlier in before(approval, approvals):
        if not is_asked(program, deal, earlier, context):
            continue
        if standing(earlier, given) != "approved":
            return None
        since = max(since, granted_at(earlier, given))
    return since


def _due(
    program: Program, deal: Deal, context: Context, approvals: Sequence[Approval], given: Sequence[Decided],
    artifact: Artifact | None,
) -> Iterator[Deadline]:  # fmt: skip
    start = artifact.at if artifact else deal.entered_at
    name = artifact.id if artifact else ""
    for approval in approvals:
        if approval.within is None or not approval.on_timeout or start is None:
            continue
        if late_of(deal, approval, artifact) or standing(approval, given) != "pending":
            continue
        if not is_asked(program, deal, approval, context):
            continue
        since = answerable_since(program, deal, approval, approvals, given, start, context)
        end = approval.within.after(since + deal.paused_since(since), program.zone) if since else None
        if end is not None and end <= context.now:
            yield Deadline(end, f"approval {name} {approval.id}", _Lapse(program, approval, artifact))


class _Lapse:
    """The time of one approval is up."""

    def __init__(self, program: Program, approval: Approval, artifact: Artifact | None) -> None:
        self._program = program
        self._approval = approval
        self._artifact = artifact

    def __call__(self, deal: Deal, context: Context) -> tuple[Event, ...]:
        approval, artifact = self._approval, self._artifact
        name, version = (artifact.id, artifact.version) if artifact else (None, None)
        stage = None if artifact else deal.stage
        data: ApprovalGiven | ApprovalLate
        if approval.on_timeout in ("approve", "reject"):
            granted = "approved" if approval.on_timeout == "approve" else "rejected"
            kind = f"{'artifact' if artifact else 'stage'}_{granted}"
            data = ApprovalGiven(approval=approval.id, artifact=name, version=version, stage=stage, timed_out=True)
        else:
            kind = "approval_expired" if approval.on_timeout == "expire" else "approval_escalated"
            data = ApprovalLate(
                approval=approval.id, artifact=name, version=version, stage=stage, roles=approval.escalate_to
            )
        return (event(self._program, deal, context, kind, None, data),)
