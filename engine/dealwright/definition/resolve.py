"""A process with its overlays merged, and the two hashes that say which content it is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from dealwright.model.canonical import canonical_hash
from dealwright.model.process import Overlay, Process


def with_source_hash(process: Process) -> Process:
    """The authored process with its `source_hash`: its content alone, without overlays, plugins and hashes."""
    bare = msgspec.structs.replace(process, source_hash="", definition_hash="")
    return msgspec.structs.replace(process, source_hash=canonical_hash("dealwright-source", bare))


def merge(process: Process, overlays: Sequence[Overlay]) -> Process:
    """The process with the fields, events and artifacts that overlays add; what both declare stays the process's."""

    def joined(own: tuple[Any, ...], name: str) -> tuple[Any, ...]:
        found = {part.id: part for part in own}
        for overlay in overlays:
            for part in getattr(overlay, name):
                found.setdefault(part.id, part)
        return tuple(found.values())

    return msgspec.structs.replace(
        process,
        fields=joined(process.fields, "fields"),
        events=joined(process.events, "events"),
        artifacts=joined(process.artifacts, "artifacts"),
        methodologies=tuple(overlay.id for overlay in overlays),
        overlays=tuple(overlays),
    )


def resolve(
    process: Process, overlays: Sequence[Overlay], plugins: Sequence[str] = (), functions: Sequence[str] = ()
) -> Process:
    """Lay `overlays` over a process as `read_process` gave it, and set its `definition_hash`.

    `plugins` are the `name==version` of each that contributed, `functions` the names of the
    functions that plugins added. The order of overlays is kept: it is the order of their criteria.
    """
    merged = msgspec.structs.replace(
        merge(process, overlays), plugins=tuple(plugins), functions=tuple(functions), definition_hash=""
    )
    return msgspec.structs.replace(merged, definition_hash=canonical_hash("dealwright-definition", merged))
