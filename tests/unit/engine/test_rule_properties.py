"""Whatever people try with the whole language's moves, and whenever time passes: the decider keeps its promises."""

from __future__ import annotations

from datetime import timedelta
from itertools import chain
from typing import Any

import msgspec
from deal_driver import HEAD, NINE, PAPER, SYSTEM, TEAM, WHY
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dealwright.definition import read_process, resolve
from dealwright.engine import (
    Context,
    Program,
    blank,
    decide,
    event_of,
    evolve,
    fold,
    from_document,
    options,
    prepare,
    to_document,
)
from dealwright.engine import commands as c
from dealwright.engine.answers import locking
from dealwright.engine.judge import judge
from dealwright.errors import DealwrightError
from dealwright.events import Event, Record
from dealwright.guards import Moment
from dealwright.model.deal import Deal
from dealwright.model.verdict import Option, Refusal

BODY = """
grade_factor: {A: 0.5, C: 2}
fields:
  a: {type: boolean}
  b: {type: boolean}
  n: {type: number}
  twice: {type: number, formula: n * 2}
  pains: {type: list, of: {text: {type: text}, deep: {type: boolean}}}
tasks:
  first: {title: First, by: [rep], due: 2d}
  then: {title: Then, by: [rep, ops], after: [first]}
  free: {title: Free, by: [ops], optional: true}
artifacts:
  paper:
    by: [rep]
    file: optional
    approvals: [{by: legal, within: 1d, on_timeout: TIMEOUT, on_reject: {to: one, reason: redo}}]
stages:
  - id: one
    title: One
    phase: qualify
    responsible: [rep]
    sla: [{if: twice > 4, exit: 4d}, {exit: 2d}]
    tasks: [first, then, {task: free, if: b}]
    variants: {x: {title: X, share: 1, follow_up: [1d]}, y: {title: Y, share: 2}}
    exit_criteria:
      some:
        at_least: 2
        of:
          a: {condition: a}
          big: {condition: twice >= 4}
          deep: {for_each: pains, condition: deep, if: has(text)}
        waivable_by: [manager]
  - {id: two, title: II, phase: discover, responsible: [rep], if: b, auto: true, exit_criteria: {n: {condition: n > 1}}}
  - id: aside
    title: Aside
    phase: negotiate
    responsible: [legal, rep]
    detour: [one, two, four]
    tasks: [free]
    exit_criteria: {a: {condition: a}}
  - id: three
    title: Three
    phase: close
    responsible: [rep]
    wins: true
    locked: true
    requires: [{artifact: paper, if: a}]
    approvals:
      - by: manager
        four_eyes: true
        within: 2d
        on_timeout: {escalate: [legal]}
        on_reject: {to: lost, reason: price}
      - {by: ops, if: b, after: manager, within: 1d, on_timeout: expire}
  - {id: four, title: Four, phase: deliver, responsible: [rep], auto: true, exit_criteria: {b: {condition: not b}}}
outcomes:
  lost: {status: lost, reasons: [price, timing]}
"""


def program_of(timeout: str, process: str) -> Program:
    text = HEAD.replace("process: small", f"process: {process}") + BODY.replace("TIMEOUT", timeout)
    reading = read_process(text.encode(), "rules.process.yaml")
    assert reading.process is not None, [(f.line, f.code, f.message) for f in reading.findings]
    return prepare(resolve(reading.process, []))


HERE, THERE = program_of("reject", "here"), program_of("approve", "there")
LAYOUTS = {program.layout.definition_hash: program.layout for program in (HERE, THERE)}
FLAG = st.sampled_from([True, False, None])
FIELDS = st.fixed_dictionaries(
    {}, optional={"a": FLAG, "b": FLAG, "n": st.sampled_from([0, 2, 5, None]), "grade": st.sampled_from(["A", "B"])}
)
PLACES = st.sampled_from(["one", "two", "three", "four", "aside", "lost"])
COMMANDS = st.one_of(
    *[st.builds(c.Advance)] * 4,
    st.builds(c.Move, to=PLACES, reason=st.just(WHY)),
    st.builds(c.End, status=st.just("lost"), reason=st.just("price")),
    st.builds(c.Reopen, reason=st.just(WHY)),
    st.builds(c.Hold, until=st.just(NINE.date().replace(year=2027)), reason=st.just(WHY)),
    *[st.builds(c.Resume)] * 2,
    st.builds(c.Assign, person=st.sampled_from(["rep-1", "rep-2", "chief-1"])),
    *[st.builds(c.SetFields, fields=FIELDS)] * 4,
    st.builds(c.AddItem, list=st.just("pains"), fields=st.fixed_dictionaries({}, optional={"deep": FLAG})),
    st.builds(c.Waive, criterion=st.just("some"), reason=st.just(WHY)),
    *[st.builds(c.RecordArtifact, artifact=st.just("paper"), file=st.just(PAPER))] * 2,
    *[st.builds(c.DecideArtifact, artifact=st.just("paper"), granted=st.booleans())] * 2,
    *[st.builds(c.DecideStage, approval=st.sampled_from(["manager", "ops"]), granted=st.booleans())] * 2,
    *[st.builds(c.CloseTask, task=st.sampled_from(["t1", "first", "then", "free", "t9"]))] * 3,
    st.builds(c.CloseTask, task=st.just("then"), how=st.just("skipped"), note=st.sampled_from([None, WHY])),
    st.builds(c.AddTask, kind=st.sampled_from(["first", "then", "free"])),
    st.builds(c.AddTask, title=st.just(WHY), optional=st.booleans()),
    st.builds(c.LogActivity, name=st.just("call"), by=st.sampled_from(["buyer", "seller"])),
    *[st.builds(c.TimePassed)] * 6,
    *[st.builds(c.Move, to=st.just("aside"))] * 3,
    st.builds(c.Transfer, reason=st.just(WHY), to=st.sampled_from([None, "one"])),
)  # fmt: skip
PEOPLE = st.sampled_from(["rep-1", "rep-1", "chief-1", "chief-1", "manager-1", "manager-2", "legal-1", "ops-1"])
MINUTES = st.sampled_from([0, 1, 60, 24 * 60, 3 * 24 * 60, 6 * 24 * 60])
PUSH: list[tuple[str, c.Command, int]] = [
    ("rep-1", c.Resume(), 1),
    ("rep-1", c.CloseTask(task="first"), 1),
    ("rep-1", c.CloseTask(task="then"), 1),
    ("rep-1", c.SetFields(fields={"a": True, "n": 3}), 1),
    ("rep-1", c.Advance(), 1),
    ("rep-1", c.RecordArtifact(artifact="paper", file=PAPER), 1),
    ("legal-1", c.DecideArtifact(artifact="paper", granted=True), 1),
    ("manager-2", c.DecideStage(approval="manager", granted=True), 1),
    ("ops-1", c.DecideStage(approval="ops", granted=True), 1),
    ("rep-1", c.Advance(), 1),
]  # what brings a deal on, in the order that needs it
ONE = st.tuples(PEOPLE, COMMANDS, MINUTES).map(lambda step: [step])
SOME = st.integers(0, 9).flatmap(lambda start: st.integers(start + 1, 10).map(lambda end: PUSH[start:end]))
STEPS = st.lists(st.one_of(ONE, ONE, ONE, SOME), min_size=8, max_size=30).map(lambda parts: [*chain(*parts)])
BUSY = settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def context_of(person: str, now: Any) -> Context:
    return Context(person, TEAM.roles_of(person), Moment(now), TEAM)


def attempted(program: Program, deal: Deal, command: c.Command, context: Context) -> tuple[Event, ...] | Refusal:
    try:
        return decide(program, deal, command, context)
    except DealwrightError:
        return ()


def through_the_log(event: Event) -> Event:
    data = msgspec.json.decode(msgspec.json.encode(event.data))
    return event_of(
        Record(
            1, event.deal, event.seq, event.type, event.at, event.at, event.actor, "u", event.role,
            event.definition_hash, data, "", "",
        )
    )  # fmt: skip


def check_passed(program: Program, before: Deal, event: Event, context: Context) -> None:
    """Nothing that blocks was passed by a move that has criteria."""
    at, data = program.layout.stage_at, event.data
    if event.type in ("advanced", "won", "completed") and getattr(data, "outcome", None) is None:
        if event.type == "completed" and before.status == "won" and not data.criteria:  # type: ignore[attr-defined]
            return
        to = data.to  # type: ignore[attr-defined]
        plan = program.plan(at[before.stage], None if to is None else at[to])
    elif event.type == "returned":
        plan = program.stage_plan(at[before.stage])
    else:
        return
    assert not [r.id for r in judge(program, plan, before, context) if r.blocks]


def check_state(program: Program, deal: Deal, event: Event) -> None:
    """What holds of every deal after every event."""
    stage, work = program.stage(deal.stage), deal.work
    assert bool(stage.detour) == (work.away is not None)
    open_kinds = [task.kind for task in work.tasks if task.how is None and task.kind]
    assert len(open_kinds) == len(set(open_kinds))
    assert [task.id for task in work.tasks] == [f"t{n}" for n in range(1, len(work.tasks) + 1)]
    assert all(late.artifact is not None or deal.stage == "three" for late in work.late)
    assert (event.role is None) == (event.actor == SYSTEM)
    if event.type in ("opened", "advanced", "regressed", "reopened", "transferred"):
        assert dict(work.variants).get(deal.stage) in (("x", "y") if stage.variants else (None,))


def check_options(program: Program, deal: Deal, context: Context) -> None:
    """What is said to be possible for this person, is."""
    for option in options(program, deal, context):
        command = _command_of(option)
        if option.allowed and option.actor_may and command is not None:
            decided = decide(program, deal, command, context)
            assert not isinstance(decided, Refusal), (option, decided)


def _command_of(option: Option) -> c.Command | None:
    if option.kind in ("advance", "win", "complete", "return"):
        return c.Advance()
    if option.kind in ("detour", "regress"):
        return c.Move(to=option.to or "", reason=WHY)
    if option.kind == "lose":
        return c.Move(to=option.to or "", reason="price")
    return {"reopen": c.Reopen(reason=WHY), "resume": c.Resume()}.get(option.kind)


@BUSY
@given(STEPS)
def test_whatever_people_try_and_whenever_time_passes(steps: list[Any]) -> None:
    program, now = HERE, NINE
    deal = blank(program.layout)
    log: list[Event] = []
    for person, command, minutes in [("rep-1", c.Open(id="small-1", title="Ex"), 1), *steps]:
        now += timedelta(minutes=minutes)
        actor = SYSTEM if isinstance(command, c.TimePassed) else person
        context = context_of(actor, now)
        after = program
        if isinstance(command, c.Transfer):
            after = THERE if program is HERE else HERE
        locked = bool(deal.stage) and deal.hold is None and program.stage(deal.stage).locked
        waiting = locked and deal.status == "open" and locking(program, deal, context)
        decided = attempted(after, deal, command, context)
        if isinstance(decided, Refusal):
            assert decided.message.en
            continue
        if waiting and decided:
            assert isinstance(command, c.DecideStage | c.DecideArtifact | c.TimePassed)
        for event in decided:
            check_passed(after if event.type == "transferred" else program, deal, event, context.by_itself())
            deal = evolve(deal, event, after.layout)
            program = after
            log.append(event)
            check_state(program, deal, event)
        if isinstance(command, c.TimePassed):
            assert decide(program, deal, command, context) == ()
        check_options(program, deal, context_of(person, now))
    assert [e.seq for e in log] == list(range(1, len(log) + 1))
    assert fold(HERE.layout, [through_the_log(event) for event in log], LAYOUTS.__getitem__) == deal
    document = msgspec.json.decode(msgspec.json.encode(to_document(deal)))
    assert from_document(program.layout, document) == deal
