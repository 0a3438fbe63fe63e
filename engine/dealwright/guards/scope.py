"""What the names of an expression mean: a process's fields, artifacts, events and functions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from dealwright.guards.problem import did_you_mean
from dealwright.guards.tree import Artifacts, Node, Other, Own, Place, Stakeholders, Tasks
from dealwright.hookspecs import Function
from dealwright.model.layout import COMMON_ACTIVITIES, STAKEHOLDER_FIELDS, STATUSES, Layout, Readable
from dealwright.model.process import PHASES, EventKind, Field
from dealwright.model.text import Text

BUILT_IN = (
    "has", "event", "count", "any", "all", "sum", "complete", "approved", "open", "days_since", "days_until",
    "today", "stakeholders",
)  # fmt: skip
OWN = {"stage": "choice", "phase": "choice", "status": "choice", "owner": "person", "opened_on": "date"}
MOST_COMPARED = 5_000  # after so many names that slips were compared with, in one scope, no more are
ROLE_AT = next(at for at, field in enumerate(STAKEHOLDER_FIELDS) if field.id == "role")


class Entry(NamedTuple):
    """The fields of a list's entry, which are bare names inside `count(list, ...)`.

    Where they are not the author's own choice (`hides`), they hide what is outside of the
    list under the same name; else such a name would mean two things.
    """

    fields: tuple[Field, ...]
    list: Node
    hides: bool = False


def typed(field: Field) -> str:
    """The expression type of a field: a confirmation reads as a boolean."""
    return "boolean" if field.type == "confirmation" else field.type


class Scope:
    """The names of one process, and the functions that plugins add.

    It may stand on the layout of a half-built process; an approval's own conditions are
    compiled once per scope, and so are formulas and texts.
    """

    def __init__(self, layout: Layout, functions: Mapping[str, Function] | None = None) -> None:
        self.layout = layout
        self.functions: Mapping[str, Function] = dict(functions or {})
        self.approval_guards: dict[str, tuple[Any, ...]] = {}
        self.resolving: list[str] = []
        self.circular: set[str] = set()
        self.formulas: dict[str, Any] = {}
        self._compared = 0
        self._placed: dict[int, tuple[tuple[Field, ...], dict[str, int]]] = {}
        self.texts: dict[tuple[str, bool], Any] = {}
        self.computes = any(field.formula for field in layout.fields)

    def place(self, fields: tuple[Field, ...], name: str) -> int | None:
        """The position of the field `name` among those of an artifact, event or record; None where it has none."""
        known = self._placed.get(id(fields))
        if known is None:  # kept with the fields themselves, so that their identity stays theirs
            known = self._placed[id(fields)] = fields, {field.id: at for at, field in enumerate(fields)}
        return known[1].get(name)

    def suggest(self, name: str, known: Iterable[str]) -> Text | None:
        """The known name that was probably meant, as a question; None where none is like it, or too many were compared.

        A file of thousands of names and as many slips would otherwise take minutes.
        """
        if self._compared > MOST_COMPARED:
            return None
        names = list(known)
        self._compared += len(names)
        return did_you_mean(name, names)

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
        if name in layout.records and name not in layout.field_at:
            other = layout.records[name]
            found.append(Other("list" if other.many else "record", other))
        if not found and name == "tasks":  # a process may have meant its own long before there were any
            found.append(Tasks("list", self.task_fields()))
        if not found and name == "variant" and (arms := self._arms()):
            found.append(Own("choice", "variant", arms))
        return found

    def record(self, name: str) -> Readable | None:
        """The other deal or record whose fields are read as `name.FIELD`."""
        other = self.layout.records.get(name)
        return None if other is None or other.many else other

    def task_fields(self) -> tuple[Field, ...]:
        """What is known of a task; its kind and stage are among those of the process."""
        kinds = {task.id: task.title for task in self.layout.tasks}
        stages = {stage.id: stage.title for stage in self.layout.stages}
        return (
            Field("id", "text", Text("Id", "编号")),
            Field("kind", "choice" if kinds else "text", Text("Kind of task", "任务类别"), values=kinds),
            Field("title", "text", Text("Title", "名称"), personal=True),
            Field("due", "date", Text("Due date", "截止日期")),
            Field("done", "boolean", Text("Done", "已完成")),
            Field("skipped", "boolean", Text("Skipped", "已免做")),
            Field("optional", "boolean", Text("Optional", "可选")),
            Field("stage", "choice", Text("Stage", "阶段"), values=stages),
        )

    def _arms(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(arm.id for stage in self.layout.stages for arm in stage.variants))

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
        yield from self.layout.records
        yield from ("stakeholders", "tasks", "true", "false")
        if self._arms():
            yield "variant"

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
        case Tasks(fields=fields):
            return fields
        case Other(of=other):
            return other.fields
        case _:
            return ()
