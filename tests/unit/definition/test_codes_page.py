"""The page of finding codes is the table of codes, and links to files that are there."""

from __future__ import annotations

import re
from pathlib import Path

from dealwright.definition.codes_page import findings_page

_DOCS = Path(__file__).parents[3] / "docs" / "reference"


def test_findings_page_is_up_to_date() -> None:
    written = (_DOCS / "findings.md").read_text(encoding="utf-8")
    assert written == findings_page(), (
        "python -m dealwright.definition.codes_page > docs/reference/findings.md"
    )  # fmt: skip


def test_links_of_the_findings_page_lead_somewhere() -> None:
    for target in re.findall(r"\]\((\.\./[^)]+)\)", findings_page()):
        assert (_DOCS / target).exists(), target
