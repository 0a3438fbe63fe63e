"""What the allowed plugins were found to implement, kept so that a command that needs none of it imports none."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from dealwright.plugins.catalogue import environment, replaced

_CACHE = "hooks.json"


def known(cache_dir: Path, allowed: Sequence[str]) -> dict[str, Any] | None:
    """`hooks` (names of plugins by hook) and `commands` (name to plugin, en, zh), or None where that has to be found.

    A plugin whose distribution or file has changed since has to be asked anew.
    """
    try:
        kept = json.loads((cache_dir / _CACHE).read_text(encoding="utf-8"))
        same = kept["key"] == _key(allowed) and all(_changed(path) == time for path, time in kept["files"])
        return kept if same and isinstance(kept["hooks"], dict) and isinstance(kept["commands"], dict) else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def keep(
    cache_dir: Path, allowed: Sequence[str], files: Sequence[str], hooks: Mapping[str, Sequence[str]],
    commands: Mapping[str, Sequence[str]],
) -> None:  # fmt: skip
    """Keep it until something of it changes. A cache that cannot be written is no error."""
    times = [(path, _changed(path)) for path in files]
    replaced(
        cache_dir / _CACHE, {"key": _key(allowed), "files": times, "hooks": dict(hooks), "commands": dict(commands)}
    )


def _key(allowed: Sequence[str]) -> list[object]:
    return [environment(), list(allowed)]


def _changed(path: str) -> int | None:
    try:
        return os.stat(path).st_mtime_ns  # noqa: PTH116 - start-up time
    except OSError:
        return None
