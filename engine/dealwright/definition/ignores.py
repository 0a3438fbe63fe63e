"""`# dealwright: ignore[CODE] REASON` on a warning's line, or on the line above."""

from __future__ import annotations

import re
from collections.abc import Sequence

from dealwright.definition.codes import FINDING_CODES
from dealwright.definition.finding import Findings, shown
from dealwright.definition.rules import PLUGIN

_IGNORE = re.compile(r"(?:^|\s)#\s*dealwright:\s*ignore\[([^\]]{0,80})\][ \t]*(.*)")


def apply_ignores(
    findings: Findings,
    lines: Sequence[str],
    practice: bool = False,
    own: int = 0,
    plugins: frozenset[str] = frozenset(),
) -> None:
    """Take out the warnings that a comment with a reason hides; tell of comments that hide nothing.

    Of a merged file only the first `own` lines are told of: a parent's comments are the parent's matter.
    Without `practice` the rules of the trade were not looked at, and comments about them are left alone; so are those
    about rules of plugins that are not among `plugins`.
    """
    asked: dict[int, list[tuple[str, int, bool]]] = {}
    for row, line in enumerate(lines, 1):
        if "dealwright:" not in line:
            continue
        found = _IGNORE.search(line)
        if found:
            column = line.index("#", found.start()) + 1
            reasoned = bool(found.group(2).strip(" :-—–"))
            asked[row] = [(code.strip(), column, reasoned) for code in found.group(1).split(",")]
    if not asked:
        return
    used: set[tuple[int, str]] = set()
    kept = []
    for finding in findings.found:
        rows = [
            row
            for row in (finding.line, finding.line - 1)
            for code, _, reasoned in asked.get(row, ())
            if code == finding.code and reasoned and finding.severity == "warning"
        ]
        if rows:
            used.add((rows[0], finding.code))
        else:
            kept.append(finding)
    findings.found[:] = kept
    # Beside an error some warnings could not be looked for, so that an ignore may well have its use.
    unsure = findings.has_errors
    for row, comments in asked.items():
        if own and row > own:
            continue
        for code, column, reasoned in comments:
            unseen = unsure or not _was_looked_at(code, practice, plugins)
            _tell(findings, row, column, code, reasoned, unseen or (row, code) in used)


def _was_looked_at(code: str, practice: bool, plugins: frozenset[str]) -> bool:
    if code.startswith(PLUGIN):
        return code.removeprefix(PLUGIN).partition("/")[0] in plugins
    return practice or code not in FINDING_CODES or FINDING_CODES[code].group != "practice"


def _tell(findings: Findings, row: int, column: int, code: str, reasoned: bool, used: bool) -> None:
    name = shown(code)
    if not reasoned:
        findings.add(
            "ignore-without-reason", row, column, f"`{name}` is not ignored: the comment gives no reason",
            f"注释没有写明原因，`{name}` 不会被忽略",
        )  # fmt: skip
    elif code in FINDING_CODES and FINDING_CODES[code].severity == "error":
        findings.add(
            "unused-ignore", row, column, f"`{name}` is an error and cannot be ignored", f"`{name}` 是错误，不能忽略"
        )
    elif not used:
        findings.add(
            "unused-ignore", row, column, f"There is no `{name}` on this line or the next to ignore",
            f"本行或下一行没有可忽略的 `{name}`",
        )  # fmt: skip
