"""Consultative selling as a dealwright plugin: a diagnosis that both share, options, and the buyer's own pace."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from dealwright import Deal, GateResult, Process, hookimpl
from dealwright_consultative.pace import keeps_pace

_OVERLAY = Path(__file__).with_name("consultative.overlay.yaml")


@hookimpl
def dealwright_register_overlays() -> Sequence[str]:
    """The overlay: diagnosis, options, trust and advice, and what they must show per phase."""
    return [_OVERLAY.read_text(encoding="utf-8")]


@hookimpl
def dealwright_evaluate_gate(deal: Deal, process: Process, from_stage: str) -> Sequence[GateResult]:
    """The buyer is as far as the stage supposes. Nothing in phases where the overlay asks for nothing."""
    return [keeps_pace(deal, process, from_stage)] if _asks(process, from_stage) else ()


def _asks(process: Process, from_stage: str) -> bool:
    """Whether the overlay has criteria in the phase: a process may keep it out, or let another methodology lead."""
    phase = next(stage.phase for stage in process.stages if stage.id == from_stage)
    patches = (overlay.phases.get(phase) for overlay in process.overlays if overlay.id == "consultative")
    return any(patch is not None and patch.exit_criteria for patch in patches)
