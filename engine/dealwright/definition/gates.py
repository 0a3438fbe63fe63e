"""Whether somebody can pass each gate, and whether the buyer has a word in it."""

from __future__ import annotations

from collections.abc import Iterable

from dealwright.definition import values as v
from dealwright.definition.draft import Draft
from dealwright.definition.nodes import Map, Scalar, Seq
from dealwright.guards.checker import checked
from dealwright.guards.evidence import evidence
from dealwright.guards.scope import Scope
from dealwright.model.layout import Layout
from dealwright.model.process import Criterion, Process, Stage


def check_producers(draft: Draft) -> None:
    """Artifacts that a gate requires and no role may make; with a team, roles that nobody holds."""
    makers = {artifact.id: artifact.by for artifact in draft.process.artifacts}
    for node in _required(draft):
        if makers.get(node.text) == () and not {"by", node.text} & draft.walk.dropped:
            draft.walk.wrong(
                "no-producer", node, f"No role may make `{node.text}`, so this gate never opens",
                f"没有角色可以提供 `{node.text}`，此关卡永远无法通过",
            )  # fmt: skip
    roles = draft.root.get("roles")
    if draft.team is None or not isinstance(roles, Map):
        return
    held = {role for person in draft.team.people.values() for role in person.roles}
    for name in roles.keys.values():
        if name.text not in held:
            draft.walk.wrong(
                "unheld-role",
                name,
                f"Nobody of the team holds the role `{name.text}`",
                f"团队中无人担任角色 `{name.text}`",
            )


def _required(draft: Draft) -> Iterable[Scalar]:
    holders = [node for _, node in draft.stages()]
    holders += [node for _, node in v.entries(draft.root.get("phases"))]
    for holder in holders:
        requires = holder.get("requires")
        for item in requires.items if isinstance(requires, Seq) else ():
            named = item.get("artifact") if isinstance(item, Map) else item
            if isinstance(named, Scalar):
                yield named


def check_buyer_evidence(draft: Draft) -> None:
    """Each stage of an open deal should ask for an act of the buyer (R52); a blocking exit criterion counts."""
    process = draft.process
    if draft.findings.has_errors:
        return  # what cannot be read cannot be judged
    scope = Scope(Layout(process), draft.functions)
    known: dict[str, bool] = {}

    def by_buyer(condition: str) -> bool:
        if condition not in known:
            tree = checked(condition, scope, "condition")[0]
            known[condition] = tree is not None and evidence(tree) == "buyer"
        return known[condition]

    at = {stage.id: index for index, stage in enumerate(process.stages)}
    for index, (name, _) in enumerate(draft.stages()):
        stage = process.stages[index]
        criteria = [c for c in _criteria(process, stage, index, at) if c.severity == "block" and not c.applies]
        required = [f"complete({r.artifact})" for r in stage.requires if not r.condition]
        if not any(by_buyer(c.condition) for c in criteria) and not any(map(by_buyer, required)):
            draft.walk.wrong(
                "no-buyer-evidence", name, f"Nothing that the buyer does is needed to leave `{stage.id}`",
                f"离开 `{stage.id}` 不需要客户的任何行动",
            )  # fmt: skip
        if stage.wins:
            return


def _criteria(process: Process, stage: Stage, index: int, at: dict[str, int]) -> Iterable[Criterion]:
    yield from stage.exit_criteria
    for criterion in process.exit_criteria:
        if criterion.stages is None or at[criterion.stages[0]] <= index <= at[criterion.stages[1]]:
            yield criterion
    last_of_phase = index + 1 == len(process.stages) or process.stages[index + 1].phase != stage.phase
    for overlay in process.overlays if last_of_phase else ():
        patch = overlay.phases.get(stage.phase)
        if patch is not None:
            yield from patch.exit_criteria
