"""Giving back the space that a store no longer needs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from dealwright.errors import StoreError
from dealwright.store.attachments import attachments
from dealwright.store.tiny import TinyStore


def compact_store(store: TinyStore) -> None:
    """Rewrite the file without gaps and empty the journal. Raises StoreError where a reader keeps it in use."""
    storage = store.storage
    with storage.alone():
        emptied = storage.checkpoint()
        if emptied:
            storage.vacuum()
            emptied = storage.checkpoint()
    if not emptied:
        raise StoreError(
            "A long-running reader still uses the journal, so it could not be emptied. Run this again once it ended.",
            "仍有长时间的读取在使用日志文件，无法清空。请在其结束后重新运行。",
            path=str(store.path),
        )


def spare_files(store: TinyStore, folder: Path) -> Iterator[Path]:
    """Files of the folder of attached files that no event names, and drafts that an interrupted write left.

    Only to be believed while no other process writes: a file is there before the event that names it.
    """
    named = {sha256 for _, _, sha256 in attachments(store.storage)}
    for path in sorted(folder.glob("??/*")):
        if path.is_file() and path.name not in named:
            yield path


def drafts(store: TinyStore) -> Iterator[Path]:
    """Files beside the store that an interrupted restoring or migration left half-made."""
    for path in sorted(store.path.parent.glob(f"{store.path.name}.*")):
        if path.name.endswith((".restoring", ".part")):
            yield path
