"""Where parents and libraries are looked up: beside a file, in the workspace, among the bundled processes."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from dealwright import _resources
from dealwright.workspace.folder import SETTINGS_FILE
from dealwright.workspace.lock import LOCK_FILE, read_lock
from dealwright.workspace.versions import Stamp, stamp, version_key

if TYPE_CHECKING:
    from dealwright.definition import Part

Kind = Literal["process", "library"]
ARCHIVE = "archive"
LIBRARY_SUFFIX = ".library.yaml"
SUFFIXES: dict[Kind, str] = {"process": ".process.yaml", "library": LIBRARY_SUFFIX}
_FOLDERS: dict[Kind, str] = {"process": "processes", "library": "libraries"}


class Shelf:
    """The parents and libraries that the file `path` may name; of several with the same version the first counts.

    `workspace` is the workspace's folder, where there is one; with `defaults` its settings
    say something for every process. Only files that are asked for are read.
    """

    def __init__(self, path: Path, workspace: Path | None, *, defaults: bool = False) -> None:
        self.path = path
        self.workspace = workspace
        self._has_defaults = defaults

    @cached_property
    def defaults(self) -> Part | None:
        """The workspace's settings file, where it has `defaults:`."""
        if self.workspace is None or not self._has_defaults:
            return None
        return _part(self.workspace / SETTINGS_FILE)

    def find(self, kind: Kind, name: str, version: str) -> Part | None:
        """The file of this version, or None."""
        path = self._files(kind).get(Stamp(name, version))
        return _part(path) if path else None

    def versions(self, kind: Kind, name: str) -> Sequence[str]:
        """The versions of which there are files, the oldest first."""
        return sorted((found.version for found in self._files(kind) if found.id == name), key=version_key)

    def names(self, kind: Kind) -> Sequence[str]:
        """Everything of this kind that there is."""
        return sorted({found.id for found in self._files(kind)})

    def locked(self, label: str) -> str | None:
        """The hash that the lock file keeps for this file's process, or None. Raises InvalidDefinitionError."""
        return self._lock.get(label)

    @cached_property
    def _lock(self) -> dict[str, str]:
        if self.workspace is None or not (self.workspace / LOCK_FILE).is_file():
            return {}
        return read_lock(self.workspace).get(stamp(self.path).id, {})

    def paths(self, kind: Kind) -> list[Path]:
        """All files that could be named, those that count first."""
        places = [self.path.parent, *([self.workspace / _FOLDERS[kind]] if self.workspace else [])]
        found: list[Path] = []
        for place in places:
            found += sorted(place.glob(f"*{SUFFIXES[kind]}"))
            found += sorted((place / ARCHIVE).glob(f"*{SUFFIXES[kind]}"))
        if kind == "process":
            found += sorted(_resources.folder("processes").glob(f"*{SUFFIXES[kind]}"))
        return list(dict.fromkeys(found))

    def _files(self, kind: Kind) -> dict[Stamp, Path]:
        return self._processes if kind == "process" else self._libraries

    @cached_property
    def _processes(self) -> dict[Stamp, Path]:
        return _stamped(self.paths("process"))

    @cached_property
    def _libraries(self) -> dict[Stamp, Path]:
        return _stamped(self.paths("library"))


def _stamped(paths: list[Path]) -> dict[Stamp, Path]:
    found: dict[Stamp, Path] = {}
    for path in paths:
        found.setdefault(stamp(path), path)
    return found


def _part(path: Path) -> Part:
    from dealwright.definition import Part

    return Part(path.read_bytes(), str(path))
