"""Decisions: which way a deal goes on from its stage."""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace

from dealwright.engine.context import Context
from dealwright.engine.judge import fix_for, judge
from dealwright.engine.program import Program
from dealwright.engine.result import did_you_mean, permit, refuse
from dealwright.errors import UsageError
from dealwright.model.deal import Deal
from dealwright.model.process import Branch, Decision, Stage
from dealwright.model.text import Text
from dealwright.model.verdict import CriterionResult, Evidence, Remedy, Status


class Way(Struct, frozen=True):
    """Where a deal goes: a stage, an outcome, or None off the last stage; by which branch and its reason.

    `roles` may take it; empty means the stage's responsible roles. `skipped` are the stages
    that do not apply on the way there. `ruled`: the process itself sends the deal there.
    """

    to: str | None
    branch: str | None = None
    reason: str | None = None
    roles: tuple[str, ...] = ()
    skipped: tuple[str, ...] = ()
    ruled: bool = False


def following(program: Program, deal: Deal, context: Context) -> Way:
    """The next stage in the list that applies, or none after the last; from a detour, back to where it began."""
    away = deal.work.away
    if away is not None:
        return Way(away.stage)
    at = program.layout.stage_at[deal.stage] + 1
    if program.bends:
        return landing(program, deal, context, at)
    stages = program.process.stages
    return Way(stages[at].id if at < len(stages) else None)


def landing(program: Program, deal: Deal, context: Context, at: int) -> Way:
    """The first stage from index `at` on that applies: no detour, and its `if` not plainly unmet."""
    stages = program.process.stages
    skipped: list[str] = []
    while at < len(stages):
        stage = stages[at]
        if not program.bends or (not stage.detour and applies(program, deal, context, stage)):
            return Way(stage.id, skipped=tuple(skipped))
        if not stage.detour:
            skipped.append(stage.id)
        at += 1
    return Way(None, skipped=tuple(skipped))


def applies(program: Program, deal: Deal, context: Context, stage: Stage) -> bool:
    """Whether a deal goes through a stage; where its `if` is unknown it does."""
    if not stage.condition:
        return True
    fresh = deal.fresh_from(program.layout.stage_at[stage.id])
    return program.guard(stage.condition).status(deal, fresh, context.moment) != "unmet"


def position(program: Program, deal: Deal) -> int:
    """Where the deal stands in the order of stages; on a detour, where it comes back to."""
    away = deal.work.away
    return program.layout.stage_at[away.stage if away is not None else deal.stage]


def by_branch(program: Program, deal: Deal, context: Context, branch: Branch, roles: tuple[str, ...] = ()) -> Way:
    """The way of a branch; forward it passes over stages that do not apply."""
    there = program.layout.stage_at.get(branch.to, -1)
    way = Way(branch.to, branch.id, branch.reason or None, roles)
    if not program.bends or there <= position(program, deal) or program.process.stages[there].detour:
        return way
    landed = landing(program, deal, context, there)
    return replace(way, to=landed.to, skipped=landed.skipped)


def forward_ways(program: Program, deal: Deal, context: Context) -> tuple[tuple[Way, Branch | None], ...]:
    """Each way forward from the deal's stage, with its branch; from a detour those that do not lead back."""
    decision = program.stage(deal.stage).decision
    away = deal.work.away
    if decision is None:
        return () if away is not None else ((following(program, deal, context), None),)
    here, stages, places = position(program, deal), program.process.stages, program.layout.stage_at
    ahead = [b for b in decision.branches if places.get(b.to, -1) > here and not stages[places[b.to]].detour]
    return tuple((by_branch(program, deal, context, branch), branch) for branch in ahead)


def choose(program: Program, deal: Deal, context: Context, asked: str | None) -> Way:
    """The way on. Raises a refusal where the decision is undecided, or two branches hold at once."""
    stage = program.stage(deal.stage)
    decision = stage.decision
    if decision is None:
        if asked is not None:
            raise UsageError(f"{stage.id} asks for no choice of branch", f"{stage.id} 阶段无需选择分支", branch=asked)
        return following(program, deal, context)
    if decision.asks_a_person:
        return _by_person(program, deal, context, decision, asked)
    if asked is not None:
        raise UsageError(
            f"the facts decide at {stage.id}, not --branch", f"{stage.id} 阶段由事实决定走向，不能用 --branch 指定",
            branch=asked,
        )  # fmt: skip
    taken, held = settled(program, deal, context, decision)
    if taken is None:
        raise _undecided(program, deal, context, stage, decision, held)
    return by_branch(program, deal, context, taken)


def settled(program: Program, deal: Deal, context: Context, decision: Decision) -> tuple[Branch | None, list[Branch]]:
    """The branch that the facts choose, if they do, and all that hold.

    With `hit: first` an unknown branch leaves everything after it open: it might be the first.
    """
    held = []
    for branch in decision.branches:
        status = _status(program, deal, context, branch)
        if status == "met":
            held.append(branch)
        if decision.hit == "first" and status != "unmet":
            return (branch, held) if held else (None, [])
    return (held[0] if len(held) == 1 else None), held


def _by_person(program: Program, deal: Deal, context: Context, decision: Decision, asked: str | None) -> Way:
    if asked is None:
        raise _undecided(program, deal, context, program.stage(deal.stage), decision, [])
    for branch in decision.branches:
        if branch.id == asked:
            roles = decision.by or program.stage(deal.stage).responsible
            permit(program, context, roles, "advance", branch.to)
            return by_branch(program, deal, context, branch, roles)
    hint = did_you_mean(asked, [branch.id for branch in decision.branches])
    raise UsageError(f"there is no branch {asked}{hint.en}", f"没有分支 {asked}{hint.zh}", branch=asked)


def _status(program: Program, deal: Deal, context: Context, branch: Branch) -> Status:
    fresh = deal.fresh_from(program.layout.stage_at[deal.stage])
    return program.guard(branch.condition).status(deal, fresh, context.moment)


def _undecided(
    program: Program, deal: Deal, context: Context, stage: Stage, decision: Decision, held: list[Branch]
) -> Exception:
    """The refusal: the open question first, then every criterion of the stage that is not met either."""
    at = program.layout.stage_at[stage.id]
    unmet = [r for r in judge(program, program.stage_plan(at), deal, context) if r.status in ("unmet", "unknown")]
    question = decision_result(program, deal, context, decision, held)
    if held:
        names = ", ".join(branch.id for branch in held)
        message = Text(f"{len(held)} branches hold at once: {names}", f"有 {len(held)} 个分支同时成立：{names}")
    else:
        message = Text(f"undecided: {decision.ask.en}", f"尚未决定：{decision.ask.zh}")
    return refuse("criteria", "advance", None, message, (question, *unmet))


def decision_result(
    program: Program, deal: Deal, context: Context, decision: Decision, held: list[Branch]
) -> CriterionResult:
    """An open decision as a criterion: what each branch wants, and how to answer."""
    evidence: Evidence = "seller"
    status: Status
    if decision.asks_a_person:
        answers = ", ".join(branch.id for branch in decision.branches)
        expected = Text(f"a choice: {answers}", f"请选择：{answers}")
        found, status = None, "unknown"
        remedies: tuple[Remedy, ...] = (Remedy("deal advance", ("--branch", "<branch:choice>"), decision.by),)
    else:
        fresh = deal.fresh_from(program.layout.stage_at[deal.stage])
        guards = [(branch, program.guard(branch.condition)) for branch in decision.branches]
        explained = [(branch, guard, guard.explain(deal, fresh, context.moment)) for branch, guard in guards]
        expected = Text(
            "; ".join(f"{b.id}: {e.expected.en}" for b, _, e in explained),
            "；".join(f"{b.id}：{e.expected.zh}" for b, _, e in explained),
        )
        found = explained[0][2].found
        status = "unmet" if held or all(e.status == "unmet" for _, _, e in explained) else "unknown"
        if all(guard.evidence == guards[0][1].evidence for _, guard in guards):
            evidence = guards[0][1].evidence
        remedies = _answers(program, [guard.names.fields for _, guard in guards]) or explained[0][2].remedies
    return CriterionResult(
        "decision", "process", evidence, "block", status, decision.ask, expected, found,
        fix_for(program, deal, remedies, context),
    )  # fmt: skip


def _answers(program: Program, names: list[frozenset[str]]) -> tuple[Remedy, ...]:
    """Set each field that the branches ask about; the person fills in the truth, not the wish."""
    asked = dict.fromkeys(name for branch in names for name in sorted(branch))
    layout = program.layout
    remedies = []
    for name in asked:
        if name in layout.field_at:
            field = layout.fields[layout.field_at[name]]
            if field.type != "list":
                remedies.append(Remedy("deal set", ("--set", f"{name}=<{name}:{field.type}>"), field.by))
    return tuple(remedies)
