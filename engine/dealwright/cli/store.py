"""`store info | verify`."""

from __future__ import annotations

from typing import Any

from dealwright.cli.call import Call
from dealwright.cli.deal_reads import STORE_DAMAGED, draw_verified
from dealwright.cli.options import verb
from dealwright.cli.page import Page


@verb()
def info(call: Call) -> None:
    """Describe the store."""
    call.show(call.workspace().store_info(), _draw_info)


def _draw_info(page: Page, data: dict[str, Any]) -> None:
    page.pairs(
        [
            ("Path", "位置", str(data["path"])),
            ("Deals", "项目数", str(data["deals"])),
            ("Events", "事件数", str(data["events"])),
            ("Size", "大小", f"{data['bytes']:,} B"),
            ("Schema", "结构版本", str(data["schema"])),
            ("Head", "链首", data["head"]),
        ]
    )


@verb()
def verify(call: Call) -> int:
    """Check the whole log."""
    found = call.workspace().store_verify()
    call.show(found, draw_verified)
    return 0 if found["ok"] else STORE_DAMAGED
