"""A small process with a bit of everything, and random attempts on its deals."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from deal_driver import NINE, PAPER, SYSTEM, WHY, process_of
from hypothesis import strategies as st

from dealwright.engine import commands as c
from dealwright.engine import prepare
from dealwright.engine.commands import ImportedFact
from dealwright.model.deal import Ref

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
  - id: three
    title: Three
    phase: close
    responsible: [rep]
    wins: true
    exit_criteria: {agreed: {condition: agreed}}
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
PRICE = st.fixed_dictionaries({}, optional={"price": mostly([5])})
MARK = st.fixed_dictionaries({}, optional={"mark": mostly([1])})
DEPT = st.fixed_dictionaries({}, optional={"dept": ODD})
PERSON = st.fixed_dictionaries({"name": mostly([NAME])}, optional={"influence": ODD})
BRANCH = st.sampled_from([None, None, "done", "again", "back", "x"])
ENDS = st.sampled_from(["lost", "disqualified"])
DAY = st.sampled_from([date(2026, 9, 1), date(2020, 1, 1)])
AT = st.sampled_from([None, NINE, NINE.replace(year=2030)])
OFFER = st.sampled_from(["offer", "offer-1", "offer-2", "x"])
CRITERION = st.sampled_from(["met", "pain", "process:met", "sized", "x"])


def one_of(*names: str) -> st.SearchStrategy[str]:
    return st.sampled_from(names)


LOG = st.builds(
    c.LogActivity, name=one_of("met", "shown", "call", "x"), contact=st.sampled_from([None, "s1"]),
    by=st.sampled_from([None, "buyer", "seller"]), at=AT, proof=st.sampled_from([None, PAPER]), fields=MARK,
)  # fmt: skip
COMMANDS = st.one_of(
    st.builds(c.Open, id=st.just("small-1"), title=st.just("Ex"), fields=FIELDS),
    *[st.builds(c.Advance, branch=BRANCH, reason=REASON)] * 4,
    *[st.builds(c.Move, to=st.sampled_from(TARGETS), reason=REASON)] * 2,
    st.builds(c.End, status=ENDS, reason=REASON, recall=st.one_of(st.none(), DAY)),
    st.builds(c.Hold, until=DAY, reason=st.just(WHY)),
    *[st.builds(c.Resume)] * 2,
    st.builds(c.Reopen, reason=st.just(WHY)),
    st.builds(c.Waive, criterion=CRITERION, reason=st.just(WHY)),
    st.builds(c.Assign, person=one_of("rep-1", "rep-2", "nobody")),
    *[st.builds(c.SetFields, fields=FIELDS)] * 3,
    st.builds(c.AddItem, list=one_of("pains", "fit", "x"), fields=ENTRY),
    st.builds(c.SetItem, list=st.just("pains"), item=one_of("1", "2", "x"), fields=ENTRY),
    st.builds(c.CloseItem, list=st.just("pains"), item=one_of("1", "2")),
    *[st.builds(c.RecordArtifact, artifact=OFFER, fields=PRICE)] * 2,
    *[st.builds(c.DecideArtifact, artifact=OFFER, granted=st.booleans())] * 2,
    st.builds(c.DecideStage, approval=one_of("legal", "x"), granted=st.booleans()),
    *[LOG] * 2,
    st.builds(c.VoidActivity, activity=one_of("a1", "a2"), reason=st.just(WHY)),
    st.builds(c.AddStakeholder, fields=PERSON),
    st.builds(c.SetStakeholder, stakeholder=one_of("s1", "s9"), fields=DEPT),
    st.builds(c.Import, id=st.just("small-1"), facts=FACTS, origin=st.just("x")),
)
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


def unfolded(steps: list[Any]) -> Iterator[tuple[str, c.Command, int]]:
    """The steps, each None the next one of the route."""
    route = iter(ROUTE)
    for step in steps:
        if step is None:
            person, command = next(route, ROUTE[-1])
            yield person, command, 1
        else:
            yield step
