"""The hooks for pre-commit name commands that there are, are for our files alone, and fail when they should."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from dealwright.cli.commands import ROOT as COMMANDS
from dealwright.cli.main import main

ROOT = Path(__file__).parents[2]
HOOKS: list[dict[str, Any]] = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
BY_ID = {hook["id"]: hook for hook in HOOKS}
BAD = "dealwright: '1'\nprocess: x\nrolez: {}\n"


def run(hook: str, *files: str) -> int:
    """The hook's own entry, with file names behind it, as pre-commit calls it."""
    program, *words = shlex.split(BY_ID[hook]["entry"])
    assert program == "dealwright"
    return main([*words, *files])


@pytest.mark.parametrize("hook", HOOKS, ids=lambda hook: hook["id"])
def test_a_hook_names_a_command_that_there_is(hook: dict[str, Any]) -> None:
    assert {"id", "name", "description", "entry", "language", "files"} <= hook.keys()
    entries = COMMANDS
    for word in shlex.split(hook["entry"])[1:]:
        assert word in entries
        if entries[word].verbs:
            entries = dict(entries[word].verbs)


@pytest.mark.parametrize("hook", HOOKS, ids=lambda hook: hook["id"])
def test_a_hook_is_for_our_files_and_no_others(hook: dict[str, Any]) -> None:
    ours = ["processes/b2b.process.yaml", "b2b.process.yaml", "overlays/x.overlay.yaml", "dealwright.yaml",
            "libraries/company.library.yaml", "acme/team.yaml", "account.record.yaml"]  # fmt: skip
    assert [name for name in ours if not re.search(hook["files"], name)] == []
    others = ["README.md", "docker-compose.yaml", "process.yaml", "my-dealwright.yaml", "x.process.yaml.bak"]
    assert [name for name in others if re.search(hook["files"], name)] == []


def test_validate_stops_a_commit_of_a_broken_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DEALWRIGHT_WORKSPACE", raising=False)
    good = tmp_path / "b2c.process.yaml"
    good.write_bytes((ROOT / "processes" / good.name).read_bytes())
    Path("bad.process.yaml").write_text(BAD, encoding="utf-8")
    assert run("dealwright-validate", "b2c.process.yaml") == 0
    assert run("dealwright-validate", "b2c.process.yaml", "bad.process.yaml") == 1
    assert "bad.process.yaml:3:1: unknown-key error: " in capsys.readouterr().out


def test_fmt_writes_a_file_that_is_laid_out_otherwise(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DEALWRIGHT_WORKSPACE", raising=False)
    Path("team.yaml").write_text("people:\n    rep-1:\n        roles:   [rep]   # all day\n", encoding="utf-8")
    assert run("dealwright-fmt", "team.yaml") == 0
    once = Path("team.yaml").read_text(encoding="utf-8")
    assert once != "people:\n    rep-1:\n        roles:   [rep]   # all day\n"
    assert "# all day" in once
    assert run("dealwright-fmt", "team.yaml") == 0
    assert Path("team.yaml").read_text(encoding="utf-8") == once
    capsys.readouterr()


@pytest.mark.slow
def test_pre_commit_installs_the_hooks_and_runs_them(tmp_path: Path) -> None:
    if shutil.which("pre-commit", path=os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])) is None:
        pytest.skip("needs pre-commit: pip install -e '.[bench]'")
    if not (ROOT / ".git").exists():
        pytest.skip("pre-commit takes hooks from a repository")
    place = {**os.environ, "PRE_COMMIT_HOME": str(tmp_path / "home"), "GIT_CONFIG_GLOBAL": os.devnull}
    repository = tmp_path / "repository"
    repository.mkdir()
    (repository / "bad.process.yaml").write_text(BAD, encoding="utf-8")
    for words in (["init", "-q"], ["add", "-A"]):
        subprocess.run(["git", *words], cwd=repository, env=place, check=True)
    done = subprocess.run(
        [sys.executable, "-m", "pre_commit", "try-repo", str(ROOT), "dealwright-validate", "--all-files", "--verbose"],
        cwd=repository, env=place, capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
    assert done.returncode == 1, done.stdout + done.stderr
    assert "bad.process.yaml:3:1: unknown-key" in done.stdout
