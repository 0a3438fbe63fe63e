"""After a write: what happened in a sentence, by when the next thing is due, warnings, and what to run next."""

from __future__ import annotations

from typing import Any

from dealwright.cli.page import Page
from dealwright.cli.story import sentence
from dealwright.errors import DealwrightError

_FORWARD = ("advance", "win", "complete", "return")


def draw_write(page: Page, data: dict[str, Any], *, record: bool = False) -> None:
    """The page for every writing verb; a `record` is not moved, so nothing comes next."""
    deal = data["deal"]
    names = page.names(deal)
    for event in data["events"]:
        own = event["deal"] == deal["id"]
        title = deal["title"] if own else event["data"].get("title", event["deal"])  # a deal that was opened with it
        its = names if own else page.names({**deal, "definition_hash": event["definition_hash"]})
        said = sentence(page, event, its)
        page.screen.line(f"{title}{page.say(': ', '：')}{said}{page.say('.', '。')}")
    if not data["events"]:
        page.line("Nothing to change.", "没有需要改动的内容。")
    if data["dry_run"]:
        page.line("A dry run: nothing was written.", "仅为试算：没有写入任何内容。", "yellow")
    if deal["due_at"] and deal["status"] in ("open", "won"):
        place, day = names.stage(deal["stage"]), page.day(deal["due_at"])
        page.line(f"{place} is due on {day}.", f"“{place}”应在 {day} 前完成。")
    page.warnings(data["warnings"])
    if record and not data["dry_run"]:
        page.next("dealwright", "record", "show", deal["id"])
    elif not data["dry_run"]:
        _next(page, data)


def _next(page: Page, data: dict[str, Any]) -> None:
    deal = data["deal"]
    identifier = deal["id"]
    if deal["status"] not in ("open", "won"):
        page.next("dealwright", "deal", "history", identifier)
    elif deal["on_hold"]:
        page.next("dealwright", "deal", "resume", identifier)
    elif _may_go_on(page, identifier):
        page.next("dealwright", "deal", "advance", identifier)
    else:
        page.next("dealwright", "deal", "why", identifier)


def _may_go_on(page: Page, deal: str) -> bool:
    """Whether the one way forward is open to whoever asks now."""
    try:
        ways = page.call.workspace().deal_why(deal)["transitions"]
    except DealwrightError:
        # The write is done and told; a hint is not worth failing for.
        return False
    forward = [way for way in ways if way["kind"] in _FORWARD]
    return len([way for way in forward if way["allowed"] and way["actor_may"]]) == 1
