"""Reading the guides: their blocks, and a reader who types in every command and compares what is printed.

A ```console block holds commands behind `$ ` and what they print. `...` stands for whatever is printed there;
days, times and hashes may be others than the printed ones. A command that fails must be followed by
`$ echo $?`, so that the guide tells its exit code. A block whose line above is a file name in backquotes,
such as `team.yaml`, is written to that file, with the reader's own login for `your-name`.
"""

from __future__ import annotations

import getpass
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_NAMED = re.compile(r"`([\w./-]+)`:?\n+\Z")
_CHANGING = (
    (re.compile(r"\d{4}-\d{2}-\d{2}"), "DAY"),
    (re.compile(r"\b\d{2}:\d{2}(?::\d{2}(?:\.\d+)?Z?)?"), "TIME"),
    (re.compile(r"\b[0-9a-f]{64}\b"), "HASH"),
)


class Block(NamedTuple):
    """A fenced block: the line it begins at, its language, its text, and the file it shows if one is named."""

    line: int
    language: str
    text: str
    file: str | None


def read(path: str) -> str:
    """A document of the checkout."""
    return (ROOT / path).read_text(encoding="utf-8")


def blocks(text: str) -> list[Block]:
    """All fenced blocks, in order."""
    found = []
    for match in _FENCE.finditer(text):
        named = _NAMED.search(text[: match.start()])
        line = text.count("\n", 0, match.start()) + 1
        found.append(Block(line, match.group(1), match.group(2), named.group(1) if named else None))
    return found


def section(text: str, heading: str) -> str:
    """What stands under a heading, up to the next one of its level or above."""
    start = re.search(rf"^(#+) {re.escape(heading)}$", text, re.MULTILINE)
    assert start, f"no heading {heading}"
    level = len(start.group(1))
    rest = re.sub(r"^```.*?^```$", lambda m: re.sub(r"^#", "_", m.group(), flags=re.MULTILINE), text[start.end() :],
                  flags=re.MULTILINE | re.DOTALL)  # fmt: skip
    end = re.search(rf"^#{{1,{level}}} ", rest, re.MULTILINE)
    return text[start.end() : start.end() + end.start()] if end else text[start.end() :]


class Reader:
    """Somebody who types in a guide, beginning in an empty folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.code = 0
        self.commands: list[list[str]] = []
        kept = {key: value for key, value in os.environ.items() if not key.startswith("DEALWRIGHT_")}
        self.environment = {**kept, "PYTHONUTF8": "1", "COLUMNS": "200"}

    def follow(self, text: str) -> None:
        """Write every named file and run every console block of a document or a part of one."""
        for block in blocks(text):
            if block.file is not None:
                path = self.folder / block.file
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(block.text.replace("your-name", getpass.getuser()), encoding="utf-8")
            elif block.language == "console":
                self._type(block)

    def _type(self, block: Block) -> None:
        steps = re.split(r"^\$ ", block.text.replace("\\\n", " "), flags=re.MULTILINE)
        assert steps[0] == "", f"line {block.line}: a console block begins with a command"
        for step in steps[1:]:
            command, _, expected = step.partition("\n")
            assert self.code == 0 or command == "echo $?", f"line {block.line}: before {command}: exit {self.code}"
            printed = self._run(shlex.split(command))
            assert matches(expected, printed), f"line {block.line}: $ {command}\n{printed}\n--- expected\n{expected}"
        assert self.code == 0, f"line {block.line}: it ends with {self.code}, and the guide does not say so"

    def _run(self, argv: list[str]) -> str:
        if argv == ["echo", "$?"]:
            said, self.code = f"{self.code}\n", 0
            return said
        if argv[0] == "cd":
            self.folder = (self.folder / argv[1]).resolve(strict=True)
            return ""
        assert argv[0] == "dealwright", f"a guide runs dealwright, cd and echo $? only, not {argv[0]}"
        self.commands.append(argv)
        done = subprocess.run(
            [sys.executable, "-m", *argv], cwd=self.folder, env=self.environment, encoding="utf-8",
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False, timeout=60,
        )  # fmt: skip
        self.code = done.returncode
        return done.stdout


def matches(expected: str, printed: str) -> bool:
    """Whether what is printed is what the guide shows; a guide that shows nothing promises nothing."""
    if not expected.strip():
        return True
    for pattern, word in _CHANGING:
        expected, printed = pattern.sub(word, expected), pattern.sub(word, printed)
    parts = []
    for line in expected.strip("\n").splitlines():
        if line.strip() == "...":
            parts.append(r"(?:.*\n)*?")
        else:
            parts.append(r".*?".join(map(re.escape, line.rstrip().split("..."))) + r"[ ]*\n")
    return re.fullmatch("".join(parts), printed.strip("\n") + "\n") is not None
