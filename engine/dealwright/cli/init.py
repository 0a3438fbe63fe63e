"""`init`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from dealwright.cli.call import Call
from dealwright.cli.options import argument, flag, opt, verb
from dealwright.cli.page import Page, command_line


@verb(
    argument("directory", required=False, default="."),
    opt("--template", en="Begin with a copy of this shipped process", zh="以此内置流程的副本开始", metavar="PROCESS"),
    flag("--list-templates", en="Only tell which there are", zh="仅列出可用的流程模板"),
    note=(
        "DIRECTORY is made where it does not exist (default: the current one).",
        "DIRECTORY 不存在时会新建（默认为当前目录）。",
    ),
)
def init(call: Call, *, directory: str, template: str | None, list_templates: bool) -> None:
    """Make a workspace."""
    from dealwright.workspace import Workspace

    if list_templates:
        call.show(Workspace.templates(), _draw_templates, rows="templates")
        return
    # `--workspace DIR` names the place as well as DIRECTORY does.
    place = Path(call.folder) if call.folder and directory == "." else Path(directory)
    call.show(Workspace.init(place, template=template, language=call.lang), _draw)


def _draw_templates(page: Page, data: dict[str, Any]) -> None:
    rows = [[one["id"], page.title(one["title"]), str(one["stages"])] for one in data["templates"]]
    page.table([("Id", "编号"), ("Template", "模板"), ("Stages", "阶段数")], rows, right=[2])
    page.next("dealwright", "init", "<directory:text>", "--template", data["templates"][0]["id"])


def _draw(page: Page, data: dict[str, Any]) -> None:
    path = str(data["path"])
    page.line(f"A workspace in {path}:", f"已在 {path} 新建工作区：")
    for file in data["files"]:
        page.screen.line(str(file), indent=2)
    page.line("Name yourself and your colleagues in team.yaml, then:", "先在 team.yaml 中写上您和同事，然后：")
    enter = () if path == "." else (("cd", path),)
    for argv in (*enter, ("dealwright", "doctor"), ("dealwright", "process", "list")):
        page.screen.raw("  " + command_line(argv))
