"""Which plugins are installed: the entry points of the group `dealwright`, listed without importing any."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any, NamedTuple

from dealwright.model.text import Text

GROUP = "dealwright"
_CACHE = "plugins.json"


class Offer(NamedTuple):
    """One entry point: the plugin's name, `module` or `module:object`, and who distributes it."""

    name: str
    value: str
    distribution: str
    version: str


def installed(cache_dir: Path | None) -> tuple[Offer, ...]:
    """Every plugin on offer, by name. Nothing of a plugin is imported.

    The list is kept in `cache_dir` (None: nowhere) until sys.prefix, an entry of sys.path
    or its modification time changes. A cache that cannot be read or written is no error.
    """
    key = environment()
    cached = _read(cache_dir, key) if cache_dir else None
    if cached is not None:
        return cached
    found = _scan()
    if cache_dir:
        replaced(cache_dir / _CACHE, {"key": key, "plugins": found})
    return found


def conflict(offers: tuple[Offer, ...]) -> Text | None:
    """Why a name offered by several distributions cannot be trusted, or None where one offers it."""
    if len(offers) < 2:
        return None
    names = ", ".join(sorted(offer.distribution or f"plugins/{offer.name}.py" for offer in offers))
    return Text(
        f"several distributions offer a plugin of this name: {names}; uninstall all but one",
        f"多个安装包提供同名插件：{names}；请只保留一个",
    )


def _scan() -> tuple[Offer, ...]:
    from importlib.metadata import distributions  # costs several bare interpreters, so only when the cache is cold

    found: dict[tuple[str, str], Offer] = {}
    for distribution in distributions():
        for point in distribution.entry_points:
            if point.group != GROUP:
                continue
            name = distribution.metadata["Name"] or "unknown"
            # The first on sys.path is the one that Python would import.
            found.setdefault((point.name, name), Offer(point.name, point.value, name, distribution.version))
    return tuple(sorted(found.values()))


def environment() -> list[object]:
    """What changes when distributions come or go: where Python looks, and when it was last changed there."""
    times = [(entry, _mtime(entry or str(Path.cwd()))) for entry in sys.path]
    return [1, sys.prefix, [list(pair) for pair in times]]


def _mtime(entry: str) -> int | None:
    try:
        return os.stat(entry).st_mtime_ns  # noqa: PTH116 - a Path per sys.path entry is start-up time
    except OSError:
        return None


def _read(cache_dir: Path, key: list[object]) -> tuple[Offer, ...] | None:
    try:
        kept = json.loads((cache_dir / _CACHE).read_text(encoding="utf-8"))
        if kept["key"] != key:
            return None
        offers = tuple(Offer(*entry) for entry in kept["plugins"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return offers if all(isinstance(part, str) for offer in offers for part in offer) else None


def replaced(target: Path, content: dict[str, Any]) -> None:
    """Put a file of the cache in place. One that cannot be written is no error."""
    # Written aside and moved, so that another process never reads half a file.
    aside = target.with_name(f"{target.name}.{os.getpid()}")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        aside.write_text(json.dumps(content), encoding="utf-8")
        aside.replace(target)
    except OSError:
        return
