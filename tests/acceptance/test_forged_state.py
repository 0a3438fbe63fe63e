"""A deal's state row rewritten with all its checksums in order: only the log can tell."""

from __future__ import annotations

from desk import Desk
from tinydb import where

from dealwright.workspace import Workspace


def test_verify_finds_a_state_that_its_log_does_not_add_up_to(desk: Desk) -> None:
    deal = desk.ok("deal", "open", "b2b", "--title", "Northwind pumps", as_="sales-rep-1")["deal"]["id"]
    assert desk.ok("deal", "verify", deal)["ok"]
    with Workspace.find(desk.folder) as ws:
        ws.store.db.table("deals").update({"stage": "contract"}, where("id") == deal)
    answer = desk.run("deal", "verify", deal, "-o", "json")
    assert answer.code == 5
    assert [problem["code"] for problem in answer.json["problems"]] == ["state-differs"]
    whole = desk.run("store", "verify", "-o", "json")
    assert whole.code == 5
    assert [(p["deal"], p["code"]) for p in whole.json["problems"]] == [(deal, "state-differs")]
