"""What is kept of a person can be shown whole, and erased so that no byte of it is left in the workspace."""

from __future__ import annotations

import secrets
import sqlite3
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from desk import Desk

from dealwright.store import open_store
from dealwright.store.layouts import PERSONAL

REP = "sales-rep-1"
SECRETS = ("Quux", "quux@", "555-0101", "cross with us", "左女士")
NOTE = "Quux was cross with us " + "and said it at length " * 300  # longer than a page of the store


def traces(folder: Path, *texts: str) -> dict[str, list[str]]:
    """Which of `texts` are in the raw bytes of which file under the workspace's state."""
    found = {}
    for path in sorted((folder / ".dealwright").rglob("*")):
        if path.is_file():
            content = path.read_bytes()
            hits = [text for text in texts if text.encode() in content]
            if hits:
                found[path.name] = hits
    return found


@pytest.fixture
def deal(desk: Desk, tmp_path: Path) -> str:
    """A deal with two stakeholders, notes that name them, a mail as proof, and reasons."""
    mail = tmp_path / "Ms Quux accepts.eml"
    mail.write_text("From: Ms Quux <quux@buyer.example>\n\nAgreed.\n", encoding="utf-8")
    desk.ok("deal", "open", "b2b", "--title", "Pump station", as_=REP)
    desk.ok("stakeholder", "add", "b2b-1", "--set", "name=Ms Quux", "--set", "email=quux@buyer.example",
            "--set", "phone=555-0101", "--set", "role=EB", as_=REP)  # fmt: skip
    desk.ok("stakeholder", "add", "b2b-1", "--set", "name=Mr Corge", as_=REP)
    desk.ok("stakeholder", "set", "b2b-1", "s1", "--set", "name=左女士", as_=REP)
    desk.ok("activity", "log", "b2b-1", "call", "--contact", "s1", "--note", NOTE, "--proof", str(mail), as_=REP)
    desk.ok("activity", "log", "b2b-1", "call", "--contact", "s2", "--note", "Corge is calm", as_=REP)
    desk.ok("activity", "log", "b2b-1", "note", "--note", "the plant is old", as_=REP)
    desk.ok("activity", "void", "b2b-1", "a1", "--reason", "Quux was on holiday", as_=REP)
    return "b2b-1"


def test_everything_of_a_person_is_shown_with_where_it_stands(desk, deal):
    shown = desk.ok("privacy", "export", f"{deal}/s1")
    assert [(v["type"], v["what"]) for v in shown["values"]] == [
        ("stakeholder_added", "fields.email"), ("stakeholder_added", "fields.name"),
        ("stakeholder_added", "fields.phone"), ("stakeholder_set", "fields.name"), ("activity_logged", "note"),
        ("activity_voided", "reason"),
    ]  # fmt: skip
    assert {v["value"] for v in shown["values"]} == {
        "Ms Quux", "quux@buyer.example", "555-0101", "左女士", NOTE, "Quux was on holiday"
    }  # fmt: skip
    assert [(f["type"], f["what"], f["kept"]) for f in shown["files"]] == [("activity_logged", "proof", True)]
    assert [s["role"] for s in shown["stakeholders"]] == ["EB"]


def test_a_deals_export_covers_all_its_people_and_what_belongs_to_none(desk, deal):
    shown = desk.ok("privacy", "export", deal)
    assert {v["stakeholder"] for v in shown["values"]} == {"s1", "s2", None}
    assert "the plant is old" in {v["value"] for v in shown["values"]}


def test_no_byte_of_an_erased_person_is_left_and_the_others_stay(desk, deal):
    assert traces(desk.folder, *SECRETS)  # else this could not fail
    done = desk.ok("privacy", "erase", f"{deal}/s1", "--reason", "asked for it", as_=REP)
    assert done["erased"]["values"] == 6
    assert len(done["erased"]["files"]) == 1
    assert done["left"] == []
    assert traces(desk.folder, *SECRETS) == {}
    assert [s["name"] for s in desk.ok("stakeholder", "list", deal)["stakeholders"]] == [None, "Mr Corge"]
    assert {v["value"] for v in desk.ok("privacy", "export", f"{deal}/s1")["values"]} == {None}
    assert "Corge is calm" in {a["note"] for a in desk.ok("activity", "list", deal)["activities"]}


def test_an_erasure_is_logged_without_values_and_the_chain_stays_whole(desk, deal):
    before = desk.ok("deal", "verify", deal)["head"]
    done = desk.ok("privacy", "erase", f"{deal}/s1", "--reason", "asked for it", as_=REP)
    (event,) = done["events"]
    assert event["type"] == "personal_erased"
    assert event["prev_hash"] == before
    assert event["data"]["subject"] == "b2b-1/s1"
    assert event["data"]["count"] == 6
    assert event["data"]["reason"] == "asked for it"
    assert desk.ok("store", "verify")["ok"]
    assert desk.ok("deal", "verify", deal)["ok"]
    assert desk.ok("deal", "history", deal)["events"][-1]["type"] == "personal_erased"


def test_erasing_a_deal_takes_all_its_people(desk, deal):
    desk.ok("privacy", "erase", deal, "--reason", "kept for long enough", as_=REP)
    assert traces(desk.folder, *SECRETS, "Corge", "the plant is old") == {}
    assert {v["value"] for v in desk.ok("privacy", "export", deal)["values"]} == {None}
    assert desk.ok("deal", "show", deal)["deal"]["title"] == "Pump station"


def test_erased_stays_erased_and_the_second_time_nothing_is_logged(desk, deal):
    desk.ok("privacy", "erase", f"{deal}/s1", "--reason", "asked for it", as_=REP)
    again = desk.ok("privacy", "erase", f"{deal}/s1", "--reason", "asked again", as_=REP)
    assert again["events"] == []
    assert again["erased"] == {"values": 0, "files": [], "shared": []}
    desk.ok("activity", "log", deal, "note", "--note", "life goes on", as_=REP)
    assert traces(desk.folder, *SECRETS, "asked again") == {}


def test_an_ended_deal_can_be_erased_and_one_on_hold(desk, deal):
    desk.ok("deal", "hold", deal, "--until", "+30d", "--reason", "budget", as_=REP)
    desk.ok("privacy", "erase", f"{deal}/s1", "--reason", "asked for it", as_=REP)
    desk.ok("deal", "lose", deal, "--reason", "price", as_=REP)
    desk.ok("privacy", "erase", f"{deal}/s2", "--reason", "asked for it", as_=REP)
    assert traces(desk.folder, *SECRETS, "Corge") == {}


def test_only_those_responsible_for_the_stage_may_erase(desk, deal):
    error = desk.fails(1, "privacy", "erase", f"{deal}/s1", "--reason", "because", as_="legal-1")
    assert error["details"]["cause"] == "role"
    assert REP in error["details"]["people"]
    assert traces(desk.folder, "Quux")


def test_a_dry_run_erases_nothing_and_tells_what_it_would(desk, deal):
    done = desk.ok("privacy", "erase", f"{deal}/s1", "--reason", "asked for it", "--dry-run", as_=REP)
    assert (done["dry_run"], done["erased"]["values"], len(done["erased"]["files"])) == (True, 6, 1)
    assert desk.ok("stakeholder", "list", deal)["stakeholders"][0]["name"] == "左女士"
    assert desk.ok("deal", "history", deal)["events"][-1]["type"] == "activity_voided"


def test_a_proof_that_another_deal_names_too_is_kept_and_told(desk, deal, tmp_path):
    mail = tmp_path / "Ms Quux accepts.eml"
    desk.ok("deal", "open", "b2b", "--title", "Second station", as_=REP)
    desk.ok("activity", "log", "b2b-2", "call", "--note", "same mail", "--proof", str(mail), as_=REP)
    done = desk.ok("privacy", "erase", f"{deal}/s1", "--reason", "asked for it", as_=REP)
    assert done["erased"]["files"] == []
    (kept,) = done["erased"]["shared"]
    assert (desk.folder / ".dealwright" / "files" / kept[:2] / kept).exists()
    last = desk.ok("privacy", "erase", "b2b-2", "--reason", "asked for it", as_=REP)
    assert last["erased"]["shared"] == [kept]


def test_proofs_are_kept_where_the_law_demands_it(desk, deal):
    done = desk.ok("privacy", "erase", f"{deal}/s1", "--reason", "asked for it", "--keep-files", as_=REP)
    assert (done["erased"]["values"], done["erased"]["files"]) == (6, [])
    assert [f["kept"] for f in desk.ok("privacy", "export", f"{deal}/s1")["files"]] == [True]


@pytest.mark.parametrize("subject", ["b2b-1/s9", "b2b-9", "b2b-9/s1"])
def test_an_unknown_subject_is_told(desk, deal, subject):
    assert desk.fails(3, "privacy", "export", subject)["kind"] == "not_found"
    assert desk.fails(3, "privacy", "erase", subject, "--reason", "because", as_=REP)["kind"] == "not_found"


def test_a_reader_that_still_holds_the_journal_is_told_and_the_next_run_cleans_up(desk, deal):
    path = desk.folder / ".dealwright" / "store.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as reader:
        desk.ok("activity", "log", deal, "note", "--note", "keeps the journal in use", as_=REP)
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM events").fetchone()
        answer = desk.run("privacy", "erase", f"{deal}/s1", "--reason", "asked for it", "-o", "json", as_=REP)
        assert (answer.code, answer.json["left"]) == (1, ["store.db-wal"])
    done = desk.ok("privacy", "erase", f"{deal}/s1", "--reason", "asked for it", as_=REP)
    assert (done["events"], done["left"]) == ([], [])
    assert traces(desk.folder, *SECRETS) == {}


def test_copies_of_rows_that_the_database_left_behind_go_too(desk, deal):
    # What SQLite leaves in the gaps of a page when it moves rows; here put into the page by hand.
    path = desk.folder / ".dealwright" / "store.db"
    with open_store(path) as store:
        document = store.db.rows("personal").all()[0]
        stale = f'"value":"{document["value"]}","salt":"'.encode()
    content = path.read_bytes()
    gap = content.rindex(b"\0" * 200) + 50
    path.write_bytes(content[:gap] + stale + content[gap + len(stale) :])
    desk.ok("privacy", "erase", deal, "--reason", "asked for it", as_=REP)
    assert traces(desk.folder, *SECRETS) == {}
    assert desk.ok("store", "verify")["ok"]


def test_values_written_by_an_earlier_release_under_the_deal_belong_to_the_person_all_the_same(desk, deal):
    path = desk.folder / ".dealwright" / "store.db"
    with open_store(path) as store:
        store.db.rows("personal").update({"subject": deal})
    done = desk.ok("privacy", "erase", f"{deal}/s1", "--reason", "asked for it", as_=REP)
    assert done["erased"]["values"] == 6
    assert traces(desk.folder, *SECRETS) == {}


def test_erasing_among_ten_thousand_deals_takes_less_than_a_second(desk, deal):
    path = desk.folder / ".dealwright" / "store.db"
    _fill(path, deals=10_000)
    started = time.perf_counter()
    done = desk.ok("privacy", "erase", f"{deal}/s1", "--reason", "asked for it", as_=REP)
    taken = time.perf_counter() - started
    assert done["erased"]["values"] == 6
    assert taken < 1.0
    assert traces(desk.folder, *SECRETS) == {}
    with open_store(path) as store:
        assert store.db.rows(PERSONAL.name).get(doc_id=1500)["value"].startswith("Somebody")


def _fill(path: Path, deals: int) -> None:
    """A store with this many deals of a few events each, and two personal values a deal."""
    from dealwright.events import Event, FieldsSet, Opened

    now = datetime.now(UTC)
    with open_store(path) as store, store.transaction():
        of = store.deal("b2b-1")
        for number in range(2, deals + 2):
            name = f"full-{number}"
            opened = Opened(title="Full", process="b2b", process_version="1.0.0", to=of["stage"])
            facts = [opened, FieldsSet(fields={"deal_type": "new" * 100})]
            kinds = ["opened", "fields_set"]
            events = [
                Event(name, seq, kind, now, REP, None, of["definition_hash"], fact)
                for seq, (kind, fact) in enumerate(zip(kinds, facts, strict=True), 1)
            ]
            document = of | {"id": name, "version": len(events), "facts": [], "stakeholders": [], "title": "Full"}
            store.append(document, 0, events, recorded_at=now, recorded_by="os")
            for at in (2 * number, 2 * number + 1):
                row = {
                    "ref": secrets.token_hex(12),
                    "subject": f"{name}/s1",
                    "value": f"Somebody {at}",
                    "salt": "5a" * 16,
                }
                store.db.storage.insert(PERSONAL.name, 1000 + at, row)


def test_an_erasure_that_was_interrupted_after_its_event_is_finished_by_the_next(desk, deal, monkeypatch):
    from dealwright.workspace.files import Files

    def stop(self: Files, sha256: str) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(Files, "erase", stop)
        assert desk.run("privacy", "erase", f"{deal}/s1", "--reason", "asked for it", as_=REP).code == 130
    assert traces(desk.folder, "quux@")  # the mail is still there
    done = desk.ok("privacy", "erase", f"{deal}/s1", "--reason", "asked for it", as_=REP)
    assert (done["erased"]["values"], len(done["erased"]["files"])) == (0, 1)
    assert traces(desk.folder, *SECRETS) == {}
    assert desk.ok("store", "verify")["ok"]


def test_earlier_states_that_are_kept_beside_the_store_are_named(desk, deal, tmp_path):
    desk.ok("store", "backup", str(tmp_path / "safe"))
    aside = desk.ok("store", "restore", str(tmp_path / "safe"), "--replace")["aside"]
    done = desk.ok("privacy", "erase", f"{deal}/s1", "--reason", "asked for it", as_=REP)
    assert done["copies"] == [aside]
