"""Whether the keys of one construct go together: criteria made of parts, approvals, automations, cases, detours."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

from dealwright.definition import values as v
from dealwright.definition.contexts import all_automations, all_criteria, criteria_sections
from dealwright.definition.draft import Draft
from dealwright.definition.finding import shown
from dealwright.definition.nodes import Map, Node, Scalar, Seq
from dealwright.model.layout import Layout
from dealwright.model.text import Text

MAX_NESTED = 4  # levels of parts of a criterion


def check_constructs(draft: Draft) -> None:
    """Everything about one construct that its schema cannot say."""
    for criterion in all_criteria(draft.root):
        _criterion(draft, criterion)
    _nesting(draft)
    for approvals in draft.approval_lists():
        for approval in approvals:
            _together(draft, approval, "within", "on_timeout")
    for automation in all_automations(draft.root):
        _automation(draft, automation)
    _automation_ids(draft)
    at = {name.text: index for index, (name, _) in enumerate(draft.stages())}
    for name, stage in draft.stages():
        for key in ("sla", "stall", "follow_up"):
            _cases(draft, stage.get(key))
        _detour(draft, name, stage, at)
        _rejections(draft, stage, at[name.text], at)
    _ends(draft)
    _uniqueness(draft, at)
    _grades(draft)


def _wants(draft: Draft, node: Map, key: str, needs: str) -> None:
    """`key` stands only beside `needs`."""
    if key in node.keys and needs not in node.keys and needs not in draft.walk.dropped:
        draft.walk.wrong(
            "misplaced-key", node.keys[key], f"`{key}` goes with `{needs}`", f"`{key}` 须与 `{needs}` 一起使用"
        )


def _together(draft: Draft, node: Map, one: str, other: str) -> None:
    for key, missing in ((one, other), (other, one)):
        if key in node.keys and missing not in node.keys and missing not in draft.walk.dropped:
            draft.walk.wrong(
                "missing-key", node.keys[key], f"`{key}` needs the key `{missing}` beside it",
                f"`{key}` 需要同时写明 `{missing}`",
            )  # fmt: skip


def _criterion(draft: Draft, node: Map) -> None:
    parts, least = node.get("of"), node.get("at_least")
    _wants(draft, node, "at_least", "of")
    _wants(draft, node, "for_each", "condition")
    _wants(draft, node, "with", "use")
    wanted = v.number(least)
    if isinstance(parts, Map) and least is not None and wanted is not None and wanted > len(parts.values):
        draft.walk.wrong(
            "bad-value", least, f"There are {len(parts.values)} parts, so {wanted:g} can never hold",
            f"只有 {len(parts.values)} 个部分，不可能满足 {wanted:g} 个",
        )  # fmt: skip


def _nesting(draft: Draft) -> None:
    waiting = [(section, 0) for section in criteria_sections(draft.root)]
    while waiting:
        section, depth = waiting.pop()
        for _, criterion in v.entries(section):
            inner = criterion.get("of")
            if inner is not None and depth == MAX_NESTED:
                draft.walk.wrong(
                    "too-deep", criterion.keys["of"], f"Parts nest {MAX_NESTED} levels deep at most",
                    f"条件的各部分最多嵌套 {MAX_NESTED} 层",
                )  # fmt: skip
            elif inner is not None:
                waiting.append((inner, depth + 1))


def _automation(draft: Draft, node: Map) -> None:
    if "since" in node.keys and "after" not in node.keys and "every" not in node.keys:
        draft.walk.wrong(
            "misplaced-key", node.keys["since"], "`since` goes with `after` or `every`",
            "`since` 须与 `after` 或 `every` 一起使用",
        )  # fmt: skip
    _together(draft, node, "before", "of")
    then = node.get("then")
    if not isinstance(then, Map):
        return
    _wants(draft, then, "reason", "to")
    if "assign" in then.keys and v.flag(then.get("unassign")):
        draft.walk.wrong(
            "misplaced-key", then.keys["unassign"], "`unassign` does not go with `assign`",
            "`unassign` 不能与 `assign` 同时使用",
        )  # fmt: skip
    _reason(draft, then)


def _reason(draft: Draft, node: Map) -> None:
    """Where nobody is there to give a reason, an outcome with a list of them needs one, of the list."""
    to, reason = node.get("to"), node.get("reason")
    outcome = draft.process.outcomes.get(v.word(to))
    if outcome is None or not outcome.reasons or to is None:
        return
    if reason is None:
        known = ", ".join(outcome.reasons)
        draft.walk.wrong(
            "missing-key", to, f"The outcome `{outcome.id}` needs a reason", f"结局 `{outcome.id}` 需要原因",
            Text(f"add reason: one of {shown(known)}", f"请加上 reason：{shown(known)}"),
        )  # fmt: skip
    elif isinstance(reason, Scalar) and reason.text not in outcome.reasons:
        name = shown(reason.text)
        draft.walk.wrong(
            "undeclared-reason", reason, f"`{name}` is no reason of the outcome `{outcome.id}`",
            f"结局 `{outcome.id}` 没有原因 `{name}`", draft.walk.suggest(reason.text, list(outcome.reasons)),
        )  # fmt: skip


def _automation_ids(draft: Draft) -> None:
    """Automations are counted and logged by their ids, so that those of stages share one namespace with all others."""
    first: dict[str, Scalar] = {}
    for stage in (None, *(node for _, node in draft.stages())):
        section = (stage or draft.root).get("automations")
        for key, entry in section.items() if isinstance(section, Map) else ():
            if first.setdefault(key.text, key) is not key:
                line = first[key.text].line
                draft.walk.wrong(
                    "duplicate-id", key, f"The automation `{key.text}` is already on line {line}",
                    f"自动化 `{key.text}` 在第 {line} 行已经出现",
                )  # fmt: skip
            if stage is not None and isinstance(entry, Map) and "stages" in entry.keys:
                draft.walk.wrong(
                    "misplaced-key", entry.keys["stages"], "This automation stands in a stage, and belongs to it alone",
                    "此自动化写在阶段内，只属于该阶段",
                )  # fmt: skip


def _cases(draft: Draft, node: Node | None) -> None:
    """One form in a list, and nothing behind the case that takes all."""
    if not isinstance(node, Seq) or id(node) in draft.walk.shortened:
        return
    for item in node.items[1:]:
        if item.kind != node.items[0].kind:
            draft.walk.wrong(
                "wrong-type", item, "Either durations or cases with `at`, not both in one list",
                "同一列表中只能全部是时长，或全部是带 `at` 的情况",
            )  # fmt: skip
            return
    cases = v.maps(node)
    for case, after in pairwise(cases):
        if "if" not in case.keys and "if" not in draft.walk.dropped:
            draft.walk.wrong(
                "case-out-of-reach", after, f"The case on line {case.line} has no `if` and takes every deal",
                f"第 {case.line} 行的情况没有 `if`，已适用于所有项目",
            )  # fmt: skip
            return


def _detour(draft: Draft, name: Scalar, stage: Map, at: Mapping[str, int]) -> None:
    node = stage.get("detour")
    if node is None or (isinstance(node, Scalar) and not v.flag(node)):
        return
    if v.flag(stage.get("wins")):
        draft.walk.wrong("misplaced-key", stage.keys["wins"], "A detour wins no deal", "临时阶段不能赢单")
    detours = {stage.id for stage in draft.process.stages if stage.detour}
    for origin in v.scalars(node) if isinstance(node, Seq) else ():
        if origin.text in detours:
            draft.walk.wrong(
                "bad-value", origin, f"`{origin.text}` is a detour itself, and none leads from there",
                f"`{origin.text}` 本身是临时阶段，不能再从那里转出",
            )  # fmt: skip
    starts = draft.root.get("start")
    items = starts.items if isinstance(starts, Seq) else []
    for item in items:
        to = item.get("to") if isinstance(item, Map) else item
        if isinstance(to, Scalar) and to.text == name.text:
            draft.walk.wrong(
                "bad-value", to, f"`{name.text}` is a detour, and no deal begins there",
                f"`{name.text}` 是临时阶段，项目不能从那里开始",
            )  # fmt: skip
    if not items and at.get(name.text) == 0:
        draft.walk.wrong(
            "bad-value", node, "The first stage cannot be a detour: deals begin there",
            "第一个阶段不能是临时阶段：项目从那里开始",
        )  # fmt: skip


def _rejections(draft: Draft, stage: Map, index: int, at: Mapping[str, int]) -> None:
    """A stage's rejection leads back or to an end."""
    for approval in v.maps(stage.get("approvals")):
        rejected = approval.get("on_reject")
        to = rejected.get("to") if isinstance(rejected, Map) else None
        if isinstance(to, Scalar) and at.get(to.text, -1) >= index:
            draft.walk.wrong(
                "back-to-later", to, f"`{to.text}` is not before this stage", f"`{to.text}` 不在本阶段之前"
            )


def _ends(draft: Draft) -> None:
    for approvals in draft.approval_lists():
        for approval in approvals:
            rejected = approval.get("on_reject")
            if isinstance(rejected, Map):
                _reason(draft, rejected)


def _uniqueness(draft: Draft, at: Mapping[str, int]) -> None:
    for _, rule in v.entries(draft.root.get("unique")):
        span = rule.get("among")
        first, last = (span.get("from"), span.get("to")) if isinstance(span, Map) else (None, None)
        if isinstance(last, Scalar) and at.get(v.word(first), 0) > at.get(last.text, len(at)):
            draft.walk.wrong(
                "backward-range", last, f"`{last.text}` comes before `{v.word(first)}`",
                f"`{last.text}` 在 `{v.word(first)}` 之前",
            )  # fmt: skip
        if v.word(rule.get("on_conflict"), "queue") == "queue" and "among" not in draft.walk.dropped:
            _queue(draft, rule, first)


def _queue(draft: Draft, rule: Map, first: Node | None) -> None:
    """Deals queue before the first of the stages, so that there has to be a place before it."""
    starts = [start.to for start in draft.process.start] or [stage.id for stage in draft.process.stages[:1]]
    hint = Text("or write on_conflict: refuse", "或写明 on_conflict: refuse")
    if "among" not in rule.keys:
        draft.walk.wrong(
            "missing-key", rule, "Deals queue before a stage: say `among`", "排队须在某阶段之前：请写明 `among`", hint
        )
    elif isinstance(first, Scalar) and first.text in starts:
        draft.walk.wrong(
            "bad-value", first, f"Deals begin at `{first.text}`, so none can queue before it",
            f"项目从 `{first.text}` 开始，无法在其之前排队", hint,
        )  # fmt: skip


def _grades(draft: Draft) -> None:
    """Factors stand by grades that deals can have."""
    section = draft.root.get("grade_factor")
    grade = next(field for field in Layout(draft.process).fields if field.id == "grade")
    for key in section.keys.values() if isinstance(section, Map) and grade.values else ():
        if key.text not in grade.values:
            known = ", ".join(grade.values)
            draft.walk.wrong(
                "bad-value", key, f"`{shown(key.text)}` is no grade; there are {known}",
                f"`{shown(key.text)}` 不是分级；分级有 {known}", draft.walk.suggest(key.text, list(grade.values)),
            )  # fmt: skip
