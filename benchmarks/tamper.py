"""How many random forgeries of a log are found: edits, deletions, insertions, swaps and truncations.

Forgers of seven grades of diligence, from one who edits rows to one who recomputes every checksum, hash, chain,
head and the files beside the store. Run `python benchmarks/tamper.py [--trials 10000] [--seed 1]`. Ends with 1
where one was not found with a head that was noted before.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "tests" / "contracts"))

from store_tampering import LEVELS, NAMES, make_base, trial


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--trials", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    pick = random.Random(asked.seed)
    begin = time.perf_counter()
    count: Counter[int] = Counter()
    alone: Counter[int] = Counter()
    with_head: Counter[int] = Counter()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        base = make_base(folder)
        for _ in range(asked.trials):
            done = trial(base, folder, pick)
            count[done.level] += 1
            alone[done.level] += done.found
            with_head[done.level] += done.found_with_head
    print(f"{'the forger':45} {'forgeries':>9} {'found by verify':>16} {'with --head':>12}")
    for level in LEVELS:
        shares = f"{_share(alone, count, level):>16} {_share(with_head, count, level):>12}"
        print(f"{NAMES[level]:45} {count[level]:9} {shares}")
    found = sum(with_head.values())
    print(f"{found} of {asked.trials} found with the head kept elsewhere, {time.perf_counter() - begin:.0f} s")
    return 0 if found == asked.trials else 1


def _share(found: Counter[int], count: Counter[int], level: int) -> str:
    return f"{100 * found[level] / max(count[level], 1):.1f} %"


if __name__ == "__main__":
    raise SystemExit(main())
