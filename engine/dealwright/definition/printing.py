"""A merged process written out: one valid file, and behind every line where it comes from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from dealwright.definition.compose import compose
from dealwright.definition.decode import decode
from dealwright.definition.finding import Finding, Findings
from dealwright.definition.layers import Bare, Part, Shelf, assemble
from dealwright.definition.nodes import Map, Node, Scalar, Seq
from dealwright.definition.orders import Order
from dealwright.definition.origins import Layer, Origins
from dealwright.definition.quoting import quoted, written
from dealwright.definition.sheet import Entry, Group, Leaf, lines, on_one_line
from dealwright.definition.unreadable import UnreadableError
from dealwright.definition.values import word

_WIDE = 90  # what stands in one line of brackets may have so many characters
_MADE_OF = ("extends", "libraries")  # what these bring is written out


class Composition(NamedTuple):
    """A file with all that it is made of. `layers` has the file itself first; `root` is None on errors."""

    kind: str
    root: Map | None
    origins: Origins
    findings: list[Finding]

    @property
    def layers(self) -> list[Layer]:
        """The file, its parents, defaults and libraries, as they were read."""
        return self.origins.layers


class Printed(NamedTuple):
    """One line, and the file and line it comes from; both are empty for what only explains."""

    text: str
    label: str
    line: int


def read_composition(data: bytes, file: str, shelf: Shelf | None = None) -> Composition:
    """Merge a process or record file with all that it is made of, without judging the result."""
    findings = Findings(file)
    try:
        text = decode(data)
        root = compose(text, findings)
    except UnreadableError as error:
        findings.add(error.code, error.line, error.column, error.en, error.zh, error.hint)
        return Composition("process", None, Origins(), findings.in_order())
    if not isinstance(root, Map):
        findings.add("wrong-type", 1, 1, "Expected a map of keys", "此处应为键值映射")
        return Composition("process", None, Origins(), findings.in_order())
    kind = "record" if "record" in root.values and "process" not in root.values else "process"
    merged, origins = assemble(root, text.split("\n"), findings, kind, shelf or Bare())
    broken = findings.has_errors
    return Composition(kind, None if broken else merged, origins, findings.in_order())


def print_merged(composition: Composition, overlays: Sequence[Part] = ()) -> list[Printed]:
    """The merged file, line by line; what `overlays` add to it stands in comments, as it is no part of the file.

    Read back, it is the same process. Raises ValueError for a composition with errors.
    """
    if composition.root is None:
        raise ValueError("a composition with errors has nothing to print")
    root = _Printer(composition.origins).map(composition.root, Order(composition.kind))
    made_of = [entry for entry in root.entries if entry.name in _MADE_OF]
    root.entries = [entry for entry in root.entries if entry.name not in _MADE_OF]
    for overlay in overlays:
        _add_overlay(root, overlay)
    head = [f"# Merged: {on_one_line(Leaf(entry.key))} {_bare(entry.value)}" for entry in made_of]
    return [Printed(line, "", 0) for line in head] + [_split(line) for line in lines(root)]


def _bare(value: Leaf | Group) -> str:
    return ", ".join(_bare(entry.value) for entry in value.entries) if isinstance(value, Group) else on_one_line(value)


def _split(line: str) -> Printed:
    """A printed line with its origin, which is the last comment on it."""
    _, mark, origin = line.rpartition("  # ")
    label, _, number = origin.rpartition(":")
    if mark and number.isdigit() and label:
        return Printed(line, label, int(number))
    return Printed(line, "", 0)


class _Printer:
    def __init__(self, origins: Origins) -> None:
        self.origins = origins

    def map(self, node: Map, order: Order) -> Group:
        group = Group("map")
        known = {key: at for at, key in enumerate(order.keys)}
        for name in sorted(node.values, key=lambda name: known.get(name, len(known))):
            key, value = node.keys[name], node.values[name]
            entry = Entry(written(key.text, key.style, flow=False), self.value(value, order.inside(name)), name)
            inherits = isinstance(entry.value, Group) and not entry.value.flow
            entry.beside = self._origin(key if inherits else value)
            group.entries.append(entry)
        return group

    def seq(self, node: Seq, order: Order) -> Group:
        group = Group("seq")
        for item in node.items:
            entry = Entry("", self.value(item, order.item()))
            if isinstance(entry.value, Leaf) or entry.value.flow or not entry.value.entries:
                entry.beside = self._origin(item)
            group.entries.append(entry)
        return group

    def value(self, node: Node, order: Order) -> Leaf | Group:
        if isinstance(node, Scalar):
            return Leaf(_leaf(node, flow=False))
        if self._fits(node):
            return Leaf(flow_text(node))
        made = self.map(node, order) if isinstance(node, Map) else self.seq(node, order)  # type: ignore[arg-type]
        if not made.entries:
            return Leaf("{}" if isinstance(node, Map) else "[]")
        return made

    def _fits(self, node: Node) -> bool:
        """Whether a map or list written in brackets can stay so: on one line, which has one origin."""
        if not (isinstance(node, Map | Seq) and node.flow):
            return False
        if len({self.origins.at(inner.line)[0].base for inner in _all(node)}) > 1:
            return False
        return len(flow_text(node)) <= _WIDE

    def _origin(self, node: Node) -> str:
        layer, line = self.origins.at(node.line)
        return f"  # {layer.label}:{line}"


def flow_text(node: Node) -> str:
    """A node on one line."""
    if isinstance(node, Scalar):
        return _leaf(node, flow=True)
    if isinstance(node, Map):
        inner = ", ".join(
            f"{written(key.text, key.style, flow=True)}: {flow_text(value)}" for key, value in node.items()
        )
        return f"{{{inner}}}"
    return f"[{', '.join(map(flow_text, node.items))}]" if isinstance(node, Seq) else ""


def _leaf(node: Scalar, *, flow: bool) -> str:
    if node.is_empty:
        return ""
    return quoted(node.text) if node.style in ("|", ">") else written(node.text, node.style, flow=flow)


def _all(node: Node) -> Iterator[Node]:
    waiting = [node]
    while waiting:
        found = waiting.pop()
        yield found
        if isinstance(found, Map):
            waiting += found.keys.values()
            waiting += found.values.values()
        elif isinstance(found, Seq):
            waiting += found.items


def _add_overlay(root: Group, overlay: Part) -> None:
    """What an overlay adds, as comments where it takes effect."""
    node = compose(decode(overlay.data), Findings(overlay.file))
    if not isinstance(node, Map):
        return
    label = f"overlay:{word(node.get('overlay'))}"
    for section in ("fields", "events", "artifacts"):
        holder = next((e.value for e in root.entries if e.name == section and isinstance(e.value, Group)), None)
        added = node.get(section)
        if isinstance(added, Map):
            shown = [f"# {key.text}: {flow_text(value)}  # {label}:{key.line}" for key, value in added.items()]
            if holder is not None:
                holder.tail += shown
            else:
                root.tail += [f"# {section}:", *(line.replace("# ", "#   ", 1) for line in shown)]
    phases = node.get("phases")
    stages = next((e.value for e in root.entries if e.name == "stages" and isinstance(e.value, Group)), None)
    for entry in stages.entries if stages is not None and isinstance(phases, Map) else ():
        if isinstance(entry.value, Group):
            phase = next((e.value for e in entry.value.entries if e.name == "phase"), None)
            patch = phases.get(on_one_line(phase)) if phase is not None and isinstance(phases, Map) else None
            if isinstance(patch, Map):
                entry.value.tail += list(_patched(patch, label))


def _patched(patch: Map, label: str) -> Iterator[str]:
    for key, value in patch.items():
        yield f"# {key.text}:  # {label}:{key.line}"
        if isinstance(value, Map):
            for name, inner in value.items():
                yield f"#   {name.text}: {flow_text(inner)}  # {label}:{name.line}"
        elif isinstance(value, Seq):
            for item in value.items:
                yield f"#   - {flow_text(item)}  # {label}:{item.line}"
