"""Where YAML's own rules trip up people who write processes, and what to tell them (language.md, rule 9)."""

from __future__ import annotations

import re
from typing import Any

from dealwright.definition.finding import Findings, shown
from dealwright.definition.nodes import Map, Scalar
from dealwright.definition.unreadable import UnreadableError
from dealwright.model.text import Text

_QUOTE_IT = Text("put the whole text in quotes", "请给整段文本加上引号")
_WIDE_COLON = re.compile(r"^\s*(?:- )?[\w-]{1,40}：")
_CURLY = "“”‘’"
_ZH_PROBLEMS = {
    "mapping values are not allowed in this context": "此处不能出现 `键: 值`",
    "did not find expected ',' or '}'": "缺少 `,` 或 `}`",
    "did not find expected ',' or ']'": "缺少 `,` 或 `]`",
    "did not find expected '-' indicator": "缺少列表符号 `-`",
    "did not find expected key": "缺少键，请检查缩进",
    "could not find expected ':'": "缺少 `:`",
    "found character that cannot start any token": "此字符不能出现在开头",
    "found unexpected end of stream": "引号或括号没有闭合",
    "block sequence entries are not allowed in this context": "此处不能出现列表项 `-`",
    "mapping keys are not allowed in this context": "此处不能出现 `?`",
    "found a tab character that violates indentation": "缩进不能使用制表符",
}


def _line(text: str, number: int) -> str:
    """The line with this number (from 0), without its end."""
    lines = text.split("\n", number + 1)
    return lines[number].rstrip("\r") if number < len(lines) else ""


def explain_syntax(error: Any, text: str) -> UnreadableError:
    """Our error for one of libyaml's, with the human cause where a known stumble lies behind it."""
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line, mark.column) if mark else (0, 0)
    for near in (line, line - 1):
        written = _line(text, near) if near >= 0 else ""
        wide = _WIDE_COLON.match(written)
        if wide:
            return _wide_colon(near + 1, wide.end())
        curly = next((c for c in _CURLY if c in written), None)
        if curly and near == line:
            return _curly_quotes(near + 1, written.index(curly) + 1)
    problem = error.problem or "this is not YAML"
    # PyYAML's own parser, which stands in where libyaml is missing, ends a flow text at any `?`.
    if "mapping keys are not allowed" in problem or problem.endswith("but got '?'"):
        return UnreadableError(
            "question-mark", line + 1, column + 1, "`?` at the beginning makes a key of the text that follows",
            "开头的 `?` 会把后面的文本变成键", _QUOTE_IT,
        )  # fmt: skip
    hint = None
    if "flow" in (error.context or ""):
        hint = Text(
            "inside {…} or […] a text with brackets, braces or commas needs quotes",
            "在 {…} 或 […] 中，含有括号或逗号的文本要加引号",
        )
    elif problem.startswith("mapping values"):
        hint = Text(
            "a text with a colon and a space in it needs quotes; or the indentation is wrong",
            "含有冒号加空格的文本要加引号；也可能是缩进有误",
        )
    chinese = _ZH_PROBLEMS.get(problem, problem)
    return UnreadableError(
        "yaml-syntax", line + 1, column + 1, f"Not YAML: {problem}", f"YAML 语法错误：{chinese}", hint
    )


def _wide_colon(line: int, column: int) -> UnreadableError:
    return UnreadableError(
        "fullwidth-colon", line, column, "A full-width colon `：` does not end a key",
        "全角冒号 `：` 不能用来结束键", Text("type `: ` (colon, space)", "请改为半角冒号加空格 `: `"),
    )  # fmt: skip


def _curly_quotes(line: int, column: int) -> UnreadableError:
    return UnreadableError(
        "curly-quotes", line, column, "Curly quotes do not quote anything here",
        "弯引号在这里不起引号作用", Text('use straight quotes "…"', '请改用直引号 "…"'),
    )  # fmt: skip


def stumbled_key(container: Map, key: Scalar, previous: Scalar | None, findings: Findings) -> bool:
    """Tell why an unknown key is there, if a stumble explains it. True where it did."""
    if "：" in key.text:
        at = key.text.index("：")
        _take(findings, _wide_colon(key.line, key.column + at))
        return True
    value = container.values.get(key.text)
    cut_off = isinstance(value, Scalar) and value.is_empty and value.mark.column == key.end.column
    if container.flow and cut_off and value is not None and value.mark.line == key.end.line:
        before = shown(previous.text) if previous is not None else ""
        findings.add(
            "flow-comma", key.line, key.column,
            f"A comma inside {{…}} cut this text in two: `{before}` and `{shown(key.text)}`",
            f"{{…}} 中的逗号把文本截成了两段：`{before}` 与 `{shown(key.text)}`", _QUOTE_IT,
        )  # fmt: skip
        return True
    return False


def question_key(key: Scalar, text_line: str, findings: Findings) -> bool:
    """True, with a finding, where a `?` before `key` made it one."""
    before = text_line[: key.mark.column].rstrip()
    if not before.endswith("?"):
        return False
    findings.add(
        "question-mark", key.line, len(before), "`?` at the beginning makes a key of the text that follows",
        "开头的 `?` 会把后面的文本变成键", _QUOTE_IT,
    )  # fmt: skip
    return True


def cut_by_hash(node: Scalar, text_line: str, findings: Findings) -> bool:
    """True, with a finding, where ` #` turned the rest of a sentence or expression into a comment.

    A comment with a space after its `#` is taken as meant, unless it left a quote or bracket open.
    """
    if node.style is not None:
        return False
    rest = text_line[node.end.column :]
    stripped = rest.lstrip()
    if not stripped.startswith("#") or stripped == rest:
        return False
    text = node.text
    left_open = text.count('"') % 2 or text.count("(") > text.count(")") or text.count("[") > text.count("]")
    if not left_open and (stripped[1:2] in ("", " ", "\t", "#") or len(rest) - len(stripped) > 1):
        return False
    findings.add(
        "hash-cut", node.line, node.end.column + 1 + len(rest) - len(stripped),
        f"` #` begins a comment here and cuts the text to `{shown(text)}`",
        f"此处的 ` #` 是注释的开始，文本被截断为 `{shown(text)}`", _QUOTE_IT,
    )  # fmt: skip
    return True


def curly_quoted(node: Scalar, findings: Findings) -> bool:
    """True, with a finding, where curly quotes were typed around a whole text or inside an expression."""
    if node.text[:1] not in _CURLY:
        return False
    _take(findings, _curly_quotes(node.line, node.column))
    return True


def _take(findings: Findings, error: UnreadableError) -> None:
    findings.add(error.code, error.line, error.column, error.en, error.zh, error.hint)
