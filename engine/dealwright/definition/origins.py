"""Which file a line belongs to, where a process is merged out of several.

The lines of all files are counted through, one file after the other: the first file's
lines keep their numbers, so that a node has a place in one file however many were merged,
and every check of meaning works as it does on a single one.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import Literal, NamedTuple

from msgspec.structs import replace

from dealwright.definition.finding import Finding
from dealwright.definition.nodes import Map, Node, Scalar, Seq
from dealwright.model.text import Text

_NAMED_LINE = re.compile(r"line (\d+)")
_NAMED_LINE_ZH = re.compile(r"第 (\d+) 行")

LayerKind = Literal["process", "library", "defaults"]


class Layer(NamedTuple):
    """One file of a merge. `label` says which (`b2b@1.0.0`), `base` how many lines come before its first."""

    kind: LayerKind
    label: str
    file: str
    base: int
    root: Map
    hash: str


class _Moved(NamedTuple):
    """A mark that was moved behind the lines of other files."""

    line: int
    column: int


class Origins:
    """The files of one merge, in the order they were read; the first is the file that was asked for."""

    __slots__ = ("_bases", "layers", "lines", "nodes")

    def __init__(self) -> None:
        self.nodes = 0  # of all files but the first
        self.lines: list[str] = []
        self.layers: list[Layer] = []
        self._bases: list[int] = []

    def add(self, kind: LayerKind, label: str, file: str, root: Map, lines: list[str], content: str) -> Layer:
        """Take a file in, whose nodes are moved to its lines. `content` is the hash of what it says."""
        layer = Layer(kind, label, file, len(self.lines), root, content)
        if layer.base:
            self.nodes += _move(root, layer.base)
        self.layers.append(layer)
        self._bases.append(layer.base)
        self.lines += lines
        return layer

    def at(self, line: int) -> tuple[Layer, int]:
        """The file of a line (from 1, counted through), and the line's number in it."""
        layer = self.layers[bisect_right(self._bases, line - 1) - 1]
        return layer, line - layer.base

    def place(self, finding: Finding) -> Finding:
        """The finding where its author finds it: in its own file, on the line it has there."""
        layer, line = self.at(finding.line)
        text = finding.message
        en = _NAMED_LINE.sub(lambda m: self._line(m, "line {line} of {file}"), text.en)
        zh = _NAMED_LINE_ZH.sub(lambda m: self._line(m, " {file} 第 {line} 行"), text.zh)
        return replace(finding, file=layer.file, line=line, message=Text(en, zh))

    def _line(self, named: re.Match[str], form: str) -> str:
        """Another line that a message speaks of; those of the first file need no name."""
        number = int(named.group(1))
        if len(self.layers) < 2 or not self._bases[1] < number <= len(self.lines):
            return named.group()
        layer, line = self.at(number)
        return form.format(line=line, file=layer.label)


def _move(root: Map, lines: int) -> int:
    """Move all nodes down by so many lines, and count them. Those that aliases share are moved once."""
    moved: set[int] = set()
    waiting: list[Node] = [root]
    while waiting:
        node = waiting.pop()
        if id(node) in moved:
            continue
        moved.add(id(node))
        node.mark = _Moved(node.mark.line + lines, node.mark.column)
        if isinstance(node, Scalar):
            node.end = _Moved(node.end.line + lines, node.end.column)
        elif isinstance(node, Seq):
            waiting += node.items
        elif isinstance(node, Map):
            waiting += node.keys.values()
            waiting += node.values.values()
    return len(moved)
