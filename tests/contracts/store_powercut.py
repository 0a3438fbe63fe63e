"""The power goes out in the middle of every writing command: what was acknowledged is there, and nothing lies between.

A command runs once with a preloaded library (store_writes.c) that records each change of a file. Then the disk is
built as a power cut may leave it, at many moments: what was synced is there; of what was not, each write is there or
not, whole or torn at a sector; a new, renamed or removed name is sure only once its folder was synced. That is as
little as POSIX promises; real file systems promise more.

`python store_powercut.py [--cuts 40] [--seed 1]` prints a table and ends with 1 where something was lost.
"""

from __future__ import annotations

import argparse
import ctypes
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from store_faulting import FINE, NEXT, compiler, state_of

SOURCE = Path(__file__).with_name("store_writes.c")
SECTOR = 512
# Made anew whenever it is opened, and never read after a crash.
NEVER_READ = ("-shm",)


def build(folder: Path) -> Path:
    """The library, compiled. Raises CalledProcessError."""
    library = folder / "store_writes.so"
    subprocess.run(
        [compiler() or "cc", "-shared", "-fPIC", "-O1", "-o", str(library), str(SOURCE), "-ldl"],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    return library


class Change(NamedTuple):
    """One recorded call. `to` is the new name of a rename."""

    what: str
    at: int
    path: str
    data: bytes = b""
    to: str = ""


def read_changes(log: Path) -> Iterator[Change]:
    """The recorded calls in their order."""
    with log.open("rb") as file:
        while line := file.readline():
            what, at, size, paths = line.decode().rstrip("\n").split(" ", 3)
            path, _, to = paths.partition("\t")
            yield Change(what, int(at), path, file.read(int(size)) if what == "write" else b"", to)


class Inode:
    """A file's bytes: those on the disk for sure, and the changes since."""

    def __init__(self, data: bytes) -> None:
        self.data = bytearray(data)
        self.since: list[Change] = []


class Disk:
    """A folder as a disk sees it: which names lead to which files for sure, and what is still under way."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.names: dict[str, Inode | None] = {}  # as running programs see it; None is a folder
        for path in root.rglob("*"):
            self.names[str(path)] = None if path.is_dir() else Inode(path.read_bytes())
        self.sure = dict(self.names)
        self.under_way: dict[str, list[Change | tuple[Change, Inode | None]]] = {}

    def take(self, change: Change) -> None:
        """What a recorded call does."""
        node = self.names.get(change.path)
        if change.what in ("write", "truncate"):
            if node is not None:
                node.since.append(change)
        elif change.what == "sync":
            if node is not None:
                for one in node.since:
                    _apply(node.data, one)
                node.since.clear()
            else:
                self._name_surely(self.under_way.pop(change.path, []))
        else:
            entry = Inode(b"") if change.what == "create" else None
            if change.what == "rename":
                entry = self.names[change.path]
            _rename(self.names, change, entry)
            for folder in dict.fromkeys((Path(change.path).parent, Path(change.to or change.path).parent)):
                self.under_way.setdefault(str(folder), []).append((change, entry))

    def _name_surely(self, changes: list[Any]) -> None:
        for change, entry in changes:
            _rename(self.sure, change, entry)

    def cut(self, target: Path, pick: random.Random) -> None:
        """Write down under `target` what a power cut now may leave."""
        names = dict(self.sure)
        for changes in self.under_way.values():
            for change, entry in changes[: pick.randint(0, len(changes))]:  # type: ignore[misc]
                _rename(names, change, entry)
        for name in sorted(names):
            node, path = names[name], target / Path(name).relative_to(self.root)
            if node is None:
                path.mkdir(parents=True, exist_ok=True)
            elif path.parent.is_dir() and not name.endswith(NEVER_READ):
                path.write_bytes(_left(node, pick))


def _rename(names: dict[str, Inode | None], change: Change, entry: Inode | None) -> None:
    if change.what in ("unlink", "rmdir"):
        names.pop(change.path, None)
    elif change.what == "rename":
        names.pop(change.path, None)
        names[change.to] = entry
    else:
        names[change.path] = entry


def _apply(data: bytearray, change: Change) -> None:
    if change.what == "truncate":
        del data[change.at :]
        data.extend(bytes(change.at - len(data)))
        return
    if len(data) < change.at:
        data.extend(bytes(change.at - len(data)))
    data[change.at : change.at + len(change.data)] = change.data


def _left(node: Inode, pick: random.Random) -> bytes:
    """The sure bytes, and of the changes since each one, or none, or the first sectors of it."""
    data = bytearray(node.data)
    way = pick.choice(("none", "all", "some", "some"))
    for change in node.since:
        chance = pick.random()
        if way == "none" or (way == "some" and chance < 0.4):
            continue
        torn = way == "some" and chance < 0.55 and change.what == "write"
        kept = pick.randrange(len(change.data) // SECTOR + 1) * SECTOR if torn else len(change.data)
        _apply(data, change._replace(data=change.data[:kept]))
    return bytes(data)


class Outage:
    """Trials of every command."""

    def __init__(self, folder: Path, cuts: int, pick: random.Random) -> None:
        from store_world import make_world, prepare

        self.folder = folder
        self.cuts = cuts
        self.pick = pick
        self.library = ctypes.CDLL(os.environ["LD_PRELOAD"])
        self.library.record_start.argtypes = [ctypes.c_char_p, ctypes.c_char_p]
        self.trial = folder / "trial"
        (folder / "whole").mkdir()
        self.whole = make_world(folder / "whole")
        prepare(self.whole)
        self.wrong: list[str] = []

    def commands(self) -> Iterator[tuple[str, int, int]]:
        """Each command with how many changes it made and how many cuts it had."""
        from store_world import commands

        before = state_of(self.whole)
        for name in commands(self.whole):
            changes = self._recorded(name)
            after = state_of(self.trial / "acme")
            moments = sorted(self.pick.sample(range(len(changes)), min(self.cuts - 1, len(changes))))
            disk, done = self._disk(), 0
            for moment in [*moments, len(changes)]:
                for change in changes[done:moment]:
                    disk.take(change)
                done = moment
                self._try(f"{name}, cut after {moment} of {len(changes)} changes", name, disk, before, after,
                          acknowledged=moment == len(changes))  # fmt: skip
            yield name, len(changes), len(moments) + 1

    def _fresh(self) -> None:
        shutil.rmtree(self.trial, ignore_errors=True)
        shutil.copytree(self.folder / "whole", self.trial)

    def _disk(self) -> Disk:
        """The disk before the command, under the names that the record has."""
        self._fresh()
        return Disk(self.trial)

    def _recorded(self, name: str) -> list[Change]:
        """Run the command in a child, whose changes are recorded."""
        from store_world import commands, run

        self._fresh()
        log = self.folder / "changes"
        child = os.fork()
        if not child:
            code = 99
            try:
                self.library.record_start(str(self.trial).encode(), str(log).encode())
                code = run(self.trial / "acme", *commands(self.trial / "acme")[name]).code
            finally:
                os._exit(code)
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        if code != 0:
            self.wrong.append(f"{name} does not work at all: {code}")
        return list(read_changes(log))

    def _try(
        self, what: str, name: str, disk: Disk, before: dict[str, Any], after: dict[str, Any], *, acknowledged: bool
    ) -> None:
        from store_world import run

        place = self.folder / "cut"
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir()
        disk.cut(place, self.pick)
        acme = place / "acme"
        try:
            found = state_of(acme)
        except Exception as error:  # whatever it is, the store cannot be read
            self.wrong.append(f"{what}: unreadable: {error}")
            return
        if found not in (before, after):
            self.wrong.append(f"{what}: the state lies between")
        if acknowledged and found != after and name not in FINE:
            self.wrong.append(f"{what}: it was acknowledged, and is not there")
        seen = run(acme, "store", "verify")
        if seen.code != 0:
            self.wrong.append(f"{what}: verify says {[p['code'] for p in seen.json.get('problems', [])] or seen.out}")
        following = run(acme, *NEXT)
        if following.code != 0:
            self.wrong.append(f"{what}: the next command ended with {following.code}: {following.out[:200]}")


def preloaded(arguments: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    """This program in a Python of its own, with the library before it."""
    return subprocess.run(
        [sys.executable, __file__, *arguments],
        cwd=Path(__file__).parent, env={**os.environ, "LD_PRELOAD": str(build(folder))},
        capture_output=True, text=True, check=False,
    )  # fmt: skip


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--cuts", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    begin = time.perf_counter()
    with tempfile.TemporaryDirectory() as name:
        outage = Outage(Path(name), asked.cuts, random.Random(asked.seed))
        total = 0
        for command, changes, cuts in outage.commands():
            total += cuts
            print(f"{command:12} {changes:6} changes {cuts:6} cuts", flush=True)
    for line in outage.wrong[:50]:
        print("WRONG", line)
    print(f"{total} power cuts, {len(outage.wrong)} wrong, {time.perf_counter() - begin:.0f} s")
    return 1 if outage.wrong else 0


if __name__ == "__main__":
    if "LD_PRELOAD" not in os.environ:
        with tempfile.TemporaryDirectory() as place:
            told = preloaded(sys.argv[1:], Path(place))
        print(told.stdout + told.stderr, end="")
        raise SystemExit(told.returncode)
    raise SystemExit(main())
