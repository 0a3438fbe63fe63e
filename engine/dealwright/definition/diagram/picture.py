"""What a diagram shows, in words of one language, whoever draws it."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

BoxKind = Literal["stage", "detour", "outcome", "process", "end"]
# `who` is responsible, `asks` what is needed to leave, `approves` who answers, `time` what is due when,
# `acts` what happens by itself, `overlay` what a methodology adds, `note` anything else.
LineKind = Literal["who", "asks", "approves", "time", "acts", "overlay", "note"]
ArrowKind = Literal["next", "branch", "back", "skip", "detour", "automatic"]


class Line(Struct, frozen=True):
    """One line of a box. `entry` marks one of the things that the line before it counts."""

    kind: LineKind
    text: str
    entry: bool = False


class Box(Struct, frozen=True):
    """A stage, an ending, another process that is opened. `at` is the stage's place in the order, from 1."""

    id: str
    kind: BoxKind
    title: str
    lines: tuple[Line, ...] = ()
    phase: str = ""
    at: int = 0
    mark: str = ""
    status: str = ""


class Arrow(Struct, frozen=True):
    """A way between two boxes; `label` says when or for whom."""

    source: str
    target: str
    kind: ArrowKind
    label: str = ""


class Picture(Struct, frozen=True):
    """All of it: stages in their order first, then detours, endings and other processes."""

    title: str
    subtitle: str
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]
    lang: str = "en"
