"""The score: how far the questions went from facts to the worth of a solution."""

from __future__ import annotations

from dealwright import Deal, Score, Text
from dealwright_spin.calls import ADVANCE, ORDER, outcomes
from dealwright_spin.discovery import needs, questions

POINTS = 25


def spin_depth(deal: Deal) -> Score:
    """25 points each for: a problem question, two implication questions, a need-payoff question, an explicit need.

    The reasons name each part, got or lacking, and the advance rate: (advances + orders) / calls.
    """
    asked = [question.type for question in questions(deal)]
    explicit = sum(need.kind == "explicit" for need in needs(deal))
    parts = (
        (asked.count("P"), 1, Text("problem questions", "难点问题")),
        (asked.count("I"), 2, Text("implication questions", "暗示问题")),
        (asked.count("N"), 1, Text("need-payoff questions", "需求效益问题")),
        (explicit, 1, Text("explicit needs", "明确需求")),
    )
    value = sum(POINTS for have, want, _ in parts if have >= want)
    reasons = [_reason(have, want, what) for have, want, what in parts]
    return Score(float(value), (*reasons, advance_rate(deal)))


def _reason(have: int, want: int, what: Text) -> Text:
    got = POINTS if have >= want else 0
    return Text(f"+{got}: {have} {what.en}, {want} needed", f"+{got}：{what.zh}{have}个，要求{want}个")


def advance_rate(deal: Deal) -> Text:
    """In words: which share of the reported calls ended in an advance or an order."""
    calls = outcomes(deal)
    if not calls:
        return Text("No call reported yet, so no advance rate", "尚无拜访报告，无法计算进展率")
    moved = sum(outcome in (ADVANCE, ORDER) for outcome in calls)
    share = round(100 * moved / len(calls))
    return Text(
        f"Advance rate {share}%: {moved} of {len(calls)} calls moved the deal",
        f"进展率 {share}%：{len(calls)} 次拜访中有 {moved} 次推动了项目",
    )
