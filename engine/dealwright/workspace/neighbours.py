"""What processes may read of each other: the other files of the workspace and the bundled ones, read when asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from dealwright.model.process import Process, RecordType
from dealwright.workspace.versions import stamp, version_key

if TYPE_CHECKING:
    from dealwright.definition.layers import Shelf

SUFFIX = ".process.yaml"
RECORD_SUFFIX = ".record.yaml"


def files_in(*places: tuple[Path, str]) -> dict[str, tuple[Path, str]]:
    """Id -> (path, its place's name) of the processes and types of record in some folders; later ones hide earlier.

    Of several versions side by side the highest counts.
    """
    found: dict[str, tuple[Path, str]] = {}
    for folder, source in places:
        newest: dict[str, tuple[object, ...]] = {}
        for path in sorted([*folder.glob(f"*{SUFFIX}"), *folder.glob(f"*{RECORD_SUFFIX}")]):
            said = stamp(path)
            name = said.id or path.name.removesuffix(SUFFIX).removesuffix(RECORD_SUFFIX)
            version = version_key(said.version)
            if name not in newest or newest[name] <= version:
                newest[name] = version
                found[name] = (path, source)
    return found


def around(path: Path) -> Neighbours:
    """The neighbours of a file that belongs to no workspace: the bundled files, and those beside it."""
    from dealwright import _resources

    return Neighbours(lambda: files_in((_resources.folder("processes"), "bundled"), (path.parent, "beside")))


class Neighbours(Mapping[str, Process]):
    """Processes and types of record by id, as their files declare them: unchecked, and never to be run.

    A file that cannot be read counts as absent; it has findings of its own.
    """

    def __init__(
        self, files: Callable[[], Mapping[str, tuple[Path, str]]], shelf: Callable[[Path], Shelf] | None = None
    ) -> None:
        self._files = files
        self._shelf = shelf
        self._paths: dict[str, Path] | None = None
        self._read: dict[str, Process | None] = {}

    @property
    def paths(self) -> dict[str, Path]:
        """The files by id."""
        if self._paths is None:
            self._paths = {name: path for name, (path, _) in self._files().items()}
        return self._paths

    def get(self, key: str, default: Process | None = None) -> Process | None:  # type: ignore[override]  # no overloads
        """The process, or `default` where there is none that can be read."""
        if key not in self._read:
            path = self.paths.get(key)
            self._read[key] = self._sketch(path) if path is not None else None
        found = self._read[key]
        return default if found is None else found

    def _sketch(self, path: Path) -> Process | None:
        from dealwright.definition import read_sketch

        try:
            return read_sketch(path.read_bytes(), str(path), self._shelf(path) if self._shelf else None)
        except OSError:
            return None

    def __getitem__(self, key: str) -> Process:
        found = self.get(key)
        if found is None:
            raise KeyError(key)
        return found

    def __contains__(self, key: object) -> bool:
        return isinstance(key, str) and self.get(key) is not None

    def __iter__(self) -> Iterator[str]:
        return iter(self.paths)

    def __len__(self) -> int:
        return len(self.paths)


class Records(Mapping[str, RecordType]):
    """The types of record among the neighbours, with what others may read of them."""

    def __init__(self, neighbours: Neighbours) -> None:
        self._neighbours = neighbours

    def __getitem__(self, key: str) -> RecordType:
        from dealwright.definition import record_type

        found = self._neighbours[key]
        if not found.record:
            raise KeyError(key)
        return record_type(found)

    def __contains__(self, key: object) -> bool:
        found = self._neighbours.get(key) if isinstance(key, str) else None
        return found is not None and found.record

    def __iter__(self) -> Iterator[str]:
        return (name for name, path in self._neighbours.paths.items() if path.name.endswith(RECORD_SUFFIX))

    def __len__(self) -> int:
        return sum(1 for _ in self)
