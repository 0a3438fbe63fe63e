"""Where everything stands: stages one below the other, endings to the right, ways in lanes beside them.

Each stage is a layer of its own, so that its place in the order is its place on the page. A way to the
next box goes straight down; others leave to the right if they go forward and to the left if they
go back, run in a lane of their own, and come in from the side. Ways whose lanes would overlap get
different ones; those that end at the same box share one.
"""

from __future__ import annotations

from collections import Counter

from msgspec import Struct

from dealwright.definition.diagram.measure import text_width, wrapped
from dealwright.definition.diagram.picture import Arrow, Box, Line, Picture

CARD = 330.0
ASIDE = 230.0
PAD = 14.0
TITLE, BODY, LABEL = 15.0, 12.0, 11.0
_GAP = 40.0
_LANE = 14.0
_PORT = 18.0
_MARGIN = 28.0
_LABEL_ROOM = 210.0
_TOP = 96.0


class Row(Struct, frozen=True):
    """One line of text inside of a box: `line` None is the title."""

    text: str
    line: Line | None


class Placed(Struct):
    """A box with its rows and its corner."""

    box: Box
    rows: list[Row]
    x: float
    y: float
    width: float
    height: float

    @property
    def middle(self) -> float:
        """The height of its middle."""
        return self.y + self.height / 2


class Way(Struct):
    """An arrow's corners, and its label with where that begins."""

    arrow: Arrow
    points: list[tuple[float, float]]
    label: list[str]
    at: tuple[float, float]
    leftward: bool = False


class Sheet(Struct):
    """The whole page."""

    width: float
    height: float
    boxes: list[Placed]
    ways: list[Way]


def row_height(row: Row) -> float:
    """How much a row takes, its leading included."""
    return 20.0 if row.line is None else 17.0


def laid_out(picture: Picture) -> Sheet:
    """Places for every box and way. The same picture always gives the same places."""
    column = [_rows(box, CARD) for box in picture.boxes if box.kind == "stage"]
    others = [_rows(box, ASIDE) for box in picture.boxes if box.kind != "stage"]
    order = {placed.box.id: at for at, placed in enumerate(column)}
    routes = _Routes(picture.arrows, order)
    left = _MARGIN + routes.left_room()
    y = _TOP
    for placed in column:
        ports = max(routes.right_ports[placed.box.id], routes.left_ports[placed.box.id])
        placed.height = max(placed.height, (ports + 1) * _PORT)
        placed.x, placed.y = left, y
        y += placed.height + _GAP
    right = left + CARD + routes.right_room()
    for placed in others:
        placed.height = max(placed.height, (routes.right_ports[placed.box.id] + 1) * _PORT)
    places = {placed.box.id: placed for placed in column}
    _place_aside(others, picture.arrows, places, right)
    places |= {placed.box.id: placed for placed in others}
    ways = routes.draw(places, left, left + CARD)
    bottom = max([y - _GAP, *(placed.y + placed.height for placed in others)])
    width = (right + ASIDE + routes.far_room() if others else left + CARD + routes.right_room()) + _MARGIN
    return Sheet(width, bottom + _MARGIN, [*column, *others], ways)


def _rows(box: Box, width: float) -> Placed:
    room = width - 2 * PAD
    number = f"{box.at}  " if box.at else ""
    beside = 70 if box.phase or box.mark else 0
    rows = [Row(text, None) for text in wrapped(number + box.title, TITLE, room - beside, 2)]
    for line in box.lines:
        inner = room - (14 if line.entry else 0)
        rows += [Row(text, line) for text in wrapped(line.text, BODY, inner, 2)]
    return Placed(box, rows, 0, 0, width, sum(map(row_height, rows)) + 2 * PAD - 4)


def _place_aside(others: list[Placed], arrows: tuple[Arrow, ...], places: dict[str, Placed], x: float) -> None:
    """Each box of the right column near the stages that lead to it, none over another."""
    wanted = []
    for at, placed in enumerate(others):
        sources = [places[a.source].middle for a in arrows if a.target == placed.box.id and a.source in places]
        end = places[max(places, key=lambda name: places[name].y)] if places else None
        low = end.y + end.height if end else _TOP
        wanted.append((sum(sources) / len(sources) if sources else low, at, placed))
    y = _TOP
    for middle, _, placed in sorted(wanted, key=lambda one: one[:2]):
        placed.x, placed.y = x, max(y, middle - placed.height / 2)
        y = placed.y + placed.height + _PORT


class _Routes:
    """Which side each arrow takes, and in which lane."""

    def __init__(self, arrows: tuple[Arrow, ...], order: dict[str, int]) -> None:
        self.order = order
        self.down: list[Arrow] = []
        self.right: list[Arrow] = []
        self.far: list[Arrow] = []  # between boxes of the right column, in lanes of their own beyond it
        self.left: list[Arrow] = []
        for arrow in arrows:
            source, target = order.get(arrow.source), order.get(arrow.target)
            if source is not None and target == source + 1 and arrow.kind in ("next", "branch"):
                self.down.append(arrow)
            elif source is not None and target is not None and target <= source:
                self.left.append(arrow)
            elif source is None and target is None:
                self.far.append(arrow)
            else:
                self.right.append(arrow)
        # Each way out has a port of its own; the ways in share one.
        self.right_ports = Counter([*(a.source for a in self.right), *{a.target for a in self.right}])
        self.left_ports = Counter([*(a.source for a in self.left), *{a.target for a in self.left}])
        self.right_lanes = self._lanes(self.right)
        self.left_lanes = self._lanes(self.left)
        self.far_lanes = {name: lane for lane, name in enumerate(dict.fromkeys(arrow.target for arrow in self.far))}

    def _lanes(self, arrows: list[Arrow]) -> dict[str, int]:
        """A lane for each target, by what it spans; spans that overlap get different lanes, short ones the inner."""
        last = len(self.order)
        spans: dict[str, tuple[int, int]] = {}
        for arrow in arrows:
            ends = (self.order.get(arrow.source, last), self.order.get(arrow.target, last))
            low, high = spans.get(arrow.target, (last, 0))
            spans[arrow.target] = (min(low, *ends), max(high, *ends))
        lanes: dict[str, int] = {}
        taken: list[list[tuple[int, int]]] = []
        for name, (low, high) in sorted(spans.items(), key=lambda one: (one[1][1] - one[1][0], one[1], one[0])):
            lane = next((n for n, held in enumerate(taken) if all(high < a or b < low for a, b in held)), len(taken))
            if lane == len(taken):
                taken.append([])
            taken[lane].append((low, high))
            lanes[name] = lane
        return lanes

    def left_room(self) -> float:
        """What the ways at the left need."""
        return (max(self.left_lanes.values(), default=-1) + 1) * _LANE + _label_room(self.left)

    def right_room(self) -> float:
        """What the ways at the right need."""
        return (max(self.right_lanes.values(), default=-1) + 3) * _LANE + _label_room(self.right)

    def far_room(self) -> float:
        """What the ways beyond the right column need."""
        return (len(self.far_lanes) + 1) * _LANE + _label_room(self.far) if self.far else 0

    def draw(self, places: dict[str, Placed], left: float, right: float) -> list[Way]:
        """Every way with its corners."""
        ports = _Ports(places)
        ways = []
        for arrow in self.down:
            source, target = places[arrow.source], places[arrow.target]
            x = source.x + source.width / 2
            points = [(x, source.y + source.height), (x, target.y)]
            room = source.width / 2 - PAD
            ways.append(Way(arrow, points, wrapped(arrow.label, LABEL, room, 2) if arrow.label else [],
                            (x + 8, source.y + source.height + 16)))  # fmt: skip
        entries: dict[tuple[str, str], float] = {}
        for side, arrows in (("left", self.left), ("right", self.right), ("far", self.far)):
            # Outgoing ports first, from the top in the order of the file; then one shared port for what comes in.
            starts = [(arrow, ports.take(arrow.source, side)) for arrow in arrows]
            for arrow in arrows:
                if (arrow.target, side) not in entries:
                    entries[arrow.target, side] = ports.take(arrow.target, side)
            for arrow, y in starts:
                end = entries[arrow.target, side]
                ways.append(self._sideways(arrow, side, y, end, places, left, right))
        return ways

    def _sideways(
        self, arrow: Arrow, side: str, y: float, end: float, places: dict[str, Placed], left: float, right: float
    ) -> Way:
        source, target = places[arrow.source], places[arrow.target]
        label = wrapped(arrow.label, LABEL, _LABEL_ROOM - 16, 1) if arrow.label else []
        if side == "left":
            x = left - _label_room(self.left) - (self.left_lanes[arrow.target] + 1) * _LANE + 4
            points = [(source.x, y), (x, y), (x, end), (target.x, end)]
            return Way(arrow, points, label, (source.x - 8, y - 6), leftward=True)
        if side == "far":
            edge = source.x + source.width
            x = edge + _label_room(self.far) + (self.far_lanes[arrow.target] + 1) * _LANE
            points = [(edge, y), (x, y), (x, end), (target.x + target.width, end)]
            return Way(arrow, points, label, (edge + 8, y - 6))
        x = right + _label_room(self.right) + (self.right_lanes[arrow.target] + 1) * _LANE
        into = target.x + target.width if target.box.kind == "stage" else target.x
        if source.box.kind != "stage":
            points = [(source.x, y), (x, y), (x, end), (into, end)]
            return Way(arrow, points, label, (x + 6, y - 6))
        points = [(source.x + source.width, y), (x, y), (x, end), (into, end)]
        return Way(arrow, points, label, (source.x + source.width + 8, y - 6))


class _Ports:
    """Places along the sides of boxes, given away from the top."""

    def __init__(self, places: dict[str, Placed]) -> None:
        self.places = places
        self.given: dict[tuple[str, str], int] = {}

    def take(self, name: str, side: str) -> float:
        placed = self.places[name]
        at = self.given.get((name, side), 0)
        self.given[name, side] = at + 1
        return placed.y + min(_PORT * (at + 1), placed.height - 6)


def _label_room(arrows: list[Arrow]) -> float:
    longest = max((text_width(arrow.label, LABEL) for arrow in arrows), default=0)
    return min(longest + 20, _LABEL_ROOM) if arrows else 0
