"""A guarded transition: 3 criteria, 2 artifacts, a role, a version check; decided and folded, in memory.

Prints each contender's rate and its ratio to a hand-written `fire()` that does the same checks
on a frozen dataclass. `transitions` and `python-statemachine` run where they are installed
(`pip install -e ".[bench]"`). Run it as: python benchmarks/transition.py
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from dealwright.definition import read_process, resolve
from dealwright.engine import Context, blank, decide, evolve, prepare
from dealwright.engine import commands as c
from dealwright.guards import Moment
from dealwright.model.people import Person, Team

PROCESS = """
dealwright: "1"
process: bench
version: 1.0.0
title: Bench
type: b2b
currency: CNY
roles: {rep: {title: Rep}}
fields:
  source: {type: choice, values: [referral, inbound]}
  score: {type: number}
  budget: {type: money}
  note_a: {type: text}
  note_b: {type: text}
artifacts:
  needs: {by: rep, fields: {text: {type: text, required: true}}}
  quote: {by: rep, fields: {price: {type: money, required: true}}}
stages:
  - id: one
    title: One
    phase: qualify
    responsible: [rep]
    sla: 10d
    requires: [needs, quote]
    exit_criteria:
      source: {condition: has(source)}
      score: {condition: score >= 60}
      budget: {condition: budget >= 1000}
  - {id: two, title: Two, phase: close, responsible: [rep], sla: 10d, wins: true}
outcomes: {lost: {status: lost, reasons: [price]}}
"""
NOW = datetime(2026, 1, 5, tzinfo=UTC)


def main() -> None:
    contenders: dict[str, Callable[[int], None]] = {"hand-written fire()": _by_hand(), "dealwright": _dealwright()}
    for name, build in (("transitions", _transitions), ("python-statemachine", _statemachine)):
        try:
            contenders[name] = build()
        except ImportError:
            print(f"{name}: not installed, left out")
    rounds: dict[str, list[float]] = {name: [] for name in contenders}
    for _ in range(7):  # interleaved, so that a busy machine is unfair to all alike
        for name, run in contenders.items():
            number = 20_000 if name in ("hand-written fire()", "dealwright") else 1_000
            start = time.perf_counter()
            run(number)
            rounds[name].append(number / (time.perf_counter() - start))
    base = statistics.median(rounds["hand-written fire()"])
    print(f"{'':24}{'per second':>12}{'of fire()':>11}")
    for name, rates in rounds.items():
        rate = statistics.median(rates)
        print(f"{name:24}{rate:>12,.0f}{rate / base:>11.3f}")


def _dealwright() -> Callable[[int], None]:
    process = resolve(_read(), ())
    program = prepare(process)
    team = Team({"rep-1": Person("rep-1", ("rep",))})
    context = Context("rep-1", ("rep",), Moment(NOW, UTC), team)
    deal = blank(program.layout, "bench-1")
    for command in (
        c.Open(id="bench-1", title="t", fields={"source": "referral", "score": 80, "budget": 5000}),
        c.RecordArtifact(artifact="needs", fields={"text": "x"}),
        c.RecordArtifact(artifact="quote", fields={"price": 100}),
    ):
        for event in decide(program, deal, command, context):
            deal = evolve(deal, event)
    advance = c.Advance()
    version = deal.version

    def run(number: int) -> None:
        for _ in range(number):
            if deal.version != version:
                raise AssertionError
            after = deal
            for event in decide(program, deal, advance, context):
                after = evolve(after, event)
            if after.stage != "two":
                raise AssertionError(after)

    return run


def _read() -> Any:
    reading = read_process(PROCESS.encode(), "bench.process.yaml")
    assert reading.process is not None, reading.findings
    return reading.process


@dataclass(frozen=True)
class _Hand:
    stage: str
    version: int
    source: str | None
    score: float | None
    budget: Decimal | None
    needs: dict[str, Any] | None
    quote: dict[str, Any] | None
    entered: datetime
    due: datetime | None


def _by_hand() -> Callable[[int], None]:
    deal = _Hand("one", 3, "referral", 80, Decimal(5000), {"text": "x"}, {"price": Decimal(100)}, NOW, None)
    roles = frozenset({"rep"})
    sla = timedelta(days=10)
    limit = Decimal(1000)

    def fire(deal: _Hand, version: int, now: datetime) -> tuple[_Hand, dict[str, Any]]:
        if deal.version != version or deal.stage != "one" or "rep" not in roles:
            raise AssertionError
        if deal.source is None or deal.score is None or deal.score < 60 or deal.budget is None or deal.budget < limit:
            raise AssertionError
        if (
            deal.needs is None
            or deal.needs.get("text") is None
            or deal.quote is None
            or deal.quote.get("price") is None
        ):
            raise AssertionError
        event = {"type": "advanced", "from": "one", "to": "two", "at": now, "seq": version + 1, "due": now + sla,
                 "criteria": ["source", "score", "budget", "needs", "quote"]}  # fmt: skip
        return replace(deal, stage="two", version=version + 1, entered=now, due=now + sla), event

    def run(number: int) -> None:
        for _ in range(number):
            after, _ = fire(deal, 3, NOW)
            if after.stage != "two":
                raise AssertionError

    return run


class _Record:
    source, score, budget = "referral", 80, Decimal(5000)
    needs, quote = {"text": "x"}, {"price": Decimal(100)}
    role, version = "rep", 3

    def has_source(self) -> bool:
        return self.source is not None

    def scores(self) -> bool:
        return self.score >= 60

    def has_budget(self) -> bool:
        return self.budget >= 1000

    def has_needs(self) -> bool:
        return self.needs.get("text") is not None

    def has_quote(self) -> bool:
        return self.quote.get("price") is not None

    def may(self) -> bool:
        return self.role == "rep" and self.version == 3


_GUARDS = ["has_source", "scores", "has_budget", "has_needs", "has_quote", "may"]


def _transitions() -> Callable[[int], None]:
    from transitions import Machine

    record = _Record()
    Machine(record, states=["one", "two"], initial="one", transitions=[
        {"trigger": "advance", "source": "one", "dest": "two", "conditions": _GUARDS},
        {"trigger": "back", "source": "two", "dest": "one"},
    ])  # fmt: skip

    def run(number: int) -> None:
        for _ in range(number):
            record.advance()  # type: ignore[attr-defined]  # transitions adds it
            record.state = "one"  # type: ignore[attr-defined]

    return run


def _statemachine() -> Callable[[int], None]:
    from statemachine import State, StateMachine

    class Machine(StateMachine):
        one = State(initial=True)
        two = State()
        advance = one.to(two, cond=_GUARDS)
        back = two.to(one)

        has_source, scores, has_budget = _Record.has_source, _Record.scores, _Record.has_budget
        has_needs, has_quote, may = _Record.has_needs, _Record.has_quote, _Record.may
        source, score, budget, needs, quote, role, version = (
            _Record.source, _Record.score, _Record.budget, _Record.needs, _Record.quote, _Record.role, _Record.version,
        )  # fmt: skip

    machine = Machine()

    def run(number: int) -> None:
        for _ in range(number):
            machine.advance()
            machine.back()

    return run


if __name__ == "__main__":
    main()
