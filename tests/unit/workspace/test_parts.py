"""The workspace is one class whose parts are loaded when they are first used."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from importlib import import_module
from pathlib import Path

import pytest

import dealwright.workspace
from dealwright.workspace.core import Ground
from dealwright.workspace.workspace import PARTS, Workspace


def part(home: str) -> type:
    module, _, name = home.partition(":")
    found: type = getattr(import_module(f"dealwright.workspace.{module}"), name)
    return found


def test_the_table_says_every_verb_of_every_part() -> None:
    for home, verbs in PARTS.items():
        assert verbs.split() == [name for name in vars(part(home)) if not name.startswith("_")], home


def test_no_part_is_forgotten() -> None:
    folder = Path(dealwright.workspace.__file__).parent
    for path in folder.glob("*.py"):
        module = import_module(f"dealwright.workspace.{path.stem}") if path.stem != "__init__" else None
        for name, found in vars(module).items() if module else ():
            if isinstance(found, type) and issubclass(found, Ground) and found.__module__ == module.__name__:  # type: ignore[union-attr]
                assert f"{path.stem}:{name}" in PARTS or found in (Ground, Workspace), name


def test_no_two_parts_share_a_name() -> None:
    names = Counter(name for home in PARTS for name in vars(part(home)) if not name.startswith("__"))
    assert [name for name, count in names.items() if count > 1] == []


def test_an_unknown_verb_is_no_attribute() -> None:
    with pytest.raises(AttributeError, match="a workspace has no deal_sing"):
        Workspace.__new__(Workspace).deal_sing  # type: ignore[attr-defined]  # noqa: B018


def test_showing_a_deal_loads_no_rules() -> None:
    script = (
        "import sys; from dealwright.workspace import Workspace; from pathlib import Path\n"
        "assert 'deal_show' in dir(Workspace.__new__(Workspace))\n"
        "Workspace.__new__(Workspace).deal_show\n"
        "print([m for m in sys.modules if m.rpartition('.')[2] in ('decider', 'moves', 'writing', 'processes')])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
