"""Tasks: given on entering a stage or by somebody, done or skipped; the required ones keep a deal where it is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from dealwright.engine.commands import AddTask, CloseTask
from dealwright.engine.context import Context
from dealwright.engine.program import Program
from dealwright.engine.result import did_you_mean, event, instant, permit, refuse, settle, titles
from dealwright.errors import NotFoundError, UsageError
from dealwright.events import Event, TaskAdded, TaskClosed
from dealwright.model.deal import Deal, Task
from dealwright.model.process import StageTask, TaskKind
from dealwright.model.text import Text
from dealwright.model.verdict import Explanation, Remedy, Status

_ENTRIES = frozenset({"opened", "advanced", "skipped", "won", "regressed", "reopened", "detoured", "transferred"})
_RUNNING = ("open", "won")


def kind_named(program: Program, name: str) -> TaskKind | None:
    """The process's task with this id."""
    return next((kind for kind in program.process.tasks if kind.id == name), None)


def open_of_kind(deal: Deal, kind: str) -> Task | None:
    """The open task of a kind; there is never more than one."""
    return next((task for task in deal.work.tasks if task.kind == kind and task.how is None), None)


def give(
    program: Program, deal: Deal, kind: TaskKind, context: Context, *, role: str | None = None, seq: int = 0,
    number: int = 0, due: datetime | None = None,
) -> Event:  # fmt: skip
    """The event that gives a task of the process. `seq` and `number` (of the task) are for the second of several."""
    at = instant(deal, context)
    data = TaskAdded(
        task=f"t{number or len(deal.work.tasks) + 1}", roles=settle(program, deal, kind.by), kind=kind.id,
        due_at=due or (kind.due.after(at, program.zone) if kind.due else None), optional=kind.optional,
        stage=deal.stage or None,
    )  # fmt: skip
    return event(program, deal, context, "task_added", role, data, seq=seq)


def given(program: Program, deal: Deal, events: Sequence[Event], context: Context) -> tuple[Event, ...]:
    """The stage's tasks whose time has come: the deal (as it is after `events`) entered it, or one before was closed.

    A kind of which a task is open is not given again.
    """
    if not program.process.tasks or deal.status not in _RUNNING:
        return ()
    owed = _Owed(program, deal, context)
    if any(one.type in _ENTRIES and getattr(one.data, "to", None) for one in events):
        wanted = list(owed.kinds)
    else:
        closed = {one.data.task for one in events if isinstance(one.data, TaskClosed)}
        wanted = owed.set_free_by({task.kind for task in deal.work.tasks if task.id in closed and task.kind})
    new = [kind for kind in wanted if open_of_kind(deal, kind) is None]
    ready = [kind for kind in new if not owed.waits(kind) and not set(owed.after(kind)) & set(new)]
    tasks, version = len(deal.work.tasks), deal.version
    return tuple(
        give(program, deal, owed.kinds[kind], context, seq=version + at, number=tasks + at)
        for at, kind in enumerate(ready, 1)
    )


class Blocking(NamedTuple):
    """A required task as a criterion of leaving the stage."""

    id: str
    text: Text
    said: Explanation


def required(program: Program, deal: Deal, context: Context) -> list[Blocking]:
    """The required tasks of the deal's stage, and any other required one that was given there and is open."""
    found = []
    owed = _Owed(program, deal, context)
    for kind in owed.all:
        task = open_of_kind(deal, kind.id)
        if kind.optional:
            continue
        if task is not None and kind.id not in owed.kinds and task.stage != deal.stage:
            continue  # given by another stage, and nothing that this one wants
        if task is not None:
            found.append(_blocking(program, kind.id, kind.title, task.roles, "unmet", task))
        elif kind.id in owed.kinds and owed.waits(kind.id):
            found.append(_blocking(program, kind.id, kind.title, settle(program, deal, kind.by), "unmet", None))
        elif any(one.kind == kind.id for one in deal.work.tasks):
            found.append(_blocking(program, kind.id, kind.title, settle(program, deal, kind.by), "met", None))
    listed = {kind.id for kind in owed.all}
    for task in deal.work.tasks:
        if task.how is None and not task.optional and task.stage == deal.stage and task.kind not in listed:
            known = kind_named(program, task.kind) if task.kind else None
            title = known.title if known else Text(f"Task {task.id}", f"任务 {task.id}")
            found.append(_blocking(program, task.kind or task.id, title, task.roles, "unmet", task))
    return found


def add_task(program: Program, deal: Deal, command: AddTask, context: Context) -> tuple[Event, ...]:
    """`task add`: one of the process, or one of somebody's own, for whoever holds one of its roles."""
    known = tuple(dict.fromkeys((*program.stage(deal.stage).responsible, *program.process.roles)))
    role = permit(program, context, known, "task", command.kind)
    if command.kind is not None:
        kind = kind_named(program, command.kind)
        if kind is None:
            hint = did_you_mean(command.kind, [one.id for one in program.process.tasks])
            raise UsageError(
                f"there is no task {command.kind}{hint.en}", f"没有任务 {command.kind}{hint.zh}", task=command.kind
            )
        if (old := open_of_kind(deal, kind.id)) is not None:
            raise refuse("status", "task", kind.id, Text(
                f"{kind.title.en} is open already: {old.id}",
                f"“{kind.title.zh}”已有未完成的任务：{old.id}"))  # fmt: skip
        return (give(program, deal, kind, context, role=role, due=command.due),)
    if command.title is None:
        raise UsageError("a task is one of the process, or has a title", "任务须为流程中的任务，或给出标题")
    for name in command.roles:
        if name not in program.process.roles:
            hint = did_you_mean(name, list(program.process.roles))
            raise UsageError(f"there is no role {name}{hint.en}", f"没有角色 {name}{hint.zh}", role=name)
    data = TaskAdded(
        task=f"t{len(deal.work.tasks) + 1}", roles=command.roles or program.stage(deal.stage).responsible,
        title=command.title, due_at=command.due, optional=command.optional, stage=deal.stage,
    )  # fmt: skip
    return (event(program, deal, context, "task_added", role, data),)


def close_task(program: Program, deal: Deal, command: CloseTask, context: Context) -> tuple[Event, ...]:
    """`task done`, `task skip`: by whoever holds one of its roles. A task is named by its id, or by its kind."""
    task = open_of_kind(deal, command.task)
    task = task or next((one for one in deal.work.tasks if one.id == command.task), None)
    if task is None:
        known = [one.id for one in deal.work.tasks if one.how is None]
        hint = did_you_mean(command.task, known)
        raise NotFoundError(
            f"the deal has no task {command.task}{hint.en}", f"项目没有任务 {command.task}{hint.zh}", task=command.task
        )
    role = permit(program, context, task.roles, "task", task.id)
    if task.how is not None:
        raise refuse("status", "task", task.id, Text(
            f"{task.id} is {task.how} already", f"任务 {task.id} 已{_HOW_ZH[task.how]}"))  # fmt: skip
    if command.how == "skipped" and command.note is None:
        raise UsageError("skipping a task needs --reason", "免做任务须用 --reason 说明理由", missing="reason")
    data = TaskClosed(task=task.id, how=command.how, note=command.note)
    return (event(program, deal, context, "task_closed", role, data),)


_HOW_ZH = {"done": "完成", "skipped": "免做"}


class _Owed:
    """What the deal's stage wants done, by kind; without those whose condition plainly does not hold."""

    def __init__(self, program: Program, deal: Deal, context: Context) -> None:
        stage = program.stage(deal.stage)
        by_id = {kind.id: kind for kind in program.process.tasks} if stage.tasks else {}
        fresh = deal.fresh_from(program.layout.stage_at[deal.stage]) if stage.tasks else 0

        def applies(one: StageTask) -> bool:
            if not one.condition:
                return True
            return program.guard(one.condition).status(deal, fresh, context.moment) != "unmet"

        self.all = [by_id[one.task] for one in stage.tasks]
        self.kinds = {one.task: by_id[one.task] for one in stage.tasks if applies(one)}
        self._by_id = by_id
        self._deal = deal

    def after(self, kind: str) -> tuple[str, ...]:
        """The kinds that come before one."""
        found = self._by_id.get(kind)
        return found.after if found else ()

    def waits(self, kind: str, seen: frozenset[str] = frozenset()) -> bool:
        """Whether a task before this one is open or still to come."""
        for name in self.after(kind):
            known = any(task.kind == name for task in self._deal.work.tasks)
            if open_of_kind(self._deal, name) is not None or (name in self.kinds and not known):
                return True
            if name not in seen and self.waits(name, seen | {kind}):
                return True
        return False

    def set_free_by(self, closed: set[str]) -> list[str]:
        """The kinds that come after closed ones, also by way of those that are not wanted."""
        free = set(closed)
        passed: set[str] = set()
        while more := {k.id for k in self.all if k.id not in self.kinds and free & set(k.after)} - passed:
            passed |= more
            free |= more
        return [kind.id for kind in self.kinds.values() if free & set(kind.after)]


def _blocking(
    program: Program, name: str, title: Text, roles: tuple[str, ...], status: Status, task: Task | None
) -> Blocking:
    who = titles(program, roles)
    expected = Text(f"done or skipped by {who.en}", f"由{who.zh}完成或免做")
    text = Text(f"{title.en} is not done yet", f"“{title.zh}”尚未完成")
    if status == "met":
        return Blocking(f"task.{name}", text, Explanation("met", expected, "closed"))
    if task is None:
        return Blocking(f"task.{name}", text, Explanation("unmet", expected, "waiting"))
    remedies = (Remedy("task done", (task.id,), roles),)
    return Blocking(f"task.{name}", text, Explanation("unmet", expected, "open", remedies))
