"""Refusals and other errors, as a person reads them on standard error."""

from __future__ import annotations

import contextlib
from typing import Any

from dealwright.cli.call import Call
from dealwright.cli.page import Page
from dealwright.errors import DealwrightError, NotFoundError

_SHOWN = 20


def draw(call: Call, error: DealwrightError, help_of: str = "") -> None:
    """The message, then what the error knows: unmet criteria, findings, the deals that fit, where help is."""
    page = call.page_on_stderr()
    details = error.details
    if details.get("deal") and "criteria" in details:
        _where(page, details["deal"])
    label = page.say("Refused: ", "不予执行：") if error.kind == "refused" else page.say("Error: ", "错误：")
    page.screen.line(label + error.say(call.lang), "red")
    if details.get("deal") and "criteria" in details:
        _refusal(page, details)
    if details.get("findings"):
        findings(page, details["findings"])
    for deal in (details.get("deals") or [])[:_SHOWN]:
        page.screen.line(_deal(deal), indent=2)
    if help_of:
        page.line(f"Help: {help_of} --help", f"帮助：{help_of} --help")


def _where(page: Page, deal: str) -> None:
    from dealwright.cli.deal_page import headline

    # A deal that was refused before it existed has no place yet.
    with contextlib.suppress(NotFoundError):
        shown = page.call.workspace().deal_show(deal)["deal"]
        page.screen.line(headline(page, shown, page.names(shown)), "bold")


def _refusal(page: Page, details: dict[str, Any]) -> None:
    from dealwright.cli.reasons import draw_refusal

    with contextlib.suppress(NotFoundError):
        draw_refusal(page, details)


def _deal(deal: Any) -> str:
    if isinstance(deal, dict):
        return f"{deal.get('id')}  {deal.get('title')}"
    return "  ".join(map(str, deal)) if isinstance(deal, list | tuple) else str(deal)


def findings(page: Page, found: list[dict[str, Any]], total: int | None = None) -> None:
    """`FILE:LINE:COL: CODE error: message`, the first twenty, then how many more.

    How grave it is stands there as a word, since colour is lost in a log and on some eyes.
    """
    for finding in found[:_SHOWN]:
        where = f"{finding['file']}:{finding['line']}:{finding['column']}"
        hint = f" ({finding['hint']})" if finding.get("hint") else ""
        grave = page.say("error: ", "错误：") if finding["severity"] == "error" else page.say("warning: ", "警告：")
        page.screen.raw(f"{where}: {finding['code']} {grave}{finding['message']}{hint}")
    more = (len(found) if total is None else total) - min(len(found), _SHOWN)
    if more > 0:
        page.line(f"... and {more} more", f"……另有 {more} 项")
