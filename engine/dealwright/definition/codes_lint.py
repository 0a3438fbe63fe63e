"""The codes of what is said about the rules themselves: in settings, in profiles, and by plugins that fail."""

from __future__ import annotations

from dealwright.definition.code import Code, error, warning
from dealwright.model.text import Text

LINT: dict[str, Code] = {
    "unknown-rule": error("form",
        Text("No such rule", "没有这条规则"),
        Text("`rules` names a code that `process validate` never finds. All codes are listed on this page; those of a "
             "plugin are written `plugin:NAME/CODE`.",
             "`rules` 中的代码不存在。本页列有全部代码；插件的规则写作 `plugin:插件名/代码`。")),
    "fixed-rule": error("form",
        Text("Rule that cannot be changed", "不能更改的规则"),
        Text("What keeps a file from being used stays an error everywhere. Only codes whose own severity is warning "
             "can be raised, lowered or turned off.",
             "使文件无法使用的问题在任何地方都是错误。只有本身为警告的规则才能升级、降级或关闭。")),
    "unknown-criterion-kind": error("form",
        Text("No such kind of criterion", "没有这种条件类型"),
        Text("`use` names a kind of criterion that no allowed plugin adds. Allow the plugin in dealwright.yaml, or "
             "write a `condition`.",
             "`use` 指定的条件类型没有任何获准的插件提供。请在 dealwright.yaml 中允许该插件，或改写 `condition`。")),
    "plugin-failed": warning("form",
        Text("Plugin whose rules could not be asked", "插件的规则检查出错"),
        Text("A plugin raised or answered wrongly while it looked at this process, so that what it would have found "
             "is missing. Tell its author; the rest of the validation is complete.",
             "插件在检查此流程时出错或返回有误，其规则没有得到检查。请告知插件作者；其余检查不受影响。")),
}  # fmt: skip
