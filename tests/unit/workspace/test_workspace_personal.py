"""Personal values: the log can prove but not tell them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Any

import msgspec

from dealwright.model.canonical import canonical
from dealwright.workspace.personal import Vault, is_ref, references, tell, told


class Kept:
    """The part of a store that a vault needs."""

    def __init__(self) -> None:
        self.rows: dict[str, tuple[str, Any, str]] = {}

    def put_personal(self, ref: str, subject: str, value: Any, salt: str) -> None:
        self.rows[ref] = (subject, value, salt)

    def personal(self, refs: Sequence[str]) -> dict[str, Any]:
        return {ref: self.rows[ref][1] for ref in refs if ref in self.rows}


def test_the_same_value_twice_gives_references_that_share_nothing() -> None:
    vault = Vault("b2b-1")
    first, second = vault.swap("Buyer One"), vault.swap("Buyer One")
    assert first.ref != second.ref
    assert first.digest != second.digest
    assert vault.swap_text(None) is vault.swap_text("") is None


def test_the_digest_proves_the_value_to_whoever_has_the_salt() -> None:
    vault, store = Vault("b2b-1"), Kept()
    ref = vault.swap({"name": "Buyer One"})
    vault.keep(store)  # type: ignore[arg-type]  # the part of a store that is needed
    subject, value, salt = store.rows[ref.ref]
    assert subject == "b2b-1"
    assert ref.digest == hashlib.sha256(salt.encode() + b"\n" + canonical(value)).hexdigest()


def test_readers_see_values_and_null_once_erased() -> None:
    vault, store = Vault("b2b-1"), Kept()
    name, note = vault.swap("Buyer One"), vault.swap("call back")
    data = msgspec.to_builtins({"who": name, "log": [{"note": note}], "kept": {"ref": "x"}})
    assert is_ref(data["who"])
    assert not is_ref(data["kept"])
    assert sorted(references(data)) == sorted([name.ref, note.ref])
    assert "Buyer" not in json.dumps(data)
    assert told(store, data, vault.told())["who"] == "Buyer One"  # type: ignore[arg-type]  # as above
    vault.keep(store)  # type: ignore[arg-type]  # as above
    seen = {"who": "Buyer One", "log": [{"note": "call back"}], "kept": {"ref": "x"}}
    assert told(store, data) == seen  # type: ignore[arg-type]  # as above
    del store.rows[note.ref]
    assert told(store, data)["log"] == [{"note": None}]  # type: ignore[arg-type]  # as above
    assert tell(data, {}) == {"who": None, "log": [{"note": None}], "kept": {"ref": "x"}}
