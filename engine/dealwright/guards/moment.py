"""When an expression is asked, and the signal that it cannot say."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, tzinfo
from typing import NoReturn

from dealwright.model.facts import NO_FACTS, Facts


class Unsettled(Exception):  # noqa: N818 - no error: the fast path's signal that the slow one must answer
    """Something is missing or wrong, so that only the explainer can say what follows."""


def miss(*_: object) -> NoReturn:
    """Raise Unsettled, where only an expression can stand."""
    raise Unsettled


class Moment:
    """`now`, an aware instant, on the wall clock of `zone`; `today` is the local date there.

    `facts` is what expressions may read of other deals and records.
    """

    __slots__ = ("facts", "now", "today", "zone")

    now: datetime
    zone: tzinfo
    today: date
    facts: Facts

    def __init__(self, now: datetime, zone: tzinfo = UTC, facts: Facts = NO_FACTS) -> None:
        self.now = now
        self.zone = zone
        self.facts = facts

    def __getattr__(self, name: str) -> date:
        if name != "today":
            raise AttributeError(name)
        self.today = self.now.astimezone(self.zone).date()  # asked once, then a plain slot
        return self.today

    def day_of(self, when: date | datetime) -> date:
        """The local date of an instant; a date is itself."""
        return when.astimezone(self.zone).date() if isinstance(when, datetime) else when

    def instant_of(self, when: date | datetime) -> datetime:
        """The instant of a date, its local midnight; an instant is itself."""
        return when if isinstance(when, datetime) else datetime.combine(when, time(), self.zone)
