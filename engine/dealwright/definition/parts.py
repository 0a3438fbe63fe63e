"""Building what processes and overlays have in common: fields, events, artifacts, criteria."""

from __future__ import annotations

import sys
from typing import Any

from dealwright.definition import values as v
from dealwright.definition.nodes import Map, Node, Scalar, Seq
from dealwright.definition.plain import plain
from dealwright.model.process import Approval, ArtifactKind, Criterion, EventKind, Field, Rejected, Requirement
from dealwright.model.text import Prompt, Text, humanise


def fields(node: Node | None, source: str) -> tuple[Field, ...]:
    """The fields of a `fields:` map. Entries of lists and artifacts keep the same source."""
    return tuple([field(name, entry, source) for name, entry in v.entries(node)])


def field(name: str, node: Map, source: str) -> Field:
    """One field. Without a readable type it counts as text, so that expressions can still be checked."""
    kind: Any = v.word(node.get("type"), "text")
    values = v.titles(node.get("values"))
    return Field(
        id=name,
        type=kind,
        title=v.text(node.get("title"), humanise(name)),
        values={key: values[key] for key in values},
        of=fields(node.get("of"), source),
        record=v.word(node.get("of")),
        formula=v.word(node.get("formula")),
        renamed_from=v.word(node.get("renamed_from")),
        at_least=v.whole(node.get("at_least"), 0),
        required=v.flag(node.get("required")),
        min=_bound(node.get("min")),
        max=_bound(node.get("max")),
        by=v.words(node.get("by")),
        personal=v.flag(node.get("personal")),
        closes=node.get("items") is not None,
        proof=one_of(node.get("proof"), ""),
        source=source,
    )


def _bound(node: Node | None) -> float | str | None:
    found = v.number(node)
    return found if found is not None else (v.word(node) or None)


def one_of(node: Node | None, default: str) -> Any:
    """A text that the schema has already held to a closed list.

    Interned, because the canonical form leaves out a default only where it is the very
    same object: writing a default out must not change a hash.
    """
    return sys.intern(v.word(node, default))


def events(node: Node | None, source: str) -> tuple[EventKind, ...]:
    """The event kinds of an `events:` map."""
    return tuple(
        [
            EventKind(
                id=name,
                by=v.words(entry.get("by")),
                title=v.text(entry.get("title"), humanise(name)),
                fields=fields(entry.get("fields"), source),
                proof=one_of(entry.get("proof"), ""),
                source=source,
            )
            for name, entry in v.entries(node)
        ]
    )


def artifacts(node: Node | None, source: str) -> tuple[ArtifactKind, ...]:
    """The kinds of an `artifacts:` map. All but records may carry a file."""
    return tuple([_artifact(name, entry, source) for name, entry in v.entries(node)])


def _artifact(name: str, node: Map, source: str) -> ArtifactKind:
    kind = one_of(node.get("kind"), "record")
    return ArtifactKind(
        id=name,
        by=v.words(node.get("by")),
        title=v.text(node.get("title"), humanise(name)),
        kind=kind,
        file=one_of(node.get("file"), "" if kind == "record" else "optional"),
        many=v.flag(node.get("many")),
        fields=fields(node.get("fields"), source),
        approvals=approvals(node.get("approvals")),
        source=source,
    )


def approval_id(node: Map) -> str:
    """An approval's id: its own, else its first role."""
    return v.word(node.get("id")) or next(iter(v.words(node.get("by"))), "")


def approvals(node: Node | None) -> tuple[Approval, ...]:
    """The approvals of a list, in order."""
    return tuple([_approval(entry) for entry in v.maps(node)])


def _approval(node: Map) -> Approval:
    late, rejected = node.get("on_timeout"), node.get("on_reject")
    return Approval(
        id=approval_id(node),
        by=v.words(node.get("by")),
        condition=v.word(node.get("if")),
        after=v.word(node.get("after")),
        count=v.whole(node.get("count"), 1),
        four_eyes=v.flag(node.get("four_eyes")),
        within=v.duration(node.get("within")),
        on_timeout="escalate" if isinstance(late, Map) else one_of(late, ""),
        escalate_to=v.words(late.get("escalate")) if isinstance(late, Map) else (),
        on_reject=Rejected(v.word(rejected.get("to")), v.word(rejected.get("reason")))
        if isinstance(rejected, Map)
        else None,
    )


def criteria(node: Node | None) -> tuple[Criterion, ...]:
    """The criteria of a map by id."""
    return tuple([_criterion(name, entry) for name, entry in v.entries(node)])


def _criterion(name: str, node: Map) -> Criterion:
    title = v.text(node.get("title"), humanise(name))
    span = node.get("stages")
    ends = (v.word(span.get("from")), v.word(span.get("to"))) if isinstance(span, Map) else None
    return Criterion(
        id=name,
        condition=v.word(node.get("condition")),
        title=title,
        unmet=v.text(node.get("unmet"), title),
        severity=one_of(node.get("severity"), "block"),
        waivable_by=v.words(node.get("waivable_by")),
        stages=ends,
        applies=v.word(node.get("if")),
        at_least=_at_least(node.get("at_least")),
        of=criteria(node.get("of")),
        for_each=v.word(node.get("for_each")),
        use=v.word(node.get("use")),
        given=_given(node.get("with")),
    )


def _given(node: Node | None) -> dict[str, Any]:
    """The parameters of a kind of criterion, as plain data."""
    if not isinstance(node, Map):
        return {}
    found: dict[str, Any] = plain(node)
    return found


def _at_least(node: Node | None) -> int:
    """How many parts must hold; 0 for all."""
    word = v.word(node, "all")
    return 1 if word == "any" else 0 if word == "all" else v.whole(node, 0)


def requirements(node: Node | None) -> tuple[Requirement, ...]:
    """The artifacts of a `requires:` list."""
    if not isinstance(node, Seq):
        return ()
    return tuple(
        [
            Requirement(item.text)
            if isinstance(item, Scalar)
            else Requirement(v.word(item.get("artifact")), v.word(item.get("if")))
            for item in node.items
            if isinstance(item, Scalar | Map)
        ]
    )


def prompts(node: Node | None) -> tuple[Prompt, ...]:
    """The texts of a `prompts:` list, each with the condition under which it is asked."""
    if not isinstance(node, Seq):
        return ()
    return tuple([_prompt(item) for item in node.items])


def _prompt(node: Node) -> Prompt:
    said = v.text(node, Text("", ""))
    return Prompt(said.en, said.zh, v.word(node.get("if")) if isinstance(node, Map) else "")
