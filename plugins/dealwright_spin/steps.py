"""The next step to propose where calls do not move the deal."""

from __future__ import annotations

from dealwright import Deal, Proposal, Text
from dealwright_spin.calls import continuations


def next_step(deal: Deal) -> list[Proposal]:
    """One proposal after a continuation, none otherwise."""
    calls = continuations(deal)
    if not calls:
        return []
    many, many_zh = (
        ("The last call", "最近一次拜访") if calls == 1 else (f"{calls} calls in a row", f"连续{calls}次拜访")
    )
    return [
        Proposal(
            "agree_on_a_step",
            Text(f"{many} ended without anything that the buyer will do", f"{many_zh}都没有让客户答应任何行动"),
            step=Text(
                "Decide before the next call which dated action you will ask the buyer for",
                "下次拜访前先想好：要请客户答应哪一项有日期的行动",
            ),
        )
    ]
