"""Laying one file over another, node by node, so that everything keeps its own place.

Maps merge by key, lists of things with an id by that id; texts, numbers and other lists
replace. `~` takes an entry away, `remove: true` one of a list.
"""

from __future__ import annotations

from dealwright.definition.finding import Findings, shown
from dealwright.definition.nodes import Map, Node, Scalar, Seq
from dealwright.definition.parts import approval_id
from dealwright.definition.values import word
from dealwright.model.text import Text

_PLACED = ("stages", "branches")  # lists in which order is the author's, and an entry may say where it goes
_BY_ID = (*_PLACED, "approvals")
_LANGUAGES = {"en", "zh"}


def over(base: Map, top: Map, findings: Findings) -> Map:
    """`top` laid over `base`; neither is changed. What cannot be taken away or put in its place becomes a finding."""
    return _maps(base, top, findings)


def _maps(base: Map, top: Map, findings: Findings) -> Map:
    merged = Map(top.mark, base.flow and top.flow)
    merged.values, merged.keys = dict(base.values), dict(base.keys)
    for name, value in top.values.items():
        key = top.keys[name]
        below = base.get(name)
        if _is_null(value):
            if below is None:
                _nothing(findings, key, name)
            else:
                merged.drop(name)
            continue
        merged.values[name] = _merged(name, below, value, findings)
        if below is None or merged.values[name] is value:
            merged.keys[name] = key
    return merged


def _merged(name: str, base: Node | None, top: Node, findings: Findings) -> Node:
    if isinstance(top, Map):
        # A list of a library that is used here takes the place of the parent's reasons.
        whole = _is_text(top) or (name == "reasons" and "use" in top.values)
        if isinstance(base, Map) and not whole:
            return _maps(base, top, findings)
        return _alone(top, findings)
    if isinstance(top, Seq) and (name in _BY_ID or _has_ids(top)):
        below = base if isinstance(base, Seq) else Seq(top.mark, top.flow)
        if name in _BY_ID or _has_ids(below):
            return _lists(name, below, top, findings)
    return top


def _alone(top: Map, findings: Findings) -> Map:
    """A map over nothing: the same one, unless something in it wants to be taken away or put in its place."""
    if not _asks(top):
        return top
    return _maps(Map(top.mark, top.flow), top, findings)


def _asks(top: Map) -> bool:
    waiting: list[Node] = [top]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Map):
            if any(key in node.values for key in ("remove", *_PLACED)) or any(map(_is_null, node.values.values())):
                return True
            waiting += node.values.values()
        elif isinstance(node, Seq):
            waiting += node.items
    return False


def _is_null(node: Node) -> bool:
    """`~` or `null`, written out; nothing behind a colon is more likely forgotten than meant."""
    return isinstance(node, Scalar) and node.style is None and node.text in ("~", "null")


def _is_text(node: Map) -> bool:
    """One text in both languages: it is replaced whole, so that no translation outlives what it translates."""
    return bool(node.values) and node.values.keys() <= _LANGUAGES


def _name(key: str, node: Node) -> str:
    if not isinstance(node, Map):
        return ""
    return approval_id(node) if key == "approvals" else word(node.get("id"))


def _has_ids(node: Seq) -> bool:
    return bool(node.items) and all(isinstance(item, Map) and isinstance(item.get("id"), Scalar) for item in node.items)


class _List:
    """The entries of a merged list by id; those without one keep a name that nobody can type."""

    def __init__(self, key: str, base: Seq) -> None:
        self.key = key
        self.found: dict[str, Node] = {}
        for item in base.items:
            self.put(item)

    def put(self, item: Node) -> str:
        name = _name(self.key, item)
        if not name or name in self.found:
            name = f"\0{len(self.found)}"
        self.found[name] = item
        return name

    def move(self, name: str, beside: str, behind: bool) -> None:
        item = self.found.pop(name)
        order: dict[str, Node] = {}
        for other, node in self.found.items():
            if other == beside and not behind:
                order[name] = item
            order[other] = node
            if other == beside and behind:
                order[name] = item
        self.found = order


def _lists(key: str, base: Seq, top: Seq, findings: Findings) -> Seq:
    entries = _List(key, base)
    fresh: set[str] = set()  # twice in one list is a slip to be found, not something to be merged
    for item in top.items:
        name = _name(key, item)
        if not name or name in fresh or not isinstance(item, Map):
            entries.put(_alone(item, findings) if isinstance(item, Map) else item)
            continue
        if word(item.get("remove")) == "true":
            if entries.found.pop(name, None) is None:
                _nothing(findings, item.keys["remove"], name)
            continue
        fresh.add(name)
        beside = _beside(key, item, findings)
        own = _without(item, ("remove", "after", "before") if key in _PLACED else ("remove",))
        below = entries.found.get(name)
        entries.found[name] = _over_entry(below, own, findings)
        if beside is None:
            continue
        where = item.get(beside)
        if isinstance(where, Scalar) and where.text in entries.found and where.text != name:
            entries.move(name, where.text, beside == "after")
        elif where is not None:
            _no_neighbour(findings, where, key)
    merged = Seq(top.mark, top.flow and base.flow)
    merged.items = list(entries.found.values())
    return merged


def _over_entry(below: Node | None, own: Map, findings: Findings) -> Map:
    if not isinstance(below, Map):
        return _alone(own, findings)
    merged = _maps(below, own, findings)
    if "id" in below.values:  # the id is what they have in common; it stands where it was first given
        merged.values["id"], merged.keys["id"] = below.values["id"], below.keys["id"]
    return merged


def _beside(key: str, item: Map, findings: Findings) -> str | None:
    given = [side for side in ("after", "before") if side in item.values] if key in _PLACED else []
    if len(given) > 1:
        at = item.keys["before"]
        findings.add(
            "misplaced-key", at.line, at.column, "`after` is given already; a place has one of them",
            "已写明 `after`；位置只能由其中之一指定",
        )  # fmt: skip
    return given[0] if given else None


def _without(item: Map, names: tuple[str, ...]) -> Map:
    if not any(name in item.values for name in names):
        return item
    kept = Map(item.mark, item.flow)
    kept.values = {key: value for key, value in item.values.items() if key not in names}
    kept.keys = {key: node for key, node in item.keys.items() if key not in names}
    return kept


def _nothing(findings: Findings, at: Node, name: str) -> None:
    findings.add(
        "nothing-to-remove", at.line, at.column, f"There is no `{shown(name)}` here to take away",
        f"此处没有可删除的 `{shown(name)}`",
        Text("`~` removes what a parent, library or default brings", "`~` 用于删除父流程、公共库或默认值带来的内容"),
    )  # fmt: skip


def _no_neighbour(findings: Findings, at: Node, key: str) -> None:
    what, zh = ("stage", "阶段") if key == "stages" else ("branch", "分支")
    name = shown(word(at))
    findings.add(
        "unknown-neighbour", at.line, at.column, f"There is no other {what} `{name}` to put this one beside",
        f"没有可与之相邻的{zh} `{name}`",
    )  # fmt: skip
