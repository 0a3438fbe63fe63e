"""Whether the value of an expression fits the field that it is meant for."""

from __future__ import annotations

import re
from collections.abc import Mapping

from dealwright.definition.draft import Draft
from dealwright.definition.finding import shown
from dealwright.definition.nodes import Scalar
from dealwright.guards.tree import Constant, Node, Place
from dealwright.model.process import Field
from dealwright.model.text import Text

# Types of expressions that a field of a type takes as they are.
_TAKES: Mapping[str, tuple[str, ...]] = {
    "text": ("text", "choice"),
    "number": ("number",),
    "money": ("money", "number"),
    "boolean": ("boolean",),
    "choice": ("choice", "text"),
    "date": ("date",),
    "month": ("month",),
    "datetime": ("datetime",),
    "person": ("person",),
    "stakeholder": ("stakeholder",),
    "record": ("record",),
}
_WRITTEN = {"date": re.compile(r"\d{4}-\d{2}-\d{2}"), "month": re.compile(r"\d{4}-\d{2}")}
_BY_HAND = Text("such a field is filled by people alone", "此类字段只能由人填写")


def misfit(draft: Draft, node: Scalar, tree: Node, field: Field, *, compared: bool = False) -> None:
    """The finding where the value of `tree` can never be one of `field`; of a choice, its texts count too.

    Where the two are only `compared`, a formula is a value like others, and so are choices that share a value.
    """
    if tree.type == "any":
        return
    if field.formula and not compared:
        draft.walk.wrong(
            "unfit-value", node, f"`{field.id}` has a formula, so nothing else sets it",
            f"`{field.id}` 由公式得出，不能另行赋值",
        )  # fmt: skip
        return
    taken = _TAKES.get(field.type)
    if field.personal:
        en, zh = f"`{field.id}` is personal: people set it, and nothing is compared with it", "由人填写，不参与比较"
        draft.walk.wrong("unfit-value", node, en, f"`{field.id}` 为个人信息：{zh}")
    elif taken is None:
        _wrong(draft, node, tree, field, _BY_HAND)
    elif isinstance(tree, Constant) and tree.type == "text" and field.type in _WRITTEN:
        if not _WRITTEN[field.type].fullmatch(str(tree.value)):
            _wrong(draft, node, tree, field)
    elif tree.type not in taken:
        _wrong(draft, node, tree, field)
    elif field.type == "choice":
        _choice(draft, node, tree, field, compared)
    elif field.type == "record" and isinstance(tree, Place) and tree.field.record not in ("", field.record):
        _wrong(draft, node, tree, field)


def _choice(draft: Draft, node: Scalar, tree: Node, field: Field, compared: bool) -> None:
    """Every text that the expression may give is a value of the choice."""
    given: list[str] = []
    if isinstance(tree, Constant):
        given = [str(tree.value)]
    elif isinstance(tree, Place) and tree.field.type == "choice":
        given = list(tree.field.values)
        if compared and field.values.keys() & tree.field.values.keys():
            return
    for value in given:
        if value not in field.values:
            draft.walk.wrong(
                "unfit-value", node, f"`{shown(value)}` is no value of `{field.id}`",
                f"`{shown(value)}` 不是 `{field.id}` 的取值", draft.walk.suggest(value, list(field.values)),
            )  # fmt: skip
            return


def _wrong(draft: Draft, node: Scalar, tree: Node, field: Field, hint: Text | None = None) -> None:
    draft.walk.wrong(
        "unfit-value", node, f"`{field.id}` takes a {field.type}, this is a {tree.type}",
        f"`{field.id}` 的类型为 {field.type}，而这是 {tree.type}", hint,
    )  # fmt: skip
