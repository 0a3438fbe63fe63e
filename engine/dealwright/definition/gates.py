"""Whether somebody can pass each gate, and whether the buyer has a word in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from dealwright.definition import values as v
from dealwright.definition.contexts import all_criteria
from dealwright.definition.draft import Draft
from dealwright.definition.nodes import Map, Scalar, Seq
from dealwright.definition.soundness.asked import Places, criteria_of
from dealwright.guards.checker import checked
from dealwright.guards.evidence import evidence, names
from dealwright.guards.scope import Scope
from dealwright.guards.tree import Node
from dealwright.model.layout import Layout
from dealwright.model.process import Criterion

Trees = Mapping[str, Node | None]
"""The checked tree of each condition of a file by its source; None where it is wrong."""


def check_producers(draft: Draft, trees: Trees) -> None:
    """Artifacts that a gate needs and no role may make; with a team, roles that nobody holds."""
    nobodys = {a.id for a in draft.process.artifacts if not a.by} - draft.walk.dropped
    if nobodys and "by" not in draft.walk.dropped:
        for node, needed in _needed(draft, trees):
            for artifact in sorted(nobodys & needed):
                draft.walk.wrong(
                    "no-producer", node, f"No role may make `{artifact}`, so this gate never opens",
                    f"没有角色可以提供 `{artifact}`，此关卡永远无法通过",
                )  # fmt: skip
    roles = draft.root.get("roles")
    if draft.team is None or not isinstance(roles, Map):
        return
    held = {role for person in draft.team.people.values() for role in person.roles}
    for name in roles.keys.values():
        if name.text not in held:
            draft.walk.wrong(
                "unheld-role", name, f"Nobody of the team holds the role `{name.text}`",
                f"团队中无人担任角色 `{name.text}`",
            )  # fmt: skip


def _needed(draft: Draft, trees: Trees) -> Iterable[tuple[Scalar, set[str]]]:
    """Each place of a gate that names artifacts, and which."""
    holders = [node for _, node in draft.stages()]
    holders += [node for _, node in v.entries(draft.root.get("phases"))]
    for holder in [draft.root, *holders]:
        requires = holder.get("requires")
        for item in requires.items if isinstance(requires, Seq) else ():
            named = item.get("artifact") if isinstance(item, Map) else item
            if isinstance(named, Scalar):
                yield named, {named.text}
    for criterion in all_criteria(draft.root):
        condition = criterion.get("condition")
        tree = trees.get(v.word(condition))
        if isinstance(condition, Scalar) and tree is not None:
            yield condition, set(names(tree).artifacts)


def check_buyer_evidence(draft: Draft, trees: Trees) -> None:
    """Each stage of an open deal should ask for an act of the buyer (R52); a blocking exit criterion counts.

    A detour is no step of the way, and asks for what it was entered for. A condition that is
    wrong is given the benefit of the doubt.
    """
    process = draft.process
    if draft.walk.dropped & {"exit_criteria", "condition", "severity"} or "stages" not in draft.root.values:
        return

    scope = Scope(Layout(process), draft.functions)
    known = dict(trees)

    def by_buyer(criterion: Criterion) -> bool:
        if criterion.of:  # the buyer is needed where the other parts are too few
            others = sum(bool(part.applies) or not by_buyer(part) for part in criterion.of)
            return others < (criterion.at_least or len(criterion.of))
        condition = criterion.condition
        if condition not in known:  # an overlay's
            known[condition] = checked(condition, scope, "condition")[0]
        tree = known[condition]
        return tree is None or evidence(tree) == "buyer"

    def counts(criterion: Criterion) -> bool:
        return criterion.severity == "block" and not criterion.applies and by_buyer(criterion)

    places = Places(process)
    wide = [criterion for criterion in process.exit_criteria if counts(criterion)]
    for node, stage in zip(v.maps(draft.root.get("stages")), process.stages, strict=True):
        if not stage.detour and not any(map(counts, criteria_of(places, stage, wide))):
            draft.walk.wrong(
                "no-buyer-evidence", node.get("id") or node,
                f"Nothing that the buyer does is needed to leave `{stage.id}`",
                f"离开 `{stage.id}` 不需要客户的任何行动",
            )  # fmt: skip
        if stage.wins:
            return
