"""What the names of an expression mean: a process's fields, artifacts, events and functions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from dealwright.guards.tree import Artifacts, Node, Own, Place, Stakeholders
from dealwright.hookspecs import Function
from dealwright.model.layout import COMMON_ACTIVITIES, STAKEHOLDER_FIELDS, Layout
from dealwright.model.process import PHASES, EventKind, Field

BUILT_IN = (
    "has", "event", "count", "any", "all", "sum", "complete", "approved", "open", "days_since", "days_until",
    "today", "stakeholders",
)  # fmt: skip
OWN = {"stage": "choice", "phase": "choice", "status": "choice", "owner": "person", "opened_on": "date"}
STATUSES = ("new", "open", "won", "lost", "disqualified", "completed")
ROLE_AT = next(at for at, field in enumerate(STAKEHOLDER_FIELDS) if field.id == "role")


class Entry(NamedTuple):
    """The fields of a list's entry, whose names come first inside `count(list, ...)`."""

    fields: tuple[Field, ...]
    list: Node


def typed(field: Field) -> str:
    """The expression type of a field: a confirmation reads as a boolean."""
    return "boolean" if field.type == "confirmation" else field.type


class Scope:
    """The names of one process, and the functions that plugins add.

    It may stand on the layout of a half-built process; an approval's own conditions are
    compiled once per scope.
    """

    def __init__(self, layout: Layout, functions: Mapping[str, Function] | None = None) -> None:
        self.layout = layout
        self.functions: Mapping[str, Function] = dict(functions or {})
        self.approval_guards: dict[str, tuple[Any, ...]] = {}
        self.resolving: list[str] = []
        self.circular: set[str] = set()

    def bound(self, name: str) -> list[Node]:
        """All that `name` can mean outside of a list's entries: none, one, or a clash."""
        layout = self.layout
        found: list[Node] = []
        if name in layout.field_at:
            at = layout.field_at[name]
            found.append(Place(typed(layout.fields[at]), layout.fields[at], at))
        if name in layout.artifact_at:
            slot = layout.artifact_at[name]
            found.append(Artifacts("artifact", slot, layout.artifacts[slot]))
        if name in OWN:
            found.append(Own(OWN[name], name, self._options(name)))
        if name == "stakeholders":
            found.append(Stakeholders("list"))
        return found

    def _options(self, name: str) -> tuple[str, ...]:
        if name == "stage":
            return tuple(self.layout.stage_at)
        return {"phase": PHASES, "status": STATUSES}.get(name, ())

    def event(self, name: str) -> EventKind | None:
        """The declared event kind, or one of the acts that every process knows."""
        declared = self.layout.events.get(name)
        if declared is None and name in COMMON_ACTIVITIES:
            return EventKind(name, (), COMMON_ACTIVITIES[name])
        return declared

    def events(self) -> Iterator[str]:
        """The names that `event(...)` takes."""
        yield from self.layout.events
        yield from COMMON_ACTIVITIES

    def names(self) -> Iterator[str]:
        """Every bare name outside of a list's entries."""
        yield from self.layout.field_at
        yield from self.layout.artifact_at
        yield from OWN
        yield from ("stakeholders", "true", "false")

    def function_names(self) -> Iterator[str]:
        """Every name that can be called."""
        yield from BUILT_IN
        yield from self.functions


def entry_fields(source: Node) -> tuple[Field, ...]:
    """The declared fields of the entries of a list."""
    match source:
        case Stakeholders():
            return STAKEHOLDER_FIELDS
        case Artifacts(kind=kind):
            return kind.fields
        case Place(field=field):
            return field.of
        case _:
            return ()
