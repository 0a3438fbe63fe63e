"""What an event says, as a sentence: for the line after a write and for a deal's history."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from dealwright.cli.names import Names
from dealwright.cli.page import Page

Data = dict[str, Any]


def sentence(page: Page, event: Data, names: Names) -> str:
    """The event in a few words, without its deal and without a full stop."""
    data, kind = event["data"], event["type"]
    if kind == "imported":
        inner = sentence(page, {"type": data["what"], "data": data["data"]}, names)
        undated = page.say(" (date unknown)", "（时间不详）") if data.get("undated") else ""
        return page.say(f"imported: {inner}{undated}", f"导入：{inner}{undated}")
    if kind in _MOVES:
        return _move(page, kind, data, names)
    teller = _TELLERS.get(kind)
    return teller(page, data, names) if teller else str(kind)


_MOVES = {
    "advanced": ("moved on from {a} to {b}", "从“{a}”推进到“{b}”"),
    "skipped": ("skipped ahead from {a} to {b}", "从“{a}”越级到“{b}”"),
    "regressed": ("went back from {a} to {b}", "从“{a}”退回到“{b}”"),
    "detoured": ("sent aside from {a} to {b}", "从“{a}”转入“{b}”"),
    "returned": ("came back from {a} to {b}", "从“{a}”返回“{b}”"),
    "won": ("won at {a}; goes on to {b}", "在“{a}”赢单，进入“{b}”"),
    "completed": ("completed after {a}", "“{a}”之后完成"),
    "lost": ("lost at {a}", "在“{a}”丢单"),
    "disqualified": ("disqualified at {a}", "在“{a}”判定为不合格"),
    "reopened": ("reopened at {b}", "重新打开，回到“{b}”"),
}


def _move(page: Page, kind: str, data: Data, names: Names) -> str:
    en, zh = _MOVES[kind]
    if kind == "won" and data.get("to") is None:
        en, zh = "won at {a}", "在“{a}”赢单"
    text = page.say(en, zh).format(a=names.place(data.get("from")), b=names.place(data.get("to")))
    if data.get("reason"):
        text += page.say(": ", "：") + names.reason(data["reason"])
    recall = data.get("recall_at")
    if recall:
        text += page.say(f"; take up again on {page.day(recall)}", f"；{page.day(recall)} 再联系")
    return text + _note(page, data.get("note"))


def _note(page: Page, note: Any) -> str:
    return page.say(f" ({note})", f"（{note}）") if isinstance(note, str) and note else ""


def _values(page: Page, fields: Data, names: Names) -> str:
    parts = [f"{names.field(key)} = {_kept(page, names.value(key, value))}" for key, value in fields.items()]
    return page.say(", ", "，").join(parts)


def _kept(page: Page, value: Any) -> str:
    # A personal value is kept apart from the log; where a reader gets only its reference, it stays unsaid.
    if isinstance(value, dict) and "digest" in value:
        return page.say("(personal)", "（个人信息）")
    return page.value(value)


def _transferred(page: Page, data: Data, names: Names) -> str:
    old, new = f"{data['from_process']} {data['from_version']}", f"{data['process']} {data['process_version']}"
    stage = names.stage(data["to"])
    text = page.say(f"transferred from {old} to {new}, at {stage}", f"从 {old} 转入 {new}，进入“{stage}”")
    return text + _note(page, data.get("reason"))


def _opened(page: Page, data: Data, names: Names) -> str:
    stage = names.stage(data["to"])
    return page.say(f"opened at {stage}", f"新建，进入“{stage}”")


def _held(page: Page, data: Data, _: Names) -> str:
    until = page.day(data["until"])
    return page.say(f"on hold until {until}", f"搁置到 {until}") + _note(page, data.get("reason"))


def _resumed(page: Page, _data: Data, _: Names) -> str:
    return page.say("taken off hold", "恢复推进")


def _fields(page: Page, data: Data, names: Names) -> str:
    return page.say("set ", "填写 ") + _values(page, data["fields"], names)


def _item(en: str, zh: str) -> Callable[[Page, Data, Names], str]:
    def tell(page: Page, data: Data, names: Names) -> str:
        title = names.field(data["list"])
        shown = _values(page, data.get("fields", {}), names)
        more = page.say(": ", "：") + shown if shown else ""
        return page.say(f"{en} {title} {data['item']}", f"{zh}{title} {data['item']}") + more

    return tell


def _recorded(page: Page, data: Data, names: Names) -> str:
    title = names.artifact(data["artifact"])
    version = data["version"]
    return page.say(f"recorded {title}, version {version}", f"登记{title}，第 {version} 版")


def _decided(en: str, zh: str) -> Callable[[Page, Data, Names], str]:
    def tell(page: Page, data: Data, names: Names) -> str:
        what = names.artifact(data["artifact"]) if data.get("artifact") else names.stage(data.get("stage"))
        late = page.say(": nobody answered in time", "：逾期未审批") if data.get("timed_out") else ""
        return page.say(f"{en} {what}", f"{zh}{what}") + late + _note(page, data.get("note"))

    return tell


def _late(page: Page, data: Data, names: Names) -> str:
    """`approval_escalated` names roles, `approval_expired` none."""
    what = names.artifact(data["artifact"]) if data.get("artifact") else names.stage(data.get("stage"))
    if not data.get("roles"):
        return page.say(f"approval of {what} expired: nobody answered in time", f"“{what}”的审批逾期未答，已失效")
    roles = page.say(", ", "、").join(map(names.role, data["roles"]))
    return page.say(
        f"approval of {what} passed on to {roles}: nobody answered in time", f"“{what}”的审批逾期未答，已上报{roles}"
    )


def _task_added(page: Page, data: Data, names: Names) -> str:
    what = names.task(data["kind"]) if data.get("kind") else _own(page, data)
    roles = page.say(", ", "、").join(map(names.role, data["roles"]))
    text = page.say(f"task {data['task']} for {roles}: {what}", f"任务 {data['task']}（{roles}）：{what}")
    day = page.day(data.get("due_at"))
    return text + page.say(f", due {day}", f"，{day} 到期") if day else text


def _own(page: Page, data: Data) -> str:
    title = data.get("title")
    return title if isinstance(title, str) else page.say("(personal)", "（个人信息）")


def _task_closed(page: Page, data: Data, _: Names) -> str:
    task = data["task"]
    if data["how"] == "done":
        return page.say(f"task {task} done", f"完成任务 {task}") + _note(page, data.get("note"))
    return page.say(f"task {task} skipped", f"免做任务 {task}") + _note(page, data.get("note"))


def _activity(page: Page, data: Data, names: Names) -> str:
    by = page.say("by the buyer", "客户") if data["by"] == "buyer" else page.say("by us", "我方")
    title = names.event(data["name"])
    return page.say(f"{title}, {by}", f"{title}（{by}）") + _note(page, data.get("note"))


def _voided(page: Page, data: Data, _: Names) -> str:
    text = page.say(f"activity {data['activity']} taken back", f"活动 {data['activity']} 作废")
    return text + _note(page, data.get("reason"))


def _stakeholder(en: str, zh: str) -> Callable[[Page, Data, Names], str]:
    def tell(page: Page, data: Data, _: Names) -> str:
        name = data["fields"].get("name")
        who = name if isinstance(name, str) else data["stakeholder"]
        return page.say(f"{en} {who}", f"{zh} {who}")

    return tell


def _waived(page: Page, data: Data, _: Names) -> str:
    return page.say(f"waived {data['criterion']}", f"特批 {data['criterion']}") + _note(page, data.get("reason"))


def _assigned(page: Page, data: Data, _: Names) -> str:
    owner = data.get("owner")
    if owner is None:
        return page.say("taken from its owner", "收回，暂无负责人")
    return page.say(f"given to {owner}", f"交给 {owner}")


def _erased(page: Page, data: Data, _: Names) -> str:
    count, files = data["count"], len(data.get("files", ()))
    text = page.say(
        f"erased {count} personal values of {data['subject']}", f"删除 {data['subject']} 的 {count} 项个人信息"
    )
    if files:
        text += page.say(f" and {files} files", f"及 {files} 个文件")
    return text + _note(page, data.get("reason"))


def _fired(page: Page, data: Data, names: Names) -> str:
    title = names.automation(data["automation"])
    if data.get("failed"):
        return page.say(
            f"automation {title} could not do its work: {data['failed']}",
            f"自动规则“{title}”未能执行：{data['failed']}",
        )
    return page.say(f"automation {title}", f"自动规则“{title}”")


def _linked(page: Page, data: Data, _: Names) -> str:
    if data["kind"] == "follow_on":
        return page.say(f"opens {data['deal']}", f"新建后续项目 {data['deal']}")
    return page.say(f"linked to {data['deal']} ({data['kind']})", f"关联到 {data['deal']}（{data['kind']}）")


def _notified(page: Page, data: Data, names: Names) -> str:
    who = page.say(", ", "、").join(names.role(role) for role in data["roles"])
    return page.say(f"told {who}: {data['en']}", f"通知{who}：{data['zh']}")


def _proposed(page: Page, data: Data, names: Names) -> str:  # noqa: ARG001 - as all tellers
    plugin = str(data["source"]).partition(":")[2]
    score = f" {data['score']:g}" if data.get("score") is not None else ""
    step, lang = data.get("step"), page.call.lang
    what = f"{score} {step[lang]}" if step else score
    return page.say(
        f"{plugin} proposes:{what} ({data['reason'][lang]})", f"{plugin} 建议：{what}（{data['reason'][lang]}）"
    )


_TELLERS: dict[str, Callable[[Page, Data, Names], str]] = {
    "opened": _opened,
    "transferred": _transferred,
    "held": _held,
    "resumed": _resumed,
    "fields_set": _fields,
    "item_added": _item("added", "添加"),
    "item_set": _item("changed", "修改"),
    "item_closed": _item("closed", "关闭"),
    "artifact_recorded": _recorded,
    "artifact_approved": _decided("approved", "批准"),
    "artifact_rejected": _decided("rejected", "驳回"),
    "stage_approved": _decided("approved leaving", "批准离开"),
    "stage_rejected": _decided("rejected leaving", "驳回离开"),
    "activity_logged": _activity,
    "activity_voided": _voided,
    "stakeholder_added": _stakeholder("added stakeholder", "添加干系人"),
    "stakeholder_set": _stakeholder("changed stakeholder", "修改干系人"),
    "criterion_waived": _waived,
    "owner_assigned": _assigned,
    "approval_escalated": _late,
    "approval_expired": _late,
    "automation_fired": _fired,
    "deal_linked": _linked,
    "notified": _notified,
    "proposed": _proposed,
    "task_added": _task_added,
    "task_closed": _task_closed,
    "personal_erased": _erased,
}
