"""Files that people attach, kept under their SHA-256."""

from __future__ import annotations

import hashlib
import os
import stat
from pathlib import Path

from dealwright.errors import NotFoundError, UsageError
from dealwright.model.deal import FileRef

MOST_BYTES = 64 * 1024 * 1024


class Files:
    """The folder of attached files."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def look(self, path: Path) -> tuple[FileRef, bytes]:
        """Read a regular file, no link, of at most 64 MiB. Raises NotFoundError, UsageError."""
        try:
            found = os.lstat(path)
        except OSError as error:
            raise NotFoundError(f"there is no file {path}", f"没有文件 {path}", file=str(path)) from error
        if not stat.S_ISREG(found.st_mode):
            raise UsageError(f"{path} is not a regular file", f"{path} 不是普通文件", file=str(path))
        if found.st_size > MOST_BYTES:
            raise UsageError(f"{path} is larger than 64 MiB", f"{path} 超过 64 MiB", file=str(path))
        data = path.read_bytes()
        return FileRef(path.name[:200], len(data), hashlib.sha256(data).hexdigest()), data

    def keep(self, file: FileRef, data: bytes) -> None:
        """Store the bytes durably under their hash; the same content again changes nothing."""
        target = self.path(file)
        if target.exists():
            return
        target.parent.mkdir(parents=True, exist_ok=True)
        draft = target.with_name(f"{target.name}.{os.getpid()}.part")
        with draft.open("wb") as handle:
            handle.write(data)
            handle.flush()
            os.fsync(handle.fileno())
        draft.replace(target)

    def erase(self, sha256: str) -> None:
        """Remove the bytes kept under a hash, and what an interrupted write of them left behind."""
        folder = self.folder / sha256[:2]
        for path in folder.glob(f"{sha256}*"):
            path.unlink(missing_ok=True)

    def path(self, file: FileRef | str) -> Path:
        """Where a file's bytes are; a file may be named by its hash alone."""
        sha256 = file if isinstance(file, str) else file.sha256
        return self.folder / sha256[:2] / sha256
