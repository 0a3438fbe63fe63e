"""`deal transfer`."""

from __future__ import annotations

from dealwright.cli.call import Call
from dealwright.cli.options import DEAL, WHY, WRITE, opt, verb
from dealwright.cli.outcome import draw_write


@verb(
    DEAL,
    opt(
        "--to",
        en="The process, or PROCESS@VERSION, to carry it over to",
        zh="目标流程，或 流程@版本",
        metavar="PROCESS[@VERSION]",
        required=True,
    ),
    opt(
        "--stage", en="The stage to enter there (default: the same)", zh="进入的阶段（默认为同名阶段）", metavar="STAGE"
    ),
    WHY,
    *WRITE,
    note=(
        "Fields, artifacts and activities that fit there are kept; what does not is named in a warning and stays in\n"
        "the history. It takes a role responsible for the stage it leaves, and for the one it enters.",
        "符合目标流程的字段、资料和活动会保留；不符合的会在提示中列出，并留在历史中。\n"
        "须同时是所离开阶段和所进入阶段的负责角色。",
    ),
)
def transfer(
    call: Call, *, deal: str, to: str, stage: str | None, reason: str, dry_run: bool, if_version: int | None
) -> None:
    """Transfer."""
    result = call.workspace().deal_transfer(deal, to, reason, stage=stage, dry_run=dry_run, if_version=if_version)
    call.show(result, draw_write)
