"""Stage bookkeeping (R110): opening + entered - exited = closing, per stage and period, from the log alone."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, tzinfo
from typing import NamedTuple

from dealwright.ports import Move

_ENDS = frozenset({"lost", "disqualified", "completed"})


class Row(NamedTuple):
    """One stage in one half-open period of local days."""

    stage: str
    from_: date
    to: date
    opening: int
    entered: int
    exited: int
    closing: int


class Funnel(NamedTuple):
    """`undated` counts moves whose time the log does not know; `reconciled` that every row adds up with the next."""

    rows: tuple[Row, ...]
    undated: int
    reconciled: bool


def periods(start: date, end: date, by: str) -> list[tuple[date, date]]:
    """`start` to `end` in months, quarters or one piece; the first and the last may be shorter."""
    if by == "total":
        return [(start, end)]
    step = 1 if by == "month" else 3
    cuts = [start]
    year, month = start.year, (start.month - 1) // step * step + 1
    while True:
        month += step
        if month > 12:
            year, month = year + 1, month - 12
        first = date(year, month, 1)
        if first >= end:
            break
        cuts.append(first)
    return list(zip(cuts, [*cuts[1:], end], strict=True))


def funnel(moves: Iterable[Move], stages: Sequence[str], pieces: Sequence[tuple[date, date]], zone: tzinfo) -> Funnel:
    """Count each stage's deals over the periods.

    A deal enters a stage when it is opened, moved, or reopened into it, and leaves it when it moves on or
    ends. A win with no stage after it leaves the last stage. A move back counts as leaving and entering.
    An undated move is left out of the counts and named in `undated`: its entry never counts, and
    the stage that it left counts the deal until its next dated move, when it had left for certain.
    """
    bounds = [_instant(first, zone) for first, _ in pieces] + [_instant(pieces[-1][1], zone)]
    entered = {stage: [0] * (len(pieces) + 2) for stage in stages}
    exited = {stage: [0] * (len(pieces) + 2) for stage in stages}
    undated = 0
    counted: dict[str, str | None] = {}  # the stage that each deal entered last and did not leave
    for move in moves:
        if move.at is None:
            undated += 1
            continue
        slot = bisect_right(bounds, move.at)  # 0 before the first period, 1.. within, the last after all
        here = counted.get(move.deal)
        if here is not None and here in exited:
            exited[here][slot] += 1
        target = _target(move)
        if target is not None and target in entered:
            entered[target][slot] += 1
        counted[move.deal] = target
    return _table(stages, pieces, entered, exited, undated)


def _target(move: Move) -> str | None:
    """The stage that a deal stands in after a move; None once it stands nowhere."""
    if move.type in _ENDS:
        return None
    return move.to


def _table(
    stages: Sequence[str], pieces: Sequence[tuple[date, date]], entered: dict[str, list[int]],
    exited: dict[str, list[int]], undated: int,
) -> Funnel:  # fmt: skip
    rows = []
    reconciled = True
    for stage in stages:
        opening = entered[stage][0] - exited[stage][0]
        for number, (first, last) in enumerate(pieces, 1):
            came, went = entered[stage][number], exited[stage][number]
            closing = opening + came - went
            reconciled = reconciled and closing >= 0 and opening >= 0
            rows.append(Row(stage, first, last, opening, came, went, closing))
            opening = closing
        after = entered[stage][-1] - exited[stage][-1]
        reconciled = reconciled and opening + after >= 0
    return Funnel(tuple(rows), undated, reconciled)


def _instant(day: date, zone: tzinfo) -> datetime:
    return datetime.combine(day, time.min, zone).astimezone(UTC)
