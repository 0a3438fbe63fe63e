"""`import deals`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from dealwright.cli.call import Call
from dealwright.cli.options import DRY_RUN, argument, flag, opt, verb
from dealwright.cli.page import Page
from dealwright.cli.progress import progress

_SHOWN = 20


@verb(
    argument("file"),
    opt("--map", "map_", en="Says which column is what", zh="列映射文件", metavar="MAP", required=True),
    flag("--skip-rejected", en="Write the other rows although some are rejected", zh="跳过被拒的行，写入其余各行"),
    DRY_RUN,
)
def deals(call: Call, *, file: str, map_: str, skip_rejected: bool, dry_run: bool) -> int:
    """Import deals from a CSV file."""
    workspace = call.workspace()
    with progress(call, "Importing", "正在导入") as report:
        found = workspace.import_deals(
            Path(file), Path(map_), skip_rejected=skip_rejected, dry_run=dry_run, progress=report
        )
    call.show(found, _draw, rows="issues")
    return 1 if found["rejected"] and not skip_rejected else 0


def _draw(page: Page, data: dict[str, Any]) -> None:
    page.line(f"{data['rows']} rows read.", f"共读取 {data['rows']} 行。", "bold")
    page.pairs([
        ("created", "新建", str(data["created"])), ("updated", "更新", str(data["updated"])),
        ("unchanged", "无变化", str(data["unchanged"])), ("rejected", "被拒", str(data["rejected"])),
        ("doubtful", "存疑", str(data["doubtful"])),
    ])  # fmt: skip
    if data["by_code"]:
        page.screen.line()
        page.table(
            [("Issue", "问题"), ("Count", "次数")], [[code, str(n)] for code, n in data["by_code"].items()], right=(1,)
        )
    if data["issues"]:
        page.screen.line()
    for issue in data["issues"][:_SHOWN]:
        _issue(page, issue)
    more = sum(data["by_code"].values()) - min(_SHOWN, len(data["issues"]))
    if more > 0:
        page.line(f"... and {more} more (all of them: -o json)", f"……另有 {more} 项（全部：-o json）")
    if data["dry_run"]:
        page.line("A dry run: nothing was written.", "仅为试算：没有写入任何内容。", "yellow")
    elif not data["written"]:
        page.line(
            "Nothing was written. Mend the rejected rows, or leave them out with --skip-rejected.",
            "没有写入任何内容。请修正被拒的行，或用 --skip-rejected 跳过。", "yellow",
        )  # fmt: skip


def _issue(page: Page, issue: dict[str, Any]) -> None:
    hint = page.say(f" ({issue['suggestion']}?)", f"（是否为 {issue['suggestion']}？）") if issue["suggestion"] else ""
    text = page.say(f"line {issue['line']}: ", f"第 {issue['line']} 行：") + f"{issue['code']} {issue['message']}{hint}"
    page.screen.line(text, "red" if issue["severity"] == "error" else "yellow")
