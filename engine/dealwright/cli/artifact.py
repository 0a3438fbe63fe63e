"""`artifact add | list | show | approve | reject`."""

from __future__ import annotations

from typing import Any

from dealwright.cli.call import Call
from dealwright.cli.deal_page import artifact_status, draw_artifacts
from dealwright.cli.forms import form
from dealwright.cli.options import DEAL, FORM, NOTE, WRITE, argument, opt, verb
from dealwright.cli.outcome import draw_write
from dealwright.cli.page import Page

_ARTIFACT = argument("artifact")
_WHY_NOT = opt("--note", en="What is wrong with it", zh="驳回说明", metavar="TEXT", required=True)


@verb(DEAL, argument("kind"), *FORM, opt("--file", en="The document itself", zh="文件", metavar="PATH"), *WRITE)
def add(
    call: Call, *, deal: str, kind: str, set_: tuple[str, ...], data: str | None, file: str | None, dry_run: bool,
    if_version: int | None,
) -> None:  # fmt: skip
    """Record an artifact."""
    filled = form(set_, data)
    result = call.workspace().artifact_add(
        deal, kind, filled.texts, filled.data, file=file, dry_run=dry_run, if_version=if_version
    )
    call.show(result, draw_write)


@verb(DEAL)
def list_(call: Call, *, deal: str) -> None:
    """List artifacts."""
    call.show(call.workspace().artifact_list(deal), _draw_list, rows="artifacts")


def _draw_list(page: Page, data: dict[str, Any]) -> None:
    if data["artifacts"]:
        draw_artifacts(page, data["artifacts"], page.names_of_deal(data["deal"]))
    else:
        page.line("No artifacts yet.", "还没有阶段资料。")
        page.next("dealwright", "deal", "why", data["deal"])


@verb(DEAL, _ARTIFACT)
def show(call: Call, *, deal: str, artifact: str) -> None:
    """Show an artifact."""
    call.show(call.workspace().artifact_show(deal, artifact), _draw_one, rows="artifacts")


def _draw_one(page: Page, data: dict[str, Any]) -> None:
    artifact = data["artifacts"][0]
    names = page.names_of_deal(data["deal"])
    fields = names.fields_of(artifact["kind"])
    page.screen.line(names.artifact(artifact["id"]), "bold")
    file = artifact["file"]
    filled = {key: value for key, value in artifact["fields"].items() if value is not None}
    page.pairs([
        ("Version", "版本", str(artifact["version"])),
        ("Status", "状态", artifact_status(page, artifact["status"])),
        ("Missing", "缺少", page.say(", ", "、").join(fields.get(m, m) for m in artifact["missing"])),
        ("File", "文件", f"{file['name']} ({file['size']} B)" if file else ""),
        ("Kept at", "存放于", data["path"] or ""),
    ])  # fmt: skip
    page.screen.table(
        (), [[fields.get(key, key), page.value(names.value(key, value))] for key, value in filled.items()]
    )
    rows = [
        [
            names.role(a["role"]),
            artifact_status(page, a["status"]),
            a["by"] or "",
            page.moment(a["at"]),
            a["note"] or "",
        ]
        for a in artifact["approvals"]
    ]
    if rows:
        page.table(
            [("Approval by", "审批角色"), ("Status", "状态"), ("Person", "审批人"), ("When", "时间"), ("Note", "说明")],
            rows,
        )


@verb(DEAL, _ARTIFACT, NOTE, *WRITE)
def approve(call: Call, *, deal: str, artifact: str, note: str | None, dry_run: bool, if_version: int | None) -> None:
    """Approve an artifact."""
    result = call.workspace().artifact_approve(deal, artifact, note=note, dry_run=dry_run, if_version=if_version)
    call.show(result, draw_write)


@verb(DEAL, _ARTIFACT, _WHY_NOT, *WRITE)
def reject(call: Call, *, deal: str, artifact: str, note: str, dry_run: bool, if_version: int | None) -> None:
    """Reject an artifact."""
    result = call.workspace().artifact_reject(deal, artifact, note, dry_run=dry_run, if_version=if_version)
    call.show(result, draw_write)
