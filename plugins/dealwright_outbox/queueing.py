"""From an event of the log to messages in the queue: when it happens, and again when somebody asks for it."""

from __future__ import annotations

import time
from collections.abc import Iterable
from datetime import datetime
from itertools import islice
from pathlib import Path

from dealwright import Deal, Process, Record, Workspace
from dealwright_outbox.keeping import drop, kept
from dealwright_outbox.message import Message, message_of
from dealwright_outbox.queue import Queue
from dealwright_outbox.settings import Settings, settings_of

_BATCH = 200  # events that are queued in one transaction


def enqueue(event: Record, deal: Deal, process: Process, folder: Path) -> int:
    """Queue a message for each endpoint that wants this event; how many are new. Raises InvalidDefinitionError."""
    settings = settings_of(folder)
    if settings is None:
        return 0
    messages = list(messages_of(event, deal, process, settings))
    if not messages:
        return 0
    try:
        return kept(folder).put(messages, time.time())
    except BaseException:
        drop()  # a time limit may have cut it short anywhere: the next event gets a fresh one
        raise


def messages_of(
    event: Record, deal: Deal, process: Process, settings: Settings, only: str | None = None
) -> Iterable[Message]:
    """The message for each endpoint that wants an event, or for the one named `only`."""
    for endpoint in settings.endpoints.values():
        if only in (None, endpoint.name) and endpoint.wants(event.type, process.id):
            yield message_of(event, deal, process, endpoint.name, settings.source)


def replayed(
    workspace: Workspace, settings: Settings, *, endpoint: str | None, deal: str | None, since: datetime | None,
    dry_run: bool,
) -> int:  # fmt: skip
    """Queue again whatever the log tells of, sent before or not; how many messages, those still pending left out.

    What is queued already keeps its text; the rest is made anew, with its deal as it is now. With
    `dry_run` it counts only, those still pending too.
    """
    folder, count = workspace.folder, 0
    seen: dict[str, tuple[Process, Deal]] = {}
    events = workspace.store.events(deal, since=since)
    while batch := list(islice(events, _BATCH)):
        messages: list[Message] = []
        for event in batch:
            if event.deal not in seen:
                program, found = workspace.load(event.deal)
                seen[event.deal] = (program.process, found)
            process, found = seen[event.deal]
            messages += messages_of(event, found, process, settings, endpoint)
        if dry_run:
            count += len(messages)
        elif messages:
            with Queue(folder) as queue:
                count += queue.put(messages, workspace.now().timestamp(), again=True)
    return count
