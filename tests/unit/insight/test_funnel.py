"""Stage bookkeeping: opening + entered - exited = closing, per stage and period."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from dealwright.insight.funnel import Funnel, Row, funnel, periods
from dealwright.ports import Move

STAGES = ("one", "two", "three")
MARCH = (date(2026, 3, 1), date(2026, 4, 1))


def day(month: int, number: int, hour: int = 12) -> datetime:
    return datetime(2026, month, number, hour, tzinfo=UTC)


class Log:
    """Moves of deals, told briefly."""

    def __init__(self) -> None:
        self.moves: list[Move] = []

    def add(self, deal: str, kind: str, at: datetime | None, from_: str | None, to: str | None) -> Log:
        seq = 1 + sum(move.deal == deal for move in self.moves)
        self.moves.append(Move(deal, seq, kind, at, from_, to))
        return self

    def count(self, *pieces: tuple[date, date], stages: tuple[str, ...] = STAGES, zone: str = "UTC") -> Funnel:
        return funnel(self.moves, stages, pieces or (MARCH,), ZoneInfo(zone))


def numbers(row: Row) -> tuple[int, int, int, int]:
    return row.opening, row.entered, row.exited, row.closing


def row(found: Funnel, stage: str, number: int = 0) -> tuple[int, int, int, int]:
    return numbers([r for r in found.rows if r.stage == stage][number])


def test_the_golden_month_opening_75_worked_through_28_added_19_left_66() -> None:
    log = Log()
    for number in range(75):
        log.add(f"old-{number}", "opened", day(1, 5), None, "one")
    for number in range(28):
        log.add(f"old-{number}", "advanced", day(3, 1 + number), "one", "two")
    for number in range(19):
        log.add(f"new-{number}", "opened", day(3, 31), None, "one")
    found = log.count()
    assert row(found, "one") == (75, 19, 28, 66)
    assert row(found, "two") == (0, 28, 0, 28)
    assert (found.undated, found.reconciled) == (0, True)


def test_periods_are_half_open_days_of_the_local_calendar() -> None:
    last = datetime(2026, 3, 31, 16, tzinfo=UTC)  # midnight of 1 April in Shanghai
    log = Log().add("a", "opened", last - timedelta(microseconds=1), None, "one").add("b", "opened", last, None, "one")
    assert row(log.count(zone="Asia/Shanghai"), "one") == (0, 1, 0, 1)
    assert row(log.count(), "one") == (0, 2, 0, 2)
    assert row(log.count((date(2026, 4, 1), date(2026, 5, 1)), zone="Asia/Shanghai"), "one") == (1, 1, 0, 2)


def test_what_lies_after_the_periods_does_not_count_and_what_lies_before_opens_them() -> None:
    log = Log().add("a", "opened", day(1, 1), None, "one").add("a", "advanced", day(6, 1), "one", "two")
    found = log.count()
    assert row(found, "one") == (1, 0, 0, 1)
    assert row(found, "two") == (0, 0, 0, 0)


def test_closing_is_the_next_periods_opening() -> None:
    log = Log().add("a", "opened", day(1, 9), None, "one").add("b", "opened", day(2, 9), None, "one")
    log.add("a", "advanced", day(3, 9), "one", "two")
    found = log.count(*periods(date(2026, 1, 1), date(2026, 4, 1), "month"))
    assert [numbers(r) for r in found.rows if r.stage == "one"] == [(0, 1, 0, 1), (1, 1, 0, 2), (2, 0, 1, 1)]
    starts = [date(2026, month, 1) for month in (1, 2, 3, 4)]
    assert [(r.from_, r.to) for r in found.rows[:3]] == list(pairwise(starts))


def test_a_deal_may_enter_and_leave_within_one_period() -> None:
    log = Log().add("a", "opened", day(3, 2), None, "one").add("a", "lost", day(3, 3), "one", None)
    assert row(log.count(), "one") == (0, 1, 1, 0)


def test_a_move_back_leaves_and_enters_again() -> None:
    log = Log().add("a", "opened", day(3, 2), None, "one").add("a", "advanced", day(3, 3), "one", "two")
    log.add("a", "regressed", day(3, 4), "two", "one").add("a", "advanced", day(3, 5), "one", "two")
    found = log.count()
    assert row(found, "one") == (0, 2, 2, 0)
    assert row(found, "two") == (0, 2, 1, 1)


def test_a_skip_does_not_touch_the_stages_between() -> None:
    log = Log().add("a", "opened", day(3, 2), None, "one").add("a", "skipped", day(3, 3), "one", "three")
    found = log.count()
    assert row(found, "two") == (0, 0, 0, 0)
    assert row(found, "three") == (0, 1, 0, 1)


def test_a_win_enters_the_stage_after_it() -> None:
    log = Log().add("a", "opened", day(3, 2), None, "two").add("a", "won", day(3, 3), "two", "three")
    found = log.count()
    assert row(found, "two") == (0, 1, 1, 0)
    assert row(found, "three") == (0, 1, 0, 1)


def test_a_win_with_nothing_after_it_leaves_once() -> None:
    log = Log().add("a", "opened", day(3, 2), None, "three").add("a", "won", day(3, 3), "three", None)
    log.add("a", "completed", day(3, 3), "three", None)
    assert row(log.count(), "three") == (0, 1, 1, 0)


def test_a_reopened_deal_enters_again_where_it_left() -> None:
    log = Log().add("a", "opened", day(2, 2), None, "one").add("a", "disqualified", day(2, 3), "one", None)
    log.add("a", "reopened", day(3, 4), "one", "one")
    found = log.count(*periods(date(2026, 2, 1), date(2026, 4, 1), "month"))
    assert row(found, "one", 0) == (0, 1, 1, 0)
    assert row(found, "one", 1) == (0, 1, 0, 1)


def test_an_undated_entry_is_named_and_takes_its_exit_with_it() -> None:
    log = Log().add("a", "opened", None, None, "one").add("a", "advanced", day(3, 3), "one", "two")
    found = log.count()
    assert (found.undated, found.reconciled) == (1, True)
    assert row(found, "one") == (0, 0, 0, 0)
    assert row(found, "two") == (0, 1, 0, 1)


def test_after_an_undated_exit_the_deal_is_no_longer_counted_where_it_was() -> None:
    log = Log().add("a", "opened", day(2, 2), None, "one").add("a", "advanced", None, "one", "two")
    log.add("a", "lost", day(3, 9), "two", None)
    found = log.count()
    assert found.undated == 1
    assert row(found, "one") == (1, 0, 1, 0)  # by the next dated move at the latest it had left
    assert row(found, "two") == (0, 0, 0, 0)


def test_dates_that_contradict_each_other_do_not_reconcile() -> None:
    log = Log().add("a", "opened", day(3, 9), None, "one").add("a", "advanced", day(2, 9), "one", "two")
    assert not log.count().reconciled


def test_stages_of_another_version_are_left_out() -> None:
    log = Log().add("a", "opened", day(3, 2), None, "gone").add("a", "advanced", day(3, 3), "gone", "two")
    assert row(log.count(), "two") == (0, 1, 0, 1)


def test_without_moves_every_row_is_nought() -> None:
    found = Log().count()
    assert [numbers(r) for r in found.rows] == [(0, 0, 0, 0)] * 3
    assert [r.stage for r in found.rows] == list(STAGES)


def test_months_quarters_and_one_piece() -> None:
    start, end = date(2025, 11, 15), date(2026, 5, 10)
    assert periods(start, end, "total") == [(start, end)]
    assert [first for first, _ in periods(start, end, "month")] == [
        start, date(2025, 12, 1), date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1), date(2026, 4, 1),
        date(2026, 5, 1),
    ]  # fmt: skip
    assert periods(start, end, "quarter") == [
        (start, date(2026, 1, 1)), (date(2026, 1, 1), date(2026, 4, 1)), (date(2026, 4, 1), end),
    ]  # fmt: skip
    assert periods(date(2026, 1, 1), date(2026, 2, 1), "month") == [(date(2026, 1, 1), date(2026, 2, 1))]
    assert periods(date(2026, 2, 3), date(2026, 2, 4), "quarter") == [(date(2026, 2, 3), date(2026, 2, 4))]


STEP = st.tuples(st.sampled_from("abcd"), st.sampled_from([*STAGES, "lost", "reopened"]), st.integers(0, 60))


@settings(max_examples=100, deadline=None)
@given(st.lists(STEP, max_size=30))
def test_every_row_adds_up_and_leads_to_the_next(steps: list[tuple[str, str, int]]) -> None:
    log = Log()
    here: dict[str, str | None] = {}
    now = datetime(2025, 11, 1, tzinfo=UTC)
    for deal, target, hours in steps:
        now += timedelta(hours=hours * 6)
        stage = here.get(deal)
        if target == "lost":
            if stage is not None:
                log.add(deal, "lost", now, stage, None)
                here[deal] = None
        elif target == "reopened":
            if deal in here and stage is None:
                log.add(deal, "reopened", now, "one", "one")
                here[deal] = "one"
        elif stage is not None or deal not in here:
            log.add(deal, "advanced" if deal in here else "opened", now, stage, target)
            here[deal] = target
    start, end = date(2025, 12, 1), date(2027, 6, 1)
    found, monthly = log.count(*periods(start, end, "quarter")), log.count(*periods(start, end, "month"))
    assert found.reconciled
    for stage in STAGES:
        rows = [r for r in found.rows if r.stage == stage]
        assert all(r.opening + r.entered - r.exited == r.closing for r in rows)
        assert all(a.closing == b.opening for a, b in pairwise(rows))
        assert rows[-1].closing == sum(where == stage for where in here.values())
        assert sum(r.entered for r in rows) == sum(r.entered for r in monthly.rows if r.stage == stage)
