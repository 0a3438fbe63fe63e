"""Random lives of deals against a model, as long as you like.

Run `python benchmarks/stateful.py [STEPS] [FOLDER]`: 500,000 steps by default, fifty to a life, in
two processes. The folder decides which disk is used; one in memory makes it faster. A life that
goes wrong is made as short as can be, printed, and ends its process with 1.
"""

from __future__ import annotations

import multiprocessing
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "acceptance"))

PROCESSES = 2
LIFE = 50  # steps
PORTION = 200  # lives that hypothesis plans together; it would never repeat one of them


def live(folder: str | None, wanted: int) -> Counter[str]:
    """So many steps, at least; what happened in them."""
    tempfile.tempdir = folder
    import play_machine

    lives = settings(
        max_examples=PORTION, stateful_step_count=LIFE, deadline=None, database=None, print_blob=True,
        phases=(Phase.generate, Phase.shrink), suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    try:
        while play_machine.SEEN["steps"] < wanted:
            run_state_machine_as_test(play_machine.Play, settings=lives)
    finally:
        play_machine.leave()
    return play_machine.SEEN


def main() -> None:
    """Print how much of everything there was, and that nothing was wrong."""
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else 500_000
    folder = sys.argv[2] if len(sys.argv) > 2 else None
    begin = time.perf_counter()
    with multiprocessing.get_context("spawn").Pool(PROCESSES) as pool:
        seen = sum(pool.starmap(live, [(folder, -(-wanted // PROCESSES))] * PROCESSES), Counter[str]())
    print(f"{seen.pop('steps')} steps, every invariant held after each, {time.perf_counter() - begin:.0f} s")
    print(", ".join(f"{count} {what}" for what, count in seen.most_common()))


if __name__ == "__main__":
    main()
