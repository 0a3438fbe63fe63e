"""How long a whole verification takes: every row, hash, chain, head and page.

Run `python benchmarks/verify.py [--events 100000] [FOLDER]`. Printed beside what reading the same rows costs, and
one SHA-256 over the file.
"""

from __future__ import annotations

import argparse
import hashlib
import sqlite3
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from store import START, fill, moved, state

from dealwright.store import create_store, open_store

EACH = 10  # events of a deal


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", nargs="?")
    parser.add_argument("--events", type=int, default=100_000)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=asked.folder) as name:
        path = Path(name) / "store.db"
        deals = asked.events // EACH
        with create_store(path) as store, store.transaction():
            fill(store, deals)
            for version in range(2, EACH + 1):
                for number in range(deals):
                    store.append(
                        state(number, version), version - 1, [moved(number, version)],
                        recorded_at=START, recorded_by="os-rep",
                    )  # fmt: skip
        size = path.stat().st_size
        print(f"{deals * EACH} events of {deals} deals, {size / 1e6:.0f} MB, {size / deals / EACH:.0f} bytes an event")
        _time("one SHA-256 over the file", lambda: hashlib.sha256(path.read_bytes()).hexdigest())
        _time("reading the rows with sqlite3", lambda: _read(path))
        _time("SQLite's integrity_check", lambda: _integrity(path))
        with open_store(path) as store:
            head = "{}:{}".format(*store.end())
            _time("store verify --head (goal < 3 s)", lambda: store.verify(head=head).problems)


def _read(path: Path) -> None:
    with closing(sqlite3.connect(path)) as raw:
        for table in ("events", "deals"):
            raw.execute(f"SELECT * FROM {table}").fetchall()


def _integrity(path: Path) -> None:
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("PRAGMA integrity_check").fetchall()


def _time(what: str, act: object) -> None:
    begin = time.perf_counter()
    problems = act()  # type: ignore[operator]  # a function without arguments
    taken = time.perf_counter() - begin
    print(f"{what:35} {taken:6.2f} s{'' if not isinstance(problems, tuple) or not problems else '  PROBLEMS'}")


if __name__ == "__main__":
    main()
