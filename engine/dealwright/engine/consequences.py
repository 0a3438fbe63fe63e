"""What follows from a decision within the same decision: tasks given, rejections answered, automatic moves."""

from __future__ import annotations

from dealwright.engine import moves, rejections, tasks
from dealwright.engine.commands import Advance
from dealwright.engine.context import Context
from dealwright.engine.folding import evolve
from dealwright.engine.program import Program
from dealwright.engine.result import RefusedByRulesError, refuse
from dealwright.errors import UsageError
from dealwright.events import Event
from dealwright.model.deal import Deal
from dealwright.model.text import Text

_LONGEST = 16  # links in a chain of automations, each set off by the one before


def follow(
    program: Program, deal: Deal, events: tuple[Event, ...], context: Context, *, asked: bool = False
) -> tuple[Event, ...]:  # fmt: skip
    """`events` and all that follows from them, in the order in which it happens.

    Tasks come first, then what a rejection leads to, then automations, one link of their chain
    after the other. Only when nothing more follows does the deal leave an automatic stage;
    from there it begins anew. Where plugins have a say in moves, it leaves only if nothing else
    happened, and they were `asked` about it as it is. Raises a refusal where automations set each other off too often.
    """
    alone = context.by_itself()
    happened = list(events)
    left: set[str] = set()  # automatic stages left by this decision: none twice, or two could send a deal to and fro
    links = 0
    fresh = events
    while True:
        after = _fold(program, deal, fresh)
        if deal.layout.definition_hash != program.layout.definition_hash:
            deal = after  # it was another definition's: nothing there means anything here
        given = tasks.given(program, after, fresh, alone)
        known = (*fresh, *given)
        after = _fold(program, after, given)
        happened += given
        more = rejections.moved(program, after, known, alone)
        if not more and program.reacts:
            from dealwright.engine import automations

            more = automations.upon(program, deal, after, known, alone)
            links += bool(more)
            if links > _LONGEST:
                raise refuse("transition", "automation", None, Text(
                    f"automations set each other off more than {_LONGEST} times",
                    f"自动规则相互触发超过 {_LONGEST} 次"))  # fmt: skip
        if not more and (not program.process.plugins or (asked and not happened)):
            more = _went_on(program, after, context, left)
        if not more:
            return tuple(happened)
        happened += more
        deal, fresh = after, more


def _fold(program: Program, deal: Deal, events: tuple[Event, ...]) -> Deal:
    for event in events:
        deal = evolve(deal, event, program.layout)
    return deal


def _went_on(program: Program, deal: Deal, context: Context, left: set[str]) -> tuple[Event, ...]:
    """The deal leaves its automatic stage, if nothing stands in the way; else nothing."""
    if deal.status not in ("open", "won") or deal.hold is not None or deal.stage in left:
        return ()
    if not program.stage(deal.stage).auto:
        return ()
    left.add(deal.stage)
    try:
        return moves.advance(program, deal, Advance(), context.by_itself(gated=True), "auto")
    except (RefusedByRulesError, UsageError):
        return ()
