"""One kind of finding: how grave it is, which rules it belongs to, what it means."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from dealwright.model.text import Text

Group = Literal["form", "sound", "practice"]


class Code(Struct, frozen=True):
    """One kind of finding. `explanation` says why it is one and what to do.

    `group`: `form` (the file says what it may say), `sound` (the process can be run), or
    `practice` (it is a good one: rules of the trade, looked at only where they are asked for).
    """

    severity: Literal["error", "warning"]
    title: Text
    explanation: Text
    group: Group = "form"


def error(group: Group, title: Text, why: Text) -> Code:
    """A code whose findings keep a file from being used."""
    return Code("error", title, why, group)


def warning(group: Group, title: Text, why: Text) -> Code:
    """A code whose findings a comment with a reason takes back."""
    return Code("warning", title, why, group)
