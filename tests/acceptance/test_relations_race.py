"""Two operating-system processes at once: one live registration, and every timed event once."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from desk import Desk
from relations_world import REGISTRATION, relations_desk

_ROUNDS = 4
_WAIT = """\
import sys, time
from pathlib import Path
from dealwright.workspace import Workspace

folder, gate, now, deal = sys.argv[1:5]
with Workspace.find(Path(folder), actor="desk-1", now=now) as workspace:
    workspace.store
    Path(gate + deal).touch()
    while not Path(gate).exists():
        time.sleep(0.001)
    try:
        TRY
        print("done")
    except Exception as error:
        print(type(error).__name__)
"""


def race(desk: Desk, tmp_path: Path, attempt: str, now: str, *deals: str) -> list[str]:
    """What each of two processes says that does `attempt` as soon as both are ready."""
    gate = tmp_path / f"gate-{now[:13]}-{deals[0]}"
    running = [
        subprocess.Popen(
            [sys.executable, "-c", _WAIT.replace("TRY", attempt), str(desk.folder), str(gate), now, deal],
            stdout=subprocess.PIPE, text=True,
        )
        for deal in deals
    ]  # fmt: skip
    while not all(Path(f"{gate}{deal}").exists() for deal in deals):
        assert all(one.poll() is None for one in running)
    gate.touch()
    return [one.communicate(timeout=60)[0].strip().splitlines()[-1] for one in running]


def registered(desk: Desk, product: str) -> list[str]:
    deals = []
    for title in ("First", "Second"):
        done = desk.ok(
            "deal", "open", "registration", "--title", title, "--set", "partner=partner-1",
            "--set", "customer=Pump Works", "--set", f"product={product}", as_="desk-1", now="2026-01-05",
        )  # fmt: skip
        deals.append(done["deal"]["id"])
    return deals


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    made = relations_desk(tmp_path)
    made.ok("record", "add", "partner", "--title", "Northwind Resale", as_="desk-1", now="2026-01-05")
    return made


def test_of_two_that_register_at_once_exactly_one_is_live(desk: Desk, tmp_path: Path) -> None:
    for number in range(_ROUNDS):
        deals = registered(desk, f"P{number}")
        said = race(desk, tmp_path, "workspace.deal_advance(deal)", "2026-01-06T09:00:00Z", *deals)
        assert sorted(said) == ["RefusedError", "done"]
        stages = [desk.ok("deal", "show", deal, as_="desk-1", now="2026-01-07")["deal"]["stage"] for deal in deals]
        assert sorted(stages) == ["checked", "protected"]


def test_of_two_that_open_at_once_exactly_one_is_let_in_where_the_rule_refuses(tmp_path: Path) -> None:
    refuse = REGISTRATION.replace("on_conflict: queue", "on_conflict: refuse").replace(
        "among: {from: protected, to: selling}", "among: {from: checked, to: selling}"
    )
    desk = relations_desk(tmp_path, registration=refuse)
    desk.ok("record", "add", "partner", "--title", "Northwind Resale", as_="desk-1", now="2026-01-05")
    attempt = (
        "workspace.deal_open('registration', deal, texts={'partner': 'partner-1', 'customer': 'Pump Works', "
        "'product': 'P1'})"
    )
    said = race(desk, tmp_path, attempt, "2026-01-06T09:00:00Z", "One", "Two")
    assert sorted(said) == ["RefusedError", "done"]
    assert desk.ok("deal", "list", "--process", "registration", as_="desk-1", now="2026-01-07")["total"] == 1


def test_two_ticks_at_once_do_everything_once(desk: Desk, tmp_path: Path) -> None:
    for number in range(6):
        first, _ = registered(desk, f"P{number}")
        desk.ok("deal", "advance", first, as_="desk-1", now="2026-01-06")
    attempt = "print(len(workspace.tick()['events']))"
    for now in ("2026-01-21T09:00:00Z", "2026-04-30T09:00:00Z"):
        race(desk, tmp_path, attempt, now, "one", "two")
    for number in range(1, 12, 2):
        events = desk.ok("deal", "history", f"registration-{number}", as_="desk-1", now="2026-05-01")["events"]
        fired = [event["data"]["automation"] for event in events if event["type"] == "automation_fired"]
        assert fired == ["idle", "expire"]
        assert [event["type"] for event in events].count("lost") == 1
    assert desk.run("store", "verify").code == 0
