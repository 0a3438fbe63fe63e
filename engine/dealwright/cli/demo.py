"""`demo`."""

from __future__ import annotations

from typing import Any

from dealwright.cli.call import Call
from dealwright.cli.options import verb
from dealwright.cli.page import Page


@verb()
def demo(call: Call) -> int:
    """Play the whole thing through in a temporary workspace."""
    from dealwright.workspace.demo import run_demo

    # The story is the result for a person; where data was asked for, it is talk beside it.
    screen = call.out if call.output == "table" else call.err

    def say(text: str) -> None:
        words = text.lstrip(" ")
        if words.startswith("dealwright "):
            screen.raw(text)  # a command to copy stays in one piece
        else:
            screen.line(words, indent=len(text) - len(words))

    found = run_demo(say, call.lang)
    call.show(found, _draw)
    return 0 if found.get("ok", True) else 1


def _draw(_page: Page, _data: dict[str, Any]) -> None:
    """Everything has been told on the way."""
