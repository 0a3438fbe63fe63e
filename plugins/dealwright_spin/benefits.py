"""A benefit is worth offering where the buyer asked for it: each one answers an explicit need."""

from __future__ import annotations

from dealwright import Deal, GateResult, Process, Remedy, Text
from dealwright_spin.discovery import BENEFITS, NEEDS, benefits, explicit_needs, needs

_PHASE = "propose"


def leaves_proposing(process: Process, from_stage: str, to: str | None) -> bool:
    """True where a move leaves the phase propose: the phase at whose end benefits are judged."""
    phases = {stage.id: stage.phase for stage in process.stages}
    return phases[from_stage] == _PHASE and phases.get(to or "") != _PHASE


def benefits_answer_needs(deal: Deal) -> GateResult:
    """Met where at least one benefit is offered and each names an explicit need; blocks otherwise."""
    explicit = explicit_needs(deal)
    offered = benefits(deal)
    loose = [benefit.id for benefit in offered if benefit.need not in explicit]
    met = bool(offered) and not loose
    text = (
        Text("A benefit is offered that no explicit need of the buyer asks for", "有利益点没有对应客户的明确需求")
        if offered
        else Text("No benefit is offered yet for what the buyer wants", "还没有针对客户的需求提出利益点")
    )
    return GateResult(
        "spin_benefits_answer_needs",
        "met" if met else "unmet",
        text,
        Text("every benefit names the explicit need that it answers", "每个利益点都写明所对应的明确需求"),
        found={"benefits": len(offered), "without_need": loose},
        severity="block",
        remedies=() if met else _remedies(deal, loose),
    )


def _remedies(deal: Deal, loose: list[str]) -> tuple[Remedy, ...]:
    explicit = list(explicit_needs(deal))
    steps: list[Remedy] = []
    if explicit:
        need = explicit[-1]
    else:
        # The deal numbers its entries from 1, so the id of the one that this command adds is known.
        need = str(max((int(known.id) for known in needs(deal) if known.id.isdecimal()), default=0) + 1)
        steps.append(Remedy("deal item add", (NEEDS, "--set", "text=<text:text>", "--set", "kind=explicit")))
    steps += [Remedy("deal item set", (BENEFITS, one, "--set", f"need={need}")) for one in loose]
    if not loose:
        steps.append(Remedy("deal item add", (BENEFITS, "--set", "text=<text:text>", "--set", f"need={need}")))
    return tuple(steps)
