"""YAML with positions, as far as a small file of settings needs it; every finding has its line and column."""

from __future__ import annotations

import difflib
from collections.abc import Sequence

import yaml

from dealwright import EVENT_TYPES, InvalidDefinitionError

Node = yaml.Node


class Map(dict[str, Node]):
    """A map's values by key, and where the map begins."""

    def __init__(self, node: Node) -> None:
        super().__init__()
        self.node = node


class Found:
    """The findings of one file, in both languages."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._rows: list[tuple[int, int, str, str, str, str | None]] = []

    def add(self, line: int, column: int, code: str, en: str, zh: str, hint: str | None = None) -> None:
        """Take one; lines and columns start at 1."""
        self._rows.append((line, column, code, en, zh, hint))

    def refuse(self, lang: str) -> None:
        """Raises InvalidDefinitionError where there is any: the first in the message, all in the details."""
        if not self._rows:
            return
        rows = sorted(self._rows, key=lambda row: row[:2])
        line, column, code, en, zh, _ = rows[0]
        more = len(rows) - 1
        raise InvalidDefinitionError(
            f"{self._file}:{line}:{column}: {code} {en}" + (f" (and {more} more)" if more else ""),
            f"{self._file}:{line}:{column}: {code} {zh}" + (f"（另有 {more} 处）" if more else ""),
            findings=[
                {
                    "file": self._file, "line": line, "column": column, "code": code, "severity": "error",
                    "message": zh if lang == "zh" else en, "hint": hint,
                }
                for line, column, code, en, zh, hint in rows
            ],
        )  # fmt: skip


class Reading:
    """Takes values out of nodes; what does not fit becomes a finding, and the value None or empty."""

    def __init__(self, found: Found) -> None:
        self._found = found

    def root(self, data: bytes, keys: Sequence[str]) -> Map | None:
        """The map that is the whole file."""
        try:
            node = yaml.compose(data.decode("utf-8-sig"), Loader=yaml.SafeLoader)
        except UnicodeDecodeError as error:
            self._found.add(
                1, 1, "not-utf8", f"Byte {error.start + 1} is not UTF-8", f"第 {error.start + 1} 字节不是 UTF-8"
            )
            return None
        except RecursionError:
            self._found.add(1, 1, "too-deep", "Nested too deeply", "嵌套过深")
            return None
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            said = str(getattr(error, "problem", None) or "it cannot be read")
            line, column = (mark.line + 1, mark.column + 1) if mark is not None else (1, 1)
            self._found.add(line, column, "yaml-syntax", f"Not YAML: {said}", f"不是 YAML：{said}")
            return None
        if node is None:
            self._found.add(1, 1, "empty-file", "The file is empty", "文件为空")
            return None
        return self.map(node, keys)

    def map(self, node: Node, keys: Sequence[str] | None = None) -> Map | None:
        """A map with text keys, each once, and only those of `keys` where they are given."""
        if not isinstance(node, yaml.MappingNode):
            self._other(node, "a map of keys", "键值映射")
            return None
        found = Map(node)
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                self._other(key, "a plain key", "普通键")
            elif key.value in found:
                self._at(key, "duplicate-key", f"`{key.value}` is here a second time", f"“{key.value}”重复出现")
            elif keys is not None and key.value not in keys:
                self._unknown(key, keys)
            else:
                found[key.value] = value
        return found

    def text(self, node: Node) -> str | None:
        """A text of at least one character."""
        if isinstance(node, yaml.ScalarNode) and node.value.strip():
            return str(node.value)
        self._other(node, "a text", "文本")
        return None

    def texts(self, node: Node) -> list[tuple[Node, str]]:
        """A text, or a list of them, which is not empty; each with where it is."""
        if not isinstance(node, yaml.SequenceNode):
            one = self.text(node)
            return [] if one is None else [(node, one)]
        if not node.value:
            self._other(node, "at least one entry", "至少一项")
        given = [(inner, self.text(inner)) for inner in node.value]
        return [(inner, text) for inner, text in given if text is not None]

    def flag(self, node: Node) -> bool | None:
        """True or false, and no other word for them."""
        if isinstance(node, yaml.ScalarNode) and not node.style and node.value in ("true", "false"):
            return bool(node.value == "true")
        self._other(node, "true or false", "true 或 false")
        return None

    def event(self, node: Node, name: str) -> None:
        """Check that there is such a type of event."""
        if name not in EVENT_TYPES:
            near = _near(name, EVENT_TYPES)
            self._at(node, "undeclared-event", f"There is no event type `{name[:60]}`{near[0]}",
                     f"没有事件类型“{name[:60]}”{near[1]}")  # fmt: skip

    def wrong(self, node: Node, en: str, zh: str) -> None:
        """A value that will not do."""
        self._at(node, "bad-value", en, zh)

    def missing(self, where: Map, key: str) -> None:
        """A key that has to be there."""
        self._at(where.node, "missing-key", f"The key `{key}` is missing here", f"此处缺少键 {key}")

    def _unknown(self, key: yaml.ScalarNode, keys: Sequence[str]) -> None:
        near = _near(key.value, keys)
        self._at(key, "unknown-key", f"The key `{key.value[:60]}` is not known here{near[0]}",
                 f"此处没有键“{key.value[:60]}”{near[1]}")  # fmt: skip

    def _other(self, node: Node, en: str, zh: str) -> None:
        self._at(node, "wrong-type", f"Expected {en}", f"应为{zh}")

    def _at(self, node: Node, code: str, en: str, zh: str) -> None:
        self._found.add(node.start_mark.line + 1, node.start_mark.column + 1, code, en, zh)


def _near(word: str, known: Sequence[str]) -> tuple[str, str]:
    close = difflib.get_close_matches(word, known, 1)
    return (f" (did you mean `{close[0]}`?)", f"（是否指 {close[0]}？）") if close else ("", "")
