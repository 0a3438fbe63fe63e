"""A deal as the store keeps it: its state, and when time may next do something to it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from dealwright.engine import Program, to_document
from dealwright.model.deal import Deal


def document_of(program: Program, deal: Deal, now: datetime) -> dict[str, Any]:
    """The deal's document; `wakes_at`, of fixed width so that text sorts by time, only where time can touch it."""
    document = to_document(deal)
    if program.wakes:
        from dealwright.engine.waking import wakes_at

        at = wakes_at(program, deal, now)
        if at is not None:
            document["wakes_at"] = at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
    return document
