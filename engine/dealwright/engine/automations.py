"""Automations: what an event sets off at once, and what was waiting for its time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from msgspec.structs import replace

from dealwright.engine import effects, triggers, uniqueness
from dealwright.engine.context import Context
from dealwright.engine.deadline import Deadline
from dealwright.engine.folding import evolve
from dealwright.engine.program import Program
from dealwright.engine.result import RefusedByRulesError, event
from dealwright.errors import NotFoundError, UsageError
from dealwright.events import ActivityLogged, ApprovalGiven, ArtifactRecorded, AutomationFired, Event, Moved
from dealwright.model.deal import Deal
from dealwright.model.process import Automation

_ENTRIES = frozenset({"opened", "advanced", "skipped", "won", "regressed", "reopened", "detoured", "transferred"})


def upon(
    program: Program, before: Deal, after: Deal, events: Sequence[Event], context: Context
) -> tuple[Event, ...]:  # fmt: skip
    """What `events`, which led from `before` to `after`, set off: each firing with its effects, one link of a chain.

    Each condition is asked of the deal as it is when the automation's turn comes.
    """
    happened: list[Event] = []
    deal = after
    for cause in events:
        for automation in program.process.every_automation:
            if not automation.upon or not _sets_off(program, automation, cause, before, after, context):
                continue
            if not _may(deal, automation, cause) or not _holds(program, deal, automation, context):
                continue
            fired = fire(program, deal, automation, context)
            deal = _fold(program, deal, fired)
            happened += fired
    return tuple(happened)


def due(program: Program, deal: Deal, context: Context) -> Iterator[Deadline]:
    """The timed automations whose time has come and whose condition holds."""
    for automation in program.process.every_automation:
        if not triggers.is_timed(automation) or not triggers.may_run(deal, automation):
            continue
        at = triggers.turn(program, deal, automation, context.moment)
        if at is not None and at <= context.now and _holds(program, deal, automation, context):
            yield Deadline(at, f"automation {automation.id}", _Turn(program, automation, at))


class _Turn:
    """A timed automation's turn."""

    def __init__(self, program: Program, automation: Automation, at: datetime) -> None:
        self._program = program
        self._automation = automation
        self._at = at

    def __call__(self, deal: Deal, context: Context) -> tuple[Event, ...]:
        return fire(self._program, deal, self._automation, context, self._at)


def fire(
    program: Program, deal: Deal, automation: Automation, context: Context, due_at: datetime | None = None
) -> tuple[Event, ...]:
    """An automation's turn: `automation_fired`, then its effects; where one is not possible, none, and why."""
    alone = context.by_itself(gated=True)
    data = AutomationFired(automation=automation.id, due_at=due_at)
    first = event(program, deal, alone, "automation_fired", None, data)
    try:
        happened = (first, *effects.of(program, evolve(deal, first), automation, alone))
        uniqueness.keep(program, deal, happened, alone)
    except RefusedByRulesError as error:
        names = [result.id for result in error.refusal.criteria]
        said = error.refusal.message.en + (f": {', '.join(names)}" if names else "")
    except (UsageError, NotFoundError) as error:
        said = error.en
    else:
        return happened
    return (replace(first, data=replace(data, failed=said)),)


def _sets_off(
    program: Program, automation: Automation, cause: Event, before: Deal, after: Deal, context: Context
) -> bool:
    """Whether an event is what the automation waits for."""
    data = cause.data
    if automation.upon == "entered":
        return cause.type in _ENTRIES and getattr(data, "to", None) is not None
    if automation.upon == "won":
        return cause.type == "won"
    kind, _, what = automation.upon.partition(".")
    if what == "approved":
        named = data.artifact if isinstance(data, ApprovalGiven | ArtifactRecorded) else None
        if named is None or named.partition("-")[0] != kind:
            return False
        return triggers.is_approved(program, after, kind, context.moment) and not triggers.is_approved(
            program, before, kind, context.moment
        )
    return isinstance(data, ActivityLogged) and data.name == automation.upon


def _may(deal: Deal, automation: Automation, cause: Event) -> bool:
    """Whether the deal is in one of its stages, and it has turns left in this visit.

    A stage that another automation has meanwhile moved the deal out of is entered no more. What
    a win sets off belongs to the stage that was won as well as to the next.
    """
    if automation.upon == "entered" and getattr(cause.data, "to", None) != deal.stage:
        return False
    places = {deal.stage}
    if automation.upon == "won" and isinstance(cause.data, Moved):
        places.add(cause.data.from_)
    if automation.stages and not places.intersection(automation.stages):
        return False
    fired = triggers.turns(deal, automation)
    return fired is None or not automation.times or fired.visit < automation.times


def _holds(program: Program, deal: Deal, automation: Automation, context: Context) -> bool:
    """Whether its condition holds; unknown is no."""
    if not automation.condition:
        return True
    fresh = deal.fresh_from(program.layout.stage_at[deal.stage])
    return program.guard(automation.condition).status(deal, fresh, context.moment) == "met"


def _fold(program: Program, deal: Deal, events: Sequence[Event]) -> Deal:
    for one in events:
        deal = evolve(deal, one, program.layout)
    return deal
