"""Views of a process and a deal whose mappings cannot be written to.

Structs are frozen, but the dicts inside them are not, and a process is shared by every deal
bound to it: a plugin that emptied `process.roles` would change the rules for the rest of the run.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Any, NoReturn

import msgspec

from dealwright.events import Record
from dealwright.model.deal import Deal
from dealwright.model.layout import Layout
from dealwright.model.process import Process, Stage

_KEPT = 32  # views kept; more processes than that in one run only cost building a view again


class FrozenLayout(Layout):
    """A layout that refuses assignment."""

    __slots__ = ()

    def __init__(self, layout: Layout) -> None:
        for name in Layout.__slots__:
            object.__setattr__(self, name, frozen(getattr(layout, name)))

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"immutable layout: {name}")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError(f"immutable layout: {name}")


class Views:
    """Builds the frozen view of each process and layout once."""

    def __init__(self) -> None:
        self._kept: dict[int, tuple[object, Any]] = {}

    def process(self, process: Process) -> Process:
        """`process` with every mapping in it read-only."""
        view: Process = self._view(process)
        return view

    def deal(self, deal: Deal) -> Deal:
        """`deal`, its layout read-only; the rest of a deal is tuples and frozen structs."""
        return msgspec.structs.replace(deal, layout=self._view(deal.layout))

    def event(self, event: Record) -> Record:
        """`event`, its data read-only."""
        return msgspec.structs.replace(event, data=frozen(event.data))

    def stage(self, stage: Stage) -> Stage:
        """`stage` with every mapping in it read-only."""
        view: Stage = self._view(stage)
        return view

    def _view(self, original: Any) -> Any:
        kept = self._kept.get(id(original))
        if kept is None:
            if len(self._kept) >= _KEPT:
                self._kept.clear()
            # The original is kept beside its view, or its id could come to mean another object.
            made = FrozenLayout(original) if isinstance(original, Layout) else frozen(original)
            kept = self._kept[id(original)] = (original, made)
        return kept[1]


def frozen(value: Any) -> Any:
    """`value` with every mapping in it read-only and every list a tuple."""
    if isinstance(value, dict):
        return MappingProxyType({key: frozen(part) for key, part in value.items()})
    if isinstance(value, tuple | list):
        return tuple(frozen(part) for part in value)
    if isinstance(value, msgspec.Struct):
        parts = {name: frozen(getattr(value, name)) for name in value.__struct_fields__}
        return type(value)(**parts)
    return value
