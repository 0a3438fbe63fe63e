"""Criteria as a person would like to read them: how each stands, what is missing, who helps, with which command."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from dealwright.cli.names import Names
from dealwright.cli.page import Page, command_line

_CHOICE = re.compile(r"<(\w+):choice>")
_MARKS = {
    "met": ("✓", "[x]", "green"),
    "unmet": ("✗", "[ ]", "red"),
    "unknown": ("?", "[?]", "yellow"),
    "waived": ("~", "[~]", "yellow"),
}
_WORDS = {
    "met": ("met", "已满足"), "unmet": ("not met", "未满足"), "unknown": ("not known yet", "尚不清楚"),
    "waived": ("waived", "已特批"),
}  # fmt: skip


def draw_criteria(page: Page, criteria: Sequence[dict[str, Any]], names: Names, *, indent: int = 2) -> None:
    """Each criterion on a line of its own; below an open one: expected, found, who, and what to run."""
    for criterion in criteria:
        _criterion(page, criterion, names, indent)


def _criterion(page: Page, criterion: dict[str, Any], names: Names, indent: int) -> None:
    status = criterion["status"]
    sign, plain, style = _MARKS[status]
    mark = sign if page.screen.can_show(sign) else plain
    settled = status in ("met", "waived")
    aside = _aside(page, criterion)
    page.screen.line(f"{mark} {criterion['text']}{aside}", "" if settled else style, indent=indent)
    if settled:
        return
    inner = indent + 4
    page.line(f"expected: {criterion['expected']}", f"期望：{criterion['expected']}", indent=inner)
    page.line(f"found: {page.value(criterion['found'])}", f"现状：{page.value(criterion['found'])}", indent=inner)
    _fix(page, criterion["fix"], names, inner)


def _aside(page: Page, criterion: dict[str, Any]) -> str:
    """What sets a criterion apart: only a warning, let go, or asked for by a methodology."""
    words = []
    if criterion["status"] in ("unknown", "waived"):
        words.append(page.say(*_WORDS[criterion["status"]]))
    if criterion["severity"] == "warn" and criterion["status"] in ("unmet", "unknown"):
        words.append(page.say("a warning, does not block", "仅提醒，不阻止"))
    origin = criterion["source"].partition(":")[2]
    if origin:
        words.append(origin)
    if not words:
        return ""
    listed = page.say(", ", "，").join(words)
    return page.say(f" ({listed})", f"（{listed}）")


def _fix(page: Page, fix: dict[str, Any], names: Names, indent: int) -> None:
    roles = page.say(", ", "、").join(names.role(role) for role in fix["roles"])
    people = page.say(", ", "、").join(fix["people"])
    if roles or people:
        who = page.say(f"{roles} ({people})", f"{roles}（{people}）") if roles and people else roles or people
        page.line(f"who: {who}", f"由谁：{who}", indent=indent)
    for at, argv in enumerate(fix["command"]):
        label = page.say("run: ", "执行：") if at == 0 else page.say("then: ", "然后：")
        page.screen.raw(f"{' ' * indent}{label}{command_line(argv)}")
    _options(page, fix["command"], names, indent)


def _options(page: Page, commands: Sequence[Sequence[str]], names: Names, indent: int) -> None:
    """What may stand for each `<name:choice>` of the commands."""
    named = [(match[1], argv) for argv in commands for word in argv if (match := _CHOICE.search(word))]
    lines = []
    for name, argv in named:
        holders = (f"{word.partition('-')[0]}.{name}" for word in argv)
        values = next((names.values[one] for one in holders if one in names.values), names.values.get(name, {}))
        if values:
            listed = ", ".join(f"{key} ({title})" if title != key else key for key, title in values.items())
            lines.append(f"{name}: {listed}")
    for line in dict.fromkeys(lines):
        page.screen.line(line, "dim", indent=indent)


def first_command(criteria: Sequence[dict[str, Any]]) -> list[str] | None:
    """The first command that would help with the first open criterion, or None."""
    for criterion in criteria:
        if (
            criterion["status"] in ("unmet", "unknown")
            and criterion["severity"] == "block"
            and criterion["fix"]["command"]
        ):
            argv: list[str] = criterion["fix"]["command"][0]
            return argv
    return None


def draw_refusal(page: Page, details: dict[str, Any]) -> None:
    """Why a command was refused: the criteria that are unmet or the roles that may, and the command to begin with."""
    names = page.names_of_deal(details["deal"])
    if details["cause"] == "role" and details["people"]:
        people = page.say(", ", "、").join(details["people"])
        page.line(f"People who may: {people}", f"可由以下人员操作：{people}")
        return
    draw_criteria(page, details["criteria"], names)
    argv = first_command(details["criteria"])
    if argv:
        page.next(*argv)
    else:
        page.next("dealwright", "deal", "why", details["deal"])
