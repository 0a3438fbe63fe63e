"""Every finding code has an example, and each example gives exactly the findings that it announces."""

from __future__ import annotations

from pathlib import Path

import pytest

from dealwright.definition import FINDING_CODES
from examples import INVALID, MERGED, VALID, expected, findings


@pytest.mark.parametrize("path", INVALID, ids=lambda path: path.name)
def test_invalid_example_gives_its_findings_at_their_line_and_column(path: Path) -> None:
    assert expected(path), "an invalid example announces what is wrong with it"
    assert [(f.line, f.column, f.code) for f in findings(path)] == sorted(expected(path))


@pytest.mark.parametrize("path", VALID, ids=lambda path: path.name)
def test_valid_example_has_no_error(path: Path) -> None:
    assert [f.as_json("en") for f in findings(path) if f.severity == "error"] == []


@pytest.mark.parametrize("code", FINDING_CODES)
def test_every_code_has_an_example_named_after_it(code: str) -> None:
    named = [path for path in INVALID if path.name.split(".")[0] == code]
    named += [path for path in MERGED if path.parent.name.split(".")[0] == code]
    assert any(code in {c for file in _files(path) for _, _, c in expected(file)} for path in named)


def _files(path: Path) -> list[Path]:
    """An example's own file, and those beside it that it is made of."""
    return sorted(path.parent.glob("*.yaml")) if path in MERGED else [path]


@pytest.mark.parametrize("path", INVALID, ids=lambda path: path.name)
def test_messages_are_one_short_line_in_both_languages(path: Path) -> None:
    for finding in findings(path):
        for text in (finding.message, finding.hint):
            for said in (text.en, text.zh) if text else ():
                assert said.strip() == said
                assert len(said) < 300
                assert "\n" not in said
        assert finding.message.zh != finding.message.en
        assert finding.severity == FINDING_CODES[finding.code].severity
