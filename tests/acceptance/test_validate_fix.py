"""`process validate --fix`: what has one correction only is corrected, and nothing else is touched."""

from __future__ import annotations

import contextlib
import io
import json
from pathlib import Path

import pytest
from desk import Answer

from dealwright.cli.main import main
from dealwright.definition import FINDING_CODES
from dealwright.definition.slips import one_slip

GOOD = """\
# A small process.   Every comment stays.
dealwright: "1"
process: demo   # the id
version: 1.0.0
title: {en: Demo, zh: 演示}

roles:
  rep: {title: Rep, external: true} # ours
  boss:
    title: "The boss"
fields:
  fit: {type: choice, values: [yes, no]}
  size: {type: number, required: false}
events:
  met: {by: buyer}
stages:
  - id: talk
    title: Talk
    phase: discover
    responsible: rep
    sla: 10d   # long enough
    follow_up: [2d, 4h, 2w]
    exit_criteria:
      met: {condition: event(met)}
  - id: close   # the end
    title: Close
    phase: close
    responsible: [rep, boss]
    wins: true
    stall: 3mo
    exit_criteria: {met: {condition: event(met)}}
outcomes:
  lost: {status: lost, reasons: [price, no_decision]}
"""
# What is written -> what was meant: the only way to put it right.
CERTAIN = {
    "a key misspelt by one letter": ("    responsibel: rep\n", "    responsible: rep\n"),
    "a key with a letter too many": ("    titlle: Talk\n", "    title: Talk\n"),
    "a key with a letter too few": ("enough\n    folow_up:", "enough\n    follow_up:"),
    "a key in a flow map": ("{status: lost, resons:", "{status: lost, reasons:"),
    "a key in capitals": ("    Phase: discover", "    phase: discover"),
    "a word of a closed list": ("type: choise", "type: choice"),
    "yes for true": ("external: yes}", "external: true}"),
    "Off for false": ("required: Off}", "required: false}"),
    "a quoted true": ('wins: "true"', "wins: true"),
    "True in Python's way": ("wins: True", "wins: true"),
    "a full-width colon": ("roles：\n  rep: {", "roles:\n  rep: {"),
    "a full-width colon without a space": ("{type：number", "{type: number"),
    "a full-width colon with a space": ("  boss：\n", "  boss:\n"),
    "a full-width colon behind an id": ("  rep：{title: Rep", "  rep: {title: Rep"),
    "a full-width colon inside of a stage": ("    phase：discover", "    phase: discover"),
    "curly quotes around a value": ("    sla: “10d”   # long", '    sla: "10d"   # long'),
    "curly quotes around a word of a list": ("type: “number”,", 'type: "number",'),
    "a duration in words": ("sla: 10 days", "sla: 10d"),
    "durations in Chinese": ("[2天, 4小时, 2周]", "[2d, 4h, 2w]"),
    "a duration in capitals": ("stall: 3MO", "stall: 3mo"),
    "months in words": ("stall: 3 months", "stall: 3mo"),
    "a version of the language left out": ("stays.\nprocess", 'stays.\ndealwright: "1"\nprocess'),
    "an invisible space": ("title: Ta\u200blk", "title: Talk"),
    "a byte order mark inside": ("wins:\ufeff true", "wins: true"),
}  # fmt: skip
UNSURE = {
    "a name rather than a word of ours": ("condition: event(met)}", "condition: event(mat)}"),
    "a role misspelt": ("responsible: [rep, boss]", "responsible: [rep, bos]"),
    "two letters off": ("    responsible: rep", "    responsbel: rep"),
    "a key that is there already": ("    title: Talk\n", "    title: Talk\n    titel: Speak\n"),
    "a comment that may be a text": ("title: Talk", "title: Talk #1 first"),
    "a title left out": ("    title: Close\n", ""),
    "a duration with two readings": ("stall: 3mo", "stall: 3m"),
    "curly quotes in the middle": ("sla: 10d   #", "sla: “10d” or so   #"),
    "a duplicate key": ("    wins: true\n", "    wins: true\n    wins: false\n"),
    "a direction mark": ("title: Talk", "title: Ta\u202elk"),
}


def run(*words: str) -> Answer:
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main(["process", "validate", *words])
    return Answer(code, out.getvalue(), err.getvalue())


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DEALWRIGHT_WORKSPACE", raising=False)
    return Path("demo.process.yaml")


def write(path: Path, text: str) -> None:
    path.write_bytes(text.encode())


def test_the_base_of_these_tests_is_valid(path: Path) -> None:
    write(path, GOOD)
    assert run(str(path)).code == 0


@pytest.mark.parametrize("case", CERTAIN)
def test_a_certain_slip_is_corrected_and_the_rest_stays_to_the_letter(path: Path, case: str) -> None:
    wrong, right = CERTAIN[case]
    base = GOOD.replace(right.replace('"10d"', "10d").replace('"number"', "number"), right)
    assert base.count(right) == 1, "the case has its place in the base"
    write(path, base.replace(right, wrong))
    assert run(str(path)).code == 1
    answer = run(str(path), "--fix", "-o", "json")
    assert path.read_bytes().decode() == base
    assert (answer.code, answer.json["errors"]) == (0, 0)
    for change in answer.json["fixed"]:
        assert change["code"] in FINDING_CODES
        assert change["old"] != change["new"]
    assert run(str(path), "--fix", "-o", "json").json["fixed"] == []


@pytest.mark.parametrize("case", UNSURE)
def test_what_may_be_meant_otherwise_is_left_alone(path: Path, case: str) -> None:
    right, wrong = UNSURE[case]
    assert right in GOOD
    text = GOOD.replace(right, wrong, 1)
    write(path, text)
    answer = run(str(path), "--fix", "-o", "json")
    assert path.read_bytes().decode() == text
    assert answer.json["fixed"] == []
    assert answer.code == 1


def everything_wrong() -> str:
    text = GOOD
    for case in ("a key in a flow map", "a word of a closed list", "yes for true", "durations in Chinese",
                 "a full-width colon inside of a stage", "an invisible space"):  # fmt: skip
        wrong, right = CERTAIN[case]
        text = text.replace(right, wrong)
    return text


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_line_ends_and_a_byte_order_mark_stay(path: Path, ends: str, mark: bytes) -> None:
    path.write_bytes(mark + everything_wrong().replace("\n", ends).encode())
    path.chmod(0o640)
    assert run(str(path), "--fix").code == 0
    assert path.read_bytes() == mark + GOOD.replace("\n", ends).encode()
    assert path.stat().st_mode & 0o777 == 0o640
    assert [each.name for each in Path().iterdir()] == [path.name]


def test_a_dry_run_shows_a_diff_and_writes_nothing(path: Path) -> None:
    text = everything_wrong().replace("Ta\u200blk", "Talk")
    write(path, text)
    answer = run(str(path), "--fix", "--dry-run")
    assert path.read_text(encoding="utf-8") == text
    assert answer.code == 1
    lines = answer.out.splitlines()
    assert lines[:2] == [f"--- {path}", f"+++ {path}"]
    for case in ("a key in a flow map", "yes for true"):
        wrong, right = CERTAIN[case]
        assert any(line.startswith("-") and wrong in line for line in lines)
        assert any(line.startswith("+") and right in line for line in lines)


def test_each_change_is_told(path: Path) -> None:
    write(path, everything_wrong())
    out = run(str(path), "--fix").out
    assert "unknown-key fixed: `resons` is now `reasons`" in out
    assert "odd-character fixed: deleted" in out
    assert out.splitlines()[-1] == "1 files: 0 errors, 0 warnings"
    write(path, everything_wrong())
    assert "`resons` 已改为 `reasons`" in run(str(path), "--fix", "--lang", "zh").out


def test_other_forms_stay_what_they_are(path: Path) -> None:
    write(path, everything_wrong())
    answer = run(str(path), "--fix", "-o", "sarif")
    assert json.loads(answer.out)["runs"][0]["results"] == []
    assert "fixed: " in answer.err


def test_settings_are_corrected_too_and_bundled_files_never(path: Path, tmp_path: Path) -> None:
    assert run("--fix").code == 2
    assert run("--dry-run").code == 2
    settings = Path("dealwright.yaml")
    settings.write_text('dealwright: "1"\nplugin: [] # none yet\nallow_as: no\n', encoding="utf-8")
    assert run("--fix").code == 0
    assert settings.read_text(encoding="utf-8") == 'dealwright: "1"\nplugins: [] # none yet\nallow_as: false\n'


def test_a_file_that_is_no_text_is_left_alone(path: Path) -> None:
    path.write_bytes(b"\xff\xfe\x00d")
    assert run(str(path), "--fix").code == 1
    assert path.read_bytes() == b"\xff\xfe\x00d"


@pytest.mark.parametrize(
    ("written", "meant", "is_one"),
    [
        ("titel", "title", True), ("tile", "title", True), ("titlle", "title", True), ("tidle", "title", True),
        ("title", "title", False), ("tilte", "title", True), ("tlite", "title", False), ("", "a", True),
        ("ab", "ba", True), ("abc", "cab", False), ("itle", "title", True), ("titles", "title", True),
    ],
)  # fmt: skip
def test_one_slip_is_a_letter_or_a_swap(written: str, meant: str, is_one: bool) -> None:
    assert one_slip(written, meant) == is_one
