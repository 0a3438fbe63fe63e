"""Stages that are left by themselves, locked stages, and where a rejection sends a deal."""

from __future__ import annotations

import pytest
from deal_driver import PAPER, WHY, Driver
from msgspec.structs import replace

from dealwright.engine import commands as c
from dealwright.engine import decide, prepare
from dealwright.hookspecs import GateResult
from dealwright.model.text import Text
from dealwright.model.verdict import Status

AUTO = """
fields: {a: {type: boolean}, b: {type: boolean}, way: {type: choice, values: [on, back, out]}}
stages:
  - {id: one, title: One, phase: qualify, responsible: [rep], auto: true, exit_criteria: {a: {condition: a}}}
  - {id: two, title: Two, phase: discover, responsible: [rep], auto: true, exit_criteria: {b: {condition: b}}}
  - {id: three, title: Three, phase: close, responsible: [rep], wins: true}
"""


def test_an_automatic_stage_is_left_once_its_criteria_hold() -> None:
    deal = Driver(AUTO)
    deal.set(a=True)
    assert [(e.type, e.actor, e.role) for e in deal.log[-2:]] == [
        ("fields_set", "rep-1", "rep"), ("advanced", "system", None),
    ]  # fmt: skip
    assert deal.log[-1].data.automation == "auto"  # type: ignore[attr-defined]
    assert [one.id for one in deal.log[-1].data.criteria] == ["a"]  # type: ignore[attr-defined]
    assert deal.deal.stage == "two"


def test_one_after_the_other_in_one_decision_opening_too() -> None:
    deal = Driver(AUTO, a=True, b=True)
    assert [e.type for e in deal.log] == ["opened", "advanced", "advanced"]
    assert deal.deal.stage == "three"  # not automatic


def test_a_choice_by_a_person_is_waited_for() -> None:
    body = AUTO.replace(
        "exit_criteria: {a: {condition: a}}}",
        """
     decision: {ask: Which?, branches: [{id: x, to: two}, {id: y, to: three}]}}""",
    )
    deal = Driver(body, a=True)
    assert deal.deal.stage == "one"
    deal.ok("rep-1", c.Advance(branch="x"))
    assert deal.deal.stage == "two"


def test_two_automatic_stages_do_not_send_a_deal_to_and_fro() -> None:
    body = AUTO.replace("exit_criteria: {a: {condition: a}}}", "if: not a}").replace(
        "exit_criteria: {b: {condition: b}}}",
        "decision: {ask: Which?, branches: [{id: x, if: b, to: one, reason: again}, {id: y, if: not b, to: three}]}}",
    )
    deal = Driver(body, a=False, b=True)
    assert [(e.type, e.data.to) for e in deal.log] == [  # type: ignore[attr-defined]
        ("opened", "one"), ("advanced", "two"), ("regressed", "one"),
    ]  # fmt: skip


def test_nothing_goes_on_during_a_hold_nor_by_an_import_or_an_erasure() -> None:
    deal = Driver(AUTO)
    deal.ok("rep-1", c.Hold(until=deal.now.date().replace(year=2027), reason=WHY))
    deal.set(a=True)
    assert deal.deal.stage == "one"
    deal.ok("rep-1", c.Resume())
    assert deal.deal.stage == "two"


def test_what_only_time_makes_true_is_seen_when_time_has_passed() -> None:
    deal = Driver(AUTO.replace("condition: a}", "condition: days_since(opened_on) >= 3}"))
    deal.later(days=2)
    before = len(deal.log)
    assert deal.do("system", c.TimePassed()) == ()
    deal.later(days=1)
    assert deal.ok("system", c.TimePassed()).type == "advanced"
    assert deal.do("system", c.TimePassed()) == ()
    assert len(deal.log) == before + 1


def gate(status: Status) -> tuple[tuple[str, GateResult], ...]:
    """What one plugin answers."""
    words = Text("asked", "已询问")
    return (("extra", GateResult(id="extra", status=status, text=words, expected=words, severity="block")),)


def test_a_plugin_that_says_no_keeps_the_deal_there() -> None:
    deal = Driver(AUTO)
    deal.gates = gate("unmet")
    deal.set(a=True)
    assert deal.deal.stage == "one"
    deal.gates = gate("met")
    deal.set(b=False)
    assert deal.deal.stage == "two"


def test_where_plugins_have_a_say_they_are_asked_about_the_deal_as_it_is_when_time_passes() -> None:
    deal = Driver(AUTO)
    deal.program = prepare(replace(deal.program.process, plugins=("extra==1",)))
    deal.set(a=True, b=True)
    assert deal.deal.stage == "one"
    deal.gates = gate("unmet")
    assert deal.do("system", c.TimePassed()) == ()
    deal.gates = gate("met")
    assert deal.ok("system", c.TimePassed()).type == "advanced"
    assert deal.deal.stage == "two"  # about leaving this one nobody was asked yet
    assert deal.ok("system", c.TimePassed()).type == "advanced"


LOCKED = """
fields: {big: {type: boolean}}
artifacts: {paper: {by: [rep], file: optional, approvals: [{by: legal}]}}
stages:
  - id: one
    title: One
    phase: qualify
    responsible: [rep]
    locked: true
    approvals: [{by: manager}, {by: ops, if: big, after: manager}]
  - {id: two, title: Two, phase: discover, responsible: [rep]}
  - {id: three, title: Three, phase: close, responsible: [rep], wins: true}
"""


@pytest.mark.parametrize("command", [
    c.Advance(), c.SetFields(fields={"big": True}), c.End(status="lost", reason="price"), c.Assign(person="rep-2"),
    c.RecordArtifact(artifact="paper", file=PAPER), c.LogActivity(name="call"), c.AddTask(title=WHY),
    c.Waive(criterion="x", reason=WHY), c.Move(to="two"),
], ids=lambda command: type(command).__name__)  # fmt: skip
def test_while_an_approval_is_waited_for_a_locked_stage_takes_nothing_else(command: c.Command) -> None:
    deal = Driver(LOCKED, big=True)
    refusal = deal.no("rep-1", command)
    assert (refusal.cause, refusal.message.en) == ("status", "the deal is locked until this is answered: manager, ops")
    deal.ok("manager-1", c.DecideStage(approval="manager", granted=True))
    assert deal.no("rep-1", command).message.en.endswith(": ops")
    deal.ok("ops-1", c.DecideStage(approval="ops", granted=True))
    assert not isinstance(command, c.Advance) or deal.ok("rep-1", command).type == "advanced"


def test_a_rejection_frees_it_for_rework_and_an_erasure_goes_through() -> None:
    deal = Driver(LOCKED, big=False)
    assert isinstance(deal.do("rep-1", c.ErasePersonal(count=1, reason=None)), tuple)
    deal.ok("manager-1", c.DecideStage(approval="manager", granted=False))
    deal.set(big=False)
    deal.ok("manager-1", c.DecideStage(approval="manager", granted=True))
    deal.on()


def test_a_locked_deal_offers_no_way_but_the_one_that_waits() -> None:
    deal = Driver(LOCKED, big=False)
    assert [(way.kind, way.allowed) for way in deal.ways()] == [("advance", False)]
    deal.ok("manager-1", c.DecideStage(approval="manager", granted=True))
    assert {"advance", "lose", "hold"} <= {way.kind for way in deal.ways() if way.allowed}


def test_one_rejection_is_enough_to_free_it_though_others_are_still_asked() -> None:
    body = LOCKED.replace("[{by: manager}, {by: ops, if: big, after: manager}]", "[{by: manager}, {by: ops}]")
    deal = Driver(body)
    deal.ok("manager-1", c.DecideStage(approval="manager", granted=False))
    deal.set(big=True)


def test_a_hold_that_began_before_can_be_ended() -> None:
    deal = Driver(
        LOCKED.replace("[{by: manager}, {by: ops, if: big, after: manager}]", "[{by: ops, if: big}]"), big=False
    )
    deal.ok("rep-1", c.Hold(until=deal.now.date().replace(year=2027), reason=WHY))
    deal.set(big=True)
    deal.ok("rep-1", c.Resume())
    assert deal.no("rep-1", c.Advance()).cause == "status"


REJECT = """
artifacts:
  paper: {by: [rep], file: required, approvals: [{by: legal, on_reject: {to: one, reason: redo}}]}
stages:
  - {id: one, title: One, phase: qualify, responsible: [rep]}
  - id: two
    title: Two
    phase: discover
    responsible: [rep]
    back_to: []
    approvals:
      - {by: manager, on_reject: {to: lost, reason: price}}
      - {id: soft, by: ops, on_reject: rework}
      - {id: back, by: legal, on_reject: {to: one}}
  - {id: three, title: Three, phase: close, responsible: [rep], wins: true}
"""


@pytest.fixture
def second() -> Driver:
    deal = Driver(REJECT)
    deal.on()
    return deal


def test_a_rejection_may_end_the_deal(second: Driver) -> None:
    second.ok("manager-1", c.DecideStage(approval="manager", granted=False, note=WHY))
    assert [(e.type, e.actor) for e in second.log[-2:]] == [("stage_rejected", "manager-1"), ("lost", "system")]
    assert (second.deal.status, second.deal.reason) == ("lost", "price")


def test_or_send_it_back_for_the_reason_of_the_process_though_people_may_not_go_there(second: Driver) -> None:
    assert second.no("rep-1", c.Move(to="one", reason=WHY)).cause == "transition"
    second.ok("rep-1", c.RecordArtifact(artifact="paper", file=PAPER))
    second.ok("legal-1", c.DecideArtifact(artifact="paper", granted=False))
    event = second.log[-1]
    assert (event.type, event.data.to, event.data.reason) == ("regressed", "one", "redo")  # type: ignore[attr-defined]
    assert event.data.automation == "on_reject"  # type: ignore[attr-defined]


def test_or_leave_it_for_rework(second: Driver) -> None:
    second.ok("ops-1", c.DecideStage(approval="soft", granted=False))
    assert second.log[-1].type == "stage_rejected"
    assert second.deal.stage == "two"


@pytest.mark.parametrize(("note", "reason"), [(WHY, WHY), (None, "rejected")])
def test_without_a_reason_of_the_process_the_persons_note_is_it(second: Driver, note: object, reason: object) -> None:
    second.ok("legal-1", c.DecideStage(approval="back", granted=False, note=note))  # type: ignore[arg-type]
    event = second.log[-1]
    assert (event.type, event.data.from_, event.data.to, event.data.reason) == ("regressed", "two", "one", reason)  # type: ignore[attr-defined]
    assert second.deal.approvals == ()  # the visit begins anew


def test_where_the_rules_forbid_the_move_the_rejection_stands_alone() -> None:
    deal = Driver(REJECT.replace("{to: one, reason: redo}", "{to: disqualified, reason: no_fit}"))
    deal.on()
    deal.ok("rep-1", c.RecordArtifact(artifact="paper", file=PAPER))
    deal.ok("legal-1", c.DecideArtifact(artifact="paper", granted=False))  # disqualified is for stage one
    assert (deal.log[-1].type, deal.deal.status) == ("artifact_rejected", "open")


def test_processes_without_any_of_it_decide_as_ever() -> None:
    program = Driver().program
    assert not (program.follows)
    assert not (program.locks)
    assert not (program.bends)
    assert not (program.varied)
    assert callable(decide)
