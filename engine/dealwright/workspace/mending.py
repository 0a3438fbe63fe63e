"""`process validate --fix`: corrections that are certain, made in the files."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from dealwright.workspace.validating import findings_of, own_files

if TYPE_CHECKING:
    from dealwright.definition.fixing import Change

_ROUNDS = 100  # one finding may hide the next, so that a file is looked at again after each round
_BOM = b"\xef\xbb\xbf"


class Mended(Struct, frozen=True):
    """One file that was changed, or would be: its changes in order, and a unified diff."""

    path: Path
    changes: tuple[Change, ...]
    diff: str

    def rows(self) -> list[dict[str, Any]]:
        """The changes as the command line tells them; places are those before the change."""
        return [
            {"file": str(self.path), "line": one.finding.line, "column": one.finding.column, "code": one.finding.code,
             "old": one.old, "new": one.new}
            for one in self.changes
        ]  # fmt: skip


def mend_files(paths: Sequence[Path], *, write: bool, folder: Path | None = None) -> list[Mended]:
    """Make every certain correction in these files, or else in all of the workspace around here.

    A file is written as a whole or not at all, and only with `write`. Nothing but the corrections
    changes: comments, order, line ends and a byte order mark stay. Raises NotFoundError, UsageError.
    """
    found = []
    for path in own_files(paths, folder):
        data = path.read_bytes()
        new, changes = _mended(path, data)
        if not changes:
            continue
        if write:
            draft = path.with_name(f".{path.name}.part")
            draft.write_bytes(new)
            draft.chmod(path.stat().st_mode)
            draft.replace(path)
        found.append(Mended(path, tuple(changes), _diff(path, data, new)))
    return found


def _mended(path: Path, data: bytes) -> tuple[bytes, list[Change]]:
    from dealwright.definition.fixing import mended

    head, body = (_BOM, data[len(_BOM) :]) if data.startswith(_BOM) else (b"", data)
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        return data, []
    every: list[Change] = []
    for _ in range(_ROUNDS):
        text, changes = mended(text, findings_of(path, head + text.encode()), str(path))
        if not changes:
            break
        every += changes
    return head + text.encode(), every


def _diff(path: Path, old: bytes, new: bytes) -> str:
    before, after = (text.decode("utf-8-sig").splitlines(keepends=True) for text in (old, new))
    return "".join(difflib.unified_diff(before, after, str(path), str(path)))
