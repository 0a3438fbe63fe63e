"""Gates that nobody of the team could pass: acts, documents, answers and tasks whose roles nobody holds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from dealwright.definition import values as v
from dealwright.definition.draft import Draft
from dealwright.definition.nodes import Map, Node, Scalar, Seq
from dealwright.guards import tree as t
from dealwright.model.people import Team
from dealwright.model.process import BUYER, ArtifactKind, EventKind, Process

Trees = Mapping[str, t.Node | None]


class _Staff:
    """Who there is to act."""

    def __init__(self, team: Team, process: Process) -> None:
        self.team = team
        self.held = {role for person in team.people.values() for role in person.roles}
        self.artifacts = {artifact.id: artifact for artifact in process.artifacts}
        self.tasks = {task.id: task for task in process.tasks}

    def lacks(self, roles: tuple[str, ...]) -> bool:
        """True where an act is left to roles that nobody holds. Without a role it is left to the responsible."""
        return bool(roles) and BUYER not in roles and not self.held.intersection(roles)


def check_people(draft: Draft, trees: Trees) -> None:
    """With a team: every gate that waits for somebody who is not there, and approvals asked of too few."""
    if draft.team is None:
        return
    staff = _Staff(draft.team, draft.process)
    for _, node in draft.stages():
        for at, roles, en, zh in _work(node, staff):
            if staff.lacks(roles):
                _closed(draft, at, roles, en, zh)
        for section in ("entry_criteria", "exit_criteria"):
            _criteria(draft, trees, staff, node.get(section))
        _approvals(draft, staff, node.get("approvals"), v.words(node.get("responsible")))
    _criteria(draft, trees, staff, draft.root.get("exit_criteria"))
    for _, node in v.entries(draft.root.get("artifacts")):
        _approvals(draft, staff, node.get("approvals"), v.words(node.get("by")))


def _work(node: Map, staff: _Staff) -> Iterator[tuple[Node, tuple[str, ...], str, str]]:
    """What a stage needs done: where it says so, by which roles, and what."""
    responsible = node.get("responsible")
    if responsible is not None:
        yield responsible, v.words(responsible), "take this stage on", "负责该阶段"
    decision = node.get("decision")
    by = decision.get("by") if isinstance(decision, Map) else None
    if by is not None:
        yield by, v.words(by), "answer this decision", "作出该判断"
    for key, kinds in (("requires", staff.artifacts), ("tasks", staff.tasks)):
        given = node.get(key)
        for item in given.items if isinstance(given, Seq) else ():
            name = item.get("artifact" if key == "requires" else "task") if isinstance(item, Map) else item
            kind = kinds.get(name.text) if isinstance(name, Scalar) else None
            if isinstance(name, Scalar) and kind is not None and not getattr(kind, "optional", False):
                en, zh = ("produce", "提供") if key == "requires" else ("do", "完成")
                yield name, kind.by, f"{en} `{name.text}`", f"{zh} `{name.text}`"


def _criteria(draft: Draft, trees: Trees, staff: _Staff, section: Node | None) -> None:
    for _, criterion in v.entries(section):
        condition = criterion.get("condition")
        tree = trees.get(v.word(condition))
        if not isinstance(condition, Scalar) or tree is None or v.word(criterion.get("severity")) == "warn":
            continue
        if "waivable_by" in criterion.values:
            continue
        missing = _missing(tree, staff)
        if missing is not None:
            name, roles = missing
            _closed(draft, condition, roles, f"record `{name}`", f"登记 `{name}`")


def _missing(node: t.Node, staff: _Staff) -> tuple[str, tuple[str, ...]] | None:
    """Something that must be there for the condition to hold and that nobody may record: its name and roles."""
    match node:
        case t.And(parts=parts):
            return next((found for part in parts if (found := _missing(part, staff)) is not None), None)
        case t.Or(parts=parts):
            each = [_missing(part, staff) for part in parts]
            return each[0] if all(found is not None for found in each) else None
        case t.Compare(left=left, right=right):
            return _missing(left, staff) or _missing(right, staff)
        case t.Among(left=left):
            return _missing(left, staff)
        case t.Confirmed(place=place):
            return (place.field.id, place.field.by) if staff.lacks(place.field.by) else None
        case t.Happened(kind=kind) | t.LastTime(kind=kind) | t.Place(holder=EventKind() as kind):
            return (kind.id, kind.by) if staff.lacks(kind.by) else None
        case t.Standing(kind=artifact) | t.Place(holder=ArtifactKind() as artifact):
            return (artifact.id, artifact.by) if staff.lacks(artifact.by) else None
        case _:
            return None


def _closed(draft: Draft, at: Node, roles: tuple[str, ...], en: str, zh: str) -> None:
    named = ", ".join(roles)
    draft.walk.wrong(
        "nobody-to-pass", at, f"Only {named} may {en}, and nobody of the team is that",
        f"只有 {named} 可以{zh}，而团队中无人担任",
    )  # fmt: skip


def _approvals(draft: Draft, staff: _Staff, approvals: Node | None, makers: tuple[str, ...]) -> None:
    """Approvals that too few could give; under four eyes never the one whose work it is."""
    for node in v.maps(approvals):
        roles, count = v.words(node.get("by")), v.whole(node.get("count"), 1)
        named = ", ".join(roles)
        if staff.lacks(roles):
            _closed(draft, node.get("by") or node, roles, "give this approval", "作出该审批")
            continue
        able = set(staff.team.holders(roles))
        four_eyes = v.flag(node.get("four_eyes"))
        if len(able) < count:
            draft.walk.wrong(
                "too-few-approvers", node.get("count") or node,
                f"{count} people are to approve, and {len(able)} hold {named}",
                f"需要 {count} 人审批，而担任 {named} 的只有 {len(able)} 人",
            )  # fmt: skip
        elif four_eyes and all(len(able - {maker}) < count for maker in staff.team.holders(makers)):
            draft.walk.wrong(
                "too-few-approvers", node.get("four_eyes") or node,
                f"Whoever does the work may not approve it, and nobody else holds {named}",
                f"经办人不得审批自己的工作，而没有其他人担任 {named}",
            )  # fmt: skip
