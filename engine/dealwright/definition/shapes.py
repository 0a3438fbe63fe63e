"""What a JSON Schema asks, as objects that check our nodes and say where and why one does not fit."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Collection, Sequence

from dealwright.definition.finding import Findings, Fix, shown
from dealwright.definition.nodes import Map, Node, Scalar, Seq
from dealwright.definition.slips import added_key, slip
from dealwright.definition.stumbles import curly_quoted, cut_by_hash, question_key, stumbled_key
from dealwright.model.text import Text

_NUMBER = re.compile(r"-?(?:0|[1-9]\d{0,17})(?:\.\d{1,18})?(?:[eE][+-]?\d{1,2})?")
_BOOLEAN_WORDS = {"yes": "true", "on": "true", "y": "true", "no": "false", "off": "false", "n": "false"}
# Forms of which a part can be lost without anyone noticing.
_SENTENCES = ("text", "template", "condition", "value", "assigned", "theirs", "list", "formula")
_PROSE = ("text", "template")  # forms in which a quote may be a letter like others
_COMPARED = 20_000  # names that slips are compared with, so that a hostile file stays cheap
KINDS = {"map": Text("a map of keys", "键值映射"), "seq": Text("a list", "列表"), "scalar": Text("a text", "文本")}


class Walk:
    """One check of one file: its findings, and what the schema's annotations gather on the way.

    `named` holds what names a role, stage and so on, `forms` the expressions, durations and
    zones, each with its kind; `dropped` the keys of parts that were found wrong, `cut` the
    identities of texts that a comma cut, so that nobody complains about the stump, and
    `shortened` those of lists that lost an entry.
    """

    __slots__ = ("cut", "dropped", "findings", "forms", "lines", "named", "shortened", "suggested")

    def __init__(self, findings: Findings, lines: Sequence[str]) -> None:
        self.findings = findings
        self.lines = lines
        self.named: list[tuple[str, Scalar]] = []
        self.forms: list[tuple[str, Scalar]] = []
        self.dropped: set[str] = set()
        self.cut: set[int] = set()
        self.shortened: set[int] = set()
        self.suggested = 0

    def suggest(self, name: str, known: Collection[str]) -> Text | None:
        """The known name that was probably meant, as a question, or None."""
        self.suggested += len(known) + 50
        if self.suggested > _COMPARED:
            return None
        close = difflib.get_close_matches(name[:64].lower(), sorted(known), 1, 0.6)
        return Text(f"did you mean {close[0]}?", f"是否想写 {close[0]}？") if close else None

    def wrong(self, code: str, node: Node, en: str, zh: str, hint: Text | None = None, fix: Fix | None = None) -> bool:
        """Take a finding at a node; always False, so that a check can end with it."""
        self.findings.add(code, node.line, node.column, en, zh, hint, fix)
        return False


def _described(node: Node) -> Text:
    if isinstance(node, Scalar):
        if node.is_empty:
            return Text("nothing", "空")
        return Text(f"`{shown(node.text)}`", f" `{shown(node.text)}`")
    return KINDS[node.kind]


class Shape:
    """Whether a node fits; `wanted` says in a few words what would."""

    __slots__ = ("wanted",)
    takes: str
    wanted: Text

    def check(self, node: Node, walk: Walk) -> bool:
        """True if the node can be used. False drops it from its parent; what is wrong inside is dropped there."""
        raise NotImplementedError

    def mismatch(self, node: Node, walk: Walk) -> bool:
        """The finding for a node of another kind than this shape takes."""
        if isinstance(node, Scalar) and "：" in node.text and self.takes != "scalar":
            at = node.text.index("：")
            walk.findings.add(
                "fullwidth-colon", node.line, node.column + at, "A full-width colon `：` does not end a key",
                "全角冒号 `：` 不能用来结束键", Text("type `: ` (colon, space)", "请改为半角冒号加空格 `: `"),
            )  # fmt: skip
            return False
        found = _described(node)
        return walk.wrong(
            "wrong-type",
            node,
            f"Expected {self.wanted.en}, found {found.en}",
            f"此处应为{self.wanted.zh}，而不是{found.zh}",
        )


class MapShape(Shape):
    """An object: known keys, or any key of a certain shape."""

    __slots__ = ("extra", "fewest", "key", "known", "later", "one_of", "properties", "required")
    takes = "map"

    def __init__(self) -> None:
        self.wanted = KINDS["map"]
        self.properties: dict[str, Shape] = {}
        self.known: list[str] = []
        self.required: Sequence[str] = ()
        self.one_of: Sequence[str] = ()
        self.later: frozenset[str] = frozenset()
        self.extra: Shape | None = None
        self.key: Shape | None = None
        self.fewest = 0

    def check(self, node: Node, walk: Walk) -> bool:
        """Check keys and values; entries that do not fit are dropped from the map."""
        if type(node) is not Map:
            return self.mismatch(node, walk)
        properties = self.properties
        previous: Node | None = None
        wrong: list[str] = []
        for name, value in node.values.items():
            shape = properties.get(name)
            if shape is not None:
                if not shape.check(value, walk):
                    wrong.append(name)
            elif self.extra is None:
                self._unknown(node, name, previous, walk)
                wrong.append(name)
            elif (self.key is not None and not self.key.check(node.keys[name], walk)) or not self.extra.check(
                value, walk
            ):
                wrong.append(name)
            previous = value
        for name in wrong:
            walk.dropped.add(name)
            node.drop(name)
        for name in self.required:
            if name not in node.values and name not in wrong:
                only = self.properties.get(name)
                sole = only.enum[0] if isinstance(only, TextShape) and len(only.enum) == 1 else None
                walk.wrong("missing-key", node, f"The key `{name}` is missing here", f"此处缺少键 `{name}`",
                           fix=added_key(node, name, sole))  # fmt: skip
        if self.one_of:
            self._exactly_one(node, wrong, walk)
        if self.fewest and len(node.values) < self.fewest and not wrong:
            if self.fewest > 1:
                return walk.wrong(
                    "wrong-type", node, f"This map needs {self.fewest} entries", f"此处至少需要 {self.fewest} 项"
                )
            return walk.wrong("wrong-type", node, "This map may not be empty", "此处不能为空")
        return True

    def _exactly_one(self, node: Map, wrong: Sequence[str], walk: Walk) -> None:
        there = [name for name in self.one_of if name in node.values or name in wrong]
        if not there:
            names = [f"`{name}`" for name in self.one_of]
            walk.wrong(
                "missing-key", node, f"One of the keys {', '.join(names)} is missing here",
                f"此处缺少键 {'、'.join(names)} 之一",
            )  # fmt: skip
        for name in there[1:]:
            if name in node.keys:
                walk.wrong(
                    "misplaced-key", node.keys[name], f"`{name}` does not go with `{there[0]}`: one of them is enough",
                    f"`{name}` 不能与 `{there[0]}` 同时使用",
                )  # fmt: skip

    def _unknown(self, node: Map, name: str, previous: Node | None, walk: Walk) -> None:
        key = node.keys[name]
        if key.style is None and question_key(key, walk.lines[key.mark.line], walk.findings):
            return
        before = previous if isinstance(previous, Scalar) else None
        if stumbled_key(node, key, before, walk.findings):
            walk.cut.add(id(before))
            return
        quoted = shown(name)
        if name in self.later:
            walk.wrong(
                "unknown-key", key, f"The key `{quoted}` is not supported yet", f"尚不支持键 `{quoted}`",
                Text("it is planned; nothing honours it in this version", "已在计划中，当前版本尚无作用"),
            )  # fmt: skip
            return
        walk.wrong(
            "unknown-key", key, f"The key `{quoted}` is not known here", f"此处没有键 `{quoted}`",
            walk.suggest(name, self.known),
            slip(key, [one for one in self.known if one not in node.values]),
        )  # fmt: skip


class ListShape(Shape):
    """An array."""

    __slots__ = ("fewest", "item", "unique")
    takes = "seq"

    def __init__(self, item: Shape, fewest: int, unique: bool) -> None:
        self.wanted = KINDS["seq"]
        self.item = item
        self.fewest = fewest
        self.unique = unique

    def check(self, node: Node, walk: Walk) -> bool:
        """Check the entries; those that do not fit are dropped from the list."""
        if type(node) is not Seq:
            return self.mismatch(node, walk)
        if len(node.items) < self.fewest:
            return walk.wrong("wrong-type", node, "This list may not be empty", "此列表不能为空")
        fitting = [item for item in node.items if self.item.check(item, walk)]
        if len(fitting) < len(node.items):
            node.items = fitting
            walk.shortened.add(id(node))
        if self.unique:
            self._all_differ(fitting, walk)
        return True

    def _all_differ(self, items: Sequence[Node], walk: Walk) -> None:
        seen: dict[str, Scalar] = {}
        for item in items:
            if isinstance(item, Scalar) and seen.setdefault(item.text, item) is not item:
                first = seen[item.text]
                name = shown(item.text)
                walk.wrong(
                    "duplicate-id", item,
                    f"`{name}` is here a second time, on line {item.line}; the first is on line {first.line}",
                    f"`{name}` 重复出现：第 {item.line} 行与第 {first.line} 行",
                )  # fmt: skip


class TextShape(Shape):
    """A string: within a closed list or a pattern, perhaps naming something or written in some form."""

    __slots__ = ("enum", "form", "later", "longest", "names", "pattern", "reserved", "shortest")
    takes = "scalar"

    def __init__(self) -> None:
        self.wanted = KINDS["scalar"]
        self.enum: Sequence[str] = ()
        self.later: frozenset[str] = frozenset()
        self.reserved: frozenset[str] = frozenset()
        self.pattern: Callable[[str], object] | None = None
        self.shortest = 0
        self.longest = 1 << 20
        self.names: str | None = None
        self.form: str | None = None

    def check(self, node: Node, walk: Walk) -> bool:
        """Check a scalar's text, and gather it where the schema annotates it."""
        if type(node) is not Scalar or node.is_empty:
            return self.mismatch(node, walk)
        text = node.text
        if (self.pattern is not None and not self.pattern(text)) or (self.enum and text not in self.enum):
            return self._unfit(node, walk)
        if not self.shortest <= len(text) <= self.longest:
            return walk.wrong(
                "bad-value", node, f"Expected a text of {self.shortest} to {self.longest:,} characters",
                f"此处文本应为 {self.shortest} 至 {self.longest:,} 个字符",
            )  # fmt: skip
        if text in self.reserved:
            return walk.wrong(
                "reserved-name", node, f"`{text}` has a meaning of its own and cannot be an id here",
                f"`{text}` 有固定含义，不能用作标识",
            )  # fmt: skip
        if self.form is not None:
            if node.style is None:
                line = walk.lines[node.end.line] if node.end.line < len(walk.lines) else ""
                if self.form in _SENTENCES and "#" in line and cut_by_hash(node, line, walk.findings):
                    return False
                if self.form not in _PROSE and curly_quoted(node, walk.findings):
                    return False
            if self.form != "text":
                walk.forms.append((self.form, node))
        elif self.names is not None:
            walk.named.append((self.names, node))
        return True

    def _unfit(self, node: Scalar, walk: Walk) -> bool:
        found = shown(node.text)
        if node.style is None and curly_quoted(node, walk.findings):
            return False
        if node.text in self.later:
            return walk.wrong("bad-value", node, f"`{found}` is not supported yet", f"尚不支持 `{found}`")
        if self.enum:
            options = ", ".join(self.enum)
            chinese = "、".join(self.enum)
            return walk.wrong(
                "bad-value", node, f"Expected {options}, found `{found}`",
                f"此处应为 {chinese}，而不是 `{found}`",
                walk.suggest(node.text, self.enum), slip(node, self.enum),
            )  # fmt: skip
        return walk.wrong(
            "bad-value",
            node,
            f"Expected {self.wanted.en}, found `{found}`",
            f"此处应为{self.wanted.zh}，而不是 `{found}`",
            _foreign(node.text) if "ASCII" in self.wanted.en else None,
        )


def _foreign(text: str) -> Text | None:
    """Which letter of what should be ASCII is not: a Cyrillic one can look just like it."""
    odd = next((c for c in text[:200] if not c.isascii()), None)
    if odd is None:
        return None
    name = f"U+{ord(odd):04X}"
    return Text(f"`{shown(odd)}` is {name}, not an ASCII character", f"`{shown(odd)}` 是 {name}，不是 ASCII 字符")


class NumberShape(Shape):
    """A number or integer, written plain as JSON writes it."""

    __slots__ = ("greatest", "integer", "least")
    takes = "scalar"

    def __init__(self, integer: bool, least: float | None, greatest: float | None) -> None:
        self.wanted = Text("a whole number", "整数") if integer else Text("a number", "数字")
        self.integer = integer
        self.least = least
        self.greatest = greatest

    def check(self, node: Node, walk: Walk) -> bool:
        """Check that a plain scalar is a finite number within bounds."""
        if type(node) is not Scalar or not is_number(node):
            return self.mismatch(node, walk)
        value = float(node.text)
        if self.integer and not value.is_integer():
            return self.mismatch(node, walk)
        if (self.least is not None and value < self.least) or (self.greatest is not None and value > self.greatest):
            low = "" if self.least is None else f" ≥ {self.least:g}"
            high = "" if self.greatest is None else f" ≤ {self.greatest:g}"
            return walk.wrong(
                "bad-value", node, f"Expected a number{low}{high}, found {node.text}",
                f"此处应为{low}{high} 的数字，而不是 {node.text}",
            )  # fmt: skip
        return True


def is_number(node: Scalar) -> bool:
    """True for a plain scalar that JSON would read as a number."""
    return node.style is None and _NUMBER.fullmatch(node.text) is not None


class BooleanShape(Shape):
    """`true` or `false`, plain."""

    __slots__ = ()
    takes = "scalar"

    def __init__(self) -> None:
        self.wanted = Text("true or false", " true 或 false")

    def check(self, node: Node, walk: Walk) -> bool:
        """Check a plain scalar; yes and no get an answer of their own."""
        if type(node) is Scalar:
            if node.style is None and node.text in ("true", "false"):
                return True
            meant = _BOOLEAN_WORDS.get(node.text.lower()) or {"true": "true", "false": "false"}.get(node.text.lower())
            if meant:
                quoted = shown(node.text)
                return walk.wrong(
                    "boolean-word", node, f"`{quoted}` is text; expected true or false",
                    f"`{quoted}` 是文本；此处应为 true 或 false", Text(f"write {meant}", f"请写 {meant}"),
                )  # fmt: skip
        return self.mismatch(node, walk)
