"""Decisions whose branches overlap or leave a case open, and cases in order that never have their turn."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from dealwright.definition import values as v
from dealwright.definition.draft import Draft
from dealwright.definition.finding import shown
from dealwright.definition.nodes import Map, Node, Scalar, Seq
from dealwright.definition.soundness.claims import Claims
from dealwright.definition.soundness.proofs import Proofs
from dealwright.guards import tree as t
from dealwright.model.process import Stage


def check_choices(draft: Draft, proofs: Proofs, claims: Claims) -> None:
    """Every decision by facts, the list of starts, and every list of cases."""
    for stage, (name, node) in zip(draft.process.stages, draft.stages(), strict=True):
        proofs.at = name
        if proofs.exhausted is not None:
            break
        decision = node.get("decision")
        if isinstance(decision, Map) and stage.decision is not None and not stage.decision.asks_a_person:
            _decision(draft, proofs, claims, stage, v.maps(decision.get("branches")))
    for cases in _cases(draft):
        _in_turn(draft, proofs, cases, "never-true", "an earlier case always comes first", "前面的情形总会先成立")
    starts = draft.root.get("start")
    if isinstance(starts, Seq):
        _in_turn(
            draft, proofs, starts, "dead-transition", "an earlier start always comes first", "前面的起点总会先被选中"
        )


def _decision(draft: Draft, proofs: Proofs, claims: Claims, stage: Stage, branches: Sequence[Map]) -> None:
    decision = stage.decision
    trees = [proofs.tree(branch.condition) for branch in decision.branches] if decision else []
    known = [tree for tree in trees if tree is not None]
    if decision is None or len(known) != len(trees) or len(branches) != len(trees):
        return
    here = claims.places.at[stage.id]
    firm = proofs.near(known, [claim.tree for claim in claims.leaving(stage) if not claim.waivable])
    for at in _never_first(proofs, known) if decision.hit == "first" else ():
        branch = branches[at]
        draft.walk.wrong(
            "dead-transition", branch.get("if") or branch, "This way is never taken: an earlier branch comes first",
            "这条路径永远不会被选中：前面的分支总会先成立",
        )  # fmt: skip
    if decision.hit == "unique":
        forward = [claims.places.at.get(branch.to, -1) > here for branch in decision.branches]
        # A way on asks for the exit criteria too, so that what they exclude is no overlap.
        asked = [t.And("boolean", (tree, *firm)) if on else tree for tree, on in zip(known, forward, strict=True)]
        found = proofs.both(asked)
        if found is not None:
            first, second, example = found
            names = f"`{decision.branches[first].id}`", f"`{decision.branches[second].id}`"
            draft.walk.wrong(
                "overlapping-branches", branches[second].get("if") or branches[second],
                f"{names[0]} and {names[1]} can both hold{_such(example, ', as with ')}",
                f"{names[0]} 与 {names[1]} 可能同时成立{_such(example, '，例如 ')}",
            )  # fmt: skip
    gap = proofs.gap(known, firm)
    if gap and not _still_to_come(gap):
        draft.walk.wrong(
            "undecided-case", branches[0].get("if") or branches[0],
            f"No branch is taken{_such(gap, ' with ')}", f"{_such(gap, '当 ')} 时没有分支可走",
        )  # fmt: skip


def _still_to_come(example: dict[str, Any]) -> bool:
    """True where the case only waits for something to happen or be recorded: `event(x)` is false until it is true."""
    return any(value is False and name.endswith(")") for name, value in example.items())


def _such(example: dict[str, Any], lead: str) -> str:
    said = [f"{name} == {_value(value)}" for name, value in list(example.items())[:3] if value is not None]
    return shown(lead.strip() + " " + ", ".join(said)).join((" " if lead.startswith(" ") else "", "")) if said else ""


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return f'"{value}"' if isinstance(value, str) else f"{value}"


def _cases(draft: Draft) -> Iterator[Seq]:
    """The lists of cases of every stage: limits and cadences."""
    for _, node in draft.stages():
        for key in ("sla", "stall", "follow_up"):
            cases = node.get(key)
            if isinstance(cases, Seq) and any(isinstance(case, Map) for case in cases.items):
                yield cases


def _in_turn(draft: Draft, proofs: Proofs, cases: Seq, code: str, en: str, zh: str) -> None:
    """Cases that are tried in order: none may stand behind those that always hold before it does."""
    places: list[Node] = []
    trees: list[t.Node] = []
    ended = False
    for case in cases.items:
        condition = case.get("if") if isinstance(case, Map) else None
        tree = proofs.tree(condition.text) if isinstance(condition, Scalar) else None
        if ended:
            draft.walk.wrong(code, condition or case, f"This is never taken: {en}", f"此项永远不会生效：{zh}")
        elif tree is not None and condition is not None:
            places.append(condition)
            trees.append(tree)
        ended = ended or condition is None
    for at in _never_first(proofs, trees):
        draft.walk.wrong(code, places[at], f"This is never taken: {en}", f"此项永远不会生效：{zh}")


def _never_first(proofs: Proofs, conditions: Sequence[t.Node]) -> Iterator[int]:
    """The positions of conditions that can only hold where one before them does."""
    before: list[t.Node] = []
    for at, condition in enumerate(conditions):
        if before and proofs.clash([condition, *before]) is not None:
            yield at
        before.append(t.Not("boolean", condition))
