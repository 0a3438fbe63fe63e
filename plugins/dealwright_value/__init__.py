"""Value Selling as a dealwright plugin: four factors, of which none may be nothing."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from dealwright import Function, Text, hookimpl
from dealwright_value.share import share

_OVERLAY = Path(__file__).with_name("value.overlay.yaml")


@hookimpl
def dealwright_register_overlays() -> Sequence[str]:
    """The overlay: issue, worth, power and plan, and what they must show per phase."""
    return [_OVERLAY.read_text(encoding="utf-8")]


@hookimpl
def dealwright_register_functions() -> Sequence[Function]:
    """`value_share`, by which two facts become a factor of the score."""
    return [
        Function(
            "value_share",
            ("boolean", "boolean"),
            "number",
            share,
            Text(
                "How far a factor is there: 0, 0.5 or 1, a half for each of two facts",
                "要素的实现程度：0、0.5或1，两项事实各占一半",
            ),
        )
    ]
