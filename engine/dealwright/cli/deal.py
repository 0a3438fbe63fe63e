"""`deal open | waive | assign | set`."""

from __future__ import annotations

from dealwright.cli.call import Call
from dealwright.cli.forms import form
from dealwright.cli.options import DEAL, FORM, WHY, WRITE, argument, opt, verb
from dealwright.cli.outcome import draw_write


@verb(
    argument("process"),
    opt("--title", en="What people call it", zh="名称", metavar="TITLE", required=True),
    opt("--id", "deal_id", en="Its id (default: PROCESS-N)", zh="编号（默认 流程-N）", metavar="ID"),
    opt("--owner", en="Who runs it (default: you)", zh="负责人（默认为本人）", metavar="PERSON"),
    opt("--external-id", en="Its id in another system", zh="在其他系统中的编号", metavar="ID"),
    opt("--parent", en="The deal it came from", zh="来源项目", metavar="DEAL"),
    opt("--subject", en="The record it belongs to, where the process wants one", zh="所属记录（流程要求时）",
        metavar="RECORD"),
    *FORM,
    *WRITE,
)  # fmt: skip
def open_(
    call: Call, *, process: str, title: str, deal_id: str | None, owner: str | None, external_id: str | None,
    parent: str | None, subject: str | None, set_: tuple[str, ...], data: str | None, dry_run: bool,
    if_version: int | None,
) -> None:  # fmt: skip
    """Open a deal."""
    filled = form(set_, data)
    result = call.workspace().deal_open(
        process, title, deal_id=deal_id, owner=owner, external_id=external_id, parent=parent, subject=subject,
        texts=filled.texts, data=filled.data, dry_run=dry_run, if_version=if_version,
    )  # fmt: skip
    call.show(result, draw_write)


@verb(DEAL, argument("criterion"), WHY, *WRITE)
def waive(call: Call, *, deal: str, criterion: str, reason: str, dry_run: bool, if_version: int | None) -> None:
    """Waive a criterion."""
    call.show(call.workspace().deal_waive(deal, criterion, reason, dry_run=dry_run, if_version=if_version), draw_write)


@verb(DEAL, argument("person"), *WRITE)
def assign(call: Call, *, deal: str, person: str, dry_run: bool, if_version: int | None) -> None:
    """Give a deal to somebody."""
    call.show(call.workspace().deal_assign(deal, person, dry_run=dry_run, if_version=if_version), draw_write)


@verb(DEAL, *FORM, *WRITE)
def set_(
    call: Call, *, deal: str, set_: tuple[str, ...], data: str | None, dry_run: bool, if_version: int | None
) -> None:
    """Set fields."""
    filled = form(set_, data)
    result = call.workspace().deal_set(deal, filled.texts, filled.data, dry_run=dry_run, if_version=if_version)
    call.show(result, draw_write)
