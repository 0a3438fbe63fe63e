"""`tick`."""

from __future__ import annotations

from typing import Any

from dealwright.cli.call import Call
from dealwright.cli.options import flag, verb
from dealwright.cli.page import Page


@verb(flag("--dry-run", en="Show what would happen, without writing it", zh="只显示将发生什么，不写入"))
def tick(call: Call, *, dry_run: bool) -> int:
    """Let happen what is due."""
    done = call.workspace().tick(dry_run=dry_run)
    call.show(done, _draw, rows="events")
    return 1 if done["problems"] else 0


def _draw(page: Page, data: dict[str, Any]) -> None:
    from dealwright.cli.story import sentence

    rows = []
    for event in data["events"]:
        known = page.call.workspace().store.deal(event["deal"])
        # In a dry run a deal that would be opened is not there.
        title = known["title"] if known else event["data"].get("title", event["deal"])
        names = page.names({"definition_hash": event["definition_hash"], "process": ""})
        rows.append([event["deal"], title, sentence(page, event, names)])
    if rows:
        page.table([("Id", "编号"), ("Title", "名称"), ("What", "事项")], rows)
    else:
        page.line("Nothing was due.", "没有到期事项。")
    if data["dry_run"]:
        page.line("A dry run: nothing was written.", "仅为试算：没有写入任何内容。", "yellow")
    for problem in data["problems"]:
        page.line(f"{problem['deal']}: {problem['message']}", f"{problem['deal']}：{problem['message']}", "red")
