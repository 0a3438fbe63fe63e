"""Calls that write fail in the middle of every command: the workspace is as before or as after, and goes on working."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from store_faulting import compiler, preloaded
from store_world import commands

STRIDE = 20  # every 20th call of each command; `python benchmarks/faults.py` tries all


@pytest.mark.slow
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the library is preloaded as Linux does it")
@pytest.mark.skipif(compiler() is None, reason="no C compiler here to build the library that makes calls fail")
@pytest.mark.skipif("LD_PRELOAD" in os.environ, reason="another library is preloaded already")
def test_a_fault_in_any_command_leaves_the_state_before_or_after(tmp_path: Path):
    done = preloaded(["--stride", str(STRIDE)], tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    tried = {line.rsplit(maxsplit=2)[0] for line in done.stdout.splitlines() if line.endswith(" faults")}
    assert tried == set(commands(tmp_path))
    for call in ("open", "write", "pwrite", "fsync"):
        assert f"  {call}: EIO once" in done.stdout
