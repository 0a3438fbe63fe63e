"""A table of text: a CSV file as spreadsheets and CRMs write it, read strictly and within limits."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator

from msgspec import Struct

from dealwright.errors import UsageError
from dealwright.interchange.encoding import decode

MAX_BYTES = 32 * 1024 * 1024
MAX_LINE = 1024 * 1024
MAX_COLUMNS = 1_000
MAX_ROWS = 200_000
MAX_LINES = 1_000_000  # a row may hold several, and blank ones cost time too
DELIMITERS = (",", ";", "\t")
# Not splitlines(), which also breaks at characters that belong to a cell (U+2028, NEL).
_LINE = re.compile(r"[^\r\n]*(?:\r\n?|\n)|[^\r\n]+")


class Row(Struct, frozen=True):
    """The cells of one row, and the line of the file on which it begins."""

    line: int
    cells: tuple[str, ...]


class Table(Struct, frozen=True):
    """A header and its rows, as they stand in the file; rows without any text are left out.

    A row may have more or fewer cells than the header: the reader of the rows reports it.
    """

    encoding: str
    delimiter: str
    header: tuple[str, ...]
    rows: tuple[Row, ...]

    def column(self, name: str) -> int | None:
        """The position of the column `name`, or None."""
        return self.header.index(name) if name in self.header else None


def read_table(data: bytes, encoding: str | None = None, delimiter: str | None = None) -> Table:
    """Read a CSV file: its encoding and delimiter (comma, semicolon, tab) named, or recognised.

    A leading `sep=;` line, as spreadsheets write it, names the delimiter. Raises UsageError,
    with the line where there is one, for an empty or oversized file, bytes that do not fit the
    encoding, NUL characters, broken quoting, and a header with a name twice.
    """
    if len(data) > MAX_BYTES:
        raise UsageError(
            f"the file has {len(data):,} bytes; at most {MAX_BYTES:,} are read",
            f"文件有 {len(data):,} 字节，最多读取 {MAX_BYTES:,} 字节",
        )
    text, name = decode(data, encoding)
    _refuse_nul(text)
    first = text[: MAX_LINE + 1].partition("\n")[0].strip()
    skipped = 0
    if first[:4].lower() == "sep=" and first[4:] in DELIMITERS:
        delimiter, skipped = delimiter or first[4:], 1
        first = text.split("\n", 2)[1] if text.count("\n") else ""
    delimiter = delimiter or _delimiter(first)
    rows = _rows(text, delimiter, skipped)
    header = _header(next(rows, None))
    return Table(name, delimiter, header, tuple(rows))


def _refuse_nul(text: str) -> None:
    at = text.find("\0")
    if at >= 0:
        line = text.count("\n", 0, at) + 1
        raise UsageError(
            f"line {line}: a NUL character; if the file is UTF-16, name it in the map: `encoding: utf-16-le`",
            f"第 {line} 行：含有 NUL 字符；如果文件是 UTF-16，请在映射文件中写明：`encoding: utf-16-le`",
            line=line,
        )


def _delimiter(first_line: str) -> str:
    """The most frequent delimiter of the header outside of quotes; a comma where there is none."""
    outside = "".join(first_line.split('"')[::2])
    found = Counter(character for character in outside if character in DELIMITERS)
    return found.most_common(1)[0][0] if found else ","


def _rows(text: str, delimiter: str, skipped: int) -> Iterator[Row]:
    lines = _lines(text)
    for _ in range(skipped):
        next(lines)
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    begins, count = skipped + 1, 0
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                count += 1
                yield Row(begins, tuple(cells))
            begins = reader.line_num + skipped + 1
            if count > MAX_ROWS + 1:
                raise UsageError(
                    f"more than {MAX_ROWS:,} rows; split the file", f"超过 {MAX_ROWS:,} 行；请拆分文件", line=begins
                )
    except csv.Error as error:
        raise UsageError(
            f"line {begins}: this row is no valid CSV ({error}); is a quote left open?",
            f"第 {begins} 行：不是有效的 CSV（{error}）；是否有引号没有闭合？",
            line=begins,
        ) from error


def _lines(text: str) -> Iterator[str]:
    for number, match in enumerate(_LINE.finditer(text), 1):
        if number > MAX_LINES:
            raise UsageError(f"more than {MAX_LINES:,} lines; split the file", f"超过 {MAX_LINES:,} 行文本；请拆分文件")
        if match.end() - match.start() > MAX_LINE:
            raise UsageError(
                f"line {number} has more than {MAX_LINE:,} characters",
                f"第 {number} 行超过 {MAX_LINE:,} 个字符",
                line=number,
            )
        yield match.group()


def _header(row: Row | None) -> tuple[str, ...]:
    if row is None:
        raise UsageError("the file is empty: it has no header", "文件为空：没有表头")
    names = tuple(cell.strip() for cell in row.cells)
    if len(names) > MAX_COLUMNS:
        raise UsageError(f"more than {MAX_COLUMNS:,} columns", f"超过 {MAX_COLUMNS:,} 列", line=row.line)
    twice = sorted(name for name, times in Counter(names).items() if name and times > 1)
    if twice:
        shown = ", ".join(twice[:20])[:200]
        raise UsageError(
            f"the header names a column twice: {shown}", f"表头中有重复的列名：{shown}", line=row.line, columns=twice
        )
    return names
