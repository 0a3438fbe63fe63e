"""What a plugin has to say of a process file."""

from typing import Literal

from msgspec import Struct

from dealwright.model.text import Text


class Remark(Struct, frozen=True):
    """One finding of a plugin. `path` leads to its place: keys, ids of list entries, or positions from 0.

    `failed` marks what is told of a plugin that raised or answered wrongly.
    """

    plugin: str
    path: tuple[str | int, ...]
    code: str
    severity: Literal["error", "warning"]
    text: Text
    failed: bool = False
