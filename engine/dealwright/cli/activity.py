"""`activity log | void | list`."""

from __future__ import annotations

from typing import Any

from dealwright.cli.call import Call
from dealwright.cli.forms import form
from dealwright.cli.options import DEAL, FORM, NOTE, WHY, WRITE, Choice, argument, opt, verb
from dealwright.cli.outcome import draw_write
from dealwright.cli.page import Page


@verb(
    DEAL,
    argument("name"),
    opt(
        "--by",
        en="Whose act it was: buyer or seller",
        zh="由谁完成：buyer（客户）或 seller（我方）",
        metavar="buyer|seller",
        type=Choice("buyer", "seller"),
    ),
    opt("--contact", en="The stakeholder it was with", zh="相关干系人", metavar="STAKEHOLDER"),
    opt("--channel", en="How: phone, visit, e-mail ...", zh="渠道：电话、拜访、邮件等", metavar="CHANNEL"),
    opt("--at", en="When it happened (default: now)", zh="发生时间（默认为现在）", metavar="INSTANT"),
    NOTE,
    opt("--proof", en="A file that proves it", zh="证明文件", metavar="FILE"),
    opt("--next", "next_", en="When to be in touch again", zh="下次联系日期", metavar="DATE"),
    *FORM,
    *WRITE,
    note=(
        "NAME is an event of the process (see: dealwright process show),\n"
        "or one of call, meeting, visit, email, message, note.",
        "NAME 为流程声明的事件（见 dealwright process show），或 call、meeting、visit、email、message、note 之一。",
    ),
)
def log(
    call: Call, *, deal: str, name: str, by: str | None, contact: str | None, channel: str | None, at: str | None,
    note: str | None, proof: str | None, next_: str | None, set_: tuple[str, ...], data: str | None, dry_run: bool,
    if_version: int | None,
) -> None:  # fmt: skip
    """Log an activity."""
    filled = form(set_, data)
    result = call.workspace().activity_log(
        deal, name, by=by, contact=contact, channel=channel, at=at, note=note, proof=proof, texts=filled.texts,
        data=filled.data, next_=next_, dry_run=dry_run, if_version=if_version,
    )  # fmt: skip
    call.show(result, draw_write)


@verb(DEAL, argument("activity"), WHY, *WRITE)
def void(call: Call, *, deal: str, activity: str, reason: str, dry_run: bool, if_version: int | None) -> None:
    """Take an activity back."""
    result = call.workspace().activity_void(deal, activity, reason, dry_run=dry_run, if_version=if_version)
    call.show(result, draw_write)


@verb(DEAL)
def list_(call: Call, *, deal: str) -> None:
    """List activities."""
    call.show(call.workspace().activity_list(deal), _draw_list, rows="activities")


def _draw_list(page: Page, data: dict[str, Any]) -> None:
    names = page.names_of_deal(data["deal"])
    rows = []
    for activity in data["activities"]:
        by = page.say("buyer", "客户") if activity["by"] == "buyer" else page.say("us", "我方")
        rows.append([
            activity["id"], page.moment(activity["at"]), names.event(activity["name"]), by,
            activity["contact"] or "", activity["channel"] or "", activity["note"] or "",
        ])  # fmt: skip
    headings = [
        ("Id", "编号"), ("When", "时间"), ("What", "活动"), ("By", "由谁"), ("Contact", "联系人"),
        ("Channel", "渠道"), ("Note", "备注"),
    ]  # fmt: skip
    if rows:
        page.table(headings, rows)
    else:
        page.line("No activities yet.", "还没有活动。")
        page.next("dealwright", "activity", "log", data["deal"], "<name:text>", "--by", "<by:buyer|seller>")
