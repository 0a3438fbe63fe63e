"""Look-up tables: which values are known, and which known one an unknown one might have meant."""

from __future__ import annotations

import difflib
from collections import defaultdict
from collections.abc import Iterable

from dealwright.errors import UsageError
from dealwright.interchange.import_map import Lookup
from dealwright.interchange.table import Table
from dealwright.model.text import half_width

_NEIGHBOURS = 2_000  # known values compared letter by letter for one suggestion
_SEARCHES = 200  # such comparisons in one import: they are a courtesy, and slow


class Known:
    """The values of one table."""

    def __init__(self, values: Iterable[str]) -> None:
        self.values = frozenset(value for value in values if value)
        self._by_core: dict[str, str] = {}
        self._by_first: dict[str, list[str]] = defaultdict(list)
        for value in sorted(self.values):
            core = _core(value)
            self._by_core.setdefault(core, value)
            self._by_first[core[:1]].append(value)
        self._suggested: dict[str, str] = {}

    def __contains__(self, value: str) -> bool:
        return value in self.values

    def suggest(self, value: str) -> str:
        """The known value that differs only in case, width, blanks or signs; else one that is close; else ""."""
        if value not in self._suggested:
            core = _core(value)
            found = self._by_core.get(core, "") if core else ""
            if not found and len(self._suggested) < _SEARCHES:
                near = self._by_first.get(core[:1], [])[:_NEIGHBOURS]
                found = next(iter(difflib.get_close_matches(value[:200], near, 1, 0.75)), "")
            self._suggested[value] = found
        return self._suggested[value]


def known_values(name: str, lookup: Lookup, table: Table) -> Known:
    """The values in the look-up's column. Raises UsageError where the table has no such column."""
    at = table.column(lookup.column)
    if at is None:
        raise UsageError(
            f"the look-up table {name} ({lookup.file}) has no column {lookup.column!r}",
            f"对照表 {name}（{lookup.file}）没有列 {lookup.column!r}",
            lookup=name,
            columns=list(table.header[:100]),
        )
    return Known(row.cells[at].strip() for row in table.rows if at < len(row.cells))


def _core(text: str) -> str:
    return "".join(character for character in half_width(text).casefold() if character.isalnum())
