"""What validation found, in the forms of others: GitHub's annotations, SARIF, JUnit's XML.

None of them trusts what a file or its name says: each escapes as its own format asks, and
no control character comes through.
"""

from __future__ import annotations

import contextlib
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from dealwright.cli.display import visible
from dealwright.cli.render import to_json
from dealwright.cli.version import VERSION
from dealwright.model.text import LANGUAGES

if TYPE_CHECKING:
    from dealwright.definition import Finding
    from dealwright.workspace import Checked

_TAGS = {"en": "en-US", "zh": "zh-CN"}
_SARIF = "https://json.schemastore.org/sarif-2.1.0.json"
# What XML 1.0 cannot hold at all, not even escaped.
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def as_github(found: Checked, lang: str, here: Path) -> str:
    """Workflow commands, one a line, that GitHub shows beside the lines of a change; then a summary line.

    Files below `here` are named from there, as GitHub asks.
    """
    lines = []
    for finding in found.shown:
        message = _told(finding, lang)
        place = {
            "file": relative(finding.file, here), "line": str(finding.line), "col": str(finding.column),
            "title": finding.code,
        }  # fmt: skip
        properties = ",".join(f"{key}={_property(value)}" for key, value in place.items())
        lines.append(f"::{finding.severity} {properties}::{_data(message)}")
    lines.append(f"{len(found.paths)} files: {found.errors} errors, {found.warnings} warnings")
    return "\n".join(lines) + "\n"


def _told(finding: Finding, lang: str) -> str:
    hint = f" ({finding.hint.say(lang)})" if finding.hint else ""
    return finding.message.say(lang) + hint


def _data(text: str) -> str:
    escaped = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return visible(escaped)


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def relative(file: str, here: Path) -> str:
    """A file's name with slashes, from `here` where it lies below it; else as it is."""
    path = Path(file)
    with contextlib.suppress(ValueError):
        path = path.relative_to(here) if path.is_absolute() else path
    return path.as_posix()


def as_sarif(found: Checked, lang: str, here: Path) -> str:
    """One run of SARIF 2.1.0: columns are code points, and each rule tells its story in both languages."""
    codes = found.codes()
    order = sorted(codes)
    ruled = {code: at for at, code in enumerate(order)}
    more = {"level": "warning", "message": {"text": "There are more findings than are listed here."}}
    run = {
        "tool": {"driver": {
            "name": "dealwright", "version": VERSION, "semanticVersion": VERSION,
            "shortDescription": {"text": "Checks sales processes written as YAML."},
            "rules": [_rule(code, codes[code], lang) for code in order],
        }},
        "columnKind": "unicodeCodePoints",
        "language": _TAGS[lang],
        "invocations": [{"executionSuccessful": True, "toolExecutionNotifications": [more] * found.truncated}],
        "artifacts": [{"location": _location(str(path), here)} for path in found.paths],
        "results": [_result(finding, ruled, lang, here) for finding in found.shown],
    }  # fmt: skip
    return to_json({"$schema": _SARIF, "version": "2.1.0", "runs": [run]}) + "\n"


def _rule(code: str, about: Any, lang: str) -> dict[str, Any]:
    spoken = [lang, *(other for other in LANGUAGES if other != lang)]
    told = "\n\n".join(about.explanation.say(one) for one in spoken)
    return {
        "id": code,
        "shortDescription": {"text": about.title.say(lang)},
        "fullDescription": {"text": about.explanation.say(lang)},
        "help": {"text": told, "markdown": told},
        "defaultConfiguration": {"level": about.severity},
        "properties": {"titles": {one: about.title.say(one) for one in LANGUAGES}},
    }


def _result(finding: Finding, ruled: dict[str, int], lang: str, here: Path) -> dict[str, Any]:
    return {
        "ruleId": finding.code,
        "ruleIndex": ruled[finding.code],
        "level": finding.severity,
        "message": {"text": _told(finding, lang)},
        "locations": [{"physicalLocation": {
            "artifactLocation": _location(finding.file, here),
            "region": {"startLine": finding.line, "startColumn": finding.column},
        }}],
    }  # fmt: skip


def _location(file: str, here: Path) -> dict[str, str]:
    name = relative(file, here)
    if Path(name).is_absolute():
        return {"uri": "file://" + quote(name, errors="replace")}
    return {"uri": quote(name, errors="replace"), "uriBaseId": "%SRCROOT%"}


def as_junit(found: Checked, lang: str, here: Path) -> str:
    """JUnit's XML: a test case for each file, a failure for each error; warnings are told in its output."""
    from xml.sax.saxutils import escape

    grouped: dict[str, list[Finding]] = {relative(str(path), here): [] for path in found.paths}
    for finding in found.shown:
        grouped.setdefault(relative(finding.file, here), []).append(finding)
    lines = ['<?xml version="1.0" encoding="UTF-8"?>']
    failures = sum(1 for finding in found.shown if finding.severity == "error")
    counts = f'tests="{len(grouped)}" failures="{failures}" errors="0"'
    lines += [f'<testsuites name="dealwright" {counts}>', f'  <testsuite name="process validate" {counts} skipped="0">']
    for name, its in grouped.items():
        lines.append(f'    <testcase classname="process validate" name={_attribute(name)}>')
        warned = []
        for finding in its:
            message = _told(finding, lang)
            told = f"{name}:{finding.line}:{finding.column}: {finding.code} {message}"
            if finding.severity == "warning":
                warned.append(told)
                continue
            kind, short = _attribute(finding.code), _attribute(f"{finding.line}:{finding.column} {message}")
            lines.append(f"      <failure type={kind} message={short}>{escape(_xml(told))}</failure>")
        if warned:
            lines.append(f"      <system-out>{escape(_xml(chr(10).join(warned)))}</system-out>")
        lines.append("    </testcase>")
    if found.truncated:
        lines.append("    <system-err>There are more findings than are listed here.</system-err>")
    return "\n".join([*lines, "  </testsuite>", "</testsuites>"]) + "\n"


def _attribute(text: str) -> str:
    from xml.sax.saxutils import quoteattr

    return quoteattr(_xml(text))


def _xml(text: str) -> str:
    """`text` without what XML cannot hold or a terminal should not meet."""
    return _NOT_XML.sub("�", "\n".join(visible(line) for line in text.split("\n")))
