"""Which language and output form to use, found before the arguments are really parsed.

A usage error has to be told in the reader's language, yet it comes out of the parsing
itself. So the raw arguments are looked through once, cheaply and without failing.
"""

from __future__ import annotations

import os

LANGUAGES = ("en", "zh")
_TAKES_VALUE = {
    "--workspace": "workspace",
    "--as": "",
    "--now": "",
    "--lang": "lang",
    "-o": "output",
    "--output": "output",
    "--no-plugin": "",
}


class Peek:
    """What the raw arguments say. `rest` starts at the first argument that is no global option."""

    __slots__ = ("lang", "output", "rest", "workspace")

    def __init__(self, lang: str | None, output: str | None, workspace: str | None, rest: list[str]) -> None:
        self.lang = lang
        self.output = output
        self.workspace = workspace
        self.rest = rest

    def language(self) -> str:
        """`--lang`, else the workspace's language, else English."""
        return self.lang or configured_language(self.workspace) or "en"


def peek(arguments: list[str]) -> Peek:
    """Look through `arguments` for the global options, wherever they stand; the last one counts."""
    found: dict[str, str] = {}
    rest: list[str] = []
    at = 0
    while at < len(arguments) and arguments[at] != "--":
        word = arguments[at]
        flag, equals, value = word.partition("=")
        if word.startswith("-o") and len(word) > 2 and not word.startswith("--"):
            flag, equals, value = "-o", "=", word[2:]
        key = _TAKES_VALUE.get(flag)
        if key is None:
            rest = rest or arguments[at:]
        else:
            if not equals:
                at += 1
                value = arguments[at] if at < len(arguments) else ""
            found[key] = value
        at += 1
    lang = found.get("lang")
    return Peek(
        lang if lang in LANGUAGES else None, found.get("output"), found.get("workspace"), rest or arguments[at:]
    )


def configured_language(workspace: str | None) -> str | None:
    """The `language:` of the workspace's dealwright.yaml, or None. Reads a line, not YAML."""
    folder = workspace_folder(workspace)
    if not folder:
        return None
    try:
        with open(os.path.join(folder, "dealwright.yaml"), encoding="utf-8", errors="replace") as file:  # noqa: PTH118, PTH123 - pathlib costs start-up time here
            for line in file:
                key, colon, value = line.partition(":")
                if colon and key.strip("\ufeff") == "language":
                    value = value.split("#")[0].strip().strip("'\"")
                    return value if value in LANGUAGES else None
    except OSError:
        return None
    return None


def workspace_folder(workspace: str | None) -> str | None:
    """`--workspace`, else `$DEALWRIGHT_WORKSPACE`, else the nearest one from here upwards; None for none."""
    return workspace or os.environ.get("DEALWRIGHT_WORKSPACE") or _nearest()


def _nearest() -> str | None:
    """The closest folder upwards that holds a dealwright.yaml."""
    try:
        folder = os.getcwd()  # noqa: PTH109 - pathlib costs start-up time here
    except OSError:
        return None
    while True:
        if os.path.isfile(os.path.join(folder, "dealwright.yaml")):  # noqa: PTH113, PTH118 - as above
            return folder
        parent = os.path.dirname(folder)  # noqa: PTH120 - as above
        if parent == folder:
            return None
        folder = parent
