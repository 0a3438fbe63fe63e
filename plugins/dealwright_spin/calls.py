"""What calls lead to: a friendly talk without a dated step by the buyer is no progress."""

from __future__ import annotations

from typing import Any

from dealwright import Artifact, Deal, GateResult, Remedy, Text
from dealwright_spin.discovery import REPORTS

ORDER = "order"
ADVANCE = "advance"
CONTINUATION = "continuation"
NO_SALE = "no_sale"

WARN_AT = 2
BLOCK_AT = 3
_MOVED = Remedy(
    "artifact add",
    (
        REPORTS,
        "--set", "objective_advance=<objective_advance:text>",
        "--set", "committed=false",
        "--set", "refused=false",
        "--set", "buyer_action=<buyer_action:text>",
        "--set", "due=<due:date>",
    ),
)  # fmt: skip


def call_outcome(committed: bool, refused: bool, agreed: bool) -> str:
    """Name the outcome of a call: order, advance, no_sale or continuation, the first that fits.

    `committed`: the buyer committed to buy; `refused`: the buyer refused, or refused the step
    sought; `agreed`: the buyer agreed to a concrete action by a date. Somebody who refuses the
    step sought but agrees to another still moves the deal: that is what a fallback is for. A
    report that says both committed and refused counts as no order.
    """
    if committed and not refused:
        return ORDER
    if agreed:
        return ADVANCE
    return NO_SALE if refused else CONTINUATION


def outcomes(deal: Deal) -> list[str]:
    """The outcome of each reported call, oldest report first."""
    at = deal.layout.artifact_at[REPORTS]
    if at >= len(deal.artifacts):  # nothing recorded yet
        return []
    names = [field.id for field in deal.layout.artifacts[at].fields]
    return [_outcome(dict(zip(names, report.values, strict=True))) for report in _in_order(deal.artifacts[at])]


def _in_order(reports: tuple[Artifact, ...]) -> list[Artifact]:
    # `call_report`, `call_report-2`, `call_report-10`: a corrected report keeps the place of its call.
    def number(report: Artifact) -> int:
        _, _, tail = report.id.rpartition("-")
        return int(tail) if tail.isdigit() else 1

    return sorted(reports, key=number)


def _outcome(report: dict[str, Any]) -> str:
    agreed = bool(report["buyer_action"]) and report["due"] is not None
    return call_outcome(bool(report["committed"]), bool(report["refused"]), agreed)


def continuations(deal: Deal) -> int:
    """How many of the last calls, one after the other, ended as continuations."""
    run = 0
    for outcome in reversed(outcomes(deal)):
        if outcome != CONTINUATION:
            break
        run += 1
    return run


def momentum(deal: Deal) -> tuple[GateResult, ...]:
    """A warning after two continuations in a row, a block after three or more; else nothing."""
    run = continuations(deal)
    if run < WARN_AT:
        return ()
    stalled = run >= BLOCK_AT
    text = (
        Text(
            f"The last {run} calls brought no step by the buyer: the deal is stalled",
            f"最近 {run} 次拜访客户都没有行动承诺：项目已停滞",
        )
        if stalled
        else Text(
            f"The last {run} calls ended warmly but without a step by the buyer",
            f"最近 {run} 次拜访谈得不错，但客户没有答应任何行动",
        )
    )
    return (
        GateResult(
            "spin_momentum",
            "unmet",
            text,
            Text(
                "the latest call ends with an action that the buyer agreed to, and its date",
                "最近一次拜访换来客户答应的行动及日期",
            ),
            found={"continuations": run},
            severity="block" if stalled else "warn",
            remedies=(_MOVED,),
        ),
    )
