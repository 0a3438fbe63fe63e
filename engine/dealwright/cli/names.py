"""Titles for ids: what a process calls its stages, roles, artifacts, fields, values, reasons."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

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
        self.tasks: Titles = {}
        self.automations: Titles = {}
        self.goals: Titles = {}  # by stage
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

    def automation(self, identifier: str | None) -> str:
        """The title of something that the process does by itself."""
        return _known(self.automations, identifier)

    def task(self, identifier: str | None) -> str:
        """The title of a task of the process."""
        return _known(self.tasks, identifier)

    def fields_of(self, artifact: str) -> Titles:
        """The titles of an artifact's fields by id."""
        return self.artifact_fields.get(artifact, {})

    def value(self, field: str, value: Any) -> Any:
        """A choice's title; any other value as it is."""
        return self.values.get(field, {}).get(value, value) if isinstance(value, str) else value


def _known(titles: Titles, identifier: str | None) -> str:
    return "" if identifier is None else titles.get(identifier, identifier)


def names_in(shown: Mapping[str, Any], lang: str) -> Names:
    """The titles of a process as `process show` gives it."""
    from dealwright.model.layout import COMMON_ACTIVITIES

    names = Names(localized(shown["title"], lang))
    names.stages = _titles(shown["stages"], lang)
    names.outcomes = _titles(shown["outcomes"], lang)
    names.roles = {"buyer": "客户" if lang == "zh" else "the buyer"} | _titles(shown["roles"], lang)
    names.artifacts = _titles(shown["artifacts"], lang)
    names.fields = _titles(shown["fields"], lang)
    names.reasons = _titles(shown["reasons"], lang)
    names.events = {key: title.say(lang) for key, title in COMMON_ACTIVITIES.items()} | _titles(shown["events"], lang)
    names.tasks = _titles(shown["tasks"], lang)
    names.automations = _titles([one for one in shown["automations"] if one["title"]], lang)
    names.goals = {stage["id"]: localized(stage["goal"], lang) for stage in shown["stages"] if stage["goal"]}
    names.artifact_fields = {artifact["id"]: _titles(artifact["fields"], lang) for artifact in shown["artifacts"]}
    for owner in (shown, *shown["artifacts"], *shown["events"]):
        _add_values(names.values, owner["fields"], lang, "" if owner is shown else owner["id"])
    return names


def _titles(declared: Iterable[Mapping[str, Any]], lang: str) -> Titles:
    return {entry["id"]: localized(entry["title"], lang) for entry in declared}


def _add_values(values: dict[str, Titles], fields: Iterable[Mapping[str, Any]], lang: str, holder: str = "") -> None:
    """The options of choices by id, and by `HOLDER.id` inside lists, artifacts and events.

    Where two fields share an id, the first counts under the id alone.
    """
    for field in fields:
        if field["values"]:
            titles = {value: localized(title, lang) for value, title in field["values"].items()}
            values.setdefault(field["id"], titles)
            if holder:
                values.setdefault(f"{holder}.{field['id']}", titles)
        _add_values(values, field["of"] or (), lang, field["id"])
