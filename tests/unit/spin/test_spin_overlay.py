"""The overlay's criteria, asked of deals by the engine's own guards."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from dealwright.guards import Moment, Scope, compile_guard

MOMENT = Moment(datetime(2026, 3, 20, tzinfo=UTC))
WARM, REFUSED, ORDER = (False, False, None, None), (False, True, None, None), (True, False, None, None)
MOVED = (False, False, "send the figures", date(2026, 3, 9))


@pytest.fixture
def criterion(plugins, process):
    found = {c.id: c for overlay in process.overlays for p in overlay.phases.values() for c in p.exit_criteria}

    def ask(name, deal):
        guard = compile_guard(found[name].condition, Scope(deal.layout, plugins.functions()))
        return guard.explain(deal, 0, MOMENT)

    return ask


@pytest.mark.parametrize(
    ("name", "unmet", "met"),
    [
        (
            "spin_explicit_need",
            {"needs": [("slow", "implied")]},
            {"needs": [("slow", "implied"), ("gone", "explicit")]},
        ),
        ("spin_implication_asked", {"questions": [("P", "?"), ("N", "?")]}, {"questions": [("I", "?")]}),
        ("spin_payoff_asked", {"questions": [("P", "?"), ("I", "?")]}, {"questions": [("N", "?")]}),
        ("spin_call_moved", {"calls": [MOVED, WARM]}, {"calls": [WARM, MOVED]}),
        ("spin_call_moved", {"calls": [REFUSED]}, {"calls": [ORDER]}),
        ("spin_call_moved", {"calls": [(False, False, "call back", None)]}, {"calls": [MOVED]}),
    ],
)
def test_discovery_criterion_tells_enough_from_too_little(criterion, deal_with, name, unmet, met):
    assert criterion(name, deal_with(**unmet)).status == "unmet"
    assert criterion(name, deal_with(**met)).status == "met"


def test_call_nobody_reported_is_unknown_and_asks_for_a_whole_report(criterion, deal_with):
    answer = criterion("spin_call_moved", deal_with())
    assert answer.status == "unknown"
    [remedy] = answer.remedies
    assert remedy.verb == "artifact add"
    assert remedy.args[0] == "call_report"
    assert {arg.partition("=")[0] for arg in remedy.args[2::2]} >= {
        "objective_advance", "committed", "refused", "buyer_action", "due",
    }  # fmt: skip


def test_every_text_of_the_overlay_is_said_in_both_languages(process):
    import msgspec

    from dealwright import Text

    def texts(value):
        if isinstance(value, Text):
            yield value
        elif isinstance(value, msgspec.Struct):
            for name in value.__struct_fields__:
                yield from texts(getattr(value, name))
        elif isinstance(value, dict):
            for part in value.values():
                yield from texts(part)
        elif isinstance(value, tuple):
            for part in value:
                yield from texts(part)

    found = list(texts(process.overlays[0]))
    assert len(found) > 30
    assert [text for text in found if text.en == text.zh] == []


def test_names_of_the_overlay_stay_out_of_a_process_s_way(process):
    overlay = process.overlays[0]
    names = [field.id for field in overlay.fields]
    criteria = [c.id for patch in overlay.phases.values() for c in patch.exit_criteria]
    assert all(name.startswith("spin_") for name in [*names, *criteria])


def test_plugin_imports_public_names_only():
    import ast
    from pathlib import Path

    import dealwright_spin

    for path in Path(dealwright_spin.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom):
                assert node.module == "dealwright" or not str(node.module).startswith("dealwright."), path.name
            elif isinstance(node, ast.Import):
                assert not any(alias.name.startswith("dealwright") for alias in node.names), path.name
