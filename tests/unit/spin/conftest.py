"""Deals of a small process with the SPIN overlay laid over it, as the engine would hold them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from typing import Any

import msgspec
import pytest

from dealwright import Artifact, Deal, Item, Layout, Process, Role, Stage, Text
from dealwright.definition import read_overlay, resolve
from dealwright.plugins import Plugins, load_plugins

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
WARM = (False, False, None, None)
MOVED = (False, False, "send the figures", date(2026, 3, 9))
PHASES = ("prospect", "discover", "propose", "negotiate")


@pytest.fixture(scope="session")
def plugins() -> Plugins:
    return load_plugins(["spin"])


@pytest.fixture(scope="session")
def process(plugins: Plugins) -> Process:
    text = plugins.overlays()["spin"][1]
    read = read_overlay(text.encode(), "spin.overlay.yaml", plugins.functions())
    assert read.overlay is not None, read.findings
    stages = tuple(Stage(phase, Text.plain(phase), phase, ("rep",)) for phase in PHASES)
    bare = Process("p", "1.0.0", Text.plain("P"), "b2b", "CNY", {"rep": Role("rep", Text("Rep", "销售"))}, stages, {})
    return resolve(bare, [read.overlay], ["spin==0.1.0"], list(plugins.functions()))


def _items(rows: Sequence[Sequence[Any]], width: int) -> tuple[Item, ...]:
    return tuple(
        Item(str(at), (*row, *(None,) * (width - len(row)))) for at, row in enumerate(rows, 1)
    )  # fmt: skip


@pytest.fixture
def deal_with(process: Process) -> Callable[..., Deal]:
    """Build a deal: questions (type, text, answer), needs (text, kind), benefits (text, need), calls, plans."""
    layout = Layout(process)

    def build(
        questions: Sequence[Any] = (), needs: Sequence[Any] = (), benefits: Sequence[Any] = (),
        calls: Sequence[Any] = (), plans: int = 0, stage: str = "discover",
    ) -> Deal:  # fmt: skip
        values: list[Any] = [None] * len(layout.fields)
        values[layout.field_at["spin_questions"]] = _items(questions, 4)
        values[layout.field_at["spin_needs"]] = _items(needs, 3)
        values[layout.field_at["spin_benefits"]] = _items(benefits, 2)
        groups: list[Any] = [()] * len(layout.artifacts)
        groups[layout.artifact_at["call_report"]] = tuple(
            Artifact(f"call_report-{n}" if n > 1 else "call_report", 1, n, AT, "rep-1", ("a step", None, *call))
            for n, call in enumerate(calls, 1)
        )
        groups[layout.artifact_at["call_plan"]] = tuple(
            Artifact("call_plan", 1, 90 + n, AT, "rep-1", ("a step", None, None)) for n in range(plans)
        )
        return Deal(
            layout, id="p-1", title="Northlight", status="open", stage=stage, version=9, entered_at=AT,
            values=tuple(values), artifacts=tuple(groups),
        )  # fmt: skip

    return build


@pytest.fixture
def with_reports_turned_round() -> Callable[[Deal], Deal]:
    """The same deal, its call reports stored in another order."""

    def turn(deal: Deal) -> Deal:
        at = deal.layout.artifact_at["call_report"]
        groups = list(deal.artifacts)
        groups[at] = groups[at][::-1]
        return msgspec.structs.replace(deal, artifacts=tuple(groups))

    return turn
