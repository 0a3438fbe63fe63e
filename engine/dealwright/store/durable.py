"""Names that outlive a power cut: a new or renamed file is there for sure once its folder is on the disk too."""

from __future__ import annotations

import os
from pathlib import Path

# Windows opens no folders, and keeps names with their files.
_FOLDERS = hasattr(os, "O_DIRECTORY")


def sync_file(path: Path) -> None:
    """Bring what was written to a file to the disk."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Bring the names in a folder to the disk; a file system that cannot is let be."""
    if not _FOLDERS:
        return
    opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(opened)
    except OSError:  # some network file systems know no such thing
        return
    finally:
        os.close(opened)


def sync_tree(folder: Path) -> None:
    """Bring every file and name under a folder to the disk."""
    for path in sorted(folder.rglob("*")):
        if path.is_dir():
            sync_folder(path)
        elif path.is_file():
            sync_file(path)
    sync_folder(folder)


def make_folder(folder: Path) -> None:
    """A folder with those above it, each of them for sure."""
    missing = [path for path in (folder, *folder.parents) if not path.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    for path in reversed(missing):
        sync_folder(path.parent)


def replace(draft: Path, target: Path) -> None:
    """Give a file or folder that is on the disk its name, for sure."""
    draft.replace(target)
    sync_folder(target.parent)
