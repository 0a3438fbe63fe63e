"""The one error inside reading: a file that cannot be read on from here."""

from __future__ import annotations

from dealwright.model.text import Text


class UnreadableError(Exception):
    """Reading stops at `line`:`column`; the reader turns this into one finding of `code`."""

    def __init__(self, code: str, line: int, column: int, en: str, zh: str, hint: Text | None = None) -> None:
        super().__init__(en)
        self.code = code
        self.line = line
        self.column = column
        self.en = en
        self.zh = zh
        self.hint = hint
