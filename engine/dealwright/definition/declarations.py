"""Whether declarations agree with themselves: a field's keys with its type, names with each other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dealwright.definition import values as v
from dealwright.definition.draft import Draft
from dealwright.definition.finding import shown
from dealwright.definition.nodes import Map, Node, Scalar
from dealwright.definition.parts import approval_id
from dealwright.guards.scope import BUILT_IN, OWN
from dealwright.model.layout import DEAL_FIELDS
from dealwright.model.process import BUYER
from dealwright.model.text import Text

_BOUNDED = ("number", "money", "date", "month", "datetime")
_ONLY = {
    "values": ("choice",),
    "of": ("list", "record"),
    "at_least": ("list",),
    "items": ("list",),
    "min": _BOUNDED,
    "max": _BOUNDED,
    "proof": ("confirmation",),
}
_NEEDS = {"choice": "values", "list": "of", "record": "of"}
_COMPUTED = ("text", "number", "money", "boolean", "choice", "date", "month", "datetime", "person")
_UNSET = ("by", "required", "min", "max", "at_least", "proof", "personal")  # what is computed is never given
_KEYWORDS = ("and", "or", "not", "in", "true", "false", "stakeholders")
_RETYPABLE = {field.id: field.type for field in DEAL_FIELDS}


def check_declarations(draft: Draft) -> None:
    """Fields at every depth, names that clash, ids that occur twice in a list."""
    for node, inside_list, nested in _all_fields(draft.root):
        _field(draft, node, inside_list, nested)
    _without_roles(draft)
    _clashes(draft)
    _duplicates(draft)


def _all_fields(root: Map) -> Iterator[tuple[Map, bool, bool]]:
    """Fields of deals, artifacts, events and list entries: the node, whether in a list's entry, whether in anything."""
    waiting: list[tuple[Node | None, bool, bool]] = [(root.get("fields"), False, False)]
    for section in ("artifacts", "events"):
        waiting += [(node.get("fields"), False, True) for _, node in v.entries(root.get(section))]
    while waiting:
        holder, inside, nested = waiting.pop()
        for _, node in v.entries(holder):
            yield node, inside, nested
            waiting.append((node.get("of"), True, True))


def _without_roles(draft: Draft) -> None:
    """Roles may come from a parent or a library, so that only the whole tells whether there are any."""
    root = draft.root
    if not draft.is_overlay and "roles" not in root.values and "roles" not in draft.walk.dropped:
        draft.walk.wrong("missing-key", root, "The key `roles` is missing here", "此处缺少键 `roles`")


def _field(draft: Draft, node: Map, inside_list: bool, nested: bool) -> None:
    kind = v.word(node.get("type"))
    if not kind:
        return  # already found: missing, or not a type
    wrong = draft.walk.wrong
    for key, types in _ONLY.items():
        if key in node.keys and kind not in types:
            only = ", ".join(types)
            wrong(
                "misplaced-key", node.keys[key], f"`{key}` belongs to the types {only}, not to {kind}",
                f"`{key}` 只适用于类型 {only}，不适用于 {kind}",
            )  # fmt: skip
    needed = _NEEDS.get(kind)
    if needed and needed not in node.values and needed not in draft.walk.dropped:
        wrong("missing-key", node, f"A {kind} needs the key `{needed}`", f"类型 {kind} 需要键 `{needed}`")
    _of(draft, node, kind)
    _formula(draft, node, kind, nested)
    if kind == "list" and inside_list:
        wrong("bad-value", node.values["type"], "A list inside a list is not supported", "不支持列表中的列表")
    if kind != "confirmation":
        for actor in v.scalars(node.get("by")):
            if actor.text == BUYER:
                wrong("undeclared-role", actor, "`buyer` may act in events and confirmations only",
                      "`buyer` 只能用于事件和确认")  # fmt: skip
    if kind in _BOUNDED:
        _bounds(draft, node, kind)


def _of(draft: Draft, node: Map, kind: str) -> None:
    """`of` holds fields for a list, the name of a type of record for a record."""
    of = node.get("of")
    if of is not None and kind in ("list", "record") and (kind == "record") != isinstance(of, Scalar):
        en, zh = ("the name of a type of record", "档案类型的名称") if kind == "record" else ("fields", "字段")
        draft.walk.wrong("wrong-type", of, f"`of` of a {kind} holds {en}", f"类型 {kind} 的 `of` 应为{zh}")


def _formula(draft: Draft, node: Map, kind: str, nested: bool) -> None:
    if "formula" not in node.keys:
        return
    if nested or kind not in _COMPUTED:
        en = "an artifact, event or list entry" if nested else f"a {kind}"
        draft.walk.wrong(
            "misplaced-key", node.keys["formula"], f"A formula belongs to a field of the deal, not to {en}",
            "公式只用于项目自身的字段，且类型须能计算得出",
        )  # fmt: skip
        return
    for key in _UNSET:
        if key in node.keys:
            draft.walk.wrong(
                "misplaced-key", node.keys[key], f"`{key}` does not go with `formula`: nobody sets this field",
                f"`{key}` 不能与 `formula` 同时使用：此字段无人填写",
            )  # fmt: skip


def _bounds(draft: Draft, node: Map, kind: str) -> None:
    wants_number = kind in ("number", "money")
    ends = [node.get("min"), node.get("max")]
    for end in ends:
        if isinstance(end, Scalar) and (v.number(end) is not None) != wants_number:
            en, zh = ("a number", "数字") if wants_number else ("an ISO date", "ISO 日期")
            draft.walk.wrong("bad-value", end, f"A {kind} is bounded by {en}", f"{kind} 的界限应为{zh}")
            return
    low, high = ends
    if isinstance(low, Scalar) and isinstance(high, Scalar):
        least, most = (v.number(low), v.number(high)) if wants_number else (low.text, high.text)
        if least is not None and most is not None and least > most:  # type: ignore[operator]  # both of one kind
            draft.walk.wrong("bad-value", high, "The maximum is below the minimum", "最大值小于最小值")


def _clashes(draft: Draft) -> None:
    """Fields, artifacts, functions and the deal's own names share one namespace."""
    fields, artifacts = draft.root.get("fields"), draft.root.get("artifacts")
    taken: dict[str, Text] = dict.fromkeys((*OWN, *_KEYWORDS), Text("a name of the language", "语言自带的名称"))
    taken |= dict.fromkeys((*BUILT_IN, *draft.functions), Text("a function", "函数"))
    if isinstance(fields, Map):
        for name, node in fields.items():
            kind = v.word(node.get("type")) if isinstance(node, Map) else ""
            if name.text in taken:
                _clash(draft, name, taken[name.text])
            elif kind and kind != _RETYPABLE.get(name.text, kind):
                own = _RETYPABLE[name.text]
                draft.walk.wrong(
                    "name-clash", name, f"Every deal has a field `{name.text}` of type {own}; it keeps that type",
                    f"每个项目都有类型为 {own} 的字段 `{name.text}`，其类型不能更改",
                )  # fmt: skip
    own_fields = Text("a field of every deal", "每个项目自带的字段")
    declared = Text("a field", "字段")
    if isinstance(artifacts, Map):
        for name in artifacts.keys.values():
            if name.text in taken:
                _clash(draft, name, taken[name.text])
            elif name.text in _RETYPABLE:
                _clash(draft, name, own_fields)
            elif isinstance(fields, Map) and name.text in fields.values:
                _clash(draft, name, declared)
    _related_names(draft, taken)
    outcomes = draft.root.get("outcomes")
    if isinstance(outcomes, Map):
        stages = {name.text for name, _ in draft.stages()}
        for name in outcomes.keys.values():
            if name.text in stages:
                _clash(draft, name, Text("a stage", "阶段"))


def _related_names(draft: Draft, taken: dict[str, Text]) -> None:
    """Related deals and the subject are read by name as fields are; a field may not take another one's old id."""
    fields, artifacts = draft.root.get("fields"), draft.root.get("artifacts")
    known = dict(taken)
    for section, what in ((fields, Text("a field", "字段")), (artifacts, Text("an artifact", "阶段资料"))):
        known |= dict.fromkeys(section.values if isinstance(section, Map) else (), what)
    known |= dict.fromkeys((field.id for field in DEAL_FIELDS), Text("a field of every deal", "每个项目自带的字段"))
    subject = draft.root.get("subject")
    if isinstance(subject, Scalar):
        if subject.text in known:
            _clash(draft, subject, known[subject.text])
        known[subject.text] = Text("the subject", "所属档案")
    related = draft.root.get("related")
    for name in related.keys.values() if isinstance(related, Map) else ():
        if name.text in known:
            _clash(draft, name, known[name.text])
    for _, node in v.entries(fields):
        old = node.get("renamed_from")
        if isinstance(old, Scalar) and isinstance(fields, Map) and old.text in fields.values:
            _clash(draft, old, Text("a field", "字段"))


def _clash(draft: Draft, name: Scalar, with_what: Text) -> None:
    draft.walk.wrong(
        "name-clash", name, f"`{name.text}` is already {with_what.en}", f"`{name.text}` 已是{with_what.zh}的名称"
    )


def _duplicates(draft: Draft) -> None:
    stages = draft.stages()
    _once(draft, [name for name, _ in stages])
    everywhere = draft.root.get("exit_criteria")
    common = everywhere.keys if isinstance(everywhere, Map) else {}
    for _, node in stages:
        decision = node.get("decision")
        if isinstance(decision, Map):
            names = [branch.get("id") for branch in v.maps(decision.get("branches"))]
            _once(draft, [name for name in names if isinstance(name, Scalar)])
        own = node.get("exit_criteria")
        if isinstance(own, Map) and common:
            for name, key in own.keys.items():
                if name in common:
                    _again(draft, key, common[name])
    for approvals in draft.approval_lists():
        _once_approval(draft, approvals)


def _once_approval(draft: Draft, approvals: Sequence[Map]) -> None:
    first: dict[str, Map] = {}
    for node in approvals:
        name = approval_id(node)
        if name and first.setdefault(name, node) is not node:
            at = node.get("id") or node.get("by") or node
            draft.walk.wrong(
                "duplicate-id", at, f"The approval `{shown(name)}` is already on line {first[name].line}",
                f"审批 `{shown(name)}` 在第 {first[name].line} 行已经出现",
                Text("give it an `id` of its own", "请为其写明 `id`"),
            )  # fmt: skip


def _once(draft: Draft, names: Sequence[Scalar]) -> None:
    first: dict[str, Scalar] = {}
    for name in names:
        if first.setdefault(name.text, name) is not name:
            _again(draft, name, first[name.text])


def _again(draft: Draft, name: Scalar, first: Scalar) -> None:
    draft.walk.wrong(
        "duplicate-id", name,
        f"`{shown(name.text)}` is here a second time, on line {name.line}; the first is on line {first.line}",
        f"`{shown(name.text)}` 重复出现：第 {name.line} 行与第 {first.line} 行",
    )  # fmt: skip
