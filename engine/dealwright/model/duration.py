"""Durations as process files write them: `4h`, `14d`, `2w`, `3mo`, or ISO 8601."""

import re
from datetime import UTC, datetime, timedelta, tzinfo

from msgspec import Struct

_SHORT = re.compile(r"(\d{1,6})(h|d|w|mo)", re.ASCII)


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
            return start + timedelta(self.days, self.seconds)
        local = start.astimezone(zone)
        month = local.month - 1 + self.months
        year, month = local.year + month // 12, month % 12 + 1
        day = min(local.day, _days_in(year, month))
        moved = local.replace(year=year, month=month, day=day) + timedelta(days=self.days)
        return moved.astimezone(UTC) + timedelta(seconds=self.seconds)

    def scaled_up(self, factor: float) -> "Duration":
        """This duration times `factor`, rounded up to whole days (months count 30 days)."""
        days = self.months * 30 + self.days + self.seconds / 86_400
        return Duration(days=-int(-days * factor // 1))

    def __str__(self) -> str:
        """The short form where there is one, else ISO 8601; `parse_duration` reads either back."""
        hours, rest = divmod(self.seconds, 3600)
        if not self.months and not self.days and not rest:
            return f"{hours}h"
        if not self.seconds and bool(self.months) != bool(self.days):
            return f"{self.months}mo" if self.months else f"{self.days}d"
        months = f"{self.months}M" if self.months else ""
        days = f"{self.days}D" if self.days else ""
        clock = f"T{self.seconds}S" if rest else f"T{hours}H" if hours else ""
        return f"P{months}{days}{clock}"


def _days_in(year: int, month: int) -> int:
    # The standard `calendar` imports `locale`, which a cold start would pay for.
    following = datetime(year + month // 12, month % 12 + 1, 1, tzinfo=UTC)
    return (following - timedelta(days=1)).day


def parse_duration(text: str) -> Duration:
    """Read `4h 14d 2w 3mo` or an ISO 8601 duration such as `P1M` or `PT36H`.

    Raises ValueError, also for fractions of a second, ISO text without any part, and more than 1,000 years.
    """
    plain = text.strip()
    match = _SHORT.fullmatch(plain)
    if match:
        number, unit = int(match.group(1)), match.group(2)
        if unit == "h":
            return Duration(seconds=number * 3600)
        return _bounded(Duration(months=number) if unit == "mo" else Duration(days=number * (7 if unit == "w" else 1)))
    if not plain.startswith("P") or len(plain) > 40 or not plain[-1].isalpha() or plain.endswith(("P", "T")):
        raise ValueError(text)
    import isodate  # the short forms above need no parser, and most files use only those

    try:
        read = isodate.parse_duration(plain, as_timedelta_if_possible=False)
    except (isodate.ISO8601Error, ArithmeticError) as error:
        raise ValueError(text) from error
    if read.years != int(read.years) or read.months != int(read.months) or read.tdelta < timedelta(0):
        raise ValueError(text)
    if read.tdelta.microseconds:
        raise ValueError(text)
    # isodate adds hours up to days; here 36 hours are exact, and days keep the local time of day.
    date_part, clock, _ = plain.partition("T")
    whole = read.tdelta
    days = isodate.parse_duration(date_part, as_timedelta_if_possible=False).tdelta.days if date_part != "P" else 0
    seconds = int((whole - timedelta(days)).total_seconds()) if clock else 0
    return _bounded(Duration(int(read.years) * 12 + int(read.months), days, seconds))


def _bounded(duration: Duration) -> Duration:
    # Beyond this, `after` would run off the calendar in the middle of a decision.
    if duration.months > 12_000 or duration.days > 365_250 or duration.seconds > 365_250 * 86_400:
        raise ValueError(str(duration))
    return duration
