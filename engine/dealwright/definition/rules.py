"""Codes that settings and profiles name: there must be such a rule, and it must be one that can be changed."""

from __future__ import annotations

from dealwright.definition.codes import FINDING_CODES
from dealwright.definition.finding import shown
from dealwright.definition.shapes import Walk

PLUGIN = "plugin:"


def is_fixed(code: str) -> bool:
    """True for what keeps a file from being used: it is an error everywhere. Rules of plugins never are."""
    return code in FINDING_CODES and FINDING_CODES[code].severity == "error"


def check_rules(walk: Walk) -> None:
    """Find the codes under `rules:` that are none, or cannot be changed."""
    known = [code for code in FINDING_CODES if not is_fixed(code)]
    for kind, node in walk.named:
        if kind != "rule" or node.text.startswith(PLUGIN):
            continue
        name = shown(node.text)
        if node.text not in FINDING_CODES:
            walk.wrong(
                "unknown-rule", node, f"There is no rule `{name}`", f"没有规则 `{name}`", walk.suggest(node.text, known)
            )
        elif is_fixed(node.text):
            walk.wrong(
                "fixed-rule", node, f"`{name}` is an error everywhere and cannot be changed",
                f"`{name}` 在任何地方都是错误，不能更改",
            )  # fmt: skip
