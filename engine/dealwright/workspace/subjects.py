"""What a deal's log knows of a person: personal values, and files that prove what somebody did."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from dealwright.events import Record
from dealwright.workspace.personal import is_ref

_ERASURE = "personal_erased"
_FILE = {"name", "size", "sha256"}


class Mention(NamedTuple):
    """A personal value or a proof in an event: where it stands there, and of which stakeholder (None: of the deal)."""

    stakeholder: str | None
    what: str
    data: Mapping[str, Any]
    seq: int
    type: str
    at: datetime

    @property
    def is_file(self) -> bool:
        """Whether it is a file; else it is a reference to a value."""
        return not is_ref(self.data)


def mentions(records: Iterable[Record], stakeholder: str | None = None) -> list[Mention]:
    """Every personal value and every proof in a deal's log, in order; with `stakeholder`, only what is theirs.

    Theirs is what was said of them, the notes of activities that name them as contact, why such an activity was
    taken back, and the proofs of what they did or confirmed. Files of artifacts are the company's
    own papers and not among them, nor are the reasons of erasures.
    """
    contacts: dict[str, str | None] = {}
    found: list[Mention] = []
    for record in records:
        what, data = _fact(record)
        if what == _ERASURE:
            continue
        if what == "activity_logged":
            contacts[data["activity"]] = data.get("contact")
        whose = _whose(what, data, contacts)
        found.extend(
            Mention(who, path, thing, record.seq, record.type, record.at)
            for who, path, thing in _things(data, whose, ())
            if stakeholder in (None, who)
        )
    return found


def _fact(record: Record) -> tuple[str, Mapping[str, Any]]:
    if record.type == "imported":
        return record.data["what"], record.data["data"]
    return record.type, record.data


def _whose(what: str, data: Mapping[str, Any], contacts: Mapping[str, str | None]) -> str | None:
    if what in ("stakeholder_added", "stakeholder_set"):
        return str(data["stakeholder"])
    if what == "activity_logged":
        return data.get("contact")
    return contacts.get(data["activity"]) if what == "activity_voided" else None


def _things(data: Any, whose: str | None, path: tuple[str, ...]) -> Iterator[tuple[str | None, str, Mapping[str, Any]]]:
    if isinstance(data, Mapping):
        if is_ref(data) or (data.keys() == _FILE and path[-1:] == ("proof",)):
            yield whose, ".".join(path), data
            return
        inner = data.get("stakeholder")
        # A confirmation names who gave it, and holds its proof.
        who = inner if path and isinstance(inner, str) else whose
        for key, value in data.items():
            yield from _things(value, who, (*path, key))
    elif isinstance(data, list | tuple):
        for at, value in enumerate(data):
            yield from _things(value, whose, (*path, str(at)))
