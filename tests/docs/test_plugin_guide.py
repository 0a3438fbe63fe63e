"""The first chapter for plugin developers is what somebody sees who types it in, and its tables are whole."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from guide import Reader, read, section

from dealwright.workspace.plugin_trial import CASES

GUIDE = read("docs/plugin-developers.md")


class Developer(Reader):
    """A reader who may also install and test; what is installed goes into a folder of the reader's own."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.site = folder / "site"
        self.environment = {**self.environment, "PYTHONPATH": str(self.site), "PYTHONDONTWRITEBYTECODE": "1"}

    def _run(self, argv: list[str]) -> str:
        if argv[:3] == ["pip", "install", "-e"]:
            quiet = ["--disable-pip-version-check", "-q"]
            alone = ["--no-index", "--no-deps", "--no-build-isolation"]
            return self._python("pip", *quiet, "install", *alone, "--target", str(self.site), f"./{argv[3]}")
        if argv[0] == "pytest":
            return self._python(*argv, "-p", "no:cacheprovider")
        return super()._run(argv)

    def _python(self, *argv: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", *argv], cwd=self.folder, env=self.environment, encoding="utf-8",
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
        )  # fmt: skip
        self.code = done.returncode
        return done.stdout


def test_the_first_chapter_can_be_followed(tmp_path: Path) -> None:
    chapter = section(GUIDE, "A first plugin in ten minutes").partition("### What is in the package")[0]
    developer = Developer(tmp_path)
    developer.follow(chapter)
    assert [argv[1:3] for argv in developer.commands][:2] == [["plugin", "new"], ["plugin", "check"]]


def test_every_case_of_the_contract_is_told() -> None:
    rows = re.findall(r"^\| `([a-z ]+)` \| ", section(GUIDE, "Testing it").partition("| case |")[2], re.MULTILINE)
    assert tuple(rows) == CASES


def test_every_fixture_is_told() -> None:
    from dealwright import testing

    rows = re.findall(r"^\| `(\w+)` \| ", section(GUIDE, "Testing it").partition("| case |")[0], re.MULTILINE)
    assert set(rows) == {name for name in testing.__all__ if name.islower()} - {"check_plugin"}
