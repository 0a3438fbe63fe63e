"""A deal driven through a shipped process by the real decider, and short words for what people do."""

from __future__ import annotations

import copy
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Self

from dealwright.definition import read_process, resolve
from dealwright.engine import Context, blank, decide, evolve, options, prepare
from dealwright.engine import commands as c
from dealwright.engine.program import Program
from dealwright.engine.uniqueness import key
from dealwright.events import Event
from dealwright.guards import Moment
from dealwright.model.deal import Deal, FileRef, Ref
from dealwright.model.facts import Facts, RecordFacts, Rival
from dealwright.model.people import Person, Team
from dealwright.model.process import Process
from dealwright.model.values import check_value, revive
from dealwright.model.verdict import Option, Refusal
from dealwright.workspace.neighbours import Neighbours, Records, around

ROOT = Path(__file__).parents[2]
PLACE = ROOT / "processes"
RECORDS = tuple(sorted(path.name.partition(".")[0] for path in PLACE.glob("*.record.yaml")))
SHIPPED = tuple(sorted(path.name.partition(".")[0] for path in PLACE.glob("*.process.yaml")))
TEMPLATES = ("six_stage", "funnel", "seven_steps", "seven_detailed", "five_links", "sales_path", "buyer_funnel")
MORNING = datetime(2026, 3, 2, 9, tzinfo=UTC)
PAPER = FileRef("signed.pdf", 1, "0" * 64)
MANY = 3  # people who hold each role, so that committees and four eyes find some


@cache
def neighbours() -> Neighbours:
    """The shipped files, as they read each other."""
    return around(PLACE / "b2b.process.yaml")


@cache
def shipped(name: str) -> Process:
    """A shipped process or type of record, read by the real reader."""
    path = PLACE / f"{name}.{'record' if name in RECORDS else 'process'}.yaml"
    beside = neighbours()
    records = Records(beside)
    reading = read_process(path.read_bytes(), path.name, records=records, processes=beside)
    assert reading.process is not None, reading.findings
    return resolve(reading.process, (), records=records, processes=beside)


@cache
def program_of(name: str) -> Program:
    """The program of a shipped process."""
    return prepare(shipped(name))


def beginner(name: str) -> str:
    """A role that opens deals of a process."""
    process = shipped(name)
    first = process.start[-1].to if process.start else process.stages[0].id
    return next(stage for stage in process.stages if stage.id == first).responsible[0]


class Walk:
    """A deal driven through a shipped process by people who each hold one role.

    `known` is what it may read of records and related deals, by name; `rivals` are live
    deals with the same values, by the rule of uniqueness.
    """

    def __init__(self, name: str, actor: str = "", **fields: Any) -> None:
        process = shipped(name)
        self.name = name
        self.program: Program = program_of(name)
        people = (f"{role}-{number}" for role in process.roles for number in range(1, MANY + 1))
        self.team = Team({person: Person(person, (person.rpartition("-")[0],)) for person in people})
        self.now = MORNING
        self.known: dict[str, RecordFacts] = {}
        self.rivals: dict[str, tuple[Rival, ...]] = {}
        if process.subject:
            self.knows(process.subject, f"{process.subject}-1")
        self.deal: Deal = blank(self.program.layout)
        subject = f"{process.subject}-1" if process.subject else None
        role = actor or beginner(name)
        self.must(role, c.Open(id=f"{name}-1", title="Example Ltd", owner=f"{role}-1", fields=fields, subject=subject))

    def knows(self, name: str, record: str, **values: Any) -> None:
        """From now on the name reads this record (of the type that its id begins with), with these values too."""
        kind = record.rpartition("-")[0]
        known = dict(self.known[name].values) if name in self.known else {}
        for field in shipped(kind).fields if kind in RECORDS else ():
            if field.id in values:
                known[field.id] = revive(field, check_value(field, values[field.id], "CNY"))
        facts = RecordFacts(record, "Example Ltd", kind, "open", "current", None, date(2026, 1, 1), known)
        self.known[name] = facts

    def context(self, person: str | None = None) -> Context:
        """The circumstances of whoever acts."""
        ids = {process: f"{process}-9" for process in SHIPPED}
        sought = {rule.id: key(self.program, rule, self.deal) for rule in self.program.process.unique}
        rivals = {rule.id: self.rivals.get(rule.id, ()) for rule in self.program.process.unique}
        facts = Facts(records=self.known, rivals=rivals, sought=sought, ids=ids)
        roles = self.team.people[person].roles if person else ()
        return Context(person or "somebody", roles, Moment(self.now, UTC, facts), self.team)

    def do(self, actor: str, command: c.Command) -> tuple[Event, ...] | Refusal:
        """Decide as a person (`legal-2`) or as the first with a role (`legal`); what happens is folded in."""
        self.now += timedelta(minutes=1)
        person = actor if actor in self.team.people else f"{actor}-1"
        decided = decide(self.program, self.deal, command, self.context(person))
        if isinstance(decided, tuple):
            for event in decided:
                self.deal = evolve(self.deal, event)
        return decided

    def must(self, actor: str, *commands: c.Command) -> None:
        """All of these have to be allowed."""
        for command in commands:
            decided = self.do(actor, command)
            assert isinstance(decided, tuple), (self.deal.stage, command, decided)

    def ways(self) -> tuple[Option, ...]:
        """Every transition that the deal could take, with its criteria."""
        return options(self.program, self.deal, self.context())

    def refused(self, actor: str, command: c.Command | None = None) -> set[str]:
        """The criteria that keep the deal from going on."""
        decided = self.do(actor, command or c.Advance())
        assert isinstance(decided, Refusal), decided
        return {criterion.id for criterion in decided.criteria}

    def goes(self, actor: str, stage: str, status: str = "open", **more: Any) -> None:
        """Going on leads to `stage`."""
        self.must(actor, c.Advance(**more))
        assert (self.deal.stage, self.deal.status) == (stage, status)

    def later(self, days: float) -> None:
        """Let days pass."""
        self.now += timedelta(days=days)

    def tick(self) -> list[Event]:
        """What is due by now happens."""
        decided = decide(self.program, self.deal, c.TimePassed(), self.context())
        assert isinstance(decided, tuple), decided
        for event in decided:
            self.deal = evolve(self.deal, event)
        return list(decided)

    def day(self, days: int = 0) -> str:
        """A date, counted from the deal's today."""
        return (self.now + timedelta(days=days)).date().isoformat()

    def fork(self) -> Self:
        """The same deal once more; what happens to one does not happen to the other."""
        twin = copy.copy(self)
        twin.known, twin.rivals = dict(self.known), dict(self.rivals)
        return twin


def put(**fields: Any) -> c.Command:
    """Set fields of the deal."""
    return c.SetFields(fields=fields)


def item(name: str, **fields: Any) -> c.Command:
    """Add an entry to a list."""
    return c.AddItem(list=name, fields=fields)


def paper(kind: str, *, file: bool = False, **fields: Any) -> c.Command:
    """Record an artifact."""
    return c.RecordArtifact(artifact=kind, fields=fields, file=PAPER if file else None)


def yes(kind: str) -> c.Command:
    """Approve an artifact."""
    return c.DecideArtifact(artifact=kind, granted=True)


def act(name: str, **fields: Any) -> c.Command:
    """An act of our own."""
    return c.LogActivity(name=name, fields=fields)


def buyer(name: str, *, proof: bool = False, **fields: Any) -> c.Command:
    """An act of the buyer's, by the first stakeholder."""
    return c.LogActivity(name=name, by="buyer", contact="s1", fields=fields, proof=PAPER if proof else None)


def done(task: str) -> c.Command:
    """A task is done; it is named by its kind."""
    return c.CloseTask(task=task)


def person(role: str) -> c.Command:
    """Somebody on the buyer's side."""
    return c.AddStakeholder(fields={"name": private("s"), "role": role})


def private(text: str) -> Ref:
    """A personal value, as the workspace hands it in."""
    return Ref(f"ref-{text}", "0" * 64)
