"""The real command line, in this process: its exit code and what it wrote."""

from __future__ import annotations

import pytest
from cli_run import Ran, Run

from dealwright.cli.main import main


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.delenv("DEALWRIGHT_WORKSPACE", raising=False)

    def call(*arguments: str) -> Ran:
        capsys.readouterr()
        code = main(list(arguments))
        out, err = capsys.readouterr()
        return Ran(code, out, err)

    return call
