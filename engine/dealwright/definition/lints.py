"""What plugins find in a process file, put at its line and column like findings of our own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from dealwright.definition.finding import Finding, Findings, shown
from dealwright.definition.nodes import Map, Node, Scalar, Seq
from dealwright.definition.rules import PLUGIN
from dealwright.model.process import Process
from dealwright.model.remark import Remark
from dealwright.model.text import Text


class Lints(Protocol):
    """Whoever asks the plugins: `plugins` are the names of those that have rules."""

    @property
    def plugins(self) -> frozenset[str]:
        """Their names."""

    def ask(self, process: Process) -> Sequence[Remark]:
        """What they say of a process without errors. Never raises for a plugin's sake."""


def check_lints(root: Map, findings: Findings, process: Process, lints: Lints) -> None:
    """Ask the plugins, and take what they say as findings `plugin:NAME/CODE`."""
    for remark in lints.ask(process):
        node = locate(root, remark.path)
        if remark.failed:
            findings.add("plugin-failed", 1, 1, _one_line(remark.text.en), _one_line(remark.text.zh))
        elif not findings.full:
            findings.found.append(
                Finding(
                    findings.file,
                    node.line,
                    node.column,
                    f"{PLUGIN}{remark.plugin}/{remark.code}",
                    remark.severity,
                    Text(_one_line(remark.text.en), _one_line(remark.text.zh)),
                )
            )


def _one_line(text: str) -> str:
    # A finding is one line wherever it is shown; what a plugin says is not trusted to be one.
    words = " ".join(text.split())
    return "".join(shown(words[at : at + 80]) for at in range(0, min(len(words), 300), 80))


def locate(root: Map, path: Sequence[str | int]) -> Node:
    """The node a path leads to, or the nearest one above it that is there.

    Of a map entry its key, which is what an author looks for; of a list entry its `id`.
    """
    here: Node = root
    place: Node = root
    for step in path:
        if isinstance(here, Map) and isinstance(step, str) and step in here.values:
            place = here.keys[step]
            here = here.values[step]
        elif isinstance(here, Seq):
            entry = _entry(here, step)
            if entry is None:
                break
            here = entry
            place = (entry.get("id") or entry) if isinstance(entry, Map) else entry
        else:
            break
    return place


def _entry(here: Seq, step: str | int) -> Node | None:
    if isinstance(step, int):
        return here.items[step] if 0 <= step < len(here.items) else None
    for item in here.items:
        named = item.get("id") if isinstance(item, Map) else item
        if isinstance(named, Scalar) and named.text == step:
            return item
    return None
