"""Schemas as editors want them: one document, what a workspace offers merged in, descriptions in both languages."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct

from dealwright.definition.child_schema import child_schema
from dealwright.definition.codes import FINDING_CODES
from dealwright.definition.diagram.wording import PHASES, STATUS
from dealwright.definition.rules import is_fixed
from dealwright.definition.schema import document
from dealwright.hookspecs import CriterionKind
from dealwright.model.text import Text

_CHINESE = re.compile("[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
_JOINT = "."  # between the file that a definition comes from and its name there
_WORDS: dict[str, Text] = {
    **PHASES, **STATUS,
    "text": Text("any text", "任意文本"), "number": Text("a number", "数字"),
    "boolean": Text("true or false", "true 或 false"), "date": Text("a day", "日期"), "month": Text("a month", "月份"),
    "datetime": Text("a moment", "时刻"), "money": Text("an amount with its currency", "金额（含币种）"),
    "choice": Text("one of `values`", "`values` 之一"),
    "list": Text("entries with the fields of `of`", "列表，各项字段见 `of`"),
    "file": Text("an attached file", "附件"), "person": Text("somebody of the team", "团队成员"),
    "stakeholder": Text("somebody on the buyer's side", "客户方干系人"),
    "confirmation": Text("who confirmed it", "确认人"), "record": Text("a record, such as an account", "档案，如客户"),
    "mail": Text("a mail", "邮件"), "document": Text("a document", "文件"),
    "signed_document": Text("a signed document", "已签署的文件"),
    "block": Text("keeps the deal", "阻止推进"), "warn": Text("only tells", "仅提醒"),
    "error": Text("fails the validation", "校验失败"), "warning": Text("is told", "给出警告"),
    "off": Text("is not told", "不提示"),
    "queue": Text("waits until the other has left", "排队等候"), "refuse": Text("is refused", "不予执行"),
    "omitted": Text("not in the forecast", "不计入预测"), "pipeline": Text("in the pipeline", "管道"),
    "best_case": Text("if all goes well", "乐观"), "commit": Text("promised", "承诺"), "closed": Text("won", "已成交"),
    "approve": Text("counts as approved", "视为批准"), "reject": Text("counts as rejected", "视为驳回"),
    "expire": Text("the version has to be made anew", "失效，须重新提交"),
}  # fmt: skip


class Offer(Struct, frozen=True):
    """What a workspace has that schemas can name: titles by id."""

    methodologies: Mapping[str, Text] = {}
    records: Mapping[str, Text] = {}
    processes: Mapping[str, Text] = {}
    plugins: Mapping[str, Text] = {}
    kinds: Mapping[str, CriterionKind] = {}


def in_both(description: str) -> tuple[str, str]:
    """The English and the Chinese half of a description; the Chinese begins behind an English full stop."""
    first = _CHINESE.search(description)
    cut = description.rfind(". ", 0, first.start()) if first else -1
    return (description, "") if cut < 0 else (description[: cut + 1], description[cut + 2 :])


def schema_for_editors(kind: str, offer: Offer | None = None) -> dict[str, Any]:
    """The JSON Schema of a kind of file, for completion, checks and hover; `child` is a process that extends another.

    It refers to no other file. Each description says the same in English and Chinese; values of closed
    lists are explained; our own `x-` words are left out. What `offer` holds can be completed: a
    methodology that it lacks is an error, as it is to validation.
    """
    file = "process" if kind == "child" else kind
    made = _whole(file)
    if offer is not None:
        _merge(made, file, offer)
    if kind in ("workspace", "lint"):
        _with_codes(made)
    _quietened(made)
    cleaned: dict[str, Any] = _cleaned(made)
    return child_schema(cleaned) if kind == "child" else cleaned


def _whole(kind: str) -> dict[str, Any]:
    """The document, with the definitions of other documents that it refers to under names of their own."""
    made: dict[str, Any] = copy.deepcopy(document(kind))
    definitions = made.setdefault("$defs", {})
    _rewrite(made, kind, kind)
    while True:
        lacking = sorted(name for name in _named(made) if name not in definitions)
        if not lacking:
            return made
        for name in lacking:
            other, _, key = name.partition(_JOINT)
            definition = copy.deepcopy(document(other)["$defs"][key])
            _rewrite(definition, other, kind)
            definitions[name] = definition


def _rewrite(schema: Any, home: str, kind: str) -> None:
    """Make every reference in `schema`, which stands in the file `home`, one into the document of `kind`."""
    for one in _nodes(schema):
        reference = one.get("$ref")
        if isinstance(reference, str) and not (home == kind and reference.startswith("#")):
            file, _, key = reference.partition("#/$defs/")
            other = file.removesuffix(".schema.json") or home
            one["$ref"] = f"#/$defs/{key if other == kind else other + _JOINT + key}"


def _named(schema: Any) -> set[str]:
    references = (one.get("$ref") for one in _nodes(schema))
    inner = (ref for ref in references if isinstance(ref, str) and ref.startswith("#/$defs/"))
    return {ref.removeprefix("#/$defs/") for ref in inner}


def _nodes(schema: Any) -> Iterator[dict[str, Any]]:
    """Every map in a schema, the schema itself among them; not those of its examples."""
    if isinstance(schema, dict):
        yield schema
        for key, value in schema.items():
            if key != "examples":
                yield from _nodes(value)
    elif isinstance(schema, list):
        for value in schema:
            yield from _nodes(value)


def _merge(made: dict[str, Any], kind: str, offer: Offer) -> None:
    if kind == "workspace":
        _suggest(made["properties"]["plugins"]["items"], offer.plugins)
        _suggest_keys(made["properties"]["methodologies"], offer.processes)
        _close(made["properties"]["methodologies"]["additionalProperties"], offer.methodologies)
        return
    if offer.kinds:
        _with_kinds(made, offer.kinds)
    if "methodologies" in made.get("properties", {}):
        _close(made["properties"]["methodologies"], offer.methodologies)
    for one in list(_nodes(made)):
        named = one.get("x-names")
        if named == "record":
            _suggest(one, offer.records)
        elif named == "process":
            _suggest(one, offer.processes)


def _with_kinds(made: dict[str, Any], kinds: Mapping[str, CriterionKind]) -> None:
    """Offer plugins' kinds of criterion, and for each the parameters that it takes."""
    for one in list(_nodes(made)):
        properties = one.get("properties")
        if isinstance(properties, dict) and "use" in properties and "with" in properties:
            one["allOf"] = [
                {
                    "if": {"required": ["use"], "properties": {"use": {"const": name}}},
                    "then": {"properties": {"with": copy.deepcopy(kind.schema)}},
                }
                for name, kind in kinds.items()
            ]
            reference = properties["use"].pop("$ref", None)
            if reference is not None:
                properties["use"] |= {"type": "string", **_values({name: kind.title for name, kind in kinds.items()})}


def _close(listed: dict[str, Any], known: Mapping[str, Text]) -> None:
    """Let a list take none but these."""
    if known:
        listed["items"] = {"type": "string", **_values(known)}


def _suggest(one: dict[str, Any], known: Mapping[str, Text]) -> None:
    """Offer these where any name that fits is taken."""
    if known:
        open_ = {key: one.pop(key) for key in ("pattern", "minLength", "maxLength") if key in one}
        one["anyOf"] = [{"type": "string", **_values(known)}, {"type": "string", **open_}]


def _suggest_keys(one: dict[str, Any], known: Mapping[str, Text]) -> None:
    inner = one["additionalProperties"]
    one["properties"] = {
        name: {**inner, "title": name, "description": f"{title.en}. {title.zh}。"} for name, title in known.items()
    }


def _values(known: Mapping[str, Text]) -> dict[str, Any]:
    return {"enum": list(known), "enumDescriptions": [_spoken(title) for title in known.values()]}


def _spoken(text: Text) -> str:
    return text.en if text.en == text.zh else f"{text.en} · {text.zh}"


def _with_codes(made: dict[str, Any]) -> None:
    """Name every rule that can be changed, with what it is about."""
    for name, definition in made["$defs"].items():
        if name.rpartition(_JOINT)[2] == "rules":
            level = definition["additionalProperties"]
            definition["properties"] = {
                code: {**level, "title": code, "description": f"{about.explanation.en} {about.explanation.zh}"}
                for code, about in sorted(FINDING_CODES.items())
                if not is_fixed(code)
            }


def _quietened(made: dict[str, Any]) -> None:
    """Leave the forms that a value may take without a title and a text of their own.

    An editor would show theirs in place of what the key is for: "the id of a role" for whoever is responsible.
    """
    for one in list(_nodes(made)):
        for word in ("oneOf", "anyOf"):
            forms = one.get(word)
            if isinstance(forms, list):
                one[word] = [_quiet(form, made) for form in forms]


def _quiet(form: dict[str, Any], made: dict[str, Any]) -> dict[str, Any]:
    reference = form.get("$ref")
    if isinstance(reference, str) and reference.startswith("#/$defs/"):
        form = {**made["$defs"][reference.removeprefix("#/$defs/")], **{k: v for k, v in form.items() if k != "$ref"}}
    return {key: value for key, value in form.items() if key not in ("title", "description", "examples")}


def _cleaned(made: dict[str, Any]) -> Any:
    """The schema without our own words, its descriptions in two paragraphs, its closed lists explained."""
    for one in list(_nodes(made)):
        for key in [key for key in one if key.startswith("x-")]:
            del one[key]
        described = one.get("description")
        if isinstance(described, str):
            english, chinese = in_both(described.partition(" Words beginning with x-")[0])
            one["description"] = one["markdownDescription"] = f"{english}\n\n{chinese}".strip()
        values = one.get("enum")
        if isinstance(values, list) and "enumDescriptions" not in one and any(value in _WORDS for value in values):
            one["enumDescriptions"] = [_spoken(_WORDS[value]) if value in _WORDS else value for value in values]
    return made
