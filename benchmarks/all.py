"""Every table of this folder that is about speed, one after the other, each in a process of its own.

    python benchmarks/all.py [--quick]

`--quick` measures smaller stores and logs. Crashes, tampering and the comparisons of behaviour with stock TinyDB
have commands of their own; what is printed here are times, as ratios to something that runs beside them.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent


def main() -> None:
    """Run them all; the first one that fails ends it."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true")
    quick = parser.parse_args().quick
    deals, events = ("5000", "100000") if quick else ("100000", "1000000")
    table = [
        ["startup.py"], ["transition.py"], ["guards.py"], ["reading.py"], ["validating.py"],
        ["plugins.py"], ["log.py", "--events", events],
        ["store.py", "--deals", deals], ["large.py", "--deals", deals],
    ]  # fmt: skip
    for name, *more in table:
        print(f"== {' '.join([name, *more])}", flush=True)
        subprocess.run([sys.executable, str(HERE / name), *more], check=True)
        print(flush=True)


if __name__ == "__main__":
    main()
