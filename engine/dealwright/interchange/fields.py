"""Fields of a deal out of cells: by declared type, with look-ups, and every doubt noted."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from typing import Any

from dealwright.interchange.cells import Cells, DateReader, is_mangled, unread_date
from dealwright.interchange.import_map import ImportMap, Source
from dealwright.interchange.issue import cut
from dealwright.interchange.lookup import Known
from dealwright.interchange.map_problems import MapProblems
from dealwright.model.layout import Layout
from dealwright.model.process import Field
from dealwright.model.text import Text
from dealwright.model.values import InvalidValueError, check_value, parse_value

# A cell cannot say who confirmed something, nor hold a file or a list of entries.
_UNREADABLE = ("list", "file", "stakeholder", "confirmation")
_SWAPPED = str.maketrans(",.，．", ".,.,")


class FieldReader:
    """Reads the mapped fields of each row; fields the process lacks go into `problems` at once."""

    def __init__(
        self, import_map: ImportMap, layout: Layout, known: Mapping[str, Known], dates: DateReader,
        problems: MapProblems,
    ) -> None:  # fmt: skip
        self._map, self._known, self._dates = import_map, known, dates
        self._currency = import_map.currency or layout.currency
        self._fields: list[tuple[Field, Source]] = []
        for name, source in import_map.fields.items():
            at = layout.field_at.get(name)
            if at is None:
                problems.unknown(f"fields.{name}", name, layout.field_at, "field", "字段")
            elif layout.fields[at].type in _UNREADABLE:
                problems.add(
                    f"fields.{name}",
                    f"a field of type {layout.fields[at].type} cannot come from a column",
                    f"类型为 {layout.fields[at].type} 的字段不能来自一列",
                )
            else:
                self._fields.append((layout.fields[at], source))

    def read(self, cells: Cells) -> dict[str, Any]:
        """The JSON values by field id; empty cells are left out."""
        values = {}
        for field, source in self._fields:
            text = self.text(cells, source)
            value = self._value(cells, field, source, text) if text else None
            if value is not None:
                values[field.id] = value
        return values

    def text(self, cells: Cells, source: Source) -> str:
        """The cell as `values` rewrites it, with doubts about an empty, unknown or mangled one noted."""
        column = source.column
        text = cells.text(column)
        listed = source.values.get(text)
        if not text or listed == "":  # `values: {N/A: ""}` makes empty what only looks filled
            self._empty(cells, source)
            return ""
        if listed is not None:
            text = listed
        elif source.values and not source.lookup:
            cells.note(column, "not-in-values", text, Text(
                    f"{column}: the map's values do not list {cut(text)!r}; it was kept as it is",
                    f"“{column}”：映射的 values 中没有 {cut(text)!r}，已原样保留",
                ), self.close(text, source.values))  # fmt: skip
        if source.lookup and text not in self._known[source.lookup]:
            cells.note(column, "not-in-lookup", text, Text(
                f"{column}: {cut(text)!r} is not in the table {source.lookup}; it was kept as it is",
                f"“{column}”：{cut(text)!r} 不在对照表 {source.lookup} 中，已原样保留",
            ), self._known[source.lookup].suggest(text))  # fmt: skip
        if source.phone and is_mangled(text):
            cells.note(column, "phone-mangled", text, Text(
                f"{column}: a spreadsheet has mangled this number; export the column as text",
                f"“{column}”：号码已被表格软件改坏；请将该列按文本导出",
            ))  # fmt: skip
        return text

    def close(self, text: str, options: Iterable[str]) -> str:
        """The option nearest to `text`, or ""."""
        return next(iter(difflib.get_close_matches(text[:200], list(options)[:500], 1)), "")

    def _empty(self, cells: Cells, source: Source) -> None:
        column = source.column
        if source.empty == "doubt":
            cells.note(column, "empty-value", None, Text(f"{column} is empty", f"“{column}”为空"))
        elif source.empty == "error":
            cells.note(column, "missing-value", None, Text(f"{column} must not be empty", f"“{column}”不能为空"))

    def _value(self, cells: Cells, field: Field, source: Source, text: str) -> Any:
        column = source.column
        if field.type in ("date", "datetime"):
            instant = self._dates.instant(text)
            if instant is None:
                cells.note(column, "bad-date", text, unread_date(column, text))
                return None
            return self._dates.day(text) if field.type == "date" else check_value(field, instant, "")
        currency = source.currency or self._currency
        if source.currency_column:
            currency = cells.text(source.currency_column).upper() or currency
        numeric = field.type in ("number", "money")
        try:
            plain = text.translate(_SWAPPED) if numeric and self._map.decimal_comma else text
            return check_value(field, parse_value(field, plain, currency), currency)
        except InvalidValueError as refused:
            code = "bad-number" if numeric else "bad-value"
            message = Text(f"{column}: {refused.text.en}", f"“{column}”：{refused.text.zh}")
            cells.note(column, code, text, message, self.close(text, field.values))
            return None
