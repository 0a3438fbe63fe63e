"""`dealwright plugin new`: a working package to begin with, from plain templates."""

from __future__ import annotations

import keyword
import re
from pathlib import Path
from typing import Any

from dealwright.errors import ConflictError, UsageError
from dealwright.workspace.core import RELEASE

KINDS = ("methodology", "criteria")
_TEMPLATES = Path(__file__).with_name("plugin_templates")
_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
_LAYOUT = {
    "pyproject.toml": "common/pyproject.toml",
    "README.md": "common/README.md",
    ".github/workflows/ci.yml": "common/ci.yml",
    "conftest.py": "common/conftest.py",
    "src/@MODULE@/__init__.py": "@KIND@/init.py",
    "src/@MODULE@/@NAME@.overlay.yaml": "@KIND@/overlay.yaml",
    "src/@MODULE@/py.typed": "common/py.typed",
    "tests/test_@NAME@.py": "@KIND@/test.py",
}


def new_plugin(name: str, kind: str, folder: Path | None = None) -> dict[str, Any]:
    """Write the package of a plugin into `folder` (default: one of its name, here).

    Gives `{v, name, kind, path, files}`. Raises UsageError for a name that Python or an overlay
    cannot have, ConflictError where one of the files is there already; nothing is written then.
    """
    if kind not in KINDS:
        raise UsageError(
            f"a plugin is one of {', '.join(KINDS)}, not {kind}", f"插件种类应为 {'、'.join(KINDS)} 之一，而不是 {kind}"
        )
    identifier = name.replace("-", "_")
    if not _NAME.fullmatch(identifier) or keyword.iskeyword(identifier):
        raise UsageError(
            f"{name[:80]} is no name for a plugin: small letters, digits and _, beginning with a letter",
            f"{name[:80]} 不能用作插件名：应以小写字母开头，只含小写字母、数字和 _",
        )
    place = folder if folder is not None else Path(identifier)
    words = {
        "@NAME@": identifier, "@MODULE@": f"dealwright_{identifier}", "@KIND@": kind, "@RELEASE@": RELEASE,
        "@DISTRIBUTION@": f"dealwright-{identifier.replace('_', '-')}",
        "@TITLE@": identifier.replace("_", " ").capitalize(),
    }  # fmt: skip
    files = {_filled(path, words): _rendered(_filled(template, words), words) for path, template in _LAYOUT.items()}
    taken = [path for path in files if (place / path).exists()]
    if taken or (place.exists() and not place.is_dir()):
        there = place / taken[0] if taken else place
        raise ConflictError(f"{there} is there already", f"{there} 已存在", path=str(there))
    for path, text in files.items():
        target = place / path
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("x", encoding="utf-8", newline="\n") as handle:
            handle.write(text)
    return {"v": 1, "name": identifier, "kind": kind, "path": str(place), "files": list(files)}


def _rendered(template: str, words: dict[str, str]) -> str:
    return _filled((_TEMPLATES / f"{template}.txt").read_text(encoding="utf-8"), words)


def _filled(text: str, words: dict[str, str]) -> str:
    for mark, word in words.items():
        text = text.replace(mark, word)
    return text
