"""Deals to try plugins on: of every stage, with nothing filled in, with half, and with all of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple

from dealwright.engine import Program
from dealwright.model.deal import Artifact, Confirmation, Deal, Fact, FileRef, Item, Ref, Stakeholder
from dealwright.model.layout import STAKEHOLDER_FIELDS
from dealwright.model.money import money
from dealwright.model.process import Field

NOW = datetime(2026, 3, 20, 12, tzinfo=UTC)
_BEGUN = NOW - timedelta(days=30)
_PAPER = FileRef("signed.pdf", 1, "0" * 64)
_TODAY = NOW.date()


class Sample(NamedTuple):
    """A deal, and how full it is: `empty`, `half` or `full`."""

    fill: str
    deal: Deal


def samples(program: Program) -> Iterator[Sample]:
    """Three deals for each stage of a process, made by hand: they need not be possible, only well typed.

    Half ones have every other value, and the least of each; full ones every value, and the most.
    """
    layout = program.layout
    for at, stage in enumerate(layout.stages):
        for fill in ("empty", "half", "full"):
            filled = _Filling(fill)
            yield Sample(fill, Deal(
                layout, id=f"{layout.process}-1", title="Northlight", status="open", stage=stage.id, owner="rep-1",
                version=40 + at, opened_at=_BEGUN, entered_at=NOW - timedelta(days=3), last_at=NOW - timedelta(days=1),
                values=filled.row(layout.fields),
                artifacts=tuple(filled.artifacts(kind.id, kind.fields) for kind in layout.artifacts),
                facts=tuple(filled.facts(program)), stakeholders=tuple(filled.people()),
            ))  # fmt: skip


class _Filling:
    """Values by type, as few or as many as asked for."""

    def __init__(self, fill: str) -> None:
        self.fill = fill
        self.most = fill == "full"

    def row(self, fields: Sequence[Field]) -> tuple[Any, ...]:
        return tuple(self.value(field) if self.has(at) else None for at, field in enumerate(fields))

    def entry(self, fields: Sequence[Field]) -> tuple[Any, ...]:
        # No list entry, event or stakeholder is ever written without what it requires; a deal or an artifact may be.
        return tuple(self.value(one) if self.has(at) or one.required else None for at, one in enumerate(fields))

    def has(self, at: int) -> bool:
        return self.fill != "empty" and (self.most or at % 2 == 0)

    def value(self, field: Field) -> Any:
        if field.personal:
            return Ref(f"ref-{field.id}", "0" * 64)
        make = _MADE.get(field.type)
        return make(self, field) if make else ("as agreed" if self.most else "?")

    def entries(self, field: Field) -> tuple[Item, ...]:
        count = max(2, field.at_least) if self.most else 1
        return tuple(Item(str(n), self.entry(field.of)) for n in range(1, count + 1))

    def number(self, field: Field) -> float | int:
        bound = field.max if self.most else field.min
        return bound if isinstance(bound, int | float) else 80 if self.most else 0

    def day(self, field: Field) -> date:
        bound = field.max if self.most else field.min
        return date.fromisoformat(bound) if isinstance(bound, str) else _TODAY + timedelta(days=30 if self.most else -1)

    def artifacts(self, kind: str, fields: Sequence[Field]) -> tuple[Artifact, ...]:
        if self.fill == "empty":
            return ()
        paper = _PAPER if self.most else None
        return (Artifact(kind, 1, 9, NOW - timedelta(days=2), "rep-1", self.row(fields), paper),)

    def facts(self, program: Program) -> Iterator[Fact]:
        kinds = program.layout.events.values() if self.fill != "empty" else ()
        for at, kind in enumerate(kinds, 1):
            by = "buyer" if "buyer" in kind.by else "seller"
            contact = "s1" if by == "buyer" else None
            yield Fact(f"a{at}", kind.id, 10 + at, NOW - timedelta(days=2), by, "rep-1", contact,
                       values=self.entry(kind.fields))  # fmt: skip

    def people(self) -> Iterator[Stakeholder]:
        for at in range(2 if self.most else 1 if self.fill == "half" else 0):
            yield Stakeholder(f"s{at + 1}", self.entry(STAKEHOLDER_FIELDS))


_MADE: dict[str, Callable[[_Filling, Field], Any]] = {
    "number": _Filling.number,
    "boolean": lambda filling, _: filling.most,
    "date": _Filling.day,
    "month": lambda _, __: _TODAY.strftime("%Y-%m"),
    "datetime": lambda _, __: NOW - timedelta(days=2),
    "money": lambda filling, _: money("120000" if filling.most else "1", "CNY"),
    "choice": lambda filling, field: list(field.values)[-1 if filling.most else 0],
    "list": _Filling.entries,
    "file": lambda _, __: _PAPER,
    "person": lambda filling, _: "rep-2" if filling.most else "rep-1",
    "stakeholder": lambda _, __: "s1",
    "confirmation": lambda _, __: Confirmation("s1", NOW - timedelta(days=2), 7),
    "record": lambda _, field: f"{field.record}-1",
}
