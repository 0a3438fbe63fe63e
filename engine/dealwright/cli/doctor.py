"""`doctor`."""

from __future__ import annotations

from typing import Any

from dealwright.cli.call import Call
from dealwright.cli.options import verb
from dealwright.cli.page import Page


@verb()
def doctor(call: Call) -> int:
    """Check workspace and machine."""
    found = call.workspace().doctor()
    call.show(found, _draw, rows="checks")
    return 0 if found["ok"] else 1


def _draw(page: Page, data: dict[str, Any]) -> None:
    for check in data["checks"]:
        mark = ("✓" if check["ok"] else "✗") if page.screen.can_show("✓✗") else "[ok]" if check["ok"] else "[!!]"
        name = page.title(check["name"])
        page.screen.line(
            f"{mark} {name}{page.say(': ', '：')}{page.title(check['message'])}", "green" if check["ok"] else "red"
        )
        if check["fix"]:
            page.line(f"-> {page.title(check['fix'])}", f"→ {page.title(check['fix'])}", indent=4)
    page.line(*(("All is well.", "一切正常。") if data["ok"] else ("Something needs attention.", "有需要处理的问题。")))
