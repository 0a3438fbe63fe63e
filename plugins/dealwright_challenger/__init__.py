"""Challenger as a dealwright plugin: an insight, six steps in their order, and somebody who moves others.

All of it is said by the overlay.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from dealwright import hookimpl

_OVERLAY = Path(__file__).with_name("challenger.overlay.yaml")


@hookimpl
def dealwright_register_overlays() -> Sequence[str]:
    """The overlay: insight, choreography, stakeholder map, control, and what they must show per phase."""
    return [_OVERLAY.read_text(encoding="utf-8")]
