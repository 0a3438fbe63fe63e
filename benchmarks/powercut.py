"""Cuts the power at many moments of every writing command, and counts what is lost or lies between before and after.

Run `python benchmarks/powercut.py [--cuts 40] [--seed 1]`. Each change of a file is recorded; the disk is then built
as POSIX allows a power cut to leave it: unsynced writes there, lost or torn, names sure only once their folder is
synced. Needs Linux and a C compiler.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "tests" / "contracts"))

from store_powercut import preloaded

if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as place:
        done = preloaded(sys.argv[1:], Path(place))
    print(done.stdout + done.stderr, end="")
    raise SystemExit(done.returncode)
