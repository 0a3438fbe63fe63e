"""Processes made final: one version, one content."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from dealwright.workspace.neighbours import SUFFIX
from dealwright.workspace.validating import files_of
from dealwright.workspace.writing import Writing


class Publishing(Writing):
    """What `process publish` does."""

    def process_publish(self, paths: Sequence[Path]) -> dict[str, Any]:
        """Publish process files, all or none. The same version with other content is refused."""
        self.may_write()
        chosen = [self.library.authored(path) for path in files_of(paths, self.folder, SUFFIX)]
        published = []
        with self.store.transaction():
            for authored in chosen:
                resolved = self.library.resolve(authored)
                self.library.keep(authored, resolved, self.store, publish=True)
                published.append({"id": authored.id, "version": authored.version, "source_hash": authored.source_hash,
                                  "definition_hash": resolved.definition_hash})  # fmt: skip
        return {"v": 1, "published": published}
