"""Fields that are computed: what is wrong with a formula, and the value it gives."""

from __future__ import annotations

from dealwright.guards.checker import Checker
from dealwright.guards.computing import computed
from dealwright.guards.guard import Guard, guard_of
from dealwright.guards.problem import InvalidGuardError, Problem
from dealwright.guards.scope import Scope
from dealwright.model.process import Field


def check_formula(field: Field, scope: Scope) -> list[Problem]:
    """Every problem of a field's formula, with offsets into it: also that it is computed from itself."""
    return computed(field.id, scope, Checker).problems


def compile_formula(field: Field, scope: Scope) -> Guard:
    """The guard whose `value(deal, fresh, moment)` is the field's, of its type. Raises InvalidGuardError."""
    found = computed(field.id, scope, Checker)
    if found.tree is None:
        raise InvalidGuardError(field.formula, found.problems)
    return guard_of(field.formula, found.tree, scope, "value")
