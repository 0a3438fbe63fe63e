"""Dates and instants that people type."""

from __future__ import annotations

import contextlib
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dealwright.model.dates import parse_day, parse_instant, parse_written_day, parse_written_instant

TODAY = date(2026, 3, 5)
SHANGHAI = ZoneInfo("Asia/Shanghai")
NEW_YORK = ZoneInfo("America/New_York")
NOW = datetime(2026, 3, 4, 18, 30, tzinfo=UTC)  # already 5 March, 02:30, in Shanghai


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-03-05", date(2026, 3, 5)),
        ("2026-3-5", date(2026, 3, 5)),
        ("2026/3/5", date(2026, 3, 5)),
        ("2026.03.05", date(2026, 3, 5)),
        ("2024年3月5日", date(2024, 3, 5)),
        ("２０２４年３月５日", date(2024, 3, 5)),
        ("2024 年 3 月 5 号", date(2024, 3, 5)),
        ("3月5日", date(2026, 3, 5)),
        ("12月31号", date(2026, 12, 31)),
        ("today", TODAY),
        ("Tomorrow", date(2026, 3, 6)),
        ("yesterday", date(2026, 3, 4)),
        ("今天", TODAY),
        ("明天", date(2026, 3, 6)),
        ("昨天", date(2026, 3, 4)),
        ("后天", date(2026, 3, 7)),
        ("前天", date(2026, 3, 3)),
        ("+3d", date(2026, 3, 8)),
        ("+2w", date(2026, 3, 19)),
        ("+1mo", date(2026, 4, 5)),
        (" ＋3d ", date(2026, 3, 8)),
    ],
)
def test_days_are_read(text, day):
    assert parse_day(text, TODAY) == day


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2024-02-30",
        "2026-02-29",
        "2月30日",
        "2月29日",
        "13月1日",
        "0000-00-00",
        "3/5/2026",
        "05.03.2026",
        "20260305",
        "2026-W10-4",
        "+4h",
        "+",
        "+3",
        "3d",
        "next week",
        "2026-03-05T09:00",
        "2026-03/05",
        "9" * 70,
        "²026-03-05",
    ],
)
def test_what_is_no_day_is_refused(text):
    with pytest.raises(ValueError):  # noqa: PT011 - a ValueError is the whole promise
        parse_day(text, TODAY)


def test_a_written_day_says_nothing_relative():
    assert parse_written_day("2024年3月5日") == date(2024, 3, 5)
    for text in ("3月5日", "tomorrow", "+3d"):
        with pytest.raises(ValueError):  # noqa: PT011 - a ValueError is the whole promise
            parse_written_day(text)


def test_a_bare_date_is_local_midnight_and_as_an_end_the_next_one():
    start = parse_instant("2026-03-05", NOW, SHANGHAI)
    end = parse_instant("2026-03-05", NOW, SHANGHAI, end=True)
    assert start == datetime(2026, 3, 4, 16, tzinfo=UTC)
    assert end - start == timedelta(days=1)
    assert start.tzinfo is UTC


def test_the_end_of_a_day_with_a_clock_change_is_the_local_midnight():
    start = parse_instant("2026-03-08", NOW, NEW_YORK)
    assert parse_instant("2026-03-08", NOW, NEW_YORK, end=True) - start == timedelta(hours=23)


def test_today_is_the_local_day():
    assert parse_instant("今天", NOW, SHANGHAI) == datetime(2026, 3, 4, 16, tzinfo=UTC)
    assert parse_instant("today", NOW, UTC) == datetime(2026, 3, 4, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-03-05T09:30:00Z", datetime(2026, 3, 5, 9, 30, tzinfo=UTC)),
        ("2026-03-05T09:30:00+02:00", datetime(2026, 3, 5, 7, 30, tzinfo=UTC)),
        ("2026-03-05 09:30:00.25-0500", datetime(2026, 3, 5, 14, 30, 0, 250_000, tzinfo=UTC)),
        ("2026-03-05T09:30", datetime(2026, 3, 5, 1, 30, tzinfo=UTC)),
        ("2026/3/5 9:30", datetime(2026, 3, 5, 1, 30, tzinfo=UTC)),
        ("2026年3月5日09：30", datetime(2026, 3, 5, 1, 30, tzinfo=UTC)),
        ("明天 15:00", datetime(2026, 3, 6, 7, tzinfo=UTC)),
        ("tomorrow 15:00", datetime(2026, 3, 6, 7, tzinfo=UTC)),
        ("+4h", NOW + timedelta(hours=4)),
        ("+3d", NOW + timedelta(days=3)),
    ],
)
def test_instants_are_read(text, instant):
    assert parse_instant(text, NOW, SHANGHAI) == instant


def test_a_time_given_as_an_end_stays_that_time():
    assert parse_instant("2026-03-05T09:30Z", NOW, UTC, end=True) == datetime(2026, 3, 5, 9, 30, tzinfo=UTC)
    assert parse_instant("+3d", NOW, UTC, end=True) == NOW + timedelta(days=3)


@pytest.mark.parametrize(
    "text",
    [
        "2024-02-30",
        "2024-02-30T10:00",
        "2026-03-05T24:00",
        "2026-03-05T10:61",
        "2026-03-05T",
        "T10:00",
        "10:00",
        "2026-03-05T10:00+99:00",
        "+99999w9",
        "9999-12-31T23:00-23:00",
        "2026-03-05T10",
        " ",
    ],
)
def test_what_is_no_instant_is_refused(text):
    with pytest.raises(ValueError):  # noqa: PT011 - a ValueError is the whole promise
        parse_instant(text, NOW, UTC)


def test_the_end_of_the_calendar_is_refused_not_crashed_on():
    with pytest.raises(ValueError):  # noqa: PT011 - a ValueError is the whole promise
        parse_instant("9999-12-31", NOW, UTC, end=True)


def test_written_instants_say_nothing_relative():
    assert parse_written_instant("2017/3/1", UTC) == datetime(2017, 3, 1, tzinfo=UTC)
    assert parse_written_instant("2017-03-01 08:00", SHANGHAI) == datetime(2017, 3, 1, tzinfo=UTC)
    for text in ("tomorrow 10:00", "+3d", "3月5日"):
        with pytest.raises(ValueError):  # noqa: PT011 - a ValueError is the whole promise
            parse_written_instant(text, UTC)


@given(st.datetimes(timezones=st.just(UTC)).filter(lambda moment: moment.year >= 1000))
def test_an_iso_instant_reads_back_as_itself(moment):
    assert parse_instant(moment.isoformat(), NOW, SHANGHAI) == moment


@given(st.text(max_size=80))
def test_any_text_is_read_or_refused_as_a_value(text):
    with contextlib.suppress(ValueError):
        parse_instant(text, NOW, SHANGHAI, end=True)
