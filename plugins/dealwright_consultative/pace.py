"""Selling follows buying: a deal goes on once the buyer has come as far as the stage supposes."""

from __future__ import annotations

from dealwright import Deal, GateResult, Process, Remedy, Stage, Text

FIELD = "consultative_buyer_stage"
ORDER = ("awareness", "interest", "consideration", "intent", "purchase", "loyalty", "advocacy")
# Where a process does not say where the buyer stands meanwhile.
_BY_PHASE = {
    "prospect": "awareness", "qualify": "interest", "discover": "interest", "propose": "consideration",
    "negotiate": "intent", "close": "purchase", "deliver": "purchase", "retain": "loyalty",
}  # fmt: skip


def required_buyer_stage(stage: Stage) -> str:
    """How far the buyer has to be before a deal leaves `stage`: what the stage itself says, else its phase's."""
    said = stage.buyer.stage if stage.buyer is not None else ""
    return said if said in ORDER else _BY_PHASE[stage.phase]


def keeps_pace(deal: Deal, process: Process, from_stage: str) -> GateResult:
    """Met where the buyer is as far as the stage that the deal leaves, or further; unknown where nobody said."""
    stage = next(stage for stage in process.stages if stage.id == from_stage)
    required = required_buyer_stage(stage)
    reached = deal.value(FIELD)
    names = next(field for field in process.fields if field.id == FIELD).values
    asked = names.get(required, Text(required, required))
    met = reached in ORDER and ORDER.index(reached) >= ORDER.index(required)
    if reached is None:
        text = Text("It is not known how far the buyer is with buying", "尚不清楚客户的采购进程")
    else:
        text = Text("The buyer is not as far with buying as we are with selling", "客户的采购进程落后于我方的销售进程")
    return GateResult(
        "consultative_pace",
        "met" if met else "unknown" if reached is None else "unmet",
        text,
        Text(f"the buyer is at “{asked.en}”, or further", f"客户已到“{asked.zh}”或更进一步"),
        found=reached,
        severity="block",
        remedies=() if met else (Remedy("deal set", ("--set", f"{FIELD}={required}")),),
    )
