"""What a power cut may leave of the disk is the state before a command or the one after it."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from store_faulting import compiler
from store_powercut import preloaded
from store_world import commands

CUTS = 8  # of each command; `python benchmarks/powercut.py --cuts 200` tries more


@pytest.mark.slow
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the library is preloaded as Linux does it")
@pytest.mark.skipif(compiler() is None, reason="no C compiler here to build the library that records")
@pytest.mark.skipif("LD_PRELOAD" in os.environ, reason="another library is preloaded already")
def test_a_power_cut_in_any_command_loses_nothing_acknowledged(tmp_path: Path):
    done = preloaded(["--cuts", str(CUTS)], tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    tried = {line.split("  ")[0].strip() for line in done.stdout.splitlines() if line.endswith(" cuts")}
    assert tried == set(commands(tmp_path))
