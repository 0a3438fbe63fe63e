"""Text to nodes, from libyaml's events. Bounded in depth and number of nodes; nothing is ever constructed.

`yaml.load` is never called on a user's file: libyaml's own composer recurses on the C stack.
"""

from __future__ import annotations

from typing import Any

import yaml

from dealwright.definition.decode import ODD_IN_TEXT, odd_character
from dealwright.definition.finding import Findings, shown
from dealwright.definition.nodes import Map, Node, Scalar, Seq
from dealwright.definition.stumbles import explain_syntax
from dealwright.definition.unreadable import UnreadableError
from dealwright.model.text import Text

MAX_DEPTH = 64
MAX_NODES = 50_000  # after every alias is counted as often as it is used

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Open:
    """A map or list whose end has not come yet, and the key that waits for its value."""

    __slots__ = ("anchor", "height", "key", "node", "start")

    def __init__(self, node: Seq | Map, anchor: str | None, start: int) -> None:
        self.node = node
        self.anchor = anchor
        self.start = start
        self.height = 1
        self.key: Node | None = None


class _Anchored:
    """What an alias stands for; `size` in nodes, `height` in levels. No node while it is still open."""

    __slots__ = ("height", "node", "size")

    def __init__(self, node: Node | None, size: int, height: int) -> None:
        self.node = node
        self.size = size
        self.height = height


def compose(text: str, findings: Findings) -> Node | None:
    """The root node of the only document in `text`, or None for an empty file.

    Duplicate keys, tags and merge keys become findings and reading goes on; raises
    UnreadableError where it cannot go on: bad syntax, a limit, a second document.
    """
    loader = _LOADER(text)
    try:
        return _Composer(loader, text, findings).run()
    except yaml.MarkedYAMLError as error:
        raise explain_syntax(error, text) from error
    finally:
        loader.dispose()


class _Composer:
    __slots__ = ("anchors", "count", "findings", "has_escapes", "loader", "text")

    def __init__(self, loader: Any, text: str, findings: Findings) -> None:
        self.loader = loader
        self.text = text
        self.findings = findings
        self.anchors: dict[str, _Anchored] = {}
        self.count = 0
        self.has_escapes = '"' in text and "\\" in text

    def run(self) -> Node | None:
        """Read the stream: nothing, or one document."""
        get_event = self.loader.get_event
        get_event()
        event = get_event()
        if type(event) is yaml.StreamEndEvent:
            return None
        root = self._node()
        get_event()
        second = get_event()
        if type(second) is yaml.DocumentStartEvent:
            mark: Any = second.start_mark
            raise UnreadableError(
                "many-documents", mark.line + 1, mark.column + 1,
                "A second document begins here; a file holds one", "此处开始了第二个文档；一个文件只能有一个文档",
            )  # fmt: skip
        return root

    def _node(self) -> Node:
        """Read one node with all that is in it. The loop is the hot path of validation."""
        get_event = self.loader.get_event
        scalar_event, start_map, start_seq, alias = (
            yaml.ScalarEvent, yaml.MappingStartEvent, yaml.SequenceStartEvent, yaml.AliasEvent
        )  # fmt: skip
        stack: list[_Open] = []
        top: _Open | None = None
        has_escapes = self.has_escapes
        node: Node
        while True:
            event = get_event()
            kind = type(event)
            if kind is scalar_event:
                self.count += 1
                style = event.style or None  # libyaml says "" for plain
                node = Scalar(event.value, event.start_mark, event.end_mark, style)
                if event.anchor or event.tag:
                    self._mark_scalar(event, node)
                if has_escapes and style == '"':
                    self._check_escapes(node)
            elif kind is start_map or kind is start_seq:
                top = self._open(event, Map if kind is start_map else Seq, stack)
                continue
            elif kind is alias:
                node = self._alias(event, stack)
            else:  # the end of the innermost map or list
                node = self._close(stack)
                top = stack[-1] if stack else None
            if top is None:
                return node
            if self.count > MAX_NODES:
                self._check_limits(event, len(stack))
            container = top.node
            if type(container) is Seq:
                container.items.append(node)
            elif top.key is None:
                top.key = node
            else:
                key = top.key
                top.key = None
                if type(key) is Scalar and type(container) is Map:
                    name = key.text
                    if name not in container.values and name != "<<":
                        container.values[name] = node
                        container.keys[name] = key
                        continue
                self._odd_pair(container, key, node)  # type: ignore[arg-type]  # a Seq was handled above

    def _open(self, event: Any, opened: type[Map] | type[Seq], stack: list[_Open]) -> _Open:
        self.count += 1
        top = _Open(opened(event.start_mark, bool(event.flow_style)), event.anchor, self.count)
        stack.append(top)
        if event.anchor:
            self.anchors[event.anchor] = _Anchored(None, 0, 0)
        if event.tag:
            self._refuse_tag(event)
        if len(stack) > MAX_DEPTH or self.count > MAX_NODES:
            self._check_limits(event, len(stack))
        return top

    def _close(self, stack: list[_Open]) -> Node:
        done = stack.pop()
        if stack and stack[-1].height <= done.height:
            stack[-1].height = done.height + 1
        if done.anchor:
            self.anchors[done.anchor] = _Anchored(done.node, self.count - done.start + 1, done.height)
        return done.node

    def _odd_pair(self, container: Map, key: Node, value: Node) -> None:
        if type(key) is not Scalar:
            self.findings.add(
                "complex-key", key.line, key.column, "A key must be plain text", "键必须是普通文本",
                Text("`?` and `{…}` or `[…]` before a colon make such keys; quote the text if that was not meant",
                     "冒号前的 `?`、`{…}`、`[…]` 会造成这种键；若非本意，请给文本加引号"),
            )  # fmt: skip
        elif key.text == "<<" and key.style is None:
            self.findings.add(
                "merge-key", key.line, key.column,
                "Merging with `<<` is not allowed; write the keys out", "不允许用 `<<` 合并，请把键写全",
            )  # fmt: skip
        elif key.text in container.values:
            first = container.keys[key.text]
            name = shown(key.text)
            self.findings.add(
                "duplicate-key", key.line, key.column,
                f"`{name}` is here a second time, on line {key.line}; the first is on line {first.line}",
                f"`{name}` 重复出现：第 {key.line} 行与第 {first.line} 行",
            )  # fmt: skip
        else:
            container.values[key.text] = value
            container.keys[key.text] = key

    def _alias(self, event: Any, stack: list[_Open]) -> Node:
        target = self.anchors.get(event.anchor)
        line, column = event.start_mark.line + 1, event.start_mark.column + 1
        name = shown(event.anchor)
        if target is None:
            raise UnreadableError(
                "bad-alias", line, column, f"`*{name}` stands for nothing: no `&{name}` before it",
                f"`*{name}` 没有对应的 `&{name}`",
            )  # fmt: skip
        if target.node is None:
            raise UnreadableError(
                "bad-alias", line, column, f"`*{name}` would contain itself", f"`*{name}` 包含了它自己"
            )
        self.count += target.size
        if stack:
            self._check_limits(event, len(stack) + target.height)
            stack[-1].height = max(stack[-1].height, target.height + 1)
        return target.node

    def _mark_scalar(self, event: Any, node: Scalar) -> None:
        if event.anchor:
            self.anchors[event.anchor] = _Anchored(node, 1, 0)
        if event.tag:
            self._refuse_tag(event)

    def _refuse_tag(self, event: Any) -> None:
        mark = event.start_mark
        self.findings.add(
            "tag", mark.line + 1, mark.column + 1,
            "Tags such as `!!int` are not allowed; types come from the schema",
            "不允许使用 `!!int` 之类的标签；类型由模式决定",
        )  # fmt: skip

    def _check_escapes(self, node: Scalar) -> None:
        odd = ODD_IN_TEXT.search(node.text)
        if odd:
            raise odd_character(odd.group(), node.line, node.column)

    def _check_limits(self, event: Any, depth: int) -> None:
        line, column = event.start_mark.line + 1, event.start_mark.column + 1
        if depth > MAX_DEPTH:
            raise UnreadableError(
                "too-deep", line, column, f"Nested deeper than {MAX_DEPTH} levels", f"嵌套超过 {MAX_DEPTH} 层"
            )
        if self.count > MAX_NODES:
            raise UnreadableError(
                "too-many-nodes", line, column, f"More than {MAX_NODES:,} values, aliases counted as often as used",
                f"超过 {MAX_NODES:,} 个值（别名按使用次数计）",
            )  # fmt: skip
