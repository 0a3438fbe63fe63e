"""Lets every writing call of every writing command fail, and counts the states that lie between before and after.

Run `python benchmarks/faults.py [--stride 1] [--seed 1]`. Calls are open, write, pwrite, fsync, ftruncate, rename,
unlink and mkdir; each fails with EIO once, with a full disk from then on, and with a short write. Needs Linux and
a C compiler.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "tests" / "contracts"))

from store_faulting import preloaded

if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as place:
        done = preloaded(sys.argv[1:], Path(place))
    print(done.stdout + done.stderr, end="")
    raise SystemExit(done.returncode)
