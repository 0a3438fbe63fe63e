"""Sandler as a dealwright plugin: seven compartments in their order, contracts, and leave to say no.

All of it is said by the overlay.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from dealwright import hookimpl

_OVERLAY = Path(__file__).with_name("sandler.overlay.yaml")


@hookimpl
def dealwright_register_overlays() -> Sequence[str]:
    """The overlay: meetings with their contracts, pains, budget, decision, and the compartments closed."""
    return [_OVERLAY.read_text(encoding="utf-8")]
