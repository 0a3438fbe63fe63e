"""What a refusal offers, filled in and run by a person it names, meets every criterion of every shipped process."""

from __future__ import annotations

from typing import Any, NamedTuple

import pytest
from desk import Desk
from driving import Driver


class Route(NamedTuple):
    """A way through a process: where to turn, and what to do on entering a stage so that a criterion has work to do."""

    turns: dict[str, str]
    before: dict[str, list[list[str]]]


class Story(NamedTuple):
    """The routes that together meet every criterion; `wishes` fill in what a type alone does not tell."""

    opener: str
    wishes: dict[str, str]
    routes: list[Route]


TALK = {
    "solution": [
        ["deal", "item", "add", "{deal}", "feedback", "--set", "text=too slow"],
        ["deal", "set", "{deal}", "--set", "fit=no"],
    ],
    "objections": [["deal", "item", "add", "{deal}", "objections", "--set", "text=too dear"]],
    "negotiation": [["artifact", "add", "{deal}", "quotation", "--set", "price="]],
    "delivery": [
        [
            "deal",
            "item",
            "add",
            "{deal}",
            "tasks",
            "--set",
            "text=ship it",
            "--set",
            "department=stores",
            "--set",
            "due=+7d",
        ]
    ],
    "aftersales": [["deal", "item", "add", "{deal}", "tickets", "--set", "text=leaks"]],
    "referral": [
        ["activity", "log", "{deal}", "referral_answered", "--contact", "<contact:stakeholder>", "--set", "answer=no"]
    ],
}
ASKED = {"convert": [["activity", "log", "{deal}", "price_requested", "--contact", "<contact:stakeholder>"]]}


def too_long(level: str) -> dict[str, list[list[str]]]:
    """A protection for longer than the level allows."""
    dates = ["--set", "granted_on=today", "--set", "protected_until=+365d"]
    argv = ["artifact", "add", "{deal}", "protection", "--set", f"level={level}", "--set", "margin_bonus=10", *dates]
    return {"protected": [argv]}


STORIES = {
    "b2b": Story("sales-rep-1", {}, [Route({}, {}), Route({"demo": "objections"}, TALK)]),
    "b2c": Story(
        "marketing-1", {"response_hours": "3"}, [Route({}, {}), Route({}, ASKED), Route({"attract": "purchase"}, {})]
    ),
    "channel": Story(
        "channel-manager-1",
        {"conflict_result.live_matches": "0", "conflict_result.direct_deal_open": "false", "stock_days": "30"},
        [Route({}, {}), Route({}, too_long("smb")), Route({}, too_long("enterprise"))],
    ),
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("process", STORIES)
def test_every_criterion_is_met_by_the_commands_that_its_refusal_offers(desk: Desk, process: str) -> None:
    story = STORIES[process]
    declared = desk.ok("process", "show", process)["process"]
    met: set[str] = set()
    for route in story.routes:
        met |= drive(desk, process, declared, story, route)
    approved = {a["id"] for a in declared["artifacts"] if any(not one.get("condition") for one in a["approvals"])}
    wanted = {name for stage in declared["stages"] for name in blocking(stage, approved)}
    assert wanted - met == set()


def drive(desk: Desk, process: str, declared: dict[str, Any], story: Story, route: Route) -> set[str]:
    """Take one deal to its end by nothing but the engine's advice; the ids of the criteria met on the way."""
    deal = desk.ok("deal", "open", process, "--title", "Northwind pumps", "--set", "amount=120000", as_=story.opener)[
        "deal"
    ]
    driver = Driver(desk, declared, deal["id"], story.wishes)
    for _ in range(len(declared["stages"]) + 2):
        if deal["status"] not in ("open", "won"):
            break
        for argv in route.before.get(deal["stage"], []):
            driver.run_as_somebody(["dealwright", *(w.format(deal=deal["id"]) for w in argv)], driver.everybody())
        ways = [w for w in driver.why()["transitions"] if w["kind"] in ("advance", "win", "complete", "skip")]
        way = next((w for w in ways if w["to"] == route.turns.get(deal["stage"])), ways[0])
        driver.supply(way["to"])
        deal = driver.go(way)
    assert deal["status"] == "completed"
    assert deal["won_at"] is not None
    assert desk.ok("deal", "verify", deal["id"])["ok"]
    return set(driver.met)


def blocking(stage: dict[str, Any], approved: set[str]) -> list[str]:
    """The ids of all that can keep a deal in a stage; `approved` artifacts always need their approvals."""
    criteria = [c["id"] for c in (*stage["exit_criteria"], *stage["entry_criteria"]) if c["severity"] == "block"]
    criteria += [f"requires.{kind}" for kind in stage["requires"]]
    criteria += [f"approved.{kind}" for kind in stage["requires"] if kind in approved]
    return [f"{stage['id']}: {name}" for name in criteria]
