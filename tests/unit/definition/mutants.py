"""Process files damaged at random, and how reading each of them went."""

from __future__ import annotations

import random
import re
import time
import traceback
from collections.abc import Callable
from typing import Any, NamedTuple

from dealwright import definition
from dealwright._resources import folder
from dealwright.definition import FINDING_CODES, Finding
from examples import EXAMPLES

LONGEST = 2.0  # seconds
_ODD = [
    "\u202e",
    "\u200b",
    "\ufeff",
    "\x00",
    "\x1b[31m",
    "：",
    "“",
    "”",
    "，",
    "\t",
    "\r",
    "\u0085",
    "é",
    "𝔘",
    "\ud7ff",
]
_SIGNS = "{}[]:,#&*!|>'\"%@`?-<= "
_WORDS = [
    "true",
    "no",
    "~",
    "1e999",
    "0x1F",
    ".nan",
    "2024-02-30",
    "!!int",
    "&a",
    "*a",
    "<<",
    "---",
    "...",
    "if",
    "and",
]


class Outcome(NamedTuple):
    """How one mutant was read. `wrong` says what should not have happened, "" where all is well."""

    codes: tuple[str, ...]
    seconds: float
    wrong: str


def seeds() -> list[tuple[str, bytes]]:
    """(name, content) of every file that mutants are made of."""
    paths = sorted(folder("processes").glob("*.yaml")) + sorted(EXAMPLES.rglob("*.yaml"))
    return [(path.name, path.read_bytes()) for path in paths]


def mutant(data: bytes, chance: random.Random) -> bytes:
    """`data` with one to four things wrong, mostly one."""
    for _ in range(chance.choice((1, 1, 1, 2, 4))):
        data = chance.choice(_DAMAGES)(data, chance)
    return data


def read(name: str, data: bytes) -> Outcome:
    """Read a mutant as what its name says it is, and judge how that went."""
    began = time.process_time()
    try:
        findings = _reader(name)(data, name).findings
        said = [finding.as_json(lang) for finding in findings for lang in ("en", "zh")]
    except BaseException:
        return Outcome((), time.process_time() - began, traceback.format_exc())
    took = time.process_time() - began
    wrong = next(filter(None, (_misplaced(finding, data) for finding in findings)), "")
    if any("\n" in entry["message"] or len(entry["message"]) > 400 for entry in said):
        wrong = wrong or "a message of more than one short line"
    if took > LONGEST:
        wrong = wrong or f"{took:.1f} s"
    return Outcome(tuple({finding.code for finding in findings if finding.severity == "error"}), took, wrong)


def _reader(name: str) -> Callable[[bytes, str], Any]:
    for part, reader in (
        (".overlay.", "read_overlay"), (".team.", "read_team"), (".workspace.", "read_settings"),
        (".record.", "read_record"), (".library.", "read_library"),
    ):  # fmt: skip
        found: Callable[[bytes, str], Any] | None = getattr(definition, reader, None)
        if part in name and found is not None:
            return found
    return definition.read_process


def _misplaced(finding: Finding, data: bytes) -> str:
    lines = data.count(b"\n") + data.count(b"\r") + 2
    if finding.code not in FINDING_CODES:
        return f"unknown code {finding.code}"
    if not 1 <= finding.line <= lines or not 1 <= finding.column <= len(data) + 2:
        return f"{finding.code} at {finding.line}:{finding.column} of {lines} lines"
    return ""


def _lines(data: bytes, change: Callable[[list[bytes]], None]) -> bytes:
    lines = data.split(b"\n")
    change(lines)
    return b"\n".join(lines)


def _flip(data: bytes, chance: random.Random) -> bytes:
    if not data:
        return b"\x00"
    at = chance.randrange(len(data))
    return data[:at] + bytes([data[at] ^ 1 << chance.randrange(8)]) + data[at + 1 :]


def _splice(data: bytes, chance: random.Random, junk: str, longest: int = 12) -> bytes:
    at = chance.randint(0, len(data))
    return data[:at] + junk.encode("utf-8", "surrogatepass") + data[at + chance.randint(0, longest) :]


def _drop(data: bytes, chance: random.Random) -> bytes:
    def change(lines: list[bytes]) -> None:
        at = chance.randrange(len(lines))
        del lines[at : at + chance.randint(1, 3)]

    return _lines(data, change)


def _double(data: bytes, chance: random.Random) -> bytes:
    def change(lines: list[bytes]) -> None:
        at = chance.randrange(len(lines))
        lines[at:at] = lines[at : at + chance.randint(1, 8)] * chance.randint(1, 3)

    return _lines(data, change)


def _swap(data: bytes, chance: random.Random) -> bytes:
    def change(lines: list[bytes]) -> None:
        one, other = chance.randrange(len(lines)), chance.randrange(len(lines))
        lines[one], lines[other] = lines[other], lines[one]

    return _lines(data, change)


def _cut(data: bytes, chance: random.Random) -> bytes:
    return data[: chance.randint(0, len(data))]


def _indent(data: bytes, chance: random.Random) -> bytes:
    def change(lines: list[bytes]) -> None:
        at = chance.randrange(len(lines))
        for row in range(at, min(len(lines), at + chance.randint(1, 10))):
            moved = chance.choice((b"  ", b" ", b"\t", b""))
            lines[row] = moved + lines[row] if moved else lines[row].removeprefix(b"  ")

    return _lines(data, change)


def _tokens(data: bytes, chance: random.Random) -> bytes:
    words = data.split(b" ")
    one, other = chance.randrange(len(words)), chance.randrange(len(words))
    words[one], words[other] = words[other], words[one]
    return b" ".join(words)


def _word(data: bytes, chance: random.Random) -> bytes:
    words = data.split(b" ")
    words[chance.randrange(len(words))] = chance.choice(_WORDS).encode()
    return b" ".join(words)


def _value(data: bytes, chance: random.Random) -> bytes:
    """What one key has becomes what another has."""
    found = list(re.finditer(rb": ([^\n{}\[\]]+)", data))
    if not found:
        return data
    place = chance.choice(found)
    return data[: place.start(1)] + chance.choice(found).group(1) + data[place.end(1) :]


def _name(data: bytes, chance: random.Random) -> bytes:
    """One word of the file stands where another stood."""
    found = list(re.finditer(rb"[A-Za-z_][A-Za-z_0-9]*", data))
    if not found:
        return data
    place = chance.choice(found)
    return data[: place.start()] + chance.choice(found).group() + data[place.end() :]


def _nested(data: bytes, chance: random.Random) -> bytes:
    return _splice(
        data, chance, chance.choice(("[", "{a: ", "- ", "? ", "(", "not ", "&a [*a, ")) * chance.choice((9, 70, 3000))
    )


def _grown(data: bytes, chance: random.Random) -> bytes:
    def change(lines: list[bytes]) -> None:
        at = chance.randrange(len(lines))
        lines[at:at] = lines[at : at + 4] * chance.choice((40, 400))

    return _lines(data, change)


_DAMAGES: tuple[Callable[[bytes, random.Random], bytes], ...] = (
    _flip, _drop, _double, _swap, _cut, _indent, _tokens, _word, _nested, _grown,
    _value, _value, _value, _value, _name, _name, _name, _name,
    lambda data, chance: _splice(data, chance, chance.choice(_ODD)),
    lambda data, chance: _splice(data, chance, chance.choice(_SIGNS) * chance.randint(1, 3)),
    lambda data, chance: _splice(data, chance, chance.choice("'\"`"), 1),
)  # fmt: skip
