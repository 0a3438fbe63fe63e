"""`deal lose | disqualify | reopen`."""

from __future__ import annotations

from dealwright.cli.call import Call
from dealwright.cli.options import DEAL, NOTE, WHY, WRITE, opt, verb
from dealwright.cli.outcome import draw_write

_END = (
    DEAL,
    WHY,
    opt(
        "--outcome", en="Which outcome, where the process has several", zh="流程有多种结局时指定其一", metavar="OUTCOME"
    ),
    opt("--recall", en="When to take it up again", zh="再次联系的日期", metavar="DATE"),
    NOTE,
    *WRITE,
)


@verb(*_END)
def lose(
    call: Call, *, deal: str, reason: str, outcome: str | None, recall: str | None, note: str | None, dry_run: bool,
    if_version: int | None,
) -> None:  # fmt: skip
    """End as lost."""
    result = call.workspace().deal_lose(
        deal, reason, outcome=outcome, recall=recall, note=note, dry_run=dry_run, if_version=if_version
    )
    call.show(result, draw_write)


@verb(*_END)
def disqualify(
    call: Call, *, deal: str, reason: str, outcome: str | None, recall: str | None, note: str | None, dry_run: bool,
    if_version: int | None,
) -> None:  # fmt: skip
    """End as disqualified."""
    result = call.workspace().deal_disqualify(
        deal, reason, outcome=outcome, recall=recall, note=note, dry_run=dry_run, if_version=if_version
    )
    call.show(result, draw_write)


@verb(DEAL, WHY, *WRITE)
def reopen(call: Call, *, deal: str, reason: str, dry_run: bool, if_version: int | None) -> None:
    """Take up again."""
    call.show(call.workspace().deal_reopen(deal, reason, dry_run=dry_run, if_version=if_version), draw_write)
