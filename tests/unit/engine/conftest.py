"""The driver as a fixture, so that a test reads: `deal = drive(PROCESS)`."""

from __future__ import annotations

import pytest
from deal_driver import Driver


@pytest.fixture
def drive() -> type[Driver]:
    return Driver
