"""When time may next do something to a deal, so that nobody has to look at all deals all the time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from dealwright.engine import triggers
from dealwright.engine.answers import late_of, standing
from dealwright.engine.program import Program
from dealwright.guards.moment import Moment
from dealwright.model.deal import Artifact, Deal, Decided
from dealwright.model.layout import COMMON_ACTIVITIES
from dealwright.model.process import Approval, Automation

_OWN = frozenset({"entered", "opened", "won", "closed", "recall"})


def wakes_at(program: Program, deal: Deal, now: datetime) -> datetime | None:
    """The earliest instant, perhaps past, at which something may be due; None where only another event can bring it.

    It is never too late, but may be too early: conditions are not asked here, as they may change by themselves.
    """
    found = (*_of_automations(program, deal, now), *_of_approvals(program, deal), *_of_automatic_stage(program, deal))
    return min(found, default=None)


def _of_automatic_stage(program: Program, deal: Deal) -> Iterator[datetime]:
    """Its criteria may ask how long ago something was, so time alone may open them."""
    running = deal.status in ("open", "won") and deal.hold is None
    if running and deal.entered_at is not None and program.stage(deal.stage).auto:
        yield deal.entered_at


def _of_automations(program: Program, deal: Deal, now: datetime) -> Iterator[datetime]:
    moment = Moment(now, program.zone)
    for automation in program.process.every_automation if program.waits else ():
        if not triggers.is_timed(automation) or not triggers.may_run(deal, automation):
            continue
        if _reads_elsewhere(program, automation):
            yield deal.opened_at or now  # what it counts from can change without this deal
            continue
        at = triggers.turn(program, deal, automation, moment)
        if at is not None:
            yield at


def _reads_elsewhere(program: Program, automation: Automation) -> bool:
    """Whether it counts from a formula or from another deal."""
    layout = program.layout
    for name in (automation.of,) if automation.before is not None else automation.since:
        if name in layout.field_at:
            if layout.fields[layout.field_at[name]].formula:
                return True
            continue
        here = name in _OWN or name in layout.events or name in COMMON_ACTIVITIES
        if not here and name.partition(".")[0] not in layout.artifact_at:
            return True
    return False


def _of_approvals(program: Program, deal: Deal) -> Iterator[datetime]:
    if not program.lapses or deal.status not in ("open", "won") or deal.hold is not None:
        return
    for at, group in enumerate(deal.artifacts):
        for artifact in group:
            approvals = program.layout.artifacts[at].approvals
            yield from _ends(program, deal, approvals, artifact.decisions, artifact.at, artifact)
    if deal.entered_at is not None:
        yield from _ends(program, deal, program.stage(deal.stage).approvals, deal.approvals, deal.entered_at, None)


def _ends(
    program: Program, deal: Deal, approvals: Sequence[Approval], given: Sequence[Decided], since: datetime,
    artifact: Artifact | None,
) -> Iterator[datetime]:  # fmt: skip
    for approval in approvals:
        if approval.within is None or standing(approval, given) != "pending" or late_of(deal, approval, artifact):
            continue
        yield approval.within.after(since, program.zone)
