"""`process diff`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from dealwright.cli.call import Call
from dealwright.cli.options import argument, flag, verb
from dealwright.cli.page import Page


@verb(
    argument("old"),
    argument("new"),
    flag("--exit-code", en="Exit with 1 where a change is breaking", zh="有破坏性变化时退出码为 1"),
    note=(
        "OLD and NEW are paths, or ID@VERSION of a published, archived or bundled process, or an id.\n"
        "Breaking: deals under the old version, or whoever works with them, rest on what is no longer so.",
        "OLD 和 NEW 为文件路径，或已发布、已存档、内置流程的 编号@版本，或流程编号。\n"
        "破坏性：旧版本下的项目或其使用者所依赖的内容已不再成立。",
    ),
)
def diff(call: Call, *, old: str, new: str, exit_code: bool) -> int:
    """Compare two processes."""
    from dealwright.workspace import diff_processes

    place = Path(call.folder) if call.folder else None
    found = diff_processes(old, new, folder=place, lang=call.lang)
    call.show(found, _draw, rows="changes")
    return 1 if exit_code and found["breaking"] else 0


def _draw(page: Page, data: dict[str, Any]) -> None:
    rows = [
        [
            page.say("breaking", "破坏性") if change["breaking"] else "",
            {True: page.say("tighter", "收紧"), False: page.say("looser", "放宽"), None: ""}[change["tightens"]],
            change["text"],
        ]
        for change in data["changes"]
    ]
    if not rows:
        page.line("The two say the same.", "两者内容相同。")
        return
    page.table([("Deals", "项目影响"), ("Gate", "门槛"), ("Change", "变化")], rows)
    count, breaking = len(rows), sum(1 for change in data["changes"] if change["breaking"])
    tighter = sum(1 for change in data["changes"] if change["tightens"] is True)
    looser = sum(1 for change in data["changes"] if change["tightens"] is False)
    page.screen.line()
    page.line(
        f"{count} changes: {breaking} breaking, {tighter} tighter, {looser} looser",
        f"{count} 处变化：{breaking} 处破坏性，{tighter} 处收紧，{looser} 处放宽",
        "red" if breaking else "",
    )
