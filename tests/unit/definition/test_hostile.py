"""Hostile files end in a finding with a position, at once, and never in an exception."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from crowded import CROWDED
from hostile import HOSTILE
from hypothesis import given, settings
from hypothesis import strategies as st

from dealwright.definition import (
    read_library,
    read_lint,
    read_overlay,
    read_plain,
    read_process,
    read_settings,
    read_team,
)
from dealwright.definition.finding import MOST_FINDINGS
from dealwright.errors import DealwrightError
from dealwright.interchange.import_map import read_map
from examples import EXAMPLES

_HANGS = 20.0  # seconds of work; benchmarks/mutating.py and validating.py tell how long it takes
_MINIMAL = (EXAMPLES / "valid" / "every_key.process.yaml").read_bytes()
_READERS = (read_process, read_overlay, read_library, read_settings, read_team, read_lint, read_plain)


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_file_ends_in_a_finding(name: str) -> None:
    data, codes = HOSTILE[name]
    for read in _READERS:
        began = time.process_time()
        reading = read(data, "hostile.yaml")
        assert time.process_time() - began < _HANGS
        if read is not read_plain and (name not in ("nothing", "only a mark") or read is not read_settings):
            assert reading.findings
        assert len(reading.findings) <= MOST_FINDINGS
        for finding in reading.findings:
            assert finding.line >= 1
            assert finding.column >= 1
            assert len(finding.message.en) < 300
            assert finding.message.en.isprintable()
        if read is read_process:
            assert reading.process is None
            assert {f.code for f in reading.findings} & codes


def test_byte_order_mark_is_allowed_and_moves_no_column() -> None:
    broken = _MINIMAL.replace(b"title: {en: Every key", b"titel: {en: Every key")
    plain, marked = (read_process(data, "f").findings for data in (broken, b"\xef\xbb\xbf" + broken))
    assert plain == marked
    assert plain


def test_windows_line_ends_move_no_column() -> None:
    broken = _MINIMAL.replace(b"type: b2b", b"tipe: b2b")
    assert read_process(broken, "f").findings == read_process(broken.replace(b"\n", b"\r\n"), "f").findings


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_end_in_findings(data: bytes) -> None:
    for read in _READERS:
        read(data, "f")


def _spliced(draw: Callable[..., int]) -> bytes:
    start = draw(st.integers(0, len(_MINIMAL)))
    length = draw(st.integers(0, 40))
    junk = draw(st.text(alphabet="{}[]:,#&*!|>'\"%@`?- \n\tab0“：", max_size=8)).encode()  # type: ignore[attr-defined]
    return _MINIMAL[:start] + junk + _MINIMAL[start + length :]


@settings(max_examples=400, deadline=None)
@given(st.composite(_spliced)())
def test_a_damaged_process_never_raises(data: bytes) -> None:
    reading = read_process(data, "f")
    assert reading.process is not None or reading.findings


@pytest.mark.parametrize("name", CROWDED)
def test_a_file_as_dear_as_can_be_is_judged_in_time(name: str) -> None:
    data = CROWDED[name]().encode()
    assert len(data) < 1 << 20
    began = time.process_time()
    findings = read_process(data, "f", practice=True).findings
    assert time.process_time() - began < _HANGS
    assert findings
    assert len(findings) <= MOST_FINDINGS


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_type_of_record_ends_in_a_finding(name: str) -> None:
    data = b"record: account\n" + HOSTILE[name][0]
    reading = read_process(data[: 2 << 20], "hostile.record.yaml")
    assert reading.process is None
    assert all(finding.line >= 1 and finding.column >= 1 for finding in reading.findings)
    assert reading.findings


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_import_map_is_refused_in_so_many_lines(name: str) -> None:
    reading = read_plain(HOSTILE[name][0], "map.yaml")
    if reading.data is None:
        return
    began = time.process_time()
    with pytest.raises(DealwrightError) as caught:
        read_map(reading.data)
    assert time.process_time() - began < _HANGS
    told = str(caught.value).split("\n")
    assert len(told) <= 22
    assert all(len(line) < 400 and line.isprintable() for line in told)
