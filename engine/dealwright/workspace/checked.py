"""What validation found in some files, for every form in which it can be told."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dealwright.model.text import Text

if TYPE_CHECKING:
    from dealwright.definition import Code, Finding

MOST_FINDINGS = 1_000


class Checked:
    """The files looked at, and every finding in them."""

    __slots__ = ("findings", "paths")

    def __init__(self, paths: Sequence[Path], findings: Sequence[Finding]) -> None:
        self.paths = tuple(paths)
        self.findings = tuple(findings)

    @property
    def errors(self) -> int:
        """How many findings are errors."""
        return sum(1 for finding in self.findings if finding.severity == "error")

    @property
    def warnings(self) -> int:
        """How many findings are warnings."""
        return len(self.findings) - self.errors

    @property
    def shown(self) -> tuple[Finding, ...]:
        """Those that are told: the first 1,000."""
        return self.findings[:MOST_FINDINGS]

    @property
    def truncated(self) -> bool:
        """True where there are more findings than are told."""
        return len(self.findings) > MOST_FINDINGS

    def codes(self) -> dict[str, Code]:
        """What the codes mean: every one of dealwright's own, and those that plugins used here."""
        from dealwright.definition import FINDING_CODES, Code

        known = dict(FINDING_CODES)
        for finding in self.shown:
            if finding.code not in known:
                plugin, _, rule = finding.code.partition("/")
                name = plugin.removeprefix("plugin:")
                known[finding.code] = Code(
                    finding.severity,
                    Text(f"{rule}, a rule of plugin {name}", f"插件 {name} 的规则 {rule}"),
                    Text(f"A rule that the plugin {name} adds; its own documentation explains it.",
                         f"由插件 {name} 添加的规则，详见该插件的文档。"),
                )  # fmt: skip
        return known

    def as_json(self, lang: str, *, strict: bool = False) -> dict[str, Any]:
        """The contract's shape. `ok` is false on errors, and with `strict` on warnings too."""
        errors, warnings = self.errors, self.warnings
        return {
            "v": 1, "ok": not errors and not (strict and warnings), "files": len(self.paths), "errors": errors,
            "warnings": warnings, "findings": [finding.as_json(lang) for finding in self.shown],
            "truncated": self.truncated,
        }  # fmt: skip
