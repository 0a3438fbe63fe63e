"""Solution Selling as a dealwright plugin: from a hidden pain to a vision, with a plan and a way to power."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from dealwright import Deal, Function, Process, Stage, Text, hookimpl
from dealwright_solution.nine_blocks import questions_to_ask
from dealwright_solution.share import share

_OVERLAY = Path(__file__).with_name("solution.overlay.yaml")
_PHASE = "discover"


@hookimpl
def dealwright_register_overlays() -> Sequence[str]:
    """The overlay: pain, nine blocks, pain chain, power, plan and value, and what they must show per phase."""
    return [_OVERLAY.read_text(encoding="utf-8")]


@hookimpl
def dealwright_register_functions() -> Sequence[Function]:
    """`solution_share`, by which two facts become a factor of the score."""
    return [
        Function(
            "solution_share",
            ("boolean", "boolean"),
            "number",
            share,
            Text(
                "How far a factor is there: 0, 0.5 or 1, a half for each of two facts",
                "要素的实现程度：0、0.5或1，两项事实各占一半",
            ),
        )
    ]


@hookimpl
def dealwright_prompts(deal: Deal, process: Process, stage: Stage) -> Sequence[Text]:
    """The next of the nine blocks, in the buyer's own words. None outside discover, or where we do not attach there."""
    attached = any(overlay.id == "solution" and _PHASE in overlay.phases for overlay in process.overlays)
    return questions_to_ask(deal) if attached and stage.phase == _PHASE else ()
