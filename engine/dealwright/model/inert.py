"""Cells of CSV that no spreadsheet takes for a formula."""

from __future__ import annotations

import json
import re
from typing import Any

# A spreadsheet takes a cell that begins so for a formula; East Asian ones read the full-width signs too.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\x00", "＝", "＋", "－", "＠")
_NEEDS_QUOTES = re.compile('[,"\r\n]|^ | $')
_NEGATIVE = re.compile(r"-\d+(\.\d+)?")


def csv_line(values: list[Any]) -> str:
    """One line with its newline; null is an empty cell, lists and objects are JSON."""
    return ",".join(_quoted(csv_cell(value)) for value in values) + "\n"


def csv_cell(value: Any) -> str:
    """A value as the text of a cell: what a spreadsheet would compute gets an apostrophe, negative numbers do not."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | dict):
        value = json.dumps(value, ensure_ascii=False)
    text = str(value)
    if text.startswith(_FORMULA) and not _NEGATIVE.fullmatch(text):
        return "'" + text
    return text


def _quoted(cell: str) -> str:
    # The csv module leaves a lone carriage return unquoted unless lines end in one.
    return f'"{cell.replace(chr(34), chr(34) * 2)}"' if _NEEDS_QUOTES.search(cell) else cell
