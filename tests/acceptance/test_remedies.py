"""For every criterion of every shipped process: what a refusal offers, filled and run by a person it names, meets it."""

from __future__ import annotations

from typing import Any

import pytest
from desk import Desk
from driving import Driver

# Where a stage has several ways on: the one that this route takes.
ROUTES = {
    "b2b: straight on": ("b2b", {}),
    "b2b: by way of objections": ("b2b", {"demo": "objections"}),
    "b2c: stage by stage": ("b2c", {}),
    "b2c: from attraction straight to the purchase": ("b2c", {"attract": "purchase"}),
    "channel: stage by stage": ("channel", {}),
}
# What a person would fill in where the type alone does not tell.
WISHES = {
    "b2b": {},
    "b2c": {"response_hours": "3"},
    "channel": {"conflict_result.live_matches": "0", "conflict_result.direct_deal_open": "false"},
}
OPENERS = {"b2b": "sales-rep-1", "b2c": "marketing-1", "channel": "channel-manager-1"}
met: dict[str, set[str]] = {}


@pytest.mark.parametrize("route", ROUTES)
def test_a_deal_is_driven_to_its_end_by_the_engines_own_advice(desk: Desk, route: str) -> None:
    process, choices = ROUTES[route]
    deal = desk.ok("deal", "open", process, "--title", "Northwind pumps", "--set", "amount=120000", as_=OPENERS[process])["deal"]
    declared = desk.ok("process", "show", process)["process"]
    driver = Driver(desk, declared, deal["id"], WISHES[process])
    for _ in range(len(declared["stages"]) + 1):
        if deal["status"] not in ("open", "won"):
            break
        ways = [w for w in driver.why()["transitions"] if w["kind"] in ("advance", "win", "complete", "skip")]
        way = next((w for w in ways if w["to"] == choices.get(deal["stage"])), ways[0])
        driver.supply(way["to"])
        deal = driver.go(way)
    assert deal["status"] == "completed"
    assert deal["won_at"] is not None
    assert desk.ok("deal", "verify", deal["id"])["ok"]
    met.setdefault(process, set()).update(driver.met)


@pytest.mark.parametrize("process", OPENERS)
def test_every_blocking_criterion_was_met_on_some_route(process: str, desk: Desk) -> None:
    if process not in met:
        pytest.skip("the routes of this process did not run in this worker")
    declared = desk.ok("process", "show", process)["process"]
    wanted = {c for stage in declared["stages"] for c in _criteria(stage)}
    assert wanted - met[process] == set()


def _criteria(stage: dict[str, Any]) -> list[str]:
    blocking = [c["id"] for c in stage["exit_criteria"] if c["severity"] == "block"]
    return [*blocking, *(f"requires.{kind}" for kind in stage["requires"])]
