"""Tasks: given on entering a stage, one after the other, done or skipped; the required ones keep a deal where it is."""

from __future__ import annotations

from datetime import timedelta

import pytest
from deal_driver import WHY, Driver, by_id

from dealwright.engine import commands as c
from dealwright.engine import fold, from_document, to_document
from dealwright.errors import NotFoundError, UsageError

BODY = """
fields: {big: {type: boolean}}
tasks:
  survey: {title: {en: Site survey, zh: 现场勘查}, by: [ops], due: 3d}
  report: {title: Report, by: [ops, legal], after: [survey]}
  call: {title: Call, by: [rep], optional: true}
  extra: {title: Extra, by: [rep]}
stages:
  - id: one
    title: One
    phase: qualify
    responsible: [rep]
    tasks: [survey, report, call, {task: extra, if: big}]
  - {id: two, title: Two, phase: discover, responsible: [rep], tasks: [extra]}
  - {id: three, title: Three, phase: close, responsible: [rep], wins: true}
"""


@pytest.fixture
def deal() -> Driver:
    return Driver(BODY, big=False)


def done(deal: Driver, *names: str) -> None:
    for name in names:
        task = next(t for t in deal.deal.work.tasks if t.how is None and name in (t.kind, t.id))
        deal.ok({"ops": "ops-1", "rep": "rep-1", "legal": "legal-1"}[task.roles[0]], c.CloseTask(task=name))


def tasks(deal: Driver) -> list[tuple[str, str | None, str | None]]:
    return [(t.id, t.kind, t.how) for t in deal.deal.work.tasks]


def test_they_are_given_in_the_same_decision_by_nobody(deal: Driver) -> None:
    assert [(e.type, e.actor, e.role) for e in deal.log] == [
        ("opened", "rep-1", "rep"), ("task_added", "system", None), ("task_added", "system", None),
    ]  # fmt: skip
    assert [e.seq for e in deal.log] == [1, 2, 3]
    assert tasks(deal) == [("t1", "survey", None), ("t2", "call", None)]
    assert deal.deal.work.tasks[0].due_at == deal.log[0].at + timedelta(days=3)
    assert deal.deal.work.tasks[0].roles == ("ops",)


def test_one_after_the_other(deal: Driver) -> None:
    done(deal, "survey")
    assert tasks(deal)[-1] == ("t3", "report", None)
    assert [e.type for e in deal.log[-2:]] == ["task_closed", "task_added"]


def test_the_required_ones_keep_the_deal_where_it_is_until_closed(deal: Driver) -> None:
    found = by_id(deal.no("rep-1", c.Advance()))
    assert {name: one.found for name, one in found.items()} == {
        "task.survey": "open", "task.report": "waiting",
    }  # fmt: skip
    fix = found["task.survey"].fix
    assert [(r.verb, r.args, r.roles) for r in fix.remedies] == [("task done", ("t1",), ("ops",))]
    done(deal, "survey")
    assert deal.unmet() == {"task.report": "unmet"}
    deal.ok("legal-1", c.CloseTask(task="t3", how="skipped", note=WHY))
    deal.on()
    event = next(e for e in deal.log if e.type == "advanced")
    assert [one.id for one in event.data.criteria] == ["task.survey", "task.report"]  # type: ignore[attr-defined]


def test_a_task_whose_condition_plainly_does_not_hold_is_not_given_an_unknown_one_is() -> None:
    assert "extra" not in {t.kind for t in Driver(BODY, big=False).deal.work.tasks}
    assert "extra" in {t.kind for t in Driver(BODY).deal.work.tasks}


def test_only_who_holds_one_of_its_roles_closes_it_once(deal: Driver) -> None:
    assert deal.no("rep-1", c.CloseTask(task="survey")).roles == ("ops",)
    done(deal, "survey")
    assert deal.no("ops-1", c.CloseTask(task="t1")).cause == "status"
    with pytest.raises(NotFoundError):
        deal.do("ops-1", c.CloseTask(task="t9"))


def test_skipping_needs_a_reason(deal: Driver) -> None:
    with pytest.raises(UsageError):
        deal.do("ops-1", c.CloseTask(task="survey", how="skipped"))
    deal.ok("ops-1", c.CloseTask(task="survey", how="skipped", note=WHY))
    assert deal.deal.work.tasks[0].how == "skipped"


def test_open_ones_of_a_later_stage_stay_open_and_do_not_block(deal: Driver) -> None:
    done(deal, "survey", "report")
    deal.on()
    assert tasks(deal)[-1] == ("t4", "extra", None)
    deal.back("one")
    assert tasks(deal)[3:] == [("t4", "extra", None), ("t5", "survey", None)]  # `call` is still open
    done(deal, "survey", "report")
    deal.on()
    assert [t for t in tasks(deal) if t[1] == "extra"] == [("t4", "extra", None)]  # open: not given again
    assert deal.unmet() == {"task.extra": "unmet"}
    done(deal, "extra")
    deal.on()


def test_reopening_gives_what_is_not_open(deal: Driver) -> None:
    done(deal, "survey", "report")
    deal.ok("rep-1", c.End(status="lost", reason="price"))
    deal.ok("rep-1", c.Reopen(reason=WHY))
    assert [t[1] for t in tasks(deal) if t[2] is None] == ["call", "survey"]


def test_a_chain_starts_anew_though_its_later_links_were_done_before(deal: Driver) -> None:
    done(deal, "survey", "report")
    deal.on()
    deal.back("one")
    assert deal.unmet() == {"task.survey": "unmet", "task.report": "unmet"}


def test_anybody_of_the_process_may_give_one_more(deal: Driver) -> None:
    event = deal.ok("manager-1", c.AddTask(kind="extra"))
    assert (event.actor, event.role, event.data.optional) == ("manager-1", "manager", False)  # type: ignore[attr-defined]
    assert "task.extra" in deal.unmet()
    assert deal.no("manager-1", c.AddTask(kind="extra")).cause == "status"
    assert deal.no("guest-1", c.AddTask(kind="extra")).cause == "role"
    with pytest.raises(UsageError, match="did you mean survey"):
        deal.do("rep-1", c.AddTask(kind="survy"))


def test_or_one_of_their_own(deal: Driver) -> None:
    with pytest.raises(UsageError):
        deal.do("rep-1", c.AddTask())
    with pytest.raises(UsageError, match="did you mean legal"):
        deal.do("rep-1", c.AddTask(title=WHY, roles=("legl",)))
    due = deal.now + timedelta(days=1)
    deal.ok("rep-1", c.AddTask(title=WHY, roles=("legal",), due=due, optional=False))
    task = deal.deal.work.tasks[-1]
    assert (task.kind, task.title, task.roles, task.due_at, task.stage) == (None, WHY, ("legal",), due, "one")
    assert f"task.{task.id}" in deal.unmet()
    deal.ok("rep-1", c.AddTask(title=WHY))
    assert deal.deal.work.tasks[-1].roles == ("rep",)
    assert f"task.{deal.deal.work.tasks[-1].id}" not in deal.unmet()


def test_tasks_may_be_closed_while_the_deal_is_held_or_has_ended(deal: Driver) -> None:
    deal.ok("rep-1", c.Hold(until=deal.now.date().replace(year=2027), reason=WHY))
    done(deal, "call")
    assert deal.no("rep-1", c.AddTask(kind="extra")).cause == "status"
    deal.ok("rep-1", c.End(status="lost", reason="price"))
    done(deal, "survey")
    assert "report" not in {t.kind for t in deal.deal.work.tasks}  # nothing more is asked of a lost deal


def test_conditions_may_ask_for_tasks() -> None:
    called = """exit_criteria: {called: {condition: 'any(tasks, kind == "call" and done)'}}"""
    deal = Driver(BODY.replace("responsible: [rep], tasks: [extra]", f"responsible: [rep], {called}"), big=False)
    done(deal, "survey", "report")
    deal.on()
    assert deal.unmet() == {"called": "unmet"}
    done(deal, "call")
    deal.on()


def test_they_are_kept_and_read_back(deal: Driver) -> None:
    done(deal, "survey")
    deal.ok("rep-1", c.AddTask(title=WHY))
    assert from_document(deal.deal.layout, to_document(deal.deal)) == deal.deal
    assert fold(deal.deal.layout, deal.log) == deal.deal
