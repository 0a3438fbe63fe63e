"""Where a process has SPIN speak: in the phases that it attaches to, and not over another one that leads there."""

from __future__ import annotations

from dealwright import Process


def attached(process: Process, phase: str) -> bool:
    """False where the process limits SPIN to other phases."""
    attachment = process.attachments.get("spin")
    return attachment is None or not attachment.phases or phase in attachment.phases


def asks(process: Process, stage: str) -> bool:
    """True where SPIN may hold a deal back as it leaves `stage`: it is attached there, and nobody else leads.

    Where another one leads, the process comes without SPIN's criteria for that phase.
    """
    phase = next(one.phase for one in process.stages if one.id == stage)
    patch = next((one.phases.get(phase) for one in process.overlays if one.id == "spin"), None)
    led = patch is not None and not patch.exit_criteria
    return attached(process, phase) and not led
