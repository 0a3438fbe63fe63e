"""The guide to methodologies tells of each that is bundled what its overlay says."""

from __future__ import annotations

import runpy

import pytest
from guide import ROOT, read

GUIDE = read("docs/methodologies.md")
OVERLAYS = runpy.run_path(str(ROOT / "docs" / "methodologies_page.py"))["bundled"]()


def word(name: str) -> str:
    """The first word of a methodology's title, by which people know it."""
    return OVERLAYS[name].title.en.split()[0]


def section(name: str) -> str:
    [told] = [part for part in GUIDE.split("\n## ")[1:] if part.split()[0] == word(name)]
    return told


@pytest.mark.parametrize("name", OVERLAYS)
def test_each_methodology_has_a_section_that_tells_its_phases_its_scale_and_what_it_shares(name):
    overlay, told = OVERLAYS[name], section(name)
    asking = [p for p, patch in overlay.phases.items() if patch.exit_criteria or patch.entry_criteria or patch.requires]
    assert [phase for phase in asking if phase not in told] == []
    assert "**Score**" in told
    if overlay.score:
        assert ("**Score**, ours" in told) == overlay.scale.own
    shared = {field.id for field in overlay.fields if not field.id.startswith(f"{name}_")}
    assert [field for field in shared if f"`{field}`" not in told] == []
    assert ("**Flags**" in told) == bool(overlay.flags)


@pytest.mark.parametrize("name", OVERLAYS)
def test_each_section_is_there_in_chinese_as_well(name):
    assert any("\u4e00" <= letter <= "\u9fff" for letter in section(name))


def test_every_stated_relation_is_in_the_table():
    rows = [line for line in GUIDE.splitlines() if line.startswith("| ")]
    for name, overlay in OVERLAYS.items():
        for other, relation in overlay.relations.items():
            if other in OVERLAYS:
                told = [row for row in rows if word(name) in row and word(other) in row and relation.kind in row]
                assert told, (name, other, relation.kind)
