"""A whole store as lines of JSON: what it keeps beside the log first, then every event, the head last."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

import msgspec
from msgspec import Struct

from dealwright.errors import UsageError

FORMAT = "dealwright-log"
VERSION = 1

_encode = msgspec.json.encode


class Beginning(NamedTuple):
    """The first line: which store schema the log comes from, and whether personal values are in the file."""

    schema: int
    personal: bool


class Kept(NamedTuple):
    """A document beside the log. `doc_id` is None in the store's own tables, which number theirs anew."""

    table: str
    document: dict[str, Any]
    doc_id: int | None


class Attached(NamedTuple):
    """An attached file: its bytes, and their SHA-256 as the log names it."""

    sha256: str
    content: bytes


class Logged(NamedTuple):
    """An event: the bytes that were hashed, and their hash."""

    body: bytes
    hash: str


class Ended(NamedTuple):
    """The last line: how many events there are, and the head over them."""

    events: int
    head: str


class _Line(Struct, omit_defaults=True, forbid_unknown_fields=True):
    """Any line; which keys it has tells what it is."""

    format: str = ""
    v: int = 0
    schema: int = 0
    personal: bool = True
    table: str = ""
    id: int | None = None
    document: dict[str, Any] | None = None
    event: msgspec.Raw = msgspec.Raw()
    hash: str = ""
    file: str = ""
    content: bytes = b""
    end: int | None = None
    head: str = ""


_READ = msgspec.json.Decoder(_Line).decode


def beginning(schema: int, *, personal: bool) -> bytes:
    """The first line."""
    return _encode({"format": FORMAT, "v": VERSION, "schema": schema, "personal": personal}) + b"\n"


def kept(table: str, document: Mapping[str, Any], doc_id: int | None = None) -> bytes:
    """A line for a document beside the log."""
    where = {"table": table} if doc_id is None else {"table": table, "id": doc_id}
    return _encode({**where, "document": dict(document)}) + b"\n"


def attached(sha256: str, content: bytes) -> bytes:
    """A line for an attached file, its bytes as base64."""
    return _encode({"file": sha256, "content": content}) + b"\n"


def logged(body: bytes, own_hash: str) -> bytes:
    """A line for an event, whose bytes are taken over as they are."""
    return b'{"event":' + body + b',"hash":"' + own_hash.encode() + b'"}\n'


def ended(events: int, head: str) -> bytes:
    """The last line."""
    return _encode({"end": events, "head": head}) + b"\n"


def read_lines(lines: Iterable[bytes]) -> Iterator[Beginning | Kept | Attached | Logged | Ended]:
    """What the lines say, in order. Raises UsageError, with the line, for what is no such file or is cut short."""
    complete = False
    number = 0
    for number, line in enumerate(lines, 1):
        if complete:
            raise _wrong(number, "there is more after the end", "文件结束标记之后还有内容")
        try:
            read = _READ(line)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise _wrong(number, f"it cannot be read ({error})", f"无法读取（{error}）") from error
        if number == 1:
            yield _begun(read)
            continue
        entry = _entry(read, number)
        complete = isinstance(entry, Ended)
        yield entry
    if not complete:
        raise _wrong(number + 1, "the end is missing: the file was cut short", "缺少结束标记：文件不完整")


def _begun(line: _Line) -> Beginning:
    if line.format != FORMAT:
        raise _wrong(1, "this is no log that dealwright exported", "这不是 dealwright 导出的日志")
    if line.v > VERSION:
        raise _wrong(
            1, f"it has version {line.v}; this dealwright reads up to {VERSION}",
            f"其版本为 {line.v}，当前 dealwright 最高支持 {VERSION}",
        )  # fmt: skip
    return Beginning(line.schema, line.personal)


def _entry(line: _Line, number: int) -> Kept | Attached | Logged | Ended:
    if line.hash:
        return Logged(bytes(line.event), line.hash)
    if line.table and line.document is not None:
        return Kept(line.table, line.document, line.id)
    if line.file:
        return Attached(line.file, line.content)
    if line.end is not None:
        return Ended(line.end, line.head)
    raise _wrong(number, "it is no event, document or end", "既不是事件、文档，也不是结束标记")


def _wrong(number: int, en: str, zh: str) -> UsageError:
    return UsageError(f"Line {number}: {en}.", f"第 {number} 行：{zh}。", line=number)
