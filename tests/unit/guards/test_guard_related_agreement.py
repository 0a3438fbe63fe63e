"""Over records, related deals, tasks and entries too, the fast and the slow path are of one mind."""

from __future__ import annotations

import random
from functools import cache
from typing import Any

from related_world import SCOPE, answer, confirmation, date, line, moment, money, person, record, solution, some, task

from dealwright.guards import Guard, Moment, check, check_each, compile_each, compile_guard
from dealwright.model.deal import Deal, Item, Ref

SIGNS = ("==", "!=", "<", "<=", ">", ">=")
HOLD_OF_NOTHING = ("has(", "audited", "tasks", "solution_map", "lines")


def leaf(rng: random.Random) -> str:
    """One comparison or question about what is beside the deal's own values."""
    sign, n = rng.choice(SIGNS), rng.choice((0, 1, 3, 50))
    name = rng.choice(("account", "end_customer"))
    return rng.choice(
        (
            f'{name}.segment == "key"', f'{name}.grade not in ["A"]', f"{name}.credit {sign} floor", f"{name}.active",
            f"{name}.employees * 2 {sign} {n}", f"has({name}.phone)", f"has({name})", f"{name}.audited",
            f"sum({name}.purchases, worth) {sign} {n}", f"count({name}.purchases, worth {sign} {n}) {sign} 1",
            "account == end_customer", 'account.status != "lost"', f"days_since({name}.opened_on) {sign} {n}",
            f"registration.share {sign} {n}", "registration.protected_until > today()", "has(registration.share)",
            f"count(renewals) {sign} {n}", f"count(renewals, risk {sign} {n}) {sign} 1",
            f"sum(renewals, amount) {sign} {n}",
            f"any(renewals, risk {sign} {n} and stage == \"current\")", f"all(renewals, risk {sign} {n})",
            "has(renewals)",
            "all(sites, audited and active)", f"any(sites, count(renewals, risk {sign} {n}) > 0)",
            f"open(tasks) {sign} 1", 'any(tasks, kind == "site_survey" and done)', "all(tasks, done or optional)",
            f"count(tasks, due {sign} today()) {sign} 1", "any(tasks, has(title) and not skipped)",
            'variant == "short"',
            'variant in ["call_first"] or has(variant)', f"count(lines, price {sign} {n}) {sign} count(tasks)",
        )
    )  # fmt: skip


def condition(rng: random.Random, depth: int = 2) -> str:
    if depth and rng.random() < 0.5:
        one, other = condition(rng, depth - 1), condition(rng, depth - 1)
        return rng.choice((f"({one}) and ({other})", f"({one}) or ({other})", f"not ({one})"))
    return leaf(rng)


EACH = (
    ("renewals", "risk >= 3", "has(risk)"), ("sites", "audited", 'segment == "key"'), ("tasks", "done", "not optional"),
    ("stakeholders", "any(solution_map, stakeholder == entry and weight > 1)", "influence >= 3"),
    ("lines", "price > floor and agreed", ""), ("account.purchases", "worth >= 3", ""),
    ("renewals", "any(lines, product == entry)", "entry.risk > 1"), ("lines",
    "any(renewals, risk > 1 and entry.agreed)", ""),
)  # fmt: skip


@cache
def each(at: int) -> Guard:
    return compile_each(EACH[at][0], EACH[at][2], EACH[at][1], SCOPE)


def world(rng: random.Random, missing: float) -> tuple[Deal, Moment]:
    """A deal and what is beside it, each value missing with probability `missing`."""

    def maybe(value: Any) -> Any:
        return None if rng.random() < missing else value

    def cash() -> Any:
        return money(str(rng.choice((0, 3, 50, 51))), rng.choice(("CNY", "CNY", "USD")))

    def other(key: str) -> Any:
        values = {
            "segment": maybe(rng.choice(("key", "normal"))), "credit": maybe(cash()),
            "employees": maybe(rng.choice((0, 25))),
            "phone": maybe(Ref("r", "x")), "audited": maybe(confirmation(rng.randint(1, 9))),
            "active": maybe(rng.random() < 0.5),
            "grade": maybe(rng.choice("ABC")), "amount": maybe(cash()), "risk": maybe(rng.choice((1, 3, 50))),
            "share": maybe(3),
            "protected_until": maybe(date(2026, 3, rng.randint(1, 9))),
            "purchases": maybe(tuple(Item(str(n), (maybe(cash()), None)) for n in range(rng.randint(0, 2)))),
        }  # fmt: skip
        return record(key, status=rng.choice(("open", "lost")), owner=maybe("rep-1"), **values)

    def several(key: str) -> Any:
        return tuple(other(f"{key}-{n}") for n in range(rng.randint(0, 3)))

    records = {"account": maybe(other("account-1")), "end_customer": maybe(other("account-2")),
    "sites": maybe(several("site")),
               "registration": maybe(other("channel-1")), "renewals": maybe(several("renewal"))}  # fmt: skip
    tasks = [task(f"task-{n}", maybe(rng.choice(("site_survey", "reference_call"))), rng.choice((None, "done",
    "skipped")),
                  optional=rng.random() < 0.5, title=maybe(Ref("r",
                  "x"))) for n in range(rng.randint(0, 3))]  # fmt: skip
    on = some(
        *tasks, variants=rng.choice(((), (("qualify", "call_first"),))), floor=maybe(cash()),
        end_customer=maybe("account-2"),
        lines=maybe(tuple(line(str(n), product=rng.choice(("renewal-1", "x")), price=maybe(cash()), agreed=maybe(True))
                          for n in range(rng.randint(0, 2)))),
        solution_map=maybe((solution("1", stakeholder=maybe("stakeholder-1"), weight=maybe(2)),)),
        stakeholders=tuple(person(f"stakeholder-{n}", influence=maybe(rng.randint(1, 5)))
                           for n in range(rng.randint(0, 2))),
    )  # fmt: skip
    return on, moment(**{name: value for name, value in records.items() if value is not None})


def test_random_conditions_are_answered_alike():
    rng = random.Random(17)
    seen = set()
    for _ in range(400):
        source = condition(rng)
        assert check(source, SCOPE) == [] or len(source) > 500, source
        if len(source) > 500:
            continue
        guard = compile_guard(source, SCOPE)
        for _ in range(4):
            seen.add(answer(guard, *world(rng, rng.choice((0, 0.4))), fresh=rng.choice((0, 5))))
    assert seen == {"met", "unmet", "unknown"}


def test_random_entries_are_asked_alike():
    rng = random.Random(18)
    seen = set()
    for at, (of, wanted, applies) in enumerate(EACH):
        assert not any(check_each(of, applies, wanted, SCOPE))
        for _ in range(120):
            seen.add(answer(each(at), *world(rng, rng.choice((0, 0.4)))))
    assert seen == {"met", "unmet", "unknown"}


def test_of_nothing_no_comparison_holds():
    rng = random.Random(19)
    for source in sorted({leaf(rng) for _ in range(2_000)}):
        if not any(part in source for part in HOLD_OF_NOTHING):
            for form in ("{}", "not ({})"):
                assert answer(compile_guard(form.format(source), SCOPE), some(), moment()) == "unknown", (form, source)


def test_explaining_never_fails_and_says_something_in_both_languages():
    rng = random.Random(20)
    for at in range(300):
        guard = each(at % len(EACH)) if at % 3 == 0 else compile_guard(leaf(rng), SCOPE)
        on, when = world(rng, 0.5)
        said = guard.explain(on, 0, when)
        assert said.expected.en
        assert said.expected.zh
        assert all("None" not in part for remedy in said.remedies for part in remedy.args)
