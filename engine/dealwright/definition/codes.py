"""Every finding code: how grave it is, its title, and what it means. docs/reference/findings.md is made of it."""

from __future__ import annotations

from typing import Literal

from dealwright.definition.code import Code
from dealwright.definition.codes_language import LANGUAGE
from dealwright.definition.codes_lint import LINT
from dealwright.definition.codes_merging import MERGING
from dealwright.definition.codes_practice import PRACTICE
from dealwright.definition.codes_sound import SOUND
from dealwright.model.text import Text


def _code(severity: Literal["error", "warning"], en: str, zh: str, why_en: str, why_zh: str) -> Code:
    return Code(severity, Text(en, zh), Text(why_en, why_zh))


_READING = {
    "file-too-large": _code("error", "File too large", "文件过大",
        "A file may have up to 1 MiB. Split what it says, or move data out of it.",
        "文件不得超过 1 MiB，请拆分或把数据移出。"),
    "not-utf8": _code("error", "Not UTF-8", "不是 UTF-8",
        "Files are UTF-8, with or without a byte order mark. Save the file again in that encoding.",
        "文件须为 UTF-8 编码（可带 BOM），请以该编码另存。"),
    "odd-character": _code("error", "Invisible or control character", "不可见字符或控制字符",
        "Control characters, direction marks and zero-width characters can hide what a file says. Delete the one "
        "shown.",
        "控制字符、方向控制符和零宽字符会掩盖文件的真实内容，请删除所示字符。"),
    "yaml-syntax": _code("error", "Not YAML", "YAML 语法错误",
        "The file cannot be read from this place on. Look at indentation, quotes and brackets here and just above.",
        "从此处起文件无法解析，请检查此处及上方的缩进、引号和括号。"),
    "empty-file": _code("error", "Empty file", "空文件",
        "There is nothing in the file but blank lines and comments.", "文件中只有空行或注释。"),
    "many-documents": _code("error", "More than one document", "多个文档",
        "A file holds one document. Put what follows `---` into a file of its own.",
        "一个文件只能有一个文档，请把 `---` 之后的内容移到另一个文件。"),
    "too-deep": _code("error", "Nested too deep", "嵌套过深",
        "No process needs more than 64 levels, aliases included.", "流程文件不需要超过 64 层嵌套（含别名）。"),
    "too-many-nodes": _code("error", "Too many values", "值过多",
        "A file may hold up to 50,000 keys, values and lists; an alias counts each time it is used.",
        "文件中的键、值和列表合计不得超过 50,000 个，别名每用一次计一次。"),
    "bad-alias": _code("error", "Alias without an anchor", "无效的别名",
        "`*name` needs an earlier `&name`, and may not stand inside of what it repeats.",
        "`*name` 之前必须有 `&name`，且不能出现在它所重复的内容之中。"),
    "tag": _code("error", "Tag", "标签",
        "Tags such as `!!int` or `!include` are not allowed: the schema gives each value its type.",
        "不允许使用 `!!int`、`!include` 之类的标签：值的类型由模式决定。"),
    "merge-key": _code("error", "Merge key", "合并键",
        "`<<` hides where a key comes from. Write the keys out, or use an alias for a whole value.",
        "`<<` 会掩盖键的来源，请写全各键，或对整个值使用别名。"),
    "complex-key": _code("error", "Key that is no text", "非文本的键",
        "A key is a plain text. A `?`, or brackets before a colon, make other kinds.",
        "键必须是普通文本；`?` 或冒号前的括号会造成其他类型的键。"),
    "duplicate-key": _code("error", "Duplicate key", "重复的键",
        "The same key twice in one map: YAML would silently keep the last. Both lines are named; delete one.",
        "同一映射中出现两个相同的键，YAML 会悄悄保留后者。信息中给出了两处行号，请删除其一。"),
    "flow-comma": _code("error", "A comma cut a text", "逗号截断了文本",
        "Inside {…} a comma ends a value. Put quotes around a sentence or an expression that has one.",
        "在 {…} 中逗号表示值的结束；含逗号的句子或表达式要加引号。"),
    "question-mark": _code("error", "A question mark made a key", "问号变成了键",
        "`?` followed by a space, at the beginning of a value, marks a key in YAML. Quote the text.",
        "在 YAML 中，值开头的 `?` 加空格表示键，请给文本加引号。"),
    "hash-cut": _code("error", "A # cut a text", "# 截断了文本",
        "A space and `#` begin a comment, so that the rest of the text is lost. Quote the text; if a comment was "
        "meant, put a space after the #.",
        "空格加 `#` 是注释的开始，其后的文本会丢失。请给文本加引号；若确为注释，请在 # 后加空格。"),
    "fullwidth-colon": _code("error", "Full-width colon", "全角冒号",
        "`：` is a letter to YAML. A key ends with an ordinary colon and a space.",
        "在 YAML 中 `：` 只是普通字符；键要以半角冒号加空格结束。"),
    "curly-quotes": _code("error", "Curly quotes", "弯引号",
        "Curly quotes “ ” do not quote in YAML or in expressions. Use straight ones.",
        "弯引号“ ”在 YAML 和表达式中都不起引号作用，请用直引号。"),
}  # fmt: skip

_SHAPE = {
    "unknown-key": _code("error", "Unknown key", "未知的键",
        "No such key is allowed here: a slip, a wrong place, or a key of a later version.",
        "此处不允许该键：可能是笔误、位置不对，或属于后续版本。"),
    "missing-key": _code("error", "Missing key", "缺少键",
        "A key that is always needed is not there.", "缺少必需的键。"),
    "wrong-type": _code("error", "Wrong kind of value", "值的类型不对",
        "A map, a list, a text, a number or true/false is wanted, and something else is there.",
        "此处需要映射、列表、文本、数字或 true/false 中的某一种，实际却是另一种。"),
    "bad-value": _code("error", "Value not allowed", "值不允许",
        "The value is of the right kind but outside of what is allowed here.",
        "值的类型正确，但不在允许范围内。"),
    "boolean-word": _code("error", "yes or no for true or false", "应写 true 或 false",
        "`yes`, `no`, `on` and `off` are texts. Where a boolean is wanted, write true or false.",
        "`yes`、`no`、`on`、`off` 是文本；需要布尔值时请写 true 或 false。"),
    "bad-duration": _code("error", "Not a duration", "不是时长",
        "Durations are written 4h, 14d, 2w, 3mo, or in ISO 8601 as P1M. Business days come in a later version.",
        "时长写作 4h、14d、2w、3mo，或 ISO 8601 形式如 P1M。工作日将在后续版本支持。"),
    "reserved-name": _code("error", "Reserved name", "保留名称",
        "`buyer`, `responsible` and `system` have a meaning of their own and cannot be declared.",
        "`buyer`、`responsible`、`system` 有固定含义，不能用作标识。"),
    "misplaced-key": _code("error", "Key that does not fit the others", "键与其他键不符",
        "Some keys belong to certain types only: values to a choice, of to a list, min and max to numbers and dates.",
        "有些键只适用于特定类型：values 用于 choice，of 用于 list，min 和 max 用于数字和日期。"),
}  # fmt: skip

_NAMES = {
    "undeclared-role": _code("error", "Undeclared role", "未声明的角色",
        "A role is named that `roles:` does not declare. `buyer` may act in events and confirmations only.",
        "使用了 `roles:` 中没有声明的角色。`buyer` 只能用于事件和确认。"),
    "undeclared-artifact": _code("error", "Undeclared artifact", "未声明的阶段资料",
        "An artifact is named that `artifacts:` does not declare.", "使用了 `artifacts:` 中没有声明的阶段资料。"),
    "undeclared-field": _code("error", "Undeclared field", "未声明的字段",
        "An artifact, an event, a list entry, a record or another process is asked for a field that it does not have, "
        "or a field is named that `fields:` does not declare.",
        "使用了阶段资料、事件、列表项、档案或其他流程中不存在的字段，或 `fields:` 中没有声明的字段。"),
    "undeclared-event": _code("error", "Undeclared event", "未声明的事件",
        "An expression or an automation waits for something that `events:` does not declare and that no artifact goes "
        "through.",
        "表达式或自动化等待的事，既未在 `events:` 中声明，也不是阶段资料的变化。"),
    "undeclared-stage": _code("error", "Undeclared stage", "未声明的阶段",
        "A stage is named that is not in the list of stages.", "使用了阶段列表中没有的阶段。"),
    "undeclared-outcome": _code("error", "Undeclared outcome", "未声明的结局",
        "A branch leads to what is neither a stage nor an outcome.", "分支指向的既不是阶段也不是结局。"),
    "undeclared-reason": _code("error", "Undeclared reason", "未声明的原因",
        "A branch gives a reason that its outcome does not list.", "分支给出的原因不在该结局的原因列表中。"),
    "undeclared-methodology": _code("error", "Undeclared methodology", "未找到的销售方法论",
        "A methodology is named that no plugin and no overlay file provides.",
        "没有插件或方法论文件提供该方法论。"),
    "undeclared-approval": _code("error", "Undeclared approval", "未声明的审批",
        "`after` names an approval that is not in the same list.", "`after` 指向的审批不在同一列表中。"),
    "duplicate-id": _code("error", "Duplicate id", "重复的标识",
        "Two entries of one list have the same id.", "同一列表中有两个相同的标识。"),
    "name-clash": _code("error", "Name clash", "名称冲突",
        "Fields, artifacts, functions and the deal's own names share one namespace in expressions.",
        "在表达式中，字段、阶段资料、函数和项目自带的名称共用一个命名空间。"),
}  # fmt: skip

_GRAPH = {
    "unreachable-stage": _code("error", "Unreachable stage", "无法到达的阶段",
        "No start, no next stage and no branch leads here.", "没有任何起点、后续阶段或分支通向该阶段。"),
    "stage-without-exit": _code("error", "Stage without a way out", "没有出口的阶段",
        "A deal that comes here can never leave by going forward or to an outcome.",
        "项目进入该阶段后，无法前进，也无法到达任何结局。"),
    "no-path-to-outcome": _code("error", "No path to an outcome", "无法到达结局",
        "From here deals go round in a circle: no way leads to the end of the process.",
        "从此处出发只会循环，没有任何路径通向流程终点。"),
    "no-producer": _code("error", "Artifact that nobody may produce", "无人可提供的阶段资料",
        "A gate requires an artifact whose `by` names no role, so that the gate never opens.",
        "关卡要求的阶段资料没有任何角色可以提供，因此永远无法通过。"),
    "unheld-role": _code("warning", "Role that nobody holds", "无人担任的角色",
        "Nobody of the team holds this role, so what it alone may do cannot happen. Add people in team.yaml.",
        "团队中无人担任该角色，只有它能做的事无法进行，请在 team.yaml 中添加人员。"),
    "several-winning-stages": _code("error", "More than one winning stage", "多个赢单阶段",
        "Only one stage may say `wins: true`.", "只能有一个阶段标记 `wins: true`。"),
    "no-winning-stage": _code("warning", "No winning stage", "没有赢单阶段",
        "No stage says `wins: true`, so that no deal is ever won; it can only complete.",
        "没有阶段标记 `wins: true`，项目永远不会赢单，只能结束。"),
    "mixed-branches": _code("error", "Some branches with if, some without", "分支条件不一致",
        "Either every branch has an `if`, or none has and a person chooses.",
        "要么每个分支都有 `if`，要么都没有而由人选择。"),
    "back-to-later": _code("error", "Going back to a later stage", "退回目标不在之前",
        "`back_to` may name earlier stages only.", "`back_to` 只能指向之前的阶段。"),
    "skip-to-earlier": _code("error", "Skipping to an earlier stage", "越级目标不在之后",
        "`skip_to` may name later stages only.", "`skip_to` 只能指向之后的阶段。"),
    "backward-range": _code("error", "Range of stages that runs backward", "阶段范围颠倒",
        "`stages: {from, to}` must run forward.", "`stages: {from, to}` 必须由前到后。"),
    "approval-cycle": _code("error", "Approvals that wait for each other", "审批相互等待",
        "Each waits for the other by `after`, so that none can ever be given.",
        "各审批通过 `after` 相互等待，永远无法完成。"),
    "no-buyer-evidence": _code("warning", "No buyer evidence", "没有客户证据",
        "No exit criterion of this stage rests on an act of the buyer, so that a deal can move on by the seller's "
        "word alone. To accept that, write `# dealwright: ignore[no-buyer-evidence] REASON`.",
        "该阶段没有任何准出条件以客户的行为为依据，仅凭销售方的说法就能推进。如确需如此，请写 "
        "`# dealwright: ignore[no-buyer-evidence] 原因`。"),
    "overlay-misfit": _code("error", "Overlay that does not fit", "方法论与流程不相容",
        "The process and the overlay declare the same name differently, or a condition of the overlay means something "
        "else inside of this process. Rename the process's own, or leave the overlay out.",
        "流程与方法论对同一名称的声明不一致，或方法论的条件在此流程中含义不同。请更改流程中的名称，或不使用该方法论。"),
    "missing-phase": _code("warning", "Phase that the process lacks", "流程缺少的阶段类别",
        "An overlay attaches to a phase that no stage of the process belongs to; what it asks there never applies.",
        "方法论依附的阶段类别在流程中不存在，因此其要求不会生效。"),
    "conflicting-methodologies": _code("error", "Methodologies that conflict", "方法论冲突",
        "One of them names the other under `conflicts`.", "其中一个在 `conflicts` 中列出了另一个。"),
    "methodology-tension": _code("warning", "Methodologies that pull apart", "方法论之间存在张力",
        "Both ask something else in this phase. Say which one leads there: "
        "`methodologies: {NAME: {primary: [PHASE]}}`; the other then gives questions only.",
        "两者在该阶段类别的要求不同。请指明以谁为主：`methodologies: {名称: {primary: [阶段类别]}}`，"
        "另一方则只提供问题。"),
    "methodology-overlap": _code("warning", "Methodologies that overlap", "方法论有重叠",
        "Both look at the same facts in this phase. What they share is entered once; attach one of them to fewer "
        "phases, or ignore this with a reason.",
        "两者在该阶段类别关注相同的事实。共享内容只需填写一次；可缩小其中一方的附着范围，或说明原因后忽略。"),
    "ignore-without-reason": _code("warning", "Ignore without a reason", "忽略未说明原因",
        "`# dealwright: ignore[CODE]` hides a warning only with a reason behind it.",
        "`# dealwright: ignore[CODE]` 之后必须写明原因才会生效。"),
    "unused-ignore": _code("warning", "Ignore that hides nothing", "多余的忽略",
        "No warning of this code stands on this line or the next. Errors cannot be ignored.",
        "本行或下一行没有该代码的警告。错误不能忽略。"),
}  # fmt: skip

_GUARDS = {
    "guard-syntax": _code("error", "Expression that cannot be read", "表达式语法错误",
        "The expression is not in the language of conditions.", "表达式不符合条件语言的语法。"),
    "guard-unknown-name": _code("error", "Unknown name in an expression", "表达式中的未知名称",
        "No field, artifact, event or function has this name.", "没有此名称的字段、阶段资料、事件或函数。"),
    "guard-type": _code("error", "Types that do not go together", "类型不符",
        "The expression compares or combines values of different types, or gives no condition.",
        "表达式比较或组合了不同类型的值，或结果不是条件。"),
    "guard-ambiguous-name": _code("error", "Name with two meanings", "含义不明的名称",
        "Inside of a list the entry's own field and a name outside are called the same. Rename one of them.",
        "列表项的字段与外部名称同名，请更改其中之一。"),
    "guard-personal": _code("error", "Personal field in an expression", "表达式使用了个人信息",
        "Of a field marked `personal: true` an expression may only ask has(...).",
        "对标记为 `personal: true` 的字段，表达式只能用 has(...)。"),
    "guard-too-long": _code("error", "Expression too long", "表达式过长",
        "An expression may have 500 characters. Split it into several criteria.",
        "表达式不得超过 500 个字符，请拆分为多个条件。"),
    "guard-too-complex": _code("error", "Expression too complex", "表达式过于复杂",
        "An expression may have 100 parts, 20 levels deep. Split it into several criteria.",
        "表达式不得超过 100 个部分或 20 层嵌套，请拆分为多个条件。"),
}  # fmt: skip

FINDING_CODES: dict[str, Code] = {
    **_READING, **_SHAPE, **_NAMES, **_GRAPH, **_GUARDS, **LANGUAGE, **PRACTICE, **SOUND, **MERGING, **LINT,
}  # fmt: skip
