"""The criteria language: parse, check against declared names, compile, explain.

The subset of Python's expressions that a process's conditions are written in. `check` lists
an expression's problems, `compile_guard` makes a `Guard` that is asked of deals. Names are
imported at first use: showing a deal needs none of the language.
"""

from __future__ import annotations

from importlib import import_module as _import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dealwright.guards.each import check_each, compile_each
    from dealwright.guards.evidence import Names
    from dealwright.guards.formulas import check_formula, compile_formula
    from dealwright.guards.guard import Guard, check, compile_guard
    from dealwright.guards.moment import Moment, Unsettled
    from dealwright.guards.problem import InvalidGuardError, Problem
    from dealwright.guards.quantities import rounded
    from dealwright.guards.scope import Scope
    from dealwright.guards.standing import Asked, last_answers, latest_artifact, missing, outstanding
    from dealwright.guards.texts import check_text, compile_text, fill

_HOMES = {
    "each": ("check_each", "compile_each"),
    "evidence": ("Names",),
    "formulas": ("check_formula", "compile_formula"),
    "guard": ("Guard", "check", "compile_guard"),
    "moment": ("Moment", "Unsettled"),
    "problem": ("InvalidGuardError", "Problem"),
    "quantities": ("rounded",),
    "scope": ("Scope",),
    "standing": ("Asked", "last_answers", "latest_artifact", "missing", "outstanding"),
    "texts": ("check_text", "compile_text", "fill"),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "Asked", "Guard", "InvalidGuardError", "Moment", "Names", "Problem", "Scope", "Unsettled", "check", "check_each",
    "check_formula", "check_text", "compile_each", "compile_formula", "compile_guard", "compile_text", "fill",
    "last_answers", "latest_artifact", "missing", "outstanding", "rounded",
]  # fmt: skip


def __getattr__(name: str) -> object:
    home = _HOME_OF.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(_import_module(f"{__name__}.{home}"), name)
    globals()[name] = value
    return value
