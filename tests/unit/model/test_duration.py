"""Durations: what a file may write, and where they end."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dealwright.model.duration import Duration, parse_duration

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("text", "duration"),
    [
        ("4h", Duration(seconds=14_400)),
        ("14d", Duration(days=14)),
        ("2w", Duration(days=14)),
        ("3mo", Duration(months=3)),
        (" 3mo ", Duration(months=3)),
        ("P1M", Duration(months=1)),
        ("P1Y", Duration(months=12)),
        ("PT36H", Duration(seconds=129_600)),
        ("P1DT12H", Duration(days=1, seconds=43_200)),
        ("P1M2DT3H", Duration(months=1, days=2, seconds=10_800)),
        ("PT90S", Duration(seconds=90)),
    ],
)
def test_short_and_iso_forms_are_read(text, duration):
    assert parse_duration(text) == duration


@pytest.mark.parametrize(
    "text",
    [
        "",
        "4",
        "h",
        "-4h",
        "4 h",
        "1.5d",
        "4H",
        "3m",
        "5bd",
        "P",
        "PT",
        "P1DT",
        "P0.5M",
        "P-1D",
        "P1M-1D",
        "PT1.5S",
        "P9999Y",
        "99999mo",
        "P99999999999D",
        "P1D" * 20,
        "３d",
    ],
)
def test_what_is_no_duration_is_refused(text):
    with pytest.raises(ValueError):  # noqa: PT011 - a ValueError is the whole promise
        parse_duration(text)


def test_a_month_ends_on_the_last_day_that_the_next_one_has():
    start = datetime(2026, 1, 31, 12, tzinfo=UTC)
    assert Duration(months=1).after(start) == datetime(2026, 2, 28, 12, tzinfo=UTC)
    assert Duration(months=12).after(datetime(2024, 2, 29, tzinfo=UTC)) == datetime(2025, 2, 28, tzinfo=UTC)


def test_days_keep_the_local_time_of_day_over_a_clock_change_and_hours_do_not():
    before = datetime(2026, 3, 28, 9, tzinfo=BERLIN)  # summer time begins on the 29th
    assert Duration(days=1).after(before, BERLIN) == datetime(2026, 3, 29, 9, tzinfo=BERLIN)
    assert Duration(seconds=86_400).after(before, BERLIN) == datetime(2026, 3, 29, 10, tzinfo=BERLIN)
    assert Duration(days=1).after(before, BERLIN) - before.astimezone(UTC) == timedelta(hours=23)


def test_scaling_rounds_up_to_whole_days():
    assert Duration(days=10).scaled_up(1.5) == Duration(days=15)
    assert Duration(days=5).scaled_up(1.5) == Duration(days=8)
    assert Duration(seconds=3600).scaled_up(1.5) == Duration(days=1)
    assert Duration(months=1).scaled_up(1.5) == Duration(days=45)


@example(months=0, days=100_000, seconds=0)
@given(months=st.integers(0, 12_000), days=st.integers(0, 365_250), seconds=st.integers(0, 86_399))
def test_every_duration_reads_back_from_its_text(months, days, seconds):
    duration = Duration(months, days, seconds)
    assert parse_duration(str(duration)) == duration
