"""Tasks are a list of the deal, and the arm of a stage's trial is a name."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec
import pytest
from related_world import LAYOUT, PROCESS, SCOPE, answer, moment, some, task

from dealwright.guards import Scope, check, compile_guard
from dealwright.guards.guard import Guard
from dealwright.model.deal import Ref
from dealwright.model.layout import Layout
from dealwright.model.process import Field, Stage
from dealwright.model.text import Text
from dealwright.model.verdict import Remedy

OPEN = task("task-1", due_at=datetime(2026, 3, 1, 5, tzinfo=UTC), stage="qualify")
DONE = task("task-2", how="done", optional=True)
SKIPPED = task("task-3", "reference_call", "skipped")
OWN = task("task-4", None, title=Ref("r", "x"))


def guard(source: str) -> Guard:
    return compile_guard(source, SCOPE)


@pytest.mark.parametrize(
    ("source", "status"),
    [
        ('any(tasks, kind == "site_survey" and done)', "met"),
        ('any(tasks, kind == "reference_call" and done)', "unmet"),
        ("count(tasks) == 4", "met"), ("count(tasks, skipped) == 1", "met"), ("open(tasks) == 2", "met"),
        ("count(tasks, optional) == 1", "met"), ("any(tasks, due < today())", "met"), ("all(tasks, done)", "unmet"),
        ('any(tasks, stage == "qualify")', "met"), ("count(tasks, has(title)) == 1", "met"),
        ('any(tasks, id == "task-3")', "met"), ("has(tasks)", "met"), ("any(tasks, not has(kind))", "met"),
    ],
)  # fmt: skip
def test_tasks_are_a_list(source, status):
    assert answer(guard(source), some(OPEN, DONE, SKIPPED, OWN), moment()) == status


def test_without_tasks_nothing_is_open_and_nothing_done():
    assert answer(guard("open(tasks) == 0 and count(tasks) == 0"), some(), moment()) == "met"
    assert answer(guard("any(tasks, done)"), some(), moment()) == "unmet"
    assert answer(guard("all(tasks, done)"), some(), moment()) == "unknown"


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ('any(tasks, kind == "site_survy")', "guard-type"), ('any(tasks, title == "x")', "guard-personal"),
        ("any(tasks, finished)", "guard-unknown-name"), ("tasks", "guard-type"), ("done", "guard-unknown-name"),
    ],
)  # fmt: skip
def test_what_tasks_do_not_have_is_found(source, code):
    assert [problem.code for problem in check(source, SCOPE)] == [code]


def test_an_open_task_is_done_and_a_missing_one_is_given_first():
    survey = guard('any(tasks, kind == "site_survey" and done)')
    assert survey.explain(some(OPEN), 0, moment()).remedies == (Remedy("task done", ("task-1",), ("sales_rep",)),)
    assert survey.explain(some(SKIPPED), 0, moment()).remedies == (
        Remedy("task add", ("site_survey",), ("sales_rep",)),
        Remedy("task done", ("<task:text>",), ("sales_rep",)),
    )


def test_whatever_is_open_is_done():
    none_open = guard("open(tasks) == 0").explain(some(OPEN, DONE, OWN), 0, moment())
    assert [remedy.args for remedy in none_open.remedies] == [("task-1",), ("task-4",)]
    assert none_open.expected.en == "Tasks has no open entry"
    every = guard("all(tasks, skipped)").explain(some(OPEN), 0, moment())
    assert every.remedies == (Remedy("task skip", ("task-1", "--reason", "<reason:text>"), ("sales_rep",)),)


def test_the_arm_counts_in_its_own_stage_only():
    drawn = (("qualify", "call_first"), ("needs", "short"))
    mail = guard('variant == "mail_first" or variant == "short"')
    assert answer(mail, some(variants=drawn), moment()) == "unmet"
    assert answer(mail, some(variants=drawn, stage="needs"), moment()) == "met"
    assert answer(mail, some(), moment()) == "unknown"
    assert answer(guard("has(variant)"), some(), moment()) == "unmet"
    assert answer(guard("has(variant)"), some(variants=drawn), moment()) == "met"
    assert guard("has(variant)").explain(some(), 0, moment()).remedies == ()
    assert [p.code for p in check('variant == "fax_first"', SCOPE)] == ["guard-type"]


def test_a_process_keeps_its_own_meaning_of_the_words():
    tasks = Field("tasks", "list", Text.plain("Work"), of=(Field("dept", "text", Text.plain("Department")),))
    own = msgspec.structs.replace(PROCESS, fields=(*PROCESS.fields, tasks, Field("variant", "number", Text.plain("V"))))
    assert check("any(tasks, has(dept)) and variant > 3", Scope(Layout(own))) == []
    plain = msgspec.structs.replace(PROCESS, stages=(Stage("s", Text.plain("S"), "close", ()),))
    assert [p.code for p in check('variant == "x"', Scope(Layout(plain)))] == ["guard-unknown-name"]
    assert LAYOUT.tasks[0].id == "site_survey"
