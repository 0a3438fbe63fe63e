"""What happens because time has passed: approvals that nobody answered, automations that waited."""

from __future__ import annotations

from dealwright.engine import lateness
from dealwright.engine.commands import TimePassed
from dealwright.engine.consequences import follow
from dealwright.engine.context import Context
from dealwright.engine.deadline import Deadline
from dealwright.engine.folding import evolve
from dealwright.engine.program import Program
from dealwright.engine.result import refuse
from dealwright.events import Event
from dealwright.model.deal import Deal
from dealwright.model.text import Text

_MOST = 1_000  # deadlines of one deal at one instant


def due(program: Program, deal: Deal, context: Context) -> tuple[Deadline, ...]:
    """Everything that is due by now and has not happened yet, in the order of its instants."""
    found = list(lateness.due(program, deal, context))
    if program.waits:
        from dealwright.engine import automations

        found += automations.due(program, deal, context)
    return tuple(sorted(found, key=lambda one: (one.at, one.id)))


def pass_time(program: Program, deal: Deal, _command: TimePassed, context: Context) -> tuple[Event, ...]:
    """`tick`: one deadline after the other, each with all that follows from it, until nothing is due any more.

    All of it carries the present moment. At the same instant a second time nothing happens.
    """
    alone = context.by_itself(gated=True)
    happened: list[Event] = []
    for _ in range(_MOST):
        waiting = due(program, deal, alone)
        events = waiting[0].happen(deal, alone) if waiting else ()
        events = follow(program, deal, events, alone, asked=not happened)
        for event in events:
            deal = evolve(deal, event, program.layout)
        happened += events
        if not waiting:
            return tuple(happened)
    raise refuse("transition", "tick", None, Text(
        f"more than {_MOST} things are due at once", f"同时到期的事项超过 {_MOST} 项"))  # fmt: skip
