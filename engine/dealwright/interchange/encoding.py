"""Text out of the bytes of somebody else's file: encodings named, or recognised, or refused."""

from __future__ import annotations

import codecs

from dealwright.errors import UsageError

AUTO = "auto"
ENCODINGS = ("utf-8", "utf-16", "utf-16-le", "utf-16-be", "gb18030", "big5", "windows-1252", "latin-1")
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


def decode(data: bytes, encoding: str | None) -> tuple[str, str]:
    """The text of `data` without its byte order mark, and the name of the encoding it was read in.

    `encoding` is one of `ENCODINGS`; None and `auto` try byte order marks, UTF-8, then
    GB18030. Raises UsageError where the bytes do not fit, and where GB18030 would fit but
    gives no likely Chinese (a Western file that nobody named).
    """
    if encoding in (None, AUTO):
        return _recognised(data)
    name = str(encoding).lower()
    if name not in ENCODINGS:
        raise UsageError(
            f"encoding {encoding!r} is not one of: auto, {', '.join(ENCODINGS)}",
            f"编码 {encoding!r} 不在可选范围内：auto、{'、'.join(ENCODINGS)}",
        )
    if name == "utf-16":
        name = "utf-16-be" if data.startswith(codecs.BOM_UTF16_BE) else "utf-16-le"
    return _strict(data, name), name


def _recognised(data: bytes) -> tuple[str, str]:
    for mark, name in _BOMS:
        if data.startswith(mark):
            return _strict(data, name), name
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
    try:
        text = data.decode("gb18030")
    except UnicodeDecodeError:
        text = ""
    if _reads_as_chinese(text):
        return text, "gb18030"
    raise UsageError(
        f"line {line}: the text is neither UTF-8 nor likely GB18030; "
        f"name its encoding in the map, for example `encoding: windows-1252`",
        f"第 {line} 行：文本既不是 UTF-8，也不像 GB18030；请在映射文件中写明编码，例如 `encoding: windows-1252`",
        line=line,
    )


def _reads_as_chinese(text: str) -> bool:
    # Western bytes that happen to decode as GB18030 give characters that hardly anybody
    # writes; those of real Chinese are nearly all in the old, small set GB 2312.
    foreign = {character for character in text if character > "\x7f"}
    usual = sum(1 for character in foreign if _in_gb2312(character))
    return usual * 4 >= len(foreign) * 3 > 0


def _in_gb2312(character: str) -> bool:
    try:
        character.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


def _strict(data: bytes, name: str) -> str:
    try:
        return data.decode(name).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise UsageError(
            f"line {line}: byte {error.start} is no {name} text; is the encoding right?",
            f"第 {line} 行：第 {error.start} 个字节不是 {name} 文本；编码是否写对？",
            line=line,
        ) from error
