"""A picture as a Graphviz digraph."""

from __future__ import annotations

from dealwright.definition.diagram.picture import Arrow, Box, Picture

_CUT = 200
_HEAD = """\
digraph process {
  graph [rankdir=TB, nodesep=0.5, ranksep=0.45, fontname="Helvetica", labelloc=t, fontsize=16]
  node [shape=box, style="rounded,filled", fillcolor="#f6f8fb", color="#4a6fa5", fontname="Helvetica", fontsize=11]
  edge [color="#5b6b7c", fontname="Helvetica", fontsize=10, arrowsize=0.7]
"""
_LOOKS = {
    "stage": "", "detour": ', shape=hexagon, fillcolor="#fdf6e9", color="#b07d1f"',
    "outcome": ', shape=oval, fillcolor="#f3f1f6", color="#7a6a94"',
    "process": ', style="dashed,filled", fillcolor="#ffffff"', "end": ', shape=doublecircle, fillcolor="#eaf6ec"',
}  # fmt: skip
_EDGES = {
    "next": "weight=10", "branch": "weight=2", "back": "style=dashed, constraint=false", "skip": "style=dashed",
    "detour": "style=dashed, dir=both", "automatic": 'style=dashed, color="#9a6b00"',
}  # fmt: skip


def as_dot(picture: Picture) -> str:
    """The text of a digraph. Ids of nodes are our own; texts are quoted, and none is taken for HTML or an escape."""
    names = {box.id: f"n{at}" for at, box in enumerate(picture.boxes)}
    lines = [f'  label="{quoted(picture.title)}\\n{quoted(picture.subtitle)}"']
    lines += [_node(box, names[box.id]) for box in picture.boxes]
    lines += [_edge(arrow, names) for arrow in picture.arrows]
    return _HEAD + "\n".join(lines) + "\n}\n"


def _node(box: Box, name: str) -> str:
    number = f"{box.at}. " if box.at else ""
    mark = f" ({box.mark})" if box.mark else ""
    texts = [number + box.title + mark, *(("· " if line.entry else "") + line.text for line in box.lines)]
    green = ', fillcolor="#eaf6ec", color="#2f7d3b", penwidth=2' if box.kind == "stage" and box.mark else ""
    label = "\\n".join(quoted(text) for text in texts)
    return f'  {name} [label="{label}"{_LOOKS[box.kind]}{green}]'


def _edge(arrow: Arrow, names: dict[str, str]) -> str:
    label = f', label="{quoted(arrow.label)}"' if arrow.label else ""
    return f"  {names[arrow.source]} -> {names[arrow.target]} [{_EDGES[arrow.kind]}{label}]"


def quoted(text: str) -> str:
    """`text` for inside of double quotes: a backslash begins Graphviz's own escapes, `&` an entity."""
    line = " ".join(text.split())
    cut = line if len(line) <= _CUT else line[: _CUT - 1] + "…"
    shown = "".join(c for c in cut if c.isprintable())
    return shown.replace("&", "&amp;").replace("\\", "\\\\").replace('"', "&quot;")
