"""A pytest plugin for TinyDB's own tests: wherever they make a database of their own accord, they get one of ours.

The fixture `db` comes twice, as theirs does: fresh, and written, closed and opened again. In the
test modules the name `TinyDB` makes ours for a path and for `MemoryStorage` or `JSONStorage`;
a database on any other storage, which the test itself brings along, stays TinyDB's. Queries,
operations, middlewares and `JSONStorage` itself are TinyDB's own, which we use unchanged or not at all.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import tinydb
from tinydb.middlewares import CachingMiddleware
from tinydb.storages import JSONStorage, MemoryStorage

from dealwright.store.sqlite_file import create
from dealwright.store.tables import Database

ON_ROWS: set[str] = set()  # the tests that got a database of ours
_RUNNING: list[str] = []


def on_rows(path: Path, access_mode: str = "r+", **_: Any) -> Database:
    """Our database at `path`, made where there is none, unless it is only to be read. Options for JSON mean nothing."""
    ON_ROWS.add(_RUNNING[-1])
    if not path.exists() and access_mode != "r":
        create(path, 1, [])
    return Database(path)


@pytest.fixture(params=["fresh", "reopened"])
def db(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    made = on_rows(tmp_path / "test.db")
    made.drop_tables()
    made.insert_multiple({"int": 1, "char": c} for c in "abc")
    if request.param == "reopened":
        made.close()
        made = on_rows(tmp_path / "test.db")
    yield made
    made.close()


@pytest.fixture
def storage() -> Any:
    return CachingMiddleware(MemoryStorage)()


@pytest.fixture(autouse=True)
def _ours_for_theirs(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    _RUNNING.append(request.node.nodeid)
    made: list[Database] = []
    numbers = itertools.count()

    class Either(tinydb.TinyDB):
        """What `TinyDB` means in a test module."""

        def __new__(cls, *args: Any, storage: Any = JSONStorage, **options: Any) -> Any:
            if storage is JSONStorage and args:
                made.append(on_rows(Path(args[0]), **options))
            elif storage is MemoryStorage:
                made.append(on_rows(tmp_path / f"memory-{next(numbers)}.db"))
            else:
                return tinydb.TinyDB(*args, storage=storage, **options)
            return made[-1]

    if hasattr(request.module, "TinyDB"):
        monkeypatch.setattr(request.module, "TinyDB", Either)
    yield
    for database in made:
        database.close()


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """One line a test on standard output, which whoever started this reads."""
    if report.when == "call" or report.outcome != "passed":
        name = report.nodeid.rpartition("/")[2]
        ours = report.nodeid in ON_ROWS
        said = report.longreprtext.strip().splitlines() if report.failed else []
        print(f"\n=TINYDB= {report.outcome} {'ours' if ours else 'theirs'} {name} | {said[-1] if said else ''}")
