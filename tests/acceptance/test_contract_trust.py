"""What the log promises: damage is found, personal data stays out of it, nobody acts in another's name unseen."""

from __future__ import annotations

import getpass
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from contract_shapes import ERROR, STORE_VERIFIED, VERIFIED, fits
from contract_world import NOW, PROCESS, TEAM, gate_desk, opened, ready
from desk import Desk


@pytest.fixture
def gate(tmp_path: Path) -> Desk:
    return gate_desk(tmp_path)


def edit(desk: Desk, *statements: str) -> None:
    """What somebody with the file and SQLite at hand can do."""
    base = sqlite3.connect(desk.folder / ".dealwright" / "store.db")
    triggers = base.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
    for (name,) in triggers:
        base.execute(f'DROP TRIGGER "{name}"')
    for statement in statements:
        assert base.execute(statement).rowcount != 0, statement
    base.commit()
    base.close()


TAMPERED = {
    "an event's body": ("UPDATE events SET body = replace(body, 'fit', 'fat') WHERE seq = 2",),
    "an event's column": ("UPDATE events SET at = '2025-01-01T00:00:00Z' WHERE seq = 2",),
    "an event removed": ("DELETE FROM events WHERE seq = 2",),
    "the last event removed": ("DELETE FROM events WHERE doc_id = (SELECT max(doc_id) FROM events)",),
    "the deal's state": ("UPDATE deals SET body = replace(body, 'first', 'hand!') WHERE id = 'gate-1'",),
}


@pytest.mark.parametrize("what", TAMPERED)
def test_damage_is_found_and_ends_with_5(gate: Desk, what: str) -> None:
    deal = opened(gate)
    ready(gate, deal)
    fits(VERIFIED, gate.ok("deal", "verify", deal))
    edit(gate, *TAMPERED[what])
    for words, shape in ((("deal", "verify", deal), VERIFIED), (("store", "verify"), STORE_VERIFIED)):
        answer = gate.run(*words, "-o", "json")
        assert answer.code == 5, answer.out + answer.err
        fits(shape, answer.json)
        assert answer.json["ok"] is False
        assert answer.json["problems"]
        text = gate.run(*words, "--lang", "zh")
        assert text.code == 5
        assert "Traceback" not in text.err
        assert any("一" <= x <= "鿿" for x in text.out + text.err)


def test_events_cannot_be_changed_through_the_file_as_it_is(gate: Desk) -> None:
    opened(gate)
    base = sqlite3.connect(gate.folder / ".dealwright" / "store.db")
    for statement in ("UPDATE events SET body = '{}'", "DELETE FROM events"):
        with pytest.raises(sqlite3.DatabaseError):
            base.execute(statement)
    base.close()


def test_a_store_that_is_missing_or_no_store_ends_with_5_and_is_not_made_anew(gate: Desk) -> None:
    opened(gate)
    store = gate.folder / ".dealwright" / "store.db"
    kept = store.read_bytes()
    for content in (None, b"", b"no database at all, but long enough to be looked at\n" * 20):
        for path in store.parent.glob("store.db*"):
            path.unlink()
        if content is not None:
            store.write_bytes(content)
        for words in (("deal", "list"), ("store", "verify"), ("deal", "open", "gate", "--title", "X")):
            error = gate.fails(5, *words, as_="rep-1")
            fits(ERROR, error)
            assert error["kind"] == "store"
        assert (store.read_bytes() if store.exists() else None) == content
    store.write_bytes(kept)


SECRETS = {
    "Buyer Unlikely-Name": ("stakeholder", "add", "{deal}", "--set", "name=Buyer Unlikely-Name"),
    "unlikely@example.com": ("stakeholder", "set", "{deal}", "s1", "--set", "email=unlikely@example.com"),
    "unlikely note of a call": ("activity", "log", "{deal}", "call", "--note", "unlikely note of a call"),
    "unlikely secret field": ("deal", "set", "{deal}", "--set", "secret=unlikely secret field"),
    "unlikely reason to void": ("activity", "void", "{deal}", "a1", "--reason", "unlikely reason to void"),
    "unlikely reason to hold": ("deal", "hold", "{deal}", "--until", "+3d", "--reason", "unlikely reason to hold"),
    "unlikely note on the loss": ("deal", "lose", "{deal}", "--reason", "price", "--note", "unlikely note on the loss"),
    "unlikely reason to reopen": ("deal", "reopen", "{deal}", "--reason", "unlikely reason to reopen"),
}


def test_personal_values_are_shown_to_readers_and_stand_in_no_event_and_no_state(gate: Desk) -> None:
    deal = opened(gate)
    for words in SECRETS.values():
        filled = [word.format(deal=deal) for word in words]
        dry = gate.ok(*filled, "--dry-run", as_="rep-1", now=NOW)
        assert json.dumps(dry, ensure_ascii=False).count("unlikely") + json.dumps(dry).count("Unlikely") >= 1
        gate.ok(*filled, as_="rep-1", now=NOW)
    gate.ok("deal", "waive", deal, "fits", "--reason", "unlikely reason to waive", as_="boss-1", now=NOW)
    base = sqlite3.connect(gate.folder / ".dealwright" / "store.db")
    tables = [name for (name,) in base.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    where = {
        name: secret
        for name in tables
        for secret in (*SECRETS, "unlikely reason to waive")
        if secret in repr(base.execute(f'SELECT * FROM "{name}"').fetchall())
    }
    base.close()
    assert set(where) == {"personal"}
    told = json.dumps(gate.ok("deal", "history", deal)["events"], ensure_ascii=False)
    assert [s for s in (*SECRETS, "unlikely reason to waive") if s not in told] == []
    assert gate.ok("deal", "show", deal)["deal"]["fields"]["secret"] == "unlikely secret field"
    assert gate.ok("stakeholder", "list", deal)["stakeholders"][0]["email"] == "unlikely@example.com"
    past = gate.ok("deal", "show", deal, "--at", NOW)["deal"]
    assert past["fields"]["secret"] == "unlikely secret field"


def test_an_erased_value_reads_as_null_and_the_chain_stays_whole(gate: Desk) -> None:
    deal = opened(gate)
    gate.ok("deal", "set", deal, "--set", "secret=gone soon", as_="rep-1", now=NOW)
    edit(gate, "DELETE FROM personal")
    assert gate.ok("deal", "show", deal)["deal"]["fields"]["secret"] is None
    assert gate.ok("deal", "verify", deal)["ok"] is True
    assert gate.ok("deal", "history", deal)["events"][-1]["data"]["fields"]["secret"] is None


def test_own_words_for_an_end_without_a_list_are_personal_too(tmp_path: Path) -> None:
    listed = ", reasons: {price: {en: Price, zh: 价格}, timing: {en: Timing, zh: 时机}}"
    assert listed in PROCESS
    process = PROCESS.replace(listed, "")
    gate = gate_desk(tmp_path, gate=process)
    deal = opened(gate)
    lost = gate.ok("deal", "lose", deal, "--reason", "unlikely words of ours", as_="rep-1", now=NOW)
    assert lost["events"][0]["data"]["reason"] == "unlikely words of ours"
    assert lost["deal"]["status"] == "lost"
    assert lost["deal"]["reason"] == "unlikely words of ours"
    base = sqlite3.connect(gate.folder / ".dealwright" / "store.db")
    assert "unlikely" not in repr(base.execute("SELECT * FROM events").fetchall())
    assert "unlikely" not in repr(base.execute("SELECT * FROM deals").fetchall())
    base.close()


def test_as_and_now_are_allowed_only_where_the_workspace_says_so(tmp_path: Path) -> None:
    gate = gate_desk(tmp_path, settings='dealwright: "1"\n')
    assert gate.fails(1, "deal", "open", "gate", "--title", "X", as_="rep-1")["details"]["cause"] == "role"
    (gate.folder / "team.yaml").write_text(
        TEAM.replace("rep-1: {roles: [rep]}", f"rep-1: {{roles: [rep], os_user: {_me()}}}")
    )
    assert gate.ok("deal", "open", "gate", "--title", "X")["events"][0]["actor"] == "rep-1"
    error = gate.fails(1, "deal", "open", "gate", "--title", "Y", now=NOW)
    assert "allow_now" in error["message"]
    assert gate.run("deal", "why", "gate-1", now="2030-01-01").code == 0  # to ask at another time is free


def test_a_clock_that_went_back_breaks_nothing(gate: Desk) -> None:
    later = "2030-01-01T00:00:00Z"  # as if the machine's clock had been years ahead
    deal = opened(gate, now=later)
    done = gate.ok("deal", "set", deal, "--set", "fit=good", as_="rep-1")
    assert done["events"][0]["at"] == later  # what changes state never goes back
    assert done["events"][0]["recorded_at"] < later
    ready(gate, deal, now=None)
    gate.ok("deal", "advance", deal, as_="rep-1")
    assert gate.ok("deal", "verify", deal)["ok"] is True
    assert gate.ok("deal", "show", deal)["deal"]["entered_stage_at"] == later
    assert gate.fails(2, "deal", "set", deal, "--set", "fit=bad", as_="rep-1", now=NOW)["kind"] == "usage"


def test_a_folder_moved_elsewhere_is_the_same_workspace(gate: Desk, tmp_path: Path) -> None:
    deal = opened(gate)
    ready(gate, deal)
    before = gate.ok("deal", "show", deal)
    shutil.move(gate.folder, tmp_path / "elsewhere")
    moved = Desk(tmp_path / "elsewhere")
    assert moved.ok("deal", "show", deal) == before
    assert moved.ok("store", "verify")["ok"] is True


# Says when it begins to read its form. A shell's background job inherits an ignored SIGINT; a person's does not.
_WAITS_FOR_ITS_FORM = """\
import signal, sys
from dealwright.cli.main import main

class Form:
    def __init__(self, real):
        self.buffer, self._real = self, real.buffer
    def read(self, size):
        print("ready", file=sys.stderr, flush=True)
        return self._real.read(size)

sys.stdin = Form(sys.stdin)
signal.signal(signal.SIGINT, signal.default_int_handler)
sys.exit(main(sys.argv[1:]))
"""


@pytest.mark.skipif(os.name == "nt", reason="sends SIGINT")
def test_an_interrupted_write_ends_with_130_and_writes_nothing(gate: Desk) -> None:
    deal = opened(gate)
    words = ["--workspace", str(gate.folder), "--as", "rep-1", "deal", "set", deal, "--data", "-"]
    waiting = subprocess.Popen(
        [sys.executable, "-c", _WAITS_FOR_ITS_FORM, *words],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert waiting.stderr
    assert waiting.stderr.readline() == "ready\n"
    waiting.send_signal(signal.SIGINT)
    out, err = waiting.communicate(timeout=30)
    assert (waiting.returncode, out) == (130, "")
    assert "Traceback" not in err
    assert gate.ok("deal", "show", deal)["deal"]["version"] == 1


def _me() -> str:
    return json.dumps(getpass.getuser())
