"""Small processes in the real language, and one deal driven through them by the real decider."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache
from textwrap import dedent
from typing import Any

from dealwright.definition import read_overlay, read_process, resolve
from dealwright.engine import Context, blank, decide, evolve, options, prepare
from dealwright.engine import commands as c
from dealwright.events import Event
from dealwright.guards import Moment
from dealwright.hookspecs import GateResult
from dealwright.model.deal import Deal, FileRef, Ref
from dealwright.model.people import SYSTEM, Person, Team
from dealwright.model.process import Overlay, Process
from dealwright.model.verdict import CriterionResult, Option, Refusal

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
PAPER = FileRef("signed.pdf", 1, "0" * 64)
WHY = Ref("r1", "1" * 64)
HEAD = """\
dealwright: "1"
process: small
version: 1.0.0
title: Small sales
type: b2b
currency: CNY
roles:
  rep: {title: Rep}
  manager: {title: Manager}
  legal: {title: Legal}
  ops: {title: Operations}
"""
OUTCOMES = """\
outcomes:
  lost: {status: lost, reasons: [price, timing]}
  disqualified: {status: disqualified, from: [one], reasons: [no_fit]}
"""
FOUR = """\
stages:
  - {id: one, title: One, phase: qualify, responsible: [rep]}
  - {id: two, title: Two, phase: discover, responsible: [rep]}
  - {id: three, title: Three, phase: close, responsible: [rep], wins: true}
  - {id: four, title: Four, phase: deliver, responsible: [ops]}
"""
TEAM = Team({
    **{f"{role}-{n}": Person(f"{role}-{n}", (role,)) for role in ("rep", "manager", "legal", "ops") for n in (1, 2)},
    "chief-1": Person("chief-1", ("rep", "manager", "legal")),
    "guest-1": Person("guest-1", ()),
})  # fmt: skip


@cache
def process_of(body: str, overlay: str = "") -> Process:
    """A process of the common head and `body`; four plain stages and two outcomes where it has none of its own."""
    text = HEAD + dedent(body) + "\n"
    if "\nstages:" not in text:
        text += FOUR
    if "\noutcomes:" not in text:
        text += OUTCOMES
    reading = read_process(text.encode(), "small.process.yaml")
    assert reading.process is not None, [(f.line, f.code, f.message) for f in reading.findings]
    return resolve(reading.process, [overlay_of(overlay)] if overlay else [])


def overlay_of(text: str) -> Overlay:
    """An overlay by its text."""
    reading = read_overlay(dedent(text).encode(), "extra.overlay.yaml")
    assert reading.overlay is not None, [(f.line, f.code, f.message) for f in reading.findings]
    return reading.overlay


class Driver:
    """One deal and the people around it. Time passes by a minute before each command."""

    def __init__(self, body: str = "", overlay: str = "", *, opened: bool = True, **fields: Any) -> None:
        self.program = prepare(process_of(body, overlay))
        self.now = NINE
        self.deal: Deal = blank(self.program.layout)
        self.log: list[Event] = []
        self.gates: tuple[tuple[str, GateResult], ...] = ()
        if opened:
            self.ok("rep-1", c.Open(id="small-1", title="Example Ltd", fields=fields))

    def context(self, person: str) -> Context:
        """The circumstances of something that `person` does now."""
        roles = TEAM.roles_of(person)
        return Context(person, roles, Moment(self.now, self.program.zone), TEAM, self.gates)

    def decide(self, person: str, command: c.Command) -> tuple[Event, ...] | Refusal:
        """Decide now, without anything happening."""
        return decide(self.program, self.deal, command, self.context(person))

    def do(self, person: str, command: c.Command) -> tuple[Event, ...] | Refusal:
        """Decide a minute later; what happens is folded in."""
        self.now += timedelta(minutes=1)
        decided = self.decide(person, command)
        if isinstance(decided, tuple):
            for event in decided:
                self.deal = evolve(self.deal, event)
            self.log += decided
        return decided

    def ok(self, person: str, *commands: c.Command) -> Event:
        """All of these have to be allowed; the last event."""
        for command in commands:
            decided = self.do(person, command)
            assert isinstance(decided, tuple), (command, decided)
        return self.log[-1]

    def no(self, person: str, command: c.Command) -> Refusal:
        """This has to be refused; the deal stays as it is."""
        before = self.deal
        decided = self.do(person, command)
        assert isinstance(decided, Refusal), decided
        assert self.deal is before
        return decided

    def unmet(self, person: str = "rep-1", command: c.Command | None = None) -> dict[str, str]:
        """What keeps the deal from going on: status by criterion."""
        return {r.id: r.status for r in self.no(person, command or c.Advance()).criteria}

    def later(self, **spans: float) -> None:
        """Let time pass."""
        self.now += timedelta(**spans)

    def on(self, person: str = "rep-1") -> Event:
        """Go on."""
        return self.ok(person, c.Advance())

    def back(self, to: str) -> Event:
        """Go back."""
        return self.ok("rep-1", c.Move(to=to, reason=WHY))

    def buyer(self) -> str:
        """A stakeholder on the buyer's side, added at first use."""
        if not self.deal.stakeholders:
            self.ok("rep-1", c.AddStakeholder(fields={"name": Ref("n1", "2" * 64)}))
        return self.deal.stakeholders[0].id

    def said(self, event: str, person: str = "rep-1", **more: Any) -> str:
        """The buyer's act, logged; the activity's id."""
        self.ok(person, c.LogActivity(name=event, by="buyer", contact=self.buyer(), **more))
        return self.deal.facts[-1].id

    def set(self, person: str = "rep-1", **fields: Any) -> Event:
        """Set fields."""
        return self.ok(person, c.SetFields(fields=fields))

    def ways(self, person: str = "rep-1") -> list[Option]:
        """Every way on, as asked by `person`."""
        return list(options(self.program, self.deal, self.context(person)))

    def way(self, to: str | None, kind: str = "", person: str = "rep-1") -> Option:
        """The first way to a target."""
        return next(o for o in self.ways(person) if o.to == to and (not kind or o.kind == kind))


def by_id(option: Option | Refusal) -> dict[str, CriterionResult]:
    """The criteria of a way, or of a refusal, by id."""
    return {result.id: result for result in option.criteria}


__all__ = ["FOUR", "HEAD", "NINE", "OUTCOMES", "PAPER", "SYSTEM", "TEAM", "WHY", "Driver", "by_id", "process_of"]
