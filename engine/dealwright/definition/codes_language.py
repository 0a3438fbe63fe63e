"""The codes of what names, values and cases can get wrong beyond what every file has."""

from __future__ import annotations

from dealwright.definition.code import Code, error
from dealwright.model.text import Text

LANGUAGE: dict[str, Code] = {
    "undeclared-record": error(
        "form",
        Text("Undeclared type of record", "未声明的档案类型"),
        Text(
            "No file `NAME.record.yaml` of the workspace or of dealwright itself declares this type of record.",
            "工作区和内置文件中都没有声明此档案类型的 `NAME.record.yaml`。",
        ),
    ),
    "undeclared-process": error(
        "form",
        Text("Undeclared process", "未找到的流程"),
        Text(
            "A related deal or a deal to open is of a process that neither the workspace nor dealwright itself has.",
            "关联项目或要建立的项目所属的流程，在工作区和内置流程中都没有。",
        ),
    ),
    "undeclared-task": error(
        "form",
        Text("Undeclared task", "未声明的任务"),
        Text("A task is named that `tasks:` does not declare.", "使用了 `tasks:` 中没有声明的任务。"),
    ),
    "undeclared-related": error(
        "form",
        Text("Undeclared related deals", "未声明的关联项目"),
        Text("A name is used that `related:` does not declare.", "使用了 `related:` 中没有声明的名称。"),
    ),
    "undeclared-questions": error(
        "form",
        Text("Undeclared question bank", "未声明的问题库"),
        Text(
            "A stage names a bank that `questions:` does not declare.", "阶段引用了 `questions:` 中没有声明的问题库。"
        ),
    ),
    "undeclared-persona": error(
        "form",
        Text("Undeclared persona", "未声明的人物画像"),
        Text(
            "A stage speaks of a persona that `personas:` does not declare.",
            "阶段提到了 `personas:` 中没有声明的人物。",
        ),
    ),
    "unfit-field": error(
        "form",
        Text("Field of a type that does not do here", "字段类型不适用"),
        Text(
            "A date is counted from date fields only, a link is held by a text or record field, and lists, files and "
            "confirmations are never compared.",
            "计时只能依据日期类字段，链接只能存放在文本或档案字段中，列表、文件和确认不能用来比较。",
        ),
    ),
    "unfit-value": error(
        "form",
        Text("Value that does not fit the field", "值与字段不符"),
        Text(
            "What an automation sets or a related deal is matched by has to be of the field's type; of a choice, one "
            "of its values. Nothing sets a field that has a formula. A text in an expression stands in quotes of its "
            "own: `'\"north\"'`.",
            "自动化写入的值和关联匹配的值须与字段类型相符；choice 字段须为其取值之一；带公式的字段不能赋值。"
            "表达式中的文本须另加引号：`'\"north\"'`。",
        ),
    ),
    "case-out-of-reach": error(
        "form",
        Text("Case that no deal can reach", "无法到达的情况"),
        Text(
            "Cases are asked in order and one without `if` takes every deal, so it stands last.",
            "各情况按顺序判断，没有 `if` 的一项适用于所有项目，因此须放在最后。",
        ),
    ),
}
