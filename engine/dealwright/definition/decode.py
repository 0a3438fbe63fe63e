"""Bytes to text: strict UTF-8, no larger than a process file can honestly be, nothing invisible in it."""

from __future__ import annotations

import re

from dealwright.definition.unreadable import UnreadableError

MAX_BYTES = 1 << 20
_BOM = b"\xef\xbb\xbf"
# Controls (tab and line ends aside), line separators that editors do not show as such, direction
# overrides, zero-width characters, and what Unicode reserves: each can hide what a file says.
_ODD = (
    "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\ufeff\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e007f"
)
ODD_IN_FILE = re.compile(f"[{_ODD}]|\r(?!\n)")
ODD_IN_TEXT = re.compile(f"[{_ODD}\r]")
_UTF16_OR_32 = (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")


def decode(data: bytes) -> str:
    """The text of a file, without a byte order mark. Raises UnreadableError at the first thing wrong."""
    if len(data) > MAX_BYTES:
        raise UnreadableError(
            "file-too-large", 1, 1, "The file is larger than 1 MiB", "文件超过 1 MiB"
        )  # fmt: skip
    plain = data.removeprefix(_BOM)
    if plain.startswith(_UTF16_OR_32):
        raise UnreadableError(
            "not-utf8", 1, 1, "The file is UTF-16 or UTF-32; save it as UTF-8",
            "文件是 UTF-16 或 UTF-32 编码，请另存为 UTF-8",
        )  # fmt: skip
    try:
        text = plain.decode("utf-8")
    except UnicodeDecodeError as error:
        before = plain[: error.start].decode("utf-8")
        line, column = place(before, len(before))
        raise UnreadableError(
            "not-utf8", line, column,
            f"Byte 0x{plain[error.start]:02x} here is not UTF-8; save the file as UTF-8",
            f"此处字节 0x{plain[error.start]:02x} 不是 UTF-8，请将文件另存为 UTF-8",
        ) from None  # fmt: skip
    # Nothing odd is printable, and asking that is ten times as fast as the search.
    odd = None if text.replace("\n", "").isprintable() else ODD_IN_FILE.search(text)
    if odd:
        raise odd_character(odd.group(), *place(text, odd.start()))
    return text


def place(text: str, offset: int) -> tuple[int, int]:
    """Line and column, both from 1, of the character at `offset`."""
    start = text.rfind("\n", 0, offset) + 1
    return text.count("\n", 0, offset) + 1, offset - start + 1


def odd_character(character: str, line: int, column: int) -> UnreadableError:
    """The error for an invisible or control character."""
    name = f"U+{ord(character):04X}"
    return UnreadableError(
        "odd-character", line, column,
        f"The invisible or control character {name} is not allowed here; delete it",
        f"此处有不可见字符或控制字符 {name}，请删除",
    )  # fmt: skip
