"""The example files, read as what their names say they are."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from dealwright.definition import (
    Finding,
    read_library,
    read_lint,
    read_overlay,
    read_process,
    read_settings,
    read_sketch,
    read_team,
    record_type,
)
from dealwright.model.people import Person, Team
from dealwright.model.process import Overlay, Process
from dealwright.model.remark import Remark
from dealwright.model.text import Text

EXAMPLES = Path(__file__).parents[2] / "examples"
INVALID = sorted((EXAMPLES / "invalid").glob("*.yaml"))
MERGED = sorted((EXAMPLES / "invalid").glob("*/child.process.yaml"))  # a folder each: they are made of several files
VALID = sorted((EXAMPLES / "valid").glob("*.yaml"))
_EXPECT = re.compile(rb"^# expect: (\d+):(\d+) ([a-z0-9-]+)$", re.MULTILINE)
_LINTS = re.compile(rb"^# lints: (.+)$", re.MULTILINE)
_GROW = re.compile(rb"^# grow: (\d+)$", re.MULTILINE)
_PRACTICE = re.compile(rb"^# practice: on$", re.MULTILINE)
_TEAM = re.compile(rb"^# team: (.+)$", re.MULTILINE)


def overlays() -> dict[str, Overlay]:
    """The valid overlays by name: what the examples' `methodologies:` may name."""
    read = [read_overlay(path.read_bytes(), path.name).overlay for path in VALID if ".overlay." in path.name]
    return {overlay.id: overlay for overlay in read if overlay is not None}


@cache
def neighbours() -> dict[str, Process]:
    """The valid processes and types of record by id: what the examples may read, open or belong to."""
    paths = [path for path in VALID if ".process." in path.name or ".record." in path.name]
    read = [read_sketch(path.read_bytes(), path.name) for path in paths]
    return {process.id: process for process in read if process is not None}


def findings(path: Path) -> list[Finding]:
    """All findings of a file: process, unless its name says otherwise."""
    data = path.read_bytes()
    grown = _GROW.search(data)
    if grown:  # a file too large to be kept: its last line stands for many
        data += b"# padding\n" * (int(grown.group(1)) // 10)
    if ".overlay." in path.name:
        return read_overlay(data, path.name).findings
    if ".library." in path.name:
        return read_library(data, path.name).findings
    if ".lint." in path.name:
        return read_lint(data, path.name).findings
    if ".team." in path.name:
        return read_team(data, path.name).findings
    if ".workspace." in path.name:
        return read_settings(data, path.name).findings
    named = _TEAM.search(data)
    team = Team({"rep-1": Person("rep-1", tuple(named.group(1).decode().split()))}) if named else None
    failing = _LINTS.search(data)
    return read_process(
        data, path.name, overlays=overlays(), team=team, practice=bool(_PRACTICE.search(data)),
        lints=Failing(failing.group(1).decode()) if failing else None,
        records={name: record_type(one) for name, one in neighbours().items() if one.record},
        processes=neighbours(),
    ).findings  # fmt: skip


class Failing:
    """A plugin that fails when it is asked about a process."""

    def __init__(self, plugin: str) -> None:
        self.plugins = frozenset({plugin})

    def ask(self, process: Process) -> Sequence[Remark]:
        (name,) = self.plugins
        told = Text(f"Plugin {name} failed: it raised ValueError", f"插件 {name} 出错：抛出了 ValueError")
        return [Remark(name, (), "plugin-failed", "warning", told, failed=True)]


def expected(path: Path) -> list[tuple[int, int, str]]:
    """(line, column, code) of each `# expect:` comment."""
    return [(int(line), int(column), code.decode()) for line, column, code in _EXPECT.findall(path.read_bytes())]
