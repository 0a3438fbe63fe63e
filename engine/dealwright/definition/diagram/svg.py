"""A picture as SVG, drawn here: no program, font or script besides."""

from __future__ import annotations

from collections.abc import Iterator

from dealwright.definition.diagram.layout import (
    BODY,
    LABEL,
    PAD,
    TITLE,
    Placed,
    Row,
    Way,
    laid_out,
    row_height,
)  # fmt: skip
from dealwright.definition.diagram.measure import text_width
from dealwright.definition.diagram.picture import Picture
from dealwright.definition.diagram.wording import PHASES, Words

_INK, _SOFT, _FAINT = "#1c2733", "#55636f", "#c9d2dc"
_COLOURS = {
    "prospect": "#6f7f95", "qualify": "#4a6fa5", "discover": "#2f7f8f", "propose": "#4b8b3b", "negotiate": "#b07d1f",
    "close": "#b3513c", "deliver": "#7a5aa6", "retain": "#a34a7c",
}  # fmt: skip
_LINES = {"asks": _INK, "who": _SOFT, "approves": "#8a4b12", "time": _SOFT, "acts": "#8a6500", "overlay": "#5b3f9e",
          "note": _SOFT}  # fmt: skip
_STROKES = {
    "next": (_SOFT, ""), "branch": ("#35618f", ""), "back": ("#a04f3f", "5 3"), "skip": ("#35618f", "5 3"),
    "detour": ("#a8771a", "2 3"), "automatic": ("#a8771a", "7 4"),
}  # fmt: skip
_FILLS = {
    "stage": ("#ffffff", _FAINT), "detour": ("#fdf8ee", "#cfae6b"), "outcome": ("#f6f4f9", "#a99cc0"),
    "process": ("#ffffff", "#7f9cc4"), "end": ("#eef7ef", "#5e9c68"),
}  # fmt: skip
_STATUS = {"lost": "#a04f3f", "disqualified": "#7a6a94", "completed": "#2f7d3b"}
_FONT = "'Segoe UI', 'Helvetica Neue', Arial, 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', sans-serif"


def as_svg(picture: Picture) -> str:
    """One self-contained SVG document; every text in it is escaped, and nothing in it can run or load anything."""
    sheet = laid_out(picture)
    width, height = round(sheet.width), round(sheet.height)
    parts = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" '
        f'role="img" xml:lang="{"zh" if picture.lang == "zh" else "en"}" font-family="{_FONT}">',
        f"<title>{escaped(picture.title)}</title>",
        f'<rect width="{width}" height="{height}" fill="#fbfcfd"/>',
        _markers(),
        _text(28, 44, picture.title, 22, _INK, bold=True),
        _text(28, 66, picture.subtitle, 12.5, _SOFT),
    ]
    parts += [part for way in sheet.ways for part in _line(way)]
    parts += [part for placed in sheet.boxes for part in _box(placed, Words(picture.lang))]
    parts += [part for way in sheet.ways for part in _label(way)]
    return "\n".join([*parts, "</svg>"]) + "\n"


def escaped(text: str) -> str:
    """`text` for an element or an attribute; what XML cannot hold is left out."""
    shown = "".join(c for c in " ".join(text.split()) if c.isprintable())
    return shown.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def _markers() -> str:
    marks = [
        f'<marker id="{kind}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" '
        f'orient="auto-start-reverse"><path d="M0 0.8 L7.5 4 L0 7.2 z" fill="{colour}"/></marker>'
        for kind, (colour, _) in _STROKES.items()
    ]
    return f"<defs>{''.join(marks)}</defs>"


def _text(x: float, y: float, text: str, size: float, colour: str, *, bold: bool = False, anchor: str = "") -> str:
    weight = ' font-weight="600"' if bold else ""
    side = f' text-anchor="{anchor}"' if anchor else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size:g}" fill="{colour}"{weight}{side}>{escaped(text)}</text>'


def _line(way: Way) -> Iterator[str]:
    colour, dashes = _STROKES[way.arrow.kind]
    head = f"url(#{way.arrow.kind})"
    both = f' marker-end="{head}"' if way.arrow.kind == "detour" else ""
    dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
    # Drawn from its head, so that the dashes of ways that share a lane fall on each other.
    yield (
        f'<path d="{_path(way.points[::-1])}" fill="none" stroke="{colour}" stroke-width="1.5"{dashed} '
        f'marker-start="{head}"{both}/>'
    )


def _path(points: list[tuple[float, float]]) -> str:
    """A line through the points, its corners rounded."""
    told = [f"M{points[0][0]:.1f} {points[0][1]:.1f}"]
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        radius = min(7.0, _length(before, corner) / 2, _length(corner, after) / 2)
        start, end = _toward(corner, before, radius), _toward(corner, after, radius)
        told.append(f"L{start[0]:.1f} {start[1]:.1f} Q{corner[0]:.1f} {corner[1]:.1f} {end[0]:.1f} {end[1]:.1f}")
    told.append(f"L{points[-1][0]:.1f} {points[-1][1]:.1f}")
    return " ".join(told)


def _length(a: tuple[float, float], b: tuple[float, float]) -> float:
    return abs(a[0] - b[0]) + abs(a[1] - b[1])  # every piece is level or upright


def _toward(a: tuple[float, float], b: tuple[float, float], far: float) -> tuple[float, float]:
    length = _length(a, b) or 1.0
    return (a[0] + (b[0] - a[0]) * far / length, a[1] + (b[1] - a[1]) * far / length)


def _label(way: Way) -> Iterator[str]:
    x, y = way.at
    colour, _ = _STROKES[way.arrow.kind]
    for at, text in enumerate(way.label):
        wide = text_width(text, LABEL)
        left = x - wide if way.leftward else x
        top = y + at * 13
        # A ground of the page's colour, so that a line crossing it does not cross out the word.
        yield f'<rect x="{left - 2:.1f}" y="{top - 10:.1f}" width="{wide + 4:.1f}" height="13" fill="#fbfcfd"/>'
        yield _text(x, top, text, LABEL, colour, anchor="end" if way.leftward else "")


def _box(placed: Placed, words: Words) -> Iterator[str]:
    box = placed.box
    fill, stroke = _FILLS[box.kind]
    colour = _COLOURS.get(box.phase, _STATUS.get(box.status, "#7f9cc4"))
    round_ = {"outcome": 14, "end": 14}.get(box.kind, 6)
    dashed = ' stroke-dasharray="5 3"' if box.kind == "process" else ""
    wins = box.kind == "stage" and bool(box.mark)
    if wins:
        fill, stroke = "#f2faf3", "#2f7d3b"
    yield (
        f'<rect x="{placed.x:.1f}" y="{placed.y:.1f}" width="{placed.width:.1f}" height="{placed.height:.1f}" '
        f'rx="{round_}" fill="{fill}" stroke="{stroke}" stroke-width="{2 if wins else 1.2}"{dashed}/>'
    )
    if box.kind in ("stage", "detour"):
        yield (
            f'<rect x="{placed.x:.1f}" y="{placed.y + 6:.1f}" width="4" height="{placed.height - 12:.1f}" rx="2" '
            f'fill="{colour}"/>'
        )
    y = placed.y + PAD - 4
    for at, row in enumerate(placed.rows):
        y += row_height(row)
        yield from _row(row, placed, y - 4, first=_begins(placed.rows, at))
    corner = words.say(PHASES[box.phase]) if box.phase else box.mark
    end = placed.x + placed.width - PAD
    yield _text(end, placed.y + PAD + 11, corner, 10.5, colour, anchor="end")
    if wins:
        yield _text(end, placed.y + PAD + 27, f"★ {box.mark}", 10.5, "#2f7d3b", bold=True, anchor="end")


def _begins(rows: list[Row], at: int) -> bool:
    """Whether a row begins its line, and is not the rest of one that was wrapped."""
    return at == 0 or rows[at].line is not rows[at - 1].line


def _row(row: Row, placed: Placed, y: float, *, first: bool) -> Iterator[str]:
    x = placed.x + PAD
    if row.line is None:
        yield _text(x, y, row.text, TITLE, _INK, bold=True)
        return
    colour = _LINES[row.line.kind]
    if row.line.entry:
        if first:
            yield f'<circle cx="{x + 5:.1f}" cy="{y - 4:.1f}" r="1.8" fill="{colour}"/>'
        x += 14
    yield _text(x, y, row.text, BODY, colour)
