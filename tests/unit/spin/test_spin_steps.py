"""After a call that led nowhere, a step is proposed."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

NOW = datetime(2026, 3, 20, tzinfo=UTC)
WARM = (False, False, None, None)
MOVED = (False, False, "send the figures", date(2026, 3, 9))


@pytest.mark.parametrize(("calls", "said"), [([WARM], "The last call"), ([MOVED, WARM, WARM], "2 calls in a row")])
def test_call_without_an_agreed_step_leads_to_a_proposal(plugins, process, deal_with, calls, said):
    [(name, proposal)] = plugins.proposals(("spin",), deal_with(calls=calls), process, NOW)
    assert (name, proposal.id, proposal.score) == ("spin", "agree_on_a_step", None)
    assert proposal.reason.en.startswith(said)
    assert "日期" in proposal.step.zh


@pytest.mark.parametrize("calls", [[], [MOVED], [WARM, MOVED]])
def test_nothing_is_proposed_while_calls_move_the_deal(plugins, process, deal_with, calls):
    assert plugins.proposals(("spin",), deal_with(calls=calls), process, NOW) == ()
