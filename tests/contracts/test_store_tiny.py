"""The default store fulfils the contract."""

from __future__ import annotations

from pathlib import Path

from store_contract import StoreContract

from dealwright.ports import Store
from dealwright.store import create_store, open_store


class TestTinyStore(StoreContract):
    def make(self, folder: Path) -> Store:
        return create_store(folder / "store.db")

    def reopen(self, folder: Path) -> Store:
        return open_store(folder / "store.db")
