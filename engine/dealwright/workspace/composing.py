"""What the workspace's processes are made of: the merged file, the lock."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dealwright.errors import DealwrightError, NotFoundError
from dealwright.model.settings import Defaults
from dealwright.workspace.folder import invalid
from dealwright.workspace.lock import LOCK_FILE, Locked, read_lock, write_lock
from dealwright.workspace.neighbours import SUFFIX
from dealwright.workspace.shelf import Shelf
from dealwright.workspace.versions import stamp
from dealwright.workspace.writing import Writing

if TYPE_CHECKING:
    from dealwright.definition import Part
    from dealwright.definition.printing import Composition

_RECORDS = ".record.yaml"


class Composing(Writing):
    """`process resolve` and `process lock`."""

    def process_resolve(self, process: str) -> dict[str, Any]:
        """A process file (by path, or the one that an id stands for) merged, with the origin of every line.

        Raises NotFoundError, InvalidDefinitionError.
        """
        path = self.process_file(process)
        authored = self.library.authored(path)
        composed = self._composed(path, locked=True)
        from dealwright.definition.printing import print_merged

        printed = print_merged(composed, self._overlay_texts(authored.id, authored.methodologies))
        files = {layer.label: layer.file for layer in composed.layers}
        return {
            "v": 1, "process": authored.id, "version": authored.version, "source_hash": authored.source_hash,
            "parts": [
                {"kind": layer.kind, "label": layer.label, "file": layer.file, "sha256": layer.hash}
                for layer in composed.layers
            ],
            "lines": [
                {"text": line.text, "label": line.label or None, "file": files.get(line.label),
                 "line": line.line or None}
                for line in printed
            ],
        }  # fmt: skip

    def process_lock(self, *, check: bool = False) -> dict[str, Any]:
        """Write `dealwright.lock`, or with `check` say whether it is up to date; `changed` tells what differs.

        Raises InvalidDefinitionError where a process names what is not there.
        """
        now: Locked = {}
        for path in self._own_files():
            composed = self._composed(path, locked=False)
            parts = {layer.label: layer.hash for layer in composed.layers[1:] if layer.kind != "defaults"}
            if parts:
                now[composed.layers[0].label.partition("@")[0]] = parts
        before: Locked = {}
        try:
            before = read_lock(self.folder)
        except DealwrightError:
            if check:
                raise
        changed = list(_differences(before, now))
        if not check:
            write_lock(self.folder, now)
        there = (self.folder / LOCK_FILE).is_file()
        return {
            "v": 1, "path": str(self.folder / LOCK_FILE), "ok": not check or (there and not changed),
            "written": not check, "processes": now, "changed": changed,
        }  # fmt: skip

    def process_file(self, process: str) -> Path:
        """The file that a path or a process id stands for. Raises NotFoundError."""
        path = Path(process)
        if path.suffix in (".yaml", ".yml") or "/" in process:
            if path.is_file():
                return path
            raise NotFoundError(f"there is no file {process}", f"没有文件 {process}", file=process)
        files = self.library.files()
        if process not in files:
            listed = ", ".join(sorted(files))
            raise NotFoundError(
                f"there is no file of a process {process}; there are: {listed}",
                f"没有流程 {process} 的文件；可用的有：{listed}", process=process,
            )  # fmt: skip
        return files[process][0]

    def _composed(self, path: Path, *, locked: bool) -> Composition:
        from dealwright.definition.printing import read_composition

        shelf = (
            self.library.shelf(path)
            if locked
            else _Unlocked(path, self.folder, defaults=self.settings.defaults != Defaults())
        )
        composed = read_composition(path.read_bytes(), str(path), shelf)
        if composed.root is None:
            raise invalid(composed.findings, str(path), self.lang)
        return composed

    def _own_files(self) -> list[Path]:
        folder = self.folder / "processes"
        return sorted([*folder.glob(f"*{SUFFIX}"), *folder.glob(f"*{_RECORDS}")])

    def _overlay_texts(self, process: str, named: Sequence[str]) -> list[Part]:
        """The files of the methodologies laid over a process, in their order."""
        from dealwright.definition import Part

        wanted = list(dict.fromkeys((*named, *self.settings.methodologies.get(process, ()))))
        known: dict[str, Part] = {}
        for name, (plugin, text) in self.library.plugins.overlays().items() if self.settings.plugins else ():
            known[name] = Part(text.encode(), f"plugin:{plugin}/{name}")
        for path in sorted((self.folder / "overlays").glob("*.overlay.yaml")):
            known[stamp(path).id] = Part(path.read_bytes(), str(path))
        return [known[name] for name in wanted if name in known]


class _Unlocked(Shelf):
    """A shelf that has forgotten its lock, for making a new one."""

    def locked(self, label: str) -> None:  # noqa: ARG002 - the shelf's
        """None."""
        return


def _differences(before: Locked, now: Locked) -> list[dict[str, Any]]:
    """Parts that were added, changed or are no longer used."""
    return [
        {"process": process, "part": part, "locked": old.get(part), "now": new.get(part)}
        for process in sorted({*before, *now})
        for old, new in [(before.get(process, {}), now.get(process, {}))]
        for part in sorted({*old, *new})
        if old.get(part) != new.get(part)
    ]
