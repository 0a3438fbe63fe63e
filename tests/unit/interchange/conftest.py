"""A process to import into, and a short way from CSV text to a plan."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from dealwright.definition import read_process
from dealwright.interchange.import_map import read_map
from dealwright.interchange.plan import Plan, plan_import
from dealwright.interchange.table import read_table
from dealwright.model.layout import Layout
from dealwright.model.process import Branch, Decision, Field, Outcome, Process, Stage
from dealwright.model.text import Text

CHECKOUT = Path(__file__).resolve().parents[3]
NOW = datetime(2026, 3, 5, 12, tzinfo=UTC)


def _stage(name: str, phase: str, **more: Any) -> Stage:
    return Stage(name, Text.plain(name), phase, ("rep",), **more)


def _field(name: str, kind: Any, **more: Any) -> Field:
    return Field(name, kind, Text.plain(name), **more)


@pytest.fixture
def layout() -> Layout:
    """Five stages, the third of which wins; the second may branch to the fourth."""
    decision = Decision(Text.plain("?"), (Branch("fast", Text.plain("fast"), "contract"),))
    return Layout(Process(
        id="sales", version="2.0.0", title=Text("Sales", "销售"), type="b2b", currency="CNY", roles={},
        stages=(
            _stage("lead", "prospect", decision=decision), _stage("needs", "discover"),
            _stage("contract", "close", wins=True), _stage("delivery", "deliver"), _stage("care", "retain"),
        ),
        outcomes={
            "lost": Outcome("lost", "lost", Text.plain("Lost"), reasons={
                "price": Text("Price", "价格"), "unknown": Text("Unknown", "未知"),
            }),
            "disqualified": Outcome("disqualified", "disqualified", Text.plain("Disqualified")),
            "ended": Outcome("ended", "completed", Text.plain("Ended"), reasons={"done": Text.plain("Done")}),
        },
        fields=(
            _field("customer", "text"), _field("product", "text"), _field("phone", "text", personal=True),
            _field("size", "number", min=0), _field("signed_on", "date"), _field("seen_at", "datetime"),
            _field("fit", "choice", values={"yes": Text("Yes", "是"), "no": Text("No", "否")}),
            _field("repeat", "boolean"), _field("pains", "list"),
        ),
    ))  # fmt: skip


@pytest.fixture
def maven_layout() -> Layout:
    """The process of docs/examples/maven.process.yaml, which must have no findings."""
    file = CHECKOUT / "docs/examples/maven.process.yaml"
    reading = read_process(file.read_bytes(), file.name)
    assert reading.findings == []
    assert reading.process
    return Layout(reading.process)


@pytest.fixture
def maven_map() -> Any:
    """docs/examples/maven.map.yaml as loaded."""
    return yaml.safe_load((CHECKOUT / "docs/examples/maven.map.yaml").read_text(encoding="utf-8"))


MAP = """
import: deals
process: sales
id: id
title: ["{customer} / {product}", customer]
owner: {column: owner, values: {First Rep: rep-1}}
dates: ["%d.%m.%Y"]
fields:
  amount: value
  customer: {column: customer, empty: error}
  product: {column: product, lookup: products}
  phone: {column: phone, as: phone}
  size: size
  signed_on: signed
  fit: fit
lookups: {products: {file: products.csv, column: name}}
stages:
  column: stage
  values:
    New: [{what: opened, to: lead, at: created}]
    Talks: [{what: opened, to: lead, at: created}, {what: moved, to: needs, at: talked}]
    Won:
      - {what: opened, to: lead, at: created}
      - {what: won, at: [closed, talked]}
    Lost:
      - {what: opened, to: lead, at: created}
      - {what: ended, to: lost, at: closed, reason: {column: why, values: {Too dear: price}, otherwise: unknown}}
"""
HEADER = "id,customer,product,owner,phone,value,size,signed,fit,stage,created,talked,closed,why"
COLUMNS = HEADER.split(",")


@pytest.fixture
def map_data() -> Any:
    """A map for `layout` that uses most keys."""
    return yaml.safe_load(MAP)


@pytest.fixture
def plan(layout: Layout, map_data: Any) -> Callable[..., Plan]:
    """Plan rows, each given as the cells that differ from a good one."""
    good = {
        "id": "A-1", "customer": "Example Ltd", "product": "Pump", "owner": "First Rep", "value": "100",
        "stage": "New", "created": "2026-01-02",
    }  # fmt: skip

    def run(*rows: dict[str, str], zone: Any = UTC) -> Plan:
        lines = [HEADER]
        for number, changes in enumerate(rows, 1):
            cells = {**good, "id": f"A-{number}", **changes}
            lines.append(",".join(f'"{cells.get(column, "")}"' for column in COLUMNS))
        lookups = {"products": read_table("name\nPump\nPump XL\n阀门\n".encode())}
        table = read_table(("\n".join(lines) + "\n").encode())
        return plan_import(table, read_map(map_data), lookups, layout, now=NOW, zone=zone)

    return run
