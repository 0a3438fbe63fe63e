"""Erasing what is kept of a person: who may, and the fact that it was done."""

from __future__ import annotations

from dealwright.engine.commands import ErasePersonal
from dealwright.engine.context import Context
from dealwright.engine.program import Program
from dealwright.engine.result import event, permit
from dealwright.errors import NotFoundError
from dealwright.events import Event, PersonalErased
from dealwright.model.deal import Deal


def erase_personal(program: Program, deal: Deal, command: ErasePersonal, context: Context) -> tuple[Event, ...]:
    """`privacy erase`: by those responsible for the deal's stage, whatever the deal's status.

    The event holds no value, only of whom and how many; where there is nothing left to erase, nothing happened.
    """
    role = permit(program, context, program.stage(deal.stage).responsible, "erase", command.stakeholder)
    if command.stakeholder is not None and deal.stakeholder(command.stakeholder) is None:
        raise NotFoundError(
            f"the deal has no stakeholder {command.stakeholder}", f"项目没有干系人 {command.stakeholder}"
        )
    if not command.count and not command.files:
        return ()
    subject = f"{deal.id}/{command.stakeholder}" if command.stakeholder else deal.id
    data = PersonalErased(subject=subject, count=command.count, files=command.files, reason=command.reason)
    return (event(program, deal, context, "personal_erased", role, data),)
