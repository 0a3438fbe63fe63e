"""MEDDPICC as a dealwright plugin: eight elements, each 0, 1 or 2, from what is on record."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from dealwright import Function, Text, hookimpl
from dealwright_meddpicc.levels import level

_OVERLAY = Path(__file__).with_name("meddpicc.overlay.yaml")


@hookimpl
def dealwright_register_overlays() -> Sequence[str]:
    """The overlay: the eight elements, what makes each begun and validated, and which a phase wants."""
    return [_OVERLAY.read_text(encoding="utf-8")]


@hookimpl
def dealwright_register_functions() -> Sequence[Function]:
    """`meddpicc_level`, by which the two conditions of an element become its points."""
    return [
        Function(
            "meddpicc_level",
            ("boolean", "boolean"),
            "number",
            level,
            Text(
                "Points of an element: 2 validated, 1 begun, 0 neither",
                "要素得分：已验证为2分，已有线索为1分，否则为0分",
            ),
        )
    ]
