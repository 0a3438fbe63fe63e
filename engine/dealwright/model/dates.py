"""Dates and instants as people type them, in English and Chinese. Pure: today and now are passed in."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from dealwright.model.duration import parse_duration
from dealwright.model.text import half_width

MAX_LENGTH = 64
_DAYS_AWAY = {
    "today": 0, "今天": 0, "今日": 0, "tomorrow": 1, "明天": 1, "明日": 1, "后天": 2,
    "yesterday": -1, "昨天": -1, "昨日": -1, "前天": -2,
}  # fmt: skip
_WRITTEN = (
    re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII),
    re.compile(r"(\d{4})/(\d{1,2})/(\d{1,2})", re.ASCII),
    re.compile(r"(\d{4})\.(\d{1,2})\.(\d{1,2})", re.ASCII),
    re.compile(r"(\d{4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*[日号]", re.ASCII),
)
_THIS_YEAR = re.compile(r"(\d{1,2})\s*月\s*(\d{1,2})\s*[日号]", re.ASCII)
_CLOCK = re.compile(
    r"(?P<day>.*?[^\sT])(?:T|\s+|(?<=[日号天])\s*)"
    r"(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:\.(?P<part>\d{1,6})\d*)?)?"
    r"\s*(?P<offset>[Zz]|[+-]\d{2}:?\d{2})?",
    re.ASCII,
)


def parse_written_day(text: str) -> date:
    """Read a whole calendar date, year first: `2024-03-05`, `2024/3/5`, `2024.3.5`, `2024年3月5日`.

    Raises ValueError for anything else, and for days the calendar lacks (2024-02-30).
    """
    plain = _plain(text)
    for form in _WRITTEN:
        match = form.fullmatch(plain)
        if match:
            year, month, day = map(int, match.groups())
            return date(year, month, day)
    raise ValueError(text)


def parse_day(text: str, today: date) -> date:
    """Read a date: a written one, `3月5日` (of this year), `tomorrow`, `明天`, or `+3d`, `+2w`, `+1mo` from today.

    Raises ValueError, also for hours (`+4h`), which no whole day can keep.
    """
    plain = _plain(text).lower()
    try:
        if plain in _DAYS_AWAY:
            return today + timedelta(days=_DAYS_AWAY[plain])
        if plain.startswith("+"):
            return _days_later(plain[1:], today)
    except OverflowError as error:
        raise ValueError(text) from error
    match = _THIS_YEAR.fullmatch(plain)
    if match:
        return date(today.year, int(match.group(1)), int(match.group(2)))
    return parse_written_day(plain)


def parse_instant(text: str, now: datetime, zone: tzinfo, *, end: bool = False) -> datetime:
    """Read an instant, in UTC: a date, a date with a time of day, or `+4h`, `+3d` from `now`.

    A time without an offset is `zone`'s wall clock. A bare date means its local midnight;
    with `end`, the local midnight that follows, so that a half-open span holds the whole day.
    Raises ValueError.
    """
    plain = _plain(text)
    today = now.astimezone(zone).date()
    if plain.startswith("+"):
        duration = parse_duration(plain[1:].strip())
        try:
            return duration.after(now.astimezone(UTC), zone)
        except OverflowError as error:
            raise ValueError(text) from error
    match = _CLOCK.fullmatch(plain)
    if match:
        return _at_clock(match, parse_day(match.group("day"), today), zone)
    return midnight(parse_day(plain, today), zone, days_later=1 if end else 0)


def parse_written_instant(text: str, zone: tzinfo) -> datetime:
    """Read a whole date, perhaps with a time of day, that says nothing relative: for data, not for people.

    Returns UTC. Raises ValueError.
    """
    plain = _plain(text)
    match = _CLOCK.fullmatch(plain)
    if match:
        return _at_clock(match, parse_written_day(match.group("day")), zone)
    return midnight(parse_written_day(plain), zone)


def midnight(day: date, zone: tzinfo, *, days_later: int = 0) -> datetime:
    """The instant, in UTC, at which `day` (plus `days_later`) begins in `zone`. Raises ValueError past year 9999."""
    try:
        return datetime.combine(day + timedelta(days=days_later), time(), zone).astimezone(UTC)
    except OverflowError as error:
        raise ValueError(day.isoformat()) from error


def _plain(text: str) -> str:
    if len(text) > MAX_LENGTH:
        raise ValueError(text[:MAX_LENGTH])
    return half_width(text).strip()


def _days_later(text: str, today: date) -> date:
    duration = parse_duration(text.strip())
    if duration.seconds:
        raise ValueError(text)
    return duration.after(datetime.combine(today, time(), UTC)).date()


def _at_clock(match: re.Match[str], day: date, zone: tzinfo) -> datetime:
    part = (match.group("part") or "").ljust(6, "0")
    clock = time(int(match.group("hour")), int(match.group("minute")), int(match.group("second") or 0), int(part))
    offset = match.group("offset")
    if offset and offset not in "Zz":
        # fromisoformat is stricter with offsets than anything written by hand here.
        zone_of_text = datetime.fromisoformat(f"2000-01-01T00:00:00{offset}").tzinfo
    else:
        zone_of_text = UTC if offset else zone
    try:
        return datetime.combine(day, clock, zone_of_text).astimezone(UTC)
    except OverflowError as error:
        raise ValueError(match.group()) from error
