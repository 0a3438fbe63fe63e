"""Attempts come at the published intervals, a little later each, and never before the receiver's own wish."""

from __future__ import annotations

import random

import pytest

from dealwright_outbox.schedule import again_at, asked_for, instant


class NoJitter(random.Random):
    def random(self) -> float:
        return 0.0


def test_delays_are_those_of_standard_webhooks_then_the_message_is_given_up():
    waits = [again_at(attempt, 0.0, NoJitter()) for attempt in range(1, 9)]
    assert waits == [5, 300, 1800, 7200, 18000, 36000, 36000, None]


def test_jitter_makes_it_later_by_a_fifth_at_most_and_the_same_seed_the_same():
    one, two = random.Random(7), random.Random(7)
    waits = [again_at(2, 1000.0, one) for _ in range(200)]
    assert waits == [again_at(2, 1000.0, two) for _ in range(200)]
    assert all(1300 <= wait <= 1360 for wait in waits)
    assert len(set(waits)) > 100


@pytest.mark.parametrize(("asked", "expected"), [(3.0, 5.0), (900.0, 900.0), (None, 5.0)])
def test_wish_of_the_receiver_only_ever_makes_it_later(asked: float | None, expected: float):
    assert again_at(1, 0.0, NoJitter(), asked) == expected


def test_given_up_stays_given_up_whatever_the_receiver_asks():
    assert again_at(8, 0.0, NoJitter(), 900.0) is None


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("120", 1120.0),
        (" 7 ", 1007.0),
        ("Thu, 01 Jan 1970 00:20:00 GMT", 1200.0),
        ("Thu, 01 Jan 1970 00:20:00", 1200.0),
        ("999999999", 1000.0 + 86_400),
        ("0", None),
        ("-5", None),
        ("Thu, 01 Jan 1970 00:00:01 GMT", None),
        ("soon", None),
        ("١٢", None),
        ("Thu, 99 Jan 1970 00:20:00 GMT", None),
        ("", None),
        (None, None),
    ],
)
def test_retry_after_is_read_as_seconds_or_date_and_capped_at_a_day(header: str | None, expected: float | None):
    assert asked_for(header, 1000.0) == expected


def test_instants_are_told_in_utc():
    assert instant(1_800_000_000.0625) == "2027-01-15T08:00:00.062Z"
    assert instant(None) is None
