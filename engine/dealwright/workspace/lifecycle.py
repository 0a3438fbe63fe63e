"""A store's life: backups, restoring, carrying it elsewhere and back, giving space back, new releases."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from dealwright.errors import ConflictError, NotFoundError, StoreError, UsageError
from dealwright.workspace.core import RELEASE, Ground

if TYPE_CHECKING:
    from dealwright.store.tiny import TinyStore

Progress = Callable[[int, int], None]
MANIFEST = "backup.json"
_COPY = "store.db"
_OFTEN = 200  # entries between two reports of progress


class Lifecycle(Ground):
    """What `store backup`, `restore`, `export`, `import`, `compact` and `migrate` do.

    Each gets `progress(done, total)` called now and then. Each can be run again after an interruption.
    """

    def store_backup(self, path: str | Path, progress: Progress | None = None) -> dict[str, Any]:
        """Copy the store and its attached files into the new folder `path`, while others go on writing.

        The copy is read whole and checked. `damaged` names attached files whose bytes are no longer
        those that were attached; they are left out. Raises ConflictError where `path` is there already.
        """
        from dealwright.store.backup import copy_store
        from dealwright.store.durable import replace, sync_tree

        target = Path(path)
        _must_be_free(target)
        draft = target.with_name(target.name + ".partial")
        draft.mkdir(parents=True, exist_ok=True)
        seen = copy_store(self._file_store(), draft / _COPY, progress)
        # After the store: each file was there before the event that names it.
        files, damaged = _copy_files(self.files.folder, draft / "files", progress)
        manifest = {
            "v": 1, "made_at": datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
            "release": RELEASE, "deals": seen.deals, "events": seen.events, "head": seen.head, "files": files,
        }  # fmt: skip
        (draft / MANIFEST).write_bytes(msgspec.json.format(msgspec.json.encode(manifest)) + b"\n")
        if target.exists():
            target.rmdir()
        sync_tree(draft)
        replace(draft, target)
        return {**manifest, "path": str(target), "damaged": damaged}

    def store_restore(
        self, path: str | Path, *, replace: bool = False, progress: Progress | None = None
    ) -> dict[str, Any]:
        """Make a backup the workspace's store again; with `replace`, the one that is there is kept in `aside`.

        Raises NotFoundError for what is no backup, StoreError for a damaged one, ConflictError
        where a store is there and `replace` is not given.
        """
        from dealwright.store.backup import in_the_way, place_store, stage_store

        source = Path(path)
        manifest = _manifest(source)
        store = self.folder / self.settings.store
        if store.exists() and not replace:
            raise in_the_way(store)
        self.close()
        draft, seen = stage_store(source / _COPY, store)
        if seen.head != manifest.get("head"):
            raise StoreError(
                f"The backup at {source} is not the one its {MANIFEST} speaks of.",
                f"{source} 处的备份与其 {MANIFEST} 不符。", path=str(source),
            )  # fmt: skip
        files, damaged = _copy_files(source / "files", self.files.folder, progress)
        stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%fZ")
        aside = store.parent / f"replaced-{stamp}" if store.exists() else None
        place_store(draft, store, aside)
        return {
            "v": 1, "path": str(store), "deals": seen.deals, "events": seen.events, "head": seen.head, "files": files,
            "damaged": damaged, "aside": str(aside) if aside else None,
        }  # fmt: skip

    def store_export(
        self, form: str, out: str | Path, *, personal: bool = True, replace: bool = False,
        progress: Progress | None = None,
    ) -> dict[str, Any]:  # fmt: skip
        """Write the store as it is at this moment to `out`: `jsonl` and `tinydb` one file, `csv` a folder.

        Only `jsonl` holds the attached files too. Without `personal` all personal values are left out
        (null), and the attached files with them. Raises ConflictError where a
        file is there already, unless `replace`.
        """
        from dealwright.workspace.outgoing import Outgoing

        store = self._file_store()
        outgoing = Outgoing(store, self.files, personal, progress)
        pieces: dict[Path, Callable[[], Iterator[bytes]]]
        target = Path(out)
        if form == "jsonl":
            pieces = {target: outgoing.lines}
        elif form == "tinydb":
            pieces = {target: outgoing.tiny}
        elif form == "csv":
            pieces = {target / "deals.csv": outgoing.csv_deals, target / "events.csv": outgoing.csv_events}
        else:
            raise UsageError(
                f"--format takes jsonl, tinydb or csv, not {form}",
                f"--format 应为 jsonl、tinydb 或 csv，而不是 {form}",
            )
        for path in pieces:
            if path.exists() and not replace:
                raise ConflictError(
                    f"There is a file {path} already; --replace writes it anew.",
                    f"{path} 已存在；使用 --replace 可重新写入。", path=str(path),
                )  # fmt: skip
        with store.snapshot():
            info = store.info()
            for path, make in pieces.items():
                _write(path, make())
        return {
            "v": 1, "format": form, "files": [str(path) for path in pieces], "deals": info.deals,
            "events": info.events, "head": info.head, "personal": personal,
        }  # fmt: skip

    def store_import(self, file: str | Path, progress: Progress | None = None) -> dict[str, Any]:
        """Take an exported log (`jsonl`) into the workspace's empty store: the same positions, bytes and head.

        All or nothing. Raises ConflictError where the store holds events, UsageError for a file
        that is none or was cut short, StoreError where an event or the head is not the exported one.
        """
        from dealwright.workspace.incoming import take_log

        path = Path(file)
        store = self._file_store()
        try:
            with path.open("rb") as lines, store.transaction():
                taken = take_log(self.library, store, self.files, _watched(lines, path.stat().st_size, progress))
        except OSError as error:
            raise NotFoundError(
                f"cannot read {path}: {error.strerror}", f"无法读取 {path}：{error.strerror}"
            ) from error
        return {"v": 1, "path": str(store.path), **taken}

    def store_compact(self, progress: Progress | None = None) -> dict[str, Any]:
        """Rewrite the store without gaps, and remove attached files that no event names, and caches.

        Raises StoreError where a long-running reader keeps the journal in use.
        """
        from dealwright.store.compact import compact_store, drafts, spare_files

        store = self._file_store()
        report = progress or _quiet
        before = store.info().bytes
        report(0, 3)
        compact_store(store)
        report(1, 3)
        freed = removed = 0
        with store.transaction():  # a file is attached within a transaction: nobody is between file and event now
            for path in [*spare_files(store, self.files.folder), *drafts(store)]:
                freed, removed = freed + path.stat().st_size, removed + 1
                path.unlink()
        report(2, 3)
        cached = 0
        for path in self.cache.folder.glob("*"):
            if path.is_file():
                path.unlink(missing_ok=True)
                cached += 1
        report(3, 3)
        return {
            "v": 1, "path": str(store.path), "bytes_before": before, "bytes": store.info().bytes,
            "files_removed": removed, "files_bytes": freed, "caches_removed": cached,
        }  # fmt: skip

    def store_migrate(self, progress: Progress | None = None) -> dict[str, Any]:
        """Bring a store of an earlier release to this one's tables, with a backup first; else nothing changes."""
        from dealwright.store.migrate import migrate

        self.close()
        path = self.folder / self.settings.store
        done = migrate(path, progress)
        return {
            "v": 1, "path": str(path), "from": done.before, "to": done.after,
            "backup": str(done.backup) if done.backup else None,
        }  # fmt: skip

    def _file_store(self) -> TinyStore:
        from dealwright.store.tiny import TinyStore

        if not isinstance(self.store, TinyStore):
            raise StoreError(
                "This store is a server's: use the server's own tools for that.",
                "该数据存储位于服务器上：请使用服务器自身的工具。",
            )
        return self.store


def _watched(lines: Iterable[bytes], size: int, progress: Progress | None) -> Iterator[bytes]:
    """The lines, with progress by bytes."""
    done = 0
    for number, line in enumerate(lines, 1):
        yield line
        done += len(line)
        if progress and (number % _OFTEN == 0 or done == size):
            progress(done, size)


def _must_be_free(target: Path) -> None:
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise ConflictError(
            f"There is something at {target} already; name a new folder for the backup.",
            f"{target} 处已有内容；请为备份指定新的文件夹。", path=str(target),
        )  # fmt: skip


def _manifest(folder: Path) -> dict[str, Any]:
    try:
        found: dict[str, Any] = msgspec.json.decode((folder / MANIFEST).read_bytes(), type=dict)
    except (OSError, msgspec.DecodeError) as error:
        raise NotFoundError(
            f"{folder} is no backup: it has no {MANIFEST} that can be read.",
            f"{folder} 不是备份：没有可读取的 {MANIFEST}。", path=str(folder),
        ) from error  # fmt: skip
    return found


def _copy_files(source: Path, target: Path, progress: Progress | None) -> tuple[int, list[str]]:
    """Copy the attached files that are not there yet; how many are whole, and the names of those that are not."""
    import shutil

    every = [path for path in sorted(source.glob("??/*")) if len(path.name) == 64 and path.is_file()]
    damaged = []
    for number, path in enumerate(every, 1):
        copy = target / path.parent.name / path.name
        if not copy.is_file() or _sha256(copy) != path.name:
            copy.parent.mkdir(parents=True, exist_ok=True)
            draft = copy.with_name(copy.name + ".part")
            shutil.copyfile(path, draft)
            if _sha256(draft) != path.name:
                draft.unlink()
                damaged.append(path.name)
                continue
            draft.replace(copy)
        if progress and (number % _OFTEN == 0 or number == len(every)):
            progress(number, len(every))
    return len(every) - len(damaged), damaged


def _sha256(path: Path) -> str:
    import hashlib

    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _write(path: Path, pieces: Iterable[bytes]) -> None:
    """Write a file whole or not at all."""
    draft = path.with_name(path.name + ".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with draft.open("wb") as file:
            for piece in pieces:
                file.write(piece)
        draft.replace(path)
    except OSError as error:
        raise StoreError(f"cannot write {path}: {error.strerror}", f"无法写入 {path}：{error.strerror}") from error


def _quiet(done: int, total: int) -> None:
    """No progress is shown."""
