"""Depth of discovery: 25 points a part, with the reasons."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

NOW = datetime(2026, 3, 20, tzinfo=UTC)
P, I, N = ("P", "What fails?"), ("I", "What follows?"), ("N", "What would it be worth?")  # noqa: E741
EXPLICIT, IMPLIED = ("We want it gone", "explicit"), ("It is slow", "implied")


def score(plugins, process, deal):
    [(name, result)] = plugins.scores(("spin",), deal, process, NOW)
    assert name == "spin"
    return result


@pytest.mark.parametrize(
    ("questions", "needs", "value"),
    [
        ([], [], 0),
        ([("S", "How many sites?")], [], 0),
        ([P], [], 25),
        ([P, I], [], 25),
        ([P, I, I], [], 50),
        ([P, I, I, N], [], 75),
        ([P, I, I, N], [IMPLIED], 75),
        ([P, I, I, N], [EXPLICIT], 100),
        ([P, P, I, I, I, N, N], [EXPLICIT, EXPLICIT], 100),
        ([], [EXPLICIT], 25),
        ([N], [], 25),
    ],
)
def test_depth_adds_25_for_each_part(plugins, process, deal_with, questions, needs, value):
    assert score(plugins, process, deal_with(questions, needs)).value == value


def test_every_part_is_a_reason_got_or_lacking(plugins, process, deal_with):
    reasons = score(plugins, process, deal_with([P, I])).reasons
    assert [reason.en for reason in reasons] == [
        "+25: 1 problem questions, 1 needed",
        "+0: 1 implication questions, 2 needed",
        "+0: 0 need-payoff questions, 1 needed",
        "+0: 0 explicit needs, 1 needed",
        "No call reported yet, so no advance rate",
    ]
    assert reasons[1].zh == "+0：暗示问题1个，要求2个"


def test_advance_rate_counts_advances_and_orders_among_all_calls(plugins, process, deal_with):
    calls = [
        (False, False, None, None),
        (False, False, "send the figures", date(2026, 3, 9)),
        (True, False, None, None),
        (False, True, None, None),
    ]
    last = score(plugins, process, deal_with(calls=calls)).reasons[-1]
    assert last.en == "Advance rate 50%: 2 of 4 calls moved the deal"
    assert last.zh == "进展率 50%：4 次拜访中有 2 次推动了项目"
