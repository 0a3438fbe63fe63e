"""Files that people attach, kept under their SHA-256."""

from __future__ import annotations

import hashlib
import os
import stat
from pathlib import Path

from dealwright.errors import NotFoundError, UsageError
from dealwright.model.deal import FileRef
from dealwright.model.values import is_printable

MOST_BYTES = 64 * 1024 * 1024


class Files:
    """The folder of attached files."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def look(self, path: Path) -> tuple[FileRef, bytes]:
        """Read a regular file, no link, of at most 64 MiB. Raises NotFoundError, UsageError."""
        name = path.name[:200]
        if not is_printable(name) or "\n" in name:
            shown = ascii(name)
            raise UsageError(
                f"the file's name {shown} holds characters that cannot be printed: rename it",
                f"文件名 {shown} 含有无法显示的字符：请先重命名", file=shown,
            )  # fmt: skip
        try:
            found = os.lstat(path)
        except (OSError, ValueError) as error:
            raise NotFoundError(f"there is no file {path}", f"没有文件 {path}", file=str(path)) from error
        data = _read(path) if stat.S_ISREG(found.st_mode) else None
        if data is None:
            raise UsageError(f"{path} is not a regular file", f"{path} 不是普通文件", file=str(path))
        if len(data) > MOST_BYTES:
            raise UsageError(f"{path} is larger than 64 MiB", f"{path} 超过 64 MiB", file=str(path))
        return FileRef(name, len(data), hashlib.sha256(data).hexdigest()), data

    def keep(self, file: FileRef, data: bytes) -> None:
        """Store the bytes durably under their hash; the same content again changes nothing."""
        target = self.path(file)
        from dealwright.store.durable import make_folder, replace  # reading a deal writes no file

        if target.exists():
            return
        make_folder(target.parent)
        draft = target.with_name(f"{target.name}.{os.getpid()}.part")
        with draft.open("wb") as handle:
            handle.write(data)
            handle.flush()
            os.fsync(handle.fileno())
        replace(draft, target)

    def erase(self, sha256: str) -> None:
        """Remove the bytes kept under a hash, and what an interrupted write of them left behind."""
        folder = self.folder / sha256[:2]
        for path in folder.glob(f"{sha256}*"):
            path.unlink(missing_ok=True)

    def path(self, file: FileRef | str) -> Path:
        """Where a file's bytes are; a file may be named by its hash alone."""
        sha256 = file if isinstance(file, str) else file.sha256
        return self.folder / sha256[:2] / sha256


def _read(path: Path) -> bytes | None:
    """One byte more than is taken, at most; None where it became something else since it was looked at.

    A size that was told beforehand proves nothing: files of the system say 0 and have no end.
    """
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    try:
        with os.fdopen(os.open(path, flags), "rb") as file:
            return file.read(MOST_BYTES + 1) if stat.S_ISREG(os.fstat(file.fileno()).st_mode) else None
    except OSError as error:
        raise UsageError(
            f"cannot read {path}: {error.strerror}", f"无法读取 {path}：{error.strerror}", file=str(path)
        ) from error
