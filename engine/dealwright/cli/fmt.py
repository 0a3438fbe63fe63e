"""`fmt`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from dealwright.cli.call import Call
from dealwright.cli.failure import findings
from dealwright.cli.options import argument, flag, verb
from dealwright.cli.page import Page


@verb(
    argument("path", nargs=-1),
    flag("--check", en="Write nothing; exit with 1 where a file would change", zh="不写入；有文件需要改动时退出码为 1"),
    flag("--diff", en="Write nothing; show what would change", zh="不写入，只显示改动"),
    note=(
        "PATH is a file or a folder; without one, all files of the workspace. Comments stay, and what a file says.",
        "PATH 为文件或文件夹；不写则处理工作区的全部文件。注释保留，含义不变。",
    ),
)
def fmt(call: Call, *, path: tuple[str, ...], check: bool, diff: bool) -> int:
    """Lay files out the one way."""
    from dealwright.workspace import format_files

    place = Path(call.folder) if call.folder else None
    found = format_files([Path(p) for p in path], write=not (check or diff), folder=place, lang=call.lang)
    call.show(found, _draw_diff if diff else _draw, rows="files")
    return 1 if not found["ok"] or (check and found["changed"]) else 0


def _draw(page: Page, data: dict[str, Any]) -> None:
    if data["findings"]:
        findings(page, data["findings"], len(data["findings"]))
    for row in data["files"]:
        if row["changed"]:
            page.screen.raw(row["file"])
    changed, count = data["changed"], len(data["files"])
    if data["written"]:
        page.line(f"{changed} of {count} files written anew", f"{count} 个文件中重新写入 {changed} 个")
    else:
        page.line(f"{changed} of {count} files would change", f"{count} 个文件中有 {changed} 个需要改动")


def _draw_diff(page: Page, data: dict[str, Any]) -> None:
    for row in data["files"]:
        for line in row["diff"].splitlines():
            page.screen.raw(page.screen.style(line, "green" if line[:1] == "+" else "red" if line[:1] == "-" else ""))
    _draw(page, data)
