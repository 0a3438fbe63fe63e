"""The guide to methodologies tells of each that is bundled what its overlay says."""

from __future__ import annotations

import runpy

import pytest
from guide import ROOT, read

GUIDE = read("docs/methodologies.md")
OVERLAYS = runpy.run_path(str(ROOT / "docs" / "methodologies_page.py"))["bundled"]()
TITLES = {"spin": "SPIN", "miller_heiman": "Miller Heiman", "value": "Value Selling", "solution": "Solution Selling"}


def section(name: str) -> str:
    found = OVERLAYS[name].title.en
    heading = TITLES.get(name, found)
    assert f"\n## {heading}\n" in GUIDE, heading
    return GUIDE.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]


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
    names = {name: TITLES.get(name, overlay.title.en).removesuffix(" Selling") for name, overlay in OVERLAYS.items()}
    for name, overlay in OVERLAYS.items():
        for other, relation in overlay.relations.items():
            if other in names:
                told = [row for row in rows if names[name] in row and names[other] in row and relation.kind in row]
                assert told, (name, other, relation.kind)
