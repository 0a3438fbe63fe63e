"""From `plugin new` to a criterion that blocks a deal: what is rendered installs, passes its own tests and works."""

from __future__ import annotations

import json
import os
import re
import site
import subprocess
import sys
import venv
import zipfile
from pathlib import Path
from typing import Any

import pytest
from desk import SETTINGS, Desk, make_workspace

from dealwright.workspace.plugin_new import KINDS

TEAM = "people:\n  rep-1: {roles: [sales_rep, marketing]}\n  rep-2: {roles: [sales_rep, marketing]}\n"


def ran(*command: str, cwd: Path, sees: Path | None = None, code: int = 0, python: str = sys.executable) -> str:
    """A command's standard output, in a Python that sees the packages of `sees`."""
    env = {**os.environ, "PYTHONPATH": str(sees or ""), "PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [python, "-m", *command], cwd=cwd, env=env, capture_output=True, text=True, encoding="utf-8",
        check=False,
    )  # fmt: skip
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a rendered plugin of each kind, all installed into its `site`."""
    folder = tmp_path_factory.mktemp("plugins")
    for kind in KINDS:
        told = Desk(folder).run("plugin", "new", f"my-{kind}", "--kind", kind, "--folder", str(folder / kind))
        assert told.code == 0, told.err
    ran(
        "pip", "--disable-pip-version-check", "-q", "install", "--no-index", "--no-deps", "--no-build-isolation",
        "--target", str(folder / "site"), *(str(folder / kind) for kind in KINDS), cwd=folder,
    )  # fmt: skip
    return folder


@pytest.mark.parametrize("kind", KINDS)
def test_a_new_plugin_passes_its_own_tests_and_the_contract(made, kind):
    said = ran("pytest", "-q", "-p", "no:cacheprovider", cwd=made / kind, sees=made / "site")
    assert "passed" in said
    assert "failed" not in said
    checked = json.loads(ran("dealwright", "plugin", "check", kind, "-o", "json", cwd=made))
    assert checked["ok"] is True
    assert all(case["ok"] for case in checked["cases"])


def test_what_is_rendered_is_clean(made):
    for kind in KINDS:
        files = {path.relative_to(made / kind).as_posix() for path in (made / kind).rglob("*") if path.is_file()}
        files = {name for name in files if not name.startswith("build/")}
        assert {"pyproject.toml", "README.md", ".github/workflows/ci.yml", f"tests/test_my_{kind}.py"} <= files
        assert f"src/dealwright_my_{kind}/py.typed" in files
        texts = [(made / kind / name).read_text(encoding="utf-8") for name in files if not name.endswith(".pyc")]
        assert not [mark for text in texts for mark in re.findall("@[A-Z]+@", text)]
        ran("ruff", "check", "--no-cache", ".", cwd=made / kind)
        ran("ruff", "format", "--no-cache", "--check", ".", cwd=made / kind)


class Shop:
    """A workspace driven from a Python that has the plugins installed."""

    def __init__(self, folder: Path, sees: Path, python: str = sys.executable) -> None:
        self.folder = make_workspace(folder, TEAM, SETTINGS.replace("[spin]", "[]")).folder
        self.sees = sees
        self.python = python

    def allow(self, *names: str) -> None:
        laid = f"methodologies: {{b2b: [{', '.join(names)}]}}\n" if names else ""
        text = SETTINGS.replace("[spin]", f"[{', '.join(names)}]") + laid
        (self.folder / "dealwright.yaml").write_text(text, encoding="utf-8")

    def run(self, *words: str, code: int = 0) -> dict[str, Any]:
        said: dict[str, Any] = json.loads(
            ran("dealwright", *words, "-o", "json", cwd=self.folder, sees=self.sees, code=code, python=self.python)
        )
        return said

    def state(self, name: str) -> tuple[str, str]:
        row = next(row for row in self.run("plugin", "list")["plugins"] if row["name"] == name)
        return row["state"], row["origin"]


def test_a_new_criterion_blocks_a_deal_until_it_holds_and_is_blocked_itself_when_no_longer_allowed(made, tmp_path):
    shop = Shop(tmp_path / "acme", made / "site")
    shop.allow("my_criteria", "my_methodology")
    assert shop.state("my_criteria") == ("active", "installed")
    assert shop.state("my_methodology") == ("active", "installed")

    shop.run("--as", "rep-1", "deal", "open", "b2b", "--title", "Northlight", "--owner", "rep-1")

    def blocking() -> set[str]:
        error = shop.run("--as", "rep-1", "deal", "advance", "b2b-1", code=1)["error"]
        return {one["id"] for one in error["details"].get("criteria", ())}

    assert "my_criteria_checked" in blocking()
    shop.run("--as", "rep-1", "deal", "set", "b2b-1", "--set", "my_criteria_checked_by=rep-2")
    assert "my_criteria_checked" not in blocking()

    shop.allow()
    assert shop.state("my_criteria") == ("blocked", "installed")
    refused = shop.run("--as", "rep-1", "deal", "advance", "b2b-1", code=1)["error"]
    assert refused["details"]["plugin"] in ("my_criteria", "my_methodology")


@pytest.mark.parametrize("name", ["Upper", "1st", "class", "a b", "../up", "x" * 41, ""])
def test_a_name_that_python_cannot_have_is_refused_and_nothing_is_written(tmp_path, name):
    told = Desk(tmp_path).run("plugin", "new", name, "--kind", "criteria", "--folder", str(tmp_path / "new"))
    assert told.code == 2
    assert list(tmp_path.iterdir()) == []


def test_what_is_there_already_stays(tmp_path):
    words = ("plugin", "new", "mine", "--kind", "criteria", "--folder", str(tmp_path / "mine"))
    assert Desk(tmp_path).run(*words).code == 0
    (tmp_path / "mine" / "README.md").write_text("ours", encoding="utf-8")
    (tmp_path / "mine" / "pyproject.toml").unlink()
    told = Desk(tmp_path).run(*words)
    assert told.code == 4
    assert (tmp_path / "mine" / "README.md").read_text(encoding="utf-8") == "ours"
    assert not (tmp_path / "mine" / "pyproject.toml").exists()


@pytest.mark.slow
def test_a_new_plugin_works_from_a_wheel_in_a_fresh_environment(tmp_path):
    assert (
        Desk(tmp_path).run("plugin", "new", "mine", "--kind", "criteria", "--folder", str(tmp_path / "mine")).code == 0
    )
    pip = ("pip", "--disable-pip-version-check", "-q")
    alone = ("--no-index", "--no-deps")
    ran(
        *pip,
        "wheel",
        *alone,
        "--no-build-isolation",
        "--wheel-dir",
        str(tmp_path),
        str(tmp_path / "mine"),
        cwd=tmp_path,
    )
    [wheel] = tmp_path.glob("*.whl")
    names = {
        name.partition("/")[2] for name in zipfile.ZipFile(wheel).namelist() if name.startswith("dealwright_mine/")
    }
    assert names == {"__init__.py", "mine.overlay.yaml", "py.typed"}

    venv.create(tmp_path / "environment", with_pip=False)
    folder = "Scripts" if os.name == "nt" else "bin"
    [python] = (tmp_path / "environment" / folder).glob("python.exe" if os.name == "nt" else "python")
    [packages] = (tmp_path / "environment").glob("**/site-packages")
    shared = [path for path in site.getsitepackages() if Path(path).is_dir()]
    lines = "".join(f"import site; site.addsitedir({path!r})\n" for path in shared)
    (packages / "shared.pth").write_text(lines, encoding="utf-8")
    ran(*pip, "--python", str(python), "install", *alone, str(wheel), cwd=tmp_path)

    shop = Shop(tmp_path / "acme", tmp_path / "nothing", str(python))
    assert shop.state("mine") == ("blocked", "installed")
    shop.allow("mine")
    assert shop.state("mine") == ("active", "installed")
    assert shop.run("plugin", "check", "mine")["ok"] is True
    shop.run("--as", "rep-1", "deal", "open", "b2b", "--title", "Northlight", "--owner", "rep-1")
    refused = shop.run("--as", "rep-1", "deal", "advance", "b2b-1", code=1)["error"]
    assert "mine_checked" in {one["id"] for one in refused["details"]["criteria"]}
