"""A real workspace for every test that asks for one."""

from __future__ import annotations

from pathlib import Path

import pytest
from desk import SETTINGS, Desk, make_workspace

__all__ = ["SETTINGS", "Desk", "make_workspace"]  # tests import them from `desk`


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A workspace with one person per role of the shipped processes, and two managers."""
    from dealwright.workspace import Workspace

    folder = tmp_path / "acme"
    Workspace.init(folder)
    (folder / "dealwright.yaml").write_text(SETTINGS, encoding="utf-8")
    return Desk(folder)
