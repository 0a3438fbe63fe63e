"""Miller Heiman strategic selling as a dealwright plugin: one objective, its influences, their wins, red flags."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from dealwright import Function, Text, hookimpl
from dealwright_miller_heiman.support import support

_OVERLAY = Path(__file__).with_name("miller_heiman.overlay.yaml")


@hookimpl
def dealwright_register_overlays() -> Sequence[str]:
    """The overlay: objective, stakeholder map, red flags, and what they must show per phase."""
    return [_OVERLAY.read_text(encoding="utf-8")]


@hookimpl
def dealwright_register_functions() -> Sequence[Function]:
    """`miller_heiman_support`, which weighs ratings by influence."""
    return [
        Function(
            "miller_heiman_support",
            ("list",),
            "number",
            support,
            Text(
                "How far the stakeholders in buying roles are for us, 0 to 1, weighted by influence",
                "采购影响者对我方的支持度（0—1），按影响力加权",
            ),
        )
    ]
