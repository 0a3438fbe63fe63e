"""The wheel and the sdist as somebody gets them: installed into a fresh environment, without the checkout."""

from __future__ import annotations

import json
import os
import site
import subprocess
import sys
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.slow


def run(*words: str | Path, cwd: Path, **environment: str) -> str:
    settings = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "DEALWRIGHT_WORKSPACE")}
    done = subprocess.run(
        [str(word) for word in words], cwd=cwd, capture_output=True, text=True, encoding="utf-8", check=False,
        env={**settings, "PYTHONUTF8": "1", **environment},
    )  # fmt: skip
    assert done.returncode == 0, f"{words}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the sdist, and the wheel built from it as pip does."""
    out = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", out, ROOT, cwd=out)
    return out


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, built: Path) -> Path:
    """A fresh environment with the wheel; of this one it sees the dependencies, not the editable install."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=False)
    [packages] = folder.glob("**/site-packages")
    # A path in a .pth file is searched for modules, but its own .pth files (the editable install) are not read.
    shared = [path for path in site.getsitepackages() if Path(path).is_dir()]
    (packages / "dependencies.pth").write_text("\n".join(shared) + "\n", encoding="utf-8")
    [wheel] = built.glob("*.whl")
    pip = (sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet", "--python", python_of(folder))
    run(*pip, "install", "--no-index", "--no-deps", "--ignore-installed", wheel, cwd=folder)
    return folder


def python_of(folder: Path) -> Path:
    return folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def script_of(folder: Path) -> Path:
    return folder / ("Scripts/dealwright.exe" if os.name == "nt" else "bin/dealwright")


def test_the_wheel_holds_the_packages_and_their_data_and_nothing_beside_them(built: Path) -> None:
    [wheel] = built.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    top = {name.split("/")[0] for name in names}
    plugins = {path.parent.name for path in (ROOT / "plugins").glob("*/__init__.py")}
    assert "dealwright_spin" in plugins
    assert {name for name in top if not name.endswith(".dist-info")} == {"dealwright", *plugins}
    for wanted in (
        "dealwright/py.typed", "dealwright/__init__.pyi", "dealwright/processes/b2b.process.yaml",
        "dealwright/processes/b2c.process.yaml", "dealwright/processes/channel.process.yaml",
        "dealwright/schemas/process.schema.json", "dealwright/schemas/overlay.schema.json",
        "dealwright/schemas/workspace.schema.json", "dealwright/schemas/team.schema.json",
        "dealwright_spin/__init__.py",
    ):  # fmt: skip
        assert wanted in names
    assert not [name for name in names if "__pycache__" in name or "/tests/" in name]
    assert not [n for n in names if n in ("dealwright/processes/__init__.py", "dealwright/schemas/__init__.py")]
    sources = {
        path.relative_to(ROOT / root).as_posix()
        for root in ("engine", "plugins")
        for path in (ROOT / root).rglob("*")
        if path.suffix in (".py", ".pyi", ".yaml", ".typed")
    }
    assert sources - set(names) == set()


def test_the_sdist_holds_what_building_and_testing_need(built: Path) -> None:
    [sdist] = built.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    for wanted in (
        "pyproject.toml", "README.md", "LICENSE", "CHANGELOG.md", "engine/dealwright/py.typed",
        "plugins/dealwright_spin/__init__.py", "processes/b2b.process.yaml", "schemas/process.schema.json",
        "tests/acceptance/test_wheel.py", "tests/acceptance/desk.py",
    ):  # fmt: skip
        assert wanted in names
    assert not [name for name in names if name.startswith((".venv", ".git/", "dist/"))]


def test_installed_it_runs_from_its_own_place_and_finds_its_data(home: Path, tmp_path: Path) -> None:
    where = run(python_of(home), "-c", "import dealwright; print(dealwright.__file__)", cwd=tmp_path).strip()
    assert Path(where).is_relative_to(home)
    [packages] = home.glob("**/site-packages")
    assert not {"engine", "plugins", "processes", "schemas", "tests"} & {path.name for path in packages.iterdir()}
    dealwright = script_of(home)
    assert run(dealwright, "--version", cwd=tmp_path).startswith("dealwright ")
    place = tmp_path / "acme"
    run(dealwright, "init", place, cwd=tmp_path)
    at = ("--workspace", place, "-o", "json")
    processes = json.loads(run(dealwright, "process", "list", *at, cwd=tmp_path))["processes"]
    shipped = sorted((ROOT / "processes").glob("*.yaml"))
    assert [(p["id"], p["source"]) for p in processes] == [(p.name.split(".")[0], "bundled") for p in shipped]
    plugins = json.loads(run(dealwright, "plugin", "list", *at, cwd=tmp_path))["plugins"]
    assert [(p["name"], p["origin"]) for p in plugins if p["state"] == "active"] == [("spin", "bundled")]
    made = json.loads(run(dealwright, "plugin", "new", "mine", "--kind", "methodology", "-o", "json", cwd=tmp_path))
    assert all((tmp_path / made["path"] / file).is_file() for file in made["files"])
    assert json.loads(run(dealwright, "plugin", "check", "mine", "-o", "json", cwd=tmp_path))["ok"] is True
    valid = json.loads(run(dealwright, "process", "validate", "-o", "json", cwd=tmp_path))
    assert (valid["ok"], valid["files"]) == (True, len(shipped))
    assert json.loads(run(dealwright, "schema", "process", cwd=tmp_path))["$schema"]
    assert json.loads(run(dealwright, "doctor", *at, cwd=tmp_path))["ok"] is True


def test_installed_the_demo_runs_in_both_languages(home: Path, tmp_path: Path) -> None:
    english = run(script_of(home), "demo", cwd=tmp_path)
    assert "Won, and going on" in english
    chinese = run(script_of(home), "demo", "--lang", "zh", cwd=tmp_path)
    assert any("一" <= letter <= "鿿" for letter in chinese)
    assert list(tmp_path.iterdir()) == []
