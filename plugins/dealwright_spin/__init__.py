"""SPIN as a dealwright plugin: what to ask, what the buyer must have said, and whether calls move the deal."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from dealwright import (
    CriterionKind,
    Deal,
    Function,
    GateResult,
    LintReport,
    Process,
    Proposal,
    Score,
    Stage,
    Text,
    hookimpl,
)
from dealwright_spin.attached import asks, attached
from dealwright_spin.benefits import benefits_answer_needs, leaves_proposing
from dealwright_spin.calls import call_outcome, momentum
from dealwright_spin.depth import spin_depth
from dealwright_spin.discovery import has_overlay
from dealwright_spin.prompts import questions_to_ask
from dealwright_spin.rate import ADVANCES
from dealwright_spin.steps import next_step
from dealwright_spin.wisdom import object_to

_OVERLAY = Path(__file__).with_name("spin.overlay.yaml")


@hookimpl
def dealwright_register_overlays() -> Sequence[str]:
    """The overlay: questions, needs, benefits, call plans and reports, and what they must show per phase."""
    return [_OVERLAY.read_text(encoding="utf-8")]


@hookimpl
def dealwright_register_functions() -> Sequence[Function]:
    """`call_outcome`, on which the overlay's criterion about the last call rests."""
    return [
        Function(
            "call_outcome",
            ("boolean", "boolean", "boolean"),
            "text",
            call_outcome,
            Text(
                "What a call led to: order, advance, continuation or no_sale, from whether the buyer committed to "
                "buy, refused, and agreed to a dated action",
                "一次拜访的结果：order（成交）、advance（进展）、continuation（延续）或 no_sale（未成交），"
                "依据客户是否承诺购买、是否拒绝、是否答应带日期的行动",
            ),
        ),
    ]


@hookimpl
def dealwright_register_criteria() -> Sequence[CriterionKind]:
    """`spin_advances`, for a process that wants more of its calls than the overlay does."""
    return [ADVANCES]


@hookimpl
def dealwright_evaluate_gate(deal: Deal, process: Process, from_stage: str, to: str | None) -> Sequence[GateResult]:
    """Two calls in a row without an agreed step warn, three block; and a proposal's benefits answer explicit needs."""
    if not has_overlay(deal) or not asks(process, from_stage):
        return ()
    said = momentum(deal)
    return (*said, benefits_answer_needs(deal)) if leaves_proposing(process, from_stage, to) else said


@hookimpl
def dealwright_score(deal: Deal) -> Score | None:
    """How deep the discovery went, 0 to 100, with the advance rate among the reasons."""
    return spin_depth(deal) if has_overlay(deal) else None


@hookimpl
def dealwright_propose(deal: Deal, process: Process) -> Sequence[Proposal]:
    """After a call that led to nothing agreed: settle the step that the buyer is to take, before calling again."""
    return next_step(deal) if has_overlay(deal) and asks(process, deal.stage) else ()


@hookimpl
def dealwright_lint(process: Process, report: LintReport) -> None:
    """A process that lists SPIN asks the buyer to confirm a need somewhere in discovery."""
    object_to(process, report)


@hookimpl
def dealwright_prompts(deal: Deal, process: Process, stage: Stage) -> Sequence[Text]:
    """What to ask or do next, from what the deal has and lacks. None outside discover, propose and negotiate."""
    return questions_to_ask(deal, stage.phase) if has_overlay(deal) and attached(process, stage.phase) else ()
