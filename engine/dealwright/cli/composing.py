"""`process resolve | lock`."""

from __future__ import annotations

from typing import Any

from dealwright.cli.call import Call
from dealwright.cli.options import argument, flag, verb
from dealwright.cli.page import Page


@verb(
    argument("process"),
    note=(
        "PROCESS is an id, or the path of a file. Behind every line stands the file and line it comes from; what a\n"
        "methodology adds stands in comments. The text is a valid process file with the same content.",
        "PROCESS 为流程编号或文件路径。每行末尾注明其来源文件和行号；销售方法论添加的内容写在注释里。\n"
        "输出的文本是内容相同的有效流程文件。",
    ),
)
def resolve(call: Call, *, process: str) -> None:
    """Print a merged process."""
    found = call.workspace().process_resolve(process)
    if call.output == "json":
        call.show(found, lambda *_: None)
        return
    for line in found["lines"]:
        call.out.raw(line["text"])


@verb(
    flag("--check", en="Only say whether the lock file is up to date", zh="只检查锁定文件是否为最新"),
    note=(
        "dealwright.lock remembers what the parents and libraries of each process say. Keep it in version control.",
        "dealwright.lock 记录各流程的父流程和公共库的内容，请纳入版本控制。",
    ),
)
def lock(call: Call, *, check: bool) -> int:
    """Lock parents and libraries."""
    found = call.workspace().process_lock(check=check)
    call.show(found, _draw_lock, rows="changed")
    return 0 if found["ok"] else 1


def _draw_lock(page: Page, data: dict[str, Any]) -> None:
    rows = [[change["process"], change["part"], _change(page, change)] for change in data["changed"]]
    if rows:
        page.table([("Process", "流程"), ("Made of", "组成部分"), ("", "")], rows)
    count = len(data["processes"])
    if data["written"]:
        page.line(f"{data['path']}: {count} processes locked.", f"{data['path']}：已锁定 {count} 个流程。")
    elif data["ok"]:
        page.line("The lock file is up to date.", "锁定文件已是最新。")
    else:
        page.line("The lock file is not up to date.", "锁定文件不是最新。", "red")
        page.next("dealwright", "process", "lock")


def _change(page: Page, change: dict[str, Any]) -> str:
    if change["locked"] is None:
        return page.say("new", "新增")
    return page.say("no longer used", "不再使用") if change["now"] is None else page.say("changed", "内容已变")
