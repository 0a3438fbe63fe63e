"""`deal advance | move | hold | resume`."""

from __future__ import annotations

from dealwright.cli.call import Call
from dealwright.cli.options import DEAL, NOTE, REASON, WHY, WRITE, opt, verb
from dealwright.cli.outcome import draw_write


@verb(
    DEAL,
    opt("--branch", en="Your answer, where the stage asks a person", zh="阶段要求人工选择时的分支", metavar="BRANCH"),
    REASON,
    NOTE,
    *WRITE,
)
def advance(
    call: Call, *, deal: str, branch: str | None, reason: str | None, note: str | None, dry_run: bool,
    if_version: int | None,
) -> None:  # fmt: skip
    """Advance, win or complete."""
    result = call.workspace().deal_advance(
        deal, branch=branch, reason=reason, note=note, dry_run=dry_run, if_version=if_version
    )
    call.show(result, draw_write)


@verb(DEAL, opt("--to", en="The stage to go to", zh="目标阶段", metavar="STAGE", required=True), REASON, NOTE, *WRITE)
def move(
    call: Call, *, deal: str, to: str, reason: str | None, note: str | None, dry_run: bool, if_version: int | None
) -> None:
    """Skip ahead or go back."""
    result = call.workspace().deal_move(deal, to, reason=reason, note=note, dry_run=dry_run, if_version=if_version)
    call.show(result, draw_write)


@verb(DEAL, opt("--until", en="Until this day", zh="搁置到哪一天", metavar="DATE", required=True), WHY, *WRITE)
def hold(call: Call, *, deal: str, until: str, reason: str, dry_run: bool, if_version: int | None) -> None:
    """Put on hold."""
    call.show(call.workspace().deal_hold(deal, until, reason, dry_run=dry_run, if_version=if_version), draw_write)


@verb(DEAL, *WRITE)
def resume(call: Call, *, deal: str, dry_run: bool, if_version: int | None) -> None:
    """Take off hold."""
    call.show(call.workspace().deal_resume(deal, dry_run=dry_run, if_version=if_version), draw_write)
