"""Time limits held against each other: none may end before what it is to warn of, or outlive its process."""

from __future__ import annotations

from collections.abc import Iterator

from dealwright.definition import values as v
from dealwright.definition.draft import Draft
from dealwright.definition.nodes import Map, Node, Scalar
from dealwright.definition.soundness.asked import Places, required_by
from dealwright.model.duration import Duration
from dealwright.model.process import Approval, Automation, Stage


def days(duration: Duration) -> float:
    """A duration in days; months count 30, as the stall limit counts them."""
    return duration.months * 30 + duration.days + duration.seconds / 86_400


def check_times(draft: Draft) -> None:
    """Limits that contradict each other, stage by stage; months count 30 days."""
    places = Places(draft.process)
    ending = _ending(draft)
    approvals = {artifact.id: artifact.approvals for artifact in draft.process.artifacts}
    artifacts = dict(v.entries(draft.root.get("artifacts")))
    for stage, (name, node) in zip(draft.process.stages, draft.stages(), strict=True):
        limit = _longest(stage)
        _stall(draft, stage, node)
        if limit is None:
            continue
        for automation, at in _leaving(draft, stage, node):
            if automation.after is not None and days(automation.after) < limit:
                early = days(automation.after)
                draft.walk.wrong(
                    "expires-before-sla", at,
                    f"Deals are sent on after day {early:g}, the limit of `{stage.id}` is day {limit:g}",
                    f"第{early:g}天就会移走项目，而 `{stage.id}` 的时限为{limit:g}天",
                )  # fmt: skip
        if ending is not None and limit > ending[1]:
            draft.walk.wrong(
                "sla-beyond-process", node.get("sla") or name,
                f"The limit of `{stage.id}` is day {limit:g}, but `{ending[0]}` ends deals {ending[1]:g} days old",
                f"`{stage.id}` 的时限为{limit:g}天，但 `{ending[0]}` 会在项目满{ending[1]:g}天时将其结束",
            )  # fmt: skip
        for approval, at in _answers(stage.approvals, node):
            _within(draft, approval, at, stage, limit)
        for requirement in required_by(places, stage):
            holder = artifacts.get(requirement.artifact)
            for approval, at in _answers(approvals.get(requirement.artifact, ()), holder) if holder else ():
                _within(draft, approval, at, stage, limit)
        _tasks(draft, stage, node, limit)


def _longest(stage: Stage) -> float | None:
    """The stage's limit in days, the longest of its cases; None where it has none."""
    limits = [days(case.exit) for case in stage.sla_cases] + ([days(stage.sla)] if stage.sla else [])
    return max(limits, default=None)


def _stall(draft: Draft, stage: Stage, node: Map) -> None:
    at = node.get("stall")
    cases = [days(case.exit) for case in stage.stall_cases] + ([days(stage.stall)] if stage.stall else [])
    limits = [days(case.exit) for case in stage.sla_cases] + ([days(stage.sla)] if stage.sla else [])
    if at is not None and cases and limits and max(cases) < min(limits):
        draft.walk.wrong(
            "stall-before-sla", at, f"`{stage.id}` counts as stalled on day {max(cases):g}, before its limit is up",
            f"`{stage.id}` 第{max(cases):g}天就算停滞，而此时时限还没到",
        )  # fmt: skip


def _leaving(draft: Draft, stage: Stage, node: Map) -> Iterator[tuple[Automation, Node]]:
    """The timed automations that take deals out of this stage whatever has happened, and where they say after what."""
    own, common = dict(v.entries(node.get("automations"))), dict(v.entries(draft.root.get("automations")))
    wide = [automation for automation in draft.process.automations if stage.id in automation.stages]
    for automation, entry in [(a, own.get(a.id)) for a in stage.automations] + [(a, common.get(a.id)) for a in wide]:
        from_entry = not automation.since or automation.since == ("entered",)
        if automation.then.to and not automation.condition and from_entry and entry is not None:
            yield automation, entry.get("after") or entry


def _ending(draft: Draft) -> tuple[str, float] | None:
    """The automation that ends every deal so many days after it was opened, and how many; the earliest."""
    found = [
        (automation.id, days(automation.after)) for automation in draft.process.automations
        if automation.after is not None and automation.since == ("opened",) and not automation.condition
        and not automation.stages and automation.then.to in draft.process.outcomes
    ]  # fmt: skip
    return min(found, key=lambda pair: pair[1], default=None)


def _answers(approvals: tuple[Approval, ...], holder: Map) -> list[tuple[Approval, Map]]:
    return list(zip(approvals, v.maps(holder.get("approvals")), strict=False))


def _within(draft: Draft, approval: Approval, node: Map, stage: Stage, limit: float) -> None:
    at = node.get("within")
    if approval.within is not None and isinstance(at, Scalar) and days(approval.within) > limit:
        late = days(approval.within)
        draft.walk.wrong(
            "answer-after-sla", at,
            f"`{approval.id}` may be answered until day {late:g}, the limit of `{stage.id}` is day {limit:g}",
            f"`{approval.id}` 最长可用{late:g}天，而 `{stage.id}` 的时限为{limit:g}天",
        )  # fmt: skip


def _tasks(draft: Draft, stage: Stage, node: Map, limit: float) -> None:
    due = {task.id: days(task.due) for task in draft.process.tasks if task.due is not None and not task.optional}
    given = node.get("tasks")
    for item in getattr(given, "items", ()) if not isinstance(given, Map) else ():
        name = item.get("task") if isinstance(item, Map) else item
        if isinstance(name, Scalar) and due.get(name.text, 0) > limit:
            draft.walk.wrong(
                "answer-after-sla", name,
                f"`{name.text}` is due on day {due[name.text]:g}, the limit of `{stage.id}` is day {limit:g}",
                f"`{name.text}` 第{due[name.text]:g}天到期，而 `{stage.id}` 的时限为{limit:g}天",
            )  # fmt: skip
