"""`fmt`: files written the one way."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from dealwright.errors import NotFoundError
from dealwright.workspace.folder import SETTINGS_FILE, TEAM_FILE, find_folder
from dealwright.workspace.validating import files_of

_KINDS = {
    ".process.yaml": "process", ".record.yaml": "record", ".library.yaml": "library", ".overlay.yaml": "overlay",
}  # fmt: skip


def format_files(
    paths: Sequence[Path], *, write: bool, folder: Path | None = None, lang: str = "en"
) -> dict[str, Any]:  # fmt: skip
    """Lay files out the one way: keys in order, indentation, quotes; comments and meaning stay.

    Without paths, all of the workspace around here. `write` writes what changed, each file
    as a whole or not at all. A file that cannot be read is left alone; `findings` say why,
    and `ok` is false. Raises NotFoundError for a path that is not there, or no workspace.
    """
    place = find_folder(folder) if folder is not None or not paths else None
    from dealwright.definition.formatting import format_file

    rows: list[dict[str, Any]] = []
    findings: list[dict[str, Any]] = []
    for path in files_of(paths, place, *_KINDS):
        data = path.read_bytes()
        made = format_file(data, str(path), _kind(path))
        findings += [finding.as_json(lang) for finding in made.findings]
        if made.text is None:
            rows.append({"file": str(path), "changed": False, "readable": False, "diff": ""})
            continue
        new = made.text.encode()
        if new != data and write:
            draft = path.with_name(f".{path.name}.part")
            draft.write_bytes(new)
            draft.chmod(path.stat().st_mode)
            draft.replace(path)
        rows.append({"file": str(path), "changed": new != data, "readable": True, "diff": _diff(path, data, new)})
    return {
        "v": 1, "ok": not findings, "written": write, "changed": sum(1 for row in rows if row["changed"]),
        "files": rows, "findings": findings,
    }  # fmt: skip


def _kind(path: Path) -> str:
    if path.name == SETTINGS_FILE:
        return "workspace"
    if path.name == TEAM_FILE or path.name.endswith(f".{TEAM_FILE}"):
        return "team"
    for suffix, kind in _KINDS.items():
        if path.name.endswith(suffix):
            return kind
    raise NotFoundError(
        f"{path} is no file of dealwright: those end in {', '.join(_KINDS)}, or are {SETTINGS_FILE} and {TEAM_FILE}",
        f"{path} 不是 dealwright 的文件：应以 {'、'.join(_KINDS)} 结尾，或为 {SETTINGS_FILE}、{TEAM_FILE}",
        file=str(path),
    )


def _diff(path: Path, old: bytes, new: bytes) -> str:
    if old == new:
        return ""
    before, after = (text.decode("utf-8-sig").splitlines(keepends=True) for text in (old, new))
    return "".join(difflib.unified_diff(before, after, str(path), str(path)))
