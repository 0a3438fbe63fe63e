"""A new store of all that is whole in a damaged one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from dealwright.errors import StoreError
from dealwright.events import Record
from dealwright.model.canonical import ZERO, canonical
from dealwright.ports import Problem
from dealwright.store import durable
from dealwright.store.creation import create_files
from dealwright.store.documents import Row, columns_of
from dealwright.store.layouts import DEALS, DEFINITIONS, EVENTS, META
from dealwright.store.records import event_hash, next_head, read_record
from dealwright.store.salvage import Salvaged, salvage
from dealwright.store.storage import SQLiteStorage
from dealwright.store.tiny import TinyStore

Derive = Callable[[Sequence[Record], Mapping[str, Mapping[str, Any]]], "dict[str, Any] | None"]
_DECODE = msgspec.json.Decoder().decode
_HASH, _MOVE_OF = EVENTS.names.index("hash"), EVENTS.names.index("move_of")
_BESIDE = ("-wal", "-shm", ".head", ".seal", ".lock")


class Recovered(NamedTuple):
    """What was saved, and what was not.

    Events from `rehashed_from` on have new positions, and so new hashes, because one before them is lost;
    None where every event is kept as it was, and with them the head.
    """

    deals: int
    events: int
    head: str
    rehashed_from: int | None
    problems: tuple[Problem, ...]


class _Kept(NamedTuple):
    """An event to be kept: its document, its bytes and hash as they were, the process it moves in."""

    position: int
    document: dict[str, Any]
    body: bytes
    hash: str
    move_of: Any


def recover(path: Path, into: Path, derive: Derive) -> Recovered:
    """Bring every whole record of the store at `path` into a new one at `into`, and tell what is lost.

    A deal whose chain is broken keeps its events up to there. `derive` folds a deal's records, with the
    definitions by hash, to its document; where it gives None, the stored state is taken if it is
    that of the last event, else the deal is left out. Nothing is changed at `path`. Raises StoreError
    where there is a file at `into`, or nothing to be saved at `path`.
    """
    if into.exists():
        raise StoreError(
            f"There is already a file at {into}; nothing was changed.", f"{into} 处已有文件，未做任何更改。",
            path=str(into),
        )  # fmt: skip
    found = salvage(path)
    if not any(found.rows.values()):
        raise StoreError(
            f"Nothing that dealwright wrote can be found in {path}.", f"在 {path} 中找不到 dealwright 写入的任何内容。",
            path=str(path),
        )  # fmt: skip
    saved = _Saved(found)
    states = saved.states(derive)
    draft = into.with_name(into.name + ".recovering")
    _clear(draft)
    create_files(draft, 10.0)
    with TinyStore(draft) as store:
        done = _fill(store, saved, states)
    for suffix in (".seal", ".head", ""):
        durable.replace(draft.with_name(draft.name + suffix), into.with_name(into.name + suffix))
    _clear(draft)
    return done._replace(problems=tuple(saved.problems))


class _Saved:
    """The whole events in order of deal, cut where a chain breaks."""

    def __init__(self, found: Salvaged) -> None:
        self.found = found
        self.problems = list(_rows_lost(found))
        self.chains: dict[str, list[_Kept]] = {}
        for position, row in sorted(found.rows.get(EVENTS.name, {}).items()):
            document = _DECODE(row.body)
            kept = _Kept(position, document, row.body, str(row.columns[_HASH]), row.columns[_MOVE_OF])
            self.chains.setdefault(document["deal"], []).append(kept)
        self.problems += _positions_lost(found)
        for deal, chain in self.chains.items():
            self._cut(deal, chain)
        self.chains = {deal: chain for deal, chain in self.chains.items() if chain}

    def _cut(self, deal: str, chain: list[_Kept]) -> None:
        """Leave of a deal's events those that follow on one another from the first on."""
        chain.sort(key=lambda kept: int(kept.document["seq"]))
        before = ZERO
        for at, kept in enumerate(chain):
            own = kept.document
            whole = event_hash(kept.body) == kept.hash and own["position"] == kept.position
            if own["seq"] != at + 1 or own["prev_hash"] != before or not whole:
                self.problems.append(_cut_off(deal, at + 1, len(chain) - at))
                del chain[at:]
                return
            before = kept.hash

    def states(self, derive: Derive) -> dict[str, dict[str, Any]]:
        """Each deal's document; a deal that has none is taken out of the chains."""
        definitions = {
            str(row.columns[0]): _DECODE(row.body)["document"]
            for row in self.found.rows.get(DEFINITIONS.name, {}).values()
        }
        stored = {str(row.columns[0]): _DECODE(row.body) for row in self.found.rows.get(DEALS.name, {}).values()}
        states: dict[str, dict[str, Any]] = {}
        for deal, chain in list(self.chains.items()):
            state = derive([read_record(kept.body, kept.hash) for kept in chain], definitions)
            old = stored.get(deal, {"version": 0})
            if state is None and old["version"] == len(chain):
                state = old
            if state is None:
                self.problems.append(_no_state(deal, len(chain)))
                del self.chains[deal]
            else:
                states[deal] = state
                if old["version"] > len(chain) and not self._is_told(deal):
                    self.problems.append(_cut_off(deal, len(chain) + 1, 0))
        return states

    def _is_told(self, deal: str) -> bool:
        return any(problem.deal == deal for problem in self.problems)

    def events(self) -> list[_Kept]:
        """All that are kept, in the log's order."""
        return sorted((kept for chain in self.chains.values() for kept in chain), key=lambda kept: kept.position)


def _fill(store: TinyStore, saved: _Saved, states: Mapping[str, dict[str, Any]]) -> Recovered:
    """Write everything in one transaction."""
    storage = store.storage
    head, count, rehashed_from = ZERO, 0, None
    last: dict[str, str] = {}
    with store.transaction():
        for position, kept in enumerate(saved.events(), 1):
            body, document = kept.body, kept.document
            before = last.get(document["deal"], ZERO)
            if position != kept.position or document["prev_hash"] != before:
                rehashed_from = rehashed_from or position
                document = {**document, "position": position, "prev_hash": before}
                body = canonical(document)
            own = event_hash(body)
            last[document["deal"]], head, count = own, next_head(head, own), position
            given = {"hash": own, "head": head, "move_of": kept.move_of}
            storage.insert_row(EVENTS.name, position, body, columns_of(EVENTS, document, given))
        order = {deal: chain[0].position for deal, chain in saved.chains.items()}
        for number, deal in enumerate(sorted(states, key=order.__getitem__), 1):
            storage.insert(DEALS.name, number, states[deal])
        for table, rows in saved.found.rows.items():
            _copy(storage, table, rows)
        store.appended()
    return Recovered(len(states), count, head, rehashed_from, ())


def _copy(storage: SQLiteStorage, table: str, rows: Mapping[int, Row]) -> None:
    from dealwright.store import sql

    name = sql.plain_name(table) or table
    if name in (EVENTS.name, DEALS.name, META.name):
        return
    for doc_id, row in sorted(rows.items()):
        storage.insert_row(name, doc_id, row.body, row.columns)


def _rows_lost(found: Salvaged) -> Iterator[Problem]:
    for table, doc_id in found.hurt:
        if table != DEALS.name:  # those are derived anew
            yield Problem(
                None, None, "row-lost", f"Row {doc_id} of {table} is not whole and was left out.",
                f"{table} 表第 {doc_id} 行不完整，已略去。",
            )  # fmt: skip
    for table in sorted(found.cut - {EVENTS.name, DEALS.name, META.name}):
        yield Problem(
            None, None, "table-cut", f"The table {table} could not be read to its end; rows of it may be missing.",
            f"{table} 表未能完整读取，可能缺少部分行。",
        )  # fmt: skip


def _positions_lost(found: Salvaged) -> Iterator[Problem]:
    events = found.rows.get(EVENTS.name, {})
    hurt = {doc_id for table, doc_id in found.hurt if table == EVENTS.name}
    last = max(max(events, default=0), found.position)
    missing = [position for position in range(1, last + 1) if position not in events and position not in hurt]
    while missing:
        run = 1
        while run < len(missing) and missing[run] == missing[0] + run:
            run += 1
        en = str(missing[0]) if run == 1 else f"{missing[0]} to {missing[run - 1]}"
        zh = str(missing[0]) if run == 1 else f"{missing[0]} 至 {missing[run - 1]}"
        yield Problem(
            None, None, "event-lost", f"Of the log's position {en} nothing whole is left.",
            f"日志位置 {zh} 的内容已无法找回。",
        )  # fmt: skip
        del missing[:run]


def _cut_off(deal: str, seq: int, later: int) -> Problem:
    return Problem(
        deal, seq, "chain-cut",
        f"{deal} is kept up to event {seq - 1}: event {seq} is lost or was changed. "
        f"{later} events that were found from there on were left out.",
        f"{deal} 保留到第 {seq - 1} 个事件：第 {seq} 个事件已丢失或被改动，其后找到的 {later} 个事件已略去。",
    )  # fmt: skip


def _no_state(deal: str, events: int) -> Problem:
    return Problem(
        deal, events, "deal-lost",
        f"{deal} was left out with its {events} events: the definition it ran under is lost, and so is its state.",
        f"{deal} 及其 {events} 个事件已略去：其所用的流程定义和状态均已丢失。",
    )  # fmt: skip


def _clear(draft: Path) -> None:
    for suffix in ("", *_BESIDE):
        draft.with_name(draft.name + suffix).unlink(missing_ok=True)
