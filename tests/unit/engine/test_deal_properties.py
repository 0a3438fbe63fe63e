"""Whatever people try, in whatever order: the decider keeps its promises."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import msgspec
from deal_driver import NINE, PAPER, SYSTEM, TEAM, WHY, process_of
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dealwright.engine import (
    Context,
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
from dealwright.engine.commands import ImportedFact
from dealwright.errors import DealwrightError
from dealwright.events import Event, Record
from dealwright.guards import Moment
from dealwright.model.deal import Deal, Ref
from dealwright.model.verdict import Refusal

PROGRAM = prepare(
    process_of("""
fields:
  fit: {type: choice, values: [good, bad]}
  size: {type: number, min: 0}
  credit: {type: number, by: [manager]}
  home: {type: text, personal: true}
  due: {type: date}
  agreed: {type: confirmation, by: buyer}
  pains:
    type: list
    items: open_closed
    of: {text: {type: text, required: true}, cost: {type: money}, sure: {type: confirmation, by: buyer}}
events: {met: {by: [buyer]}, shown: {by: [rep], fields: {mark: {type: number}}}}
artifacts:
  offer:
    by: [rep]
    many: true
    fields: {price: {type: money, required: true}}
    approvals: [{by: manager, if: size > 3}, {by: legal, after: manager}]
exit_criteria: {priced: {condition: "amount > 0", severity: warn}}
stages:
  - id: one
    title: One
    phase: qualify
    responsible: [rep]
    sla: 10d
    follow_up: [2d, 5d]
    exit_criteria: {met: {condition: event(met), waivable_by: [manager]}}
    skip_to: {three: [manager]}
    decision:
      branches:
        - {id: "on", if: fit == "good", to: two}
        - {id: "off", if: fit == "bad", to: disqualified, reason: no_fit}
  - id: two
    title: Two
    phase: discover
    responsible: [rep]
    sla: 1mo
    requires: [offer]
    entry_criteria: {sized: {condition: size > 0}}
    exit_criteria: {pain: {condition: "any(pains, sure)", if: size < 9, waivable_by: [manager]}}
    approvals: [{by: legal}]
  - {id: three, title: Three, phase: close, responsible: [rep], wins: true, exit_criteria: {agreed: {condition: agreed}}}
  - id: four
    title: Four
    phase: deliver
    responsible: [rep]
    decision: {by: [manager], branches: [{id: done, to: completed}, {id: again, to: four}, {id: back, to: two}]}
outcomes:
  lost: {status: lost, reasons: [price], recall: 3mo}
  disqualified: {status: disqualified, from: [one], reasons: [no_fit]}
  completed: {status: completed, reasons: [done]}
""")
)
TARGETS = ["one", "two", "three", "four", "lost", "disqualified", "completed", "nowhere"]
REASON = st.sampled_from([None, WHY, "price", "no_fit", "done", ""])
ODD: st.SearchStrategy[Any] = st.sampled_from([None, "", "x", -1, 1e9, True, [], {}, ["a"], {"amount": "x"}, {"id": 1}])
NAME = Ref("n1", "2" * 64)


def mostly(good: list[Any]) -> st.SearchStrategy[Any]:
    """Fitting values, and now and then anything else."""
    return st.one_of(st.sampled_from(good), st.sampled_from(good), ODD)


ENTRY = st.fixed_dictionaries(
    {}, optional={"text": mostly(["slow"]), "cost": mostly([5, "12"]), "sure": mostly(["s1"]), "id": mostly(["1", "2"])}
)
FIELDS = st.fixed_dictionaries(
    {},
    optional={
        "fit": mostly(["good", "good", "bad"]), "size": mostly([2, 5, 10]), "credit": mostly([1]),
        "home": mostly([NAME]), "due": mostly(["2026-05-01"]), "agreed": mostly(["s1"]),
        "pains": st.one_of(st.lists(ENTRY, max_size=3), ODD), "amount": mostly([5]), "unknown": ODD,
    },
)  # fmt: skip
FACTS = st.lists(
    st.builds(
        ImportedFact,
        st.sampled_from(["opened", "advanced", "won", "lost", "fields_set", "reopened", "activity_logged"]),
        st.fixed_dictionaries(
            {"from": st.sampled_from(["one", "two"])},
            optional={
                "to": st.sampled_from(["two", "four", "nowhere"]), "fields": FIELDS, "title": mostly(["T"]),
                "process": st.just("small"), "process_version": st.just("1.0.0"), "outcome": mostly(["lost"]),
            },
        ),
        st.sampled_from([None, NINE]),
    ),
    max_size=3,
).map(tuple)  # fmt: skip
COMMANDS = st.one_of(
    st.builds(c.Open, id=st.just("small-1"), title=st.just("Ex"), fields=FIELDS),
    *[st.builds(c.Advance, branch=st.sampled_from([None, None, "done", "again", "back", "x"]), reason=REASON)] * 4,
    *[st.builds(c.Move, to=st.sampled_from(TARGETS), reason=REASON)] * 2,
    st.builds(c.End, status=st.sampled_from(["lost", "disqualified"]), reason=REASON, recall=st.sampled_from(
        [None, date(2026, 9, 1), date(2020, 1, 1)])),
    st.builds(c.Hold, until=st.sampled_from([date(2026, 9, 1), date(2020, 1, 1)]), reason=st.just(WHY)),
    *[st.builds(c.Resume)] * 2,
    st.builds(c.Reopen, reason=st.just(WHY)),
    st.builds(c.Waive, criterion=st.sampled_from(["met", "pain", "process:met", "sized", "x"]), reason=st.just(WHY)),
    st.builds(c.Assign, person=st.sampled_from(["rep-1", "rep-2", "nobody"])),
    *[st.builds(c.SetFields, fields=FIELDS)] * 3,
    st.builds(c.AddItem, list=st.sampled_from(["pains", "fit", "x"]), fields=ENTRY),
    st.builds(c.SetItem, list=st.just("pains"), item=st.sampled_from(["1", "2", "x"]), fields=ENTRY),
    st.builds(c.CloseItem, list=st.just("pains"), item=st.sampled_from(["1", "2"])),
    *[st.builds(c.RecordArtifact, artifact=st.sampled_from(["offer", "offer-1", "offer-2", "x"]),
                fields=st.fixed_dictionaries({}, optional={"price": mostly([5])}))] * 2,
    *[st.builds(c.DecideArtifact, artifact=st.sampled_from(["offer", "offer-2"]), granted=st.booleans())] * 2,
    st.builds(c.DecideStage, approval=st.sampled_from(["legal", "x"]), granted=st.booleans()),
    *[st.builds(c.LogActivity, name=st.sampled_from(["met", "shown", "call", "x"]), contact=st.sampled_from([None, "s1"]),
                by=st.sampled_from([None, "buyer", "seller"]), at=st.sampled_from([None, NINE, NINE.replace(year=2030)]),
                proof=st.sampled_from([None, PAPER]), fields=st.fixed_dictionaries({}, optional={"mark": mostly([1])}))]
    * 2,
    st.builds(c.VoidActivity, activity=st.sampled_from(["a1", "a2"]), reason=st.just(WHY)),
    st.builds(c.AddStakeholder, fields=st.fixed_dictionaries({"name": mostly([NAME])}, optional={"influence": ODD})),
    st.builds(c.SetStakeholder, stakeholder=st.sampled_from(["s1", "s9"]), fields=st.fixed_dictionaries({}, optional={"dept": ODD})),
    st.builds(c.Import, id=st.just("small-1"), facts=FACTS, origin=st.just("x")),
)  # fmt: skip
PEOPLE = st.sampled_from(["chief-1"] * 6 + ["rep-1", "manager-1", "legal-1", "guest-1", SYSTEM])
BLIND = st.tuples(PEOPLE, COMMANDS, st.sampled_from([-60, 1, 1, 60, 60 * 24 * 3]))
# Blind attempts alone would seldom leave the first stage; between them somebody carries the deal on.
ROUTE: list[tuple[str, c.Command]] = [
    ("rep-1", c.Open(id="small-1", title="Ex", fields={"fit": "good", "size": 5, "amount": 9})),
    ("rep-1", c.AddStakeholder(fields={"name": NAME})),
    ("rep-1", c.LogActivity(name="met", contact="s1")),
    ("rep-1", c.Advance()),
    ("rep-1", c.RecordArtifact(artifact="offer", fields={"price": 5})),
    ("manager-1", c.DecideArtifact(artifact="offer", granted=True)),
    ("legal-1", c.DecideArtifact(artifact="offer", granted=True)),
    ("rep-1", c.AddItem(list="pains", fields={"text": "slow", "sure": "s1"})),
    ("legal-1", c.DecideStage(approval="legal", granted=True)),
    ("rep-1", c.Advance()),
    ("rep-1", c.SetFields(fields={"agreed": "s1"})),
    ("rep-1", c.Advance()),
    ("manager-1", c.Advance(branch="done", reason="done")),
    ("rep-1", c.Reopen(reason=WHY)),
]
STEPS = st.lists(st.one_of(st.none(), st.none(), BLIND), min_size=12, max_size=40)
BUSY = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def through_the_log(event: Event) -> Event:
    """The event as a store gives it back."""
    data = msgspec.json.decode(msgspec.json.encode(event.data))
    return event_of(
        Record(
            1, event.deal, event.seq, event.type, event.at, event.at, event.actor, "u", event.role,
            event.definition_hash, data, "", "",
        )
    )  # fmt: skip


def check_forward(before: Deal, event: Event, context: Context) -> None:
    """No criterion that blocks was passed unless it was recorded as met, or as waived by somebody who may."""
    data: Any = event.data
    if event.type not in ("advanced", "skipped", "won", "completed") or data.outcome or not data.criteria:
        return
    at = PROGRAM.layout.stage_at
    recorded = {(j.id, j.source): j.status for j in data.criteria}
    for check in PROGRAM.plan(at[data.from_], None if data.to is None else at[data.to]).checks:
        status = recorded.get((check.id, check.source))
        fresh = before.fresh_from(check.at)
        if status is None:
            assert check.applies is not None
            assert check.applies.status(before, fresh, context.moment) == "unmet"
        elif check.severity == "block":
            assert status in ("met", "waived")
            if status == "waived":
                assert any(w.criterion.endswith(check.id) for w in before.waivers)
            elif check.guard is not None:
                assert check.guard.status(before, fresh, context.moment) == "met"


def check_win(before: Deal, deal: Deal, event: Event) -> None:
    """A deal that won by the rules, and none but such a one, stays behind the winning stage."""
    assert (deal.won_at is not None) == (deal.status in ("won", "completed"))
    if before.status == "won":
        assert deal.status in ("won", "completed")
        assert PROGRAM.layout.stage_at[deal.stage] > PROGRAM.layout.stage_at["three"]


def check_state(before: Deal, deal: Deal, event: Event) -> None:
    """What holds of every deal after every event."""
    assert deal.version == before.version + 1 == event.seq
    assert deal.stage in PROGRAM.layout.stage_at
    assert (deal.closed_at is not None) == (deal.status in ("lost", "disqualified", "completed"))
    assert deal.hold is None or deal.status in ("open", "won")
    if event.type not in ("imported", "activity_logged"):
        assert before.last_at is None or event.at >= before.last_at


def unfolded(steps: list[Any]) -> Iterator[tuple[str, c.Command, int]]:
    """The steps, each None the next one of the route."""
    route = iter(ROUTE)
    for step in steps:
        if step is None:
            person, command = next(route, ROUTE[-1])
            yield person, command, 1
        else:
            yield step


@BUSY
@given(STEPS)
def test_whatever_people_try_the_decider_keeps_its_promises(steps: list[Any]) -> None:
    deal = blank(PROGRAM.layout)
    log: list[Event] = []
    now = NINE
    for person, command, minutes in unfolded(steps):
        now += timedelta(minutes=minutes)
        context = Context(person, TEAM.roles_of(person), Moment(now), TEAM)
        options(PROGRAM, deal, context)
        try:
            decided = decide(PROGRAM, deal, command, context)
        except DealwrightError as error:
            assert error.zh
            continue
        if isinstance(decided, Refusal):
            assert decided.message.en
            assert decided.cause != "criteria" or any(r.blocks for r in decided.criteria)
            continue
        assert decided or isinstance(command, c.Import)
        for event in decided:
            before, deal = deal, evolve(deal, event)
            log.append(event)
            check_forward(before, event, context)
            check_state(before, deal, event)
            if not any(e.type == "imported" for e in log):
                check_win(before, deal, event)
    assert [e.seq for e in log] == list(range(1, len(log) + 1))
    assert fold(PROGRAM.layout, [through_the_log(event) for event in log]) == deal
    document = msgspec.json.decode(msgspec.json.encode(to_document(deal)))
    assert from_document(PROGRAM.layout, document) == deal
