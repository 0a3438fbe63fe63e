"""A cache of derived JSON by content hash. It can always be deleted, and need not be writable."""

from __future__ import annotations

import contextlib
import hashlib
import os
from pathlib import Path
from typing import Any, TypeVar

import msgspec

T = TypeVar("T")
FORMAT = "1"  # raised when what is cached changes shape


class Cache:
    """Keeps JSON files in one folder. A cache that cannot be written is no error."""

    def __init__(self, folder: Path, release: str) -> None:
        self.folder = folder
        self.release = release

    def key(self, kind: str, *parts: bytes | str) -> str:
        """A file name for `kind` that changes with any of the parts, the format or the release."""
        mixed = hashlib.sha256(f"{FORMAT}\n{self.release}".encode())
        for part in parts:
            data = part.encode() if isinstance(part, str) else part
            mixed.update(b"\n%d\n" % len(data))
            mixed.update(data)
        return f"{kind}-{mixed.hexdigest()[:40]}.json"

    def get(self, key: str, model: type[T]) -> T | None:
        """The cached data as a `model`, or None where there is none that can be read."""
        try:
            return msgspec.json.decode((self.folder / key).read_bytes(), type=model)
        except (OSError, msgspec.MsgspecError):
            return None

    def put(self, key: str, data: Any) -> None:
        """Keep `data`; a half-written file can never be seen."""
        with contextlib.suppress(OSError):
            self.folder.mkdir(parents=True, exist_ok=True)
            draft = self.folder / f"{key}.{os.getpid()}.part"
            draft.write_bytes(msgspec.json.encode(data))
            draft.replace(self.folder / key)
