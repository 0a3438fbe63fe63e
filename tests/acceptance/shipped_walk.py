"""A deal driven through a shipped process by the real decider, and short words for what people do."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from dealwright.definition import read_process
from dealwright.engine import Context, blank, decide, evolve, prepare
from dealwright.engine import commands as c
from dealwright.engine.program import Program
from dealwright.events import Event
from dealwright.guards import Moment
from dealwright.model.deal import Deal, FileRef, Ref
from dealwright.model.people import Person, Team
from dealwright.model.process import Process
from dealwright.model.verdict import Refusal

ROOT = Path(__file__).parents[2]
SHIPPED = ("b2b", "b2c", "channel")
MORNING = datetime(2026, 3, 2, 9, tzinfo=UTC)
PAPER = FileRef("signed.pdf", 1, "0" * 64)


@cache
def shipped(name: str) -> Process:
    """A shipped process, read by the real reader."""
    path = ROOT / "processes" / f"{name}.process.yaml"
    reading = read_process(path.read_bytes(), path.name)
    assert reading.process is not None, reading.findings
    return reading.process


class Walk:
    """A deal driven through a shipped process by people who each hold one role."""

    def __init__(self, name: str, actor: str, **fields: Any) -> None:
        process = shipped(name)
        self.program: Program = prepare(process)
        self.team = Team({f"{role}-1": Person(f"{role}-1", (role,)) for role in process.roles})
        self.now = MORNING
        self.deal: Deal = blank(self.program.layout)
        self.must(actor, c.Open(id=f"{name}-1", title="Example Ltd", fields=fields))

    def do(self, actor: str, command: c.Command) -> tuple[Event, ...] | Refusal:
        """Decide as the person with role `actor`; what happens is folded in."""
        self.now += timedelta(minutes=1)
        person = self.team.people[f"{actor}-1"]
        context = Context(person.id, person.roles, Moment(self.now, UTC), self.team)
        decided = decide(self.program, self.deal, command, context)
        if isinstance(decided, tuple):
            for event in decided:
                self.deal = evolve(self.deal, event)
        return decided

    def must(self, actor: str, *commands: c.Command) -> None:
        """All of these have to be allowed."""
        for command in commands:
            decided = self.do(actor, command)
            assert isinstance(decided, tuple), (self.deal.stage, command, decided)

    def refused(self, actor: str, command: c.Command | None = None) -> set[str]:
        """The criteria that keep the deal from going on."""
        decided = self.do(actor, command or c.Advance())
        assert isinstance(decided, Refusal), decided
        return {criterion.id for criterion in decided.criteria}

    def goes(self, actor: str, stage: str, status: str = "open", **more: Any) -> None:
        """Going on leads to `stage`."""
        self.must(actor, c.Advance(**more))
        assert (self.deal.stage, self.deal.status) == (stage, status)

    def later(self, days: int) -> None:
        """Let days pass."""
        self.now += timedelta(days=days)

    def day(self, days: int = 0) -> str:
        """A date, counted from the deal's today."""
        return (self.now + timedelta(days=days)).date().isoformat()


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


def person(role: str) -> c.Command:
    """Somebody on the buyer's side."""
    return c.AddStakeholder(fields={"name": private("s"), "role": role})


def private(text: str) -> Ref:
    """A personal value, as the workspace hands it in."""
    return Ref(f"ref-{text}", "0" * 64)
