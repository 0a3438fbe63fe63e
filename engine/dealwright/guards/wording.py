"""A condition in words, in both languages: what it expects, by the titles of what it names."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from dealwright.guards.tree import (
    Among,
    And,
    Arithmetic,
    Artifacts,
    Call,
    Compare,
    Confirmed,
    Constant,
    Days,
    Each,
    EntryId,
    Formula,
    Happened,
    Has,
    LastTime,
    Node,
    Not,
    OpenEntries,
    Or,
    Other,
    Over,
    Own,
    Place,
    Stakeholders,
    Standing,
    Tasks,
    Today,
)
from dealwright.model.text import Text

_SIGNS = {
    "==": Text("is", "为"), "!=": Text("is not", "不为"), ">=": Text("is at least", "不低于"),
    ">": Text("is more than", "大于"), "<=": Text("is at most", "不超过"), "<": Text("is less than", "小于"),
}  # fmt: skip
_DAY_SIGNS = {
    **_SIGNS, ">=": Text("is on or after", "不早于"), ">": Text("is after", "晚于"),
    "<=": Text("is on or before", "不晚于"), "<": Text("is before", "早于"),
}  # fmt: skip
_COUNTED = {
    "==": Text("exactly", "恰有"), "!=": Text("not exactly", "不恰为"), ">=": Text("at least", "至少"),
    ">": Text("more than", "多于"), "<=": Text("at most", "至多"), "<": Text("fewer than", "少于"),
}  # fmt: skip
_OPPOSITE = {"==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
_OWN = {
    "stage": Text("Stage", "阶段"), "phase": Text("Phase", "通用阶段"), "status": Text("Status", "状态"),
    "owner": Text("Owner", "负责人"), "opened_on": Text("Opening date", "立项日期"),
    "variant": Text("Variant of the stage", "阶段试验方案"),
}  # fmt: skip


def in_words(node: Node, holds: bool = True) -> Text:
    """What must be so for `node` to hold (or, with `holds` false, not to hold)."""
    rule = _RULES.get(type(node))
    return rule(node, holds) if rule else _is_true(node, holds)


def joined(parts: list[Text], en: str, zh: str) -> Text:
    """Several phrases in a row; each is said once."""
    unique = list(dict.fromkeys(parts))
    return Text(f" {en} ".join(p.en for p in unique), zh.join(p.zh for p in unique))


def _and(node: And, holds: bool) -> Text:
    parts = [in_words(part, holds) for part in node.parts]
    return joined(parts, "and", "，且") if holds else joined(parts, "or", "，或")


def _or(node: Or, holds: bool) -> Text:
    parts = [in_words(part, holds) for part in node.parts]
    return joined(parts, "or", "，或") if holds else joined(parts, "and", "，且")


def _is_true(node: Node, holds: bool) -> Text:
    what = term(node)
    return Text(f"{what.en} is {'true' if holds else 'false'}", f"{what.zh} 为{'是' if holds else '否'}")


def _confirmed(node: Confirmed, holds: bool) -> Text:
    what = term(node.place)
    buyer = node.place.field.by == ("buyer",)
    en, zh = (" by the buyer", "由客户") if buyer else ("", "")
    if holds:
        return Text(f"{what.en} is given{en}", f"“{what.zh}”已{zh}确认")
    return Text(f"{what.en} is not given", f"“{what.zh}”未{zh}确认")


def _happened(node: Happened, holds: bool) -> Text:
    title = node.kind.title
    if holds:
        return Text(f"{title.en} is on record", f"已记录“{title.zh}”")
    return Text(f"{title.en} is not on record", f"未记录“{title.zh}”")


def _has(node: Has, holds: bool) -> Text:
    what = term(node.of)
    if isinstance(node.of, Place) and node.of.type == "list" and node.of.field.at_least > 1:
        least = node.of.field.at_least
        if holds:
            return Text(f"{what.en} has at least {least} entries", f"{what.zh}至少有 {least} 条")
        return Text(f"{what.en} has fewer than {least} entries", f"{what.zh}少于 {least} 条")
    if isinstance(node.of, Other) and not node.of.of.many:
        return (
            Text(f"there is {what.en}", f"有对应的{what.zh}")
            if holds
            else Text(f"there is no {what.en}", f"没有对应的{what.zh}")
        )
    if node.of.type == "list":
        if holds:
            return Text(f"{what.en} has at least one entry", f"{what.zh}至少有 1 条")
        return Text(f"{what.en} has no entry", f"{what.zh}没有条目")
    if holds:
        return Text(f"{what.en} is filled in", f"已填写{what.zh}")
    return Text(f"{what.en} is empty", f"{what.zh}未填写")


def _standing(node: Standing, holds: bool) -> Text:
    title = node.kind.title
    no, zh_no = ("", "已") if holds else ("not ", "未")
    if node.what == "there":
        return Text(f"{title.en} is {no}recorded", f"{zh_no}提交{title.zh}")
    if node.what == "complete":
        return Text(f"{title.en} is {no}complete", f"{title.zh}{'齐全' if holds else '不齐全'}")
    return Text(f"{title.en} is {no}approved", f"{title.zh}{zh_no}批准")


def _over(node: Over, holds: bool) -> Text:
    what = term(node.source)
    each = in_words(node.inner, holds if node.how == "all" else True) if node.inner is not None else Text("", "")
    if node.how == "any":
        if holds:
            return Text(f"{what.en} has an entry where {each.en}", f"{what.zh}中至少 1 条满足：{each.zh}")
        return Text(f"{what.en} has no entry where {each.en}", f"{what.zh}中没有条目满足：{each.zh}")
    if holds:
        return Text(f"every entry of {what.en} has: {each.en}", f"{what.zh}的每一条均满足：{each.zh}")
    return Text(f"an entry of {what.en} has: {each.en}", f"{what.zh}中至少 1 条：{each.zh}")


def _each(node: Each, holds: bool) -> Text:
    if node.applies is None:
        return _over(node.over, holds)
    what, whom, each = term(node.over.source), in_words(node.applies), in_words(node.condition, holds)
    if holds:
        return Text(
            f"every entry of {what.en} where {whom.en} has: {each.en}",
            f"{what.zh}中凡是“{whom.zh}”的条目，均满足：{each.zh}",
        )
    return Text(
        f"an entry of {what.en} where {whom.en} has: {each.en}", f"{what.zh}中至少 1 条“{whom.zh}”的条目：{each.zh}"
    )


def _not(node: Not, holds: bool) -> Text:
    return in_words(node.inner, not holds)


def _among(node: Among, holds: bool) -> Text:
    what = term(node.left)
    options = [_literal(option) for option in node.options]
    if len(options) == 1:
        sign = _SIGNS["==" if holds else "!="]
        return Text(f"{what.en} {sign.en} {options[0]}", f"{what.zh} {sign.zh} {options[0]}")
    listed = ", ".join(options)
    no, zh_no = ("", "") if holds else ("not ", "不")
    return Text(f"{what.en} is {no}one of {listed}", f"{what.zh} {zh_no}为以下之一：{listed.replace(', ', '、')}")


def _compare(node: Compare, holds: bool) -> Text:
    left, right, sign = node.left, node.right, node.operator
    if isinstance(left, Constant):
        left, right, sign = right, left, _MIRRORED.get(sign, sign)
    if not holds:
        sign = _OPPOSITE[sign]
    if isinstance(left, Over) and left.how == "count" and isinstance(right, Constant):
        return _counted(left, sign, right)
    if isinstance(left, OpenEntries) and isinstance(right, Constant) and right.value == 0 and sign in ("==", "<="):
        what = term(left.source)
        return Text(f"{what.en} has no open entry", f"{what.zh}均已关闭")
    days = left.type in ("date", "datetime", "month")
    verb = (_DAY_SIGNS if days else _SIGNS)[sign]
    a, b = term(left), term(right)
    return Text(f"{a.en} {verb.en} {b.en}", f"{a.zh} {verb.zh} {b.zh}")


def _counted(node: Over, sign: str, right: Constant) -> Text:
    what, number = term(node.source), _literal(right)
    if right.value == 0 and sign in ("==", "<="):
        if node.inner is None:
            return Text(f"{what.en} has no entry", f"{what.zh}没有条目")
        each = in_words(node.inner)
        return Text(f"{what.en} has no entry where {each.en}", f"{what.zh}中没有条目满足：{each.zh}")
    how = _COUNTED[sign]
    entries = "entry" if right.value == 1 else "entries"
    if node.inner is None:
        return Text(f"{what.en} has {how.en} {number} {entries}", f"{what.zh}{how.zh} {number} 条")
    each = in_words(node.inner)
    return Text(
        f"{what.en} has {how.en} {number} {entries} where {each.en}", f"{what.zh}中{how.zh} {number} 条满足：{each.zh}"
    )


def _literal(node: Constant) -> str:
    value = node.value
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def term(node: Node) -> Text:  # noqa: PLR0911 - one per kind of node
    """A value in words: a title, a literal, or what is computed."""
    match node:
        case Constant():
            return Text.plain(_literal(node))
        case Place(field=field, holder=holder):
            if holder is None:
                return field.title
            return Text(f"{holder.title.en}: {field.title.en}", f"{holder.title.zh}的{field.title.zh}")
        case Confirmed(place=place):
            return term(place)
        case Own(name=name):
            return _OWN[name]
        case Artifacts(kind=kind):
            return kind.title
        case Stakeholders(role=role):
            return Text(f"Stakeholders ({role})", f"干系人（{role}）") if role else Text("Stakeholders", "干系人")
        case Over() | OpenEntries():
            return _list_term(node)
        case Days(how=how, of=of):
            what = term(of)
            zh = f"{what.zh}至今的天数" if how == "since" else f"距{what.zh}的天数"
            return Text(f"the number of days {how} {what.en}", zh)
        case LastTime(kind=kind):
            return Text(kind.title.en, f"“{kind.title.zh}”")
        case Call(function=function, arguments=arguments):
            inside = [term(argument) for argument in arguments]
            en, zh = ", ".join(t.en for t in inside), "，".join(t.zh for t in inside)
            return Text(f"{function.name}({en})", f"{function.name}（{zh}）")
        case Arithmetic(operator=operator, left=left, right=right):
            a, b = term(left), term(right)
            return Text(f"{a.en} {operator} {b.en}", f"{a.zh} {operator} {b.zh}")
        case _:
            return _plain_term(node) or in_words(node)


def _plain_term(node: Node) -> Text | None:
    match node:
        case Formula(field=field):
            return field.title
        case Other(of=other):
            return other.title
        case Tasks():
            return Text("Tasks", "任务")
        case EntryId():
            return Text("this entry", "该条目")
        case Today():
            return Text("today", "今天")
        case _:
            return None


def _list_term(node: Over | OpenEntries) -> Text:
    what = term(node.source)
    if isinstance(node, OpenEntries):
        return Text(f"the number of open entries in {what.en}", f"{what.zh}中未关闭的条数")
    if node.how == "sum" and node.inner is not None:
        each = term(node.inner)
        return Text(f"the sum of {each.en} over {what.en}", f"{what.zh}的{each.zh}合计")
    if node.inner is None:
        return Text(f"the number of entries in {what.en}", f"{what.zh}的条数")
    each = in_words(node.inner)
    return Text(f"the number of entries in {what.en} where {each.en}", f"{what.zh}中满足“{each.zh}”的条数")


_RULES: dict[type, Callable[[Any, bool], Text]] = {
    And: _and,
    Or: _or,
    Not: _not,
    Compare: _compare,
    Among: _among,
    Confirmed: _confirmed,
    Happened: _happened,
    Has: _has,
    Standing: _standing,
    Over: _over,
    Each: _each,
}
