"""Following the engine's own advice: running the commands that an explanation offers."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from dealwright.workspace.workspace import Workspace

PLACEHOLDER = re.compile(r"<([a-z0-9_]+):([a-z]+)>")
Fill = Callable[[Sequence[str], str, str], str]  # (argv, placeholder's name, its type) -> what to write there


def follow(ws: Workspace, argv: Sequence[str], fill: Fill) -> dict[str, Any]:
    """Run one offered command (`["dealwright", "deal", "set", ...]`) after filling its placeholders."""
    words = [PLACEHOLDER.sub(lambda m: fill(argv, m.group(1), m.group(2)), word) for word in argv[1:]]
    plain, options, sets = _parsed(words)
    noun, verb = plain[0], plain[1]
    if (noun, verb) == ("deal", "item"):
        return _item(ws, plain[2], plain[3:], sets)
    deal, rest = plain[2], plain[3:]
    calls: dict[tuple[str, str], Callable[[], dict[str, Any]]] = {
        ("deal", "set"): lambda: ws.deal_set(deal, sets),
        ("deal", "assign"): lambda: ws.deal_assign(deal, rest[0]),
        ("record", "set"): lambda: ws.record_set(deal, sets),
        ("task", "add"): lambda: ws.task_add(deal, rest[0]),
        ("task", "done"): lambda: ws.task_done(deal, rest[0]),
        ("artifact", "add"): lambda: ws.artifact_add(deal, rest[0], sets, file=options.get("file")),
        ("artifact", "approve"): lambda: ws.artifact_approve(deal, rest[0]),
        ("approval", "approve"): lambda: ws.approval_approve(deal, rest[0]),
        ("activity", "log"): lambda: ws.activity_log(
            deal, rest[0], by=options.get("by"), contact=options.get("contact"), proof=options.get("proof"), texts=sets
        ),
        ("stakeholder", "add"): lambda: ws.stakeholder_add(deal, sets),
        ("stakeholder", "set"): lambda: ws.stakeholder_set(deal, rest[0], sets),
    }
    if (noun, verb) not in calls:
        raise ValueError(" ".join(words))
    return calls[noun, verb]()


def _item(ws: Workspace, verb: str, rest: list[str], sets: dict[str, str]) -> dict[str, Any]:
    match verb:
        case "add":
            return ws.item_add(rest[0], rest[1], sets)
        case "set":
            return ws.item_set(rest[0], rest[1], rest[2], sets)
        case _:
            return ws.item_close(rest[0], rest[1], rest[2])


def _parsed(words: Sequence[str]) -> tuple[list[str], dict[str, str], dict[str, str]]:
    """Arguments, `--option value` pairs, and the `--set` pairs."""
    plain: list[str] = []
    options: dict[str, str] = {}
    sets: dict[str, str] = {}
    rest = iter(words)
    for word in rest:
        if word == "--set":
            name, _, value = next(rest).partition("=")
            sets[name] = value
        elif word.startswith("--"):
            options[word[2:]] = next(rest)
        else:
            plain.append(word)
    return plain, options, sets
