"""`approval list | approve | reject`."""

from __future__ import annotations

from typing import Any

from dealwright.cli.call import Call
from dealwright.cli.deal_page import artifact_status
from dealwright.cli.options import DEAL, NOTE, WRITE, argument, opt, verb
from dealwright.cli.outcome import draw_write
from dealwright.cli.page import Page

_APPROVAL = argument("approval")
_WHY_NOT = opt("--note", en="What is wrong", zh="驳回说明", metavar="TEXT", required=True)


@verb(DEAL)
def list_(call: Call, *, deal: str) -> None:
    """List what waits for approval."""
    call.show(call.workspace().approval_list(deal), _draw_list, rows="approvals")


def _draw_list(page: Page, data: dict[str, Any]) -> None:
    names = page.names_of_deal(data["deal"])
    rows = []
    for approval in data["approvals"]:
        artifact, stage = approval.get("artifact"), approval.get("stage")
        what = names.artifact(artifact) if artifact else names.stage(stage)
        roles = approval.get("roles") or [approval.get("role")]
        who = page.say(", ", "、").join(names.role(role) for role in roles if role)
        status = artifact_status(page, approval.get("status") or "pending")
        rows.append([str(approval.get("id") or ""), what, who, status])
    if rows:
        page.table([("Approval", "审批"), ("Of", "对象"), ("By", "审批角色"), ("Status", "状态")], rows)
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
