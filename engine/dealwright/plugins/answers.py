"""What plugins return, checked and rebuilt: past this module an answer has the shape that its hook promises."""

from __future__ import annotations

import json
import keyword
import math
import re
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import msgspec

from dealwright.hookspecs import CriterionKind, Function, GateResult, Judgement, Proposal, Score
from dealwright.model.money import Money
from dealwright.model.text import Text
from dealwright.plugins.faults import Fence, WrongAnswerError, fault

MAX_ANSWERS = 200  # results, prompts or reasons in one answer
MAX_TEXT = 20_000  # characters of one text
FUNCTION_TYPES = ("text", "number", "boolean", "date", "money", "list", "any")
_ID = re.compile(r"[a-z][a-z0-9_]{0,63}")
_OVERLAY_ID = re.compile(r"""^\ufeff?overlay:[ \t]*["']?([a-z][a-z0-9_]*)["']?[ \t]*(?:#.*)?$""", re.MULTILINE)


def overlay_texts(answer: Any) -> dict[str, str]:
    """The overlays by the id that each names in its line `overlay: ID`."""
    found: dict[str, str] = {}
    for text in _sequence(answer):
        if not isinstance(text, str):
            raise _wrong_type("a list of texts", "文本列表", text)
        named = _OVERLAY_ID.search(text)
        if not named:
            raise WrongAnswerError("an overlay has no line `overlay: ID`", "叠加层缺少 `overlay: ID` 一行")
        if named.group(1) in found:
            raise WrongAnswerError(f"it ships overlay {named.group(1)} twice", f"重复提供叠加层 {named.group(1)}")
        found[named.group(1)] = text
    return found


def functions(plugin: str, fence: Fence, answer: Any) -> dict[str, Function]:
    """The functions by name, each one's `call` under guard."""
    found: dict[str, Function] = {}
    for given in _sequence(answer):
        if not isinstance(given, Function):
            raise _wrong_type("Function objects", "Function 对象", given)
        _check_function(given)
        if given.name in found:
            raise WrongAnswerError(f"it registers function {given.name} twice", f"重复注册函数 {given.name}")
        found[given.name] = Function(
            given.name, tuple(given.takes), given.gives, _GuardedCall(plugin, fence, given), _text(given.doc)
        )
    return found


def criteria(answer: Any) -> dict[str, CriterionKind]:
    """The kinds of criterion by id, their schemas plain JSON of `type: object`."""
    found: dict[str, CriterionKind] = {}
    for given in _sequence(answer):
        if not isinstance(given, CriterionKind):
            raise _wrong_type("CriterionKind objects", "CriterionKind 对象", given)
        name: Any = given.id  # a Struct does not check what it is built from
        if not isinstance(name, str) or not _ID.fullmatch(name):
            raise WrongAnswerError(
                f"{_shown(given.id)} is no id for a criterion", f"{_shown(given.id)} 不能用作条件标识"
            )
        if given.id in found:
            raise WrongAnswerError(f"it registers criterion {given.id} twice", f"重复注册条件 {given.id}")
        if not callable(given.evaluate):
            raise WrongAnswerError(f"criterion {given.id} cannot be evaluated", f"条件 {given.id} 不可求值")
        try:
            schema = json.loads(json.dumps(given.schema))
        except (TypeError, ValueError, RecursionError) as error:
            raise WrongAnswerError(f"the schema of {given.id} is no JSON", f"{given.id} 的模式不是 JSON") from error
        if not isinstance(schema, dict) or schema.get("type") != "object":
            raise WrongAnswerError(
                f"the schema of {given.id} is to be of type object", f"{given.id} 的模式应为 object 类型"
            )
        found[given.id] = CriterionKind(given.id, _text(given.title), schema, given.evaluate)
    return found


def judgement(answer: Any) -> Judgement:
    """How one criterion stands: a known status that no plugin may waive, `found` plain JSON."""
    made: Judgement = _rebuilt(answer, Judgement)
    if made.status == "waived":
        raise WrongAnswerError("it claims to be waived; only a person waives", "自称已特批；特批只能由人作出")
    _check_text(made.expected)
    if not _finite(made.found):
        raise WrongAnswerError("it found no finite number", "实际值不是有限数值")
    return made


def _check_function(given: Function) -> None:
    name: Any = given.name
    takes: Any = given.takes  # a Struct does not check what it is built from
    if not isinstance(name, str) or not _ID.fullmatch(name) or keyword.iskeyword(name):
        shown = _shown(name)
        raise WrongAnswerError(f"{shown} is no name for a function", f"{shown} 不能用作函数名")
    types = (*takes, given.gives) if isinstance(takes, tuple | list) else (type(takes),)
    for kind in types:
        if not isinstance(kind, str) or kind not in FUNCTION_TYPES:
            raise WrongAnswerError(
                f"function {name} names the type {_shown(kind)}; known are {', '.join(FUNCTION_TYPES)}",
                f"函数 {name} 使用了未知类型 {_shown(kind)}；可用类型：{'、'.join(FUNCTION_TYPES)}",
            )
    if not callable(given.call):
        raise WrongAnswerError(f"function {name} cannot be called", f"函数 {name} 不可调用")


class _GuardedCall:
    """A plugin's function: what it raises or wrongly gives is a PluginError, and None means unknown."""

    __slots__ = ("call", "fence", "gives", "name", "plugin")

    def __init__(self, plugin: str, fence: Fence, function: Function) -> None:
        self.plugin = plugin
        self.fence = fence
        self.name = function.name
        self.gives = function.gives
        self.call = function.call

    def __call__(self, *args: Any) -> Any:
        value = self.fence.call(self.plugin, self.name, self.call, *args)
        if value is None or _fits(self.gives, value):
            return value
        given = type(value).__name__
        raise fault(
            self.plugin,
            Text(f"it promises {self.gives} and gave {given}", f"承诺返回 {self.gives}，实际返回 {given}"),
            hook=self.name,
        )


def _fits(gives: str, value: Any) -> bool:
    if gives == "number":
        return isinstance(value, int | float | Decimal) and not isinstance(value, bool) and math.isfinite(value)
    if gives == "date":
        return isinstance(value, date) and not isinstance(value, datetime)
    wanted: dict[str, Any] = {"text": str, "boolean": bool, "money": Money, "list": (tuple, list), "any": object}
    return isinstance(value, wanted[gives])


def gate_results(answer: Any) -> tuple[GateResult, ...]:
    """The results of one gate: known statuses, an id used once, `found` plain JSON."""
    results = tuple(_gate_result(given) for given in _sequence(answer))
    ids = [result.id for result in results]
    for name in ids:
        if ids.count(name) > 1:
            raise WrongAnswerError(f"two results share the id {name}", f"两个结果使用同一标识 {name}")
    return results


def _gate_result(given: Any) -> GateResult:
    result: GateResult = _rebuilt(given, GateResult)
    if not _ID.fullmatch(result.id):
        shown = _shown(result.id)
        raise WrongAnswerError(f"{shown} is no id for a result", f"{shown} 不能用作结果标识")
    if result.status == "waived":
        raise WrongAnswerError(
            f"{result.id} claims to be waived; only a person waives", f"{result.id} 自称已特批；特批只能由人作出"
        )
    _check_text(result.text)
    _check_text(result.expected)
    if not _finite(result.found):
        raise WrongAnswerError(f"{result.id} found no finite number", f"{result.id} 的实际值不是有限数值")
    return result


def scores(answer: Any) -> tuple[Score, ...]:
    """The one score, finite and 0 to 100, with reasons; empty where the plugin has none yet."""
    if answer is None:
        return ()
    result: Score = _rebuilt(answer, Score)
    if not math.isfinite(result.value) or not 0 <= result.value <= 100:
        raise WrongAnswerError(f"the score {result.value} is not within 0 to 100", f"评分 {result.value} 不在 0—100 内")
    if len(result.reasons) > MAX_ANSWERS:
        raise _too_many(len(result.reasons))
    for reason in result.reasons:
        _check_text(reason)
    return (result,)


def prompts(answer: Any) -> tuple[Text, ...]:
    """The prompts, each in both languages."""
    return tuple(_text(given) for given in _sequence(answer))


def proposals(answer: Any) -> tuple[Proposal, ...]:
    """The proposals: a score or a next step each, with a reason, an id used once."""
    found = tuple(_proposal(given) for given in _sequence(answer))
    ids = [one.id for one in found]
    for name in ids:
        if ids.count(name) > 1:
            raise WrongAnswerError(f"two proposals share the id {name}", f"两个建议使用同一标识 {name}")
    return found


def _proposal(given: Any) -> Proposal:
    one: Proposal = _rebuilt(given, Proposal)
    if not _ID.fullmatch(one.id):
        raise WrongAnswerError(f"{_shown(one.id)} is no id for a proposal", f"{_shown(one.id)} 不能用作建议标识")
    if one.score is None and one.step is None:
        raise WrongAnswerError(f"{one.id} proposes neither a score nor a step", f"{one.id} 既没有评分也没有下一步")
    if one.score is not None and (not math.isfinite(one.score) or not 0 <= one.score <= 100):
        raise WrongAnswerError(f"{one.id}: {one.score} is not within 0 to 100", f"{one.id}：{one.score} 不在 0—100 内")
    for text in (one.reason, *((one.step,) if one.step is not None else ())):
        _check_text(text)
    return one


def nothing(answer: Any) -> None:
    """Of hooks that are only told something. Raises WrongAnswerError where one gives an answer."""
    if answer is not None:
        given = type(answer).__name__
        raise WrongAnswerError(f"it should give nothing, not {given}", f"不应有返回值，却返回了 {given}")


def _sequence(answer: Any) -> tuple[Any, ...]:
    if answer is None:
        return ()
    if type(answer) not in (list, tuple):
        raise _wrong_type("a list or a tuple", "列表或元组", answer)
    if len(answer) > MAX_ANSWERS:
        raise _too_many(len(answer))
    return tuple(answer)


def _rebuilt(given: Any, shape: Any) -> Any:
    # Structs do not check what they are built from, so each answer is taken apart and built again, typed.
    if not isinstance(given, shape):
        raise _wrong_type(f"{shape.__name__} objects", f"{shape.__name__} 对象", given)
    try:
        plain = {name: msgspec.to_builtins(getattr(given, name)) for name in shape.__struct_fields__}
        return msgspec.convert(plain, shape)
    except (msgspec.ValidationError, TypeError, ValueError, RecursionError) as error:
        said = " ".join(str(error).split())[:200]
        raise WrongAnswerError(f"a {shape.__name__} is wrong: {said}", f"{shape.__name__} 有误：{said}") from error


def _text(given: Any) -> Text:
    text: Text = _rebuilt(given, Text)
    _check_text(text)
    return text


def _check_text(text: Text) -> None:
    if not text.en.strip() or not text.zh.strip():
        raise WrongAnswerError("a text is empty in one language", "某条文本缺少一种语言")
    if max(len(text.en), len(text.zh)) > MAX_TEXT:
        raise WrongAnswerError(f"a text is longer than {MAX_TEXT} characters", f"某条文本超过 {MAX_TEXT} 个字符")


def _finite(value: Any) -> bool:
    if isinstance(value, float):
        return math.isfinite(value)
    if isinstance(value, dict):
        return all(_finite(part) for part in value.values())
    return all(_finite(part) for part in value) if isinstance(value, list) else True


def _too_many(size: int) -> WrongAnswerError:
    return WrongAnswerError(f"it gave {size} answers; at most {MAX_ANSWERS}", f"给出 {size} 项，上限为 {MAX_ANSWERS}")


def _wrong_type(en: str, zh: str, given: Any) -> WrongAnswerError:
    name = type(given).__name__
    return WrongAnswerError(f"it should give {en}, not {name}", f"应返回{zh}，而不是 {name}")


def _shown(value: Any) -> str:
    return repr(value)[:80] if isinstance(value, str) else type(value).__name__
