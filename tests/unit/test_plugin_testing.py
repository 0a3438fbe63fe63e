"""What `dealwright.testing` gives to tests: a real workspace, deals to work on, a clock that stands still."""

from __future__ import annotations

from datetime import timedelta

import pytest

from dealwright import RefusedError
from dealwright.testing import PluginContract

pytest_plugins = ["dealwright.testing"]

PROCESS = """\
dealwright: "1"
process: small
version: 1.0.0
title: Small
roles: {rep: {title: Rep}, boss: {title: Boss}}
fields: {fit: {type: text}, risks: {type: list, of: {text: {type: text, required: true}}}}
artifacts: {offer: {title: Offer, by: rep, fields: {price: {type: money}}, approvals: [{id: ok, by: boss}]}}
events: {agreed: {title: Agreed, by: [buyer]}}
stages:
  - id: talk
    title: Talk
    phase: qualify
    responsible: rep
    exit_criteria:
      known: {condition: has(fit), unmet: Unknown, waivable_by: boss}
      heard: {condition: event(agreed), unmet: The buyer said nothing}
      risk: {condition: count(risks) > 0, unmet: No risk}
    requires: [offer]
  - {id: close, title: Close, phase: close, responsible: rep, wins: true}
outcomes: {lost: {status: lost, reasons: [price]}}
"""


@pytest.fixture
def plugin_name():
    return "bant"


def test_deals_are_real_ones_under_the_plugin(deals):
    deal = deals.open("Harbour", bant_need=3)
    assert (deal.show()["title"], deal.show()["owner"], deal.show()["methodologies"]) == ("Harbour", "rep-1", ["bant"])
    assert deal.show()["fields"]["bant_need"] == 3
    assert "bant_sum_reached" in deal.wants()
    deal.set(bant_budget=4, bant_authority=1, bant_timeline=1)
    assert "bant_sum_reached" not in deal.wants()
    assert deal.scores() == {"overlay:bant": 9 / 16 * 100}
    assert deal.refused()
    with pytest.raises(RefusedError):
        deal.advance()


def test_the_clock_stands_until_it_is_moved_and_drives_what_is_written(deals, clock, workspace):
    begun = clock.now
    deal = deals.open()
    assert clock.move(days=2, hours=1) == begun + timedelta(days=2, hours=1)
    deal.set(grade="A")
    at = [event["at"] for event in workspace.deal_history(deal.id)["events"]]
    assert (at[0], at[-1]) == ("2026-03-02T09:00:00Z", "2026-03-04T10:00:00Z")


class TestOwnProcess:
    @pytest.fixture
    def process(self, tmp_path):
        path = tmp_path / "small.process.yaml"
        path.write_text(PROCESS, encoding="utf-8")
        return path

    def test_everything_that_a_deal_needs_can_be_done(self, deals):
        deal = deals.open()
        assert deal.refused() >= {"known", "heard", "risk", "requires.offer", "bant_need_floor"}
        assert "bant_no_need" not in deal.flags()
        deal.set(bant_budget=4, bant_authority=4, bant_need=0, bant_timeline=4)
        assert "bant_no_need" in deal.flags()
        deal.set(bant_need=4)
        assert any("Propose the next meeting" in question for question in deal.prompts())
        deal.waive("known")
        deal.item("risks", text="late")
        deal.stakeholder(name="Plant manager", role="user")
        deal.activity("agreed", contact="s1")
        deal.artifact("offer", price="500")
        assert deal.refused() == {"approved.offer"}
        deal.approve("offer")
        assert deal.advance() == "close"
        assert deal.show()["stage"] == "close"


class TestContract(PluginContract):
    plugin = "bant"
