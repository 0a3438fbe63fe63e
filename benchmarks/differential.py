"""Random operations on our tables and on stock TinyDB's, side by side.

Run `python benchmarks/differential.py [OPERATIONS] [SEED]`, 30,000 by default. Two connections take
turns at our file, so that each sees what the other wrote; any difference ends the run.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "contracts"))

from tinydb_operations import Pair  # it lies beside the tests

EACH = 1_000  # operations to a table, which is small again after


def main() -> None:
    """Run them and say how many there were."""
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else 30_000
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    begin = time.perf_counter()
    done = 0
    with tempfile.TemporaryDirectory() as folder:
        while done < wanted:
            pair = Pair(Path(folder), ("people", "Plain Table")[seed % 2], seed)
            pair.run(min(EACH, wanted - done))
            pair.close()
            done, seed = done + pair.done, seed + 1
    print(f"{done} random operations, 0 differences from stock TinyDB, {time.perf_counter() - begin:.0f} s")


if __name__ == "__main__":
    main()
