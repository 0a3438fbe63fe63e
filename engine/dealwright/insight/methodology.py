"""Does a methodology's score tell who will buy? Win rate and time to the win, by band of the score at the end (R83)."""

from __future__ import annotations

from collections.abc import Iterable
from statistics import median
from typing import NamedTuple

BANDS = ((75, 100), (50, 75), (25, 50), (0, 25))
ENOUGH = 30  # closed deals, below which a share is an anecdote


class Closed(NamedTuple):
    """A deal that was won or lost: its score then (0 to 100), and the days from its opening."""

    methodology: str
    score: float
    won: bool
    days: float


class BandRow(NamedTuple):
    """One methodology in one band of scores. `win_rate` is 0 to 1, `cycle_days` the median of won deals."""

    methodology: str
    least: int
    below: int
    deals: int
    won: int
    lost: int
    win_rate: float | None
    cycle_days: float | None
    thin: bool


def by_band(closed: Iterable[Closed]) -> tuple[BandRow, ...]:
    """A row for each methodology and band that has deals, the highest band first.

    `thin` marks a row of fewer closed deals than a share can be read from.
    """
    found = list(closed)
    rows = []
    for name in dict.fromkeys(one.methodology for one in sorted(found)):
        for least, below in BANDS:
            own = [d for d in found if d.methodology == name and least <= d.score and (d.score < below or below == 100)]
            if own:
                won = [deal for deal in own if deal.won]
                rows.append(
                    BandRow(
                        name,
                        least,
                        below,
                        len(own),
                        len(won),
                        len(own) - len(won),
                        round(len(won) / len(own), 4),
                        round(median(deal.days for deal in won), 2) if won else None,
                        len(own) < ENOUGH,
                    )
                )
    return tuple(rows)
