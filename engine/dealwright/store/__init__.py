"""Stores that keep the log. The default is TinyDB on SQLite rows."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dealwright.store.tiny import TinyStore


def open_store(path: Path | str, *, timeout: float = 10.0) -> TinyStore:
    """Open the store at `path`; a write waits `timeout` seconds for others.

    Raises StoreError, with what to do, for a file that is missing, empty, damaged or something else.
    """
    from dealwright.store.tiny import TinyStore

    return TinyStore(path, timeout)


def create_store(path: Path | str, *, timeout: float = 10.0) -> TinyStore:
    """Create an empty store at `path`, with the folders above it, and open it.

    Raises StoreError where there is one already, or where a head file tells that there was one.
    """
    from dealwright.store.creation import create_files

    create_files(Path(path), timeout)
    return open_store(path, timeout=timeout)
