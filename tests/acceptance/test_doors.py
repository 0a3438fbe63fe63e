"""What goes in and out: real commands on a real workspace, whose output may fail, break off or meet another locale."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from contract_world import NOW, gate_desk, opened
from desk import Desk, make_workspace

READS = (("deal", "list"), ("deal", "show", "gate-1"), ("deal", "history", "gate-1", "-o", "json"), ("agenda",))
full = pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")


@pytest.fixture
def gate(tmp_path: Path) -> Desk:
    desk = gate_desk(tmp_path)
    opened(desk, "--set", "amount=12万", title="北方水泵")
    return desk


def call(desk: Desk, *argv: str, **settings: Any) -> subprocess.CompletedProcess[bytes]:
    """The command in a process of its own."""
    argv = ("--workspace", str(desk.folder), "--as", "rep-1", *argv)
    settings = {"stderr": subprocess.PIPE, **settings}
    return subprocess.run([sys.executable, "-m", "dealwright", *argv], check=False, timeout=60, **settings)


@pytest.mark.parametrize("argv", READS)
def test_a_reader_that_went_away_ends_a_command_in_silence(gate: Desk, argv: tuple[str, ...]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    try:
        done = call(gate, *argv, stdout=writing)
    finally:
        os.close(writing)
    assert (done.returncode, done.stderr) == (0, b"")


@full
@pytest.mark.parametrize("argv", READS)
def test_a_full_disk_under_the_output_is_told_without_a_traceback(gate: Desk, argv: tuple[str, ...]) -> None:
    with Path("/dev/full").open("wb") as out:
        done = call(gate, *argv, stdout=out)
    assert done.returncode == 5
    assert b"Traceback" not in done.stderr
    assert b"Exception ignored" not in done.stderr


@full
def test_a_write_whose_output_fails_is_whole_all_the_same(gate: Desk) -> None:
    with Path("/dev/full").open("wb") as out:
        done = call(gate, "deal", "set", "gate-1", "--set", "size=7", stdout=out)
    assert done.returncode == 5
    assert gate.ok("deal", "show", "gate-1")["deal"]["fields"]["size"] == 7
    assert gate.ok("store", "verify")["ok"]


@pytest.mark.skipif(os.name == "nt", reason="locales by environment are a POSIX matter")
@pytest.mark.parametrize("locale", [
    {"LC_ALL": "C"}, {"PYTHONIOENCODING": "ascii"}, {"PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "LC_ALL": "POSIX"},
], ids=["C", "ascii", "POSIX"])  # fmt: skip
def test_a_chinese_deal_is_shown_in_any_locale_and_opened_in_most(gate: Desk, locale: dict[str, str]) -> None:
    env = {**os.environ, **locale}
    done = call(gate, "deal", "open", "gate", "--title", "江南阀门", stdout=subprocess.PIPE, env=env)
    if "PYTHONUTF8" in env:  # Python was told to read arguments as ASCII
        assert (done.returncode, b"Traceback" in done.stderr) == (2, False)
    else:
        assert (done.returncode, done.stderr) == (0, b"")
        assert gate.ok("deal", "list")["deals"][-1]["title"] == "江南阀门"
    for form in ("table", "json", "csv"):
        done = call(gate, "deal", "list", "-o", form, stdout=subprocess.PIPE, env=env)
        assert (done.returncode, done.stderr) == (0, b""), form
        assert "北方水泵".encode() in done.stdout


HOSTILE = ("\x1b]0;owned\x07", "\x9b2J", "\u202eevil", "\x7f")


def test_no_control_byte_is_taken_in_or_given_out(gate: Desk) -> None:
    for bad in HOSTILE:
        tries = (
            ("deal", "open", "gate", "--title", f"a{bad}b"), ("deal", "set", "gate-1", "--set", f"remark=a{bad}b"),
            ("deal", "set", "gate-1", "--set", f"secret=a{bad}b"), ("deal", "show", f"a{bad}b"),
            ("deal", "hold", "gate-1", "--until", f"a{bad}", "--reason", "x"), ("report", "funnel", "--process", bad,
            "--from", "2026-01-01", "--to", "2026-02-01"), ("artifact", "add", "gate-1", "contract", "--file", bad),
        )  # fmt: skip
        for argv in tries:
            for form in ("table", "json"):
                answer = gate.run(*argv, "-o", form, as_="rep-1", now=NOW)
                assert answer.code in (2, 3), (argv, answer)
                assert not set(bad) & {"\x1b", "\x07", "\x9b", "\u202e", "\x7f"} & set(answer.out + answer.err), argv
    assert gate.ok("store", "info")["events"] == 1


def test_texts_of_a_process_file_cannot_steer_a_terminal(tmp_path: Path) -> None:
    from contract_world import PROCESS, SETTINGS, TEAM

    text = PROCESS.replace("{en: First look, zh: 初步了解}", '"First \\e]0;owned\\a look"')
    desk = make_workspace(tmp_path / "acme", TEAM, SETTINGS, gate=text)
    for argv in (("process", "show", "gate"), ("process", "validate"), ("process", "list")):
        answer = desk.run(*argv)
        assert not {"\x1b", "\x07"} & set(answer.out + answer.err), argv


@pytest.mark.parametrize("source", ["/dev/zero", "/dev/full"])
@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="needs a device without end")
def test_an_import_of_something_without_end_is_refused(
    gate: Desk, tmp_path: Path, source: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dealwright.workspace.imports.MOST_BYTES", 1 << 20)
    error = gate.fails(2, "import", "deals", str(tmp_path / "x.csv"), "--map", source, as_="rep-1")
    assert "larger than" in error["message"]
