"""How grave validation takes what it finds: profiles, the workspace's rules, `--profile` and `--strict`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from dealwright.errors import NotFoundError, UsageError
from dealwright.model.process import Process
from dealwright.model.remark import Remark
from dealwright.model.settings import Level, Lint

if TYPE_CHECKING:
    from dealwright.definition import Finding
    from dealwright.workspace.library import Library

LINT_SUFFIX = ".lint.yaml"
PROFILES = ("strict", "default", "lenient")
_DEEPEST = 8  # profiles that begin from each other


class Rules:
    """The levels that count, put together of everything that was said.

    `strict` looks at the rules of the trade too and takes every warning for an error; `lenient` tells
    errors only. What keeps a file from being used is an error under each of them.
    """

    def __init__(self, *, practice: bool = False) -> None:
        self.base = "default"
        self.levels: dict[str, Level] = {}
        self.findings: list[Finding] = []
        self._practice = practice

    @property
    def practice(self) -> bool:
        """Whether the rules of the trade have to be looked at."""
        from dealwright.definition import FINDING_CODES

        asked = any(
            code in FINDING_CODES and FINDING_CODES[code].group == "practice" and level != "off"
            for code, level in self.levels.items()
        )
        return self._practice or self.base == "strict" or asked

    def take(self, lint: Lint, folder: Path) -> None:
        """Add what settings or a profile of `folder` say. Raises NotFoundError, UsageError for a profile."""
        for name in lint.profile:
            self.begin(name, folder)
        self.levels.update(lint.rules)

    def begin(self, name: str, folder: Path, depth: int = 0) -> None:
        """Begin from a profile by name or file, forgetting levels said before where it is a name.

        What is wrong in the file becomes findings of it. Raises NotFoundError, UsageError.
        """
        if name in PROFILES:
            self.base = name
            self.levels = {}
            return
        path = folder / name
        if not name.endswith(LINT_SUFFIX):
            raise UsageError(
                f"{name[:80]!r} is no profile; there are {', '.join(PROFILES)} and files NAME{LINT_SUFFIX}",
                f"没有名为“{name[:80]}”的规则配置；可用 {'、'.join(PROFILES)} 或文件 NAME{LINT_SUFFIX}",
            )
        if not path.is_file():
            raise NotFoundError(f"there is no profile {path}", f"没有规则配置文件 {path}", file=str(path))
        if depth >= _DEEPEST:
            raise UsageError(f"profiles begin from each other: {path}", f"规则配置文件互相引用：{path}")
        from dealwright import definition

        reading = definition.read_lint(path.read_bytes(), str(path))
        self.findings += reading.findings
        if reading.lint is not None:
            for one in reading.lint.profile:
                self.begin(one, path.parent, depth + 1)
            self.levels.update(reading.lint.rules)

    def settled(self, findings: Iterable[Finding]) -> list[Finding]:
        """The findings that are told, each as grave as it is taken here."""
        kept = []
        for finding in findings:
            level = self._level(finding)
            if level != "off":
                same = level == finding.severity
                kept.append(finding if same else msgspec.structs.replace(finding, severity=level))
        return kept

    def _level(self, finding: Finding) -> Level:
        from dealwright.definition import FINDING_CODES

        code = FINDING_CODES.get(finding.code)
        if code is not None and code.severity == "error":
            return "error"
        if finding.code in self.levels:
            return self.levels[finding.code]
        if finding.severity == "error":
            return "error"
        if self.base == "lenient":
            return "off"
        if self.base == "strict":
            return "error"
        return "off" if code is not None and code.group == "practice" and not self._practice else "warning"


def rules_of(lint: Lint | None, folder: Path | None, profiles: Sequence[str], *, practice: bool) -> Rules:
    """The rules of a validation: of the workspace at `folder`, with `profiles` of the call in place of its own.

    Profiles of a call are found from the present folder. Raises NotFoundError, UsageError.
    """
    rules = Rules(practice=practice)
    if profiles:
        for name in profiles:
            rules.begin(name, Path())
        rules.levels.update(lint.rules if lint else {})
    elif lint is not None:
        rules.take(lint, folder or Path())
    return rules


class Linters:
    """The plugins of a workspace that have rules, asked about one process file after the other."""

    def __init__(self, library: Library) -> None:
        self._library = library

    @property
    def plugins(self) -> frozenset[str]:
        """The names of the plugins asked."""
        return self._library.plugins.linters() if self._library.settings.plugins else frozenset()

    def ask(self, process: Process) -> Sequence[Remark]:
        """What they say of a process, its methodologies laid over it where they can be."""
        if not self.plugins:
            return ()
        from dealwright.errors import DealwrightError

        try:
            whole = self._library.resolve(process)
        except DealwrightError:
            # A methodology that is not there is a finding of its own, and no reason not to look at the rest.
            whole = process
        return self._library.plugins.lint(whole)
