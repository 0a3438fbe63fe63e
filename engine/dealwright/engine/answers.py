"""Answers to approvals: which are asked for, of whom, and what the people's answers add up to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from dealwright.engine.context import Context
from dealwright.engine.program import Program
from dealwright.model.deal import Artifact, Deal, Decided, Late
from dealwright.model.people import SYSTEM
from dealwright.model.process import Approval

Standing = Literal["approved", "rejected", "pending"]


def is_asked(program: Program, deal: Deal, approval: Approval, context: Context) -> bool:
    """Whether an approval is needed; an unknown `if` asks for it."""
    if not approval.condition:
        return True
    fresh = deal.fresh_from(program.layout.stage_at[deal.stage]) if deal.stage else 0
    return program.guard(approval.condition).status(deal, fresh, context.moment) != "unmet"


def last_answers(approval: Approval, given: Sequence[Decided]) -> dict[str, bool]:
    """What each person answered last: granted or not."""
    return {answer.person: answer.granted for answer in given if answer.approval == approval.id}


def standing(approval: Approval, given: Sequence[Decided]) -> Standing:
    """What the answers add up to, as `approved(...)` in conditions has it.

    A rejection stands until the person who gave it changes it, or a new version begins anew:
    nobody overrules it by asking a colleague. What the lapse of time answers counts for all who were asked.
    """
    answers = last_answers(approval, given)
    if not all(answers.values()):
        return "rejected"
    return "approved" if len(answers) >= approval.count or SYSTEM in answers else "pending"


def granted_at(approval: Approval, given: Sequence[Decided]) -> datetime:
    """When the last of the people needed granted it. Raises ValueError where nobody did."""
    return max(answer.at for answer in given if answer.approval == approval.id)


def late_of(deal: Deal, approval: Approval, artifact: Artifact | None = None) -> Late | None:
    """What became of an approval, of an artifact's present version or of the stage, that was not answered in time."""
    return deal.late(approval.id, artifact) if deal.work.late else None


def roles_asked(deal: Deal, approval: Approval, artifact: Artifact | None = None) -> tuple[str, ...]:
    """Who may answer: the roles of the approval, and those it was passed on to when time was up."""
    late = late_of(deal, approval, artifact)
    return tuple(dict.fromkeys((*approval.by, *late.roles))) if late else approval.by


def barred(deal: Deal, approval: Approval, artifact: Artifact | None = None) -> tuple[str, ...]:
    """The people who may not answer, whatever their roles: who recorded it; under four eyes, owner and mover too."""
    people = [artifact.person] if artifact else []
    if approval.four_eyes:
        people += [person for person in (deal.owner, deal.work.moved_by) if person]
    return tuple(dict.fromkeys(people))


def locking(program: Program, deal: Deal, context: Context) -> list[Approval]:
    """The approvals that lock the deal: those its stage waits for. A rejected or expired one frees it for rework."""
    waiting = []
    for approval in program.stage(deal.stage).approvals:
        if not is_asked(program, deal, approval, context):
            continue
        late = late_of(deal, approval)
        stands = standing(approval, deal.approvals)
        if stands == "rejected" or (late is not None and late.expired and stands == "pending"):
            return []
        if stands == "pending":
            waiting.append(approval)
    return waiting


def before(approval: Approval, approvals: Sequence[Approval]) -> list[Approval]:
    """Those of all `approvals` that come before it by `after`, asked for or not, the nearest first."""
    by_id = {one.id: one for one in approvals}
    found: list[Approval] = []
    while approval.after in by_id and len(found) < len(approvals):
        approval = by_id[approval.after]
        found.append(approval)
    return found
