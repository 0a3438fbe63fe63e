"""Two versions of a process side by side."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from typing import Any, NamedTuple

from dealwright.definition.comparing.change import Change, ChangeKind, plain, said
from dealwright.definition.comparing.judging import Verdict
from dealwright.definition.comparing.kinds import PROCESS, Attribute, Kind, Part, by_id
from dealwright.model.process import Process
from dealwright.model.text import Text

_NOWHERE = Text("", "")


class _Place(NamedTuple):
    """Where in the process we are: by keys and ids, and in words."""

    path: str
    words: Text

    def at(self, key: str) -> str:
        return f"{self.path}.{key}" if self.path else key

    def within(self, key: str, name: str, kind: Kind) -> _Place:
        path = self.at(f"{key}.{name}" if name else key)
        en, zh = (f"{kind.en} `{name}`", f"{kind.zh} `{name}`") if name else (kind.en, kind.zh)
        if not self.words.en:
            return _Place(path, Text(en, zh))
        of = " 的" if self.words.zh.endswith("`") else "的"
        return _Place(path, Text(f"{self.words.en}, {en}", f"{self.words.zh}{of}{zh}"))


def compare_processes(old: Process, new: Process) -> list[Change]:
    """Every difference between two processes as authored, in the order of a process file.

    Both have their parents merged and their methodologies named, not laid over: what a
    methodology asks is a matter of its own version.
    """
    return list(_part(old, new, PROCESS, _Place("", _NOWHERE)))


def _part(old: Any, new: Any, kind: Kind, place: _Place) -> Iterator[Change]:
    """The differences of two parts of one kind, or of two texts."""
    if not kind.attributes:
        if old != new:
            yield _changed(place, Attribute("", "", "内容"), old, new, (False, None))
        return
    for attribute in kind.attributes:
        before, after = getattr(old, attribute.name), getattr(new, attribute.name)
        if before == after or _follows(attribute, old, new):
            continue
        yield _changed(place, attribute, before, after, attribute.judge(before, after))
    for part in kind.parts:
        before, after = (by_id(getattr(side, part.name), part.kind) for side in (old, new))
        yield from _parts(part, before, after, place)


def _follows(attribute: Attribute, old: Any, new: Any) -> bool:
    """A stall limit that nobody wrote is made of the time limit, and changes with it."""
    return attribute.name == "stall" and old.sla != new.sla and old.stall is not None and new.stall is not None


def _parts(part: Part, old: Mapping[str, Any], new: Mapping[str, Any], place: _Place) -> Iterator[Change]:
    renamed = _renamed(old, new)
    for name, after in renamed.items():
        yield _of(place, part, "renamed", name, (not _declared(new[after], name), None), name, after)
    for name, gone in old.items():
        if name not in new and name not in renamed:
            yield _of(place, part, "removed", name, part.kind.removed, gone, None)
    for name, entry in new.items():
        before = next((was for was, now in renamed.items() if now == name), name)
        if before in old:
            yield from _part(old[before], entry, part.kind, place.within(part.key, name, part.kind))
        else:
            yield _of(place, part, "added", name, _on_adding(entry, part.kind), None, entry)
    if part.ordered:
        yield from _moved(part, [renamed.get(name, name) for name in old], list(new), place)


def _on_adding(entry: Any, kind: Kind) -> Verdict:
    """A field that must be filled asks for more, and what was recorded before lacks it."""
    if getattr(entry, "required", False) is True:
        return True, True
    return kind.added


def _renamed(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, str]:
    """Old id -> new id: as the new part says, else where one that is gone and one that is new bear the same title."""
    gone = {name: part for name, part in old.items() if name not in new}
    found: dict[str, str] = {}
    for name, part in new.items():
        if name in old:
            continue
        was = getattr(part, "renamed_from", "")
        if was in gone:
            found[was] = name
            continue
        title = getattr(part, "title", None)
        same = [other for other, before in gone.items() if getattr(before, "title", None) == title]
        if title is not None and len(same) == 1 and same[0] not in found:
            found[same[0]] = name
    return found


def _declared(part: Any, was: str) -> bool:
    return bool(getattr(part, "renamed_from", "") == was)


def _moved(part: Part, old: Sequence[str], new: Sequence[str], place: _Place) -> Iterator[Change]:
    """Parts whose place among those that both have is another one."""
    before = [name for name in old if name in new]
    after = [name for name in new if name in old]
    kept: set[str] = set()
    for block in SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks():
        kept.update(before[block.a : block.a + block.size])
    for name in after:
        if name not in kept:
            yield _of(place, part, "moved", name, (False, None), _before(before, name), _before(after, name))


def _before(names: Sequence[str], name: str) -> str:
    """Which one comes before it; empty for the first."""
    at = names.index(name)
    return names[at - 1] if at else ""


_SAID: dict[ChangeKind, tuple[str, str]] = {
    "added": ("{what} is new", "新增{what}"),
    "removed": ("{what} is gone", "删除{what}"),
    "renamed": ("{what} is now called `{new}`", "{what}更名为 `{new}`"),
    "moved": ("{what} now comes {place}", "{what}移到{place}"),
}


def _of(
    place: _Place, part: Part, kind: ChangeKind, name: str, verdict: Verdict, old: Any, new: Any
) -> Change:  # fmt: skip
    here = place.within(part.key, name, part.kind)
    en, zh = _SAID[kind]
    title = getattr(old if kind == "removed" else new, "title", None)
    called = Text(f" ({title.en})", f"（{title.zh}）") if isinstance(title, Text) else _NOWHERE
    neighbour = Text(f"after `{new}`", f" `{new}` 之后") if new else Text("first", "最前")
    text = Text(
        en.format(what=here.words.en + called.en, new=new if kind == "renamed" else "", place=neighbour.en),
        zh.format(what=here.words.zh + called.zh, new=new if kind == "renamed" else "", place=neighbour.zh),
    )
    return Change(here.path, kind, *verdict, plain(old), plain(new), _sentence(text))


def _changed(place: _Place, attribute: Attribute, old: Any, new: Any, verdict: Verdict) -> Change:
    path = place.at(attribute.key) if attribute.key else place.path
    key = f" {attribute.key}" if attribute.key else ""
    where = Text(f"{place.words.en}:{key} ", f"{place.words.zh}：{attribute.zh} ") if place.words.en else Text(
        f"{attribute.key} ", f"{attribute.zh} "
    )  # fmt: skip
    text = Text(f"{where.en}{said(old, 'en')} → {said(new, 'en')}", f"{where.zh}{said(old, 'zh')} → {said(new, 'zh')}")
    return Change(path, "changed", *verdict, plain(old), plain(new), _sentence(text))


def _sentence(text: Text) -> Text:
    return Text(text.en[:1].upper() + text.en[1:], text.zh)
