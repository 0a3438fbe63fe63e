"""What is sent: an event as CloudEvents 1.0 in structured JSON, with the deal as it was when the event was queued."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any, NamedTuple

import msgspec

from dealwright import Deal, Process, Record

CONTENT_TYPE = "application/cloudevents+json; charset=utf-8"


class Message(NamedTuple):
    """One event for one endpoint. `position` is the event's in the log; `type` its own, such as `advanced`."""

    id: str
    endpoint: str
    deal: str
    seq: int
    position: int
    type: str
    body: bytes


def message_of(event: Record, deal: Deal, process: Process, endpoint: str, source: str) -> Message:
    """The message that tells `endpoint` of an event. The same event gives the same id, whenever it is asked."""
    name = message_id(event, endpoint)
    envelope = {
        "specversion": "1.0",
        "id": name,
        "source": source,
        "type": f"dealwright.deal.{event.type}.v1",
        "subject": event.deal,
        "time": msgspec.to_builtins(event.at),
        "datacontenttype": "application/json",
        "data": {"event": _plain(event), "deal": brief(deal, process)},
    }
    body = json.dumps(envelope, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return Message(name, endpoint, event.deal, event.seq, event.position or 0, event.type, body.encode())


def message_id(event: Record, endpoint: str) -> str:
    """Stable per event and endpoint: the event's hash covers all of it, and where it stands in its deal's log."""
    return "msg_" + hashlib.sha256(f"{event.hash}\n{endpoint}".encode()).hexdigest()[:32]


def brief(deal: Deal, process: Process) -> dict[str, Any]:
    """The deal without its fields, artifacts and people. What is personal stays the reference that it is."""
    phase = next((stage.phase for stage in process.stages if stage.id == deal.stage), None)
    amount = deal.value("amount") if "amount" in deal.layout.field_at else None
    return {
        "id": deal.id, "title": deal.title, "process": process.id, "process_version": process.version,
        "definition_hash": process.definition_hash, "status": deal.status,
        "on_hold": {"until": _plain(deal.hold.until), "reason": _plain(deal.hold.reason)} if deal.hold else None,
        "stage": deal.stage, "phase": phase, "owner": deal.owner, "amount": _plain(amount), "version": deal.version,
        "opened_at": _plain(deal.opened_at), "entered_stage_at": _plain(deal.entered_at), "due_at": _plain(deal.due_at),
        "won_at": _plain(deal.won_at), "closed_at": _plain(deal.closed_at), "reason": _plain(deal.reason),
        "external_id": deal.external_id, "parent_deal": deal.parent_deal, "subject": deal.subject,
        "methodologies": list(process.methodologies),
    }  # fmt: skip


def _plain(value: Any) -> Any:
    return msgspec.to_builtins(value, enc_hook=_unfrozen)


def _unfrozen(value: Any) -> Any:
    """Maps that nobody can change, as plugins are given them."""
    if isinstance(value, Mapping):
        return dict(value)
    raise NotImplementedError
