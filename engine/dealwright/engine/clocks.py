"""The dates that a stage sets, and what a pause does to them."""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo

from dealwright.engine.context import Context
from dealwright.engine.program import Program
from dealwright.events import Clocks
from dealwright.model.deal import Away, Deal
from dealwright.model.duration import Duration
from dealwright.model.process import BUYER, Stage

NONE = Clocks()  # nothing runs any more


def on_entry(
    program: Program, deal: Deal, stage: Stage, at: datetime, context: Context
) -> tuple[Clocks, str | None]:  # fmt: skip
    """SLA, stall limit and planned contacts, all counted from the entry into `stage` (R73, R112); the arm of its trial.

    They stay as they are when what they depend on, the deal's grade or a case's fields, changes later.
    """
    zone = program.zone
    if stage.id in program.varied:
        from dealwright.engine import cases

        arm = cases.arm(deal, stage)
        sla, stall, steps = cases.limits(program, deal, stage, arm, context)
        name = arm.id if arm else None
    else:
        sla, stall, steps, name = stage.sla, stage.stall, stage.follow_up, None
    clocks = Clocks(
        sla.after(at, zone) if sla else None, stall.after(at, zone) if stall else None, planned(steps, at, zone)
    )
    return clocks, name


def planned(steps: tuple[Duration, ...], since: datetime, zone: tzinfo) -> tuple[datetime, ...]:
    """When to get in touch next if the buyer stays silent after `since`, earliest first."""
    return tuple(sorted(step.after(since, zone) for step in steps)) if steps else ()


def _contacts(program: Program, deal: Deal, stage: Stage, since: datetime, context: Context) -> tuple[datetime, ...]:
    steps = stage.follow_up
    if stage.id in program.varied:
        from dealwright.engine import cases

        steps = cases.limits(program, deal, stage, cases.arm(deal, stage), context)[2]
    return planned(steps, since, program.zone)


def after_contact(
    program: Program, deal: Deal, at: datetime, context: Context, *, by_buyer: bool
) -> tuple[datetime, ...]:  # fmt: skip
    """The planned contacts left after an activity at `at`.

    The cadence measures the buyer's silence in this stage: when the buyer speaks it starts
    again, unless something later was told before; what the seller does only ticks off what
    was due by then. During a pause the clocks stand still where it began.
    """
    if deal.hold is not None and at > deal.hold.since:
        at = deal.hold.since
    elif by_buyer and deal.entered_at is not None and at < deal.entered_at:
        return deal.follow_ups
    if not by_buyer:
        return tuple(due for due in deal.follow_ups if due > at)
    if any(fact.by == BUYER and fact.at > at for fact in deal.facts):
        return deal.follow_ups
    return _contacts(program, deal, program.stage(deal.stage), at, context)


def resumed(deal: Deal, at: datetime) -> Clocks:
    """The clocks moved on by as long as the deal was held until `at`."""
    return _moved_on(deal, at - deal.hold.since if deal.hold else timedelta(0))


def returned(away: Away, at: datetime) -> Clocks:
    """The clocks of the stage that a deal comes back to at `at`, moved on by as long as it was away."""
    return _moved_on(away, at - away.since)


def _moved_on(kept: Deal | Away, span: timedelta) -> Clocks:
    return Clocks(
        kept.due_at + span if kept.due_at else None,
        kept.stall_at + span if kept.stall_at else None,
        tuple(due + span for due in kept.follow_ups),
    )
