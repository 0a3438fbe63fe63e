"""Registrations of the same customer and product: one is protected, the rest wait; time moves them on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from desk import Desk
from relations_world import relations_desk

_JAN = "2026-01-05T09:00:00Z"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    made = relations_desk(tmp_path)
    for title, tier in (("Northwind Resale", "gold"), ("Example Trading", "silver")):
        made.ok("record", "add", "partner", "--title", title, "--set", f"tier={tier}", as_="desk-1", now=_JAN)
    return made


def register(desk: Desk, partner: str, title: str, now: str, *more: str) -> dict[str, Any]:
    done = desk.ok(
        "deal", "open", "registration", "--title", title, "--set", f"partner={partner}",
        "--set", "customer=Pump Works", "--set", "product=P1", *more, as_="desk-1", now=now,
    )  # fmt: skip
    return done["deal"]


def advance(desk: Desk, deal: str, now: str) -> dict[str, Any]:
    return desk.ok("deal", "advance", deal, as_="desk-1", now=now)


def tick(desk: Desk, now: str, *more: str) -> list[tuple[str, str]]:
    """(deal, event) of everything that happened."""
    done = desk.ok("tick", *more, as_="desk-1", now=now)
    assert done["problems"] == []
    return [(event["deal"], event["type"]) for event in done["events"]]


def two_registered(desk: Desk) -> None:
    """The first is protected since 7 January, the second waits."""
    register(desk, "Northwind", "First", _JAN)
    register(desk, "Example", "Second", "2026-01-06")
    advance(desk, "registration-1", "2026-01-07")


def test_the_second_registration_waits_and_is_told_for_whom(desk: Desk) -> None:
    two_registered(desk)
    error = desk.fails(1, "deal", "advance", "registration-2", as_="desk-1", now="2026-01-08")
    (criterion,) = error["details"]["criteria"]
    assert (criterion["id"], criterion["status"], criterion["severity"]) == ("unique.live", "unmet", "block")
    assert criterion["found"] == [{"id": "registration-1", "title": "First", "stage": "protected"}]
    way = desk.ok("deal", "why", "registration-2", "--to", "protected", as_="desk-1", now="2026-01-08")
    assert [c["id"] for c in way["transitions"][0]["criteria"]] == ["unique.live"]
    zh = desk.run("deal", "why", "registration-2", "--lang", "zh", as_="desk-1", now="2026-01-08").out
    assert "唯一有效报备：已有其他项目在先，须等待其结束" in zh


def test_another_product_does_not_wait(desk: Desk) -> None:
    two_registered(desk)
    desk.ok("deal", "set", "registration-2", "--set", "product=P2", as_="desk-1", now="2026-01-08")
    assert advance(desk, "registration-2", "2026-01-08")["deal"]["stage"] == "protected"


def test_the_first_expires_after_ninety_days_and_the_second_goes_on(desk: Desk) -> None:
    two_registered(desk)
    tick(desk, "2026-02-01")
    assert tick(desk, "2026-04-06T23:59:00Z") == []
    assert tick(desk, "2026-04-07T12:00:00Z", "--dry-run") == [
        ("registration-1", "automation_fired"), ("registration-1", "lost"),
    ]  # fmt: skip
    assert [kind for _, kind in tick(desk, "2026-04-07T12:00:00Z")] == ["automation_fired", "lost"]
    assert tick(desk, "2026-04-07T12:00:00Z") == []
    first = desk.ok("deal", "show", "registration-1", as_="desk-1", now="2026-04-08")["deal"]
    assert (first["status"], first["reason"]) == ("lost", "no_progress")
    assert advance(desk, "registration-2", "2026-04-08")["deal"]["stage"] == "protected"
    events = desk.ok("deal", "history", "registration-1", "--type", "lost", as_="desk-1", now="2026-04-08")["events"]
    assert [(e["actor"], e["role"], e["data"]["automation"]) for e in events] == [("system", None, "expire")]


def test_evidence_prolongs_the_protection(desk: Desk) -> None:
    two_registered(desk)
    tick(desk, "2026-02-01")
    desk.ok("activity", "log", "registration-1", "evidence", as_="desk-1", now="2026-03-01")
    assert tick(desk, "2026-05-29") == []
    assert ("registration-1", "lost") in tick(desk, "2026-05-31")


def test_an_idle_registration_loses_its_owner_once(desk: Desk) -> None:
    two_registered(desk)
    assert tick(desk, "2026-01-22") == [
        ("registration-1", "automation_fired"), ("registration-1", "owner_assigned"), ("registration-1", "notified"),
    ]  # fmt: skip
    assert desk.ok("deal", "show", "registration-1", as_="desk-1", now="2026-01-22")["deal"]["owner"] is None
    notified = desk.ok("deal", "history", "registration-1", "--type", "notified", as_="desk-1", now="2026-01-22")
    assert notified["events"][0]["data"] | {"automation": None} == {
        "roles": ["desk"], "en": "Pump Works lies idle", "zh": "Pump Works 无人跟进", "automation": None,
    }  # fmt: skip
    assert tick(desk, "2026-02-22") == []


def test_new_registrations_are_given_out_in_turn(desk: Desk) -> None:
    owners = [register(desk, "Northwind", f"No. {n}", _JAN)["owner"] for n in range(3)]
    assert owners == ["desk-1", "desk-2", "desk-1"]
    assert register(desk, "Northwind", "Mine", _JAN, "--owner", "desk-1")["owner"] == "desk-1"
    assert register(desk, "Northwind", "Next", _JAN)["owner"] == "desk-2"


def test_a_lost_deal_is_taken_up_again_on_its_recall_date(desk: Desk) -> None:
    register(desk, "Northwind", "First", _JAN)
    desk.ok("deal", "lose", "registration-1", "--reason", "price", as_="desk-1", now="2026-01-10")
    assert tick(desk, "2026-03-10") == []
    assert tick(desk, "2026-03-11T12:00:00Z") == [
        ("registration-1", "automation_fired"),
        ("registration-1", "reopened"),
    ]
    assert tick(desk, "2026-06-11") == []


def test_a_win_opens_a_referral_and_the_end_of_the_contract_a_renewal(desk: Desk) -> None:
    register(desk, "Northwind", "First", _JAN, "--set", "contract_end=2027-01-10")
    for day in ("2026-01-07", "2026-01-08"):
        advance(desk, "registration-1", day)
    won = advance(desk, "registration-1", "2026-01-09")
    assert [(e["deal"], e["type"]) for e in won["events"]] == [
        ("registration-1", "won"), ("registration-1", "automation_fired"), ("registration-1", "deal_linked"),
        ("referral-1", "opened"),
    ]  # fmt: skip
    referral = desk.ok("deal", "show", "referral-1", as_="desk-1", now="2026-01-09")["deal"]
    assert (referral["title"], referral["parent_deal"]) == ("Referral from Pump Works", "registration-1")
    assert advance(desk, "registration-1", "2026-02-01")["deal"]["status"] == "completed"
    assert tick(desk, "2026-10-11") == []
    assert tick(desk, "2026-10-13") == [
        ("registration-1", "automation_fired"), ("registration-1", "deal_linked"), ("renewal-1", "opened"),
    ]  # fmt: skip
    renewal = desk.ok("deal", "show", "renewal-1", as_="desk-1", now="2026-10-13")["deal"]
    assert (renewal["title"], renewal["fields"]["customer"]) == ("Renewal: Pump Works", "Pump Works")
    parent = desk.ok("deal", "show", "registration-1", as_="desk-1", now="2026-10-13")["deal"]
    assert parent["links"] == [
        {"deal": "referral-1", "kind": "follow_on"}, {"deal": "renewal-1", "kind": "follow_on"},
    ]  # fmt: skip
    # The renewal reads the deal that it came from.
    assert advance(desk, "renewal-1", "2026-10-14")["deal"]["stage"] == "sign"
    for deal in ("registration-1", "renewal-1", "referral-1"):
        assert desk.ok("deal", "verify", deal, as_="desk-1", now="2026-10-14")["ok"]


def test_the_renewal_waits_for_what_it_came_from(desk: Desk) -> None:
    register(desk, "Northwind", "First", _JAN, "--set", "contract_end=2026-02-10")
    for day in ("2026-01-07", "2026-01-08", "2026-01-09"):
        advance(desk, "registration-1", day)
    assert ("renewal-1", "opened") in tick(desk, "2026-01-10")
    error = desk.fails(1, "deal", "advance", "renewal-1", as_="desk-1", now="2026-01-11")
    assert error["details"]["criteria"][0]["found"] == "won"


def test_a_reopened_registration_does_not_push_out_the_one_that_came_after(desk: Desk) -> None:
    two_registered(desk)
    desk.ok("deal", "lose", "registration-1", "--reason", "price", as_="desk-1", now="2026-01-09")
    advance(desk, "registration-2", "2026-01-10")
    error = desk.fails(1, "deal", "reopen", "registration-1", "--reason", "again", as_="desk-1", now="2026-01-11")
    assert error["details"]["cause"] == "criteria"
    assert error["details"]["criteria"][0]["found"][0]["id"] == "registration-2"
    # Nor does time: the automation that would reopen it says that it could not.
    kinds = tick(desk, "2026-03-12")
    assert ("registration-1", "automation_fired") in kinds
    assert ("registration-1", "reopened") not in kinds
    fired = desk.ok("deal", "history", "registration-1", "--type", "automation_fired", as_="desk-1", now="2026-03-12")
    assert "another deal comes first" in fired["events"][0]["data"]["failed"]
    assert ("registration-1", "automation_fired") not in tick(desk, "2026-03-13")
