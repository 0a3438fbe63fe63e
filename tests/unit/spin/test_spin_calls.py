"""A call is worth what the buyer agreed to do."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from dealwright import Layout, Process, Role, Stage, Text
from dealwright_spin.calls import call_outcome, continuations, outcomes

NOW = datetime(2026, 3, 20, tzinfo=UTC)
WARM = (False, False, None, None)
MOVED = (False, False, "send the figures", date(2026, 3, 9))
ORDER = (True, False, None, None)
REFUSED = (False, True, None, None)


@pytest.mark.parametrize(
    ("committed", "refused", "agreed", "outcome"),
    [
        (True, False, False, "order"),
        (True, False, True, "order"),
        (False, False, True, "advance"),
        (False, False, False, "continuation"),
        (False, True, False, "no_sale"),
        (False, True, True, "advance"),
        (True, True, False, "no_sale"),
        (True, True, True, "advance"),
    ],
)
def test_call_outcome_follows_from_what_the_buyer_did(committed, refused, agreed, outcome):
    assert call_outcome(committed, refused, agreed) == outcome


@pytest.mark.parametrize(
    "half", [(False, False, "send the figures", None), (False, False, None, date(2026, 3, 9)), (None, None, "", None)]
)
def test_action_without_a_date_or_a_date_without_an_action_is_a_continuation(deal_with, half):
    assert outcomes(deal_with(calls=[half])) == ["continuation"]


@pytest.mark.parametrize(
    ("calls", "run"),
    [
        ([], 0), ([MOVED], 0), ([WARM], 1), ([WARM, WARM], 2), ([WARM, WARM, WARM], 3), ([WARM, WARM, MOVED], 0),
        ([MOVED, WARM, WARM], 2), ([WARM, REFUSED, WARM], 1), ([WARM, ORDER], 0),
    ],
)  # fmt: skip
def test_continuations_are_counted_back_from_the_last_call(deal_with, calls, run):
    assert continuations(deal_with(calls=calls)) == run


def test_calls_are_read_in_the_order_of_their_numbers(deal_with, with_reports_turned_round):
    deal = deal_with(calls=[MOVED, *[WARM] * 10])
    assert outcomes(with_reports_turned_round(deal)) == ["advance", *["continuation"] * 10]


def gate(plugins, process, deal):
    return [result for _, result in plugins.evaluate_gate(("spin",), deal, process, "discover", "propose", NOW)]


@pytest.mark.parametrize("calls", [[], [WARM], [WARM, WARM, MOVED], [WARM, WARM, WARM, REFUSED]])
def test_gate_has_nothing_to_add_while_calls_move_the_deal(plugins, process, deal_with, calls):
    assert gate(plugins, process, deal_with(calls=calls)) == []


def test_two_continuations_in_a_row_warn(plugins, process, deal_with):
    [result] = gate(plugins, process, deal_with(calls=[MOVED, WARM, WARM]))
    assert (result.id, result.status, result.severity) == ("spin_momentum", "unmet", "warn")
    assert result.found == {"continuations": 2}


@pytest.mark.parametrize("run", [3, 5])
def test_three_continuations_in_a_row_block_as_a_stall(plugins, process, deal_with, run):
    [result] = gate(plugins, process, deal_with(calls=[WARM] * run))
    assert (result.status, result.severity) == ("unmet", "block")
    assert "stalled" in result.text.en
    assert "停滞" in result.text.zh


def test_remedy_names_every_field_that_a_report_of_progress_needs(plugins, process, deal_with):
    [result] = gate(plugins, process, deal_with(calls=[WARM] * 3))
    [remedy] = result.remedies
    assert remedy.verb == "artifact add"
    assert remedy.args[0] == "call_report"
    kind = next(kind for kind in process.artifacts if kind.id == "call_report")
    given = {arg.partition("=")[0] for arg in remedy.args[2::2]}
    assert {field.id for field in kind.fields if field.required} | {"buyer_action", "due"} == given


def test_deal_of_a_process_without_the_overlay_is_left_alone(plugins):
    from dealwright import Deal

    stage = Stage("s", Text.plain("S"), "discover", ("rep",))
    bare = Process("q", "1.0.0", Text.plain("Q"), "b2b", "CNY", {"rep": Role("rep", Text.plain("R"))}, (stage,), {})
    deal = Deal(Layout(bare), id="q-1", stage="s", values=(None, None, None))
    assert plugins.evaluate_gate(("spin",), deal, bare, "s", None, NOW) == ()
    assert plugins.scores(("spin",), deal, bare, NOW) == ()
    assert plugins.prompts(("spin",), deal, bare, stage) == ()
