"""Asking one plugin what it thinks of a process: its report is checked, and its failure is a remark too."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from dealwright.errors import PluginError
from dealwright.model.process import Process
from dealwright.model.remark import Remark
from dealwright.model.text import Text
from dealwright.plugins.answers import MAX_ANSWERS, MAX_TEXT
from dealwright.plugins.faults import Fence, WrongAnswerError

_CODE = re.compile(r"[a-z][a-z0-9-]{0,63}")
_LONGEST = 32  # steps of a path


class Report:
    """What a plugin is given to write into. A wrong call raises there, and is remembered if the plugin hides it."""

    def __init__(self, plugin: str) -> None:
        self._plugin = plugin
        self._found: list[Remark] = []
        self._wrong: WrongAnswerError | None = None

    def add(self, path: Sequence[str | int], code: str, severity: str, en: str, zh: str) -> None:
        """Take one finding; see `dealwright.hookspecs.LintReport`. Raises WrongAnswerError."""
        try:
            self._found.append(_checked(self._plugin, len(self._found), path, code, severity, en, zh))
        except WrongAnswerError as error:
            self._wrong = self._wrong or error
            raise

    def remarks(self, answer: Any) -> list[Remark]:
        """What was reported. Raises WrongAnswerError where a call was wrong, or the hook returned something."""
        if self._wrong is not None:
            raise self._wrong
        if answer is not None:
            given = type(answer).__name__
            raise WrongAnswerError(f"it should give nothing, not {given}", f"不应有返回值，却返回了 {given}")
        return list(self._found)


def _checked(plugin: str, already: int, path: Any, code: Any, severity: Any, en: Any, zh: Any) -> Remark:
    if already >= MAX_ANSWERS:
        raise WrongAnswerError(f"it reports more than {MAX_ANSWERS} findings", f"报告超过 {MAX_ANSWERS} 项")
    if type(path) not in (list, tuple) or len(path) > _LONGEST or any(type(step) not in (str, int) for step in path):
        raise WrongAnswerError("a path is a tuple of keys, ids and positions", "路径应为由键、标识或序号组成的元组")
    if not isinstance(code, str) or not _CODE.fullmatch(code):
        raise WrongAnswerError(f"{repr(code)[:80]} is no code: lower case, digits and hyphens",
                               f"{repr(code)[:80]} 不是代码：应为小写字母、数字和连字符")  # fmt: skip
    if severity not in ("error", "warning"):
        raise WrongAnswerError(
            f"the severity of {code} is {repr(severity)[:80]}, not error or warning",
            f"{code} 的级别是 {repr(severity)[:80]}，应为 error 或 warning",
        )
    for text in (en, zh):
        if not isinstance(text, str) or not text.strip():
            raise WrongAnswerError(f"{code} says nothing in one language", f"{code} 缺少一种语言的文字")
        if len(text) > MAX_TEXT:
            raise WrongAnswerError(
                f"{code} says more than {MAX_TEXT} characters", f"{code} 的文字超过 {MAX_TEXT} 个字符"
            )
    return Remark(plugin, tuple(path), code, severity, Text(en, zh))


def asked(
    fence: Fence, plugin: str, hook: str, function: Callable[..., Any], arguments: Sequence[str], process: Process
) -> list[Remark]:
    """What one plugin says of `process`, or a single remark that it failed; `arguments` are those it takes."""
    report = Report(plugin)
    given = {"process": process, "report": report}
    try:
        found: list[Remark] = fence.answer(plugin, hook, report.remarks, function, *[given[name] for name in arguments])
    except PluginError as error:
        return [Remark(plugin, (), "plugin-failed", "warning", Text(error.en, error.zh), failed=True)]
    return found
