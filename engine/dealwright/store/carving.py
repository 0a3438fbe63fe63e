"""Finding rows in the bytes of a store's file, whatever became of the tables, indexes and pages around them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from struct import Struct
from typing import NamedTuple

from dealwright.store.documents import Row, Value, intact
from dealwright.store.journal import Journal, read_journal
from dealwright.store.raw_file import RawFile

_BODY = re.compile(rb'\{"')  # every document begins so
_LONGEST_HEADER = 60
_LONGEST_ROW = 64 * 1024 * 1024
_NEXT = Struct(">I")
_SIZES = (0, 1, 2, 3, 4, 6, 8, 8, 0, 0)
_PAGE_SIZES = frozenset(1 << n for n in range(9, 17))


class Pages:
    """The pages of a store as its journal leaves them. Nobody may be writing."""

    def __init__(self, path: Path, raw: RawFile) -> None:
        self._raw = raw
        try:
            self._journal = read_journal(path)
        except OSError:
            self._journal = Journal(b"", {}, 0, 0, 0)
        told = int.from_bytes(raw.read(16, 2), "big")
        size = self._journal.page_size or (65536 if told == 1 else told)
        self.size = size if size in _PAGE_SIZES else 4096
        self.count = max(-(-path.stat().st_size // self.size), max(self._journal.offsets, default=0))

    def page(self, number: int) -> bytes:
        """One page; empty where there is none."""
        at = self._journal.offsets.get(number)
        if at is not None:
            return self._journal.content[at : at + self.size]
        return self._raw.read((number - 1) * self.size, self.size) if 0 < number <= self.count else b""

    def old_page(self, number: int) -> bytes | None:
        """What the file holds of a page that the journal has anew."""
        return self._raw.read((number - 1) * self.size, self.size) if number in self._journal.offsets else None


class _Shape(NamedTuple):
    """How a record's values follow one another: the header's length, and each value's kind."""

    header: int
    kinds: tuple[int, ...]

    @property
    def length(self) -> int:
        return self.header + sum(map(_size, self.kinds))


def carve(pages: Pages) -> Iterator[Row]:
    """Every row that is whole, its checksum tells, perhaps more than once; which table it is of, its columns tell."""
    for number in range(1, pages.count + 1):
        for content in (pages.page(number), pages.old_page(number)):
            for found in _BODY.finditer(content or b""):
                row = _row_at(pages, content or b"", found.start())
                if row is not None and intact(row):
                    yield row


def _row_at(pages: Pages, page: bytes, at: int) -> Row | None:
    """The row whose body starts at `at`, if there is one: its header, and its id before that, stand right before it."""
    for header in range(4, min(_LONGEST_HEADER, at)):
        if page[at - header] != header:
            continue
        kinds = _kinds(page[at - header + 1 : at])
        doc_id = _id_before(page, at - header)
        if kinds is None or doc_id is None:
            continue
        shape = _Shape(header, kinds)
        content = _content(pages, page, at - header, shape.length)
        if content is not None:
            return _row(shape, content, doc_id)
    return None


def _kinds(header: bytes) -> tuple[int, ...] | None:
    """What the header says of each value; None where it is not one of a row of ours."""
    kinds: list[int] = []
    kind, more = 0, False
    for byte in header:
        kind, more = kind << 7 | byte & 0x7F, byte > 0x7F
        if not more:
            kinds.append(kind)
            kind = 0
    ours = not more and len(kinds) >= 3 and kinds[0] == 0 and kinds[1] >= 12 and kinds[1] % 2 == 0
    return tuple(kinds) if ours and all(kind < 10 or kind >= 12 for kind in kinds) else None


def _id_before(page: bytes, end: int) -> int | None:
    start = end - 1
    if start < 1 or page[start] > 0x7F:
        return None
    while start > 0 and end - start < 8 and page[start - 1] > 0x7F:
        start -= 1
    value = 0
    for byte in page[start:end]:
        value = value << 7 | byte & 0x7F
    return value


def _content(pages: Pages, page: bytes, start: int, length: int) -> bytes | None:
    """`length` bytes of a record from `start` on, through the pages that it overflows into."""
    usable = pages.size
    if length > _LONGEST_ROW:
        return None
    if length <= usable - 35:
        local = length
    else:
        least = (usable - 12) * 32 // 255 - 23
        local = least + (length - least) % (usable - 4)
        local = local if local <= usable - 35 else least
    content = page[start : start + local]
    if len(content) < local:
        return None
    parts, have, link = [content], local, page[start + local : start + local + 4]
    while have < length:
        following = pages.page(_NEXT.unpack(link)[0]) if len(link) == 4 else b""
        if len(following) < 4:
            return None
        part = following[4 : 4 + length - have]
        parts.append(part)
        have += len(part)
        link = following[:4]
    return b"".join(parts)


def _row(shape: _Shape, content: bytes, doc_id: int) -> Row | None:
    values: list[Value] = []
    at = shape.header
    for kind in shape.kinds:
        size = _size(kind)
        values.append(_value(kind, content[at : at + size]))
        at += size
    body, crc = values[1], values[2]
    if not isinstance(body, bytes) or not isinstance(crc, int):
        return None
    return Row(doc_id, body, tuple(values[3:]), crc)


def _value(kind: int, content: bytes) -> Value:
    if kind >= 12:
        return content.decode(errors="surrogateescape") if kind % 2 else content
    if kind in (8, 9):
        return kind - 8
    return int.from_bytes(content, "big", signed=True) if 0 < kind < 7 else None


def _size(kind: int) -> int:
    return (kind - 12) // 2 if kind >= 12 else _SIZES[kind] if kind < len(_SIZES) else 0
