"""The dates that a stage sets, and what a pause does to them."""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo

from dealwright.events import Clocks
from dealwright.model.deal import Deal
from dealwright.model.process import BUYER, Stage

NONE = Clocks()  # nothing runs any more


def on_entry(stage: Stage, at: datetime, zone: tzinfo) -> Clocks:
    """SLA, stall limit and planned contacts, all counted from the entry into `stage` (R73, R112)."""
    return Clocks(
        stage.sla.after(at, zone) if stage.sla else None,
        stage.stall.after(at, zone) if stage.stall else None,
        contacts(stage, at, zone),
    )


def contacts(stage: Stage, since: datetime, zone: tzinfo) -> tuple[datetime, ...]:
    """When to get in touch next if the buyer stays silent after `since`, earliest first."""
    return tuple(sorted(step.after(since, zone) for step in stage.follow_up)) if stage.follow_up else ()


def after_contact(deal: Deal, stage: Stage, at: datetime, zone: tzinfo, *, by_buyer: bool) -> tuple[datetime, ...]:
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
    return contacts(stage, at, zone)


def resumed(deal: Deal, at: datetime) -> Clocks:
    """The clocks moved on by as long as the deal was held until `at`."""
    paused = at - deal.hold.since if deal.hold else timedelta(0)
    return Clocks(
        deal.due_at + paused if deal.due_at else None,
        deal.stall_at + paused if deal.stall_at else None,
        tuple(due + paused for due in deal.follow_ups),
    )
