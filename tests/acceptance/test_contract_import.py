"""`import deals`: the report, its exit codes, all or nothing, and that a second run changes nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from contract_shapes import DEAL, IMPORTED, fits
from contract_world import gate_desk
from desk import Desk

MAP = """\
import: deals
process: gate
id: Id
title: Name
dates: ["%Y-%m-%d"]
fields:
  amount: {column: Value}
stages:
  column: Stage
  values:
    new: [{what: opened, to: first, at: Opened}]
    lost: [{what: opened, to: first, at: Opened}, {what: ended, to: lost, reason: price, at: Closed}]
"""
HEADER = "Id,Name,Value,Stage,Opened,Closed\n"
GOOD = HEADER + "1,Northwind,12万,new,2026-01-05,\n2,Southwind,4821,lost,2026-01-06,2026-02-01\n3,No date,,new,,\n"
BAD = GOOD + "4,No such stage,1,sold,2026-01-07,\n"


@pytest.fixture
def gate(tmp_path: Path) -> Desk:
    return gate_desk(tmp_path)


def words(desk: Desk, table: str, *more: str) -> list[str]:
    (desk.folder / "deals.csv").write_text(table, encoding="utf-8")
    (desk.folder / "map.yaml").write_text(MAP, encoding="utf-8")
    return ["import", "deals", str(desk.folder / "deals.csv"), "--map", str(desk.folder / "map.yaml"), *more]


def test_doubts_are_told_and_written_and_a_second_run_changes_nothing(gate: Desk) -> None:
    dry = gate.ok(*words(gate, GOOD, "--dry-run"), as_="rep-1")
    fits(IMPORTED, dry)
    assert gate.ok("deal", "list")["total"] == 0
    done = gate.ok(*words(gate, GOOD), as_="rep-1")
    fits(IMPORTED, done)
    assert (done["rows"], done["created"], done["rejected"], done["doubtful"]) == (3, 3, 0, 1)
    assert {k: v for k, v in dry.items() if k not in ("dry_run", "written")} == {
        k: v for k, v in done.items() if k not in ("dry_run", "written")
    }
    [doubt] = done["issues"]
    assert (doubt["line"], doubt["column"], doubt["severity"]) == (4, "Opened", "doubt")
    again = gate.ok(*words(gate, GOOD), as_="rep-1")
    assert (again["created"], again["updated"], again["unchanged"], again["rejected"]) == (0, 0, 3, 0)
    lost = gate.ok("deal", "show", "2")["deal"]
    fits(DEAL, lost)
    assert (lost["status"], lost["reason"], lost["external_id"]) == ("lost", "price", "2")
    assert lost["closed_at"] == "2026-02-01T00:00:00Z"
    assert gate.ok("deal", "show", "Northwind")["deal"]["amount"] == {"amount": "120000.00", "currency": "CNY"}
    assert gate.ok("store", "verify")["ok"] is True


def test_a_rejected_row_stops_all_unless_it_is_skipped(gate: Desk) -> None:
    answer = gate.run(*words(gate, BAD), "-o", "json", as_="rep-1")
    assert answer.code == 1
    fits(IMPORTED, answer.json)
    assert (answer.json["rows"], answer.json["rejected"]) == (4, 1)
    error = next(i for i in answer.json["issues"] if i["severity"] == "error")
    assert (error["line"], error["column"], error["value"]) == (5, "Stage", "sold")
    assert gate.ok("deal", "list")["total"] == 0
    skipped = gate.ok(*words(gate, BAD, "--skip-rejected"), as_="rep-1")
    assert skipped["rows"] == skipped["created"] + skipped["updated"] + skipped["unchanged"] + skipped["rejected"] == 4
    assert gate.ok("deal", "list")["total"] == 3
    zh = gate.run(*words(gate, BAD), "-o", "json", "--lang", "zh", as_="rep-1").json
    assert all(any("一" <= x <= "鿿" for x in issue["message"]) for issue in zh["issues"])


def test_a_number_that_somebody_took_by_hand_is_passed_over(gate: Desk) -> None:
    gate.ok("deal", "open", "gate", "--title", "By hand", "--id", "gate-2", as_="rep-1")
    gate.ok(*words(gate, GOOD), as_="rep-1")
    assert [d["id"] for d in gate.ok("deal", "list")["deals"]] == ["gate-2", "gate-1", "gate-3", "gate-4"]


def test_a_missing_file_or_an_unreadable_map_is_told(gate: Desk) -> None:
    good = words(gate, GOOD)
    assert gate.fails(3, "import", "deals", "nowhere.csv", *good[3:], as_="rep-1")["kind"] == "not_found"
    (gate.folder / "map.yaml").write_text("import: deals\nid: [\n", encoding="utf-8")
    assert gate.fails(1, *good, as_="rep-1")["details"]["findings"]
