"""A kind of criterion: how many of the last calls moved the deal."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

from dealwright import CriterionKind, Deal, Judgement, Remedy, Text
from dealwright_spin.calls import ADVANCE, ORDER, outcomes
from dealwright_spin.discovery import has_overlay

Status = Literal["met", "unmet", "unknown"]

_SCHEMA = {
    "type": "object",
    "additionalProperties": False,
    "required": ["least"],
    "properties": {
        "least": {"type": "integer", "minimum": 1, "maximum": 20},
        "of_last": {"type": "integer", "minimum": 1, "maximum": 20},
    },
}


def advances(deal: Deal, parameters: Mapping[str, Any], now: datetime) -> Judgement:  # noqa: ARG001 - as kinds are asked
    """Of the last `of_last` calls (all where it is not given), at least `least` ended in an advance or an order.

    Unknown where too few calls were reported to tell, or the process goes without SPIN.
    """
    least, last = parameters["least"], parameters.get("of_last")
    every = outcomes(deal) if has_overlay(deal) else []
    calls = every[-last:] if last else every
    moved = sum(outcome in (ADVANCE, ORDER) for outcome in calls)
    few, few_zh = (f" of the last {last}", f"最近{last}次中") if last else ("", "")
    expected = Text(f"at least {least} calls{few} moved the deal", f"{few_zh}至少{least}次拜访推动了项目")
    status: Status = "met" if moved >= least else "unknown" if len(calls) < least else "unmet"
    report = Remedy("artifact add", ("call_report",))
    return Judgement(status, expected, {"calls": len(calls), "moved": moved}, (report,), "buyer")


ADVANCES = CriterionKind("spin_advances", Text("Calls that moved the deal", "推动项目的拜访次数"), _SCHEMA, advances)
