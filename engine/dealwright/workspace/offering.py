"""What a workspace has that an editor can complete: methodologies, types of record, processes, plugins."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from dealwright.errors import DealwrightError, NotFoundError
from dealwright.model.text import Text
from dealwright.workspace.core import Ground
from dealwright.workspace.folder import find_folder

if TYPE_CHECKING:
    from dealwright.definition.editing import Offer


def schema_of(kind: str, folder: Path | None = None) -> dict[str, Any]:
    """The JSON Schema of a kind of file, for editors, with what the workspace offers merged in.

    The workspace is the one at `folder` or around here. Without one, or with one whose settings
    cannot be read, the schema is the same for everybody. Raises NotFoundError for a `folder` that is none.
    """
    from dealwright.definition.editing import schema_for_editors

    return schema_for_editors(kind, _offer(folder))


def _offer(folder: Path | None) -> Offer | None:
    try:
        place = find_folder(folder)
    except NotFoundError:
        if folder is not None:
            raise
        return None
    try:
        ground = Ground(place)
    except DealwrightError:
        return None  # what is wrong there is what `process validate` tells, and no reason to leave an editor without
    try:
        return _of(ground)
    finally:
        ground.close()


def _of(ground: Ground) -> Offer:
    from dealwright.definition.editing import Offer

    library = ground.library
    neighbours = library.neighbours
    records: dict[str, Text] = {}
    processes: dict[str, Text] = {}
    for name in sorted(library.files()):
        known = neighbours.get(name)
        if known is not None:
            (records if known.record else processes)[name] = known.title
    return Offer(
        methodologies={name: one.title for name, (_, one) in sorted(library.overlays(skip_broken=True).items())},
        records=records, processes=processes,
        kinds=library.kinds(),
        plugins={row["name"]: Text(row["distribution"] or "", row["distribution"] or "")
                 for row in library.plugins.listing()},
    )  # fmt: skip
