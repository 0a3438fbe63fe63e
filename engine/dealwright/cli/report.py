"""`report funnel | methodology`."""

from __future__ import annotations

from typing import Any

from dealwright.cli.call import Call
from dealwright.cli.options import Choice, opt, verb
from dealwright.cli.page import Page


@verb(
    opt("--process", en="Of this process", zh="流程", metavar="PROCESS", required=True),
    opt("--from", "from_", en="From this day", zh="起始日期", metavar="DATE", required=True),
    opt("--to", en="Up to, and without, this day", zh="截止日期（不含）", metavar="DATE", required=True),
    opt(
        "--by",
        en="Per month, quarter, or in one (default: month)",
        zh="按月、按季或合计（默认按月）",
        metavar="month|quarter|total",
        type=Choice("month", "quarter", "total"),
        default="month",
    ),
    opt("--at", en="As the log stood at this instant", zh="按此时刻的日志统计", metavar="INSTANT"),
)
def funnel(call: Call, *, process: str, from_: str, to: str, by: str, at: str | None) -> None:
    """Report the funnel."""
    call.show(call.workspace().report_funnel(process, from_, to, by=by, at=at), _draw, rows="rows")


def _draw(page: Page, data: dict[str, Any]) -> None:
    names = page.names_of_process(data["process"])
    rows = [
        [
            names.stage(row["stage"]), page.day(row["from"]), page.day(row["to"]),
            *(str(row[key]) for key in ("opening", "entered", "exited", "closing")),
        ]
        for row in data["rows"]
    ]  # fmt: skip
    headings = [
        ("Stage", "阶段"),
        ("From", "自"),
        ("To", "至"),
        ("Opening", "期初"),
        ("Entered", "进入"),
        ("Exited", "离开"),
        ("Closing", "期末"),
    ]
    page.table(headings, rows, right=(3, 4, 5, 6))
    if data["undated"]:
        page.line(
            f"Left out, date unknown: {data['undated']} moves.",
            f"未计入（时间不详）：{data['undated']} 次流转。",
            "yellow",
        )
    if not data["reconciled"]:
        page.line("Opening + entered - exited does not give closing.", "期初 + 进入 - 离开 与期末不符。", "red")
    page.line(f"Time zone: {data['timezone']}", f"时区：{data['timezone']}", "dim")


@verb(opt("--process", en="Deals of this process only", zh="仅限此流程的项目", metavar="PROCESS"))
def methodology(call: Call, *, process: str | None) -> None:
    """Report by methodology."""
    call.show(call.workspace().report_methodology(process), _draw_methods, rows="rows")


def _draw_methods(page: Page, data: dict[str, Any]) -> None:
    rows = [
        [
            row["methodology"], row["band"], str(row["deals"]), str(row["won"]), str(row["lost"]),
            f"{row['win_rate']:.0%}", "" if row["cycle_days"] is None else f"{row['cycle_days']:g}",
            page.say("too few to tell", "样本过少") if row["thin"] else "",
        ]
        for row in data["rows"]
    ]  # fmt: skip
    headings = [
        ("Methodology", "方法论"), ("Score", "评分"), ("Closed", "已结束"), ("Won", "赢单"), ("Lost", "丢单"),
        ("Win rate", "赢单率"), ("Days to win", "赢单用时（天）"), ("", ""),
    ]  # fmt: skip
    if rows:
        page.table(headings, rows, right=(2, 3, 4, 5, 6))
    else:
        page.line("No closed deal has a score yet.", "还没有已结束且有评分的项目。")
    if any(row["thin"] for row in data["rows"]):
        enough = data["enough"]
        page.line(
            f"A row of fewer than {enough} closed deals says little.",
            f"少于 {enough} 个已结束项目的行参考意义有限。",
            "dim",
        )
