"""`agenda`."""

from __future__ import annotations

from typing import Any

from dealwright.cli.call import Call
from dealwright.cli.options import opt, verb
from dealwright.cli.page import Page

_KINDS = {
    "follow_up": ("follow-up", "跟进"), "sla": ("due", "到期"), "stall": ("stalled", "停滞"),
    "approval": ("approval", "审批"), "task": ("task", "任务"), "hold": ("hold ends", "搁置到期"),
}  # fmt: skip


@verb(
    opt("--person", en="Only what falls to this person", zh="只看此人的事项", metavar="PERSON"),
    opt("--until", en="Only what is due by then", zh="只看此前到期的事项", metavar="INSTANT"),
)
def agenda(call: Call, *, person: str | None, until: str | None) -> None:
    """List what is due."""
    call.show(call.workspace().agenda(person=person, until=until), _draw, rows="items")


def _draw(page: Page, data: dict[str, Any]) -> None:
    rows = []
    for item in data["items"]:
        late = page.say("overdue", "已逾期") if item["overdue"] else ""
        kind = page.say(*_KINDS.get(item["kind"], (item["kind"], item["kind"])))
        grade = "" if item["grade"] is None else str(item["grade"])
        rows.append(
            [page.moment(item["due_at"]), late, kind, item["title"], _stage(page, item), item["person"] or "", grade]
        )
    headings = [
        ("When", "时间"),
        ("", ""),
        ("What", "事项"),
        ("Deal", "项目"),
        ("Stage", "阶段"),
        ("Person", "负责人"),
        ("Grade", "分级"),
    ]
    if rows:
        page.table(headings, rows)
        page.next("dealwright", "deal", "why", data["items"][0]["deal"])
    else:
        page.line("Nothing is due.", "没有待办事项。")


def _stage(page: Page, item: dict[str, Any]) -> str:
    if isinstance(item["stage"], dict):
        return page.title(item["stage"])
    return page.names_of_deal(item["deal"]).stage(item["stage"])
