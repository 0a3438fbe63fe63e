"""SLA, stall limit and planned contacts: computed on entry, by the local calendar, moved by pauses and by the buyer."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from deal_driver import NINE, WHY, Driver, process_of

from dealwright.engine import commands as c
from dealwright.engine import prepare

BODY = """
stages:
  - {id: one, title: One, phase: qualify, responsible: [rep], sla: 10d, follow_up: [5d, 2d, 9d]}
  - {id: two, title: Two, phase: discover, responsible: [rep], sla: 1mo, stall: 40d}
  - {id: three, title: Three, phase: close, responsible: [rep], wins: true}
"""


@pytest.fixture
def deal() -> Driver:
    return Driver(BODY)


def days(deal: Driver) -> list[int]:
    """The planned contacts in whole days from nine o'clock on the first day."""
    return [(at - NINE).days for at in deal.deal.follow_ups]


def test_entering_a_stage_sets_its_dates_and_leaving_clears_them(deal: Driver) -> None:
    opened = deal.deal.opened_at
    assert opened is not None
    assert deal.deal.due_at == opened + timedelta(days=10)
    assert deal.deal.stall_at == opened + timedelta(days=15)  # one and a half times the SLA
    assert days(deal) == [2, 5, 9]
    event = deal.on()
    assert event.data.clocks.due_at == deal.deal.due_at == event.at.replace(month=4)  # type: ignore[attr-defined]
    assert deal.deal.stall_at == event.at + timedelta(days=40)
    assert deal.deal.follow_ups == ()
    deal.on()
    assert (deal.deal.due_at, deal.deal.stall_at) == (None, None)


def test_days_and_months_are_counted_on_the_processs_own_wall_clock() -> None:
    process = process_of("timezone: Europe/Berlin\n" + BODY.strip("\n"))
    deal = Driver(BODY, opened=False)
    deal.program = prepare(process)
    deal.now = datetime(2026, 3, 25, 9, tzinfo=UTC)  # ten in Berlin, four days before summer time
    deal.ok("rep-1", c.Open(id="small-1", title="Example Ltd"))
    assert deal.deal.due_at is not None
    assert deal.deal.due_at.astimezone(ZoneInfo("Europe/Berlin")).hour == 10
    assert deal.deal.due_at == datetime(2026, 4, 4, 8, 1, tzinfo=UTC)


def test_what_the_seller_does_ticks_off_what_was_due(deal: Driver) -> None:
    deal.later(days=6)
    deal.ok("rep-1", c.LogActivity(name="call"))
    assert days(deal) == [9]


def test_when_the_buyer_speaks_the_cadence_starts_again(deal: Driver) -> None:
    deal.later(days=6)
    deal.ok("rep-1", c.LogActivity(name="call", by="buyer"))
    assert days(deal) == [8, 11, 15]


def test_a_next_contact_that_was_agreed_replaces_the_cadence(deal: Driver) -> None:
    deal.ok("rep-1", c.LogActivity(name="call", next=NINE + timedelta(days=30)))
    assert days(deal) == [30]


def test_an_older_word_of_the_buyer_told_late_does_not_turn_the_cadence_back(deal: Driver) -> None:
    deal.later(days=6)
    deal.ok("rep-1", c.LogActivity(name="call", by="buyer"))
    deal.ok("rep-1", c.LogActivity(name="email", by="buyer", at=NINE + timedelta(days=3)))
    assert days(deal) == [8, 11, 15]


def test_a_word_from_before_the_stage_does_not_start_its_cadence(deal: Driver) -> None:
    deal.ok("rep-1", c.LogActivity(name="call", by="buyer", at=NINE - timedelta(days=20)))
    assert days(deal) == [2, 5, 9]


def test_a_pause_moves_every_clock_on_by_its_own_length(deal: Driver) -> None:
    before = deal.deal
    deal.later(days=1)
    held = deal.ok("rep-1", c.Hold(until=date(2026, 5, 1), reason=WHY))
    deal.later(days=20)
    pause = deal.ok("rep-1", c.Resume()).at - held.at
    assert before.due_at is not None
    assert before.stall_at is not None
    assert deal.deal.due_at == before.due_at + pause
    assert deal.deal.stall_at == before.stall_at + pause
    assert deal.deal.follow_ups == tuple(at + pause for at in before.follow_ups)
    assert deal.deal.entered_at == before.entered_at


def test_during_a_pause_nothing_falls_due(deal: Driver) -> None:
    deal.later(days=1)
    deal.ok("rep-1", c.Hold(until=date(2026, 5, 1), reason=WHY))
    deal.later(days=20)
    deal.ok("rep-1", c.LogActivity(name="call"))
    deal.ok("rep-1", c.Resume())
    assert days(deal) == [22, 25, 29]


def test_a_word_of_the_buyer_during_a_pause_starts_the_cadence_when_it_ends(deal: Driver) -> None:
    deal.later(days=1)
    deal.ok("rep-1", c.Hold(until=date(2026, 5, 1), reason=WHY))
    deal.later(days=10)
    deal.ok("rep-1", c.LogActivity(name="call", by="buyer"))
    deal.later(days=10)
    deal.ok("rep-1", c.Resume())
    assert days(deal) == [23, 26, 30]
