"""A compiled expression: asked fast, explained slowly."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal

from dealwright.guards.checker import checked
from dealwright.guards.evaluate import UNKNOWN, Range, View, evaluate, truth
from dealwright.guards.evidence import Names, evidence, names
from dealwright.guards.moment import Moment, Unsettled
from dealwright.guards.problem import InvalidGuardError, Problem
from dealwright.guards.scope import Scope
from dealwright.guards.standing import Asked
from dealwright.guards.tree import Node, Standing, subnodes
from dealwright.model.deal import Deal
from dealwright.model.layout import Layout
from dealwright.model.process import ArtifactKind
from dealwright.model.verdict import Evidence, Explanation, Status

Wants = Literal["condition", "value"]


class Guard:
    """One expression of a process, ready to be asked of its deals.

    `test(deal, fresh, moment)` gives True or False, or raises Unsettled where anything is
    missing or wrong. Events and confirmations count only if their seq is greater than `fresh`.
    It is a function of its own, generated when first asked for; `status` goes without it for
    the first few deals, because a command that looks at one deal never earns its cost back.
    """

    __slots__ = ("_approvals", "_asked", "_evidence", "_layout", "_names", "_tree", "_wants", "source", "test")

    source: str
    test: Callable[[Deal, int, Moment], Any]

    def __init__(
        self, source: str, tree: Node, layout: Layout, approvals: Mapping[str, Sequence[Asked]], wants: Wants
    ) -> None:
        self.source = source
        self._tree = tree
        self._wants = wants
        self._asked = 0
        self._layout = layout
        self._approvals = approvals
        self._evidence: Evidence | None = None
        self._names: Names | None = None

    def __getattr__(self, name: str) -> Callable[[Deal, int, Moment], Any]:
        if name != "test":
            raise AttributeError(name)
        from dealwright.guards.generate import generate  # a command that looks at one deal never gets here

        self.test = generate(self._tree, self._layout, self._approvals, self._wants == "condition")
        return self.test

    def __repr__(self) -> str:
        return f"Guard({self.source!r})"

    @property
    def evidence(self) -> Evidence:
        """Whose word the condition rests on: buyer, approval, document, else seller."""
        if self._evidence is None:
            self._evidence = evidence(self._tree)
        return self._evidence

    @property
    def names(self) -> Names:
        """The ids of the fields, artifacts, events and functions that it uses."""
        if self._names is None:
            self._names = names(self._tree)
        return self._names

    def status(self, deal: Deal, fresh: int, moment: Moment) -> Status:
        """`met`, `unmet` or `unknown`."""
        if self._asked < _EARNED or self._wants == "value":
            self._asked += 1
            return _STATUS[truth(self._tree, self._view(deal, fresh, moment))]
        try:
            return "met" if self.test(deal, fresh, moment) else "unmet"
        except Unsettled:
            return _STATUS[truth(self._tree, self._view(deal, fresh, moment))]

    def value(self, deal: Deal, fresh: int, moment: Moment) -> Any:
        """The value, typed; None where it is unknown."""
        if self._asked >= _EARNED:
            try:
                return self.test(deal, fresh, moment)
            except Unsettled:
                pass
        self._asked += 1
        found = evaluate(self._tree, self._view(deal, fresh, moment))
        return None if found is UNKNOWN or isinstance(found, Range) else found

    def explain(self, deal: Deal, fresh: int, moment: Moment) -> Explanation:
        """The status, what is expected in words, what there is, and what would help."""
        from dealwright.guards.explain import explanation  # only what is refused is explained

        view = self._view(deal, fresh, moment)
        return explanation(self._tree, view, _STATUS[truth(self._tree, view)])

    def _view(self, deal: Deal, fresh: int, moment: Moment) -> View:
        return View(deal, fresh, moment, self._layout.currency, self._approvals)


_EARNED = 4  # generating the fast function costs about as much as this many slow answers
_STATUS: dict[Any, Status] = {True: "met", False: "unmet", UNKNOWN: "unknown"}


def check(source: str, scope: Scope, wants: Wants = "condition") -> list[Problem]:
    """Every problem of an expression, in reading order; none means that it compiles."""
    tree, problems = checked(source, scope, wants)
    if tree is not None:
        problems = circles(source, tree, scope)
    return problems


def compile_guard(source: str, scope: Scope, wants: Wants = "condition") -> Guard:
    """The guard of an expression. Raises InvalidGuardError with every problem."""
    tree, problems = checked(source, scope, wants)
    if tree is not None:
        problems = circles(source, tree, scope)
    if tree is None or problems:
        raise InvalidGuardError(source, problems)
    return guard_of(source, tree, scope, wants)


def guard_of(source: str, tree: Node, scope: Scope, wants: Wants = "condition") -> Guard:
    """The guard of a tree that was checked without any problem."""
    approvals = {node.kind.id: _approvals(scope, node.kind) for node in _approved_in(source, tree, scope)}
    return Guard(source, tree, scope.layout, approvals, wants)


def _approved_in(source: str, tree: Node, scope: Scope) -> list[Standing]:
    if "approved" not in source and not scope.computes:
        return []
    found: list[Standing] = []
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Standing) and node.what == "approved":
            found.append(node)
        waiting.extend(subnodes(node))
    return found


def _approvals(scope: Scope, kind: ArtifactKind) -> tuple[Asked, ...]:
    """Each approval of a kind with the guard of its `if`; one that does not compile is always asked for."""
    known = scope.approval_guards.get(kind.id)
    if known is not None:
        return known
    if kind.id in scope.resolving:
        scope.circular.add(kind.id)
        return tuple((approval, None) for approval in kind.approvals)
    scope.resolving.append(kind.id)
    try:
        asked = tuple((approval, _asked(scope, approval.condition)) for approval in kind.approvals)
    finally:
        scope.resolving.pop()
    scope.approval_guards[kind.id] = asked
    return asked


def _asked(scope: Scope, condition: str) -> Callable[[Deal, int, Moment], str] | None:
    if not condition:
        return None
    tree, _ = checked(condition, scope, "condition")
    if tree is None:
        return None  # its own place reports it
    approvals = {node.kind.id: _approvals(scope, node.kind) for node in _approved_in(condition, tree, scope)}
    return Guard(condition, tree, scope.layout, approvals, "condition").status


def circles(source: str, tree: Node, scope: Scope) -> list[Problem]:
    """A problem for each approval that is asked for only if it is granted."""
    problems = []
    for node in _approved_in(source, tree, scope):
        _approvals(scope, node.kind)
        if node.kind.id in scope.circular:
            name = node.kind.id
            problems.append(
                Problem(
                    "guard-type",
                    0,
                    len(source),
                    f"whether {name} is approved depends on itself",
                    f"{name} 的审批条件依赖于自身",
                )
            )
    return problems
