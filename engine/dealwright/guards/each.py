"""`for_each`: one condition asked of every entry of a list."""

from __future__ import annotations

from typing import NamedTuple

from dealwright.guards.calls import listed
from dealwright.guards.checker import Checker
from dealwright.guards.guard import Guard, circles, guard_of
from dealwright.guards.parser import parse
from dealwright.guards.problem import InvalidGuardError, Problem
from dealwright.guards.scope import Entry, Scope, entry_fields
from dealwright.guards.tree import Each, Node, Not, Or, Over


class EachProblems(NamedTuple):
    """The problems of a criterion with `for_each`, each with offsets into its own source."""

    for_each: list[Problem]
    applies: list[Problem]
    condition: list[Problem]


def check_each(list_source: str, applies: str, condition: str, scope: Scope) -> EachProblems:
    """Every problem of the list, of which entries are asked (`applies` empty: all), and of what is asked of them.

    Where the list itself is wrong the others are not looked at: their names would mean nothing.
    """
    return _checked(list_source, applies, condition, scope)[1]


def compile_each(list_source: str, applies: str, condition: str, scope: Scope) -> Guard:
    """The guard that holds where `condition` does of every entry for which `applies` does; of no entries, unknown.

    Raises InvalidGuardError with every problem.
    """
    tree, problems = _checked(list_source, applies, condition, scope)
    for source, found in zip((list_source, applies, condition), problems, strict=True):
        if found:
            raise InvalidGuardError(source, found)
    assert tree is not None  # noqa: S101 - for the type checker: without a problem there is a tree
    return guard_of(f"{list_source} {applies} {condition}", tree, scope)


def each_tree(list_source: str, applies: str, condition: str, scope: Scope) -> Each | None:
    """The checked tree, or None where anything is wrong with it."""
    return _checked(list_source, applies, condition, scope)[0]


def _checked(list_source: str, applies: str, condition: str, scope: Scope) -> tuple[Each | None, EachProblems]:
    source, problems = _list(list_source, scope)
    if source is None:
        return None, EachProblems(problems, [], [])
    asked, unasked = _of_entry(applies, source, scope) if applies else (None, [])
    wanted, unwanted = _of_entry(condition, source, scope)
    found = EachProblems([], unasked, unwanted)
    if wanted is None or unasked:
        return None, found
    inner = wanted if asked is None else Or("boolean", (wanted, Not("boolean", asked)))
    return Each("boolean", Over("boolean", "all", source, inner, 0), asked, wanted), found


def _list(text: str, scope: Scope) -> tuple[Node | None, list[Problem]]:
    syntax, problems = parse(text)
    if syntax is None:
        return None, problems
    checker = Checker(scope)
    node = listed(checker, syntax)
    return (None, checker.problems) if checker.problems else (node, [])


def _of_entry(text: str, source: Node, scope: Scope) -> tuple[Node | None, list[Problem]]:
    syntax, problems = parse(text)
    if syntax is None:
        return None, problems
    checker = Checker(scope, Entry(entry_fields(source), source, hides=True))
    node = checker.condition(syntax)
    problems = checker.finished(syntax, node) or circles(text, node, scope)
    return (None, problems) if problems else (node, [])
