"""One process and its deals, made by hand, for the tests of guards."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from dealwright.guards import Guard, Moment, Scope, compile_guard
from dealwright.hookspecs import Function
from dealwright.model.deal import (
    Artifact,
    Confirmation,
    Deal,
    Decided,
    Fact,
    FileRef,
    Item,
    Ref,
    Stakeholder,
)
from dealwright.model.layout import STAKEHOLDER_FIELDS, Layout
from dealwright.model.money import Money, money
from dealwright.model.process import Approval, ArtifactKind, EventKind, Field, Process, Stage
from dealwright.model.text import Text

NOW = datetime(2026, 3, 5, 9, 30, tzinfo=UTC)
MOMENT = Moment(NOW, UTC)
SHANGHAI = ZoneInfo("Asia/Shanghai")


def t(en: str, zh: str = "") -> Text:
    return Text(en, zh or en)


def f(key: str, kind: str, **more: Any) -> Field:
    title = more.pop("title", t(key.capitalize().replace("_", " "), more.pop("zh", "")))
    return Field(key, kind, title, **more)  # type: ignore[arg-type]  # tests name types by text


def choice(key: str, *values: str, **more: Any) -> Field:
    return f(key, "choice", values={v: t(v) for v in values}, **more)


PAINS = f(
    "pains", "list", zh="痛点",
    of=(
        f("text", "text", required=True),
        f("impact", "money"),
        choice("depth", "surface", "business", "personal"),
        f("confirmed", "confirmation", by=("buyer",)),
        f("said_by", "text", personal=True),
    ),
)  # fmt: skip

FIELDS = (
    f("source", "choice", values={v: t(v) for v in ("referral", "inbound", "outbound")}),
    choice("fit", "yes", "no", title=t("Fit", "客户匹配")),
    f("icp_score", "number", title=t("ICP score", "客户画像得分"), by=("sales_rep",)),
    f("feasible", "boolean"),
    f("budget", "money"),
    f("floor", "money"),
    f("expected_close", "date"),
    f("next_call", "datetime"),
    f("plan_month", "month"),
    f("note", "text", personal=True),
    f("champion", "stakeholder"),
    f("seller", "person"),
    f("spec", "file"),
    PAINS,
    f("objections", "list", of=(f("text", "text", required=True), choice("kind", "price", "terms")), closes=True),
    f("visits", "list", of=(f("day", "number", required=True), f("met", "date")), at_least=2),
    f("terms_agreed", "confirmation", by=("buyer",), title=t("Terms agreed", "条款已谈妥")),
    f("checked_by_legal", "confirmation", by=("legal",)),
    f("from", "text"),
)

EVENTS = (
    EventKind("meeting_accepted", ("buyer",), t("Meeting accepted", "接受会面")),
    EventKind(
        "buyer_reaction", ("buyer",), t("Buyer's reaction", "客户反馈"),
        fields=(choice("mood", "good", "bad", required=True), f("score", "number"), f("ok",
        "confirmation", by=("buyer",))),
        proof="mail",
    ),
    EventKind("demo_held", ("sales_rep",), t("Demo held", "完成演示")),
    EventKind("handed_in", ("buyer", "sales_rep"), t("Handed in", "已提交")),
)  # fmt: skip

ARTIFACTS = (
    ArtifactKind("needs_record", ("sales_rep",), t("Needs record", "需求记录"), fields=(
        f("criteria", "text", required=True), f("timeline", "text", required=True),
        f("need_map", "list", of=(f("need", "text"),)),
    )),
    ArtifactKind("quotation", ("sales_rep",), t("Quotation", "报价单"), fields=(
        f("price", "money", required=True, title=t("Price", "价格")),
        f("discount_pct", "number", title=t("Discount", "折扣")),
        f("valid_until", "date"),
        f("sent_to", "text", personal=True),
    ), approvals=(Approval("manager", ("sales_manager",), condition="quotation.discount_pct > 15"),)),
    ArtifactKind("contract", ("sales_rep",), t("Contract", "合同"), file="required", approvals=(
        Approval("director", ("director",), after="legal"),
        Approval("legal", ("legal",), count=2),
    )),
    ArtifactKind("visit_report", ("responsible",), t("Visit report", "回访报告"), many=True, fields=(
        f("day_no", "number", required=True), f("satisfaction", "number"), f("heard", "confirmation", by=("buyer",)),
    )),
)  # fmt: skip

STAGES = (
    Stage("qualify", t("Qualify", "资格确认"), "qualify", ("sales_rep",)),
    Stage("needs", t("Needs", "需求分析"), "discover", ("sales_rep",)),
)

PROCESS = Process(
    "b2b", "1.0.0", t("B2B"), "b2b", "CNY", {}, STAGES, {}, fields=FIELDS, events=EVENTS, artifacts=ARTIFACTS
)
LAYOUT = Layout(PROCESS)


def _halve(number: float) -> float:
    return number / 2


def _broken(_: object) -> object:
    raise SystemError("a plugin's mistake")


FUNCTIONS: Mapping[str, Function] = {
    "halve": Function("halve", ("number",), "number", _halve, t("half")),
    "broken": Function("broken", ("any",), "boolean", _broken, t("broken")),
    "liar": Function("liar", (), "boolean", lambda: "yes", t("answers text")),
    "size": Function("size", ("list",), "number", len, t("entries")),
    "upper": Function("upper", ("text",), "text", lambda s: s.upper(), t("upper case")),
    "anything": Function("anything", ("any",), "any", lambda x: x, t("itself")),
}
SCOPE = Scope(LAYOUT, FUNCTIONS)


@cache
def guard(source: str, wants: str = "condition") -> Guard:
    return compile_guard(source, SCOPE, wants)  # type: ignore[arg-type]  # tests name it by text


def confirmation(seq: int = 5) -> Confirmation:
    return Confirmation("stakeholder-1", NOW, seq)


def item(key: str, fields: tuple[Field, ...], closed: bool = False, **values: Any) -> Item:
    return Item(key, tuple(values.get(field.id) for field in fields), closed)


def pain(key: str = "1", **values: Any) -> Item:
    return item(key, PAINS.of, **values)


def objection(key: str, closed: bool = False, **values: Any) -> Item:
    return item(key, LAYOUT.fields[LAYOUT.field_at["objections"]].of, closed, **values)


def visit(day: int | None, key: str = "1") -> Item:
    return item(key, LAYOUT.fields[LAYOUT.field_at["visits"]].of, day=day)


def person(key: str = "stakeholder-1", **values: Any) -> Stakeholder:
    return Stakeholder(key, tuple(values.get(field.id) for field in STAKEHOLDER_FIELDS))


def fact(kind: str, seq: int = 3, days_ago: int = 0, by: str = "buyer", **values: Any) -> Fact:
    fields = LAYOUT.events[kind].fields if kind in LAYOUT.events else ()
    held = tuple(values.get(field.id) for field in fields)
    return Fact(f"activity-{seq}", kind, seq, NOW - timedelta(days=days_ago), by, "rep-1", values=held)


def artifact(
    kind: str, *decisions: Decided, key: str = "", seq: int = 4, file: bool = False, **values: Any
) -> Artifact:
    fields = LAYOUT.artifacts[LAYOUT.artifact_at[kind]].fields
    held = tuple(values.get(field.id) for field in fields)
    reference = FileRef("a.pdf", 3, "0" * 64) if file else None
    return Artifact(key or kind, 1, seq, NOW, "rep-1", held, reference, decisions)


def decided(approval: str, who: str, granted: bool = True, seq: int = 6) -> Decided:
    return Decided(approval, approval, who, NOW, seq, granted)


def deal(*facts: Fact, **parts: Any) -> Deal:
    """A deal with these fields, artifacts (by kind, one or a list) and own values."""
    own = {k: parts.pop(k) for k in ("stage", "status", "owner", "opened_at", "stakeholders") if k in parts}
    artifacts: list[tuple[Artifact, ...]] = []
    for kind in LAYOUT.artifacts:
        given = parts.pop(kind.id, ())
        artifacts.append((given,) if isinstance(given, Artifact) else tuple(given))
    values = tuple(parts.pop(field.id, None) for field in LAYOUT.fields)
    assert not parts, parts
    return Deal(LAYOUT, id="b2b-1", **{"stage": "qualify", "status": "open", **own}, values=values,
                artifacts=tuple(artifacts), facts=facts)  # fmt: skip


def ask(source: str, on: Deal, fresh: int = 0, moment: Moment = MOMENT) -> str:
    """The status, asked both ways: the generated function may be silent, never of another mind."""
    from dealwright.guards import Unsettled

    compiled = guard(source)
    slow = compiled.explain(on, fresh, moment).status
    try:
        fast = "met" if compiled.test(on, fresh, moment) else "unmet"
    except Unsettled:
        pass
    else:
        assert fast == slow, (source, fast, slow)
    assert compiled.status(on, fresh, moment) == slow
    return slow


__all__ = [
    "ARTIFACTS", "EVENTS", "FIELDS", "FUNCTIONS", "LAYOUT", "MOMENT", "NOW", "PROCESS", "SCOPE", "SHANGHAI", "Money",
    "Ref",
    "artifact", "ask", "choice", "confirmation", "date", "deal", "decided", "f", "fact", "guard", "money", "objection",
    "pain", "person", "t", "visit",
]  # fmt: skip
