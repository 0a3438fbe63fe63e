"""Results as JSON, YAML or CSV, all made from the one object that the workspace returned."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

from dealwright.cli.display import visible
from dealwright.cli.screen import Screen
from dealwright.model.inert import csv_line

# What JSON may carry raw but a terminal or a lone reader should not meet: DEL, C1, bidi, line separators, surrogates.
_ESCAPED = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")


def render(data: dict[str, Any], form: str, screen: Screen, *, rows: str | None = None) -> None:
    """Print `data` as `json`, `yaml` or `csv`; `rows` names the list in it that CSV shows."""
    text = {"json": to_json, "yaml": to_yaml}.get(form, lambda found: to_csv(found, rows))(data)
    if form == "csv" and screen.terminal:
        text = "\n".join(visible(line) for line in text.split("\n"))
    if not screen.can_show(text) and form == "json":
        text = json.dumps(data, ensure_ascii=True, indent=2)
    screen.stream.write(text if text.endswith("\n") else text + "\n")


def failure(kind: str, message: str, details: dict[str, Any]) -> dict[str, Any]:
    """The contract's failure object."""
    return {"v": 1, "error": {"kind": kind, "message": message, "details": details}}


def to_json(data: Any) -> str:
    """Indented JSON in which no character can steer a terminal."""
    import msgspec

    try:
        text = msgspec.json.format(msgspec.json.encode(data), indent=2).decode()  # six times faster on long lists
    except UnicodeEncodeError:  # a lone surrogate, which UTF-8 does not hold
        text = json.dumps(data, ensure_ascii=False, indent=2, allow_nan=False)
    return _ESCAPED.sub(_escape, text)


def to_yaml(data: Any) -> str:
    """YAML with keys in the order of the JSON; unprintable characters come out escaped."""
    import yaml

    class Dumper(yaml.SafeDumper):
        """Quotes a text with a character to escape, because only within quotes YAML knows escapes."""

    def text_node(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
        style = '"' if _ESCAPED.search(text) else None
        return dumper.represent_scalar("tag:yaml.org,2002:str", text, style)

    Dumper.add_representer(str, text_node)
    text = str(yaml.dump(data, Dumper=Dumper, allow_unicode=True, sort_keys=False, width=10_000))
    return _ESCAPED.sub(_escape, text)


def _escape(found: re.Match[str]) -> str:
    """Understood inside the quotes of JSON and of YAML alike."""
    return f"\\u{ord(found.group()):04x}"


def to_csv(data: dict[str, Any], rows: str | None) -> str:
    """The list `rows` of `data`, one line each; without it, the object's own values in one line."""
    entries = data[rows] if rows else [data]
    flat = [dict(_flatten(entry)) for entry in entries]
    every = dict.fromkeys(key for entry in flat for key in entry)
    # Where one row has an object and another has none, the object's own columns stand for both.
    header = [key for key in every if not any(other.startswith(f"{key}.") for other in every)]
    lines: list[list[Any]] = [header, *([entry.get(key) for key in header] for entry in flat)] if header else []
    return "".join(csv_line(line) for line in lines)


def _flatten(value: Any, prefix: str = "") -> Iterable[tuple[str, Any]]:
    """Nested objects as dotted keys; lists stay whole."""
    if not isinstance(value, dict):
        yield prefix or "value", value
        return
    for key, inner in value.items():
        name = f"{prefix}.{key}" if prefix else str(key)
        if isinstance(inner, dict) and inner:
            yield from _flatten(inner, name)
        else:
            yield name, inner
