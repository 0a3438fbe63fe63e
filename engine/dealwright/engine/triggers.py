"""When automations are due: what they wait for, and when their turn comes."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from dealwright.engine.program import Program
from dealwright.guards.moment import Moment
from dealwright.model.deal import Deal, Fired
from dealwright.model.duration import Duration
from dealwright.model.layout import COMMON_ACTIVITIES
from dealwright.model.process import Automation

ENDED = frozenset({"lost", "disqualified", "completed"})
_VISIT = frozenset({"entered", "opened"})  # beginnings of what is over once the deal has ended
_AFTERWARDS = frozenset({"closed", "recall"})
_MONTH = 30.44 * 86_400


def is_timed(automation: Automation) -> bool:
    """Whether it waits for a time, and not for an event."""
    return automation.after is not None or automation.before is not None or automation.every is not None


def may_run(deal: Deal, automation: Automation) -> bool:
    """Whether a timed automation runs on a deal of this status, in this stage, so often.

    On a deal that is on hold only what a date of its own sets off runs. After the end of
    a deal only what does nothing to it but reopen it, link it or open another; on a lost
    one, moreover, only what counts from the end.
    """
    if automation.stages and deal.stage not in automation.stages:
        return False
    fired = turns(deal, automation)
    if fired is not None and automation.times and fired.visit >= automation.times:
        return False
    if deal.status not in ENDED:
        return not automation.then.reopen and (deal.hold is None or _by_date_alone(deal, automation))
    then = automation.then
    changes = bool(then.values or then.assign or then.unassign or then.task or then.to)
    if deal.status == "completed":
        return not changes and not then.reopen and not _VISIT.intersection(automation.since)
    return bool(_AFTERWARDS.intersection(automation.since)) and (then.reopen or not changes)


def turns(deal: Deal, automation: Automation) -> Fired | None:
    """How often the automation has fired, and when it last was due; None for never."""
    return next((one for one in deal.work.fired if one.automation == automation.id), None)


def turn(program: Program, deal: Deal, automation: Automation, moment: Moment) -> datetime | None:
    """When a timed automation is due next, which may be past; None where it waits for what is not there.

    Of an `every` that was missed several times only the last is given.
    """
    fired = turns(deal, automation)
    if automation.before is not None:
        end = instant_of(program, deal, automation.of, moment)
        due = None if end is None else _negative(automation.before).after(end, program.zone)
    else:
        since = _beginning(program, deal, automation, moment)
        if since is None:
            return None
        if automation.every is not None:
            return _next_of(automation.every, since, fired, moment.now, program)
        due = (automation.after or Duration()).after(since, program.zone)
    return due if due is not None and (fired is None or due > fired.due_at) else None


def _beginning(program: Program, deal: Deal, automation: Automation, moment: Moment) -> datetime | None:
    """The latest of what it counts from, later by as long as the deal's clocks have stood still since then."""
    found: list[datetime] = []
    for name in automation.since or ("entered",):
        at = instant_of(program, deal, name, moment)
        if at is not None:
            found.append(at if _is_date(deal, name) else at + deal.paused_since(at))
    return max(found, default=None)


def instant_of(program: Program, deal: Deal, name: str, moment: Moment) -> datetime | None:
    """The instant of something that automations count from; None where it has not happened or is not known."""
    own = {"entered": deal.entered_at, "opened": deal.opened_at, "won": deal.won_at, "closed": deal.closed_at,
           "recall": deal.recall_at}  # fmt: skip
    if name in own:
        return own[name]
    kind, _, what = name.partition(".")
    at = program.layout.artifact_at.get(kind)
    if at is not None and what in ("recorded", "approved"):
        group = deal.artifacts[at]
        if not group or (what == "approved" and not is_approved(program, deal, kind, moment)):
            return None
        if what == "recorded":
            return max(one.at for one in group)
        return max(max((d.at for d in one.decisions if d.granted), default=one.at) for one in group)
    if name in program.layout.events or (name in COMMON_ACTIVITIES and name not in program.layout.field_at):
        return max((fact.at for fact in deal.facts if fact.kind == name), default=None)
    value = program.guard(name, "value").value(deal, 0, moment)
    if isinstance(value, date):
        return moment.instant_of(value).astimezone(UTC)
    return None


def is_approved(program: Program, deal: Deal, kind: str, moment: Moment) -> bool:
    """Whether the artifact has every approval that it asks for."""
    at = program.layout.artifact_at[kind]
    return bool(deal.artifacts[at]) and program.guard(f"approved({kind})").status(deal, 0, moment) == "met"


def _by_date_alone(deal: Deal, automation: Automation) -> bool:
    if automation.before is not None:
        return True
    return bool(automation.since) and all(_is_date(deal, name) for name in automation.since)


def _is_date(deal: Deal, name: str) -> bool:
    """Whether a name means a date that somebody gave, which no hold can move."""
    return name in deal.layout.field_at or ("." in name and not name.endswith((".recorded", ".approved")))


def _next_of(every: Duration, since: datetime, fired: Fired | None, now: datetime, program: Program) -> datetime | None:
    """The latest step of `every` that has come, unless it has had its turn; then the one after it."""
    length = every.months * _MONTH + every.days * 86_400 + every.seconds
    if length <= 0:
        return None
    number = max(int((now - since) / timedelta(seconds=length)) + 2, 1)
    while number > 1 and _step(every, number, since, program) > now:
        number -= 1
    due = _step(every, number, since, program)
    if fired is not None and due <= fired.due_at:
        due = _step(every, number + 1, since, program)
    return due


def _step(every: Duration, number: int, since: datetime, program: Program) -> datetime:
    times = Duration(every.months * number, every.days * number, every.seconds * number)
    return times.after(since, program.zone)


def _negative(duration: Duration) -> Duration:
    return Duration(-duration.months, -duration.days, -duration.seconds)
