"""One difference between two versions of a process."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from dealwright.definition.finding import shown
from dealwright.model.duration import Duration
from dealwright.model.text import Text

ChangeKind = Literal["added", "removed", "renamed", "moved", "changed"]


class Change(msgspec.Struct, frozen=True):
    """One difference. `path` leads to it by keys and ids, dots between them.

    `breaking`: deals that run under the old version, or whoever works with them, meet
    something that is no longer there or now missing. `tightens`: True where it has become
    harder to get on, False where easier, None where neither, or where nobody can tell
    without knowing the deals. `old` and `new` are JSON values, None for what is not there.
    """

    path: str
    kind: ChangeKind
    breaking: bool
    tightens: bool | None
    old: Any
    new: Any
    text: Text

    def as_json(self, lang: str) -> dict[str, Any]:
        """The contract's shape, the text in `lang`."""
        return {
            "path": self.path, "kind": self.kind, "breaking": self.breaking, "tightens": self.tightens,
            "old": self.old, "new": self.new, "text": self.text.say(lang),
        }  # fmt: skip


def plain(value: Any) -> Any:
    """A part of a process as a JSON value; durations as they are written."""
    if isinstance(value, Duration):
        return str(value)
    if isinstance(value, tuple | list):
        return [plain(entry) for entry in value]
    if isinstance(value, dict):
        return {key: plain(entry) for key, entry in value.items()}
    if isinstance(value, Text):
        asked = getattr(value, "condition", "")  # of a prompt
        return {"en": value.en, "zh": value.zh} | ({"if": asked} if asked else {})
    if isinstance(value, msgspec.Struct):
        given = ((field.name, getattr(value, field.name), field.default) for field in msgspec.structs.fields(value))
        return {name: plain(entry) for name, entry, default in given if entry != default}
    return value


def said(value: Any, lang: str) -> str:
    """A part of a process in a sentence, shortened."""
    if value in (None, "", (), [], {}):
        return "—"
    if isinstance(value, Text):
        return f"“{shown(value.say(lang))}”"
    if isinstance(value, bool | Duration | int | float):
        return str(value).lower() if isinstance(value, bool) else str(value)
    if isinstance(value, str):
        return f"`{shown(value)}`"
    if isinstance(value, tuple) and all(isinstance(entry, str | Duration) for entry in value):
        return shown(", ".join(map(str, value)))
    if isinstance(value, tuple) and all(isinstance(entry, Text) for entry in value):
        return "“" + shown(" / ".join(entry.say(lang) for entry in value)) + "”"
    if isinstance(value, dict) and all(isinstance(entry, str | int | float) for entry in value.values()):
        return shown(", ".join(f"{key}: {entry}" for key, entry in value.items()))
    return shown(msgspec.json.encode(plain(value)).decode())
