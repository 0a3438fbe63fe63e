"""The criteria language: parse, check against declared names, compile, explain.

The subset of Python's expressions that a process's conditions are written in. `check` lists
an expression's problems, `compile_guard` makes a `Guard` that is asked of deals.
"""

from dealwright.guards.evidence import Names
from dealwright.guards.guard import Guard, check, compile_guard
from dealwright.guards.moment import Moment, Unsettled
from dealwright.guards.problem import InvalidGuardError, Problem
from dealwright.guards.scope import Scope
from dealwright.guards.standing import Asked, last_answers, latest_artifact, missing, outstanding

__all__ = [
    "Asked",
    "Guard",
    "InvalidGuardError",
    "Moment",
    "Names",
    "Problem",
    "Scope",
    "Unsettled",
    "check",
    "compile_guard",
    "last_answers",
    "latest_artifact",
    "missing",
    "outstanding",
]
