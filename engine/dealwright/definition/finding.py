"""What is wrong with a file, where, and what to do: findings and the list that gathers them."""

from __future__ import annotations

from typing import Any, Literal, Protocol

from msgspec import Struct

from dealwright.definition.codes import FINDING_CODES
from dealwright.model.text import Text

FindingSeverity = Literal["error", "warning"]
# Of one file; a hostile one could otherwise answer with megabytes. One more than is ever
# shown, so that whoever shows a thousand knows that there were more.
MOST_FINDINGS = 1_001
_ECHO = 80


class Fix(Struct, frozen=True):
    """What surely mends a finding: at its place `old` stands, and `new` should."""

    old: str
    new: str


class Finding(Struct, frozen=True):
    """One problem of a file. Lines and columns start at 1; columns count code points."""

    file: str
    line: int
    column: int
    code: str
    severity: FindingSeverity
    message: Text
    hint: Text | None = None
    fix: Fix | None = None

    def as_json(self, lang: str) -> dict[str, Any]:
        """The finding in the contract's shape, message and hint in `lang`."""
        return {
            "file": self.file,
            "line": self.line,
            "column": self.column,
            "code": self.code,
            "severity": self.severity,
            "message": self.message.say(lang),
            "hint": self.hint.say(lang) if self.hint else None,
        }


def shown(text: str) -> str:
    """`text` as a message quotes it: on one line, at most 80 characters, nothing unprintable."""
    cut = text if len(text) <= _ECHO else text[: _ECHO - 1] + "…"
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in cut)


class Places(Protocol):
    """Where findings belong in a file that was merged of several."""

    def place(self, finding: Finding) -> Finding:
        """The finding in its own file, on the line it has there."""


class Findings:
    """The findings of one file, gathered in any order. Only the first `MOST_FINDINGS` are kept.

    Where the file is merged of several, `origins` says which of them a line belongs to.
    """

    __slots__ = ("file", "found", "origins")

    def __init__(self, file: str) -> None:
        self.file = file
        self.origins: Places | None = None
        self.found: list[Finding] = []

    @property
    def full(self) -> bool:
        """True once no more findings are taken."""
        return len(self.found) >= MOST_FINDINGS

    @property
    def has_errors(self) -> bool:
        """True where one of them is an error."""
        return any(f.severity == "error" for f in self.found)

    def add(
        self, code: str, line: int, column: int, en: str, zh: str, hint: Text | None = None, fix: Fix | None = None
    ) -> None:
        """Take one finding; its severity is that of its code."""
        if len(self.found) < MOST_FINDINGS:
            severity = FINDING_CODES[code].severity
            self.found.append(Finding(self.file, line, column, code, severity, Text(en, zh), hint, fix))

    def in_order(self) -> list[Finding]:
        """All of them by position, each once; those of the file itself come before those of what it is made of."""
        found = sorted(dict.fromkeys(self.found), key=lambda f: (f.line, f.column, f.code))
        return [self.origins.place(finding) for finding in found] if self.origins else found
