"""`process diff`: two versions of a process, wherever they are kept."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from dealwright import _resources
from dealwright.errors import NotFoundError
from dealwright.model.process import Process
from dealwright.workspace.core import Ground
from dealwright.workspace.folder import find_folder, invalid
from dealwright.workspace.shelf import Shelf

if TYPE_CHECKING:
    from dealwright.definition import Part


def diff_processes(old: str, new: str, *, folder: Path | None = None, lang: str = "en") -> dict[str, Any]:
    """What changed from `old` to `new`: paths, `ID@VERSION` of a published, archived or bundled one, or an id.

    A published version comes before a file that says it is the same. Without a workspace
    around here, paths and bundled processes can be compared. Raises NotFoundError,
    InvalidDefinitionError.
    """
    from dealwright.definition.comparing import compare_processes

    ground = _ground(folder)
    try:
        before, after = (_process(named, ground, lang) for named in (old, new))
    finally:
        if ground is not None:
            ground.close()
    changes = compare_processes(before, after)
    return {
        "v": 1, "old": _side(old, before), "new": _side(new, after),
        "breaking": any(change.breaking for change in changes),
        "changes": [change.as_json(lang) for change in changes],
    }  # fmt: skip


def _side(named: str, process: Process) -> dict[str, Any]:
    return {"named": named, "id": process.id, "version": process.version, "source_hash": process.source_hash}


def _ground(folder: Path | None) -> Ground | None:
    if folder is not None:
        return Ground(find_folder(folder))
    try:
        return Ground(find_folder(None))
    except NotFoundError:
        return None


def _process(named: str, ground: Ground | None, lang: str) -> Process:
    path = Path(named)
    if path.suffix in (".yaml", ".yml") or path.is_file():
        if not path.is_file():
            raise NotFoundError(f"there is no file {named}", f"没有文件 {named}", file=named)
        return ground.library.authored(path) if ground else _read(path.read_bytes(), path, lang)
    name, _, version = named.partition("@")
    if ground is not None and not version:
        return ground.library.source(name, ground.store).process
    published = _published(name, version, ground) if ground is not None and version else None
    if published is not None:
        return published
    # Looked up as a file in that folder would look its parent up.
    place = ground.folder / "processes" if ground else _resources.folder("processes")
    shelf = ground.library.shelf(place / name) if ground else Shelf(place / name, None)
    part = _part(shelf, name, version)
    if part is None:
        listed = ", ".join(f"{name}@{found}" for found in shelf.versions("process", name)) or ", ".join(
            shelf.names("process")
        )
        raise NotFoundError(
            f"there is no process {named}; there are: {listed}", f"没有流程 {named}；可用的有：{listed}", process=named
        )
    where = Path(part.file)
    return ground.library.authored(where) if ground else _read(part.data, where, lang)


def _part(shelf: Shelf, name: str, version: str) -> Part | None:
    versions = shelf.versions("process", name)
    wanted = version or (versions[-1] if versions else "")
    return shelf.find("process", name, wanted)


def _published(name: str, version: str, ground: Ground) -> Process | None:
    for known in ground.store.definitions():
        if known["id"] == name and known["version"] == version and known["published"]:
            document = ground.store.definition(known["definition_hash"])
            if document is not None:
                return msgspec.convert(document["authored"], Process)
    return None


def _read(data: bytes, path: Path, lang: str) -> Process:
    from dealwright import definition

    reading = definition.read_process(data, str(path), shelf=Shelf(path, None))
    if reading.process is None:
        raise invalid(reading.findings, str(path), lang)
    return reading.process
