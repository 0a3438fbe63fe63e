"""Expressions, durations and zones where they stand: what is wrong inside of them, at its own line and column."""

from __future__ import annotations

import re
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dealwright.definition.contexts import check_contexts
from dealwright.definition.draft import Draft
from dealwright.definition.finding import shown
from dealwright.definition.nodes import Scalar
from dealwright.definition.problems import report
from dealwright.definition.shapes import Walk
from dealwright.guards.checker import checked
from dealwright.guards.problem import Problem
from dealwright.guards.scope import Scope
from dealwright.guards.tree import Node
from dealwright.model.duration import parse_duration
from dealwright.model.layout import Layout
from dealwright.model.text import Text

_BUSINESS = re.compile(r"\d+b[dh]")


def check_expressions(draft: Draft) -> dict[str, Node | None]:
    """Every text that the schema marks with `x-form`. Gives the checked tree of each condition, None of a wrong one."""
    scope = Scope(Layout(draft.process), draft.functions)
    trees, elsewhere = check_contexts(draft, scope)
    seen: dict[tuple[str, str], tuple[Node | None, list[Problem]]] = {}
    for form, node in draft.walk.forms:
        if draft.findings.full:
            break
        match form:
            case "duration":
                _duration(draft, node)
            case "timezone":
                _zone(draft.walk, node)
            case "condition" | "value" if id(node) not in elsewhere:
                key = (form, node.text)
                if key not in seen:
                    seen[key] = checked(node.text, scope, form)
                report(draft, node, seen[key][1])
    return trees | {source: tree for (form, source), (tree, _) in seen.items() if form == "condition"}


def _duration(draft: Draft, node: Scalar) -> None:
    try:
        parse_duration(node.text)
    except ValueError:
        hint = None
        if _BUSINESS.fullmatch(node.text):
            hint = Text("business days and hours come in a later version", "工作日和工作小时将在后续版本支持")
        draft.walk.wrong(
            "bad-duration", node, f"`{shown(node.text)}` is no duration such as 4h, 14d, 2w, 3mo or P1M",
            f"`{shown(node.text)}` 不是时长；时长如 4h、14d、2w、3mo 或 P1M", hint,
        )  # fmt: skip


def check_zones(walk: Walk) -> None:
    """The time zones alone: all that a workspace's settings have."""
    for form, node in walk.forms:
        if form == "timezone":
            _zone(walk, node)


def _zone(walk: Walk, node: Scalar) -> None:
    try:
        ZoneInfo(node.text)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        walk.wrong(
            "bad-value", node, f"`{shown(node.text)}` is no time zone such as Asia/Shanghai",
            f"`{shown(node.text)}` 不是时区名；时区如 Asia/Shanghai",
        )  # fmt: skip
