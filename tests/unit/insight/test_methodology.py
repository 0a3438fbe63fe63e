"""Win rate and days to win by methodology and band."""

from __future__ import annotations

from dealwright.insight.methodology import ENOUGH, Closed, by_band


def test_a_score_on_the_edge_belongs_to_the_higher_band_and_the_highest_is_closed() -> None:
    rows = by_band([Closed("spin", score, won=True, days=1) for score in (0, 24.9, 25, 50, 75, 100)])
    assert [(row.least, row.deals) for row in rows] == [(75, 2), (50, 1), (25, 1), (0, 2)]


def test_rate_and_median_count_each_methodology_alone() -> None:
    rows = by_band([
        Closed("spin", 80, won=True, days=10), Closed("spin", 90, won=True, days=30),
        Closed("spin", 99, won=False, days=5),
        Closed("bant", 10, won=False, days=7),
    ])  # fmt: skip
    assert [(r.methodology, r.won, r.lost, r.win_rate, r.cycle_days) for r in rows] == [
        ("bant", 0, 1, 0.0, None), ("spin", 2, 1, 0.6667, 20),
    ]  # fmt: skip


def test_a_row_is_thin_until_there_are_enough() -> None:
    few = [Closed("spin", 80, won=True, days=1)] * (ENOUGH - 1)
    assert by_band(few)[0].thin
    assert not by_band([*few, few[0]])[0].thin
