"""`for_each` asks one condition of every entry of a list."""

from __future__ import annotations

import random

import pytest
from related_world import SCOPE, answer, line, moment, money, person, record, solution, some, task

from dealwright.guards import InvalidGuardError, check_each, compile_each
from dealwright.guards.guard import Guard
from dealwright.model.deal import Ref
from dealwright.model.verdict import Remedy

TAILORED = "any(solution_map, stakeholder == entry and has(outcome))"
BOSS = person("stakeholder-1", influence=5, name=Ref("r", "x"), dept="Finance")
USER = person("stakeholder-2", influence=2)
NEW = person("stakeholder-3")


def each(of: str, condition: str, applies: str = "") -> Guard:
    assert not any(check_each(of, applies, condition, SCOPE))
    return compile_each(of, applies, condition, SCOPE)


def test_every_stakeholder_of_weight_has_an_outcome_of_their_own():
    guard = each("stakeholders", TAILORED, "influence >= 3")
    mine, none = (
        solution("1", stakeholder="stakeholder-1", outcome="less work"),
        solution("1", stakeholder="stakeholder-1"),
    )
    assert answer(guard, some(stakeholders=(BOSS, USER), solution_map=(mine,)), moment()) == "met"
    assert answer(guard, some(stakeholders=(BOSS, USER), solution_map=(none,)), moment()) == "unmet"
    assert answer(guard, some(stakeholders=(USER,), solution_map=(none,)), moment()) == "met"
    assert answer(guard, some(stakeholders=(USER, NEW), solution_map=(mine,)), moment()) == "unknown"
    assert answer(guard, some(solution_map=(mine,)), moment()) == "unknown"


def test_the_entry_has_its_name_inside_another_list():
    guard = each("stakeholders", "any(solution_map, stakeholder == entry and weight >= entry.influence)")
    strong = solution("1", stakeholder="stakeholder-2", weight=2)
    assert answer(guard, some(stakeholders=(USER,), solution_map=(strong,)), moment()) == "met"
    weak = solution("1", stakeholder="stakeholder-2", weight=1)
    assert answer(guard, some(stakeholders=(USER,), solution_map=(weak,)), moment()) == "unmet"


def test_names_of_the_entry_come_first_then_the_deals():
    assert (
        answer(
            each("lines", "price > floor"),
            some(lines=(line("1", price=money(9, "CNY")),), floor=money(5, "CNY")),
            moment(),
        )
        == "met"
    )
    assert (
        answer(each("stakeholders", 'role == "EB" and has(stage)'), some(stakeholders=(person(role="EB"),)), moment())
        == "met"
    )
    assert (
        answer(
            each("renewals", 'stage == "current" and amount >= 5'),
            some(),
            moment(renewals=(record(amount=money(5, "CNY")),)),
        )
        == "met"
    )


@pytest.mark.parametrize(
    ("of", "applies", "condition", "where"),
    [
        ("stakeholder", "", "influence > 3", (1, 0, 0)), ("stakeholders", "influenc > 3", "influence > 3", (0, 1, 0)),
        ("stakeholders", "", "influence", (0, 0, 1)), ("lines", "price", "product", (0, 1, 1)),
        ("floor", "", "price > 1", (1, 0, 0)), ("stakeholders", "", 'name == "x"', (0, 0, 1)),
        ("stakeholders", "", "has(entry.nam)", (0, 0, 1)), ("lines", "", "entry > 3", (0, 0, 1)),
        ("stakeholders", "", "any(lines, any(solution_map, stakeholder == entry))", (0, 0, 1)),
        ("lines", "", "", (0, 0, 1)), ("", "", "true", (1, 0, 0)), ("stakeholders", "", 'role == "boss"', (0, 0, 1)),
    ],
)  # fmt: skip
def test_what_is_wrong_is_found_in_its_own_source(of, applies, condition, where):
    found = check_each(of, applies, condition, SCOPE)
    assert tuple(map(len, found)) == where
    for source, problems in zip((of, applies, condition), found, strict=True):
        for problem in problems:
            assert 0 <= problem.offset <= len(source)
    with pytest.raises(InvalidGuardError):
        compile_each(of, applies, condition, SCOPE)


def test_what_fails_is_named_without_anything_personal():
    on = some(stakeholders=(BOSS, USER, NEW), solution_map=(solution("1", stakeholder="stakeholder-2", outcome="x"),))
    said = each("stakeholders", TAILORED, "influence >= 3").explain(on, 0, moment())
    assert said.status == "unmet"
    assert said.found == {
        "failing": [
            {"id": "stakeholder-1", "title": "Finance", "status": "unmet"},
            {"id": "stakeholder-3", "title": None, "status": "unknown"},
        ],
        "of": 3,
    }
    assert said.expected.en.startswith("every entry of Stakeholders where Influence, 1 to 5 is at least 3 has:")
    assert said.expected.zh.startswith("干系人中凡是“影响力")


def test_remedies_serve_the_entry_and_never_change_whom_it_asks_of():
    on = some(stakeholders=(BOSS, USER))
    said = each("stakeholders", TAILORED, "influence >= 3").explain(on, 0, moment())
    arguments = ("solution_map", "--set", "stakeholder=stakeholder-1", "--set", "outcome=<outcome:text>")
    assert said.remedies == (Remedy("deal item add", arguments),)


def test_remedies_on_the_entries_themselves():
    on = some(lines=(line("1", agreed=False), line("2", agreed=True), line("3")))
    said = each("lines", "agreed and has(price)").explain(on, 0, moment())
    assert said.remedies == (
        Remedy("deal item set", ("lines", "1", "--set", "agreed=true", "--set", "price=<price:money>")),
        Remedy("deal item set", ("lines", "2", "--set", "price=<price:money>")),
        Remedy("deal item set", ("lines", "3", "--set", "agreed=true", "--set", "price=<price:money>")),
    )
    first = each("lines", "agreed").explain(some(), 0, moment())
    assert first.status == "unknown"
    assert first.remedies == (
        Remedy("deal item add", ("lines", "--set", "product=<product:text>", "--set", "agreed=true")),
    )


def test_each_task_and_each_site():
    todo = each("tasks", "done", "not optional").explain(
        some(task("task-1"), task("task-2", optional=True)), 0, moment()
    )
    assert todo.remedies == (Remedy("task done", ("task-1",), ("sales_rep",)),)
    assert todo.found == {"failing": [{"id": "task-1", "title": "site_survey", "status": "unmet"}], "of": 2}
    sites = each("sites", "has(credit)").explain(some(), 0, moment(sites=(record("account-9"),)))
    assert sites.found["failing"][0]["title"] == "Title of account-9"
    assert sites.remedies == (Remedy("record set", ("account-9", "--set", "credit=<credit:money>")),)
    assert answer(each("sites", "has(credit)"), some(), moment()) == "unknown"


def test_evidence_is_that_of_the_condition():
    assert each("stakeholders", "has(plan)").evidence == "seller"
    assert each("stakeholders", "has(plan)", "influence > 3").names.records == frozenset()


def test_both_paths_agree_on_random_lists():
    rng = random.Random(11)
    forms = [
        ("lines", "price >= 5", ""), ("lines", "agreed", "price >= 5"), ("lines", "agreed", "has(price)"),
        ("lines", "any(solution_map, outcome == entry)", ""), ("stakeholders", TAILORED, "influence >= 3"),
        ("lines", "not agreed", "any(solution_map, outcome == entry.product)"),
        ("lines", "count(solution_map, weight > 1 and outcome == entry) > 0", "price >= 5 or agreed"),
        ("stakeholders", "influence > 2", "sum(solution_map, weight) > entry.influence"),
    ]  # fmt: skip
    guards = [each(*form) for form in forms]
    seen = set()

    def maybe(value: object) -> object:
        return value if rng.random() < 0.7 else None

    for _ in range(300):
        lines = tuple(
            line(str(n), product=rng.choice("ab"), price=maybe(money(rng.choice((1, 9)), "CNY")),
                 agreed=maybe(rng.random() < 0.6))
            for n in range(rng.randint(0, 3))
        )  # fmt: skip
        solutions = tuple(
            solution(str(n), stakeholder=maybe(f"stakeholder-{rng.randint(1, 2)}"), outcome=maybe(rng.choice("ab012")),
                     weight=maybe(rng.randint(0, 3)))
            for n in range(rng.randint(0, 3))
        )  # fmt: skip
        who = tuple(person(f"stakeholder-{n}", influence=maybe(rng.randint(1, 5))) for n in range(rng.randint(0, 3)))
        on = some(lines=lines, solution_map=solutions, stakeholders=who)
        for guard in guards:
            seen.add(answer(guard, on, moment()))
    assert seen == {"met", "unmet", "unknown"}
