"""How things stood at an instant, read from the log alone.

An event counts from its `at`, so a backdated activity from when it happened; events are folded in the log's
order. A deal is there from its opening on, whatever was told afterwards about earlier days.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime

from dealwright.engine import Program, blank, event_of, evolve, fold, from_document, to_document
from dealwright.events import Record
from dealwright.model.canonical import canonical
from dealwright.model.deal import Deal
from dealwright.ports import Move, Store

ProgramOf = Callable[[str], Program]
"""The program of a definition hash."""


def deal_at(records: Iterable[Record], program_of: ProgramOf, moment: datetime) -> tuple[Program, Deal] | None:
    """One deal of these records in the log's order, with its program of that instant; None before it was opened."""
    known = [record for record in records if record.at <= moment]
    if not known or known[0].seq != 1:
        return None
    deal = folded(known, program_of)
    return program_of(deal.layout.definition_hash), deal


def folded(records: Sequence[Record], program_of: ProgramOf) -> Deal:
    """The state that all records of one deal add up to, each transfer under the definition that it went to."""
    first = program_of(records[0].definition_hash).layout
    return fold(first, map(event_of, records), lambda named: program_of(named).layout)


def agrees(store: Store, deal_id: str, program_of: ProgramOf) -> bool:
    """Whether a deal's kept state is what its log adds up to.

    The state is read first and the log after it, cut at the state's version: others may write in between.
    """
    document = store.deal(deal_id)
    if document is None:
        return False
    kept = from_document(program_of(document["definition_hash"]).layout, document)
    records = [record for record in store.events(deal_id) if record.seq <= kept.version]
    return bool(records) and canonical(to_document(folded(records, program_of))) == canonical(to_document(kept))


def deals_at(records: Iterable[Record], program_of: ProgramOf, moment: datetime) -> Iterator[tuple[Program, Deal]]:
    """Every deal that was there, in order of opening, from one pass over the log."""
    found: dict[str, Deal] = {}
    for record in records:
        if record.at > moment:
            continue
        deal = found.get(record.deal)
        if deal is None:
            if record.seq != 1:
                continue  # told about days before the opening
            deal = blank(program_of(record.definition_hash).layout)
        layout = program_of(record.definition_hash).layout if record.type == "transferred" else None
        found[record.deal] = evolve(deal, event_of(record), layout)
    for deal in found.values():
        yield program_of(deal.layout.definition_hash), deal


class Known:
    """What the log knew of one process's moves at an instant."""

    def __init__(self, records: Iterable[Record], program_of: ProgramOf, process: str, moment: datetime) -> None:
        self.moment = moment
        self.programs: dict[str, Program] = {}  # by definition hash, in order of first use
        self._undated: set[tuple[str, int]] = set()
        for record in records:
            if record.at > moment:
                continue
            program = program_of(record.definition_hash)
            if program.layout.process != process:
                continue
            self.programs[record.definition_hash] = program
            if record.type == "imported" and record.data.get("undated"):
                self._undated.add((record.deal, record.seq))

    def moves(self, moves: Iterable[Move]) -> Iterator[Move]:
        """Those of `moves` that were known; one without a date since it was imported."""
        for move in moves:
            if (move.deal, move.seq) in self._undated if move.at is None else move.at <= self.moment:
                yield move
