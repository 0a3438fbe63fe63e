"""`task list | add | done | skip`."""

from __future__ import annotations

from typing import Any

import click

from dealwright.cli.call import Call
from dealwright.cli.options import DEAL, NOTE, WHY, WRITE, argument, flag, opt, verb
from dealwright.cli.outcome import draw_write
from dealwright.cli.page import Page

_TASK: click.Argument = argument("task")
_NAMED = (
    "TASK is the id that `dealwright task list` shows, or the task's kind.",
    "TASK 为 `dealwright task list` 所列的编号，或任务的类别。",
)


@verb(DEAL)
def list_(call: Call, *, deal: str) -> None:
    """List tasks."""
    call.show(call.workspace().task_list(deal), _draw_list, rows="tasks")


def _draw_list(page: Page, data: dict[str, Any]) -> None:
    if data["tasks"]:
        draw_tasks(page, data["deal"], data["tasks"])
    else:
        page.line("There are no tasks.", "没有任务。")


def draw_tasks(page: Page, deal: str, tasks: list[dict[str, Any]]) -> None:
    """Tasks as a table: whose, due when, done or not; then how to close the first open one."""
    names = page.names_of_deal(deal)
    how = {
        None: page.say("open", "未完成"),
        "done": page.say("done", "已完成"),
        "skipped": page.say("skipped", "已免做"),
    }
    rows = [
        [
            task["id"], page.title(task["title"]), how[task["how"]],
            page.say("optional", "可选") if task["optional"] else "",
            page.say(", ", "、").join(map(names.role, task["roles"])), page.moment(task["due_at"]),
            page.moment(task["done_at"]),
        ]
        for task in tasks
    ]  # fmt: skip
    page.table(
        [("Id", "编号"), ("Task", "任务"), ("Status", "状态"), ("", ""), ("By", "由谁"), ("Due", "到期"),
         ("Closed", "结束于")],
        rows,
    )  # fmt: skip
    first = next((task for task in tasks if task["how"] is None), None)
    if first is not None:
        page.next("dealwright", "task", "done", deal, first["id"])


@verb(
    DEAL,
    argument("kind", required=False),
    opt("--title", en="A task that the process does not know", zh="流程之外的任务", metavar="TEXT"),
    opt("--by", en="A role that is to do it", zh="负责完成的角色", metavar="ROLE", multiple=True),
    opt("--due", en="When it is due", zh="到期时间", metavar="INSTANT"),
    flag("--required", en="It keeps the deal in its stage until it is done", zh="必做：完成前项目不能离开本阶段"),
    *WRITE,
    note=("KIND is a task that the process declares.", "KIND 为流程声明的任务。"),
)
def add(
    call: Call, *, deal: str, kind: str | None, title: str | None, by: tuple[str, ...], due: str | None,
    required: bool, dry_run: bool, if_version: int | None,
) -> None:  # fmt: skip
    """Give a task."""
    result = call.workspace().task_add(
        deal, kind, title=title, by=by, due=due, required=required, dry_run=dry_run, if_version=if_version
    )
    call.show(result, draw_write)


@verb(DEAL, _TASK, NOTE, *WRITE, note=_NAMED)
def done(call: Call, *, deal: str, task: str, note: str | None, dry_run: bool, if_version: int | None) -> None:
    """Close as done."""
    call.show(call.workspace().task_done(deal, task, note, dry_run=dry_run, if_version=if_version), draw_write)


@verb(DEAL, _TASK, WHY, *WRITE, note=_NAMED)
def skip(call: Call, *, deal: str, task: str, reason: str, dry_run: bool, if_version: int | None) -> None:
    """Let go."""
    call.show(call.workspace().task_skip(deal, task, reason, dry_run=dry_run, if_version=if_version), draw_write)
