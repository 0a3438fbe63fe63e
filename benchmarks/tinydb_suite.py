"""TinyDB's own published tests on our storage, and the differences.

Run `python benchmarks/tinydb_suite.py`. It fetches TinyDB's sdist with pip, so it needs a package index.
"""

from __future__ import annotations

import sys
import tempfile
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "contracts"))

from tinydb_suite import documented, fetch, run  # it lies beside the tests


def main() -> int:
    """Print how many passed, file by file, and each that did not; 1 where docs/tinydb.md does not say so."""
    with tempfile.TemporaryDirectory() as name:
        outcomes = run(fetch(Path(name)))
    for file in sorted({one.name.partition("::")[0] for one in outcomes}):
        there = [one for one in outcomes if one.name.startswith(f"{file}::")]
        ours = sum(one.ours for one in there)
        print(
            f"{file:22} {sum(one.passed for one in there):4} of {len(there):4} pass, {ours:4} of them asked our storage"
        )
    failed = [one for one in outcomes if not one.passed]
    print(f"{len(outcomes) - len(failed)} of {len(outcomes)} pass (goal >= 210)")
    for one in failed:
        print(f"  {one.name}: {one.said[:120]}")
    names = Counter(one.name.partition("::")[2].partition("[")[0] for one in failed)
    return 0 if names == documented() else 1


if __name__ == "__main__":
    sys.exit(main())
