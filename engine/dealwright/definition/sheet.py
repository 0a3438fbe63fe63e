"""A YAML file as it is to be written: entries with their comments, and the lines they make."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

STEP = 2


class Leaf:
    """A text. Only its first line stands behind the key; the others are indented below it."""

    __slots__ = ("lines",)

    def __init__(self, *lines: str) -> None:
        self.lines = list(lines)


class Group:
    """A map or list. In flow it is written on one line. `tail` are the comments behind its last entry."""

    __slots__ = ("anchor", "entries", "flow", "kind", "tail")

    def __init__(self, kind: Literal["map", "seq"], *, flow: bool = False, anchor: str = "") -> None:
        self.kind = kind
        self.flow = flow
        self.anchor = anchor
        self.entries: list[Entry] = []
        self.tail: list[str] = []


class Entry:
    """An entry of a map (with its key as it is written) or of a list.

    `above` are the lines before it: comments, and "" for a blank line. `beside` is the comment
    behind it, with the space before its `#`.
    """

    __slots__ = ("above", "beside", "key", "name", "value")

    def __init__(self, key: str, value: Leaf | Group, name: str = "") -> None:
        self.key = key
        self.name = name
        self.value = value
        self.above: list[str] = []
        self.beside = ""


def on_one_line(value: Leaf | Group) -> str:
    """A value in flow: a text, `{a: b}` or `[a, b]`."""
    if isinstance(value, Leaf):
        return " ".join(line for line in value.lines if line)
    anchor = f"{value.anchor} " if value.anchor else ""
    inner = ", ".join(_in_flow(entry, value.kind) for entry in value.entries)
    return anchor + (f"{{{inner}}}" if value.kind == "map" else f"[{inner}]")


def _in_flow(entry: Entry, kind: Literal["map", "seq"]) -> str:
    text = on_one_line(entry.value)
    if kind == "seq":
        return text
    return f"{entry.key}: {text}" if text else entry.key  # a colon needs something behind it in brackets


def lines(group: Group, indent: int = 0) -> Iterator[str]:
    """The lines of a group in block style, without line ends."""
    for at, entry in enumerate(group.entries):
        yield from _comments(_first(entry.above) if at == 0 else entry.above, indent)
        yield from _entry(entry, group.kind, indent)
    yield from _comments(group.tail, indent)


def _first(above: list[str]) -> list[str]:
    """Nothing is blank before the first entry."""
    at = next((at for at, line in enumerate(above) if line), len(above))
    return above[at:]


def _comments(above: list[str], indent: int) -> Iterator[str]:
    for line in above:
        yield " " * indent + line if line else ""


def _entry(entry: Entry, kind: Literal["map", "seq"], indent: int) -> Iterator[str]:
    margin, value = " " * indent, entry.value
    mark = f"{entry.key}:" if kind == "map" else "-"
    if isinstance(value, Leaf) or value.flow or not value.entries:
        yield from _written(margin + mark, value, entry.beside, indent)
        return
    if kind == "map" or value.anchor:
        anchor = f" {value.anchor}" if value.anchor else ""
        yield f"{margin}{mark}{anchor}{entry.beside}"
        yield from lines(value, indent + STEP)
        return
    # An entry of a list: what is in it begins on the line of its dash.
    inner = value.entries[0]
    yield from _comments([entry.beside.strip()] if entry.beside else [], indent)
    yield from _comments(_first(inner.above), indent)
    above, inner.above = inner.above, []
    first, *rest = lines(value, indent + STEP)
    inner.above = above
    yield f"{margin}- {first.lstrip()}"
    yield from rest


def _written(mark: str, value: Leaf | Group, beside: str, indent: int) -> Iterator[str]:
    if isinstance(value, Group):
        yield f"{mark} {on_one_line(value)}{beside}"
        return
    first, *rest = value.lines
    head = f"{mark} {first}".rstrip() if first else mark
    is_block = first[:1] in ("|", ">")
    yield head + (beside if is_block or not rest else "")
    margin = " " * (indent + STEP)
    for at, line in enumerate(rest):
        text = margin + line if line else ""
        yield text + beside if at == len(rest) - 1 and not is_block else text
