"""Events and deals as a listener is given them, a queue in a folder, and a clock that tests move."""

from __future__ import annotations

import base64
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from dealwright import Deal, Field, Layout, Process, Record, Role, Stage, Text, money
from dealwright_outbox.message import Message

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
SECRET = "whsec_" + base64.b64encode(bytes(range(32))).decode()


class Clock:
    """Seconds that pass only when a test says so."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def secret() -> str:
    return SECRET


@pytest.fixture
def process() -> Process:
    stages = (Stage("needs", Text.plain("Needs"), "discover", ("rep",)),)
    amount = Field("amount", "money", Text("Amount", "金额"))
    return Process(
        "b2b", "1.0.0", Text.plain("P"), "b2b", "CNY", {"rep": Role("rep", Text("Rep", "销售"))}, stages, {},
        fields=(amount,), definition_hash="d" * 64,
    )  # fmt: skip


@pytest.fixture
def deal(process: Process) -> Deal:
    layout = Layout(process)
    values: list[Any] = [None] * len(layout.fields)
    values[layout.field_at["amount"]] = money("120000", "CNY")
    return Deal(
        layout, id="b2b-1", title="电梯 lift", status="open", stage="needs", owner="rep-1", version=3, opened_at=AT,
        entered_at=AT, values=tuple(values),
    )  # fmt: skip


@pytest.fixture
def event() -> Callable[..., Record]:
    def build(seq: int = 3, type_: str = "advanced", deal: str = "b2b-1", **data: Any) -> Record:
        return Record(
            seq + 10, deal, seq, type_, AT, AT, "rep-1", "root", "rep", "d" * 64, data, "0" * 64, f"{seq:064d}"
        )

    return build


@pytest.fixture
def message() -> Callable[..., Message]:
    def build(number: int = 1, endpoint: str = "crm", deal: str = "b2b-1") -> Message:
        return Message(f"msg_{endpoint}_{number}", endpoint, deal, number, number, "advanced", b'{"n":%d}' % number)

    return build


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    at = tmp_path / "acme"
    at.mkdir()
    return at
