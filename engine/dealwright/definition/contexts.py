"""Expressions that are asked of something else than the deal as it stands, or whose value has to fit a place.

Of every entry of a list (`for_each`), of another deal (`if` of related deals), or for a field.
"""

from __future__ import annotations

from collections.abc import Iterator

from dealwright.definition import values as v
from dealwright.definition.draft import Draft
from dealwright.definition.fitting import misfit
from dealwright.definition.nodes import Map, Node, Scalar
from dealwright.definition.problems import report
from dealwright.definition.texts import check_texts
from dealwright.guards.checker import checked
from dealwright.guards.each import check_each, each_tree
from dealwright.guards.formulas import check_formula
from dealwright.guards.scope import Scope
from dealwright.guards.tree import Node as Tree
from dealwright.model.layout import DEAL_FIELDS, Layout
from dealwright.model.process import Field, Process
from dealwright.model.text import Text

# What a related deal can be matched by besides its fields.
MATCHED = {
    "subject": Field("subject", "text", Text("Subject", "所属档案")),
    "parent_deal": Field("parent_deal", "text", Text("Parent deal", "上级项目")),
    "owner": Field("owner", "person", Text("Owner", "负责人")),
}


def check_contexts(draft: Draft, scope: Scope) -> tuple[dict[str, Tree | None], set[int]]:
    """Take all findings of such expressions.

    Gives the trees of `for_each` criteria by their conditions' sources, and the identities
    of the nodes that were judged here and mean nothing elsewhere.
    """
    trees: dict[str, Tree | None] = {}
    judged: set[int] = set()
    _formulas(draft, scope)
    for criterion in all_criteria(draft.root):
        source, condition, applies = (criterion.get(key) for key in ("for_each", "condition", "if"))
        if isinstance(source, Scalar) and isinstance(condition, Scalar):
            found = check_each(source.text, v.word(applies), condition.text, scope)
            for node, problems in ((source, found.for_each), (applies, found.applies), (condition, found.condition)):
                if isinstance(node, Scalar):
                    report(draft, node, problems)
                    judged.add(id(node))
            trees[condition.text] = each_tree(source.text, v.word(applies), condition.text, scope)
    for name, node in v.entries(draft.root.get("related")):
        _related(draft, scope, name, node)
    for automation in all_automations(draft.root):
        then = automation.get("then")
        if isinstance(then, Map):
            _effects(draft, scope, then)
    check_texts(draft, scope)
    return trees, judged


def all_criteria(root: Map) -> Iterator[Map]:
    """Every criterion of a file and every part of one, wherever it stands."""
    waiting = criteria_sections(root)
    while waiting:
        for _, criterion in v.entries(waiting.pop()):
            yield criterion
            waiting.append(criterion.get("of"))


def criteria_sections(root: Map) -> list[Node | None]:
    """The criteria of a file, of its stages and phases, as they stand."""
    holders = [root, *v.maps(root.get("stages")), *(node for _, node in v.entries(root.get("phases")))]
    return [holder.get(key) for holder in holders for key in ("entry_criteria", "exit_criteria")]


def all_automations(root: Map) -> Iterator[Map]:
    """Every automation of a file, and of its stages."""
    for holder in (root, *v.maps(root.get("stages"))):
        yield from (node for _, node in v.entries(holder.get("automations")))


def theirs(draft: Draft, name: str) -> Process | None:
    """The process (or type of record) of this id, this one itself included; None where it is not known."""
    if name == draft.process.id:
        return draft.process
    return draft.processes[name] if draft.processes is not None and name in draft.processes else None


def fields_of(process: Process) -> dict[str, Field]:
    """What a deal of a process has, declared or not."""
    return {field.id: field for field in (*DEAL_FIELDS, *process.fields)}


def _related(draft: Draft, scope: Scope, name: str, node: Map) -> None:
    other = theirs(draft, v.word(node.get("process")))
    if other is None:
        draft.walk.dropped.add(name)  # what is read of it cannot be judged
        return
    condition, match = node.get("if"), node.get("match")
    if isinstance(condition, Scalar):
        their_scope = scope if other is draft.process else Scope(Layout(other), draft.functions)
        report(draft, condition, checked(condition.text, their_scope, "condition")[1])
    fields = fields_of(other) | MATCHED
    for key, value in match.items() if isinstance(match, Map) else ():
        field = _declared(draft, key, fields, other)
        if key.text == "subject" and not other.subject:
            draft.walk.wrong(
                "unfit-field", key, f"Deals of `{other.id}` belong to no record", f"`{other.id}` 的项目不属于任何档案"
            )
        elif field is not None and isinstance(value, Scalar):
            tree = checked(value.text, scope, "value")[0]
            if tree is not None and not (key.text in MATCHED and tree.type in ("record", "text", "person")):
                misfit(draft, value, tree, field, compared=True)


def _bound_to(process: Process) -> str:
    """The type of record that a follow-on deal is bound to where the file names none; a record's own is itself."""
    return process.id if process.record else process.subject


def _effects(draft: Draft, scope: Scope, then: Map) -> None:
    own = fields_of(draft.process)
    given = then.get("set")
    for key, value in given.items() if isinstance(given, Map) else ():
        if isinstance(value, Scalar):
            _assigned(draft, scope, value, own.get(key.text))
    opened = then.get("open")
    if not isinstance(opened, Map):
        return
    other = theirs(draft, v.word(opened.get("process")))
    given, subject = opened.get("set"), opened.get("subject")
    if other is not None:
        _required(draft, opened, other)
    for key, value in given.items() if isinstance(given, Map) else ():
        field = _declared(draft, key, fields_of(other), other) if other is not None else None
        if isinstance(value, Scalar):
            _assigned(draft, scope, value, field)
    if isinstance(subject, Scalar) and other is not None:
        _subject(draft, scope, subject, other)
    elif other is not None and other.subject not in ("", _bound_to(draft.process)) and "subject" not in then.keys:
        draft.walk.wrong(
            "missing-key", opened, f"Deals of `{other.id}` belong to a record of type {other.subject}: say `subject`",
            f"`{other.id}` 的项目须属于 {other.subject} 档案，请写明 `subject`",
        )  # fmt: skip


def _required(draft: Draft, opened: Map, other: Process) -> None:
    """A deal is not opened without what its process requires."""
    given = opened.get("set")
    known = given.keys if isinstance(given, Map) else {}
    for field in other.fields:
        if field.required and field.id not in known and "set" not in draft.walk.dropped:
            draft.walk.wrong(
                "missing-key", given or opened, f"Deals of `{other.id}` are not opened without `{field.id}`: set it",
                f"建立 `{other.id}` 的项目必须有 `{field.id}`，请在 set 中写明",
            )  # fmt: skip


def _subject(draft: Draft, scope: Scope, node: Scalar, other: Process) -> None:
    tree = checked(node.text, scope, "value")[0]
    if tree is None:
        return  # found in its own place
    kind = getattr(getattr(tree, "of", None), "type", "") or getattr(getattr(tree, "field", None), "record", "")
    if not other.subject:
        draft.walk.wrong(
            "unfit-value", node, f"Deals of `{other.id}` belong to no record", f"`{other.id}` 的项目不属于任何档案"
        )
    elif tree.type not in ("record", "any") or (kind and kind != other.subject):
        draft.walk.wrong(
            "unfit-value", node, f"Deals of `{other.id}` belong to a record of type {other.subject}",
            f"`{other.id}` 的项目须属于 {other.subject} 档案",
        )  # fmt: skip


def _declared(draft: Draft, key: Scalar, fields: dict[str, Field], other: Process) -> Field | None:
    field = fields.get(key.text)
    if field is None:
        draft.walk.wrong(
            "undeclared-field", key, f"`{other.id}` declares no field `{key.text}`",
            f"`{other.id}` 没有声明字段 `{key.text}`", draft.walk.suggest(key.text, list(fields)),
        )  # fmt: skip
    return field


def _assigned(draft: Draft, scope: Scope, node: Scalar, field: Field | None) -> None:
    tree, problems = checked(node.text, scope, "value")
    report(draft, node, problems)
    if tree is not None and field is not None:
        misfit(draft, node, tree, field)


def _formulas(draft: Draft, scope: Scope) -> None:
    """Each formula is told of once, in its own place, and not again where its field is used."""
    declared = {field.id: field for field in draft.process.fields}
    found = []
    for name, node in v.entries(draft.root.get("fields")):
        formula: Node | None = node.get("formula")
        if isinstance(formula, Scalar) and name in declared:
            problems = check_formula(declared[name], scope)
            whole = [problem for problem in problems if problem.length == len(formula.text)]
            report(draft, formula, whole)  # such as a circle, which names the others in it
            found.append((name, formula, [problem for problem in problems if problem not in whole]))
    draft.walk.dropped.update(name for name, _, _ in found if check_formula(declared[name], scope))
    for _, formula, problems in found:
        report(draft, formula, problems)
