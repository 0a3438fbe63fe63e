"""Building what happens by itself and who gets what: automations, tasks, assignment, related deals, uniqueness."""

from __future__ import annotations

from dealwright.definition import values as v
from dealwright.definition.nodes import Map, Node, Scalar, Seq
from dealwright.definition.parts import one_of
from dealwright.model.process import (
    Assignment,
    Automation,
    Effects,
    Notice,
    Related,
    Spawn,
    StageTask,
    TaskKind,
    Unique,
)  # fmt: skip
from dealwright.model.text import Text, humanise

_NOTHING = Text("", "")


def automations(node: Node | None, stage: str = "") -> tuple[Automation, ...]:
    """The automations of a map by id; those of a stage are limited to it."""
    return tuple([_automation(name, entry, stage) for name, entry in v.entries(node)])


def _automation(name: str, node: Map, stage: str) -> Automation:
    after, every = v.duration(node.get("after")), v.duration(node.get("every"))
    timed = after is not None or every is not None
    return Automation(
        id=name,
        then=_effects(node.get("then")),
        title=v.text(node.get("title"), _NOTHING) if node.get("title") is not None else None,
        upon=v.word(node.get("upon")),
        after=after,
        before=v.duration(node.get("before")),
        every=every,
        since=v.words(node.get("since")) or (("entered",) if timed else ()),
        of=v.word(node.get("of")),
        stages=(stage,) if stage else v.words(node.get("stages")),
        condition=v.word(node.get("if")),
        times=v.whole(node.get("times"), 0 if every is not None else 1),
    )


def _effects(node: Node | None) -> Effects:
    if not isinstance(node, Map):
        return Effects()
    told = node.get("notify")
    return Effects(
        values=assignments(node.get("set")),
        assign=v.word(node.get("assign")),
        unassign=v.flag(node.get("unassign")),
        task=v.word(node.get("task")),
        open=_spawn(node.get("open")),
        link=v.word(node.get("link")),
        notify=Notice(v.words(told.get("to")), v.text(told.get("text"), _NOTHING)) if isinstance(told, Map) else None,
        reopen=v.flag(node.get("reopen")),
        to=v.word(node.get("to")),
        reason=v.word(node.get("reason")),
    )


def _spawn(node: Node | None) -> Spawn | None:
    if not isinstance(node, Map):
        return None
    title = node.get("title")
    return Spawn(
        process=v.word(node.get("process")),
        title=v.text(title, _NOTHING) if title is not None else None,
        values=assignments(node.get("set")),
        subject=v.word(node.get("subject")),
    )


def assignments(node: Node | None) -> dict[str, str]:
    """The expressions of a map by what they are for."""
    if not isinstance(node, Map):
        return {}
    return {key: value.text for key, value in node.values.items() if isinstance(value, Scalar)}


def tasks(node: Node | None) -> tuple[TaskKind, ...]:
    """The kinds of task of a map by id."""
    return tuple(
        [
            TaskKind(
                id=name,
                title=v.text(entry.get("title"), humanise(name)),
                by=v.words(entry.get("by")),
                due=v.duration(entry.get("due")),
                optional=v.flag(entry.get("optional")),
                after=v.words(entry.get("after")),
            )
            for name, entry in v.entries(node)
        ]
    )


def stage_tasks(node: Node | None) -> tuple[StageTask, ...]:
    """The tasks of a stage's list."""
    items = node.items if isinstance(node, Seq) else []
    return tuple(
        [
            StageTask(item.text)
            if isinstance(item, Scalar)
            else StageTask(v.word(item.get("task")), v.word(item.get("if")))
            for item in items
            if isinstance(item, Scalar | Map)
        ]
    )


def assignment(node: Node | None) -> tuple[Assignment, ...]:
    """The rules of assignment, in order."""
    return tuple(
        [
            Assignment(v.word(entry.get("role")), v.word(entry.get("if")), one_of(entry.get("pick"), "fewest"))
            for entry in v.maps(node)
        ]
    )


def related(node: Node | None) -> tuple[Related, ...]:
    """The related deals of a map by name, without the fields of their processes."""
    return tuple(
        [
            Related(
                id=name,
                process=v.word(entry.get("process")),
                match=assignments(entry.get("match")),
                link=v.word(entry.get("link")),
                condition=v.word(entry.get("if")),
                pick=one_of(entry.get("pick"), "latest"),
                title=v.text(entry.get("title"), humanise(name)),
            )
            for name, entry in v.entries(node)
        ]
    )


def unique(node: Node | None) -> tuple[Unique, ...]:
    """The uniqueness rules of a map by id."""
    found = []
    for name, entry in v.entries(node):
        span = entry.get("among")
        found.append(
            Unique(
                id=name,
                fields=v.words(entry.get("fields")),
                stages=(v.word(span.get("from")), v.word(span.get("to"))) if isinstance(span, Map) else None,
                on_conflict=one_of(entry.get("on_conflict"), "queue"),
                title=v.text(entry.get("title"), humanise(name)),
            )
        )
    return tuple(found)
