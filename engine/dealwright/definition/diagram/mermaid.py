"""A picture as a Mermaid flowchart. No text can become anything but text."""

from __future__ import annotations

import re

from dealwright.definition.diagram.picture import Arrow, Box, Picture

# Letters, digits and what neither Mermaid, nor the Markdown it reads in labels, nor HTML takes for a sign.
_PLAIN = re.compile(r"[^\W_]|[ ,/()，。、；：（）？！·…]")
# Taken for mathematics, a line end and an icon even where they are written as entities: a space sets them apart.
_TRAPS = re.compile(r"\$(?=\$)|\\(?=n)|\bfa[a-z]?:(?=fa-)")
_DIRECTION = re.compile(r"(direction) ", re.IGNORECASE)
_CUT = 160  # characters of one line
_ARROWS = {"next": "-->", "branch": "-->", "back": "-.->", "skip": "-.->", "detour": "<-.->", "automatic": "-.->"}
_SHAPES = {
    "stage": ('["', '"]'), "detour": ('{{"', '"}}'), "outcome": ('(["', '"])'), "process": ('[["', '"]]'),
    "end": ('(("', '"))'),
}  # fmt: skip
_STYLES = """\
  classDef stage fill:#f6f8fb,stroke:#4a6fa5,color:#1c2733
  classDef wins fill:#eaf6ec,stroke:#2f7d3b,stroke-width:2px,color:#1c2733
  classDef detour fill:#fdf6e9,stroke:#b07d1f,color:#1c2733
  classDef outcome fill:#f3f1f6,stroke:#7a6a94,color:#1c2733
  classDef process fill:#ffffff,stroke:#4a6fa5,stroke-dasharray:4 3,color:#1c2733
  classDef done fill:#eaf6ec,stroke:#2f7d3b,color:#1c2733
"""


def as_mermaid(picture: Picture) -> str:
    """The text of a flowchart, from top to bottom. Ids of nodes are our own; texts are escaped sign by sign."""
    names = {box.id: f"n{at}" for at, box in enumerate(picture.boxes)}
    lines = [f"%% {_comment(picture.title)} ({_comment(picture.subtitle)})", "flowchart TD"]
    lines += [_node(box, names[box.id]) for box in picture.boxes]
    lines += [_edge(arrow, names) for arrow in picture.arrows]
    return "\n".join(lines) + "\n" + _STYLES


def _node(box: Box, name: str) -> str:
    number = f"{box.at} · " if box.at else ""
    mark = f" ({box.mark})" if box.mark else ""
    texts = [number + box.title + mark, *(("· " if line.entry else "") + line.text for line in box.lines)]
    opening, closing = _SHAPES[box.kind]
    look = "wins" if box.kind == "stage" and box.mark else {"end": "done"}.get(box.kind, box.kind)
    return f"  {name}{opening}{'<br/>'.join(inert(text) for text in texts)}{closing}:::{look}"


def _edge(arrow: Arrow, names: dict[str, str]) -> str:
    label = f'|"{inert(arrow.label)}"|' if arrow.label else ""
    return f"  {names[arrow.source]} {_ARROWS[arrow.kind]}{label} {names[arrow.target]}"


def inert(text: str) -> str:
    """`text` as a label that shows it and does nothing else: other signs become numbered entities."""
    line = _TRAPS.sub(lambda found: f"{found.group()} ", " ".join(text.split()))
    cut = line if len(line) <= _CUT else line[: _CUT - 1] + "…"
    told = "".join(c if _PLAIN.fullmatch(c) else f"#{ord(c)};" for c in cut if c.isprintable())
    # Its lexer takes a whole line for a statement where these words stand anywhere in it.
    return _DIRECTION.sub(r"\1#32;", told) or "#32;"


def _comment(text: str) -> str:
    """A text for a comment line: letters and digits alone, or `%%{` would begin a directive."""
    return " ".join("".join(c if c.isalnum() or c in " .-·" else " " for c in text).split())[:80]
