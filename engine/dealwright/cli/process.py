"""`process list | show | publish`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from dealwright.cli.call import Call
from dealwright.cli.options import argument, verb
from dealwright.cli.page import Page


@verb()
def list_(call: Call) -> None:
    """List processes."""
    call.show(call.workspace().process_list(), _draw_list, rows="processes")


def _draw_list(page: Page, data: dict[str, Any]) -> None:
    rows = []
    for process in data["processes"]:
        stages = process["stages"]
        rows.append([
            process["id"], page.title(process["title"]), process["version"] or "", process["type"] or "",
            str(len(stages)),
            ", ".join(process["methodologies"]), process["source"],
        ])  # fmt: skip
    headings = [
        ("Id", "编号"), ("Title", "名称"), ("Version", "版本"), ("Type", "类型"), ("Stages", "阶段数"),
        ("Methodologies", "销售方法论"), ("From", "来源"),
    ]  # fmt: skip
    page.table(headings, rows, right=(4,))


@verb(argument("process"), note=("PROCESS is an id, or ID@VERSION.", "PROCESS 为流程编号，或 编号@版本。"))
def show(call: Call, *, process: str) -> None:
    """Show a process."""
    call.show(call.workspace().process_show(process), _draw_process)


def _draw_process(page: Page, data: dict[str, Any]) -> None:
    from dealwright.cli.process_page import draw_process

    draw_process(page, data["process"])


@verb(argument("path", nargs=-1, required=True))
def publish(call: Call, *, path: tuple[str, ...]) -> None:
    """Publish processes."""
    call.show(call.workspace().process_publish([Path(p) for p in path]), _draw_published, rows="published")


def _draw_published(page: Page, data: dict[str, Any]) -> None:
    for published in data["published"]:
        name = f"{published['id']} {published['version']}" if isinstance(published, dict) else str(published)
        page.line(f"Published {name}.", f"已发布 {name}。")
    if data["published"]:
        first = data["published"][0]
        process = first["id"] if isinstance(first, dict) else str(first)
        page.next("dealwright", "deal", "open", process, "--title", "<title:text>")
