"""The outbox for people to read."""

from __future__ import annotations

from typing import Any

_STATES = {
    "ready": ("ready", "可用"), "disabled": ("disabled", "已停用"), "gone": ("gone (410)", "已失效（410）"),
    "unusable": ("unusable", "不可用"), "resting": ("resting", "暂停中"),
    "removed": ("not in outbox.yaml", "不在 outbox.yaml 中"),
    "pending": ("pending", "待发"), "delivered": ("delivered", "已送达"), "failed": ("failed", "失败"),
    "dead": ("given up", "已放弃"),
}  # fmt: skip


def draw_status(page: Any, data: dict[str, Any]) -> None:
    """`outbox status`."""
    if not data["configured"]:
        page.line("Nothing is sent: there is no outbox.yaml.", "没有 outbox.yaml，不发送任何消息。")
    rows = [
        [
            one["name"], one["url"] or "", _state(page, one["state"]), str(one["pending"]), str(one["delivered"]),
            str(one["dead"]), page.moment(one["last_delivered_at"]), one["error"] or "",
        ]
        for one in data["endpoints"]
    ]  # fmt: skip
    headings = [
        ("Endpoint", "端点"), ("Address", "地址"), ("State", "状态"), ("Pending", "待发"), ("Delivered", "已送达"),
        ("Given up", "已放弃"), ("Last delivery", "最近送达"), ("Error", "错误"),
    ]  # fmt: skip
    if rows:
        page.table(headings, rows, right=(3, 4, 5))
    if any(one["state"] == "gone" for one in data["endpoints"]):
        page.next("dealwright", "outbox", "enable", "<endpoint:text>")
    elif any(one["dead"] for one in data["endpoints"]):
        page.next("dealwright", "outbox", "list", "--state", "dead")
    elif any(one["due"] for one in data["endpoints"]):
        page.next("dealwright", "outbox", "deliver", "--once")


def draw_delivered(page: Any, data: dict[str, Any]) -> None:
    """`outbox deliver`: what failed one by one, the rest as a number."""
    for one in data["unusable"]:
        page.screen.line(one["error"], "red")
    for one in data["attempts"]:
        if one["state"] == "delivered":
            continue
        said = f"{one['endpoint']} {one['deal']} {one['type']}: {one['error']}"
        if one["state"] == "failed":
            again = page.moment(one["next_at"])
            page.line(f"{said}; again at {again}", f"{said}；{again} 重试", "yellow")
        elif one["state"] == "dead":
            page.line(f"{said}; given up", f"{said}；已放弃", "red")
        else:
            page.line(f"{said}; nothing more is sent there", f"{said}；不再向该端点发送", "red")
    page.line(
        f"Delivered {data['delivered']}, failed {data['failed']}, given up {data['dead']}.",
        f"已送达 {data['delivered']} 条，失败 {data['failed']} 条，放弃 {data['dead']} 条。",
    )


def draw_list(page: Any, data: dict[str, Any]) -> None:
    """`outbox list`."""
    rows = [
        [
            one["endpoint"], one["deal"], one["type"], _state(page, one["state"]), str(one["attempts"]),
            page.moment(one["due_at"]), one["error"] or "",
        ]
        for one in data["messages"]
    ]  # fmt: skip
    headings = [
        ("Endpoint", "端点"), ("Deal", "项目"), ("Event", "事件"), ("State", "状态"), ("Attempts", "尝试次数"),
        ("Due", "下次发送"), ("Error", "错误"),
    ]  # fmt: skip
    if not rows:
        page.line("No messages.", "没有消息。")
        return
    page.table(headings, rows, right=(4,))
    if len(rows) < data["total"]:
        page.line(f"{len(rows)} of {data['total']}.", f"共 {data['total']} 条，显示 {len(rows)} 条。", "dim")


def draw_replayed(page: Any, data: dict[str, Any]) -> None:
    """`outbox replay`."""
    count = data["queued"]
    if data["dry_run"]:
        page.line(f"{count} messages would be queued again.", f"将重新排队 {count} 条消息。")
        return
    page.line(f"{count} messages are queued again.", f"已重新排队 {count} 条消息。")
    page.next("dealwright", "outbox", "deliver", "--once")


def _state(page: Any, state: str) -> str:
    return str(page.say(*_STATES[state]))
