"""What is new in a row about a deal that is already there. Pure: the deal's log comes in, facts come out.

An export tells where a deal stands, seldom all it went through. So a row may leave out
what an earlier import already recorded, and may go on from it; it may never contradict it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct

from dealwright.events import Record
from dealwright.interchange.issue import Issue, issue
from dealwright.interchange.past import move_data, move_type
from dealwright.interchange.plan import PlannedDeal, PlannedFact
from dealwright.model.layout import Layout
from dealwright.model.text import Text

_ENTRIES = ("opened", "advanced", "skipped", "regressed")
_ENDS = ("won", "completed", "lost", "disqualified")
_MOVES = frozenset((*_ENTRIES, *_ENDS, "reopened", "transferred"))


class _Known(Struct):
    """What the imports so far have said of a deal, and whether it was moved by anybody else."""

    path: list[PlannedFact]
    owner: str | None = None
    fields: dict[str, Any] = {}
    moved_here: bool = False


def compare(
    records: Sequence[Record], planned: PlannedDeal, layout: Layout, personal: Mapping[str, Any] | None = None
) -> tuple[PlannedFact, ...] | Issue:
    """The facts of `planned` that the deal's log does not hold yet; none: the row changes nothing.

    `records` is the whole log of the deal, `personal` the values of its references that are
    not erased; an erased value is never brought back. New moves come first, with their own
    dates; then changed fields (null where the cell is now empty) and a changed owner, undated.
    The title stays as it was opened. A value that somebody set in dealwright stays until the
    source itself changes.

    An Issue `history-differs` where the row contradicts what was imported, `moved-here`
    where it goes on but the deal was since moved in dealwright.
    """
    known = _known(records, personal or {})
    if not known.path:
        return _differs(
            planned, "the deal was not imported; it was opened here", "该项目不是导入的，而是在本系统建立的"
        )
    moves = _new_moves(known.path, list(planned.facts), layout)
    if moves is None:
        return _differs(planned, _told(known.path), _told(known.path))
    if moves and known.moved_here:
        return issue(planned.line, None, "moved-here", planned.external_id, Text(
            f"{planned.external_id} went on in the source, but was moved in dealwright too; settle it by hand",
            f"{planned.external_id} 在来源系统中有新进展，但在本系统中也已变动；请人工处理",
        ))  # fmt: skip
    return (*moves, *_changes(known, planned))


def _known(records: Sequence[Record], personal: Mapping[str, Any]) -> _Known:
    known = _Known([])
    for record in records:
        if record.type != "imported":
            known.moved_here |= record.type in _MOVES
            continue
        what, data = record.data["what"], record.data["data"]
        if what in _MOVES:
            at = None if record.data.get("undated") else record.at
            known.path.append(PlannedFact(what, data, at))
        if what == "opened":
            known.owner = data.get("owner")
        if what == "owner_assigned":
            known.owner = data["owner"]
        for name, value in data.get("fields", {}).items():
            known.fields[name] = _revealed(value, personal)
    return known


def _revealed(value: Any, personal: Mapping[str, Any]) -> Any:
    if isinstance(value, Mapping) and set(value) == {"ref", "digest"}:
        return personal.get(value["ref"], _ERASED)
    return value


_ERASED = object()


def _new_moves(known: list[PlannedFact], planned: list[PlannedFact], layout: Layout) -> tuple[PlannedFact, ...] | None:
    """The moves to append, or None where the two pasts contradict each other."""
    for start in range(len(known)):
        rest = known[start:]
        if len(rest) <= len(planned) and all(map(_same, rest, planned)):
            return tuple(planned[len(rest) :])
    return _bridged(known[-1], planned, layout)


def _same(known: PlannedFact, planned: PlannedFact) -> bool:
    if known.at is not None and known.at != planned.at:
        return False  # an undated fact stays undated, though the source may date it later
    if known.what in _ENTRIES and planned.what in _ENTRIES:
        return bool(known.data["to"] == planned.data["to"])
    keys = ("to", "outcome", "reason")
    return known.what == planned.what and all(known.data.get(key) == planned.data.get(key) for key in keys)


def _bridged(last: PlannedFact, planned: list[PlannedFact], layout: Layout) -> tuple[PlannedFact, ...] | None:
    """Go on where the source has forgotten the stage that was last imported: its `opened` becomes a move."""
    first = planned[0]
    at, to = layout.stage_at.get(str(last.data.get("to"))), layout.stage_at.get(first.data["to"])
    if last.what not in _ENTRIES or at is None or to is None or at == to:
        return None
    if last.at is not None and first.at is not None and first.at < last.at:
        return None
    what = move_type(layout.stages, at, to)
    return (PlannedFact(what, move_data(layout.stages, at, to, what=what), first.at), *planned[1:])


def _changes(known: _Known, planned: PlannedDeal) -> tuple[PlannedFact, ...]:
    fields = {
        name: planned.fields.get(name)
        for name in (*known.fields, *(name for name in planned.fields if name not in known.fields))
        if known.fields.get(name) is not _ERASED and known.fields.get(name) != planned.fields.get(name)
    }
    changes = [PlannedFact("fields_set", {"fields": fields}, None)] if fields else []
    if planned.owner and planned.owner != known.owner:
        changes.append(PlannedFact("owner_assigned", {"owner": planned.owner}, None))
    return tuple(changes)


def _told(path: list[PlannedFact]) -> str:
    return " → ".join(f"{fact.data.get('to') or fact.what} {_day(fact.at)}" for fact in path[-4:])


def _day(at: datetime | None) -> str:
    return at.date().isoformat() if at else "?"


def _differs(planned: PlannedDeal, en: str, zh: str) -> Issue:
    return issue(planned.line, None, "history-differs", planned.external_id, Text(
        f"{planned.external_id}: this row contradicts what is recorded ({en})",
        f"{planned.external_id}：本行与已有记录矛盾（{zh}）",
    ))  # fmt: skip
