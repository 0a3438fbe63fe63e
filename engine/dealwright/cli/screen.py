"""The only way text reaches a terminal: sanitised first, then styled, aligned in columns where asked."""

from __future__ import annotations

import os
from collections.abc import Collection, Sequence
from typing import TextIO

from dealwright.cli.display import pad, visible, width, wrap

_STYLES = {"bold": "1", "dim": "2", "red": "31", "green": "32", "yellow": "33", "cyan": "36"}
_GAP = "  "


class Screen:
    """One text stream. Off a terminal there is no colour and no limit to a line's length."""

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream
        self.terminal = stream.isatty()
        self.columns = _columns() if self.terminal else None
        self._styled = self.terminal and _colour_is_welcome()

    def line(self, text: str = "", style: str = "", *, indent: int = 0) -> None:
        """Print one line of text; on a terminal a long one is wrapped under its indent."""
        text = visible(text)
        lines = wrap(text, max(20, self.columns - indent)) if self.columns else [text]
        for part in lines:
            self._put(" " * indent + self.style(part, style))

    def raw(self, text: str) -> None:
        """Print a line that must stay whole, to be copied: never wrapped."""
        self._put(visible(text))

    def style(self, text: str, style: str) -> str:
        """`text` in a style (`bold`, `dim`, `red` ...) where this stream shows any."""
        return f"\x1b[{_STYLES[style]}m{text}\x1b[0m" if style and self._styled and text else text

    def can_show(self, text: str) -> bool:
        """Whether the stream's encoding knows every character of `text`."""
        try:
            text.encode(getattr(self.stream, "encoding", None) or "utf-8")
        except (UnicodeEncodeError, LookupError):
            return False
        return True

    def table(self, headings: Sequence[str], rows: Sequence[Sequence[str]], *, right: Collection[int] = ()) -> None:
        """Print aligned columns; those in `right` (numbers) are aligned right. Headings may be empty."""
        clean = [[visible(cell) for cell in row] for row in rows]
        titles = [visible(heading) for heading in headings]
        every = [titles, *clean] if titles else clean
        if not every:
            return
        sizes = self._sizes([max(width(row[at]) for row in every) for at in range(len(every[0]))])
        if titles:
            self._row(titles, sizes, right, "bold")
        for row in clean:
            self._row(row, sizes, right, "")

    def _sizes(self, natural: list[int]) -> list[int]:
        """Column widths that fit the terminal: the widest give way first."""
        if self.columns is None:
            return natural
        room = self.columns - len(_GAP) * (len(natural) - 1)
        sizes = list(natural)
        while sum(sizes) > room and max(sizes) > 8:
            sizes[sizes.index(max(sizes))] -= 1
        return sizes

    def _row(self, cells: Sequence[str], sizes: list[int], right: Collection[int], style: str) -> None:
        wrapped = [wrap(cell, size) for cell, size in zip(cells, sizes, strict=True)]
        for at in range(max(map(len, wrapped))):
            parts = [
                pad(lines[at] if at < len(lines) else "", size, right=column in right)
                for column, (lines, size) in enumerate(zip(wrapped, sizes, strict=True))
            ]
            self._put(self.style(_GAP.join(parts).rstrip(), style))

    def _put(self, text: str) -> None:
        self.stream.write(text + "\n")


def _columns() -> int:
    # shutil brings three compression libraries along, which a pipe has no use for.
    from shutil import get_terminal_size

    return get_terminal_size().columns


def _colour_is_welcome() -> bool:
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    # Only the newer Windows terminals understand colour, and they say who they are.
    return os.name != "nt" or bool(os.environ.get("WT_SESSION") or os.environ.get("TERM"))
