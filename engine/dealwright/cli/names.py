"""Titles for ids: what a process calls its stages, roles, artifacts, fields, values, reasons."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dealwright.model.process import Field, Process

Titles = dict[str, str]


def localized(value: Any, lang: str) -> str:
    """A title that may be plain text or `{en, zh}`."""
    if isinstance(value, Mapping):
        return str(value.get(lang) or value.get("en") or "")
    return "" if value is None else str(value)


class Names:
    """The titles of one process in one language. An id it does not know reads as itself."""

    def __init__(self, process: str = "") -> None:
        self.process = process
        self.stages: Titles = {}
        self.outcomes: Titles = {}
        self.roles: Titles = {}
        self.artifacts: Titles = {}
        self.fields: Titles = {}
        self.events: Titles = {}
        self.reasons: Titles = {}
        self.artifact_fields: dict[str, Titles] = {}
        self.values: dict[str, Titles] = {}

    def stage(self, identifier: str | None) -> str:
        """A stage's title."""
        return _known(self.stages, identifier)

    def place(self, identifier: str | None) -> str:
        """The title of a stage or an outcome, whichever has this id."""
        return _known(self.stages if identifier in self.stages else self.outcomes, identifier)

    def role(self, identifier: str | None) -> str:
        """A role's title."""
        return _known(self.roles, identifier)

    def artifact(self, identifier: str | None) -> str:
        """The title of an artifact's kind; a further one of a kind keeps its number."""
        if identifier is None or identifier in self.artifacts:
            return _known(self.artifacts, identifier)
        kind, _, number = identifier.rpartition("-")
        return f"{self.artifacts[kind]} {number}" if kind in self.artifacts else identifier

    def field(self, identifier: str | None) -> str:
        """A field's title."""
        return _known(self.fields, identifier)

    def event(self, identifier: str | None) -> str:
        """The title of an event kind or of a common activity."""
        return _known(self.events, identifier)

    def reason(self, identifier: str | None) -> str:
        """A reason's title."""
        return _known(self.reasons, identifier)

    def fields_of(self, artifact: str) -> Titles:
        """The titles of an artifact's fields by id."""
        return self.artifact_fields.get(artifact, {})

    def value(self, field: str, value: Any) -> Any:
        """A choice's title; any other value as it is."""
        return self.values.get(field, {}).get(value, value) if isinstance(value, str) else value


def _known(titles: Titles, identifier: str | None) -> str:
    return "" if identifier is None else titles.get(identifier, identifier)


def names_of(process: Process, lang: str) -> Names:
    """The titles of a definition, as a deal is bound to it."""
    from dealwright.model.layout import COMMON_ACTIVITIES, DEAL_FIELDS

    names = Names(process.title.say(lang))
    fields = (*DEAL_FIELDS, *process.fields)
    names.stages = {stage.id: stage.title.say(lang) for stage in process.stages}
    names.outcomes = {key: outcome.title.say(lang) for key, outcome in process.outcomes.items()}
    names.roles = {"buyer": "客户" if lang == "zh" else "the buyer"}
    names.roles |= {key: role.title.say(lang) for key, role in process.roles.items()}
    names.artifacts = {kind.id: kind.title.say(lang) for kind in process.artifacts}
    names.artifact_fields = {kind.id: _fields(kind.fields, lang) for kind in process.artifacts}
    names.fields = _fields(fields, lang)
    names.values = {
        field.id: {value: title.say(lang) for value, title in field.values.items()} for field in fields if field.values
    }
    names.events = {key: title.say(lang) for key, title in COMMON_ACTIVITIES.items()}
    names.events |= {kind.id: kind.title.say(lang) for kind in process.events}
    for outcome in process.outcomes.values():
        names.reasons |= {key: title.say(lang) for key, title in outcome.reasons.items()}
    return names


def _fields(fields: Iterable[Field], lang: str) -> Titles:
    return {field.id: field.title.say(lang) for field in fields}


def names_in(shown: Mapping[str, Any], lang: str) -> Names:
    """The titles of a process as `process show` gives it."""
    names = Names(localized(shown.get("title"), lang) or str(shown.get("id") or ""))
    for kind in ("stages", "roles", "artifacts", "fields", "events", "reasons", "outcomes"):
        setattr(
            names, kind, {key: localized(value.get("title"), lang) or key for key, value in _by_id(shown.get(kind))}
        )
    return names


def _by_id(declared: Any) -> Iterable[tuple[str, Mapping[str, Any]]]:
    """(id, declaration) pairs, from a map by id or from a list of objects with ids."""
    if isinstance(declared, Mapping):
        for identifier, value in declared.items():
            yield str(identifier), value if isinstance(value, Mapping) and "title" in value else {"title": value}
    else:
        for value in declared or ():
            yield str(value["id"]), value
