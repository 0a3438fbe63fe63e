"""Programs of others that the tests ask, installed by `npm install --prefix tests/node`."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

NODE = Path(__file__).parents[1] / "node"


def package(name: str) -> Path:
    """The folder of an installed npm package. Skips the test where Node or the package is not there."""
    found = NODE / "node_modules" / name
    if shutil.which("node") is None or not found.is_dir():
        pytest.skip(f"needs Node and {name}: npm install --no-package-lock --prefix tests/node")
    return found
