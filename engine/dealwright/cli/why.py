"""`deal why` for people: where the deal is, each way on, what stands against it, and what to do first."""

from __future__ import annotations

from typing import Any

from dealwright.cli.coaching import draw_flags, draw_prompts, draw_scores
from dealwright.cli.deal_page import headline
from dealwright.cli.names import Names
from dealwright.cli.page import Page
from dealwright.cli.reasons import draw_criteria, first_command

_FORWARD = ("advance", "win", "complete", "return")
_KINDS = {
    "advance": ("Advance to {to}", "推进到“{to}”"),
    "skip": ("Skip ahead to {to}", "越级到“{to}”"),
    "regress": ("Go back to {to}", "退回到“{to}”"),
    "detour": ("Send aside to {to}", "转入“{to}”"),
    "return": ("Come back to {to}", "返回“{to}”"),
    "win": ("Win, on to {to}", "赢单，进入“{to}”"),
    "complete": ("Complete", "完成"),
    "lose": ("Lose", "丢单"),
    "disqualify": ("Disqualify", "判定为不合格"),
    "reopen": ("Reopen at {to}", "重新打开，回到“{to}”"),
    "hold": ("Put on hold", "搁置"),
    "resume": ("Take off hold", "恢复推进"),
}


def draw_why(page: Page, data: dict[str, Any]) -> None:
    """The whole page. Ways without criteria (back, out) are gathered in one line each at the end."""
    deal = page.call.workspace().deal_show(data["deal"])["deal"]
    names = page.names(deal)
    page.screen.line(headline(page, deal, names), "bold")
    forward = [way for way in data["transitions"] if way["criteria"] or way["kind"] in _FORWARD]
    for way in forward:
        page.screen.line()
        _way(page, way, names)
    if not data["transitions"]:
        page.line("No way leads there from here.", "目前没有通往该处的路径。")
    _other_ways(page, [way for way in data["transitions"] if way not in forward], names)
    _coaching(page, data)
    page.warnings(data.get("warnings") or [])
    _next(page, data["deal"], forward, on_hold=bool(deal["on_hold"]))


def _label(page: Page, way: dict[str, Any], names: Names) -> str:
    en, zh = _KINDS.get(way["kind"], (way["kind"], way["kind"]))
    if way["kind"] == "win" and not way["to"]:
        en, zh = "Win", "赢单"
    return page.say(en, zh).format(to=names.place(way["to"]))


def _way(page: Page, way: dict[str, Any], names: Names) -> None:
    branch = page.say(f" (branch {way['branch']})", f"（分支 {way['branch']}）") if way["branch"] else ""
    verdict, style = _verdict(page, way)
    page.screen.line(f"{_label(page, way, names)}{branch}{page.say(': ', '：')}{verdict}", style)
    if not way["actor_may"]:
        roles = page.say(", ", "、").join(names.role(role) for role in way["roles"])
        page.line(f"Only for: {roles}", f"只限：{roles}", indent=2)
    draw_criteria(page, way["criteria"], names)


def _verdict(page: Page, way: dict[str, Any]) -> tuple[str, str]:
    if way["allowed"]:
        return page.say("possible", "可以"), "green"
    count = len([c for c in way["criteria"] if c["status"] in ("unmet", "unknown") and c["severity"] == "block"])
    if not count:
        return page.say("not possible", "不可以"), "yellow"
    return page.say(f"not yet, {count} open", f"暂不可以，尚有 {count} 项"), "yellow"


def _other_ways(page: Page, ways: list[dict[str, Any]], names: Names) -> None:
    shown = [_label(page, way, names) for way in ways if way["allowed"] and way["actor_may"]]
    if shown:
        page.screen.line()
        listed = page.say("; ", "；").join(dict.fromkeys(shown))
        page.line(f"Also possible: {listed}", f"也可以：{listed}")


def _coaching(page: Page, data: dict[str, Any]) -> None:
    if data["flags"]:
        page.screen.line()
    draw_flags(page, data["flags"])
    draw_scores(page, data["scores"])
    draw_prompts(page, data["prompts"])


def _next(page: Page, deal: str, ways: list[dict[str, Any]], *, on_hold: bool) -> None:
    ready = [way for way in ways if way["allowed"] and way["actor_may"] and way["kind"] in _FORWARD]
    page.screen.line()
    if on_hold:
        page.next("dealwright", "deal", "resume", deal)
    elif len(ready) == 1:
        page.next("dealwright", "deal", "advance", deal)
    elif ready:
        page.next(
            "dealwright",
            "deal",
            "advance",
            deal,
            "--branch",
            f"<{'|'.join(str(way['branch']) for way in ready)}:choice>",
        )
    else:
        for way in ways:
            argv = first_command(way["criteria"])
            if argv:
                page.next(*argv)
                return
