"""The lazy public names and their stub say the same, and using one imports no more than it needs."""

from __future__ import annotations

import ast
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

import dealwright

STUB = Path(dealwright.__file__).with_suffix(".pyi")


def stub_names() -> dict[str, str]:
    names = {}
    for node in ast.parse(STUB.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.ImportFrom):
            for alias in node.names:
                assert alias.asname == alias.name, f"{alias.name} is not re-exported"
                names[alias.name] = str(node.module)
    return names


def test_stub_and_module_name_the_same_things_from_the_same_places():
    assert stub_names() == dealwright._HOME_OF


@pytest.mark.parametrize("name", dealwright.__all__)
def test_public_name_is_what_its_home_module_defines(name):
    assert getattr(dealwright, name) is getattr(import_module(dealwright._HOME_OF[name]), name)
    assert name in dir(dealwright)


@pytest.mark.parametrize("name", dealwright.__all__)
def test_public_name_is_documented(name):
    documented = getattr(dealwright, name)
    assert name == "hookimpl" or (documented.__doc__ or "").strip()


def test_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'Nonsense'"):
        dealwright.Nonsense  # noqa: B018


def test_importing_the_package_imports_nothing_of_it():
    code = "import sys, dealwright; print([m for m in sys.modules if m.startswith('dealwright.') or m == 'msgspec'])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_an_error_is_reached_without_pluggy_or_yaml():
    code = "import sys; from dealwright import RefusedError; print({'pluggy', 'yaml', 'msgspec'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
