"""`--set F=V` and `--data FILE|-`: what people fill in, still untyped; the workspace knows the types."""

from __future__ import annotations

import sys
from codecs import BOM_UTF8
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from dealwright.errors import NotFoundError, UsageError

_MAX_BYTES = 1 << 20


class Form(NamedTuple):
    """`texts` by field from `--set`, to be parsed by declared type; `data` from `--data`, plain JSON values."""

    texts: dict[str, str]
    data: dict[str, Any]


def form(set_: Sequence[str], data: str | None) -> Form:
    """Read both options. Raises UsageError for what is no `F=V`, a field given twice, or an unreadable file."""
    texts: dict[str, str] = {}
    for word in set_:
        field, equals, value = word.partition("=")
        if not equals or not field.strip():
            raise UsageError(f"--set takes FIELD=VALUE, not {word!r}", f"--set 的写法是 字段=值，而不是 {word!r}")
        if field.strip() in texts:
            raise UsageError(f"--set gives {field.strip()} twice", f"--set 重复给出了 {field.strip()}")
        texts[field.strip()] = value
    values = read_form(data) if data else {}
    twice = sorted(texts.keys() & values.keys())
    if twice:
        names = ", ".join(twice)
        raise UsageError(f"both --set and --data give {names}", f"--set 与 --data 都给出了 {names}")
    return Form(texts, values)


def read_form(source: str) -> dict[str, Any]:
    """The map in a YAML or JSON file, `-` for standard input. Raises UsageError, NotFoundError."""
    raw = _raw(source)
    found = _json(raw, source) if raw.removeprefix(BOM_UTF8).lstrip().startswith(b"{") else _yaml(raw, source)
    if not isinstance(found, dict):
        raise UsageError(f"{source} must hold fields and their values", f"{source} 中应为字段及其值")
    return found


def _raw(source: str) -> bytes:
    try:
        raw = sys.stdin.buffer.read(_MAX_BYTES + 1) if source == "-" else _bytes(Path(source))
    except FileNotFoundError as error:
        raise NotFoundError(f"there is no file {source}", f"没有文件 {source}") from error
    except OSError as error:
        raise UsageError(f"cannot read {source}: {error.strerror}", f"无法读取 {source}：{error.strerror}") from error
    if len(raw) > _MAX_BYTES:
        raise UsageError(f"{source} is larger than 1 MiB", f"{source} 超过 1 MiB")
    return raw


def _bytes(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(_MAX_BYTES + 1)


def _json(raw: bytes, source: str) -> Any:
    import json

    try:
        return json.loads(raw.decode("utf-8-sig"), object_pairs_hook=_once, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{source} is not readable JSON: {error}", f"{source} 不是可读的 JSON：{error}") from error


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A map in which no key was given twice: the last one would win silently."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key is given twice")
    return found


def _refuse(constant: str) -> Any:
    raise ValueError(f"{constant} is no number")


def _yaml(raw: bytes, source: str) -> Any:
    from dealwright.definition import read_plain

    reading = read_plain(raw, source)
    errors = [finding for finding in reading.findings if finding.severity == "error"]
    if errors:
        first = errors[0]
        where = f"{source}:{first.line}:{first.column}: {first.code}"
        raise UsageError(f"{where} {first.message.en}", f"{where} {first.message.zh}")
    return reading.data
