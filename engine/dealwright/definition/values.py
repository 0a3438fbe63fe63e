"""Checked nodes to plain values. A missing or dropped node gives the default, so that later checks can still run."""

from __future__ import annotations

from dealwright.definition.nodes import Map, Node, Scalar, Seq
from dealwright.definition.shapes import is_number
from dealwright.model.duration import Duration, parse_duration
from dealwright.model.text import Text, humanise


def text(node: Node | None, default: Text) -> Text:
    """Plain text for both languages, or `{en, zh}` where one stands in for the other."""
    if isinstance(node, Scalar):
        return Text.plain(node.text)
    if isinstance(node, Map):
        english, chinese = word(node.get("en")), word(node.get("zh"))
        if english or chinese:
            return Text(english or chinese, chinese or english)
    return default


def word(node: Node | None, default: str = "") -> str:
    """The source text of a scalar."""
    return node.text if isinstance(node, Scalar) else default


def flag(node: Node | None) -> bool:
    """True for `true`."""
    return isinstance(node, Scalar) and node.text == "true"


def scalars(node: Node | None) -> list[Scalar]:
    """The entries of a list of texts, or the one text that stands in for such a list, or the keys of a map."""
    if isinstance(node, Scalar):
        return [node]
    if isinstance(node, Seq):
        return [item for item in node.items if isinstance(item, Scalar)]
    return list(node.keys.values()) if isinstance(node, Map) else []


def words(node: Node | None) -> tuple[str, ...]:
    """The texts of `scalars`."""
    return tuple([scalar.text for scalar in scalars(node)])


def titles(node: Node | None) -> dict[str, Text]:
    """A list of ids, or titles by id, as titles by id."""
    if isinstance(node, Map):
        return {key.text: text(value, humanise(key.text)) for key, value in node.items()}
    return {scalar.text: humanise(scalar.text) for scalar in scalars(node)}


def entries(node: Node | None) -> list[tuple[str, Map]]:
    """The maps of a map, by id."""
    if not isinstance(node, Map):
        return []
    return [(key, value) for key, value in node.values.items() if isinstance(value, Map)]


def maps(node: Node | None) -> list[Map]:
    """The maps of a list."""
    return [item for item in node.items if isinstance(item, Map)] if isinstance(node, Seq) else []


def number(node: Node | None) -> float | None:
    """A number; whole ones stay whole, so that 15 is not shown as 15.0."""
    if not isinstance(node, Scalar) or not is_number(node):
        return None
    value = float(node.text)
    return int(value) if value.is_integer() else value


def whole(node: Node | None, default: int) -> int:
    """A whole number."""
    found = number(node)
    return default if found is None else int(found)


def duration(node: Node | None) -> Duration | None:
    """A duration, or None where there is none or it cannot be read."""
    if not isinstance(node, Scalar):
        return None
    try:
        return parse_duration(node.text)
    except ValueError:
        return None
