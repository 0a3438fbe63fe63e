"""The guide's plugin, built into a wheel by its own files and used from a fresh virtual environment."""

from __future__ import annotations

import getpass
import json
import os
import re
import site
import subprocess
import sys
import venv
from pathlib import Path
from typing import Any

import pytest

from dealwright.hookspecs import HookSpecs

GUIDE = Path(__file__).parents[2] / "docs" / "plugin-developers.md"
FILE = re.compile(r"^`([\w./]+)`\n```\w+\n(.*?)^```$", re.MULTILINE | re.DOTALL)
CANARY = """
import os
from pathlib import Path

Path(os.environ["CANARY"]).write_text("imported", encoding="utf-8")
"""
SETTINGS = 'dealwright: "1"\nallow_as: true\n'
TEAM = (
    "people:\n  rep-1: {{roles: [sales_rep, marketing], os_user: {user}}}\n  rep-2: {{roles: [sales_rep, marketing]}}\n"
)


def pip(*arguments: str) -> None:
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The distribution of the guide, with a canary in its module so that importing it leaves a trace."""
    folder = tmp_path_factory.mktemp("second-look")
    chapter = GUIDE.read_text(encoding="utf-8").partition("### The same by hand")[2]
    files = dict(FILE.findall(chapter))
    assert set(files) == {"pyproject.toml", "second_look/__init__.py", "second_look/second_look.overlay.yaml"}
    files["second_look/__init__.py"] += CANARY
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    out = folder / "out"
    pip("wheel", "--no-build-isolation", "--no-deps", "--no-index", "--wheel-dir", str(out), str(folder))
    [built] = out.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory, wheel: Path) -> Path:
    """The interpreter of a fresh environment that sees dealwright and its dependencies, the wheel installed in it."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=False)
    windows = os.name == "nt"
    interpreter = folder / ("Scripts" if windows else "bin") / ("python.exe" if windows else "python")
    [packages] = folder.glob("**/site-packages")
    shared = [path for path in site.getsitepackages() if Path(path).is_dir()]
    lines = "".join(f"import site; site.addsitedir({path!r})\n" for path in shared)
    (packages / "shared.pth").write_text(lines, encoding="utf-8")
    pip("--python", str(interpreter), "install", "--no-index", "--no-deps", str(wheel))
    return interpreter


class Workspace:
    """A workspace driven from the fresh environment, and the canary's file."""

    def __init__(self, folder: Path, python: Path) -> None:
        self.python = python
        self.folder = folder / "workspace"
        self.canary = folder / "canary"
        self.run("init", str(self.folder))
        team = TEAM.format(user=json.dumps(getpass.getuser()))
        (self.folder / "team.yaml").write_text(team, encoding="utf-8")
        self.allow("")

    def allow(self, more: str) -> None:
        (self.folder / "dealwright.yaml").write_text(SETTINGS + more, encoding="utf-8")

    def run(self, *arguments: str, code: int = 0) -> dict[str, Any]:
        """The command line's JSON; a canary that an earlier command left is taken away first."""
        self.canary.unlink(missing_ok=True)
        command = [str(self.python), "-m", "dealwright", *arguments, "-o", "json"]
        folder = self.folder if self.folder.is_dir() else self.folder.parent
        done = subprocess.run(
            command, capture_output=True, text=True, encoding="utf-8", check=False, cwd=folder,
            env={**os.environ, "CANARY": str(self.canary), "PYTHONPATH": "", "PYTHONUTF8": "1"},
        )  # fmt: skip
        assert done.returncode == code, done.stdout + done.stderr
        answer: dict[str, Any] = json.loads(done.stdout)
        return answer

    def plugin(self, name: str = "second_look") -> dict[str, Any] | None:
        return next((p for p in self.run("plugin", "list")["plugins"] if p["name"] == name), None)


@pytest.fixture
def workspace(tmp_path: Path, python: Path) -> Workspace:
    return Workspace(tmp_path, python)


ALLOWED = "plugins: [second_look]\nmethodologies: {b2b: [second_look]}\n"


def gate(why: dict[str, Any]) -> dict[str, Any]:
    found = [c for t in why["transitions"] for c in t["criteria"] if c["id"] == "second_look_by_a_colleague"]
    return found[0]


def test_plugin_that_nobody_allowed_is_blocked_and_never_imported(workspace):
    assert workspace.plugin() == {
        "name": "second_look", "version": "1.0.0", "distribution": "second-look", "origin": "installed",
        "state": "blocked", "hooks": None, "error": None, "delivery": None,
    }  # fmt: skip
    assert not workspace.canary.exists()
    workspace.run("--as", "rep-1", "deal", "open", "b2b", "--title", "Northlight")
    workspace.run("process", "validate")
    workspace.run("doctor")
    assert not workspace.canary.exists()


def test_allowed_plugin_is_active_and_has_its_say(workspace):
    workspace.allow(ALLOWED)
    listed = workspace.plugin()
    assert workspace.canary.exists()
    assert listed is not None
    assert (listed["state"], listed["error"]) == ("active", None)
    assert listed["hooks"] == ["dealwright_register_overlays", "dealwright_evaluate_gate", "dealwright_score"]

    workspace.run("--as", "rep-1", "deal", "open", "b2b", "--title", "Northlight", "--owner", "rep-1")
    said = gate(workspace.run("--as", "rep-1", "deal", "why", "b2b-1"))
    assert (said["source"], said["status"], said["severity"]) == ("plugin:second_look", "unknown", "block")
    assert said["fix"]["command"] == [
        ["dealwright", "deal", "set", "b2b-1", "--set", "second_look_by=<second_look_by:person>"]
    ]

    refused = workspace.run("--as", "rep-1", "deal", "advance", "b2b-1", code=1)["error"]
    assert "second_look_by_a_colleague" in {c["id"] for c in refused["details"]["criteria"]}

    workspace.run("--as", "rep-1", "deal", "set", "b2b-1", "--set", "second_look_by=rep-1")
    assert gate(workspace.run("--as", "rep-1", "deal", "why", "b2b-1"))["status"] == "unmet"
    workspace.run("--as", "rep-1", "deal", "set", "b2b-1", "--set", "second_look_by=rep-2")
    why = workspace.run("--as", "rep-1", "deal", "why", "b2b-1")
    assert "second_look_by_a_colleague" not in {c["id"] for t in why["transitions"] for c in t["criteria"]}


def test_deal_of_a_plugin_that_is_no_longer_allowed_stays_where_it_is(workspace):
    workspace.allow(ALLOWED)
    workspace.run("--as", "rep-1", "deal", "open", "b2b", "--title", "Northlight")
    workspace.allow("")
    refused = workspace.run("--as", "rep-1", "deal", "advance", "b2b-1", code=1)["error"]
    assert refused["details"]["plugin"] == "second_look"
    assert not workspace.canary.exists()


def test_guide_names_every_hook_and_no_other():
    guide = GUIDE.read_text(encoding="utf-8")
    assert set(re.findall(r"^\| `(dealwright_\w+)\(", guide, re.MULTILINE)) == {
        name for name in vars(HookSpecs) if name.startswith("dealwright_")
    }
