"""`store info | head | verify | recover`."""

from __future__ import annotations

from typing import Any

from dealwright.cli.call import Call
from dealwright.cli.deal_reads import STORE_DAMAGED, draw_verified
from dealwright.cli.options import opt, verb
from dealwright.cli.page import Page


@verb()
def info(call: Call) -> None:
    """Describe the store."""
    call.show(call.workspace().store_info(), _draw_info)


def _draw_info(page: Page, data: dict[str, Any]) -> None:
    page.pairs(
        [
            ("Path", "位置", str(data["path"])),
            ("Deals", "项目数", str(data["deals"])),
            ("Events", "事件数", str(data["events"])),
            ("Size", "大小", f"{data['bytes']:,} B"),
            ("Schema", "结构版本", str(data["schema"])),
            ("Head", "链首", data["head"]),
        ]
    )


@verb(
    note=(
        "Note it where whoever can write the store cannot, and give it to `store verify --head`.",
        "请记在能写入存储的人无法触及之处，供 `store verify --head` 使用。",
    )
)
def head(call: Call) -> None:
    """Print the end of the log."""
    call.show(call.workspace().store_head(), lambda page, data: page.screen.line(data["keep"]))


@verb(
    opt(
        "--head",
        en="Check the log against this head, noted from `store head` before",
        zh="与先前从 `store head` 记下的值核对日志",
        metavar="POSITION:HASH",
    )
)
def verify(call: Call, *, head: str | None) -> int:
    """Check the whole log."""
    found = call.workspace().store_verify(head)
    call.show(found, _draw_verified)
    return 0 if found["ok"] else STORE_DAMAGED


def _draw_verified(page: Page, data: dict[str, Any]) -> None:
    draw_verified(page, data)
    spare = len(data["files"]["unreferenced"])
    if spare:
        page.line(
            f"{spare} files belong to no event; `-o json` names them.",
            f"有 {spare} 个文件不属于任何事件；使用 `-o json` 可列出。",
            "dim",
        )
    if not data["ok"]:
        page.line(
            "Next: restore a backup, or save what is whole: dealwright store recover --into PATH",
            "下一步：恢复备份，或抢救完好的内容：dealwright store recover --into PATH",
            "dim",
        )


@verb(
    opt("--into", en="The file of the new store", zh="新存储的文件", metavar="PATH", required=True),
    note=(
        "The damaged store is only read. Put the new one in its place once you have compared them.",
        "受损的存储只会被读取。请核对后再用新存储替换。",
    ),
)
def recover(call: Call, *, into: str) -> int:
    """Save every whole record into a new store."""
    saved = call.workspace().store_recover(into)
    call.show(saved, _draw_recovered)
    return 0


def _draw_recovered(page: Page, data: dict[str, Any]) -> None:
    for problem in data["problems"]:
        where = " ".join(str(problem[key]) for key in ("deal", "seq") if problem[key] is not None)
        page.screen.line(f"{where}{': ' if where else ''}{problem['code']} {problem['message']}", "red")
    page.line(
        f"Saved {data['events']} events of {data['deals']} deals into {data['path']}.",
        f"已将 {data['deals']} 个项目的 {data['events']} 条事件抢救到 {data['path']}。",
        "green",
    )
    if data["rehashed_from"] is not None:
        page.line(
            f"From position {data['rehashed_from']} on, events have new positions and hashes.",
            f"从位置 {data['rehashed_from']} 起，事件的位置和哈希是新的。",
        )
    page.line(f"Head: {data['head']}", f"链首：{data['head']}", "dim")
