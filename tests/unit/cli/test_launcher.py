"""What answers before anything heavy is imported."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path

import pytest
from cli_run import Run

from dealwright.cli.commands import GLOBALS, ROOT, Entry
from dealwright.cli.version import VERSION

HEAVY = (
    "re",
    "functools",
    "click",
    "msgspec",
    "yaml",
    "jsonschema",
    "pluggy",
    "rich",
    "importlib.metadata",
    "tinydb",
    "sqlite3",
    "typing",
)
CHECKOUT = Path(__file__).parents[3]


def imported_by(*arguments: str) -> set[str]:
    code = "import sys; from dealwright.cli.main import main; main(sys.argv[1:]); print('\\n', *sys.modules, sep='\\n')"
    done = subprocess.run([sys.executable, "-I", "-c", code, *arguments], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_version_is_answered_before_anything_is_imported() -> None:
    assert imported_by("--version").isdisjoint(HEAVY)


@pytest.mark.parametrize("arguments", [("--help",), ("--lang", "zh", "--help"), ()])
def test_root_help_needs_no_click(arguments: tuple[str, ...]) -> None:
    assert imported_by(*arguments).isdisjoint(HEAVY)


def test_help_of_a_verb_needs_no_workspace() -> None:
    loaded = imported_by("deal", "open", "--lang", "en")
    assert not any(name.startswith("dealwright.workspace") for name in loaded)


def test_the_version_is_the_packages() -> None:
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))
    assert project["project"]["version"] == VERSION


def verbs(entries: Mapping[str, Entry] = ROOT, path: tuple[str, ...] = ()) -> list[tuple[tuple[str, ...], Entry]]:
    found = []
    for name, entry in entries.items():
        found += verbs(entry.verbs, (*path, name)) if entry.verbs else [((*path, name), entry)]
    return found


@pytest.mark.parametrize(("path", "entry"), verbs(), ids=lambda value: " ".join(value) if type(value) is tuple else "")
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_verb_of_the_table_exists_and_has_its_help(
    run: Run, path: tuple[str, ...], entry: Entry, lang: str
) -> None:
    ran = run(*path, "--help", "--lang", lang)
    assert ran.code == 0, ran.err
    assert entry.say(lang) in ran.out
    assert " ".join(["dealwright", *path]) in ran.out
    for option in GLOBALS:
        assert option.say(lang) in ran.out


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_root_help_lists_every_command(run: Run, lang: str) -> None:
    ran = run("--lang", lang, "--help")
    assert ran.code == 0
    for name, entry in ROOT.items():
        assert f"  {name} " in ran.out
        assert entry.say(lang) in ran.out


def test_chinese_help_has_no_english_heading(run: Run) -> None:
    for path in ((), ("deal",), ("deal", "open")):
        ran = run("--lang", "zh", *path, "--help")
        assert not {"Usage", "Options", "Commands", "required"} & set(
            ran.out.replace(":", " ").replace("(", " ").split()
        )


def test_help_is_in_the_workspaces_language(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "dealwright.yaml").write_text('language: "zh"  # 中文\n', encoding="utf-8")
    (tmp_path / "deep" / "er").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "deep" / "er")
    assert "用法" in run("deal", "--help").out
    assert "Usage" in run("deal", "--help", "--lang", "en").out
    monkeypatch.chdir("/")
    assert "用法" in run("--workspace", str(tmp_path), "--help").out
    monkeypatch.setenv("DEALWRIGHT_WORKSPACE", str(tmp_path))
    assert "用法" in run("--help").out


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        ("dealwright d", ["plain,deal", "plain,demo", "plain,doctor"]),
        ("dealwright deal advance --b", ["plain,--branch"]),
    ],
)
def test_a_shell_is_offered_completions(
    run: Run, monkeypatch: pytest.MonkeyPatch, words: str, offered: list[str]
) -> None:
    monkeypatch.setenv("_DEALWRIGHT_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", words)
    monkeypatch.setenv("COMP_CWORD", str(words.count(" ")))
    assert run().out.split() == offered
