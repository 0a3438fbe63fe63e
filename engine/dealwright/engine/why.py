"""Every way on from where a deal stands, with what each still needs."""

from __future__ import annotations

from dealwright.engine.context import Context
from dealwright.engine.decisions import decision_result, following
from dealwright.engine.judge import fix_for, judge
from dealwright.engine.moves import forward_kind
from dealwright.engine.program import Program
from dealwright.model.deal import Deal
from dealwright.model.people import SYSTEM
from dealwright.model.process import Branch
from dealwright.model.verdict import CriterionResult, Option

_END_KINDS = {"lost": "lose", "disqualified": "disqualify", "completed": "complete"}


def options(program: Program, deal: Deal, context: Context) -> tuple[Option, ...]:
    """The transitions that the deal's status and stage know, the way forward first.

    An option is allowed where nothing but the actor's role could stop it; met criteria are listed too.
    """
    if deal.status in ("lost", "disqualified"):
        return (_option(context, "reopen", deal.stage, program.stage(deal.stage).responsible),)
    if deal.status not in ("open", "won"):
        return ()
    if deal.hold is not None:
        held = [_option(context, "resume", None, program.stage(deal.stage).responsible)]
        return (*held, *(o for o in _ends(program, deal, context) if o.kind == "lose"))
    return (
        *_forward(program, deal, context),
        *_skips(program, deal, context),
        *_back(program, deal, context),
        *_ends(program, deal, context),
        _option(context, "hold", None, program.stage(deal.stage).responsible),
    )


def forward_targets(program: Program, deal: Deal) -> tuple[tuple[str | None, Branch | None], ...]:
    """(stage or None, branch) of each way forward from the deal's stage."""
    decision = program.stage(deal.stage).decision
    here = program.layout.stage_at[deal.stage]
    if decision is None:
        return ((following(program, deal.stage), None),)
    return tuple((b.to, b) for b in decision.branches if program.layout.stage_at.get(b.to, -1) > here)


def _forward(program: Program, deal: Deal, context: Context) -> list[Option]:
    stage = program.stage(deal.stage)
    here = program.layout.stage_at[deal.stage]
    found = []
    for to, branch in forward_targets(program, deal):
        there = None if to is None else program.layout.stage_at[to]
        results = judge(program, program.plan(here, there), deal, context)
        if branch is not None:
            results = (*_branch_results(program, deal, context, branch), *results)
        kind = forward_kind(program, deal, here, there)
        found.append(_option(context, kind, to, stage.responsible, results, branch))
    decision = stage.decision
    if decision is not None:
        for branch in decision.branches:
            at = program.layout.stage_at.get(branch.to)
            if at is not None and at > here:
                continue
            kind = "regress" if at is not None else _END_KINDS[program.process.outcomes[branch.to].status]
            roles = stage.responsible if at is not None else program.process.outcomes[branch.to].by or stage.responsible
            results = _branch_results(program, deal, context, branch)
            found.append(_option(context, kind, branch.to, roles, results, branch))
        if decision.asks_a_person and not found:
            question = decision_result(program, deal, context, decision, [])
            found.append(_option(context, "advance", None, stage.responsible, (question,)))
    return found


def _branch_results(program: Program, deal: Deal, context: Context, branch: Branch) -> tuple[CriterionResult, ...]:
    """The branch's own condition as a criterion; none where a person chooses."""
    if not branch.condition:
        return ()
    guard = program.guard(branch.condition)
    fresh = deal.fresh_from(program.layout.stage_at[deal.stage])
    said = guard.explain(deal, fresh, context.moment)
    remedies = said.remedies if said.status != "met" else ()
    fix = fix_for(program, deal, remedies, context)
    return (
        CriterionResult(
            f"branch.{branch.id}", "process", guard.evidence, "block", said.status, branch.title, said.expected,
            said.found, fix,
        ),
    )  # fmt: skip


def _skips(program: Program, deal: Deal, context: Context) -> list[Option]:
    if deal.status != "open":
        return []
    here = program.layout.stage_at[deal.stage]
    found = []
    for to, roles in program.stage(deal.stage).skip_to.items():
        there = program.layout.stage_at[to]
        results = judge(program, program.plan(here, there), deal, context)
        kind = "win" if forward_kind(program, deal, here, there) == "win" else "skip"
        found.append(_option(context, kind, to, roles, results))
    return found


def _back(program: Program, deal: Deal, context: Context) -> list[Option]:
    stage = program.stage(deal.stage)
    here = program.layout.stage_at[deal.stage]
    first = (program.wins_at or 0) + 1 if deal.status == "won" and program.wins_at is not None else 0
    earlier = [s.id for s in program.process.stages[first:here]]
    if stage.back_to is not None:
        earlier = [name for name in earlier if name in stage.back_to]
    return [_option(context, "regress", name, stage.responsible) for name in earlier]


def _ends(program: Program, deal: Deal, context: Context) -> list[Option]:
    found = []
    for outcome in program.process.outcomes.values():
        wanted = "won" if outcome.status == "completed" and program.wins_at is not None else "open"
        if deal.status == wanted and (not outcome.stages or deal.stage in outcome.stages):
            roles = outcome.by or program.stage(deal.stage).responsible
            found.append(_option(context, _END_KINDS[outcome.status], outcome.id, roles))
    return found


def _option(
    context: Context, kind: str, to: str | None, roles: tuple[str, ...],
    criteria: tuple[CriterionResult, ...] = (), branch: Branch | None = None,
) -> Option:  # fmt: skip
    allowed = not any(result.blocks for result in criteria)
    may = context.actor == SYSTEM or context.role_among(roles) is not None
    return Option(kind, to, branch.id if branch else None, allowed, may, roles, criteria)
