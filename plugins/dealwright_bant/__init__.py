"""BANT as a dealwright plugin: four ratings where a lead is qualified, held against what is on record.

All of it is said by the overlay.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from dealwright import hookimpl

_OVERLAY = Path(__file__).with_name("bant.overlay.yaml")


@hookimpl
def dealwright_register_overlays() -> Sequence[str]:
    """The overlay: the four ratings, both gates, the bands, and what speaks against a rating."""
    return [_OVERLAY.read_text(encoding="utf-8")]
