"""The head of the log kept in a second file, so that a store whose tail was lost can be told."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import msgspec


class Head(NamedTuple):
    """The last position of the log and the hash over all of it."""

    position: int
    head: str


def head_path(store: Path) -> Path:
    """Where the head file of a store is: beside it."""
    return store.with_name(store.name + ".head")


def read_head(store: Path) -> Head | None:
    """The head that was last written down; None where the file is missing or cannot be read."""
    try:
        return msgspec.json.decode(head_path(store).read_bytes(), type=Head)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError):
        return None


def write_head(store: Path, head: Head) -> None:
    """Write the head down, by an atomic rename. A failure is let pass.

    It runs after the commit it speaks of, so that it can only ever be behind the log: a head
    that is behind is no damage, which is why it is neither synced to disk (that would double the
    cost of a write) nor allowed to fail a write that is already durable.
    """
    target = head_path(store)
    fresh = target.with_name(target.name + ".new")
    try:
        fresh.write_bytes(msgspec.json.encode(head))
        fresh.replace(target)
    except OSError:
        return
