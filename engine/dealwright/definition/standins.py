"""Shapes that stand for others: one of several, or one that is known only once the whole schema is compiled."""

from __future__ import annotations

from collections.abc import Sequence

from dealwright.definition.nodes import Node, Scalar
from dealwright.definition.shapes import KINDS, NumberShape, Shape, Walk, is_number
from dealwright.model.text import Text


class EitherShape(Shape):
    """One of several shapes, told apart by the kind of node; a number goes before a text."""

    __slots__ = ("by_kind", "number")
    takes = "any"

    def __init__(self, options: Sequence[Shape]) -> None:
        self.by_kind = {option.takes: option for option in options if not isinstance(option, NumberShape)}
        self.number = next((option for option in options if isinstance(option, NumberShape)), None)
        scalar = self.by_kind.get("scalar")
        names = [KINDS[kind] if kind != "scalar" or scalar is None else scalar.wanted for kind in self.by_kind]
        self.wanted = Text(" or ".join(n.en for n in names), "或".join(n.zh for n in names))

    def check(self, node: Node, walk: Walk) -> bool:
        """Check with the one shape that takes such a node."""
        if self.number is not None and isinstance(node, Scalar) and is_number(node):
            return self.number.check(node, walk)
        shape = self.by_kind.get(node.kind)
        if shape is None or (isinstance(node, Scalar) and node.is_empty):
            return self.mismatch(node, walk)
        return shape.check(node, walk)


class LaterShape(Shape):
    """A shape that refers to itself, known once the whole schema is compiled."""

    __slots__ = ("shape", "takes")
    takes: str
    shape: Shape

    def __init__(self, takes: str) -> None:
        self.takes = takes
        self.wanted = KINDS.get(takes, Text("", ""))

    def check(self, node: Node, walk: Walk) -> bool:
        """Check with the shape it stands for."""
        return self.shape.check(node, walk)
