"""How a call ends: one catch, fixed exit codes, no traceback on the terminal."""

from __future__ import annotations

import errno
import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from cli_run import Run

from dealwright.cli import store
from dealwright.errors import (
    ConflictError,
    DealwrightError,
    NotFoundError,
    PluginError,
    RefusedError,
    StoreError,
    UsageError,
)


def ending(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    def raising(_call: Any) -> None:
        raise error

    monkeypatch.setattr(store.info, "run", raising)


@pytest.mark.parametrize(
    ("kind", "code", "name"),
    [
        (RefusedError, 1, "refused"), (PluginError, 1, "refused"), (UsageError, 2, "usage"),
        (NotFoundError, 3, "not_found"),
        (ConflictError, 4, "conflict"), (StoreError, 5, "store"),
    ],
)  # fmt: skip
def test_each_kind_of_error_has_its_exit_code(
    run: Run, monkeypatch: pytest.MonkeyPatch, kind: type[DealwrightError], code: int, name: str
) -> None:
    ending(monkeypatch, kind("in English", "用中文", deal="b2b-1"))
    ran = run("store", "info")
    assert (ran.code, ran.out) == (code, "")
    assert "in English" in ran.err
    assert "用中文" in run("store", "info", "--lang", "zh").err
    ran = run("store", "info", "-o", "json")
    assert (ran.code, ran.err) == (code, "")
    assert json.loads(ran.out) == {
        "v": 1,
        "error": {"kind": name, "message": "in English", "details": {"deal": "b2b-1"}},
    }


@pytest.mark.parametrize(
    "error", [RuntimeError("inner"), SystemExit(0), RecursionError(), AssertionError(), OSError(9, "x")]
)
def test_anything_else_is_a_bug_with_a_report(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, error: BaseException
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    ending(monkeypatch, error)
    ran = run("store", "info")
    assert (ran.code, ran.out) == (70, "")
    assert "Traceback" not in ran.err
    found = re.search(r"is in (\S+)", ran.err)
    assert found
    report = Path(found[1]).read_text(encoding="utf-8")
    assert "Traceback" in report
    assert "call: store info" in report
    ran = run("store", "info", "-o", "json", "--lang", "zh")
    assert ran.code == 70
    assert json.loads(ran.out)["error"]["kind"] == "bug"


def test_a_bug_report_keeps_no_value_from_the_command_line(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    ending(monkeypatch, RuntimeError("inner"))
    run("store", "info", "--as", "secret-person", "--now=2026-01-01", "--workspace", "private")
    report = next(tmp_path.iterdir()).read_text(encoding="utf-8")
    assert "call: store info --as ... --now --workspace ..." in report
    assert "secret-person" not in report


def test_a_bug_report_holds_no_control_character_of_anybodys_data(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    ending(monkeypatch, RuntimeError("title \x1b]0;owned\x07 \x9b2J \udcff"))
    run("store", "info")
    report = next(tmp_path.iterdir()).read_text(encoding="utf-8")
    assert "title" in report
    assert not {"\x1b", "\x07", "\x9b"} & set(report)


def test_a_bug_without_a_place_for_the_report_is_still_told(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", "/nowhere/at/all")
    ending(monkeypatch, RuntimeError("inner"))
    ran = run("store", "info")
    assert ran.code == 70
    assert "RuntimeError" in ran.err


def test_an_interrupt_ends_with_130(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    ending(monkeypatch, KeyboardInterrupt())
    ran = run("store", "info", "--lang", "zh")
    assert (ran.code, ran.err) == (130, "已中断。\n")


def test_a_full_disk_is_a_store_error(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    ending(monkeypatch, OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "/some/where"))
    ran = run("store", "info")
    assert ran.code == 5
    assert "/some/where" in ran.err


def dealwright(*arguments: str, **settings: Any) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "dealwright", *arguments], stderr=subprocess.PIPE, check=False, **settings
    )


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
@pytest.mark.parametrize("arguments", [("--version",), ("--help",), ("deal", "--help")])
def test_output_that_cannot_be_written_is_an_error_without_a_traceback(arguments: tuple[str, ...]) -> None:
    with Path("/dev/full").open("wb") as full:
        done = dealwright(*arguments, stdout=full)
    assert done.returncode == 5
    assert b"Traceback" not in done.stderr
    assert b"Exception ignored" not in done.stderr


@pytest.mark.parametrize("arguments", [("--help",), ("deal", "open", "--help"), ("schema", "process")])
def test_a_reader_that_goes_away_is_no_error(arguments: tuple[str, ...]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    try:
        done = dealwright(*arguments, stdout=writing)
    finally:
        os.close(writing)
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.skipif(not hasattr(signal, "SIGPIPE"), reason="encodings by locale are a POSIX matter")
def test_chinese_comes_through_a_pipe_whatever_the_locale() -> None:
    for locale in ({"LC_ALL": "C"}, {"PYTHONIOENCODING": "ascii"}, {"PYTHONUTF8": "0", "LC_ALL": "POSIX"}):
        environment = {**os.environ, "PYTHONCOERCECLOCALE": "0", **locale}
        done = dealwright("--lang", "zh", "--help", stdout=subprocess.PIPE, env=environment)
        assert (done.returncode, done.stderr) == (0, b"")
        assert "用法".encode() in done.stdout
