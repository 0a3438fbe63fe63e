"""What is wrong with an expression: where, why, and what was probably meant."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from dealwright.errors import RefusedError
from dealwright.model.text import Text


class Problem(NamedTuple):
    """One finding. `offset` (from 0) and `length` count code points of the source.

    `hint` says what was probably meant, or is None.
    """

    code: str
    offset: int
    length: int
    en: str
    zh: str
    hint: Text | None = None


class InvalidGuardError(RefusedError):
    """An expression that cannot be used; `problems` holds every finding, at least one."""

    def __init__(self, source: str, problems: Sequence[Problem]) -> None:
        first = problems[0]
        shown = source if len(source) <= 80 else source[:79] + "…"
        super().__init__(
            f"{shown!r}: {first.en}",
            f"{shown!r}：{first.zh}",
            problems=[
                {"code": p.code, "offset": p.offset, "length": p.length, "message": {"en": p.en, "zh": p.zh}}
                for p in problems
            ],
        )
        self.problems: tuple[Problem, ...] = tuple(problems)


def did_you_mean(name: str, known: Iterable[str]) -> Text | None:
    """The known name most like `name`, as a question; None where none is like it."""
    import difflib  # only a wrong expression pays for it

    close = difflib.get_close_matches(name[:64], sorted(set(known)), n=1, cutoff=0.6)
    if not close:
        folded = {k.lower(): k for k in known}
        close = [folded[name.lower()]] if name.lower() in folded else []
    return Text(f"did you mean {close[0]}?", f"是否想写 {close[0]}？") if close else None
