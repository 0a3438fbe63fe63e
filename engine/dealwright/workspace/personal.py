"""Personal values: swapped for references before a decision, put back when somebody reads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dealwright.model.canonical import canonical
from dealwright.model.deal import Ref

if TYPE_CHECKING:
    from dealwright.ports import Store


class Vault:
    """The personal values of one command, kept only if the command is."""

    def __init__(self, subject: str) -> None:
        self.subject = subject
        self.deal = subject
        self._pending: list[tuple[str, str, Any, str]] = []

    def about(self, stakeholder: str | None) -> None:
        """What is swapped from here on belongs to a stakeholder of the deal; None: to the deal as a whole."""
        self.subject = subject_of(self.deal, stakeholder)

    def swap(self, value: Any, subject: str | None = None) -> Ref:
        """A reference for `value`: a random id and a salted SHA-256, so that the log can prove but not tell it."""
        import hashlib
        import secrets

        ref, salt = secrets.token_hex(12), secrets.token_hex(16)
        self._pending.append((ref, subject or self.subject, value, salt))
        return Ref(ref, hashlib.sha256(salt.encode() + b"\n" + canonical(value)).hexdigest())

    def swap_text(self, text: str | None) -> Ref | None:
        """A reference for free text; none for nothing."""
        return self.swap(text) if text else None

    def keep(self, store: Store) -> None:
        """Write what was swapped; call it inside the command's transaction."""
        for ref, subject, value, salt in self._pending:
            store.put_personal(ref, subject, value, salt)

    def told(self) -> dict[str, Any]:
        """What was swapped, for showing a dry run."""
        return {ref: value for ref, _, value, _ in self._pending}


def subject_of(deal: str, stakeholder: str | None) -> str:
    """Under what a personal value is kept: the deal's id, or `DEAL/STAKEHOLDER`."""
    return f"{deal}/{stakeholder}" if stakeholder else deal


def is_ref(data: Any) -> bool:
    """Whether JSON data is a reference to a personal value."""
    return isinstance(data, dict) and data.keys() == {"ref", "digest"}


def references(data: Any) -> list[str]:
    """Every reference in JSON data."""
    if is_ref(data):
        return [data["ref"]]
    if isinstance(data, dict):
        return [ref for value in data.values() for ref in references(value)]
    if isinstance(data, list | tuple):
        return [ref for value in data for ref in references(value)]
    return []


def tell(data: Any, values: dict[str, Any]) -> Any:
    """JSON data with each reference replaced by its value, or None once that is erased."""
    if is_ref(data):
        return values.get(data["ref"])
    if isinstance(data, dict):
        return {key: tell(value, values) for key, value in data.items()}
    if isinstance(data, list | tuple):
        return [tell(value, values) for value in data]
    return data


def told(store: Store, data: Any, extra: dict[str, Any] | None = None) -> Any:
    """JSON data as people may read it."""
    wanted = references(data)
    if not wanted:
        return data
    return tell(data, {**store.personal(wanted), **(extra or {})})


def told_briefs(store: Store, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """`told` for many deals without fields: only these few of their values can hold a reference."""
    hidden = [
        row
        for row in rows
        if row["on_hold"] or isinstance(row["reason"], dict) or is_ref(row["amount"]) or row["tasks"]
    ]
    for row, shown in zip(hidden, told(store, hidden), strict=True):
        row.update(shown)
    return rows
