"""A process with its overlays merged, and the two hashes that say which content it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

import msgspec

from dealwright.definition.matrix import attached
from dealwright.definition.neighbours import embed
from dealwright.model.canonical import canonical_hash
from dealwright.model.process import ArtifactKind, EventKind, Field, Overlay, Process, RecordType

_P = TypeVar("_P", Field, EventKind, ArtifactKind)
_F = TypeVar("_F", EventKind, ArtifactKind)


def with_source_hash(process: Process) -> Process:
    """The authored process with its `source_hash`: its content alone, without overlays, plugins and hashes.

    What it was merged of does not count either: the merged file, written out, is the same process.
    """
    bare = msgspec.structs.replace(process, source_hash="", definition_hash="", extends="", libraries=())
    return msgspec.structs.replace(process, source_hash=canonical_hash("dealwright-source", bare))


def merge(process: Process, overlays: Sequence[Overlay]) -> Process:
    """The process with the fields, events and artifacts that overlays add.

    What both declare is one thing: the process's, with the entry fields, values and fields
    that an overlay adds to it.
    """
    fields, events, artifacts = process.fields, process.events, process.artifacts
    for overlay in overlays:
        fields = _joined(fields, overlay.fields, _field)
        events = _joined(events, overlay.events, _with_fields)
        artifacts = _joined(artifacts, overlay.artifacts, _with_fields)
    return msgspec.structs.replace(
        process,
        fields=fields,
        events=events,
        artifacts=artifacts,
        methodologies=tuple(overlay.id for overlay in overlays),
        overlays=attached(process, overlays),
    )


def _joined(own: tuple[_P, ...], more: Sequence[_P], both: Callable[[_P, _P], _P]) -> tuple[_P, ...]:
    found = {part.id: part for part in own}
    for part in more:
        found[part.id] = both(found[part.id], part) if part.id in found else part
    return tuple(found.values())


def _field(own: Field, added: Field) -> Field:
    if own.type == added.type == "list":
        return msgspec.structs.replace(own, of=_joined(own.of, added.of, _field))
    if own.type == added.type == "choice":
        return msgspec.structs.replace(
            own, values=own.values | {v: t for v, t in added.values.items() if v not in own.values}
        )
    return own


def _with_fields(own: _F, added: _F) -> _F:
    return msgspec.structs.replace(own, fields=_joined(own.fields, added.fields, _field))


def resolve(
    process: Process,
    overlays: Sequence[Overlay],
    plugins: Sequence[str] = (),
    functions: Sequence[str] = (),
    *,
    records: Mapping[str, RecordType] | None = None,
    processes: Mapping[str, Process] | None = None,
) -> Process:
    """Lay `overlays` over a process as `read_process` gave it, and set its `definition_hash`.

    `plugins` are the `name==version` of each that contributed, `functions` the names of the
    functions that plugins added. The order of overlays is kept: it is the order of their criteria.
    Of `records`, the types of record by id, and of `processes`, those its deals may be related
    to, the fields that this process names are taken in.
    """
    whole = embed(merge(process, overlays), records, processes)
    merged = msgspec.structs.replace(whole, plugins=tuple(plugins), functions=tuple(functions), definition_hash="")
    return msgspec.structs.replace(merged, definition_hash=canonical_hash("dealwright-definition", merged))
