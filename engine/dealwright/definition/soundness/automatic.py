"""What the system does by itself at once: stages left as soon as they are ready, automations upon entering one.

Such steps must come to rest. A circle of them that nothing holds up is refused whenever a
deal comes near it; one that only conditions hold up is refused as long as they hold.
"""

from __future__ import annotations

from typing import NamedTuple

from dealwright.definition import values as v
from dealwright.definition.draft import Draft
from dealwright.definition.nodes import Map, Node
from dealwright.definition.soundness.components import circles
from dealwright.definition.soundness.proofs import Proofs
from dealwright.definition.soundness.ways import Ways
from dealwright.model.process import Automation, Process, Stage

_ENOUGH = 2


class Step(NamedTuple):
    """A move that nobody makes: between nodes of the graph of ways, `free` if nothing can hold it up.

    `condition` is the source of what it asks for, if it is one alone; `sets` is true where it changes values itself.
    """

    source: int
    target: int
    free: bool
    node: Node
    condition: str = ""
    sets: bool = False


def check_automatic(draft: Draft, proofs: Proofs) -> None:
    """Circles of automatic moves, and deals that open deals without end."""
    ways = Ways(draft.process)
    _spawning(draft, ways)
    steps = _steps(draft, ways)
    if not steps:
        return
    edges: list[list[int]] = [[] for _ in range(ways.end + 1)]
    for step in steps:
        edges[step.source].append(step.target)
    for index in range(ways.count, ways.anywhere):  # what leads to a threshold is entered, or passed over
        edges[index] += ways.onward[index]
    for circle in circles(edges, range(ways.anywhere)):
        inside = set(circle)
        held = [step for step in steps if step.source in inside and step.target in inside]
        if _excluded(proofs, held):
            continue
        names = [draft.process.stages[index].id for index in circle if index < ways.count]
        said = ", ".join(names[:8]) + (", …" if len(names) > 8 else "")
        free = _free(held, ways, inside)
        draft.walk.wrong(
            "endless-automation" if free else "circling-automation", held[0].node,
            f"Deals are sent round without anybody's doing: {said}", f"项目会在无人操作的情况下循环：{said}",
        )  # fmt: skip


def _excluded(proofs: Proofs, held: list[Step]) -> bool:
    """True for one round trip whose conditions cannot all hold, so that it ends by itself."""
    if len({step.source for step in held}) < len(held) or any(step.sets for step in held):
        return False
    trees = [proofs.tree(step.condition) for step in held if step.condition]
    proofs.at = held[0].node
    return proofs.clash([tree for tree in trees if tree is not None]) is not None


def _free(held: list[Step], ways: Ways, inside: set[int]) -> bool:
    """True where a circle remains of the steps that nothing holds up."""
    edges: list[list[int]] = [[] for _ in range(ways.end + 1)]
    for step in held:
        if step.free:
            edges[step.source].append(step.target)
    for index in range(ways.count, ways.anywhere):
        stage = ways.process.stages[index - ways.count]
        if not stage.condition:
            edges[index].append(index - ways.count)
    return bool(circles(edges, inside))


def _steps(draft: Draft, ways: Ways) -> list[Step]:
    process = draft.process
    nodes = [node for _, node in draft.stages()]
    found = []
    for index, (stage, node) in enumerate(zip(process.stages, nodes, strict=True)):
        if stage.auto:
            free = not _holds_up(process, stage)
            at = node.get("auto") or node
            found += [Step(index, target, free, at, condition) for target, condition in ways.forward(index)]
        found += _upon_entering(node.get("automations"), stage.automations, ways, [index])
    everywhere: set[str] = set()
    for automation in process.automations:
        places = [ways.at[name] for name in automation.stages if name in ways.at]
        if not places and automation.upon == "entered" and automation.then.to:
            everywhere.add(automation.then.to)
            # Two that are everywhere at work make a circle already; more would only cost more.
            places = list(range(ways.count)) if len(everywhere) <= _ENOUGH else []
        found += _upon_entering(draft.root.get("automations"), (automation,), ways, places)
    return [step for step in found if step.target < ways.anywhere]


def _upon_entering(node: Node | None, automations: tuple[Automation, ...], ways: Ways, places: list[int]) -> list[Step]:
    entries = dict(v.entries(node))
    found = []
    for automation in automations:
        entry = entries.get(automation.id)
        if automation.upon != "entered" or not automation.then.to or entry is None:
            continue
        target = ways.threshold(automation.then.to)
        then = entry.get("then")
        at = then.get("to") if isinstance(then, Map) else None
        # What sends a deal to the stage that it stands in does nothing.
        sources = [place for place in places if place + ways.count != target]
        free, sets = not automation.condition, bool(automation.then.values)
        found += [Step(place, target, free, at or entry, automation.condition, sets) for place in sources]
    return found


def _holds_up(process: Process, stage: Stage) -> bool:
    """True where something has to be there before the stage is left, or a fact chooses the way."""
    wide = [criterion for criterion in process.exit_criteria if criterion.severity == "block"]
    return bool(
        stage.exit_criteria or stage.requires or stage.approvals or stage.decision or stage.tasks or wide
    )  # fmt: skip


def _spawning(draft: Draft, ways: Ways) -> None:
    """A deal that opens another of its own process as soon as it is opened itself."""
    common = dict(v.entries(draft.root.get("automations")))
    nodes = [node for _, node in draft.stages()]
    for index in sorted({target for start in ways.starts for target in ways.onward[start] if target < ways.count}):
        stage = draft.process.stages[index]
        entries = common | dict(v.entries(nodes[index].get("automations")))
        everywhere = [a for a in draft.process.automations if not a.stages or stage.id in a.stages]
        for automation in (*everywhere, *stage.automations):
            opens, entry = automation.then.open, entries.get(automation.id)
            if entry is None or opens is None or automation.upon != "entered" or opens.process != draft.process.id:
                continue
            draft.walk.wrong(
                "circling-automation" if automation.condition else "endless-automation", entry,
                f"Each {draft.process.id} opens another one as soon as it is opened",
                f"每个 {draft.process.id} 一创建就会再创建一个",
            )  # fmt: skip
