"""One deal on a page: where it stands, what it holds, which artifacts it has."""

from __future__ import annotations

from typing import Any

from dealwright.cli.names import Names
from dealwright.cli.page import Page, money

_ARTIFACT_STATUS = {
    "recorded": ("recorded", "已登记"), "pending": ("waits for approval", "待审批"), "approved": ("approved", "已批准"),
    "rejected": ("rejected", "已驳回"), "expired": ("expired", "已过期"),
}  # fmt: skip


_FORECAST = {
    "omitted": ("left out", "不计入"), "pipeline": ("pipeline", "储备"), "best_case": ("best case", "乐观"),
    "commit": ("commit", "承诺"), "closed": ("closed", "已成交"),
}  # fmt: skip


def draw_deal(page: Page, deal: dict[str, Any]) -> None:
    """The page of `deal show`."""
    names = page.names(deal)
    page.screen.line(f"{deal['title']}  ({deal['id']})", "bold")
    page.pairs(_facts(page, deal, names))
    filled = {key: value for key, value in deal["fields"].items() if value not in (None, []) and key != "amount"}
    if filled:
        page.screen.line()
        page.line("Fields", "字段", "bold")
        page.screen.table(
            (), [[names.field(key), page.value(names.value(key, value))] for key, value in filled.items()]
        )
    if deal["artifacts"]:
        page.screen.line()
        draw_artifacts(page, deal["artifacts"], names)
    owed = [task for task in deal["tasks"] if task["how"] is None]
    if owed:
        page.screen.line()
        _draw_tasks(page, owed, names)
    if deal["status"] in ("open", "won"):
        page.screen.line()
        page.next("dealwright", "deal", "why", deal["id"])


def _facts(page: Page, deal: dict[str, Any], names: Names) -> list[tuple[str, str, str]]:
    running = deal["status"] in ("open", "won")
    hold = deal["on_hold"]
    held = f"{hold['until']} ({hold['reason']})" if hold and hold.get("reason") else hold["until"] if hold else ""
    return [
        ("Stage", "阶段", names.place(deal["stage"])),
        ("Back to", "返回到", names.stage(deal["detour_from"])),
        ("Goal", "阶段目标", names.goals.get(deal["stage"], "") if running else ""),
        ("Status", "状态", page.status(deal["status"])),
        ("Reason", "原因", names.reason(deal["reason"])),
        ("On hold until", "搁置到", held),
        ("Owner", "负责人", deal["owner"] or ""),
        ("Amount", "金额", money(deal["amount"]) if deal["amount"] else ""),
        ("Forecast", "预测类别", page.say(*_FORECAST[deal["forecast"]]) if deal["forecast"] else ""),
        ("Buyer's stage", "客户所处阶段", deal["buyer_stage"] or ""),
        ("Variant", "试验组", deal["variant"] or ""),
        ("Due", "到期", page.day(deal["due_at"]) if running else ""),
        ("Process", "流程", f"{names.process} {deal['process_version']}"),
        ("Opened", "新建于", page.moment(deal["opened_at"])),
        ("In this stage since", "进入本阶段", page.moment(deal["entered_stage_at"])),
        ("Won", "赢单于", page.moment(deal["won_at"])),
        ("Closed", "结束于", page.moment(deal["closed_at"])),
        ("External id", "外部编号", deal["external_id"] or ""),
        ("Came from", "来源项目", deal["parent_deal"] or ""),
        ("Belongs to", "所属记录", deal["subject"] or ""),
        ("Linked with", "关联项目", page.say(", ", "、").join(link["deal"] for link in deal["links"])),
        ("Methodologies", "销售方法论", ", ".join(deal["methodologies"])),
        ("Version", "版本", str(deal["version"])),
    ]


def _draw_tasks(page: Page, tasks: list[dict[str, Any]], names: Names) -> None:
    rows = [
        [
            task["id"], page.title(task["title"]), page.say(", ", "、").join(map(names.role, task["roles"])),
            page.day(task["due_at"]), page.say("optional", "可选") if task["optional"] else "",
        ]
        for task in tasks
    ]  # fmt: skip
    page.table([("Task", "任务"), ("What", "内容"), ("By", "由谁"), ("Due", "到期"), ("", "")], rows)


def draw_artifacts(page: Page, artifacts: list[dict[str, Any]], names: Names) -> None:
    """Artifacts as a table: version, status, what is missing, who still has to approve."""
    rows = []
    for artifact in artifacts:
        waiting = [names.role(a["role"]) for a in artifact["approvals"] if a["status"] == "pending"]
        fields = names.fields_of(artifact["kind"])
        title = names.artifact(artifact["id"])
        rows.append([
            title, str(artifact["version"]), artifact_status(page, artifact["status"]),
            page.say(", ", "、").join(fields.get(m, m) for m in artifact["missing"]),
            page.say(", ", "、").join(waiting), artifact["file"]["name"] if artifact["file"] else "",
        ])  # fmt: skip
    headings = [
        ("Artifact", "阶段资料"), ("Version", "版本"), ("Status", "状态"), ("Missing", "缺少"),
        ("Waits for", "等待审批"), ("File", "文件"),
    ]  # fmt: skip
    page.table(headings, rows, right=(1,))


def artifact_status(page: Page, status: str) -> str:
    """An artifact's or approval's status in words."""
    return page.say(*_ARTIFACT_STATUS.get(status, (status, status)))


def headline(page: Page, deal: dict[str, Any], names: Names) -> str:
    """Where a deal stands, in one line."""
    place, status = names.place(deal["stage"]), page.status(deal["status"])
    due = page.day(deal["due_at"]) if deal["status"] in ("open", "won") else ""
    text = page.say(f"{deal['title']} is at {place} ({status})", f"{deal['title']}：处于“{place}”（{status}）")
    if deal["on_hold"]:
        text += page.say(f", on hold until {deal['on_hold']['until']}", f"，搁置到 {deal['on_hold']['until']}")
    return text + (page.say(f", due on {due}", f"，应在 {due} 前完成") if due else "")
