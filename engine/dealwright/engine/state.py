"""A deal as the document that a store keeps, and back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_type_hints

import msgspec

from dealwright.model.deal import Artifact, Deal, Fact, Stakeholder
from dealwright.model.layout import STAKEHOLDER_FIELDS, Layout
from dealwright.model.values import all_to_json, revive_all

# What needs the declarations of a definition to be read back is kept by name, not by position,
# so that a document can be read by people and by queries.
_BY_NAME = frozenset({"layout", "values", "artifacts", "facts", "stakeholders"})
_SELDOM = ("subject", "work")  # left out where there is nothing: most deals have neither
_PLAIN = {name: kind for name, kind in get_type_hints(Deal).items() if name not in _BY_NAME}
_DEFAULTS = {field.name: field.default for field in msgspec.structs.fields(Deal)}
_PLAIN_READER = msgspec.defstruct(
    "DealDocument", [(name, kind, _DEFAULTS[name]) for name, kind in _PLAIN.items()], kw_only=True
)


def to_document(deal: Deal) -> dict[str, Any]:
    """The deal as plain JSON data, with the keys by which stores filter."""
    layout = deal.layout
    document = {name: msgspec.to_builtins(getattr(deal, name)) for name in _PLAIN}
    for name in _SELDOM:
        if not document[name]:
            del document[name]
    document["process"] = layout.process
    document["process_version"] = layout.process_version
    document["definition_hash"] = layout.definition_hash
    document["fields"] = all_to_json(layout.fields, deal.values)
    document["artifacts"] = {
        kind.id: [
            {**msgspec.to_builtins(one), "values": all_to_json(kind.fields, one.values)}
            for one in deal.artifacts[at]
        ]
        for kind, at in zip(layout.artifacts, range(len(layout.artifacts)), strict=True)
        if deal.artifacts[at]
    }  # fmt: skip
    document["facts"] = [{**msgspec.to_builtins(fact), "values": _fact_values(layout, fact)} for fact in deal.facts]
    document["stakeholders"] = [
        {"id": one.id, "values": all_to_json(STAKEHOLDER_FIELDS, one.values)} for one in deal.stakeholders
    ]
    return document


def from_document(layout: Layout, document: Mapping[str, Any]) -> Deal:
    """The deal of a document. Raises msgspec.ValidationError for what is no deal's document."""
    # A document of an earlier release lacks what was not known yet.
    own_data = {name: document[name] for name in _PLAIN if name in document}
    if not own_data.get("work"):
        own_data.pop("work", None)  # all deals without any share one
    plain = msgspec.convert(own_data, _PLAIN_READER)
    values = revive_all(layout.fields, document["fields"])
    artifacts = tuple(
        tuple(
            msgspec.structs.replace(
                msgspec.convert({**one, "values": ()}, Artifact), values=revive_all(kind.fields, one["values"])
            )
            for one in document["artifacts"].get(kind.id, ())
        )
        for kind in layout.artifacts
    )
    facts = tuple(
        msgspec.structs.replace(
            msgspec.convert({**one, "values": ()}, Fact),
            values=revive_all(layout.events[one["kind"]].fields, one["values"]) if one["kind"] in layout.events else (),
        )
        for one in document["facts"]
    )
    people = tuple(
        Stakeholder(one["id"], revive_all(STAKEHOLDER_FIELDS, one["values"])) for one in document["stakeholders"]
    )
    own = {name: getattr(plain, name) for name in _PLAIN}
    return Deal(layout, **own, values=values, artifacts=artifacts, facts=facts, stakeholders=people)


def _fact_values(layout: Layout, fact: Fact) -> dict[str, Any]:
    kind = layout.events.get(fact.kind)
    return all_to_json(kind.fields, fact.values) if kind else {}
