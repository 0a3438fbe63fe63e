"""YAML that has no model of its own (a form, an import map) as plain data."""

from __future__ import annotations

import re
from typing import Any

from msgspec import Struct

from dealwright.definition.compose import compose
from dealwright.definition.decode import decode
from dealwright.definition.finding import Finding, Findings
from dealwright.definition.nodes import Map, Node, Scalar, Seq
from dealwright.definition.unreadable import UnreadableError

_WORDS = {"true": True, "false": False, "null": None, "~": None, "": None}
_NUMBER = re.compile(r"-?(0|[1-9]\d{0,17})(\.\d{1,18})?([eE][+-]?\d{1,3})?", re.ASCII)


class PlainReading(Struct, frozen=True):
    """Plain data, None where a finding is an error."""

    data: Any
    findings: list[Finding]


def read_plain(data: bytes, file: str) -> PlainReading:
    """Read YAML as plain data: JSON's numbers, true, false and null are typed where unquoted, all else is text."""
    findings = Findings(file)
    try:
        node = compose(decode(data), findings)
    except UnreadableError as error:
        findings.add(error.code, error.line, error.column, error.en, error.zh, error.hint)
        return PlainReading(None, findings.in_order())
    found = findings.in_order()
    broken = node is None or any(finding.severity == "error" for finding in found)
    return PlainReading(None if broken or node is None else plain(node), found)


def plain(node: Node) -> Any:
    """A node as plain data."""
    if isinstance(node, Map):
        return {key.text: plain(value) for key, value in node.items()}
    if isinstance(node, Seq):
        return [plain(item) for item in node.items]
    if not isinstance(node, Scalar) or node.style:
        return getattr(node, "text", None)
    if node.text in _WORDS:
        return _WORDS[node.text]
    if _NUMBER.fullmatch(node.text):
        return float(node.text) if set(node.text) & set(".eE") else int(node.text)
    return node.text
