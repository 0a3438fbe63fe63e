"""Judging criteria: the fast yes, and the slow answer with reasons."""

from __future__ import annotations

from dealwright.engine import foreign, tasks, uniqueness
from dealwright.engine.answers import barred, before, is_asked, last_answers, late_of, roles_asked, standing
from dealwright.engine.context import Context
from dealwright.engine.program import Check, Plan, Program
from dealwright.engine.result import settle
from dealwright.events import Judged
from dealwright.guards import Unsettled
from dealwright.hookspecs import GateResult
from dealwright.model.deal import Deal
from dealwright.model.process import RESPONSIBLE, Approval
from dealwright.model.text import Text
from dealwright.model.verdict import CriterionResult, Evidence, Explanation, Fix, Remedy, Status


def passes(plan: Plan, deal: Deal, context: Context) -> bool:
    """True only where every check of `plan` is plainly met; False means: ask `judge` for the reasons."""
    if not plan.plain or deal.waivers or context.gates or deal.work.tasks:
        return False
    moment = context.moment
    fresh = 0
    try:
        for check in plan.checks:
            if deal.regressed:
                fresh = deal.fresh_from(check.at)
            if not check.guard.test(deal, fresh, moment):  # type: ignore[union-attr]  # plain plans have guards only
                return False
    except Unsettled:
        return False
    return True


def judge(program: Program, plan: Plan, deal: Deal, context: Context) -> tuple[CriterionResult, ...]:
    """Every check of `plan` that applies, with its status and reasons; then what plugins' gates said."""
    results = []
    for check in plan.checks:
        result = _judge_one(program, check, deal, context)
        if result:
            results.append(result)
    if plan.leaves and (deal.work.tasks or program.process.tasks):
        results += [_task_result(program, task, deal, context) for task in tasks.required(program, deal, context)]
    results += [_gate_result(program, plugin, gate, deal, context) for plugin, gate in context.gates]
    return tuple(results)


def records(plan: Plan, results: tuple[CriterionResult, ...] | None) -> tuple[Judged, ...]:
    """What the event keeps: each criterion's id, source and status (`results` None: all were met)."""
    if results is None:
        return plan.met
    return tuple(Judged(result.id, result.source, result.status) for result in results)


def fix_for(program: Program, deal: Deal, remedies: tuple[Remedy, ...], context: Context) -> Fix:
    """Who of the team may run the remedies: the roles each names, else those responsible for the stage."""
    own = program.stage(deal.stage).responsible if deal.stage else ()
    settled = tuple(Remedy(remedy.verb, remedy.args, _expand(remedy.roles, own) or own) for remedy in remedies)
    roles = tuple(dict.fromkeys(role for remedy in settled for role in remedy.roles))
    return Fix(roles, context.team.holders(roles), settled)


def _expand(roles: tuple[str, ...], own: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(r for role in roles for r in (own if role == RESPONSIBLE else (role,))))


def waivers_of(program: Program, deal: Deal, check: Check) -> tuple[str, ...]:
    """The real roles that may waive a check; nobody where it names none."""
    return settle(program, deal, check.waivable_by) if check.waivable_by else ()


def _judge_one(program: Program, check: Check, deal: Deal, context: Context) -> CriterionResult | None:
    fresh = deal.fresh_from(check.at)
    # An unknown `if` requires what it guards: only a plain no switches it off.
    if check.applies and check.applies.status(deal, fresh, context.moment) == "unmet":
        return None
    evidence: Evidence = "approval"
    if check.parts:
        from dealwright.engine.combined import combine

        parts = [one for part in check.parts if (one := _judge_one(program, part, deal, context)) is not None]
        if not parts:
            return None  # none of them applies, so nothing is asked
        explanation, evidence = combine(parts, check.at_least)
    elif check.unique is not None:
        explanation, evidence = uniqueness.explain(program, check.unique, deal, context), "seller"
    elif check.kind is not None:
        explanation, evidence = foreign.explain(check.kind, context)
    elif check.approval is not None:
        explanation = _explain_approval(program, check.approval, deal, context)
    else:
        explanation = check.guard.explain(deal, fresh, context.moment)  # type: ignore[union-attr]  # one or the other
        evidence = check.guard.evidence  # type: ignore[union-attr]  # the same
    status: Status = explanation.status
    remedies = explanation.remedies if status in ("unmet", "unknown") else ()
    if status in ("unmet", "unknown"):
        if is_waived(program, check, deal):
            status, remedies = "waived", ()
        elif not remedies and check.waivable_by:
            # Nothing in the deal can be changed to meet it (a date has passed): only a waiver helps.
            remedies = (Remedy("deal waive", (check.id, "--reason", "<reason:text>"), check.waivable_by),)
    fix = fix_for(program, deal, remedies, context)
    if check.approval is not None and check.approval.four_eyes:
        kept_out = barred(deal, check.approval)
        fix = Fix(fix.roles, tuple(person for person in fix.people if person not in kept_out), fix.remedies)
    return CriterionResult(
        check.id, check.source, evidence, check.severity, status, check.text, explanation.expected,
        explanation.found, fix,
    )  # fmt: skip


def is_waived(program: Program, check: Check, deal: Deal) -> bool:
    """Whether a check is let go. Another may bear its name, so the waiver's role must be one of this one's."""
    names = (check.id, f"{check.source}:{check.id}")
    given = [w.role for w in deal.waivers if w.criterion in names]
    return bool(given and check.waivable_by) and any(
        not role or role in waivers_of(program, deal, check) for role in given
    )


def _gate_result(program: Program, plugin: str, gate: GateResult, deal: Deal, context: Context) -> CriterionResult:
    return CriterionResult(
        gate.id, f"plugin:{plugin}", gate.evidence, gate.severity, gate.status, gate.text, gate.expected, gate.found,
        fix_for(program, deal, gate.remedies if gate.status in ("unmet", "unknown") else (), context),
    )  # fmt: skip


def _task_result(program: Program, task: tasks.Blocking, deal: Deal, context: Context) -> CriterionResult:
    said = task.said
    return CriterionResult(
        task.id, "process", "seller", "block", said.status, task.text, said.expected, said.found,
        fix_for(program, deal, said.remedies, context),
    )  # fmt: skip


def _explain_approval(program: Program, approval: Approval, deal: Deal, context: Context) -> Explanation:
    """How a stage's approval stands. Answers are kept per visit of the stage, so earlier visits never count."""
    roles = program.process.roles
    many = f" ({approval.count} people)" if approval.count > 1 else ""
    many_zh = f"（{approval.count}人）" if approval.count > 1 else ""
    asked = roles_asked(deal, approval)
    expected = Text(
        f"approved by {', '.join(roles[r].title.en for r in asked)}{many}",
        f"{'、'.join(roles[r].title.zh for r in asked)}审批通过{many_zh}",
    )
    granted = sorted(person for person, yes in last_answers(approval, deal.approvals).items() if yes)
    if standing(approval, deal.approvals) == "approved":
        return Explanation("met", expected, granted)
    late = late_of(deal, approval)
    if late is not None and late.expired:
        return Explanation("unmet", expected, "expired")
    earlier = [
        a
        for a in reversed(before(approval, program.stage(deal.stage).approvals))
        if standing(a, deal.approvals) != "approved" and is_asked(program, deal, a, context)
    ]
    remedies = tuple(Remedy("approval approve", (a.id,), roles_asked(deal, a)) for a in (*earlier, approval))
    return Explanation("unmet", expected, granted, remedies)
