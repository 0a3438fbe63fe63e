"""Fields that are computed: what is wrong with a formula, and the value it gives."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Any

from dealwright.guards.checker import Checker
from dealwright.guards.computing import computed
from dealwright.guards.guard import Guard, guard_of
from dealwright.guards.problem import InvalidGuardError, Problem
from dealwright.guards.scope import Scope
from dealwright.model.money import Money, money
from dealwright.model.process import Field

_CENT = Decimal("0.01")
_WIDE = Context(prec=400, rounding=ROUND_HALF_UP)  # a product may be far larger than any sum that is ever typed


def check_formula(field: Field, scope: Scope) -> list[Problem]:
    """Every problem of a field's formula, with offsets into it: also that it is computed from itself."""
    return computed(field.id, scope, Checker).problems


def compile_formula(field: Field, scope: Scope) -> Guard:
    """The guard whose `value(deal, fresh, moment)` is the field's, of its type. Raises InvalidGuardError."""
    found = computed(field.id, scope, Checker)
    if found.tree is None:
        raise InvalidGuardError(field.formula, found.problems)
    return guard_of(field.formula, found.tree, scope, "value")


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
