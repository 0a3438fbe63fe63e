"""The outbox: tells other systems of what happens to deals, by signed webhooks, as `outbox.yaml` asks.

An event is only queued while the command that made it still runs; `dealwright outbox deliver` sends.
"""

from __future__ import annotations

from pathlib import Path

from dealwright import CommandLine, Deal, Process, Record, hookimpl


@hookimpl
def dealwright_on_event(event: Record, deal: Deal, process: Process, folder: Path) -> None:
    """Queue a message for each endpoint that is to be told; the same event again changes nothing."""
    from dealwright_outbox.queueing import enqueue

    enqueue(event, deal, process, folder)


@hookimpl
def dealwright_register_commands(cli: CommandLine) -> None:
    """`dealwright outbox ...`."""
    cli.add(
        "outbox", "dealwright_outbox.commands:outbox",
        "Webhooks: what is queued, sent and given up", "Webhook：待发、已发和放弃的消息",
    )  # fmt: skip
