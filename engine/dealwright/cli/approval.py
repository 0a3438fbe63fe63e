"""`approval list | approve | reject`."""

from __future__ import annotations

from typing import Any

from dealwright.cli.call import Call
from dealwright.cli.options import DEAL, NOTE, WRITE, argument, opt, verb
from dealwright.cli.outcome import draw_write
from dealwright.cli.page import Page

_KINDS = {"artifact": ("artifact", "阶段资料"), "stage": ("stage", "阶段")}
_APPROVAL = argument("approval")
_WHY_NOT = opt("--note", en="What is wrong", zh="驳回说明", metavar="TEXT", required=True)


@verb(DEAL)
def list_(call: Call, *, deal: str) -> None:
    """List what waits for approval."""
    call.show(call.workspace().approval_list(deal), _draw_list, rows="approvals")


def _draw_list(page: Page, data: dict[str, Any]) -> None:
    names = page.names_of_deal(data["deal"])
    rows = [
        [
            page.title(approval["title"]), page.say(*_KINDS[approval["kind"]]), approval["approval"],
            page.say(", ", "、").join(map(names.role, approval["roles"])),
            page.say(", ", "、").join(approval["people"]),
        ]
        for approval in data["approvals"]
    ]  # fmt: skip
    if rows:
        page.table(
            [("Of", "对象"), ("Kind", "类别"), ("Approval", "审批"), ("By", "审批角色"), ("People", "审批人")], rows
        )
        page.next(*data["approvals"][0]["command"])
    else:
        page.line("Nothing waits for approval.", "没有待办的审批。")


@verb(DEAL, _APPROVAL, NOTE, *WRITE)
def approve(call: Call, *, deal: str, approval: str, note: str | None, dry_run: bool, if_version: int | None) -> None:
    """Approve."""
    result = call.workspace().approval_approve(deal, approval, note=note, dry_run=dry_run, if_version=if_version)
    call.show(result, draw_write)


@verb(DEAL, _APPROVAL, _WHY_NOT, *WRITE)
def reject(call: Call, *, deal: str, approval: str, note: str, dry_run: bool, if_version: int | None) -> None:
    """Reject."""
    result = call.workspace().approval_reject(deal, approval, note, dry_run=dry_run, if_version=if_version)
    call.show(result, draw_write)
