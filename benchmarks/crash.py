"""Kills writers at random moments and counts what they had acknowledged and is not there.

Run `python benchmarks/crash.py [--trials 10000] [--seed 1]`. Stores of 0, 1,000 and 20,000 deals, with inserts,
updates, imports, and a plugin's tables, and a workspace with whole commands. Ends with 1 where anything was lost.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "tests" / "contracts"))

from store_crashing import main

if __name__ == "__main__":
    if "--trials" not in sys.argv:
        sys.argv += ["--trials", "10000"]
    raise SystemExit(main())
