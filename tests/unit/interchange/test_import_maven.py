"""A whole CRM export through the map of the guide: the public one where it is at hand, a generated one always."""

from __future__ import annotations

import os
from collections import Counter
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from statistics import mean, median

import pytest
from faulty_export import expected, rows_of_export, write_export

from dealwright.engine import fold
from dealwright.events import Event
from dealwright.interchange.import_map import read_map
from dealwright.interchange.issue import tally
from dealwright.interchange.plan import plan_import
from dealwright.interchange.table import read_table

CHECKOUT = Path(__file__).resolve().parents[3]
SHARED = Path(os.environ.get("DEALWRIGHT_DATA", CHECKOUT.parent / "shared" / "data")) / "maven_crm"


def planned(pipeline, data, layout, encoding="utf-8"):
    read = read_map(data)
    lookups = {name: read_table((pipeline.parent / table.file).read_bytes()) for name, table in read.lookups.items()}
    table = read_table(pipeline.read_bytes().decode().encode(encoding), read.encoding)
    return plan_import(table, read, lookups, layout, now=datetime(2026, 1, 1, tzinfo=UTC), zone=UTC)


def folded(deal, layout):
    """The deal that its facts add up to, by the engine's own rules."""
    now = datetime(2026, 1, 1, tzinfo=UTC)
    events = [
        Event("maven-1", seq, "imported", fact.at or now, "importer", None, "", fact.payload("export.csv"))
        for seq, fact in enumerate(deal.facts, 1)
    ]
    return fold(layout, events)


def stages_of(plan, layout):
    """How many deals stand where."""
    deals = [folded(deal, layout) for deal in plan.deals]
    return Counter((deal.stage if deal.status == "open" else deal.status).capitalize() for deal in deals)


def value_won(plan):
    return sum(Decimal(deal.fields["amount"]["amount"]) for deal in plan.deals if deal.facts[-1].what == "won")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_a_generated_export_is_imported_whole_with_its_faults_told(tmp_path, maven_map, maven_layout, encoding):
    rows = rows_of_export(300)
    plan = planned(write_export(tmp_path, rows), maven_map, maven_layout, encoding)
    want = expected(rows)
    assert min(want.values()) > 5
    assert (plan.rows, len(plan.deals)) == (300, 300)
    assert stages_of(plan, maven_layout) == {stage: want[stage] for stage in ("Won", "Lost", "Engaging", "Prospecting")}
    assert tally(plan.issues) == {code: want[code] for code in ("empty-value", "no-date", "not-in-lookup")}
    assert {found.suggestion for found in plan.issues if found.code == "not-in-lookup"} == {"GTX Pro"}
    assert value_won(plan) == want["value_won"]


@pytest.mark.skipif(not SHARED.is_dir(), reason="the public CRM export is not at hand")
def test_the_public_export_gives_its_known_figures(maven_map, maven_layout):
    plan = planned(SHARED / "sales_pipeline.csv", maven_map, maven_layout)
    assert (plan.rows, len(plan.deals)) == (8_800, 8_800)
    assert stages_of(plan, maven_layout) == {"Won": 4_238, "Lost": 2_473, "Engaging": 1_589, "Prospecting": 500}
    assert value_won(plan) == 10_005_534
    assert tally(plan.issues) == {"empty-value": 1_425, "no-date": 500, "not-in-lookup": 1_480}
    suggested = {(found.column, found.value, found.suggestion) for found in plan.issues if found.suggestion}
    assert suggested == {("product", "GTXPro", "GTX Pro")}

    days = {"won": [], "lost": []}
    opening = entered = exited = 0
    june, july = datetime(2017, 6, 1, tzinfo=UTC), datetime(2017, 7, 1, tzinfo=UTC)
    for deal in plan.deals:
        first, last = deal.facts[0], deal.facts[-1]
        if last.what in days:
            days[last.what].append((last.at - first.at).days)
        if first.data["to"] == "engaging":
            left = last.at if last is not first else july
            opening += first.at < june <= left
            entered += june <= first.at < july
            exited += june <= left < july
    assert (round(mean(days["won"]), 2), median(days["won"]), max(days["won"])) == (51.78, 57, 138)
    assert (round(mean(days["lost"]), 2), median(days["lost"])) == (41.48, 14)
    assert (opening, entered, exited, opening + entered - exited) == (1_535, 792, 641, 1_686)
