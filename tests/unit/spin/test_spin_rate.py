"""The kind of criterion that asks how many calls moved the deal."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

NOW = datetime(2026, 3, 20, tzinfo=UTC)
WARM = (False, False, None, None)
MOVED = (False, False, "send the figures", date(2026, 3, 9))


@pytest.mark.parametrize(
    ("calls", "parameters", "status", "found"),
    [
        ([], {"least": 1}, "unknown", {"calls": 0, "moved": 0}),
        ([WARM], {"least": 1}, "unmet", {"calls": 1, "moved": 0}),
        ([WARM], {"least": 2}, "unknown", {"calls": 1, "moved": 0}),
        ([MOVED, WARM], {"least": 1}, "met", {"calls": 2, "moved": 1}),
        ([MOVED, WARM], {"least": 1, "of_last": 1}, "unmet", {"calls": 1, "moved": 0}),
        ([WARM, MOVED, MOVED], {"least": 2, "of_last": 2}, "met", {"calls": 2, "moved": 2}),
    ],
)
def test_calls_that_moved_the_deal_are_counted(plugins, deal_with, calls, parameters, status, found):
    said = plugins.judge("spin_advances", deal_with(calls=calls), parameters, NOW)
    assert (said.status, said.found, said.evidence) == (status, found, "buyer")
    assert said.remedies[0].verb == "artifact add"


def test_process_without_spin_cannot_tell(plugins, deal_with, process):
    from dealwright import Deal, Layout, Process, Role, Stage, Text

    bare = Process("p", "1.0.0", Text("P", "流程"), "b2b", "CNY", {"r": Role("r", Text("R", "销售"))},
                   (Stage("s", Text("S", "阶段"), "discover", ("r",)),), {})  # fmt: skip
    deal = Deal(Layout(bare), id="p-1", title="A", status="open", stage="s", version=1)
    assert plugins.judge("spin_advances", deal, {"least": 1}, NOW).status == "unknown"
