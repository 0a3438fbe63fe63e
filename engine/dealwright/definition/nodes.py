"""A YAML file as we read it: three kinds of node that know their place. Every scalar is text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol


class Mark(Protocol):
    """A place in the file as the parser gives it; line and column start at 0."""

    @property
    def line(self) -> int:
        """The line, from 0."""

    @property
    def column(self) -> int:
        """The column, from 0."""


class Node:
    """Where a value begins. `line` and `column` start at 1; columns count code points."""

    __slots__ = ("mark",)
    mark: Mark
    kind = "node"

    @property
    def line(self) -> int:
        """The line, from 1."""
        return self.mark.line + 1

    @property
    def column(self) -> int:
        """The column in code points, from 1."""
        return self.mark.column + 1


class Scalar(Node):
    """A text. `style` is None where it was written plain, else the quote or block sign; `end` is where it ends."""

    __slots__ = ("end", "style", "text")
    kind = "scalar"

    def __init__(self, text: str, mark: Mark, end: Mark, style: str | None) -> None:
        self.text = text
        self.mark = mark
        self.end = end
        self.style = style

    @property
    def is_empty(self) -> bool:
        """True for `key:` with nothing behind it, which is no text at all."""
        return not self.text and not self.style


class Seq(Node):
    """A list."""

    __slots__ = ("flow", "items")
    kind = "seq"

    def __init__(self, mark: Mark, flow: bool) -> None:
        self.mark = mark
        self.flow = flow
        self.items: list[Node] = []


class Map(Node):
    """A map: values by key, and the key nodes, which know where each key stands."""

    __slots__ = ("flow", "keys", "values")
    kind = "map"

    def __init__(self, mark: Mark, flow: bool) -> None:
        self.mark = mark
        self.flow = flow
        self.values: dict[str, Node] = {}
        self.keys: dict[str, Scalar] = {}

    def get(self, key: str) -> Node | None:
        """The value of `key`, or None."""
        return self.values.get(key)

    def items(self) -> Iterator[tuple[Scalar, Node]]:
        """Each key node with its value, in the file's order."""
        keys = self.keys
        return ((keys[key], value) for key, value in self.values.items())

    def drop(self, key: str) -> None:
        """Forget an entry that was found wrong, so that later checks need not meet it."""
        del self.values[key]
        del self.keys[key]
