"""Two hundred writers killed in the middle: nothing they acknowledged is lost, nothing is half done."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="each trial is a forked process")
def test_two_hundred_killed_writers_lose_nothing():
    done = subprocess.run(
        [sys.executable, str(HERE / "store_crashing.py"), "--trials", "200"],
        cwd=HERE, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    figures = {" ".join(words[:-5]): list(map(int, words[-5:])) for words in _rows(done.stdout)}
    assert len(figures) == 5
    assert figures["all"][0] == 200
    assert figures["all"][1] > 100  # acknowledged, so that there was something to lose
    assert figures["all"][2:] == [0, 0, 0]


def _rows(table: str) -> list[list[str]]:
    return [line.split() for line in table.splitlines()[1:-1]]
