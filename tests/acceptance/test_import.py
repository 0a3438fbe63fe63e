"""A real CRM export, imported through the command line; where it is not there, a generated one with the same faults."""

from __future__ import annotations

import csv
import os
import statistics
from datetime import datetime
from pathlib import Path

import pytest
from desk import Desk, make_workspace

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"
DATA = Path(os.environ.get("DEALWRIGHT_DATA", Path(__file__).parents[3] / "shared" / "data")) / "maven_crm"
TEAM = "people: {agent-1: {roles: [sales_agent]}}\n"


@pytest.fixture
def crm(tmp_path: Path) -> Desk:
    text = (EXAMPLES / "maven.process.yaml").read_text(encoding="utf-8")
    return make_workspace(tmp_path / "crm", TEAM, maven=text)


def import_file(crm: Desk, file: Path, *more: str, code: int = 0) -> dict:
    argv = ["import", "deals", str(file), "--map", str(EXAMPLES / "maven.map.yaml"), *more, "-o", "json"]
    answer = crm.run(*argv, as_="agent-1")
    assert answer.code == code, answer.out[:2000] + answer.err
    return answer.json


@pytest.mark.skipif(not DATA.is_dir(), reason="the public export is not on this machine")
@pytest.mark.slow
def test_the_public_export_gives_the_known_figures(crm: Desk) -> None:
    told = import_file(crm, DATA / "sales_pipeline.csv")
    assert (told["rows"], told["created"], told["rejected"]) == (8800, 8800, 0)
    assert told["by_code"] == {"not-in-lookup": 1480, "empty-value": 1425, "no-date": 500}
    assert {i["suggestion"] for i in told["issues"] if i["code"] == "not-in-lookup"} == {"GTX Pro"}
    deals = crm.ok("deal", "list", "--limit", "9000")["deals"]
    by_status = {s: [d for d in deals if d["status"] == s] for s in ("won", "lost", "open")}
    stages = [d["stage"] for d in by_status["open"]]
    assert (len(by_status["won"]), len(by_status["lost"])) == (4238, 2473)
    assert (stages.count("engaging"), stages.count("prospecting")) == (1589, 500)
    assert round(100 * 4238 / (4238 + 2473), 2) == 63.15
    assert sum(float(d["amount"]["amount"]) for d in by_status["won"]) == 10_005_534
    won = [days(d["opened_at"], d["won_at"]) for d in by_status["won"]]
    lost = [days(d["opened_at"], d["closed_at"]) for d in by_status["lost"]]
    assert (round(statistics.mean(won), 2), statistics.median(won), max(won)) == (51.78, 57, 138)
    assert (round(statistics.mean(lost), 2), statistics.median(lost)) == (41.48, 14)
    june = crm.ok("report", "funnel", "--process", "maven", "--from", "2017-06-01", "--to", "2017-07-01")
    row = next(r for r in june["rows"] if r["stage"] == "engaging")
    assert [row[k] for k in ("opening", "entered", "exited", "closing")] == [1535, 792, 641, 1686]
    assert june["undated"] == 500
    assert june["reconciled"]
    again = import_file(crm, DATA / "sales_pipeline.csv")
    assert (again["created"], again["updated"], again["unchanged"]) == (0, 0, 8800)
    assert crm.ok("store", "verify")["ok"]


def test_an_export_with_the_usual_faults_is_imported_and_every_doubt_told(crm: Desk, tmp_path: Path) -> None:
    file = export(tmp_path, [
        ["D1", "rep a", "GTX Basic", "Acme", "Won", "10/20/2016", "3/1/2017", "1054"],
        ["D2", "rep a", "GTXPro", "Acme", "Lost", "10/25/2016", "3/11/2017", "0"],
        ["D3", "rep b", "GTX Basic", "", "Engaging", "10/25/2016", "", ""],
        ["D4", "rep b", "GTX Basic", "Acme", "Prospecting", "", "", ""],
    ])  # fmt: skip
    told = import_file(crm, file)
    assert (told["rows"], told["created"], told["rejected"], told["doubtful"]) == (4, 4, 0, 3)
    assert told["by_code"] == {"not-in-lookup": 1, "empty-value": 1, "no-date": 1}
    assert next(i for i in told["issues"] if i["code"] == "not-in-lookup")["suggestion"] == "GTX Pro"
    won = crm.ok("deal", "show", "D1")["deal"]
    assert (won["status"], won["won_at"], won["external_id"]) == ("won", "2017-03-01T00:00:00Z", "D1")
    kinds = [e["type"] for e in crm.ok("deal", "history", "D1")["events"]]
    assert kinds == ["imported", "imported"]
    assert import_file(crm, file)["unchanged"] == 4


def test_a_rejected_row_stops_everything_unless_it_is_skipped(crm: Desk, tmp_path: Path) -> None:
    rows = [
        ["D1", "rep a", "GTX Basic", "Acme", "Won", "10/20/2016", "3/1/2017", "1054"],
        ["D2", "rep a", "GTX Basic", "Acme", "Dreaming", "10/25/2016", "", ""],
    ]
    file = export(tmp_path, rows)
    told = import_file(crm, file, code=1)
    assert (told["rejected"], told["written"]) == (1, False)
    assert [(i["line"], i["column"], i["severity"]) for i in told["issues"]] == [(3, "deal_stage", "error")]
    assert crm.ok("deal", "list")["total"] == 0
    assert import_file(crm, file, "--skip-rejected")["created"] == 1
    assert crm.ok("deal", "list")["total"] == 1


def test_a_row_that_went_on_in_the_source_appends_only_what_is_new(crm: Desk, tmp_path: Path) -> None:
    first = ["D1", "rep a", "GTX Basic", "Acme", "Engaging", "10/20/2016", "", ""]
    import_file(crm, export(tmp_path, [first]))
    later = ["D1", "rep a", "GTX Basic", "Acme", "Won", "10/20/2016", "3/1/2017", "1054"]
    told = import_file(crm, export(tmp_path, [later]))
    assert (told["updated"], told["created"]) == (1, 0)
    assert crm.ok("deal", "show", "D1")["deal"]["status"] == "won"


def export(folder: Path, rows: list[list[str]]) -> Path:
    header = [
        "opportunity_id",
        "sales_agent",
        "product",
        "account",
        "deal_stage",
        "engage_date",
        "close_date",
        "close_value",
    ]
    file = folder / "pipeline.csv"
    with file.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([header, *rows])
    (folder / "products.csv").write_text("product\nGTX Basic\nGTX Pro\n", encoding="utf-8")
    (folder / "accounts.csv").write_text("account\nAcme\n", encoding="utf-8")
    return file


def days(start: str, end: str) -> int:
    return (datetime.fromisoformat(end) - datetime.fromisoformat(start)).days
