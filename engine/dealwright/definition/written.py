"""A YAML file with everything its author wrote: comments, blank lines, quotes, anchors. For files found readable."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from typing import Any, NamedTuple

import yaml

from dealwright.definition.quoting import quoted, written
from dealwright.definition.sheet import Entry, Group, Leaf

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_HEADER = re.compile(r"([|>])([+-]?)(\d?)([+-]?)[ \t]*(#.*)?")


class _Comment(NamedTuple):
    line: int
    column: int
    text: str
    beside: str
    """The space before and the comment, where it stands behind something; else empty."""


class _Started(NamedTuple):
    """An entry where it begins, and the groups it is in, the outermost first."""

    line: int
    column: int
    entry: Entry
    inside: list[tuple[int, Group]]


class Written(NamedTuple):
    """A file as a sheet. `head` are the comments at its top, `comments` all of them, each as often as it is there.

    Where the file `has_aliases`, entries must keep their order: an alias stands behind its anchor.
    """

    root: Group
    head: list[str]
    comments: Counter[str]
    has_aliases: bool


def read_written(text: str) -> Written | None:
    """The file as a sheet, or None where it is no map or list in block style. `text` was composed without error."""
    reader = _Reader(text)
    root = reader.run()
    if root is None:
        return None
    head = root.entries[0].above if root.entries else []
    while head and not head[0]:
        del head[0]
    if root.entries:
        root.entries[0].above = []
    comments = Counter(comment.text for comment in reader.comments)
    return Written(root, _squeezed(head), comments, reader.has_aliases)


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text.replace("\r\n", "\n")
        self.lines = self.text.split("\n")
        self.starts = [0, *(found.end() for found in re.finditer("\n", self.text))]
        self.comments: list[_Comment] = []
        self.comment_lines: list[int] = []
        self.dashes: list[tuple[int, int]] = []
        self.covered: set[int] = set()  # lines of scalars that go over several: blank ones belong to them
        self.started: list[_Started] = []
        self.has_aliases = False
        self.loader: Any = None

    def run(self) -> Group | None:
        self._scan()
        self.loader = _LOADER(self.text)
        try:
            event = self._next()
            while type(event) in (yaml.StreamStartEvent, yaml.DocumentStartEvent):
                event = self._next()
            if type(event) not in (yaml.MappingStartEvent, yaml.SequenceStartEvent) or event.flow_style:
                return None
            root = self._group(event, [], column=0)
        finally:
            self.loader.dispose()
        self._place(root)
        return root

    def _next(self) -> Any:
        return self.loader.get_event()

    def _scan(self) -> None:
        """Comments and dashes: what lies between the tokens, and where the entries of lists begin."""
        end = 0
        for token in yaml.scan(self.text, Loader=_LOADER):
            start = token.start_mark.index
            self._gap(end, start)
            if type(token) is yaml.BlockEntryToken:
                self.dashes.append((token.start_mark.line, token.start_mark.column))
            elif type(token) is yaml.ScalarToken:
                self._cover(token)
            end = max(end, token.end_mark.index)
        self._gap(end, len(self.text))
        self.comments.sort()
        self.comment_lines = [comment.line for comment in self.comments]
        self.dashes.reverse()

    def _gap(self, start: int, end: int) -> None:
        at = self.text.find("#", start, end) if start < end else -1
        while at >= 0:
            stop = self.text.find("\n", at)
            stop = len(self.text) if stop < 0 else stop
            line_start = self.text.rfind("\n", 0, at) + 1
            before = self.text[line_start:at]
            comment = self.text[at:stop].rstrip()
            space = before[len(before.rstrip()) :].replace("\t", " ")
            line = bisect_right(self.starts, at) - 1
            self.comments.append(
                _Comment(line, at - line_start, comment, f"{space}{comment}" if before.strip() else "")
            )
            at = self.text.find("#", stop, end)

    def _cover(self, token: Any) -> None:
        first, last = token.start_mark.line, token.end_mark.line
        if token.style in ("|", ">"):
            header = _HEADER.match(self.text, token.start_mark.index)
            if header and header.group(5):
                comment = header.group(5).rstrip()
                self.comments.append(_Comment(first, header.start(5), comment, f" {comment}"))
            last = self._last_of_block(token)
        self.covered.update(range(first + 1, last + 1))

    def _last_of_block(self, token: Any) -> int:
        """The last line of a block scalar that is not blank, unless its header keeps blank ones."""
        last = int(token.end_mark.line) - (1 if token.end_mark.column == 0 else 0)
        header = _HEADER.match(self.text, token.start_mark.index)
        keeps = header is not None and "+" in (header.group(2) + header.group(4))
        while not keeps and last > token.start_mark.line and not self.lines[last].strip():
            last -= 1
        return last

    def _group(self, event: Any, inside: list[tuple[int, Group]], column: int) -> Group:
        is_map = type(event) is yaml.MappingStartEvent
        group = Group("map" if is_map else "seq", flow=bool(event.flow_style))
        group.anchor = f"&{event.anchor}" if event.anchor else ""
        here, begin, line = inside, len(self.started), event.start_mark.line
        event = self._next()
        if not group.flow:
            at = event.start_mark.column if is_map else (self.dashes[-1][1] if self.dashes else column)
            here = [*inside, (at, group)]
        while type(event) not in (yaml.MappingEndEvent, yaml.SequenceEndEvent):
            group.entries.append(self._entry(event, group, here))
            event = self._next()
        if group.flow:
            self._settle(group, here, begin, line, event.end_mark.line)
        return group

    def _entry(self, event: Any, group: Group, here: list[tuple[int, Group]]) -> Entry:
        entry = Entry("", Leaf(""))
        line, column = event.start_mark.line, event.start_mark.column
        if group.kind == "map":
            entry.name = event.value
            raw = self.text[event.start_mark.index : event.end_mark.index]
            entry.key = written(event.value, event.style or None, flow=True, raw=raw)
            self.started.append(_Started(line, column, entry, here))
            event = self._next()
        else:
            if not group.flow and self.dashes:
                line, column = self.dashes.pop()
            self.started.append(_Started(line, column, entry, here))
        entry.value = self._value(event, here, group.flow, column)
        return entry

    def _value(self, event: Any, here: list[tuple[int, Group]], flow: bool, column: int) -> Leaf | Group:
        if type(event) is yaml.AliasEvent:
            self.has_aliases = True
            return Leaf(f"*{event.anchor}")
        if type(event) is yaml.ScalarEvent:
            leaf = self._leaf(event, flow)
            if event.anchor:
                leaf.lines[0] = f"&{event.anchor} {leaf.lines[0]}".rstrip()
            return leaf
        return self._group(event, here, column)

    def _leaf(self, event: Any, flow: bool) -> Leaf:
        start, end = event.start_mark, event.end_mark
        style = event.style or None
        raw = self.text[start.index : end.index]
        if event.anchor:
            raw = raw.removeprefix(f"&{event.anchor}").lstrip()
        if style in ("|", ">"):
            return self._block(event, raw)
        if "\n" in raw:
            return Leaf(*(line.strip() for line in raw.split("\n")))
        return Leaf(written(event.value, style, flow=flow, raw=raw))

    def _block(self, event: Any, raw: str) -> Leaf:
        header = _HEADER.match(raw)
        last = self._last_of_block(event)
        first = event.start_mark.line + raw.count("\n", 0, raw.find(header.group()) if header else 0)
        body = self.lines[first + 1 : last + 1]
        shown = [line for line in body if line.strip()]
        if header is None or header.group(3) or not shown or any(line[:1] == "\t" for line in shown):
            return Leaf(quoted(event.value))  # its indentation cannot be told from its text
        margin = min(len(line) - len(line.lstrip(" ")) for line in shown)
        if not body[0].strip() or body[0][margin : margin + 1] == " ":
            return Leaf(quoted(event.value))
        sign = header.group(1) + header.group(2) + header.group(4)
        return Leaf(sign, *(line[margin:] if line.strip() else "" for line in body))

    def _settle(self, group: Group, inside: list[tuple[int, Group]], begin: int, first: int, last: int) -> None:
        """What is in brackets goes on one line, unless comments stand between its entries."""
        behind = bisect_left(self.comment_lines, first)
        if not group.entries or behind == len(self.comments) or self.comment_lines[behind] >= last:
            del self.started[begin:]  # no comment belongs to an entry inside of a line
            return
        group.flow = False
        own = [*inside, (self.started[begin].column, group)]
        for at, started in enumerate(self.started[begin:], begin):
            if started.inside is inside:
                self.started[at] = started._replace(inside=own)

    def _place(self, root: Group) -> None:
        """Give every comment and blank line to the entry it belongs to."""
        own = {comment.line: comment for comment in self.comments if not comment.beside}
        for comment in self.comments:
            if comment.beside:
                self._beside(comment)
        previous: _Started | None = None
        used: set[int] = set()
        for started in self.started:
            above: list[int] = []
            line = started.line - 1
            while line >= 0 and line not in used and line not in self.covered:
                if line not in own and self.lines[line].strip():
                    break
                above.append(line)
                line -= 1
            above.reverse()
            used.update(above)
            self._above(above, own, previous, started)
            previous = started
        rest = [line for line in sorted(own) if line not in used]
        if previous is not None and rest:
            blanks = [line for line in range(previous.line + 1, rest[-1]) if not self.lines[line].strip()]
            behind = [line for line in blanks if line > self._end_of(previous) and line not in self.covered]
            self._behind(sorted({*rest, *behind}), own, previous, 0)
        elif rest:
            root.tail += [own[line].text for line in rest]

    def _end_of(self, started: _Started) -> int:
        line = started.line
        while line + 1 in self.covered:
            line += 1
        return line

    def _beside(self, comment: _Comment) -> None:
        """Behind which entry a comment stands: the last that began before it."""
        at = bisect_right(self.started, (comment.line, comment.column), key=lambda started: started[:2])
        if at:
            self.started[at - 1].entry.beside += comment.beside

    def _above(self, above: list[int], own: dict[int, _Comment], previous: _Started | None, started: _Started) -> None:
        """Comments before an entry are its own, but for those further in, which end what came before."""
        split = 0
        if previous is not None and len(previous.inside) > len(started.inside):
            for at, line in enumerate(above):
                if line in own and own[line].column > started.column:
                    split = at + 1
            self._behind(above[:split], own, previous, started.column)
        started.entry.above = _squeezed([own[line].text if line in own else "" for line in above[split:]])

    def _behind(self, lines: list[int], own: dict[int, _Comment], previous: _Started, outside: int) -> None:
        for line in lines:
            column = own[line].column if line in own else None
            groups = [group for at, group in previous.inside if at > outside or outside == 0]
            fitting = [group for at, group in previous.inside if column is None or at <= max(column, outside)]
            group = next((g for g in reversed(fitting) if g in groups), previous.inside[-1][1])
            if column is None and group.tail:
                group.tail.append("")
            elif line in own:
                group.tail.append(own[line].text)
        for _, group in previous.inside:
            group.tail = _squeezed(group.tail)
            while group.tail and not group.tail[-1]:
                group.tail.pop()


def _squeezed(lines: list[str]) -> list[str]:
    """Several blank lines as one."""
    return [line for at, line in enumerate(lines) if line or not at or lines[at - 1]]
