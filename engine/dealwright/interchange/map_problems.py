"""Everything that is wrong with an import map, gathered and told at once."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING, Any

from dealwright._resources import folder
from dealwright.errors import UsageError
from dealwright.interchange.issue import cut

if TYPE_CHECKING:
    from jsonschema import ValidationError

SHOWN = 20
_KINDS = {
    "object": ("a map", "映射"), "array": ("a list", "列表"), "string": ("text", "文本"),
}  # fmt: skip


class MapProblems:
    """Gathers problems by their place in the map, and raises them together."""

    def __init__(self) -> None:
        self.found: list[tuple[str, str, str]] = []
        self._seen: set[tuple[str, str, str]] = set()

    def add(self, path: str, en: str, zh: str) -> None:
        """Note a problem at `path` (such as `stages.values.Won[1].to`); the same one twice counts once."""
        if (path, en, zh) not in self._seen:
            self._seen.add((path, en, zh))
            self.found.append((path, en, zh))

    def unknown(self, path: str, name: str, known: Iterable[str], en: str, zh: str) -> None:
        """Note that `name` is none of `known`: a stage, a field, a column ... as `en` and `zh` call it."""
        options = [option for option in known if option]
        told = len(self.found) < SHOWN  # a hint that nobody will see is not worth the search
        close = difflib.get_close_matches(name[:64], options, 1) if told else []
        if close:
            hint = f"; did you mean {close[0]!r}?", f"；是否想写 {close[0]!r}？"
        else:
            some = cut(", ".join(options[:12]))
            hint = (f"; there are: {some}", f"；已有：{some}") if options else ("", "")
        self.add(path, f"there is no {en} {cut(name)!r}{hint[0]}", f"没有名为 {cut(name)!r} 的{zh}{hint[1]}")

    def raise_any(self) -> None:
        """Raise UsageError with all problems so far: the first ones in words, each in `details["problems"]`."""
        if not self.found:
            return
        shown = self.found[:SHOWN]
        more = len(self.found) - len(shown)
        if len(self.found) == 1:
            en, zh = f" {shown[0][0]}: {shown[0][1]}", f"{shown[0][0]}：{shown[0][2]}"
        else:
            en, zh = self._listed(shown, more)
        raise UsageError(
            f"the import map cannot be used:{en}",
            f"导入映射无法使用：{zh}",
            problems=[{"path": path, "message": {"en": en, "zh": zh}} for path, en, zh in shown],
            truncated=more > 0,
        )

    @staticmethod
    def _listed(shown: list[tuple[str, str, str]], more: int) -> tuple[str, str]:
        en = "".join(f"\n  {path}: {text}" for path, text, _ in shown) + (f"\n  and {more} more" if more else "")
        zh = "".join(f"\n  {path}：{text}" for path, _, text in shown) + (f"\n  另有 {more} 处" if more else "")
        return en, zh


def check_schema(data: Any, problems: MapProblems) -> None:
    """Check loaded data against `schemas/import-map.schema.json`; what is wrong goes into `problems`."""
    from jsonschema import Draft202012Validator  # slow to import, and only imports of data need it here

    for error in sorted(Draft202012Validator(_schema()).iter_errors(data), key=lambda error: error.json_path):
        for inner in _meant(error):
            _tell(inner, problems)


@cache
def _schema() -> Any:
    return json.loads((folder("schemas") / "import-map.schema.json").read_text(encoding="utf-8"))


def _meant(error: ValidationError) -> list[ValidationError]:
    """Of a choice between forms, the problems of the form that was meant; else the error itself."""
    if error.validator != "oneOf":
        return [error]
    forms: dict[Any, list[ValidationError]] = {}
    for inner in error.context or ():
        forms.setdefault(inner.schema_path[0], []).append(inner)
    near = [
        inner for inner in forms.values()
        if not any(i.validator == "type" and len(i.relative_path) == 0 for i in inner)
    ]  # fmt: skip
    if len(near) != 1:
        return [error]
    return [deeper for inner in near[0] for deeper in _meant(inner)]


def _tell(error: ValidationError, problems: MapProblems) -> None:
    path = place(error.absolute_path)
    value: Any = error.instance
    wanted: Any = error.validator_value
    schema: Any = error.schema
    if error.validator == "additionalProperties":
        known = schema.get("properties", {})
        for key in value:
            if key not in known:
                problems.unknown(path, str(key), known, "key", "键")
    elif error.validator == "required":
        for key in wanted:
            if key not in value:
                problems.add(path, f"the key {key!r} is missing", f"缺少键 {key!r}")
    elif error.validator == "enum":
        options = ", ".join(repr(option) for option in wanted)
        shown = cut(repr(value))
        problems.add(path, f"{shown} is not one of {options}", f"{shown} 不在可选值之中：{options}")
    elif error.validator == "type":
        en, zh = _KINDS.get(str(wanted), (str(wanted), str(wanted)))
        problems.add(path, f"this must be {en}", f"此处应为{zh}")
    elif error.validator == "oneOf":
        problems.add(path, "this has none of the forms that are read here", "此处的写法无法识别")
    else:
        problems.add(
            path, f"this breaks the limit {error.validator}: {wanted}", f"此处超出限制 {error.validator}：{wanted}"
        )


def place(path: Iterable[str | int]) -> str:
    """A path as an operator reads it: `stages.values.Won[1].to`; `map` for the whole."""
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{cut(str(part))}" for part in path)
    return text.removeprefix(".") or "map"
