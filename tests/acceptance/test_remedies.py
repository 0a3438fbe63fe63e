"""What a refusal offers, filled in and run on the command line by a person it names, takes a deal to its end.

One straight run through each family of processes, in a real workspace with real records. The templates and every other
way are gone by `test_shipped_ways`, without the command line.
"""

from __future__ import annotations

import pytest
from desk import Desk
from driving import Driver
from shipped_stories import wishes_of
from shipped_walk import SHIPPED, TEMPLATES, beginner, shipped

FORWARD = ("advance", "win", "complete")


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in SHIPPED if name not in TEMPLATES[1:]])
def test_a_deal_comes_to_its_end_by_nothing_but_the_commands_that_refusals_offer(desk: Desk, name: str) -> None:
    process = shipped(name)
    opener = f"{beginner(name).replace('_', '-')}-1"
    for kind in process.records:
        keeper = f"{shipped(kind).stages[0].responsible[0].replace('_', '-')}-1"
        desk.ok("record", "add", kind, "--title", "Northwind", as_=keeper)
    belongs = ["--subject", f"{process.subject}-1"] if process.subject else []
    opened = ("deal", "open", name, "--title", "Northwind pumps", "--set", "amount=120000", *belongs)
    deal = desk.ok(*opened, as_=opener)["deal"]
    driver = Driver(desk, desk.ok("process", "show", name)["process"], deal["id"], wishes_of(name))
    for _ in range(len(process.stages) + 2):
        if deal["status"] not in ("open", "won"):
            break
        way = next(way for way in driver.why()["transitions"] if way["kind"] in FORWARD)
        deal = driver.bring(deal, way)
    assert deal["status"] == "completed"
    assert (deal["won_at"] is not None) == any(stage.wins for stage in process.stages)
    assert desk.ok("deal", "verify", deal["id"])["ok"]
