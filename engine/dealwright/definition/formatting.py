"""A file written the one way: keys in the schema's order, two spaces a level, quotes where they are needed.

Every comment stays with what it is about. What the file says is never changed: the text
made is read again and compared before anybody sees it.
"""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

from dealwright.definition.compose import compose
from dealwright.definition.decode import decode
from dealwright.definition.finding import Finding, Findings
from dealwright.definition.nodes import Map, Node, Scalar, Seq
from dealwright.definition.orders import Order
from dealwright.definition.sheet import Entry, Group, lines
from dealwright.definition.unreadable import UnreadableError
from dealwright.definition.written import Written, read_written


class Formatted(NamedTuple):
    """The text as it should be; None where a finding says why the file cannot be read."""

    text: str | None
    findings: list[Finding]


def format_file(data: bytes, file: str, kind: str) -> Formatted:
    """Write a file of `kind` (`process`, `overlay`, `library`, `record`, `workspace`, `team`) the one way.

    A file that cannot be read as YAML is left alone, with findings. Raises ValueError where
    what was written would say something else, which would be a mistake of ours.
    """
    findings = Findings(file)
    try:
        text = decode(data).replace("\r\n", "\n")
        before = compose(text, findings)
    except UnreadableError as error:
        findings.add(error.code, error.line, error.column, error.en, error.zh, error.hint)
        return Formatted(None, findings.in_order())
    if findings.has_errors:
        return Formatted(None, findings.in_order())
    read = read_written(text) if before is not None else None
    if before is None or read is None:
        return Formatted(text, [])  # nothing but comments, or one line in brackets: there is no layout to mend
    if not read.has_aliases:
        _order(read.root, Order(kind))
    made = "\n".join([*read.head, *lines(read.root)]).rstrip("\n") + "\n"
    if not _says_the_same(made, before, read):
        raise ValueError(f"{file}: written anew it would say something else")
    return Formatted(made, [])


def _says_the_same(made: str, before: Node, read: Written) -> bool:
    try:
        after = compose(made, Findings(""))
    except UnreadableError:
        return False
    return after is not None and same(before, after) and read.comments == read_comments(made)


def read_comments(text: str) -> Counter[str]:
    """Every comment of a text, however often it is there."""
    found = read_written(text)
    return found.comments if found is not None else Counter()


def _order(root: Group, order: Order) -> None:
    """Put the keys of every object in the schema's order; those it does not know stay behind, in theirs."""
    waiting = [(root, order)]
    while waiting:
        group, place = waiting.pop()
        if group.kind == "map":
            known = {key: at for at, key in enumerate(place.keys)}
            if known:
                _sort(group, known)
        waiting += [
            (entry.value, place.inside(entry.name) if group.kind == "map" else place.item())
            for entry in group.entries
            if isinstance(entry.value, Group)
        ]


def _sort(group: Group, known: dict[str, int]) -> None:
    old = list(group.entries)
    new = sorted(old, key=lambda entry: known.get(entry.name, len(known)))
    if [id(entry) for entry in old] == [id(entry) for entry in new]:
        return
    first, now_first = old[0], new[0]
    if first is not now_first and _opens(now_first) and not _opens(first):
        first.above.insert(0, "")  # the group of lines it headed is still one
    group.entries = new


def _opens(entry: Entry) -> bool:
    """True where a blank line sets an entry apart from what is before it."""
    return bool(entry.above) and not entry.above[0]


def same(before: Node, after: Node) -> bool:
    """Whether two trees say the same; the order of a map's keys says nothing that the schemas know of."""
    waiting = [(before, after)]
    seen: set[tuple[int, int]] = set()
    while waiting:
        old, new = waiting.pop()
        if (id(old), id(new)) in seen:
            continue
        seen.add((id(old), id(new)))
        if isinstance(old, Map) and isinstance(new, Map):
            if old.values.keys() != new.values.keys():
                return False
            waiting += [(value, new.values[key]) for key, value in old.values.items()]
        elif isinstance(old, Seq) and isinstance(new, Seq):
            if len(old.items) != len(new.items):
                return False
            waiting += zip(old.items, new.items, strict=True)
        elif isinstance(old, Scalar) and isinstance(new, Scalar):
            if old.text != new.text or (old.is_empty != new.is_empty):
                return False
        else:
            return False
    return True
