"""Conditions that hold of no deal, or of every one."""

from __future__ import annotations

from dealwright.definition import values as v
from dealwright.definition.draft import Draft
from dealwright.definition.nodes import Map, Node
from dealwright.definition.soundness.proofs import Proofs


def check_constants(draft: Draft, proofs: Proofs) -> None:
    """Each condition alone. One that blocks a gate and never holds is an error, any other a warning."""
    gates, branches = _gates(draft), _branches(draft)
    known: dict[str, tuple[bool, bool]] = {}
    for form, node in draft.walk.forms:
        tree = proofs.trees.get(node.text) if form == "condition" else None
        if tree is None:
            continue
        proofs.at = node
        if node.text not in known:
            never = proofs.never(tree)
            known[node.text] = never, not never and proofs.always(tree)
        never, always = known[node.text]
        if never and id(node) in gates:
            draft.walk.wrong(
                "gate-never-opens",
                node,
                "This can never hold, so no deal gets past it",
                "该条件永远不成立，项目无法通过",
            )
        elif never and id(node) in branches:
            draft.walk.wrong("dead-transition", node, "This way is never taken", "这条路径永远不会被选中")
        elif never:
            draft.walk.wrong("never-true", node, "This can never hold", "该条件永远不成立")
        elif always and id(node) not in branches:  # the last branch of `hit: first` may well say so
            draft.walk.wrong("always-true", node, "This can never be false", "该条件永远不会为假")


def _gates(draft: Draft) -> set[int]:
    """The conditions that alone can keep a deal: blocking criteria without an `if`, whatever they are part of."""
    found: set[int] = set()
    holders = [draft.root, *(node for _, node in draft.stages()), *(n for _, n in v.entries(draft.root.get("phases")))]
    for holder in holders:
        for section in ("entry_criteria", "exit_criteria"):
            for _, criterion in v.entries(holder.get(section)):
                if (
                    not criterion.keys.keys() & {"if", "waivable_by", "for_each"}
                    and v.word(criterion.get("severity")) != "warn"
                ):
                    found.add(id(criterion.get("condition")))
    return found


def _branches(draft: Draft) -> set[int]:
    found: list[Node | None] = []
    for _, node in draft.stages():
        decision = node.get("decision")
        if isinstance(decision, Map):
            found += [branch.get("if") for branch in v.maps(decision.get("branches"))]
    return {id(node) for node in found}
