"""What one value may still be: some of a set, or a stretch of an ordered line. Both are exact; neither ever widens."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from msgspec import Struct


class Options(Struct, frozen=True):
    """One of `among` (None: of endlessly many), but none of `without`."""

    among: frozenset[Any] | None = None
    without: frozenset[Any] = frozenset()

    def meet(self, other: Options) -> Options:
        """What both allow."""
        if self.among is None or other.among is None:
            among = other.among if self.among is None else self.among
        else:
            among = self.among & other.among
        return Options(among, self.without | other.without)

    @property
    def empty(self) -> bool:
        """True where nothing is left."""
        return self.among is not None and not self.among - self.without

    def example(self, order: Sequence[Any] = ()) -> Any:
        """One value that is left, the first in `order` where it names any."""
        if self.among is None:
            return next(text for n in range(len(self.without) + 1) if (text := f"other{n or ''}") not in self.without)
        left = self.among - self.without
        return next((value for value in order if value in left), None) or min(left, key=str)


class Span(Struct, frozen=True):
    """From `low` to `high` (None: no end; `open_low`, `open_high`: without it), `whole` numbers or any.

    `without` are single points that are left out.
    """

    low: Decimal | None = None
    high: Decimal | None = None
    open_low: bool = False
    open_high: bool = False
    without: frozenset[Decimal] = frozenset()
    whole: bool = False

    def meet(self, other: Span) -> Span:
        """What both allow."""
        low, open_low = _inner(self.low, self.open_low, other.low, other.open_low, highest=True)
        high, open_high = _inner(self.high, self.open_high, other.high, other.open_high, highest=False)
        return Span(low, high, open_low, open_high, self.without | other.without, self.whole or other.whole)

    @property
    def empty(self) -> bool:
        """True where nothing is left."""
        low, high = self.low, self.high
        if low is None or high is None:
            return False  # only so many points are left out
        if self.whole:
            return not any(self._holds(whole) for whole in self._wholes())
        return low > high or (low == high and not self._holds(low))

    def example(self) -> Decimal | None:
        """One value that is left, a whole number near an end if there is one; None where none was found."""
        return next((value for value in self._candidates() if self._holds(value)), None)

    def _holds(self, value: Decimal) -> bool:
        if value in self.without:
            return False
        if self.low is not None and (value < self.low or (self.open_low and value == self.low)):
            return False
        return self.high is None or value < self.high or (value == self.high and not self.open_high)

    def _wholes(self) -> Iterator[Decimal]:
        """Whole numbers from one end: all of them, or more than can be left out."""
        many = len(self.without) + 2
        if self.low is None and self.high is not None:
            last = _rounded(self.high, "ROUND_FLOOR")
            yield from (last - n for n in range(many))
        else:
            first = _rounded(self.low or Decimal(0), "ROUND_CEILING")
            yield from (first + n for n in range(many))

    def _candidates(self) -> Iterator[Decimal]:
        yield from self._wholes()
        if self.whole:
            return
        yield from (end for end in (self.low, self.high) if end is not None)
        if self.low is not None and self.high is not None:
            parts = len(self.without) + 2
            yield from (self.low + (self.high - self.low) * n / parts for n in range(1, parts))


def _rounded(value: Decimal, how: str) -> Decimal:
    return value.to_integral_value(rounding=how)


def _inner(
    a: Decimal | None, a_open: bool, b: Decimal | None, b_open: bool, *, highest: bool
) -> tuple[Decimal | None, bool]:
    """The tighter of two ends."""
    if a is None or b is None:
        return (b, b_open) if a is None else (a, a_open)
    if a == b:
        return a, a_open or b_open
    return (a, a_open) if (a > b) is highest else (b, b_open)


Domain = Options | Span
TRUTH = Options(frozenset({True, False}))
YES, NO = Options(frozenset({True})), Options(frozenset({False}))


def span(sign: str, value: Decimal, *, whole: bool = False) -> Span:
    """What compares with `value` as `sign` says."""
    match sign:
        case "==":
            return Span(value, value, whole=whole)
        case "!=":
            return Span(without=frozenset({value}), whole=whole)
        case "<" | "<=":
            return Span(high=value, open_high=sign == "<", whole=whole)
        case _:
            return Span(low=value, open_low=sign == ">", whole=whole)
