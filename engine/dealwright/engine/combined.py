"""Criteria made of parts: how many of them hold, and what that adds up to."""

from __future__ import annotations

from collections.abc import Sequence

from dealwright.model.text import Text
from dealwright.model.verdict import CriterionResult, Evidence, Explanation, Remedy, Status

_STRONGEST: tuple[Evidence, ...] = ("buyer", "approval", "document")


def combine(parts: Sequence[CriterionResult], at_least: int) -> tuple[Explanation, Evidence]:
    """At least so many of the parts that apply (0, or more than there are: all of them), by Kleene's logic.

    `found` tells the status of each part by its id; the remedies are those of as many parts as are still needed.
    """
    every = at_least <= 0 or at_least >= len(parts)
    needed = len(parts) if every else at_least
    met = sum(part.status == "met" for part in parts)
    open_ = [part for part in parts if part.status != "met"]
    status: Status = "unmet"
    if met >= needed:
        status, open_ = "met", []
    elif met + sum(part.status == "unknown" for part in parts) >= needed:
        status = "unknown"
    remedies: list[Remedy] = []
    # Those that somebody can do something about come first; of alternatives only as many as are lacking.
    open_.sort(key=lambda part: not part.fix.remedies)
    for part in open_[: needed - met]:
        remedies += [one for one in part.fix.remedies if one not in remedies]
    found = {part.id: part.status for part in parts}
    return Explanation(status, _expected(parts, needed, every), found, tuple(remedies)), _evidence(parts, needed)


def _expected(parts: Sequence[CriterionResult], needed: int, every: bool) -> Text:
    said_en = "; ".join(part.expected.en for part in parts)
    said_zh = "；".join(part.expected.zh for part in parts)
    if len(parts) == 1:
        return parts[0].expected
    if every:
        return Text(f"all of: {said_en}", f"全部满足：{said_zh}")
    if needed == 1:
        return Text(f"any of: {said_en}", f"满足任意一项：{said_zh}")
    return Text(f"at least {needed} of {len(parts)}: {said_en}", f"{len(parts)} 项中至少满足 {needed} 项：{said_zh}")


def _evidence(parts: Sequence[CriterionResult], needed: int) -> Evidence:
    """The strongest kind without which so many parts cannot hold."""
    for kind in _STRONGEST:
        if sum(part.evidence != kind for part in parts) < needed:
            return kind
    return "seller"
