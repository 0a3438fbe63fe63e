"""Whether a change breaks something, and whether it makes a gate tighter: one small rule per kind of value."""

from __future__ import annotations

import re
from typing import Any

from dealwright.model.duration import Duration

Verdict = tuple[bool, bool | None]
"""(breaking, tightens)."""

NEITHER: Verdict = (False, None)
_TOKEN = re.compile(r'"[^"]*"|[\w.]+|[<>=!]=|[^\w\s]')
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_GREATER, _LESS = (">", ">="), ("<", "<=")


def wording(_old: Any, _new: Any) -> Verdict:
    """Texts, and whatever decides nothing."""
    return NEITHER


def breaks(_old: Any, _new: Any) -> Verdict:
    """What deals rest on and cannot carry over."""
    return True, None


def shorter_is_tighter(old: Any, new: Any) -> Verdict:
    """A time limit; one that is given where there was none is tighter too."""
    if old is None or new is None:
        return False, new is not None
    return False, _seconds(new) < _seconds(old)


def _seconds(duration: Duration) -> float:
    return ((duration.months * 30.4375 + duration.days) * 24 * 3600) + duration.seconds


def more_is_tighter(old: Any, new: Any) -> Verdict:
    """A number of which more is asked."""
    if old is None or new is None:
        return False, new is not None
    return False, new > old


def less_is_tighter(old: Any, new: Any) -> Verdict:
    """A number of which less is allowed."""
    if old is None or new is None:
        return False, new is not None
    return False, new < old


def set_is_tighter(_old: Any, new: Any) -> Verdict:
    """A switch or a word that asks for more once it is given."""
    return False, bool(new)


def set_is_looser(_old: Any, new: Any) -> Verdict:
    """A switch or a word that asks for less once it is given."""
    return False, not new


def fewer_is_tighter(old: Any, new: Any) -> Verdict:
    """Who may: fewer is tighter; nobody named means everybody who usually may."""
    before, after = set(old or ()), set(new or ())
    if not before or not after:
        return False, bool(after)
    if before < after:
        return False, False
    return False, True if after < before else None


def waivers(old: Any, new: Any) -> Verdict:
    """Who may let a criterion go: the more, the looser; nobody named means nobody."""
    before, after = set(old), set(new)
    if before < after:
        return False, False
    return False, True if after < before else None


def severity(_old: Any, new: Any) -> Verdict:
    """`warn` lets through what `block` keeps."""
    return False, new == "block"


def condition(old: Any, new: Any) -> Verdict:
    """Conditions that must hold, as far as it shows from how they are written."""
    return False, _stricter(old, new)


def applies(old: Any, new: Any) -> Verdict:
    """`if` of a criterion or requirement: asked of fewer deals, it is looser."""
    if not old or not new:
        return False, not new
    stricter = _stricter(old, new)
    return False, None if stricter is None else not stricter


def _stricter(old: str, new: str) -> bool | None:
    """True where `new` plainly asks for more than `old`, False for less, None where it does not show."""
    before, after = _TOKEN.findall(old), _TOKEN.findall(new)
    if _joins(before, after, "and") or _joins(after, before, "or"):
        return True
    if _joins(before, after, "or") or _joins(after, before, "and"):
        return False
    if len(before) != len(after):
        return None
    verdicts = set()
    for at, (was, now) in enumerate(zip(before, after, strict=True)):
        if was != now:
            verdicts.add(_bound(before[at - 1] if at else "", was, now, before))
    return verdicts.pop() if len(verdicts) == 1 else None


def _joins(part: list[str], whole: list[str], word: str) -> bool:
    """True where `whole` is `part` and more, joined by `word`; mixed words would need brackets to be sure."""
    other = "or" if word == "and" else "and"
    if len(whole) <= len(part) + 1 or other in whole or "not" in whole:
        return False
    return whole[: len(part) + 1] == [*part, word] or whole[-len(part) - 1 :] == [word, *part]


def _bound(before: str, was: str, now: str, tokens: list[str]) -> bool | None:
    """A number in a comparison that was raised or lowered, or a comparison that now takes its bound in."""
    if "not" in tokens or "or" in tokens:
        return None
    if _NUMBER.fullmatch(was) and _NUMBER.fullmatch(now):
        if before in _GREATER:
            return float(now) > float(was)
        return float(now) < float(was) if before in _LESS else None
    if (was, now) in ((">=", ">"), ("<=", "<")):
        return True
    return False if (was, now) in ((">", ">="), ("<", "<=")) else None
