"""The page of constructs shows pieces of the example files, and the table of constructs leaves nothing out."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from dealwright._resources import folder

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "language.md").read_text(encoding="utf-8")
AUTHORS = (ROOT / "docs" / "authors.md").read_text(encoding="utf-8")
PIECES = re.findall(r"\]\(\.\./(tests/examples/valid/[\w.]+)\)\n```yaml\n(.*?)```", PAGE, re.DOTALL)
TABLE = AUTHORS.split("## Every construct", 1)[-1].split("\n## ", 1)[0]


def test_every_piece_of_the_page_names_its_file() -> None:
    assert len(PIECES) == PAGE.count("```yaml")
    assert all("```yaml" in section for section in PAGE.split("\n### ")[1:])


@pytest.mark.parametrize(("file", "piece"), PIECES, ids=[f"{at}-{file}" for at, (file, _) in enumerate(PIECES)])
def test_each_line_shown_stands_in_the_example(file: str, piece: str) -> None:
    lines = {line.strip().removeprefix("- ") for line in (ROOT / file).read_text(encoding="utf-8").split("\n")}
    missing = [line for line in piece.strip().split("\n") if line.strip().removeprefix("- ") not in lines]
    assert missing == []


def test_links_of_the_page_and_of_the_table_lead_somewhere() -> None:
    for text in (PAGE, TABLE):
        for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", text):
            assert (ROOT / "docs" / target).exists(), target


def _keys(schema: dict[str, object]) -> set[str]:
    found = set()
    waiting: list[object] = [schema]
    while waiting:
        part = waiting.pop()
        if isinstance(part, dict):
            found |= set(part.get("properties", {}))
            waiting += part.values()
        elif isinstance(part, list):
            waiting += part
    return found


@pytest.mark.parametrize("name", ["process", "record", "library"])
def test_every_key_of_the_language_stands_in_the_table(name: str) -> None:
    schema = json.loads((folder("schemas") / f"{name}.schema.json").read_bytes())
    named = set(re.findall(r"`([a-z_]+)`", TABLE))
    assert _keys(schema) - named == set()
