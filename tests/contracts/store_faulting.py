"""Every call that writes a file fails once, in every command that writes: the state is then the one before or after.

Needs a preloaded library (store_faults.c). A child is forked for each trial; it arms the library, runs one command
and ends. Then the workspace is compared with how it was and how it should become, and the next command is run.

`python store_faulting.py --stride N` tries every N-th call, prints a table and ends with 1 where a state lay between.
"""

from __future__ import annotations

import argparse
import ctypes
import errno
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

SOURCE = Path(__file__).with_name("store_faults.c")
ONCE, FROM_THEN_ON, SHORT = range(3)
FAULTS = {
    "EIO once": (ONCE, errno.EIO),
    "full from then on": (FROM_THEN_ON, errno.ENOSPC),
    "a short write, then full": (SHORT, errno.ENOSPC),
}
FINE = {"erase": (0, 1, 5)}  # 1: erased, but a trace may be left until it is run again
NEXT = ("deal", "set", "mini-2", "--set", "source=after")
ALWAYS_FINE = (0, 5)  # done, or told that the store could not be written


def compiler() -> str | None:
    """A C compiler, or None."""
    return next((found for name in ("cc", "gcc", "clang") if (found := shutil.which(name))), None)


def build(folder: Path) -> Path:
    """The library, compiled. Raises CalledProcessError."""
    library = folder / "store_faults.so"
    subprocess.run(
        [compiler() or "cc", "-shared", "-fPIC", "-O1", "-o", str(library), str(SOURCE), "-ldl"],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    return library


class Outcome(NamedTuple):
    """What a command with a fault ended with, which call was hit (empty: none), and how many calls there were."""

    code: int
    hit: str
    calls: int


class Faults:
    """The preloaded library."""

    def __init__(self) -> None:
        self._library = ctypes.CDLL(os.environ["LD_PRELOAD"])
        self._library.fault_count.restype = ctypes.c_long
        self._library.fault_hit.restype = ctypes.c_char_p
        self._library.fault_arm.argtypes = [ctypes.c_char_p, ctypes.c_long, ctypes.c_int, ctypes.c_int]

    def run(self, folder: Path, act: Callable[[], int], nth: int, how: int, error: int) -> Outcome:
        """Run `act` in a child whose `nth` writing call under `folder` fails; 0 for none."""
        read, out = os.pipe()
        child = os.fork()
        if not child:
            os.close(read)
            code = 99
            try:
                self._library.fault_arm(str(folder).encode(), nth, how, error)
                code = act()
            finally:
                hit, calls = self._library.fault_hit().decode(), self._library.fault_count()
                self._library.fault_arm(b"", -1, 0, 0)
                os.write(out, json.dumps([code, hit, calls]).encode())
                os._exit(0)
        os.close(out)
        with os.fdopen(read, "rb") as answer:
            told = answer.read()
        os.waitpid(child, 0)
        return Outcome(*json.loads(told))


def state_of(folder: Path) -> dict[str, Any]:
    """What a workspace holds, its instants and random references left out."""
    from dealwright.store import open_store

    with open_store(folder / ".dealwright" / "store.db") as store:
        rows = store.storage.count
        deals = [(d["id"], d["version"], d["stage"], d["status"], d["owner"]) for d in store.deals()[1]]
        return {
            "events": [(r.deal, r.seq, r.type) for r in store.events()],
            "deals": deals,
            "definitions": [(d["id"], d["version"], d["published"]) for d in store.definitions()],
            "personal": rows("personal"),
            "numbers": [row.body for row in store.storage.rows("counters")],
        }


class Sweep:
    """Trials of every command."""

    def __init__(self, folder: Path, stride: int, pick: random.Random) -> None:
        from store_world import make_world, prepare

        self.folder = folder
        self.stride = stride
        self.pick = pick
        self.faults = Faults()
        (folder / "whole").mkdir()
        self.whole = make_world(folder / "whole")
        prepare(self.whole)
        self.wrong: list[str] = []
        self.counts: Counter[str] = Counter()

    def commands(self) -> Iterator[tuple[str, int]]:
        """Each command with how many trials it had."""
        from store_world import commands

        before = state_of(self.whole)
        for name in commands(self.whole):
            acme = self._fresh()
            done = self.faults.run(acme, self._act(name), 0, ONCE, 0)
            if done.code != 0:
                self.wrong.append(f"{name} does not work at all: {done}")
                continue
            after = state_of(acme)
            trials = 0
            for nth in range(1 + self.pick.randrange(self.stride), done.calls + 1, self.stride):
                for fault in FAULTS:
                    self._try(name, nth, fault, before, after)
                    trials += 1
            yield name, trials

    def _act(self, name: str) -> Callable[[], int]:
        from store_world import commands, run

        acme = self.folder / "trial" / "acme"
        return lambda: run(acme, *commands(acme)[name]).code

    def _fresh(self) -> Path:
        shutil.rmtree(self.folder / "trial", ignore_errors=True)
        shutil.copytree(self.folder / "whole", self.folder / "trial")
        return self.folder / "trial" / "acme"

    def _try(self, name: str, nth: int, fault: str, before: dict[str, Any], after: dict[str, Any]) -> None:
        from store_world import run

        acme = self._fresh()
        done = self.faults.run(acme, self._act(name), nth, *FAULTS[fault])
        what = f"{name}, {fault} at call {nth} ({done.hit}), ended with {done.code}"
        self.counts[f"{done.hit or 'none'}: {fault}"] += 1
        found = state_of(acme)
        if found not in (before, after):
            self.wrong.append(f"{what}: the state lies between: {_difference(before, found)}")
        if done.code == 0 and found != after:
            self.wrong.append(f"{what}: it was acknowledged, and is not there")
        if done.code not in FINE.get(name, ALWAYS_FINE):
            self.wrong.append(f"{what}: no clean ending")
        following = self.faults.run(acme, lambda: run(acme, *NEXT).code, -1, 0, 0)
        if following.code != 0:
            self.wrong.append(f"{what}: the next command ended with {following.code}")
        seen = run(acme, "store", "verify")
        if seen.code != 0:
            self.wrong.append(f"{what}: verify says {[p['code'] for p in seen.json.get('problems', [])] or seen.out}")


def _difference(before: dict[str, Any], found: dict[str, Any]) -> str:
    return "; ".join(f"{key}: {before[key]} -> {found[key]}" for key in before if before[key] != found[key])[:300]


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
    parser.add_argument("--stride", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    begin = time.perf_counter()
    with tempfile.TemporaryDirectory() as name:
        sweep = Sweep(Path(name), asked.stride, random.Random(asked.seed))
        total = 0
        for command, trials in sweep.commands():
            total += trials
            print(f"{command:12} {trials:6} faults", flush=True)
    for what, count in sorted(sweep.counts.items()):
        print(f"  {what:35} {count:6}")
    for line in sweep.wrong[:50]:
        print("WRONG", line)
    print(f"{total} faults, {len(sweep.wrong)} wrong, {time.perf_counter() - begin:.0f} s")
    return 1 if sweep.wrong else 0


if __name__ == "__main__":
    if "LD_PRELOAD" not in os.environ:
        with tempfile.TemporaryDirectory() as place:
            told = preloaded(sys.argv[1:], Path(place))
        print(told.stdout + told.stderr, end="")
        raise SystemExit(told.returncode)
    raise SystemExit(main())
