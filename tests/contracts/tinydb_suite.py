"""TinyDB's published test-suite, fetched when it is run and never kept, on our storage."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tarfile
from pathlib import Path
from typing import NamedTuple

RELEASE = "4.9.0"
SHA256 = "6928b1fa785186bda7952a0ba05aaeedc883ede565ca9c7d608de44e5e75de70"
PATIENCE = 120  # seconds for the download
DIFFERENCES = Path(__file__).parents[2] / "docs" / "tinydb.md"
_SAID = re.compile(r"^=TINYDB= (\w+) (ours|theirs) (\S+::\S.*?) \| (.*)$", re.MULTILINE)
_ROW = re.compile(r"^\| `(test_\w+)` \| (\w+) \|", re.MULTILINE)


class FetchError(Exception):
    """The sdist cannot be had here: no network, no package index, or no build backend."""


class Outcome(NamedTuple):
    """One of TinyDB's tests: whether it passed, whether it got a database of ours, and what it complained of."""

    name: str
    passed: bool
    ours: bool
    said: str


def fetch(folder: Path) -> Path:
    """The `tests` of TinyDB's sdist, unpacked below `folder`. Raises FetchError; ValueError for a changed sdist."""
    wanted = folder / "requirements.txt"
    wanted.write_text(f"tinydb=={RELEASE} --hash=sha256:{SHA256}\n", encoding="utf-8")
    command = [
        sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps",
        "--no-build-isolation", "--no-binary", ":all:", "--require-hashes", "--dest", str(folder),
        "--requirement", str(wanted),
    ]  # fmt: skip
    try:
        done = subprocess.run(
            command, capture_output=True, encoding="utf-8", errors="replace", timeout=PATIENCE, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise FetchError(f"pip took more than {PATIENCE} s") from error
    if done.returncode:
        if "DO NOT MATCH THE HASHES" in done.stderr:
            raise ValueError(done.stderr)
        raise FetchError((done.stderr.strip().splitlines() or ["pip failed"])[-1])
    with tarfile.open(folder / f"tinydb-{RELEASE}.tar.gz") as archive:
        archive.extractall(folder, filter="data")
    return folder / f"tinydb-{RELEASE}" / "tests"


def run(tests: Path) -> list[Outcome]:
    """Run the suite in a process of its own, its fixtures replaced by those of `tinydb_on_rows`."""
    (tests / "conftest.py").unlink()  # theirs makes `db` on their storages
    (tests / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PYTEST_")}
    environment |= {"PYTHONPATH": str(Path(__file__).parent), "PYTHONUTF8": "1"}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "tinydb_on_rows", "-p", "no:cacheprovider", "--tb=short",
         "--basetemp", str(tests / "tmp"), "."],
        cwd=tests, env=environment, capture_output=True, encoding="utf-8", errors="replace", check=False,
    )  # fmt: skip
    found = [
        Outcome(name, how == "passed", whose == "ours", said) for how, whose, name, said in _SAID.findall(done.stdout)
    ]
    if not found:
        raise RuntimeError(done.stdout + done.stderr)
    return found


def documented() -> dict[str, int]:
    """The tests that docs/tinydb.md says do not pass, and how often each is run."""
    return {name: int(times) for name, times in _ROW.findall(DIFFERENCES.read_text(encoding="utf-8"))}
