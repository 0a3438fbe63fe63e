"""Which process or library a file is, and of which version, without parsing it whole."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

_NAME = re.compile(r"^(?:process|record|library|overlay):[ \t]+[\"']?([\w.-]+)", re.MULTILINE | re.ASCII)
_VERSION = re.compile(r"^version:[ \t]+[\"']?([\w.-]+)", re.MULTILINE | re.ASCII)


class Stamp(NamedTuple):
    """What a file says it is; empty where it does not say."""

    id: str
    version: str


def stamp(path: Path) -> Stamp:
    """The id and version at the top of a file. One that cannot be read says nothing."""
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return Stamp("", "")
    name, version = _NAME.search(text), _VERSION.search(text)
    return Stamp(name.group(1) if name else "", version.group(1) if version else "")


def version_key(version: str) -> tuple[object, ...]:
    """A semantic version for ordering: 1.10.0 after 1.9.0, and 2.0.0-rc.1 before 2.0.0; what is none comes first."""
    numbers, _, early = version.partition("-")
    parts = tuple((not part.isdigit(), int(part) if part.isdigit() else 0, part) for part in early.split("."))
    whole = [int(number) if number.isdigit() else -1 for number in numbers.split(".")]
    return (*[*whole, -1, -1, -1][:3], not early, parts)
