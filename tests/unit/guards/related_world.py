"""A process with an account, a registration, renewals, tasks and a trial, for the tests of what deals read beside."""

from __future__ import annotations

from typing import Any

from guard_world import NOW, Moment, Scope, choice, confirmation, date, deal, f, item, money, person, t

from dealwright.guards import Unsettled
from dealwright.guards.guard import Guard
from dealwright.model.deal import Deal, Task, Work
from dealwright.model.facts import Facts, RecordFacts
from dealwright.model.layout import Layout
from dealwright.model.process import Process, RecordType, Related, Stage, TaskKind, Variant

ACCOUNT = RecordType("account", t("Account", "客户档案"), (
    choice("segment", "key", "normal", title=t("Segment", "细分"), by=("sales_rep",)), f("credit", "money"),
    f("employees", "number"), f("phone", "text", personal=True), f("audited", "confirmation"), f("active", "boolean"),
    f("purchases", "list", of=(f("worth", "money"), f("bought_on", "date"))),
))  # fmt: skip
SOLUTIONS = f("solution_map", "list", title=t("Solution map", "方案对应表"), of=(
    f("stakeholder", "stakeholder"), f("outcome", "text"), f("weight", "number"),
))  # fmt: skip
LINES = f("lines", "list", of=(f("product", "text", required=True), f("price", "money"), f("agreed", "boolean")))
FIELDS = (
    f("end_customer", "record", record="account", title=t("End customer", "最终客户")), f("floor", "money"),
    f("feasible", "boolean"), SOLUTIONS, LINES,
)  # fmt: skip
STAGES = (
    Stage("qualify", t("Qualify", "资格确认"), "qualify", ("sales_rep",),
          variants=(Variant("call_first", t("Call")), Variant("mail_first", t("Mail")))),
    Stage("needs", t("Needs", "需求分析"), "discover", ("sales_rep",), variants=(Variant("short", t("Short")),)),
)  # fmt: skip
PROCESS = Process(
    "b2b", "1.0.0", t("B2B"), "b2b", "CNY", {}, STAGES, {}, fields=FIELDS, subject="account",
    records={"account": ACCOUNT},
    related=(
        Related("registration", "channel", title=t("Registration", "报备"),
                fields=(f("protected_until", "date"), f("share", "number"))),
        Related("renewals", "renewal", pick="all", title=t("Renewals", "续约"), fields=(f("risk", "number"),)),
        Related("sites", "account", pick="all", fields=ACCOUNT.fields),
    ),
    tasks=(TaskKind("site_survey", t("Site survey", "现场勘察"), ("sales_rep",)),
           TaskKind("reference_call", t("Reference call", "客户回访"), ("sales_manager",))),
)  # fmt: skip
LAYOUT = Layout(PROCESS)
SCOPE = Scope(LAYOUT)


def record(key: str = "account-1", **values: Any) -> RecordFacts:
    """Facts of a record or a deal; `status`, `stage`, `owner` and `title` may be given too."""
    own = {"status": "open", "stage": "current", "owner": "rep-1", "title": f"Title of {key}"}
    own |= {name: values.pop(name) for name in tuple(own) if name in values}
    return RecordFacts(key, process="account", opened_on=date(2026, 1, 5), values=values, **own)


def moment(**records: Any) -> Moment:
    """The moment with these other deals and records."""
    return Moment(NOW, facts=Facts(records=records))


def task(key: str, kind: str | None = "site_survey", how: str | None = None, **more: Any) -> Task:
    return Task(key, ("sales_rep",), NOW, kind, how=how, **more)


def solution(key: str, **values: Any) -> Any:
    return item(key, SOLUTIONS.of, **values)


def line(key: str, **values: Any) -> Any:
    return item(key, LINES.of, **values)


def some(*tasks: Task, variants: tuple[tuple[str, str], ...] = (), **parts: Any) -> Deal:
    """A deal of this process."""
    own = {key: parts.pop(key) for key in ("stage", "stakeholders", "owner") if key in parts}
    values = tuple(parts.pop(field.id, None) for field in LAYOUT.fields)
    assert not parts, parts
    work = Work(tasks=tasks, variants=variants)
    return Deal(LAYOUT, "b2b-1", status="open", **{"stage": "qualify", **own}, values=values, work=work)


def answer(guard: Guard, on: Deal, when: Moment, fresh: int = 0) -> str:
    """The status, asked both ways: the generated function may be silent, never of another mind."""
    slow = guard.explain(on, fresh, when).status
    try:
        fast = "met" if guard.test(on, fresh, when) else "unmet"
    except Unsettled:
        pass
    else:
        assert fast == slow, (guard, fast, slow)
    for _ in range(6):
        assert guard.status(on, fresh, when) == slow
    return slow


__all__ = [
    "ACCOUNT", "LAYOUT", "PROCESS", "SCOPE", "answer", "confirmation", "date", "deal", "line", "moment", "money",
    "person", "record", "solution", "some", "t", "task",
]  # fmt: skip
