"""What would help where a task is not done yet, or nobody has been given it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from dealwright.guards.evaluate import View
from dealwright.guards.steps import company
from dealwright.model.process import Field
from dealwright.model.verdict import Remedy


def is_progress(field: Field) -> bool:
    """True of what changes while a task is worked on, so that another value is no other task."""
    return field.id in ("done", "skipped")


def close_task(task_id: str, view: View) -> Remedy:
    """The task done, by those who owe it."""
    roles = next((task.roles for task in view.deal.work.tasks if task.id == task_id), ())
    return Remedy("task done", (task_id,), company(roles))


def change_task(task_id: str, settings: Iterable[str], view: View) -> Iterator[Remedy]:
    """What of `settings` can be reached: an open task is done, or skipped for a reason; nothing else of it changes."""
    wanted = set(settings)
    task = next((task for task in view.deal.work.tasks if task.id == task_id), None)
    if task is None or task.how is not None:
        return
    if wanted == {"done=true"}:
        yield close_task(task_id, view)
    elif wanted == {"skipped=true"}:
        yield Remedy("task skip", (task_id, "--reason", "<reason:text>"), company(task.roles))


def add_task(chosen: Mapping[str, str], view: View) -> Iterator[Remedy]:
    """A new task of the wanted kind, and done where it has to be."""
    kind = chosen.get("kind", "").partition("=")[2] or "<kind:text>"
    declared = next((task for task in view.deal.layout.tasks if task.id == kind), None)
    roles = company(declared.by) if declared is not None else ()
    yield Remedy("task add", (kind,), roles)
    if "done" in chosen:
        yield Remedy("task done", ("<task:text>",), roles)
