"""Answers to approvals: which are asked for, and what the people's answers add up to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from dealwright.engine.context import Context
from dealwright.engine.program import Program
from dealwright.model.deal import Deal, Decided
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
    nobody overrules it by asking a colleague.
    """
    answers = last_answers(approval, given)
    if not all(answers.values()):
        return "rejected"
    return "approved" if len(answers) >= approval.count else "pending"


def before(approval: Approval, approvals: Sequence[Approval]) -> list[Approval]:
    """Those of all `approvals` that come before it by `after`, asked for or not, the nearest first."""
    by_id = {one.id: one for one in approvals}
    found: list[Approval] = []
    while approval.after in by_id and len(found) < len(approvals):
        approval = by_id[approval.after]
        found.append(approval)
    return found
