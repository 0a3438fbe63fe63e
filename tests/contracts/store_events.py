"""Events and deal documents for the store suite, as the engine would make them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from dealwright.events import Clocks, Event, FieldsSet, Imported, Moved, Opened, Payload, Record
from dealwright.ports import Store

START = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
DEFINITION = "d" * 64


def at(hours: float) -> datetime:
    """So many hours after the start of the story."""
    return START + timedelta(hours=hours)


def event(deal: str, seq: int, kind: str, data: Payload, *, when: datetime | None = None) -> Event:
    return Event(deal, seq, kind, when or at(seq), "rep-1", "sales_rep", DEFINITION, data)


def opened(deal: str, *, process: str = "b2b", title: str = "Pump station", to: str = "qualify") -> Event:
    data = Opened(title=title, process=process, process_version="1.0.0", to=to, clocks=Clocks(due_at=at(240)))
    return event(deal, 1, "opened", data)


def advanced(deal: str, seq: int, from_: str = "qualify", to: str = "needs", kind: str = "advanced") -> Event:
    return event(deal, seq, kind, Moved(from_=from_, to=to))


def fields_set(deal: str, seq: int, **fields: Any) -> Event:
    return event(deal, seq, "fields_set", FieldsSet(fields=fields))


def imported(deal: str, seq: int, what: str, data: dict[str, Any], *, undated: bool = False) -> Event:
    return event(deal, seq, "imported", Imported(what=what, data=data, undated=undated, origin="crm.csv:2"))


def state(deal: str, version: int, **over: Any) -> dict[str, Any]:
    """A deal document at `version`."""
    return {
        "id": deal, "version": version, "process": "b2b", "stage": "qualify", "status": "open", "owner": "rep-1",
        "due_at": "2026-03-12T09:30:00Z", "external_id": None, "title": "Pump station",
        "opened_at": "2026-03-02T10:30:00Z", "fields": {"budget": {"amount": "120000", "currency": "CNY"}},
    } | over  # fmt: skip


def write(store: Store, deal: dict[str, Any], before: int, *events: Event) -> tuple[Record, ...]:
    """Append with the usual recorder."""
    return store.append(deal, before, events, recorded_at=at(1000), recorded_by="os-rep")


def open_deal(store: Store, deal: str, **over: Any) -> tuple[Record, ...]:
    """Write a new deal with its opening."""
    document = state(deal, 1, **over)
    return write(
        store, document, 0,
        opened(deal, process=document["process"], title=document["title"], to=document["stage"]),
    )  # fmt: skip
