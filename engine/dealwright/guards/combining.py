"""Commands that serve several parts of a condition at once become one."""

from __future__ import annotations

from collections.abc import Iterable

from dealwright.guards.evaluate import View
from dealwright.guards.steps import add_stakeholder
from dealwright.model.verdict import Remedy

# How many words, besides the verb, say what a command is about; other commands only combine with their equals.
_ABOUT = {
    "artifact add": 1, "activity log": 1, "deal item add": 1, "deal item set": 2, "stakeholder add": 0,
    "stakeholder set": 1, "record set": 1,
}  # fmt: skip


def combined(ways: Iterable[list[Remedy]]) -> list[Remedy]:
    """The commands of all parts in order. A command of one part also serves another part where both can agree on it."""
    whole: list[Remedy] = []
    for way in ways:
        free = list(range(len(whole)))
        for remedy in way:
            at = next((i for i in free if _agree(whole[i], remedy)), None)
            if at is None:
                whole.append(remedy)
            else:
                free.remove(at)  # two new entries for one part stay two
                whole[at] = _joined(whole[at], remedy)
    return sorted(whole, key=lambda remedy: remedy.verb != "stakeholder add")  # others may have to name them


def tidied(way: Iterable[Remedy], view: View) -> list[Remedy]:
    """The commands of one part, without those that repeat what is done once and for all."""
    many = {kind.id for kind in view.deal.layout.artifacts if kind.many}
    somebody = add_stakeholder()
    kept: list[Remedy] = []
    for remedy in way:
        once = (
            remedy.verb == "activity log"
            or (remedy.verb == "artifact add" and remedy.args[0] not in many)
            or (remedy == somebody and any(other.verb != "stakeholder add" for other in kept))
        )
        if not (once and remedy in kept):
            kept.append(remedy)
    return kept


def _agree(one: Remedy, other: Remedy) -> bool:
    if one.verb != other.verb:
        return False
    words = _ABOUT.get(one.verb)
    if words is None:
        return one == other
    if one.args[:words] != other.args[:words]:
        return False
    mine, yours = _settings(one, words), _settings(other, words)
    return all(mine[key] == yours[key] or _blank(mine[key]) or _blank(yours[key]) for key in mine.keys() & yours.keys())


def _settings(remedy: Remedy, words: int) -> dict[tuple[str, str], str]:
    """The arguments by flag and field."""
    pairs = zip(remedy.args[words::2], remedy.args[words + 1 :: 2], strict=True)
    return {(flag, value.partition("=")[0] if flag == "--set" else ""): value for flag, value in pairs}


def _blank(value: str) -> bool:
    return value.endswith(">")


def _joined(one: Remedy, other: Remedy) -> Remedy:
    """Both in one: a literal wins over a placeholder, and files come last."""
    words = _ABOUT.get(one.verb)
    if words is None:
        return one
    settings = _settings(one, words)
    for key, value in _settings(other, words).items():
        if key not in settings or _blank(settings[key]):
            settings[key] = value
    order = sorted(settings.items(), key=lambda pair: pair[0][0] in ("--file", "--proof"))
    return Remedy(
        one.verb, one.args[:words] + tuple(part for (flag, _), value in order for part in (flag, value)), one.roles
    )
