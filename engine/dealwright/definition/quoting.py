"""How a text is best written in YAML: plain where nobody could read it as something else, else in quotes."""

from __future__ import annotations

import json
import re

# Far fewer than YAML allows: what is plain here is plain to every reader of YAML, in braces and outside.
_PLAIN = re.compile(r"[^\W\d][\w ./()+&;%，。、；（）·—–-]*", re.UNICODE)
_PLAIN_BLOCK = re.compile(r"[^\W\d][\w ./()+&;%，。、；（）·—–,'-]*", re.UNICODE)
_OTHER_TYPES = {
    "y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf", "none",
}  # fmt: skip


def is_plain(text: str, *, flow: bool) -> bool:
    """True for a text that needs no quotes; `flow`: it stands in braces or brackets."""
    pattern = _PLAIN if flow else _PLAIN_BLOCK
    return (
        pattern.fullmatch(text) is not None
        and not text.endswith(" ")
        and "  " not in text
        and text.lower() not in _OTHER_TYPES
    )


def quoted(text: str) -> str:
    """The text in quotes: double ones, or single where it has double ones itself."""
    if '"' in text and "'" not in text and text.isprintable():
        return f"'{text}'"
    return json.dumps(text, ensure_ascii=False) if text.isprintable() else json.dumps(text)


def written(text: str, style: str | None, *, flow: bool, raw: str | None = None) -> str:
    """A text on one line. One that was plain stays plain where it can; `raw` is how it stood in the file."""
    if style is None:
        if raw is not None:
            return raw
        return text if is_plain(text, flow=flow) or _stays_plain(text, flow) else quoted(text)
    if is_plain(text, flow=flow):
        return text
    if raw is not None and raw[:1] == '"' and "\\" in raw:
        return raw  # its escapes are there for a reason
    return quoted(text)


def _stays_plain(text: str, flow: bool) -> bool:
    """True for a text that was plain elsewhere in a file and can be so here: numbers, expressions, durations."""
    if not text or text != text.strip() or "\n" in text or ": " in text or " #" in text or text.endswith(":"):
        return False
    if text[0] in "!&*{}[],#|>@`\"'%?-:" and not re.fullmatch(r"-?\d[\w.]*", text):
        return False
    return not (flow and any(c in text for c in ",[]{}?"))
