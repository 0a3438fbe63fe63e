"""Every way on from where a deal stands, with what each still needs."""

from __future__ import annotations

from dealwright.engine.answers import locking
from dealwright.engine.context import Context
from dealwright.engine.decisions import (
    Way,
    by_branch,
    decision_result,
    following,
    forward_ways,
    position,
    settled,
)
from dealwright.engine.detours import may_leave
from dealwright.engine.ends import KINDS, may_end, may_regress
from dealwright.engine.judge import fix_for, judge
from dealwright.engine.moves import forward_kind, skip_kind
from dealwright.engine.program import Program
from dealwright.model.deal import Deal
from dealwright.model.people import SYSTEM
from dealwright.model.process import Branch, Decision
from dealwright.model.verdict import CriterionResult, Option


def options(program: Program, deal: Deal, context: Context) -> tuple[Option, ...]:
    """The transitions that the deal's status and stage know, the way forward first.

    An option is allowed where nothing but the actor's role could stop it; met criteria are listed too.
    """
    if deal.status in ("lost", "disqualified"):
        return (_option(context, "reopen", Way(deal.stage), program.stage(deal.stage).responsible),)
    if deal.status not in ("open", "won"):
        return ()
    if program.process.record:
        return tuple(_ends(program, deal, context))
    if deal.hold is not None:
        held = [_option(context, "resume", Way(None), program.stage(deal.stage).responsible)]
        return (*held, *(o for o in _ends(program, deal, context) if o.kind == "lose"))
    if program.locks and program.stage(deal.stage).locked and locking(program, deal, context):
        # Nothing but answers is taken now: what they are waited for stands among the criteria of going on.
        return tuple(o for o in _forward(program, deal, context) if not o.allowed)
    return (
        *_forward(program, deal, context),
        *_skips(program, deal, context),
        *_detours(program, deal, context),
        *_back(program, deal, context),
        *_ends(program, deal, context),
        _option(context, "hold", Way(None), program.stage(deal.stage).responsible),
    )


def forward_targets(program: Program, deal: Deal, context: Context) -> tuple[tuple[str | None, Branch | None], ...]:
    """(stage or None, branch) of each way forward from the deal's stage; from a detour the way back comes first."""
    away = deal.work.away
    back: tuple[tuple[str | None, Branch | None], ...] = () if away is None else ((away.stage, None),)
    return back + tuple((way.to, branch) for way, branch in forward_ways(program, deal, context))


def _forward(program: Program, deal: Deal, context: Context) -> list[Option]:
    """The next stage, or every branch of the stage's decision, forward ones first."""
    stage = program.stage(deal.stage)
    if stage.decision is None:
        return [_onward(program, deal, context, following(program, deal, context))]
    forward, others = [], []
    for branch in stage.decision.branches:
        results = _branch_results(program, deal, context, stage.decision, branch)
        by = stage.decision.by if stage.decision.asks_a_person else ()
        way = by_branch(program, deal, context, branch, by)
        roles = way.roles or stage.responsible
        outcome = program.process.outcomes.get(branch.to)
        if outcome is not None:
            if may_end(program, deal, outcome):
                others.append(_option(context, KINDS[outcome.status], way, outcome.by or roles, results))
        elif program.stage(branch.to).detour:
            others += _detours(program, deal, context, way, results)
        elif _is_onward(program, deal, branch.to):
            forward.append(_onward(program, deal, context, way, results))
        elif may_regress(program, deal, program.layout.stage_at[branch.to]):
            others.append(_option(context, "regress", way, roles, results))
    return forward + others


def _onward(
    program: Program, deal: Deal, context: Context, way: Way, before: tuple[CriterionResult, ...] = ()
) -> Option:
    here, leaving = position(program, deal), program.layout.stage_at[deal.stage]
    roles = way.roles or program.stage(deal.stage).responsible
    if deal.work.away is not None and way.to == deal.work.away.stage:
        back = judge(program, program.stage_plan(leaving), deal, context)
        return _option(context, "return", way, roles, (*before, *back))
    there = None if way.to is None else program.layout.stage_at[way.to]
    results = (*before, *judge(program, program.plan(leaving, there), deal, context))
    return _option(context, forward_kind(program, deal, here, there), way, roles, results)


def _is_onward(program: Program, deal: Deal, to: str) -> bool:
    """Whether a branch to a stage leads forward, or back from a detour."""
    away = deal.work.away
    return program.layout.stage_at[to] > position(program, deal) or (away is not None and to == away.stage)


def _detours(
    program: Program, deal: Deal, context: Context, way: Way | None = None, before: tuple[CriterionResult, ...] = ()
) -> list[Option]:
    """Every detour that the deal may be sent on, or the one of a branch."""
    stages = program.process.stages if program.bends else ()
    leaving = program.layout.stage_at[deal.stage]
    found = []
    for there, target in enumerate(stages):
        if not target.detour or not may_leave(deal, target) or (way is not None and way.to != target.id):
            continue
        results = judge(program, program.detour_plan(leaving, there), deal, context)
        roles = (way.roles if way else ()) or program.stage(deal.stage).responsible
        found.append(_option(context, "detour", way or Way(target.id), roles, (*before, *results)))
    return found


def _branch_results(
    program: Program, deal: Deal, context: Context, decision: Decision, branch: Branch
) -> tuple[CriterionResult, ...]:
    """The branch's own condition as a criterion; none where a person chooses.

    Where it holds and another branch takes the deal, or several hold at once, the decision itself stands in the way.
    """
    if not branch.condition:
        return ()
    guard = program.guard(branch.condition)
    fresh = deal.fresh_from(program.layout.stage_at[deal.stage])
    said = guard.explain(deal, fresh, context.moment)
    remedies = said.remedies if said.status != "met" else ()
    own = CriterionResult(
        f"branch.{branch.id}", "process", guard.evidence, "block", said.status, branch.title, said.expected,
        said.found, fix_for(program, deal, remedies, context),
    )  # fmt: skip
    if said.status == "met":
        taken, held = settled(program, deal, context, decision)
        if taken != branch:
            return own, decision_result(program, deal, context, decision, held)
    return (own,)


def _skips(program: Program, deal: Deal, context: Context) -> list[Option]:
    if deal.status != "open" or deal.work.away is not None:
        return []
    here = program.layout.stage_at[deal.stage]
    found = []
    for to, roles in program.stage(deal.stage).skip_to.items():
        there = program.layout.stage_at[to]
        results = judge(program, program.plan(here, there), deal, context)
        found.append(_option(context, skip_kind(program, deal, here, there), Way(to), roles, results))
    return found


def _back(program: Program, deal: Deal, context: Context) -> list[Option]:
    stage = program.stage(deal.stage)
    here = position(program, deal)
    before = enumerate(program.process.stages[:here])
    earlier = [s.id for at, s in before if not s.detour and may_regress(program, deal, at)]
    if stage.back_to is not None:
        earlier = [name for name in earlier if name in stage.back_to]
    return [_option(context, "regress", Way(name), stage.responsible) for name in earlier]


def _ends(program: Program, deal: Deal, context: Context) -> list[Option]:
    own = program.stage(deal.stage).responsible
    return [
        _option(context, KINDS[outcome.status], Way(outcome.id), outcome.by or own)
        for outcome in program.process.outcomes.values()
        if may_end(program, deal, outcome)
    ]


def _option(
    context: Context, kind: str, way: Way, roles: tuple[str, ...], criteria: tuple[CriterionResult, ...] = ()
) -> Option:
    allowed = not any(result.blocks for result in criteria)
    may = context.actor == SYSTEM or context.role_among(roles) is not None
    return Option(kind, way.to, way.branch, allowed, may, roles, criteria)
