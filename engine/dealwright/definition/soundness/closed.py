"""Gates whose criteria exclude each other, and ways that no deal can take."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dealwright.definition import values as v
from dealwright.definition.draft import Draft
from dealwright.definition.nodes import Map, Node
from dealwright.definition.soundness.claims import Claim, Claims
from dealwright.definition.soundness.proofs import Proofs
from dealwright.model.process import Stage


def check_closed(draft: Draft, proofs: Proofs, claims: Claims) -> None:
    """Each stage's criteria among themselves, then together with each way on."""
    following = _following(draft)
    for stage, (name, node) in zip(draft.process.stages, draft.stages(), strict=True):
        proofs.at = name
        if proofs.exhausted is not None:
            return
        leaving = claims.leaving(stage)
        if _gate(draft, proofs, leaving):
            continue
        _gate(draft, proofs, claims.entering(stage))
        firm = [claim for claim in leaving if not claim.waivable]
        for target, branch in _ways(claims, stage, node, following):
            way = [*firm, *branch, *(claim for claim in claims.entering(target) if not claim.waivable)]
            _way(draft, proofs, way, len(firm), target)


def _gate(draft: Draft, proofs: Proofs, claims: Sequence[Claim]) -> bool:
    """True, with a finding, where no deal can pass; only warned of where a waiver would do."""
    firm = [claim for claim in claims if not claim.waivable]
    for asked, code in ((firm, "gate-never-opens"), (claims, "waiver-always-needed")):
        clash = proofs.clash([claim.tree for claim in asked])
        if clash is None or len(clash) < 2:
            continue
        placed = [asked[at] for at in clash]
        last = next((claim for claim in reversed(placed) if claim.node is not None), None)
        if last is not None and last.node is not None:
            names = _names([claim.name for claim in placed])
            draft.walk.wrong(code, last.node, f"{names[0]} cannot all hold", f"{names[1]} 不能同时成立")
        return code == "gate-never-opens"
    return False


def _ways(
    claims: Claims, stage: Stage, node: Map, following: dict[str, Stage | None]
) -> Iterator[tuple[Stage, list[Claim]]]:
    """The ways to later stages: the stage, and the claim of the branch."""
    at = claims.places.at
    stages = claims.places.process.stages
    decision = node.get("decision")
    if stage.decision is None:
        target = following[stage.id]
        if target is not None and not stage.detour:
            yield target, []
        return
    nodes = v.maps(decision.get("branches")) if isinstance(decision, Map) else []
    for branch, entry in zip(stage.decision.branches, nodes, strict=False):
        if at.get(branch.to, -1) > at[stage.id]:
            tree = claims.proofs.tree(branch.condition) if branch.condition else None
            yield stages[at[branch.to]], [] if tree is None else [Claim(branch.id, tree, entry.get("if"))]


def _way(draft: Draft, proofs: Proofs, way: Sequence[Claim], own: int, target: Stage) -> None:
    clash = proofs.clash([claim.tree for claim in way])
    if clash is None or len(clash) < 2 or clash[-1] < own:
        return
    placed = [way[at] for at in clash]
    last: Node | None = next((way[at].node for at in reversed(clash) if at >= own and way[at].node is not None), None)
    if last is not None:
        names = _names([claim.name for claim in placed])
        draft.walk.wrong(
            "dead-transition", last, f"No deal goes this way to `{target.id}`: {names[0]} cannot all hold",
            f"没有项目能由此进入 `{target.id}`：{names[1]} 不能同时成立",
        )  # fmt: skip


def _names(names: Sequence[str]) -> tuple[str, str]:
    quoted = [f"`{name}`" for name in dict.fromkeys(names)]
    return " and ".join(quoted), "、".join(quoted)


def _following(draft: Draft) -> dict[str, Stage | None]:
    """The stage that follows each in the list, unless that one may be passed over; then nothing is said."""
    found: dict[str, Stage | None] = {}
    ordinary: Stage | None = None
    for stage in reversed(draft.process.stages):
        found[stage.id] = ordinary if ordinary is not None and not ordinary.condition else None
        if not stage.detour:
            ordinary = stage
    return found
