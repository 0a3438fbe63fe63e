"""How it is with the outbox, as the contract's plain JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dealwright import RefusedError, Workspace
from dealwright_outbox.queue import Queue, Standing
from dealwright_outbox.schedule import instant
from dealwright_outbox.settings import Endpoint, settings_of
from dealwright_outbox.signing import secrets_of

_NONE: dict[str, Any] = {"pending": 0, "due": 0, "delivered": 0, "dead": 0, "oldest": None, "last": None}


def status(workspace: Workspace) -> dict[str, Any]:
    """`{v, configured, endpoints}`; endpoints that only the queue still knows come last, with no url."""
    settings = settings_of(workspace.folder, workspace.lang)
    endpoints = dict(settings.endpoints) if settings else {}
    if not Queue.exists(workspace.folder):
        rows = [_row(workspace, name, one, _NONE, Standing()) for name, one in endpoints.items()]
        return {"v": 1, "configured": settings is not None, "endpoints": rows}
    now = workspace.now().timestamp()
    with Queue(workspace.folder) as queue:
        every = [*endpoints, *(name for name in queue.names() if name not in endpoints)]
        rows = [
            _row(workspace, name, endpoints.get(name), queue.counts(name, now), queue.standing(name)) for name in every
        ]
    return {"v": 1, "configured": settings is not None, "endpoints": rows}


def _row(
    workspace: Workspace, name: str, endpoint: Endpoint | None, counts: Mapping[str, Any], standing: Standing
) -> dict[str, Any]:
    secrets, error = 0, None
    if endpoint is not None and not endpoint.disabled:
        try:
            secrets = len(secrets_of(endpoint, workspace.folder))
        except RefusedError as missing:
            error = missing.say(workspace.lang)
    resting = standing.rests_until is not None and standing.rests_until > workspace.now().timestamp()
    state = (
        "removed" if endpoint is None
        else "disabled" if endpoint.disabled
        else "gone" if standing.gone_at is not None
        else "unusable" if error
        else "resting" if resting
        else "ready"
    )  # fmt: skip
    return {
        "name": name, "url": endpoint.shown if endpoint else None, "state": state, "error": error, "secrets": secrets,
        "events": list(endpoint.events) if endpoint and endpoint.events is not None else None,
        "processes": list(endpoint.processes) if endpoint and endpoint.processes is not None else None,
        "pending": counts["pending"], "due": counts["due"], "delivered": counts["delivered"], "dead": counts["dead"],
        "oldest_pending_at": instant(counts["oldest"]), "last_delivered_at": instant(counts["last"]),
        "gone_at": instant(standing.gone_at), "resting_until": instant(standing.rests_until) if resting else None,
    }  # fmt: skip


def message_rows(workspace: Workspace, where: Mapping[str, str], limit: int) -> dict[str, Any]:
    """`{v, total, messages}`, in the order of the log."""
    if not Queue.exists(workspace.folder):
        return {"v": 1, "total": 0, "messages": []}
    with Queue(workspace.folder) as queue:
        total, rows = queue.rows(where, limit)
    return {"v": 1, "total": total, "messages": [_message(row, workspace.lang) for row in rows]}


def _message(row: Mapping[str, Any], lang: str) -> dict[str, Any]:
    pending = row["state"] == "pending"
    return {
        "id": row["id"], "endpoint": row["endpoint"], "deal": row["deal"], "seq": row["seq"],
        "position": row["position"], "type": row["type"], "state": row["state"], "attempts": row["attempts"],
        "queued_at": instant(row["queued_at"]), "due_at": instant(row["due_at"]) if pending else None,
        "done_at": instant(row["done_at"]), "status": row["status"], "error": row["zh" if lang == "zh" else "en"],
    }  # fmt: skip
