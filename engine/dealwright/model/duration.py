"""Durations as process files write them: `4h`, `14d`, `2w`, `3mo`, or ISO 8601."""

from __future__ import annotations

import calendar
import re
from datetime import UTC, datetime, timedelta, tzinfo

from msgspec import Struct

_SHORT = re.compile(r"(\d{1,5})(h|d|w|mo)")


class Duration(Struct, frozen=True):
    """Calendar months and days, then exact hours. Days and months keep the local time of day."""

    months: int = 0
    days: int = 0
    seconds: int = 0

    def after(self, start: datetime, zone: tzinfo = UTC) -> datetime:
        """The instant this long after `start`, in UTC.

        Months and days are counted on `zone`'s wall clock; a day that a month
        lacks becomes its last one (31 January plus one month is 28 February).
        """
        if zone is UTC and not self.months:
            return start + timedelta(days=self.days, seconds=self.seconds)
        local = start.astimezone(zone)
        month = local.month - 1 + self.months
        year, month = local.year + month // 12, month % 12 + 1
        day = min(local.day, calendar.monthrange(year, month)[1])
        moved = local.replace(year=year, month=month, day=day) + timedelta(days=self.days)
        return moved.astimezone(UTC) + timedelta(seconds=self.seconds)

    def scaled_up(self, factor: float) -> Duration:
        """This duration times `factor`, rounded up to whole days (months count 30 days)."""
        days = self.months * 30 + self.days + self.seconds / 86_400
        return Duration(days=-int(-days * factor // 1))

    def __str__(self) -> str:
        parts = []
        if self.months:
            parts.append(f"{self.months}mo")
        if self.days:
            parts.append(f"{self.days}d")
        if self.seconds:
            parts.append(f"{self.seconds // 3600}h" if self.seconds % 3600 == 0 else f"PT{self.seconds}S")
        return " ".join(parts) or "0h"


def parse_duration(text: str) -> Duration:
    """Read `4h 14d 2w 3mo` or an ISO 8601 duration such as `P1M` or `PT36H`. Raises ValueError."""
    match = _SHORT.fullmatch(text.strip())
    if match:
        number, unit = int(match.group(1)), match.group(2)
        if unit == "h":
            return Duration(seconds=number * 3600)
        return Duration(months=number) if unit == "mo" else Duration(days=number * (7 if unit == "w" else 1))
    if not text.startswith("P") or len(text) > 40:
        raise ValueError(text)
    import isodate  # the short forms above need no parser, and most files use only those

    try:
        read = isodate.parse_duration(text, as_timedelta_if_possible=False)
    except isodate.ISO8601Error as error:
        raise ValueError(text) from error
    if read.years != int(read.years) or read.months != int(read.months) or read.tdelta < timedelta(0):
        raise ValueError(text)
    return Duration(int(read.years) * 12 + int(read.months), read.tdelta.days, read.tdelta.seconds)
