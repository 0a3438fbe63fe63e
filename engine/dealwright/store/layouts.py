"""The store's own tables: which columns stand beside their documents, and which of them are indexed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from dealwright.store.documents import Column, Layout

SCHEMA = 1  # raised whenever tables or columns change

MOVES = frozenset(
    (
        "opened",
        "advanced",
        "skipped",
        "regressed",
        "won",
        "completed",
        "lost",
        "disqualified",
        "reopened",
        "detoured",
        "returned",
        "transferred",
    )
)


def fact_of(event: Mapping[str, Any]) -> str:
    """What happened: the event's type, or what an imported one stands for."""
    kind = event["data"]["what"] if event["type"] == "imported" else event["type"]
    return str(kind)


def _payload(event: Mapping[str, Any]) -> Mapping[str, Any]:
    data: Mapping[str, Any] = event["data"]
    return data["data"] if event["type"] == "imported" else data


def _from(event: Mapping[str, Any]) -> str | None:
    return _payload(event).get("from") if fact_of(event) in MOVES else None


def _to(event: Mapping[str, Any]) -> str | None:
    return _payload(event).get("to") if fact_of(event) in MOVES else None


def _at(event: Mapping[str, Any]) -> str | None:
    """When it happened, of fixed width so that text sorts by time; None where the source did not know."""
    undated = event["type"] == "imported" and event["data"].get("undated", False)
    return None if undated else sortable(event["at"])


def sortable(at: datetime | str) -> str:
    """An instant as `2026-03-05T09:30:00.000000Z`, always six decimals."""
    moment = datetime.fromisoformat(at) if isinstance(at, str) else at
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


# `move_of` holds the process of a move, null for other events: a funnel reads one partial index and no body.
EVENTS = Layout(
    "events",
    (
        Column("deal", key="deal"),
        Column("seq", "INTEGER", key="seq"),
        Column("type", key="type"),
        Column("fact", derive=fact_of),
        Column("at", derive=_at),
        Column("from", derive=_from),
        Column("to", derive=_to),
        Column("move_of"),
        Column("hash", shown=True),
        Column("head"),
    ),
    indexes=(("type",),),
    unique=(("deal", "seq"),),
    partial=(("move_of", "deal", "seq", "fact", "at", "from", "to"),),
    append_only=True,
)

DEALS = Layout(
    "deals",
    (
        Column("id", key="id"),
        Column("version", "INTEGER", key="version"),
        Column("process", key="process"),
        Column("stage", key="stage"),
        Column("status", key="status"),
        Column("owner", key="owner"),
        Column("due", key="due_at"),
        Column("external_id", key="external_id"),
        Column("title", key="title"),
        Column("opened_at", key="opened_at"),
    ),
    indexes=(("process",), ("stage",), ("status",), ("owner",), ("due",), ("external_id",)),
    unique=(("id",),),
)


def _of_definition(key: str) -> Column:
    return Column(key, derive=lambda row: row["document"].get(key))


DEFINITIONS = Layout(
    "definitions",
    (
        Column("definition_hash", key="definition_hash"),
        _of_definition("id"),
        _of_definition("version"),
        _of_definition("source_hash"),
        Column("published", "INTEGER", key="published"),
    ),
    unique=(("definition_hash",),),
)

PERSONAL = Layout(
    "personal", (Column("ref", key="ref"), Column("subject", key="subject")), (("subject",),), unique=(("ref",),)
)
COUNTERS = Layout("counters", (Column("name", key="name"),), unique=(("name",),))
META = Layout("meta", (Column("key", key="key"),), unique=(("key",),))

LAYOUTS = (EVENTS, DEALS, DEFINITIONS, PERSONAL, COUNTERS, META)
