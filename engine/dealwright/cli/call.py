"""One run of the command line: its global options, its streams, and the workspace once it is needed."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dealwright.cli.language import peek
from dealwright.cli.screen import Screen

if TYPE_CHECKING:
    from dealwright.cli.page import Page
    from dealwright.workspace import Workspace

Draw = Callable[["Page", dict[str, Any]], None]


class Call:
    """What the command line was asked, beyond the verb and its own options."""

    def __init__(self, arguments: list[str], asked_at: float | None = None) -> None:
        self.asked_at = asked_at
        seen = peek(arguments)
        self.lang = seen.language()
        self.output = seen.output or "table"
        self.folder = seen.workspace
        self.actor: str | None = None
        self.now: str | None = None
        self.no_plugin: tuple[str, ...] = ()
        self.out = Screen(sys.stdout)
        self.err = Screen(sys.stderr)
        self._workspace: Workspace | None = None

    def keep(self, name: str, value: str | tuple[str, ...]) -> None:
        """Take over a global option, given before or after the verb; the later one counts, or all that may repeat."""
        setattr(self, name, getattr(self, name) + value if isinstance(value, tuple) else value)

    def workspace(self) -> Workspace:
        """The workspace of this call, opened at first use. Raises NotFoundError where there is none."""
        if self._workspace is None:
            from dealwright.workspace import Workspace

            start = Path(self.folder) if self.folder else None
            # A deal that somebody moved while this process was still starting must not be moved once more.
            asked_at = None if self.asked_at is None else datetime.fromtimestamp(self.asked_at, UTC)
            self._workspace = Workspace.find(
                start, actor=self.actor, now=self.now, lang=self.lang, asked_at=asked_at, without=self.no_plugin
            )  # fmt: skip
        return self._workspace

    def show(self, data: dict[str, Any], draw: Draw, *, rows: str | None = None) -> None:
        """Print a result in the form asked for: `draw` makes the table, `rows` names the list that CSV shows."""
        if self.output == "table":
            draw(self.page(), data)
        else:
            from dealwright.cli.render import render

            render(data, self.output, self.out, rows=rows)

    def page(self) -> Page:
        """A page on standard output for people to read."""
        from dealwright.cli.page import Page

        return Page(self.out, self)

    def page_on_stderr(self) -> Page:
        """The same on standard error: for refusals and for talk."""
        from dealwright.cli.page import Page

        return Page(self.err, self)

    def say(self, en: str, zh: str) -> str:
        """The one of the two that this call's language asks for."""
        return zh if self.lang == "zh" else en

    def opened(self) -> Workspace | None:
        """The workspace if this call has opened it."""
        return self._workspace

    def reopen(self) -> None:
        """Let go of the workspace, to open it anew by the options known by now."""
        self.close()
        self._workspace = None

    def close(self) -> None:
        """Let go of the workspace."""
        if self._workspace is not None:
            self._workspace.close()
