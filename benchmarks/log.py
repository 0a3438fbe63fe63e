"""The log in bulk: folding events to states, the funnel, and the size of a deal in memory.

- fold: events as stored bytes to the deals' final states, against one pass of `json.loads` over the same bytes
- funnel: entries and exits per stage and month, against a one-pass Python script over the same rows, in memory
  and from the store's columns
- memory: a live deal with 8 fields and 3 artifacts, by tracemalloc, over 5,000 deals

`--events N` sets how many (default 200,000). Run it as: python benchmarks/log.py --events 1000000
"""

from __future__ import annotations

import argparse
import gc
import json
import tempfile
import time
import tracemalloc
from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec

from dealwright.definition import read_process, resolve
from dealwright.engine import Context, Program, blank, decide, evolve, fold, prepare, to_document
from dealwright.engine import commands as c
from dealwright.engine.folding import event_of
from dealwright.events import Event, Record
from dealwright.guards import Moment
from dealwright.insight.funnel import funnel, periods
from dealwright.model.deal import Deal
from dealwright.model.people import Person, Team
from dealwright.ports import Move
from dealwright.store import create_store

PROCESS = """
dealwright: "1"
process: bench
version: 1.0.0
title: Bench
type: b2b
currency: CNY
roles: {rep: {title: Rep}}
fields: {source: {type: text}, score: {type: number}, fit: {type: text}, region: {type: text}, budget: {type: money}}
artifacts:
  needs: {by: rep, fields: {text: {type: text}}}
  quote: {by: rep, fields: {price: {type: money}}}
  note: {by: rep, fields: {text: {type: text}}}
stages:
  - {id: one, title: One, phase: qualify, responsible: [rep], sla: 10d}
  - {id: two, title: Two, phase: discover, responsible: [rep], sla: 10d}
  - {id: three, title: Three, phase: propose, responsible: [rep], sla: 10d}
  - {id: four, title: Four, phase: close, responsible: [rep], sla: 10d, wins: true}
outcomes: {lost: {status: lost, reasons: [price]}}
"""
START = datetime(2024, 1, 1, tzinfo=UTC)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--events", type=int, default=200_000)
    wanted = parser.parse_args().events
    program = _program()
    logs = _logs(program, wanted)
    total = sum(len(log) for log in logs)
    print(f"{total:,} events of {len(logs):,} deals")
    _fold(program, logs)
    _funnel(program, logs)
    _memory(program)


def _program() -> Program:
    reading = read_process(PROCESS.encode(), "bench.process.yaml")
    assert reading.process is not None, reading.findings
    return prepare(resolve(reading.process, ()))


def _context(at: datetime) -> Context:
    return Context("rep-1", ("rep",), Moment(at, UTC), Team({"rep-1": Person("rep-1", ("rep",))}))


def _life(program: Program, number: int) -> list[Event]:
    """One deal's events, decided as any others: opened, set, three stages on, won or lost."""
    deal = blank(program.layout, f"bench-{number}")
    at = START + timedelta(hours=number % 8760)
    events: list[Event] = []
    script: list[c.Command] = [
        c.Open(id=f"bench-{number}", title=f"Deal {number}", fields={"source": "referral", "score": 80}),
        c.SetFields(fields={"fit": "yes", "region": "north", "budget": 5000}),
        c.Advance(), c.RecordArtifact(artifact="needs", fields={"text": "x"}),
        c.Advance(), c.RecordArtifact(artifact="quote", fields={"price": 100}), c.Advance(),
        c.End(status="lost", reason="price") if number % 3 == 0 else c.Advance(),
    ]  # fmt: skip
    for command in script:
        at += timedelta(days=3)
        decided = decide(program, deal, command, _context(at))
        assert isinstance(decided, tuple), decided
        for event in decided:
            deal = evolve(deal, event)
            events.append(event)
    return events


def _logs(program: Program, wanted: int) -> list[list[bytes]]:
    lives = [_life(program, number) for number in range(200)]
    encoded = [[msgspec.json.encode(_record(event)) for event in life] for life in lives]
    logs: list[list[bytes]] = []
    count = 0
    while count < wanted:
        log = encoded[len(logs) % len(encoded)]
        logs.append(log)
        count += len(log)
    return logs


def _record(event: Event) -> Record:
    return Record(
        1, event.deal, event.seq, event.type, event.at, event.at, event.actor, "os", event.role,
        event.definition_hash, msgspec.to_builtins(event.data), "0" * 64, "0" * 64,
    )  # fmt: skip


def _fold(program: Program, logs: list[list[bytes]]) -> None:
    start = time.perf_counter()
    for log in logs:
        for raw in log:
            json.loads(raw)
    plain = time.perf_counter() - start
    decoder = msgspec.json.Decoder(Record)
    start = time.perf_counter()
    for log in logs:
        fold(program.layout, [event_of(decoder.decode(raw)) for raw in log])
    took = time.perf_counter() - start
    print(f"fold to states: {took:.2f} s; json.loads of the same bytes: {plain:.2f} s; ratio {took / plain:.2f}")


def _funnel(program: Program, logs: list[list[bytes]]) -> None:
    moves = _moves(logs)
    pieces = periods(date(2024, 1, 1), date(2026, 1, 1), "month")
    stages = [stage.id for stage in program.process.stages]
    start = time.perf_counter()
    _script(moves)
    plain = time.perf_counter() - start
    start = time.perf_counter()
    found = funnel(moves, stages, pieces, UTC)
    took = time.perf_counter() - start
    assert found.reconciled
    print(
        f"funnel of {len(moves):,} moves, in memory: {took:.2f} s; "
        f"one-pass script {plain:.2f} s; ratio {took / plain:.2f}"
    )
    with tempfile.TemporaryDirectory() as place:
        few = logs[:2000]
        store = create_store(Path(place) / "bench.db")
        with store.transaction():
            for number, log in enumerate(few):
                _append(program, store, number, log)
        some = _moves(few)
        memory = min(_timed(lambda: funnel(some, stages, pieces, UTC)) for _ in range(5))
        from_store = min(_timed(lambda: funnel(store.moves("bench"), stages, pieces, UTC)) for _ in range(5))
        print(f"funnel of {len(some):,} moves from the store: {from_store / memory:.2f} of the same in memory")
        store.close()


def _timed(run: Callable[[], object]) -> float:
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def _append(program: Program, store: Any, number: int, log: list[bytes]) -> None:
    events = []
    for raw in log:
        event = event_of(msgspec.json.decode(raw, type=Record))
        events.append(msgspec.structs.replace(event, deal=f"bench-{number}"))
    deal = fold(program.layout, events)
    store.append(to_document(deal), 0, events, recorded_at=START, recorded_by="os")


def _moves(logs: list[list[bytes]]) -> list[Move]:
    moves = []
    for number, log in enumerate(logs):
        for raw in log:
            event = json.loads(raw)
            data = event["data"]
            if "to" in data or "from" in data:
                at = datetime.fromisoformat(event["at"])
                moves.append(Move(f"bench-{number}", event["seq"], event["type"], at, data.get("from"), data.get("to")))
    return moves


def _script(moves: list[Move]) -> tuple[Counter[tuple[str, int, int]], Counter[tuple[str, int, int]]]:
    """What somebody would write for one question, without undated moves, periods or reconciling."""
    entered: Counter[tuple[str, int, int]] = Counter()
    exited: Counter[tuple[str, int, int]] = Counter()
    for move in moves:
        at = move.at
        if at is None:
            continue
        if move.from_ is not None:
            exited[(move.from_, at.year, at.month)] += 1
        if move.to is not None:
            entered[(move.to, at.year, at.month)] += 1
    return entered, exited


def _memory(program: Program) -> None:
    gc.collect()
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    deals = [_live(program, number) for number in range(5000)]
    gc.collect()
    size = (tracemalloc.get_traced_memory()[0] - before) / len(deals)
    tracemalloc.stop()
    print(f"a live deal with 8 fields and 3 artifacts: {size:.0f} bytes")


def _live(program: Program, number: int) -> Deal:
    deal = blank(program.layout, f"bench-{number}")
    for command in (
        c.Open(id=f"bench-{number}", title="Deal", fields={"amount": 1000, "grade": "A", "deal_type": "new",
               "source": "referral", "score": 80, "fit": "yes", "region": "north", "budget": 5000}),
        c.RecordArtifact(artifact="needs", fields={"text": "x"}),
        c.RecordArtifact(artifact="quote", fields={"price": 100}),
        c.RecordArtifact(artifact="note", fields={"text": "y"}),
    ):  # fmt: skip
        decided = decide(program, deal, command, _context(START))
        assert isinstance(decided, tuple), decided
        for event in decided:
            deal = evolve(deal, event)
    return deal


if __name__ == "__main__":
    main()
