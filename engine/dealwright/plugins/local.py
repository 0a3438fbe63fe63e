"""One-file plugins: `plugins/NAME.py` of a workspace that opts in, offered as an installed one would be."""

from __future__ import annotations

import hashlib
import importlib.util
import re
import sys
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import ModuleType
from typing import Any

from dealwright.plugins.catalogue import Offer

FOLDER = "plugins"
_SCHEME = "file:"
_NAME = re.compile(r"[a-z][a-z0-9_]{0,63}")


def local_offers(folder: Path) -> tuple[Offer, ...]:
    """The plugins among the files of a workspace's `plugins` folder, by name. None of them is imported.

    A file's version is `0+` and the beginning of its SHA-256, so that an edited file is another
    version. Files whose names begin otherwise than with a small letter are no plugins.
    """
    return tuple(
        Offer(path.stem, f"{_SCHEME}{path}", "", f"0+{_digest(path.read_bytes())}")
        for path in sorted((folder / FOLDER).glob("*.py"))
        if _NAME.fullmatch(path.stem) and path.is_file()
    )


def file_of(value: str) -> Path | None:
    """The file behind an offer's value, or None where it names a module."""
    return Path(value.removeprefix(_SCHEME)) if value.startswith(_SCHEME) else None


def imported_file(path: Path) -> ModuleType:
    """The module of a file, imported once per content. Raises whatever its code raises."""
    # Two workspaces of one run may both have a plugin of this name: where it is and what it says make the module's.
    name = f"dealwright_local_{path.stem}_{_digest(str(path).encode() + path.read_bytes())}"
    if name in sys.modules:
        return sys.modules[name]
    spec = importlib.util.spec_from_file_location(name, path, loader=_Loader(name, str(path)))
    if spec is None or spec.loader is None:
        raise ImportError(f"{path} cannot be imported")
    module = sys.modules[name] = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[name]
        raise
    return module


class _Loader(SourceFileLoader):
    """Reads a source file and leaves no compiled one beside it: the folder is somebody's workspace."""

    def set_data(self, path: str, data: Any, *, _mode: int = 0o666) -> None:
        """Write nothing."""


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:12]
