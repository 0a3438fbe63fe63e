"""`template list | show`."""

from __future__ import annotations

from typing import Any

import click

from dealwright.cli.call import Call
from dealwright.cli.options import DEAL, argument, verb
from dealwright.cli.page import Page

_TEMPLATE: click.Argument = argument("template")


@verb(DEAL)
def list_(call: Call, *, deal: str) -> None:
    """List the templates of the deal's process, and which fit now."""
    call.show(call.workspace().template_list(deal), _draw_list, rows="templates")


def _draw_list(page: Page, data: dict[str, Any]) -> None:
    if not data["templates"]:
        page.line("The process has no templates.", "该流程没有消息模板。")
        return
    rows = [
        [one["id"], page.title(one["title"]), one["channel"] or "", page.say("yes", "是") if one["fits"] else ""]
        for one in data["templates"]
    ]
    page.table([("Id", "编号"), ("Template", "模板"), ("Channel", "渠道"), ("Fits now", "当前适用")], rows)
    first = next((one for one in data["templates"] if one["fits"]), None)
    if first is not None:
        page.next("dealwright", "template", "show", data["deal"], first["id"])


@verb(
    DEAL, _TEMPLATE,
    note=(
        "TEMPLATE is an id that `dealwright template list` shows. Nothing is sent and nothing is written; what is not "
        "known reads ____.",
        "TEMPLATE 为 `dealwright template list` 所列的编号。不会发送，也不会写入；尚不清楚之处显示为 ____。",
    ),
)  # fmt: skip
def show(call: Call, *, deal: str, template: str) -> None:
    """Fill a template with the deal's values."""
    call.show(call.workspace().template_show(deal, template), _draw)


def _draw(page: Page, data: dict[str, Any]) -> None:
    if data["subject"]:
        page.line(f"Subject: {data['subject']}", f"主题：{data['subject']}")
    for line in data["body"].splitlines():
        page.line(line, line)
