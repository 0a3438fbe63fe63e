"""Well-typed random conditions, and random deals with holes in them."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from typing import Any

from guard_world import NOW, Ref, artifact, confirmation, deal, decided, fact, money, objection, pain, person, visit

from dealwright.model.deal import Deal

SIGNS = ("==", "!=", "<", "<=", ">", ">=")


def condition(rng: random.Random, depth: int = 3) -> str:
    """A condition that the checker accepts."""
    if depth > 0 and rng.random() < 0.6:
        left, right = condition(rng, depth - 1), condition(rng, depth - 1)
        form = rng.choice(("({} and {})", "({} or {})", "not {}"))
        return form.format(left, right) if form.count("{}") == 2 else form.format(f"({left})")
    return leaf(rng)


def leaf(rng: random.Random) -> str:
    """One comparison or question."""
    sign, equality = rng.choice(SIGNS), rng.choice(("==", "!="))
    n = rng.choice((0, 1, 2, 7, 30, 60))
    return rng.choice(
        (
            f'fit {equality} "yes"',
            'source in ["inbound", "referral"]',
            'source not in ["outbound"]',
            f"icp_score {sign} {n}",
            f"{n} {sign} icp_score",
            f"{n} < icp_score <= 60",
            "feasible",
            f"feasible {equality} true",
            f"budget {sign} {n * 10}",
            f"budget {sign} floor",
            f"budget + floor {sign} {n}",
            f"budget * 2 {sign} floor",
            f"icp_score / {n} {sign} 3",
            f"icp_score * 2 - 5 {sign} {n}",
            f"expected_close {sign} today()",
            f'expected_close {sign} "2026-03-20"',
            f"next_call {sign} expected_close",
            f"next_call {sign} today()",
            f'plan_month {sign} "2026-03"',
            f'from {equality} "a"',
            f'from {equality} "客户"',
            f"from {equality} fit",
            "has(fit)",
            "has(note)",
            "has(pains)",
            "has(visits)",
            "has(quotation.price)",
            "has(terms_agreed)",
            "has(event(buyer_reaction).mood)",
            "has(owner)",
            "event(meeting_accepted)",
            'event(buyer_reaction).mood == "good"',
            f"event(buyer_reaction).score {sign} {n}",
            f"days_since(meeting_accepted) {sign} {n}",
            f"days_since(expected_close) {sign} {n}",
            f"days_until(quotation.valid_until) {sign} {n}",
            f"count(pains) {sign} {n % 3}",
            f"count(pains, confirmed) {sign} {n % 3}",
            f"count(pains, impact > {n}) {sign} {n % 3}",
            f"count(visits, day in [7, 30]) {sign} {n % 3}",
            f"any(pains, impact {sign} budget)",
            f'all(pains, depth == "personal" or impact {sign} {n})',
            f"sum(pains, impact) {sign} {n}",
            f"sum(visits, day) {sign} {n}",
            f"open(objections) {sign} {n % 2}",
            "terms_agreed",
            "not terms_agreed",
            "complete(quotation)",
            "approved(quotation)",
            "approved(contract)",
            "has(contract)",
            f"quotation.price {sign} budget",
            f"quotation.discount_pct {sign} {n}",
            f"count(visit_report, day_no {sign} {n}) >= 1",
            f"visit_report.day_no {sign} {n}",
            'count(stakeholders, role == "EB") == 1',
            f"count(stakeholders(EB), influence {sign} 3) > 0",
            "count(stakeholders, not (has(role) and has(influence))) == 0",
            f'stage {equality} "qualify"',
            f'owner {equality} "rep-1"',
            f"days_since(opened_on) {sign} {n}",
            f"halve(icp_score) {sign} {n}",
            "broken(fit)",
            "liar()",
            f"anything(icp_score) {sign} {n}",
            f"count(needs_record.need_map) {sign} count(pains)",
            f'amount {sign} 5 and grade in ["A", "B"]',
            "anything(feasible)",
        )
    )


def some_deal(rng: random.Random, missing: float = 0.4) -> Deal:
    """A deal each of whose values is missing with probability `missing`."""

    def maybe(make: Any) -> Any:
        return None if rng.random() < missing else make()

    def cash() -> Any:
        return money(rng.choice((1, 20, 70, 600)), rng.choice(("CNY", "CNY", "CNY", "USD")))

    def pains() -> Any:
        return tuple(
            pain(str(at), text="x", impact=maybe(cash), depth=maybe(lambda: rng.choice(("surface", "personal"))),
                 confirmed=maybe(lambda: confirmation(rng.randint(1, 9))))
            for at in range(rng.randint(0, 3))
        )  # fmt: skip

    def number() -> Any:
        return rng.choice((0, 1, 2, 7, 30, 60.0, 99, 1e308))

    facts = [
        fact(kind, rng.randint(1, 9), rng.randint(0, 60), mood=maybe(lambda: "good"), score=maybe(number))
        for kind in ("meeting_accepted", "buyer_reaction")
        if rng.random() > missing
    ]
    quotation = maybe(lambda: artifact(
        "quotation", *([decided("manager", "m-1", rng.random() < 0.7)] if rng.random() < 0.5 else []),
        price=maybe(cash), discount_pct=maybe(number), valid_until=maybe(lambda: date(2026, 4, 1)),
    ))  # fmt: skip
    people = ("legal-1", "legal-2", "legal-3")
    contract = maybe(lambda: artifact(
        "contract", *(decided("legal", who, rng.random() < 0.9) for who in people[: rng.randint(0, 3)]),
        *([decided("director", "d-1")] if rng.random() < 0.7 else []), file=rng.random() < 0.8,
    ))  # fmt: skip
    reports = [
        artifact("visit_report", key=f"visit_report-{n}", seq=n, day_no=maybe(number)) for n in range(rng.randint(0, 3))
    ]
    return deal(
        *facts,
        fit=maybe(lambda: rng.choice(("yes", "no"))), source=maybe(lambda: rng.choice(("inbound", "outbound"))),
        icp_score=maybe(number), feasible=maybe(lambda: rng.random() < 0.5), budget=maybe(cash), floor=maybe(cash),
        amount=maybe(cash), grade=maybe(lambda: rng.choice("ABC")), note=maybe(lambda: Ref("r", "0")),
        expected_close=maybe(lambda: date(2026, 3, rng.randint(1, 28))),
        next_call=maybe(lambda: datetime(2026, 3, rng.randint(1, 28), 5, tzinfo=UTC)),
        plan_month=maybe(lambda: rng.choice(("2026-02", "2026-03"))), pains=maybe(pains),
        objections=maybe(lambda: tuple(objection(str(n), rng.random() < 0.5) for n in range(rng.randint(0, 2)))),
        visits=maybe(lambda: tuple(visit(maybe(number), str(n)) for n in range(rng.randint(0, 3)))),
        terms_agreed=maybe(lambda: confirmation(rng.randint(1, 9))), owner=maybe(lambda: "rep-1"),
        opened_at=maybe(lambda: NOW - timedelta(days=3)), quotation=quotation or (), contract=contract or (),
        visit_report=reports,
        stakeholders=tuple(person(f"s-{n}", role=maybe(lambda: "EB"),
        influence=maybe(number)) for n in range(rng.randint(0, 2))),
        **{"from": maybe(lambda: rng.choice(("a", "yes", "客户")))},
    )  # fmt: skip
