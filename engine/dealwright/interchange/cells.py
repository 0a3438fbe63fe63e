"""Cells of one row, read with doubts and errors noted once per column."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, tzinfo

from dealwright.interchange.issue import Issue, cut, issue
from dealwright.interchange.table import Row
from dealwright.model.dates import MAX_LENGTH, parse_written_instant
from dealwright.model.text import Text, half_width
from dealwright.model.values import is_printable

# What a spreadsheet writes where a formula failed: no value of the deal.
_FAILED = frozenset(("#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!"))
_MANGLED = re.compile(r"[+-]?\d(?:[.,]\d+)?[eE]\+?\d{1,3}|\d{7,}[.,]0+", re.ASCII)


class Cells:
    """One row by column name. `issues` gathers what was noticed while reading."""

    def __init__(self, row: Row, places: Mapping[str, int]) -> None:
        self.line = row.line
        self.issues: list[Issue] = []
        self._row = row
        self._places = places
        self._read: dict[str, str] = {}

    def text(self, column: str) -> str:
        """The cell without the blanks around it; "" for an empty one and for a failed formula, which is noted."""
        if column not in self._read:
            text = self._row.cells[self._places[column]].strip()
            if text in _FAILED:
                self.note(column, "spreadsheet-error", text, Text(
                    f"{column} holds the spreadsheet error {text}; it was read as empty",
                    f"“{column}”是表格公式错误 {text}，按空值处理",
                ))  # fmt: skip
                text = ""
            elif not is_printable(text):
                self.note(column, "bad-character", ascii(text), Text(
                    f"{column} holds control or direction characters", f"“{column}”含有控制字符或方向字符"
                ))  # fmt: skip
                text = ""
            self._read[column] = text
        return self._read[column]

    def note(self, column: str | None, code: str, value: str | None, message: Text, suggestion: str = "") -> None:
        """Keep an issue of this row; the same code on the same column counts once."""
        if not any(found.column == column and found.code == code for found in self.issues):
            self.issues.append(issue(self.line, column, code, value, message, suggestion or None))

    @property
    def rejected(self) -> bool:
        """True once an error was noted."""
        return any(found.severity == "error" for found in self.issues)


def is_mangled(text: str) -> bool:
    """True for a long number that a spreadsheet took for a quantity: `1.38E+10`, `13800000000.0`."""
    return bool(_MANGLED.fullmatch(half_width(text)))


class DateReader:
    """Reads the dates of one file: the map's formats first, then the written forms. Remembers what it read."""

    def __init__(self, formats: tuple[str, ...], zone: tzinfo) -> None:
        self._formats = formats
        self.zone = zone
        self._seen: dict[str, datetime | None] = {}

    def instant(self, text: str) -> datetime | None:
        """The instant in UTC that `text` names, or None where it cannot be read."""
        if text not in self._seen:
            self._seen[text] = self._parse(text)
        return self._seen[text]

    def day(self, text: str) -> str | None:
        """The ISO date that `text` names in the file's zone, or None."""
        found = self.instant(text)
        return found.astimezone(self.zone).date().isoformat() if found else None

    def _parse(self, text: str) -> datetime | None:
        if len(text) > MAX_LENGTH:
            return None
        plain = half_width(text)
        for form in self._formats:
            try:
                read = datetime.strptime(plain, form)  # noqa: DTZ007 - the zone is put in below
                return (read if read.tzinfo else read.replace(tzinfo=self.zone)).astimezone(UTC)
            except (ValueError, OverflowError):
                continue
        try:
            return parse_written_instant(plain, self.zone)
        except ValueError:
            return None


def unread_date(column: str, text: str) -> Text:
    """The message for a date that no format reads."""
    shown = cut(text)
    return Text(
        f"{column}: {shown!r} is no date that the map's formats, or year-month-day, can read",
        f"“{column}”：{shown!r} 不是映射中的格式或年月日格式能识别的日期",
    )
