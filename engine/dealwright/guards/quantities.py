"""Comparing and computing with numbers, money, dates and instants: the same for the fast and the slow path.

Everything here raises Unsettled, or any other exception, where there is no answer.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Any

from dealwright.guards.moment import Moment, Unsettled
from dealwright.model.money import Money, money

ORDER: dict[str, Callable[[Any, Any], Any]] = {
    "==": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip
_CENT = Decimal("0.01")
_WIDE = Context(prec=400, rounding=ROUND_HALF_UP)  # a product may be far larger than any sum that is ever typed


def need(value: Any) -> Any:
    """The value, if there is one."""
    if value is None:
        raise Unsettled
    return value


def finite(value: Any) -> Any:
    """A number that is one: neither infinite nor NaN."""
    if not math.isfinite(value):
        raise Unsettled
    return value


def exact(number: Any) -> Decimal:
    """A number as people wrote it: 12.5 is 12.5, not its nearest binary fraction."""
    return number if isinstance(number, Decimal) else Decimal(str(number))


def amounts(left: Any, right: Any, currency: str) -> tuple[Decimal, Decimal]:
    """Two sums in one currency; a plain number is in `currency`, the process's own."""
    one = left.currency if isinstance(left, Money) else currency
    other = right.currency if isinstance(right, Money) else currency
    if one != other:
        raise Unsettled
    return (
        left.amount if isinstance(left, Money) else exact(left),
        right.amount if isinstance(right, Money) else exact(right),
    )


def compare(sign: str, left: Any, right: Any, currency: str, moment: Moment) -> bool:
    """`left sign right`; money by amount in one currency, dates against instants by local midnight."""
    if left is None or right is None:
        raise Unsettled
    if isinstance(left, Money) or isinstance(right, Money):
        left, right = amounts(left, right, currency)
    elif isinstance(left, datetime) is not isinstance(right, datetime):
        left, right = moment.instant_of(left), moment.instant_of(right)
    answer = ORDER[sign](left, right)
    if answer is True or answer is False:
        return answer
    raise Unsettled


def compute(sign: str, left: Any, right: Any, currency: str) -> Any:
    """`left sign right` for numbers, money and dates. Money divided by money is a number, date minus date days."""
    if isinstance(left, Money) or isinstance(right, Money):
        return _money(sign, left, right, currency)
    if isinstance(left, date):
        if isinstance(right, date):
            return (left - right).days
        return left + timedelta(days=right if sign == "+" else -right)
    if sign == "+":
        return finite(left + right)
    if sign == "-":
        return finite(left - right)
    return finite(left * right) if sign == "*" else finite(left / right)


def _money(sign: str, left: Any, right: Any, currency: str) -> Any:
    if sign in ("+", "-"):
        of = left.currency if isinstance(left, Money) else right.currency
        a, b = amounts(left, right, currency)
        return Money(a + b if sign == "+" else a - b, of)
    if sign == "*":
        sum_, number = (left, right) if isinstance(left, Money) else (right, left)
        return Money(finite(sum_.amount * exact(number)), sum_.currency)
    if isinstance(right, Money):
        a, b = amounts(left, right, currency)
        return finite(float(a / b))
    return Money(finite(left.amount / exact(right)), left.currency)


def total(values: Iterable[Any], kind: str, currency: str) -> Any:
    """The sum; of nothing, 0 of the kind (`money`: in `currency`)."""
    read = list(values)
    if any(value is None for value in read):
        raise Unsettled
    if not read:
        return Money(Decimal(0), currency) if kind == "money" else 0
    whole = read[0]
    for value in read[1:]:
        whole = compute("+", whole, value, currency)
    return whole


def days(how: str, when: Any, moment: Moment) -> int:
    """Whole local days from `when` to today (`since`), or from today to `when` (`until`)."""
    if when is None:
        raise Unsettled
    gone = (moment.today - moment.day_of(when)).days
    return gone if how == "since" else -gone


def rounded(value: Any) -> Any:
    """An expression's value as a field keeps and people read it, numbers to nine decimals.

    Money that is not exact with as many is rounded to the cent.
    """
    if isinstance(value, Money):
        try:
            return money(value.amount, value.currency)
        except ValueError:
            return Money(value.amount.quantize(_CENT, context=_WIDE), value.currency)
    if isinstance(value, float):
        near = round(value, 9)
        return int(near) if near.is_integer() and abs(near) < 2**53 else near
    return value
