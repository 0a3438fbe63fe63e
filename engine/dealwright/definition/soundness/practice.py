"""The rules of the trade: what makes a process that can be run a good one. All are warnings."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice

from dealwright.definition.draft import Draft
from dealwright.definition.nodes import Map, Scalar
from dealwright.definition.soundness.asked import Places, criteria_of, parts_of, required_by
from dealwright.definition.soundness.methodologies import methodology_rows
from dealwright.definition.soundness.times import days
from dealwright.guards.tree import Days, Node, Place, subnodes
from dealwright.model.process import Stage

_FEWEST, _MOST = 2, 4
_DATES = ("date", "month", "datetime")

Trees = Mapping[str, Node | None]


def check_practice(draft: Draft, trees: Trees) -> None:
    """All rules of practice; only for a process without errors, and not for one that keeps records."""
    if draft.findings.has_errors or draft.process.record:
        return
    places = Places(draft.process)
    nodes = {name.text: (name, node) for name, node in draft.stages()}
    for stage in draft.process.stages:
        if stage.id in nodes:
            _stage(draft, places, stage, *nodes[stage.id])
    _outcomes(draft)
    _next_step(draft, places, trees)
    for row in methodology_rows(draft.process.stages):
        first, last = draft.process.stages[row.first].id, draft.process.stages[row.last].id
        if first in nodes:
            draft.walk.wrong(
                "methodology-as-stages", nodes[first][0],
                f"`{first}` to `{last}` are the steps of {row.methodology}, not stages of a process",
                f"`{first}` 至 `{last}` 是 {row.methodology} 的步骤，而不是流程的阶段",
            )  # fmt: skip


def _stage(draft: Draft, places: Places, stage: Stage, name: Scalar, node: Map) -> None:
    criteria = (c for c in criteria_of(places, stage) if c.severity == "block")
    optional = {task.id for task in draft.process.tasks if task.optional} if stage.tasks else set()
    asked = len(list(islice(criteria, _FEWEST))) + len(list(required_by(places, stage))) + len(stage.approvals)
    asked += sum(1 for task in stage.tasks if task.task not in optional) + (stage.decision is not None)
    if asked < _FEWEST and not stage.auto:
        en = "Nothing is" if not asked else "Only one thing is"
        zh = "没有任何要求" if not asked else "只有一项要求"
        draft.walk.wrong("few-criteria", name, f"{en} asked for before leaving `{stage.id}`", f"离开 `{stage.id}` {zh}")
    own = [criterion for criterion in stage.exit_criteria if criterion.severity == "block"]
    if len(own) > _MOST:
        draft.walk.wrong(
            "many-criteria", name, f"`{stage.id}` has {len(own)} blocking criteria; two to four are worked through",
            f"`{stage.id}` 有 {len(own)} 个强制条件；宜为二到四个",
        )  # fmt: skip
    if stage.sla is None and not stage.sla_cases and not stage.auto:
        draft.walk.wrong("no-sla", name, f"`{stage.id}` has no time limit", f"`{stage.id}` 没有时限")
    late = max(map(days, stage.follow_up), default=0)
    if stage.sla is not None and late > days(stage.sla):
        at = node.get("follow_up")
        draft.walk.wrong(
            "follow-up-after-sla", at or name,
            f"Contacts are planned until day {late:g}, the limit of `{stage.id}` is day {days(stage.sla):g}",
            f"跟进安排到第{late:g}天，而 `{stage.id}` 的时限为{days(stage.sla):g}天",
        )  # fmt: skip


def _outcomes(draft: Draft) -> None:
    node = draft.root.get("outcomes")
    keys = node.keys if isinstance(node, Map) else {}
    outcomes = draft.process.outcomes
    for outcome in outcomes.values():
        name = keys.get(outcome.id)
        if name is None or outcome.status == "completed":
            continue
        if not outcome.reasons:
            draft.walk.wrong(
                "unnamed-reasons", name, f"`{outcome.id}` lists no reasons", f"`{outcome.id}` 没有列出原因"
            )
        elif outcome.status == "lost" and "no_decision" not in outcome.reasons:
            draft.walk.wrong(
                "no-decision-unnamed", name, f"`{outcome.id}` lacks the reason `no_decision`",
                f"`{outcome.id}` 缺少原因 `no_decision`",
            )  # fmt: skip
    if not any(outcome.status == "disqualified" for outcome in outcomes.values()):
        at = draft.root.keys.get("outcomes")
        if at is not None:
            draft.walk.wrong(
                "no-disqualification", at, "No outcome has the status disqualified",
                "没有状态为 disqualified 的结局",
            )  # fmt: skip


def _next_step(draft: Draft, places: Places, trees: Trees) -> None:
    """A task with a due date, or a criterion on a date of the deal or of an entry of one of its lists."""
    at = draft.root.keys.get("stages")
    given = {task.task for stage in draft.process.stages for task in stage.tasks}
    if at is None or any(task.due is not None and task.id in given for task in draft.process.tasks):
        return
    asked = [
        *draft.process.exit_criteria,
        *(c for stage in draft.process.stages for c in criteria_of(places, stage, ())),
    ]
    if any(_on_a_date(trees.get(part.condition)) for criterion in asked for part in parts_of(criterion)):
        return
    draft.walk.wrong(
        "no-next-step", at, "No stage asks for a next step with a date", "没有任何阶段要求确定下一步的日期"
    )


def _on_a_date(tree: Node | None) -> bool:
    waiting = [tree] if tree is not None else []
    while waiting:
        node = waiting.pop()
        if isinstance(node, Place) and node.type in _DATES and node.where in ("deal", "entry"):
            return True
        if not (isinstance(node, Days) and node.how == "since"):  # days_since(x) looks back, it plans nothing
            waiting.extend(subnodes(node))
    return False
