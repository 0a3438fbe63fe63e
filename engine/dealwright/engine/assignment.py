"""Who is given a deal by the process's own rules."""

from __future__ import annotations

from dealwright.engine.context import Context
from dealwright.engine.program import Program
from dealwright.model.deal import Deal
from dealwright.model.process import Assignment


def rule_for(program: Program, draft: Deal, context: Context) -> Assignment | None:
    """The first rule of assignment whose condition holds for a deal about to be opened."""
    for rule in program.process.assignment:
        if not rule.condition or program.guard(rule.condition).status(draft, 0, context.moment) == "met":
            return rule
    return None


def rule_of(program: Program, role: str) -> Assignment:
    """How somebody of a role is chosen: as the first rule that names it says, else by fewest deals."""
    return next((rule for rule in program.process.assignment if rule.role == role), Assignment(role))


def choose(rule: Assignment, context: Context) -> str | None:
    """Who of the role it is: by fewest live deals, or the next in turn; None where nobody holds the role."""
    holders = context.team.holders((rule.role,))
    if not holders:
        return None
    if rule.pick == "turn":
        last = context.facts.turns.get(rule.role, "")
        return holders[(holders.index(last) + 1) % len(holders)] if last in holders else holders[0]
    loads = context.facts.loads
    return min(holders, key=lambda person: (loads.get(person, 0), holders.index(person)))
