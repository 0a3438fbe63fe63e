"""Whether a process can be run at all: every stage reached, none a trap, every gate passable. Nothing recurses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dealwright.definition import values as v
from dealwright.definition.draft import Draft
from dealwright.definition.nodes import Map, Node, Scalar
from dealwright.definition.parts import approval_id
from dealwright.definition.soundness.components import reach, traps, turned
from dealwright.definition.soundness.ways import Ways

_WAYS = {
    "to", "decision", "branches", "start", "stages", "skip_to", "outcomes", "detour", "automations", "then", "if",
}  # fmt: skip


def check_graph(draft: Draft) -> None:
    """The soundness of the stages; only for a file whose stages can be told apart."""
    stages = draft.stages()
    at = {name.text: index for index, (name, _) in enumerate(stages)}
    for index, (_, node) in enumerate(stages):
        _directions(draft, node, index, at)
        _branches(draft, node)
    _ranges(draft, at)
    _wins(draft, stages)
    for approvals in draft.approval_lists():
        _approval_cycle(draft, approvals)
    if stages and len(at) == len(stages) == len(draft.process.stages) and not _broken(draft, stages):
        _paths(draft, stages)


def _broken(draft: Draft, stages: Sequence[tuple[Scalar, Map]]) -> bool:
    """True where a way was found wrong already, so that what follows from it would only be an echo."""
    if draft.walk.dropped & _WAYS:
        return True
    if any(finding.code in ("undeclared-stage", "undeclared-outcome") for finding in draft.findings.found):
        return True
    lists = [draft.root.get("stages"), draft.root.get("start")]
    for _, node in stages:
        decision = node.get("decision")
        if isinstance(decision, Map):
            lists.append(decision.get("branches"))
            if any("to" not in branch.values for branch in v.maps(decision.get("branches"))):
                return True
    return any(id(node) in draft.walk.shortened for node in lists)


def _paths(draft: Draft, stages: Sequence[tuple[Scalar, Map]]) -> None:
    """Stages that no deal comes to, and those that none gets out of."""
    ways = Ways(draft.process)
    everything = [[*on, *side] for on, side in zip(ways.onward, ways.sideways, strict=True)]
    reached = reach(everything, ways.starts)
    for index, (name, _) in enumerate(stages):
        if index not in reached:
            draft.walk.wrong(
                "unreachable-stage", name, f"No start, stage or branch leads to `{name.text}`",
                f"没有起点、阶段或分支通向 `{name.text}`",
            )  # fmt: skip
    finishing = reach(turned(ways.onward), [ways.end])
    for trap in traps(ways.onward, set(range(len(ways.onward))) - finishing - {ways.anywhere, ways.end}):
        names = [stages[index][0] for index in trap if index < ways.count]
        if names:
            _trap(draft, names)


def _trap(draft: Draft, names: Sequence[Scalar]) -> None:
    if len(names) == 1:
        draft.walk.wrong(
            "stage-without-exit", names[0], f"`{names[0].text}` leads nowhere but to itself",
            f"`{names[0].text}` 只通向自身，没有出口",
        )  # fmt: skip
        return
    circle = ", ".join(name.text for name in names[:8]) + (", …" if len(names) > 8 else "")
    draft.walk.wrong(
        "no-path-to-outcome", names[0], f"Deals go round for ever: {circle}", f"项目会在以下阶段中无限循环：{circle}"
    )


def _directions(draft: Draft, node: Map, index: int, at: Mapping[str, int]) -> None:
    for target in v.scalars(node.get("back_to")):
        if at.get(target.text, -1) >= index:
            draft.walk.wrong(
                "back-to-later", target, f"`{target.text}` is not before this stage", f"`{target.text}` 不在本阶段之前"
            )
    skips = node.get("skip_to")
    for target in skips.keys.values() if isinstance(skips, Map) else ():
        if at.get(target.text, index + 1) <= index:
            draft.walk.wrong(
                "skip-to-earlier", target, f"`{target.text}` is not after this stage", f"`{target.text}` 不在本阶段之后"
            )


def _branches(draft: Draft, node: Map) -> None:
    decision = node.get("decision")
    branches = v.maps(decision.get("branches")) if isinstance(decision, Map) else []
    without = [branch for branch in branches if "if" not in branch.values]
    if without and len(without) < len(branches) and "if" not in draft.walk.dropped:
        draft.walk.wrong(
            "mixed-branches", without[0], "This branch has no `if`, others have one", "此分支没有 `if`，而其他分支有"
        )


def _ranges(draft: Draft, at: Mapping[str, int]) -> None:
    for _, criterion in v.entries(draft.root.get("exit_criteria")):
        span = criterion.get("stages")
        if isinstance(span, Map):
            first, last = span.get("from"), span.get("to")
            if isinstance(last, Scalar) and at.get(v.word(first), 0) > at.get(last.text, len(at)):
                draft.walk.wrong(
                    "backward-range", last, f"`{last.text}` comes before `{v.word(first)}`",
                    f"`{last.text}` 在 `{v.word(first)}` 之前",
                )  # fmt: skip


def _wins(draft: Draft, stages: Sequence[tuple[Scalar, Map]]) -> None:
    winning: list[Node] = [node.values["wins"] for _, node in stages if v.flag(node.get("wins"))]
    for again in winning[1:]:
        draft.walk.wrong(
            "several-winning-stages", again, f"Another stage wins already, on line {winning[0].line}",
            f"第 {winning[0].line} 行已有赢单阶段",
        )  # fmt: skip
    if stages and not winning and "wins" not in draft.walk.dropped:
        node = draft.root.keys.get("stages")
        if node is not None:
            draft.walk.wrong(
                "no-winning-stage", node, "No stage says `wins: true`, so no deal is ever won",
                "没有阶段标记 `wins: true`，项目永远不会赢单",
            )  # fmt: skip


def _approval_cycle(draft: Draft, approvals: Sequence[Map]) -> None:
    after = {approval_id(node): v.word(node.get("after")) for node in approvals}
    settled: set[str] = set()
    for node in approvals:
        path: dict[str, None] = {}
        name = approval_id(node)
        while name and name in after and name not in settled and name not in path:
            path[name] = None
            name = after[name]
        if name in path:
            at = node.get("after") or node
            draft.walk.wrong(
                "approval-cycle", at, f"`{approval_id(node)}` waits for itself", f"`{approval_id(node)}` 在等待它自己"
            )
        settled.update(path)
