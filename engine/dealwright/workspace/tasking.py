"""Tasks."""

from __future__ import annotations

from typing import Any

from dealwright.engine import commands as c
from dealwright.errors import UsageError
from dealwright.model.deal import Deal
from dealwright.workspace.attempt import Written
from dealwright.workspace.personal import told
from dealwright.workspace.placement import task_shape
from dealwright.workspace.reading import Reader
from dealwright.workspace.writing import Writing


class Tasking(Writing):
    """What `task` does. Writing methods take `dry_run` and `if_version`."""

    def task_list(self, deal: str) -> dict[str, Any]:
        """Every task of a deal, in the order in which they were given."""
        program, found = self.load(self.resolve(deal))
        rows = [task_shape(program, task) for task in found.work.tasks]
        return {"v": 1, "deal": found.id, "tasks": told(self.store, rows)}

    def task_add(
        self, deal: str, kind: str | None = None, *, title: str | None = None, by: tuple[str, ...] = (),
        due: str | None = None, required: bool = False, **write: Any,
    ) -> dict[str, Any]:  # fmt: skip
        """Give a task: one of the process by its id, or one of your own by its title, to whoever holds the roles `by`.

        Raises UsageError for both or neither, and for what a task of the process settles itself.
        """
        if (kind is None) == (title is None):
            raise UsageError("name a task of the process, or give --title", "请指明流程中的任务，或用 --title 给出标题")
        if kind is not None and (by or required):
            raise UsageError(
                "the process says by whom its tasks are done, and whether they must be",
                "流程中的任务由谁完成、是否必做，均由流程规定",
            )

        def build(reader: Reader, _: Deal) -> c.Command:
            return c.AddTask(
                kind=kind, title=reader.vault.swap_text(title), roles=by, due=reader.instant(due) if due else None,
                optional=not required,
            )  # fmt: skip

        done = self.write(deal, build, **write)
        return self._with_task(done, str(done.records[0].data["task"]), write)

    def task_done(self, deal: str, task: str, note: str | None = None, **write: Any) -> dict[str, Any]:
        """A task is done; it is named by its id, or its kind."""
        return self._close(deal, task, "done", note, write)

    def task_skip(self, deal: str, task: str, reason: str, **write: Any) -> dict[str, Any]:
        """A task need not be done, for a reason."""
        return self._close(deal, task, "skipped", reason, write)

    def _close(self, deal: str, task: str, how: str, note: str | None, write: dict[str, Any]) -> dict[str, Any]:
        def build(reader: Reader, _: Deal) -> c.Command:
            return c.CloseTask(task=task, how=how, note=reader.vault.swap_text(note))

        done = self.write(deal, build, **write)
        return self._with_task(done, str(done.records[0].data["task"]), write)

    def _with_task(self, done: Written, task: str, write: dict[str, Any]) -> dict[str, Any]:
        one = next(one for one in done.deal.work.tasks if one.id == task)
        return self.written(done, dry_run=bool(write.get("dry_run")), task=task_shape(done.program, one))
