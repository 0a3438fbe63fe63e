"""Hostile files end in a finding with a position, at once, and never in an exception."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dealwright.definition import read_overlay, read_process, read_settings, read_team
from dealwright.definition.finding import MOST_FINDINGS
from examples import EXAMPLES

_K = 100_000
_MINIMAL = (EXAMPLES / "valid" / "every_key.process.yaml").read_bytes()


def _laughs(level: int, width: int) -> bytes:
    lines = ["l0: &l0 [ha, ha]"]
    lines += [f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * width)}]" for n in range(1, level)]
    return "\n".join(lines).encode()


def _merges(level: int) -> bytes:
    lines = ["m0: &m0 {a: b}"]
    lines += [f"m{n}: &m{n} {{<<: [*m{n - 1}, *m{n - 1}], k{n}: v}}" for n in range(1, level)]
    return "\n".join(lines).encode()


HOSTILE: dict[str, tuple[bytes, set[str]]] = {
    "open brackets": (b"[" * _K, {"too-deep"}),
    "open braces": (b"{" * _K, {"too-deep"}),
    "brackets that close": (b"[" * 50_000 + b"]" * 50_000, {"too-deep"}),
    "dashes": (b"- " * 50_000, {"too-deep"}),
    "question marks": (b"? " * 50_000, {"too-deep"}),
    "braces of keys": (b"{a: " * 25_000, {"too-deep"}),
    "indented keys": (b"\n".join(b" " * n + b"a:" for n in range(1_000)), {"too-deep"}),
    "billion laughs": (_laughs(30, 9), {"too-many-nodes"}),
    "quadratic": (b"a: &a [" + b"x, " * 4_000 + b"x]\nb: [" + b"*a, " * 4_000 + b"*a]", {"too-many-nodes"}),
    "deep aliases": (
        b"a0: &a0 [x]\n" + b"\n".join(b"a%d: &a%d [*a%d]" % (n, n, n - 1) for n in range(1, 2_000)), {"too-deep"}
    ),
    "contains itself": (b"a: &a [*a]", {"bad-alias"}),
    "merge bomb": (_merges(40), {"too-many-nodes"}),
    "merge": (b"a: &a {b: c}\nd: {<<: *a}", {"merge-key"}),
    "duplicate keys": (b"a: b\n" * 20_000, {"duplicate-key"}),
    "many keys": (b"".join(b"key_%d: v\n" % n for n in range(20_000)), {"unknown-key"}),
    "wide list": (b"stages: [" + b"a, " * 45_000 + b"a]", {"wrong-type"}),
    "utf-16": ("dealwright: '1'".encode("utf-16"), {"not-utf8"}),
    "utf-16 without mark": ("dealwright: '1'".encode("utf-16-le"), {"odd-character"}),
    "utf-32": ("dealwright: '1'".encode("utf-32"), {"not-utf8"}),
    "overlong": (b"a: \xc0\xaf", {"not-utf8"}),
    "lone surrogate": (b"a: \xed\xa0\x80", {"not-utf8"}),
    "escaped surrogate": (b'a: "\\ud800"', {"yaml-syntax"}),
    "escaped nul": (b'a: "\\0"', {"odd-character"}),
    "nul": (b"a: b\x00c", {"odd-character"}),
    "escape sequence": (b"a: \x1b[31m", {"odd-character"}),
    "bidi": ("a: \u202etxt".encode(), {"odd-character"}),
    "mark inside": ("a: b\ufeffc".encode(), {"odd-character"}),
    "next line": ("a: b\u0085c".encode(), {"odd-character"}),
    "lone return": (b"a: b\rc: d", {"odd-character"}),
    "ten megabytes": (b"a: b\n" * 2_000_000, {"file-too-large"}),
    "one long line": (b"a" * 10_000_000, {"file-too-large"}),
    "one long line within the limit": (b"title: " + b"x" * 1_000_000, {"bad-value"}),
    "long key": (b"x" * 1_000_000 + b": a", {"yaml-syntax"}),
    "long digits": (b"stages:\n  - probability: " + b"9" * 5_000, {"wrong-type"}),
    "not a number": (b"stages:\n  - probability: .nan", {"wrong-type"}),
    "sexagesimal": (b"version: " + b"1:" * 200_000 + b"1", {"bad-value"}),
    "tag": (b"!!python/object/apply:os.system [a]", {"tag"}),
    "empty int": (b'version: !!int ""', {"tag"}),
    "slow pattern": (b"version: " + b"1." * 50_000 + b"!", {"bad-value"}),
    "slow value": (b"fields: {f: {type: choice, values: [" + b"a" * 60_000 + b"!]}}", {"bad-value"}),
    "nothing": (b"", {"empty-file"}),
    "only a mark": (b"\xef\xbb\xbf", {"empty-file"}),
    "a word": (b"hello", {"wrong-type"}),
    "a tab": (b"a:\n\tb: c", {"yaml-syntax"}),
    "documents": (b"a: b\n---\n" * 10_000, {"many-documents"}),
    "directive": (b"%YAML 9.9\n---\na: b", {"yaml-syntax", "unknown-key"}),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_file_ends_in_a_finding(name: str) -> None:
    data, codes = HOSTILE[name]
    for read in (read_process, read_overlay, read_settings, read_team):
        began = time.process_time()
        reading = read(data, "hostile.yaml")
        assert time.process_time() - began < 2
        if name not in ("nothing", "only a mark") or read is not read_settings:
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
    for read in (read_process, read_overlay, read_settings, read_team):
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
