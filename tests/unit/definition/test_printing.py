"""A merged process written out is the same process, and every line knows where it comes from."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest

from dealwright import _resources
from dealwright.definition import read_process
from dealwright.definition.printing import print_merged, read_composition
from dealwright.workspace.shelf import Shelf
from dealwright.workspace.versions import stamp

SHIPPED = sorted(_resources.folder("processes").glob("*.process.yaml"))


def child_of(parent: Path, body: str = "") -> str:
    said = stamp(parent)
    return (
        f'dealwright: "1"\nprocess: kid\nversion: 1.0.0\ntitle: {{en: Kid, zh: 子流程}}\n'
        f"extends: {said.id}@{said.version}\n{body}"
    )


@pytest.mark.parametrize("parent", SHIPPED, ids=lambda path: path.name)
def test_a_child_that_adds_nothing_is_its_parent_written_out(parent: Path, tmp_path: Path) -> None:
    text, place = child_of(parent), Shelf(tmp_path / "kid.process.yaml", None)
    merged = read_process(text.encode(), "kid.yaml", shelf=place).process
    assert merged is not None
    composed = read_composition(text.encode(), "kid.yaml", place)
    printed = print_merged(composed)
    alone = read_process(("\n".join(line.text for line in printed) + "\n").encode(), "printed.yaml").process
    assert alone is not None
    assert alone.source_hash == merged.source_hash
    lines = parent.read_text(encoding="utf-8").splitlines()
    label = composed.layers[1].label
    inherited = [line for line in printed if line.label == label]
    assert len(inherited) > len(printed) - 8
    for line in inherited:
        key = re.match(r"[\s-]*[\"']?(\w*)", line.text)
        assert key is not None
        assert key.group(1) in lines[line.line - 1], line


@pytest.mark.parametrize("seed", range(60))
def test_a_child_of_torn_lines_gives_findings_in_places_that_exist(seed: int, tmp_path: Path) -> None:
    dice = random.Random(seed)
    parent = dice.choice(SHIPPED)
    lines = parent.read_text(encoding="utf-8").split("\n")
    sections = [at for at, line in enumerate(lines) if re.match(r"[a-z_]+:", line)]
    start = dice.choice(sections[8:])
    torn = [line for line in lines[start : start + dice.randrange(1, 60)] if dice.random() > 0.15]
    for _ in range(dice.randrange(4)):
        at = dice.randrange(len(torn)) if torn else 0
        cut = dice.randrange(len(torn[at]) + 1) if torn else 0
        torn[at : at + 1] = (
            [torn[at][:cut] + dice.choice(("{", "]", ": ~", "#", "&a ", "- ", "'")) + torn[at][cut:]] if torn else []
        )
    text, place = child_of(parent, "\n".join(torn) + "\n"), Shelf(tmp_path / "kid.process.yaml", None)
    reading = read_process(text.encode(), "kid.yaml", shelf=place)
    for finding in reading.findings:
        there = (text if finding.file == "kid.yaml" else Path(finding.file).read_text(encoding="utf-8")).split("\n")
        assert 1 <= finding.line <= len(there)
        assert 1 <= finding.column <= len(there[finding.line - 1]) + 1
    composed = read_composition(text.encode(), "kid.yaml", place)
    if reading.process is not None:
        printed = "\n".join(line.text for line in print_merged(composed)) + "\n"
        alone = read_process(printed.encode(), "printed.yaml").process
        assert alone is not None
        assert alone.source_hash == reading.process.source_hash


@pytest.mark.parametrize("text", ["", "just a word\n", "a: [\n", "a: b\na: c\n", "extends: b2b\nprocess: x\n"])
def test_what_cannot_be_merged_has_findings_and_is_not_printed(text: str) -> None:
    composed = read_composition(text.encode(), "x.yaml")
    assert composed.root is None
    assert [finding.severity for finding in composed.findings] == ["error"]
    with pytest.raises(ValueError, match="errors"):
        print_merged(composed)
