"""Titles for ids: what a process calls its stages, roles, artifacts, fields, reasons."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

_KINDS = {
    "stage": "stages", "outcome": "outcomes", "role": "roles", "artifact": "artifacts", "field": "fields",
    "event": "events", "reason": "reasons",
}  # fmt: skip


def localized(value: Any, lang: str) -> str:
    """A title that may be plain text or `{en, zh}`."""
    if isinstance(value, Mapping):
        return str(value.get(lang) or value.get("en") or "")
    return "" if value is None else str(value)


class Names:
    """The titles of one process in one language. An id it does not know reads as itself."""

    def __init__(self, process: Mapping[str, Any], lang: str) -> None:
        self._lang = lang
        self._titles = {kind: dict(_titles(process.get(key), lang)) for kind, key in _KINDS.items()}
        self._artifact_fields = {
            identifier: dict(_titles(declared.get("fields"), lang))
            for identifier, declared in _by_id(process.get("artifacts"))
        }
        self.process = localized(process.get("title"), lang) or str(process.get("id") or "")
        self.noun = localized(process.get("noun"), lang)

    def of(self, kind: str, identifier: str | None) -> str:
        """The title of a `stage`, `role`, `artifact`, `field`, `event`, `reason` or `outcome`; empty for None."""
        if identifier is None:
            return ""
        return self._titles[kind].get(identifier, identifier)

    def fields_of(self, artifact: str) -> dict[str, str]:
        """The titles of an artifact's fields by id."""
        return self._artifact_fields.get(artifact, {})

    def place(self, identifier: str | None) -> str:
        """The title of a stage or an outcome, whichever has this id."""
        stages = self._titles["stage"]
        return self.of("stage" if identifier in stages else "outcome", identifier)


def _by_id(declared: Any) -> Iterable[tuple[str, Mapping[str, Any]]]:
    """(id, declaration) pairs, from a map by id or from a list of objects with ids."""
    if isinstance(declared, Mapping):
        for identifier, value in declared.items():
            yield str(identifier), value if isinstance(value, Mapping) and "title" in value else {"title": value}
    else:
        for value in declared or ():
            yield str(value["id"]), value


def _titles(declared: Any, lang: str) -> Iterable[tuple[str, str]]:
    for identifier, value in _by_id(declared):
        yield identifier, localized(value.get("title"), lang) or identifier
