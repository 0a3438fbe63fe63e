"""Where libyaml is missing, PyYAML's own parser stands in: the same nodes, the same places."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from dealwright.definition import compose, read_process
from examples import INVALID, VALID, expected, findings


@pytest.fixture
def pure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compose, "_LOADER", yaml.SafeLoader)


# The two parsers say no in other words and places, and the pure one ends a flow text at `?`.
DIFFER = ("yaml-syntax", "question-mark", "fullwidth-colon", "many-documents", "bad-alias", "file-too-large")


@pytest.mark.usefixtures("pure")
@pytest.mark.parametrize("path", [p for p in INVALID if not p.name.startswith(DIFFER)], ids=lambda path: path.name)
def test_findings_are_the_same(path: Path) -> None:
    assert [(f.line, f.column, f.code) for f in findings(path)] == sorted(expected(path))


@pytest.mark.usefixtures("pure")
@pytest.mark.parametrize("path", [p for p in VALID if "every_key" not in p.name], ids=lambda path: path.name)
def test_valid_examples_stay_valid(path: Path) -> None:
    assert [f for f in findings(path) if f.severity == "error"] == []


@pytest.mark.usefixtures("pure")
@pytest.mark.parametrize("data", [b"[" * 100_000, b"{a: " * 25_000, b"- " * 50_000, b"? " * 50_000])
def test_depth_ends_in_a_finding(data: bytes) -> None:
    assert [f.code for f in read_process(data, "f").findings] == ["too-deep"]


@pytest.mark.usefixtures("pure")
def test_a_question_mark_in_braces_is_explained() -> None:
    (finding,) = read_process(b"title: {en: Who else?, zh: x}", "f").findings
    assert (finding.code, finding.line, finding.column) == ("question-mark", 1, 21)
