"""Inbound as a dealwright plugin: consent first, then goals, plans, challenges and what hangs on them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from dealwright import Function, Text, hookimpl
from dealwright_inbound.lead_points import lead_points

_OVERLAY = Path(__file__).with_name("inbound.overlay.yaml")


@hookimpl
def dealwright_register_overlays() -> Sequence[str]:
    """The overlay: consent, content, the eight elements, and what they must show per phase."""
    return [_OVERLAY.read_text(encoding="utf-8")]


@hookimpl
def dealwright_register_functions() -> Sequence[Function]:
    """`inbound_lead_points`, behind the field `inbound_lead_score`."""
    return [
        Function(
            "inbound_lead_points",
            ("number", "list", "date"),
            "number",
            lead_points,
            Text(
                "Lead score of 0 to 100 on a day: fit plus points for what they looked at, halved per 30 idle days",
                "某日的线索评分（0—100）：匹配分加内容接触得分，每闲置30天减半",
            ),
        )
    ]
