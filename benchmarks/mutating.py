"""Damages the shipped and example files at random and reads them: findings with positions, in time, never an exception.

    python benchmarks/mutating.py [N] [--seed S]

N mutants (10,000) of the shipped processes, overlays and examples, each by one to four of:
bytes flipped, lines deleted, doubled, swapped or cut short, words swapped, values and names
put for others, indentation moved, quotes added or taken, odd characters put in, aliases and merges written, parts
nested or repeated many times. Every mutant is read as what its name says. Prints how many
were refused and by which codes, the slowest, and the peak of memory. Ends with 1 if one
raised, hung for 2 seconds, took 200 MB, or was refused without a position.
"""

from __future__ import annotations

import argparse
import random
import re
import resource
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from dealwright import definition
from dealwright._resources import folder
from dealwright.definition import FINDING_CODES, Finding

LONGEST = 2.0  # seconds
MOST_MEMORY = 200 << 20  # bytes
_EXAMPLES = Path(__file__).parents[1] / "tests" / "examples"
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


def seeds(extra: Sequence[Path] = ()) -> list[tuple[str, bytes]]:
    """(name, content) of every file that mutants are made of."""
    paths = sorted(folder("processes").glob("*.yaml")) + sorted(_EXAMPLES.rglob("*.yaml")) + list(extra)
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


# -- the damages: bytes to bytes


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


def main() -> int:
    """Run N mutants and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("count", nargs="?", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    wanted = parser.parse_args()
    sources, chance = seeds(), random.Random(wanted.seed)
    codes: Counter[str] = Counter()
    refused, slowest, wrong = 0, (0.0, ""), []
    began = time.process_time()
    for number in range(wanted.count):
        name, data = chance.choice(sources)
        outcome = read(name, mutant(data, chance))
        refused += bool(outcome.codes)
        codes.update(outcome.codes)
        slowest = max(slowest, (outcome.seconds, f"{name}, number {number}"))
        if outcome.wrong:
            wrong.append(f"number {number}, {name}: {outcome.wrong}")
    took, peak = time.process_time() - began, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(f"{wanted.count} mutants of {len(sources)} files, seed {wanted.seed}: {refused} refused, {len(wrong)} wrong")
    print(f"  {took / max(wanted.count, 1) * 1e3:.1f} ms each, the slowest {slowest[0]:.2f} s ({slowest[1]})")
    print(f"  peak of memory {peak / (1 << 20):.0f} MiB (limit {MOST_MEMORY >> 20})")
    print("  " + ", ".join(f"{code} {count}" for code, count in codes.most_common(12)))
    for problem in wrong[:10]:
        print(problem, file=sys.stderr)
    return 1 if wrong or peak > MOST_MEMORY else 0


if __name__ == "__main__":
    raise SystemExit(main())
