"""Deals and events as CSV tables that spreadsheets open and never compute."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from dealwright.model.inert import csv_line

DEAL_COLUMNS = (
    "id", "title", "process", "process_version", "status", "stage", "owner", "version", "opened_at", "entered_at",
    "due_at", "won_at", "closed_at", "outcome", "reason", "external_id", "parent_deal", "fields",
)  # fmt: skip
EVENT_COLUMNS = (
    "position", "deal", "seq", "type", "at", "recorded_at", "actor", "recorded_by", "role", "definition_hash", "data",
    "prev_hash", "hash",
)  # fmt: skip
_MARK = "\ufeff"  # without it spreadsheets take UTF-8 for the code page of the machine


def csv_table(columns: tuple[str, ...], rows: Iterable[Mapping[str, Any]]) -> Iterator[bytes]:
    """The file line by line, the header first; what a row lacks is empty, lists and objects are JSON."""
    yield (_MARK + csv_line(list(columns))).encode()
    for row in rows:
        # Lone surrogates cannot be in the log; whatever else is there can be written.
        yield csv_line([row.get(column) for column in columns]).encode()
