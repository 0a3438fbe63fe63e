"""All checks of soundness that go beyond the graph; only where the file is otherwise without errors."""

from __future__ import annotations

from collections.abc import Mapping

from dealwright.definition import values as v
from dealwright.definition.draft import Draft
from dealwright.definition.nodes import Map
from dealwright.definition.soundness.automatic import check_automatic
from dealwright.definition.soundness.choices import check_choices
from dealwright.definition.soundness.claims import Claims
from dealwright.definition.soundness.closed import check_closed
from dealwright.definition.soundness.components import circles
from dealwright.definition.soundness.constant import check_constants
from dealwright.definition.soundness.people import check_people
from dealwright.definition.soundness.proofs import Proofs
from dealwright.definition.soundness.times import check_times
from dealwright.guards.tree import Node

Trees = Mapping[str, Node | None]


def check_soundness(draft: Draft, trees: Trees) -> None:
    """What keeps deals from getting through, or sends them the wrong way."""
    if draft.findings.has_errors or len(draft.stages()) != len(draft.process.stages):
        return
    _task_circles(draft)
    proofs = Proofs(draft, trees)
    check_automatic(draft, proofs)
    _locks(draft)
    check_times(draft)
    check_people(draft, trees)
    _conditions(draft, proofs)


def _conditions(draft: Draft, proofs: Proofs) -> None:
    """What the conditions say about each other; last, for it is the dearest."""
    claims = Claims(proofs)
    check_constants(draft, proofs)
    if draft.findings.has_errors:
        return
    check_closed(draft, proofs, claims)
    check_choices(draft, proofs, claims)
    for node in proofs.stopped.values():
        draft.walk.wrong(
            "check-stopped", node, "The conditions here allow too many combinations to be held against each other",
            "此处条件的组合过多，未能逐一检查是否矛盾",
        )  # fmt: skip
    if proofs.exhausted is not None:
        draft.walk.wrong(
            "check-stopped", proofs.exhausted, "The file has so many conditions that from here on none are looked at",
            "文件中条件过多，从此处起不再检查是否矛盾",
        )  # fmt: skip


def _locks(draft: Draft) -> None:
    """Stages whose lock keeps out what they themselves ask for: approvals of a stage are asked as it is entered."""
    before: set[str] = set()
    for stage, (_, node) in zip(draft.process.stages, draft.stages(), strict=True):
        needed = {requirement.artifact for requirement in stage.requires if not requirement.condition}
        late = sorted(needed - before)
        if stage.locked and late and any(not a.condition for a in stage.approvals) and node.get("locked") is not None:
            names = ", ".join(late[:4])
            draft.walk.wrong(
                "locked-too-early", node.get("locked") or node,
                f"While `{stage.id}` is locked nobody can record {names}, which no earlier stage requires",
                f"`{stage.id}` 锁定期间无法登记 {names}，而之前的阶段并未要求",
            )  # fmt: skip
        before |= needed


def _task_circles(draft: Draft) -> None:
    tasks = draft.process.tasks
    at = {task.id: index for index, task in enumerate(tasks)}
    edges = [[at[name] for name in task.after if name in at] for task in tasks]
    section = draft.root.get("tasks")
    for circle in circles(edges, range(len(tasks))):
        first = tasks[circle[0]].id
        node = section.get(first) if isinstance(section, Map) else None
        if isinstance(node, Map):
            names = ", ".join(tasks[index].id for index in circle[:8])
            draft.walk.wrong(
                "task-cycle", next(iter(v.scalars(node.get("after"))), node), f"Tasks wait for each other: {names}",
                f"任务相互等待：{names}",
            )  # fmt: skip
