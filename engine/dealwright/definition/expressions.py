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

MOST_TEXT = 300_000  # characters of different expressions in a file; a thousand stages have a hundred thousand
_BUSINESS = re.compile(r"\d+b[dh]")


def check_expressions(draft: Draft) -> dict[str, Node | None]:
    """Every text that the schema marks with `x-form`. Gives the checked tree of each condition, None of a wrong one."""
    if _too_much(draft.walk):
        return {}
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


def _too_much(walk: Walk) -> bool:
    """True, with a finding where it begins, for more expressions than are read in a second."""
    length, seen = 0, set()
    for form, node in walk.forms:
        if form not in ("duration", "timezone") and node.text not in seen and (form != "template" or "{{" in node.text):
            seen.add(node.text)
            length += len(node.text)
            if length > MOST_TEXT:
                return not walk.wrong(
                    "guard-too-long", node, f"The expressions up to here come to more than {MOST_TEXT:,} characters",
                    f"到此处为止，表达式合计超过 {MOST_TEXT:,} 个字符",
                )  # fmt: skip
    return False


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
