"""What a process is made of, for comparing: each kind of part, its attributes by the author's keys, its own parts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from dealwright.definition.comparing import judging as j

Judge = Callable[[Any, Any], j.Verdict]


class Attribute(NamedTuple):
    """An attribute of the model's struct under the key that authors know."""

    name: str
    key: str
    zh: str
    judge: Judge = j.wording
    """The Chinese word of the key, and who judges a change of it."""


class Part(NamedTuple):
    """Parts of a part: the attribute that holds them, by the author's key."""

    name: str
    key: str
    kind: Kind
    ordered: bool = False


class Kind(NamedTuple):
    """A kind of part. `added` and `removed` are verdicts on one that comes or goes."""

    en: str
    zh: str
    attributes: tuple[Attribute, ...] = ()
    parts: tuple[Part, ...] = ()
    added: j.Verdict = j.NEITHER
    removed: j.Verdict = (True, None)
    identity: Callable[[Any], str] = lambda part: str(part.id)


def by_id(holder: Any, kind: Kind) -> dict[str, Any]:
    """The parts that an attribute holds, by what tells them apart."""
    if holder is None:
        return {}
    if isinstance(holder, Mapping):
        return dict(holder)
    entries: Iterable[Any] = holder if isinstance(holder, tuple) else (holder,)
    found: dict[str, Any] = {}
    for entry in entries:
        name = kind.identity(entry)
        found[name if name not in found else f"{name}#{len(found)}"] = entry
    return found


_TITLE = Attribute("title", "title", "名称")
_BY = Attribute("by", "by", "执行角色", j.fewer_is_tighter)
_IF = Attribute("condition", "if", "适用条件", j.applies)
_RENAMED = Attribute("renamed_from", "renamed_from", "原标识")

VALUE = Kind("value", "选项")
REASON = Kind("reason", "原因")
ROLE = Kind("role", "角色", (_TITLE, Attribute("external", "external", "外部")))
_FIELD_ATTRIBUTES = (
    Attribute("type", "type", "类型", j.breaks), _TITLE,
    Attribute("record", "of", "记录类型", j.breaks),
    Attribute("formula", "formula", "公式", j.breaks),
    Attribute("required", "required", "必填", lambda _old, new: (bool(new), bool(new))),
    Attribute("min", "min", "最小值", j.more_is_tighter), Attribute("max", "max", "最大值", j.less_is_tighter),
    Attribute("at_least", "at_least", "最少条数", j.more_is_tighter), _BY,
    Attribute("personal", "personal", "个人信息"), Attribute("closes", "items", "可关闭", j.set_is_tighter),
    Attribute("proof", "proof", "凭据", j.set_is_tighter),
)  # fmt: skip
_VALUES = Part("values", "values", VALUE)
_ENTRY_FIELD = Kind("field", "字段", _FIELD_ATTRIBUTES, (_VALUES,))
FIELD = Kind("field", "字段", _FIELD_ATTRIBUTES, (_VALUES, Part("of", "of", _ENTRY_FIELD)))
_FIELDS = Part("fields", "fields", FIELD)
EVENT = Kind("event kind", "事件", (_BY, _TITLE, Attribute("proof", "proof", "凭据", j.set_is_tighter)), (_FIELDS,))
APPROVAL = Kind(
    "approval", "审批",
    (
        Attribute("by", "by", "审批角色", j.fewer_is_tighter), _IF,
        Attribute("after", "after", "先后次序"), Attribute("count", "count", "人数", j.more_is_tighter),
        Attribute("four_eyes", "four_eyes", "四眼原则", j.set_is_tighter),
        Attribute("within", "within", "时限", j.shorter_is_tighter),
        Attribute("on_timeout", "on_timeout", "超时处理"), Attribute("escalate_to", "on_timeout", "上报对象"),
        Attribute("on_reject", "on_reject", "驳回处理"),
    ),
    added=(False, True), removed=(False, False),
)  # fmt: skip
_APPROVALS = Part("approvals", "approvals", APPROVAL, ordered=True)
ARTIFACT = Kind(
    "artifact", "阶段资料",
    (
        _BY, _TITLE, Attribute("kind", "kind", "类别", j.breaks),
        Attribute("file", "file", "文件", lambda _old, new: (new == "required", new == "required")),
        Attribute("many", "many", "可有多份", j.breaks),
    ),
    (_FIELDS, _APPROVALS),
)  # fmt: skip
_CRITERION_ATTRIBUTES = (
    Attribute("condition", "condition", "条件", j.condition),
    Attribute("applies", "if", "适用条件", j.applies),
    Attribute("severity", "severity", "级别", j.severity), _TITLE, Attribute("unmet", "unmet", "未满足提示"),
    Attribute("waivable_by", "waivable_by", "可特批角色", j.waivers),
    Attribute("stages", "stages", "适用阶段"), Attribute("at_least", "at_least", "至少满足"),
    Attribute("for_each", "for_each", "逐项检查"), Attribute("use", "use", "插件条件"),
    Attribute("given", "with", "插件条件的参数"),
)  # fmt: skip
_INNER = Kind("part", "组成部分", _CRITERION_ATTRIBUTES, added=(False, None), removed=(False, None))
ENTRY = Kind("entry criterion", "进入条件", _CRITERION_ATTRIBUTES, (Part("of", "of", _INNER),),
             added=(False, True), removed=(False, False))  # fmt: skip
EXIT = ENTRY._replace(en="exit criterion", zh="离开条件")
# A deal that has passed this stage may well lack what is asked there now.
REQUIREMENT = Kind("required artifact", "必备资料", (_IF,), added=(True, True), removed=(False, False),
                   identity=lambda part: str(part.artifact))  # fmt: skip
BRANCH = Kind("branch", "分支", (
    _TITLE, Attribute("condition", "if", "条件"), Attribute("to", "to", "去向"), Attribute("reason", "reason", "原因"),
))  # fmt: skip
DECISION = Kind(
    "decision", "决策",
    (Attribute("ask", "ask", "问题"), Attribute("by", "by", "决策角色", j.fewer_is_tighter),
     Attribute("hit", "hit", "命中方式")),
    (Part("branches", "branches", BRANCH, ordered=True),), removed=(False, None), identity=lambda _part: "",
)  # fmt: skip
STAGE_TASK = Kind("task given here", "进入时布置的任务", (_IF,), added=(False, True), removed=(False, False),
                  identity=lambda part: str(part.task))  # fmt: skip
TASK = Kind("task", "任务", (
    _TITLE, _BY, Attribute("due", "due", "期限", j.shorter_is_tighter),
    Attribute("optional", "optional", "可选", j.set_is_looser), Attribute("after", "after", "前置任务"),
))  # fmt: skip
AUTOMATION = Kind("automation", "自动规则", (
    _TITLE, _IF, *(Attribute(name, name, zh) for name, zh in (
        ("upon", "触发"), ("after", "之后"), ("before", "之前"), ("every", "每隔"), ("since", "起算"), ("of", "日期"),
        ("stages", "阶段"), ("times", "次数"), ("then", "执行"),
    )),
), removed=(False, None))  # fmt: skip
VARIANT = Kind("variant", "方案", (_TITLE, *(Attribute(name, name, zh) for name, zh in (
    ("share", "占比"), ("prompts", "提示"), ("follow_up", "跟进"),
))))  # fmt: skip
STAGE = Kind(
    "stage", "阶段",
    (
        _TITLE, Attribute("phase", "phase", "阶段类别"), Attribute("condition", "if", "适用条件"),
        Attribute("responsible", "responsible", "负责角色"),
        *(Attribute(name, name, zh) for name, zh in (
            ("accountable", "最终负责"), ("consulted", "征询"), ("informed", "知会"), ("probability", "赢率"),
            ("forecast", "预测类别"),
        )),
        Attribute("sla", "sla", "时限", j.shorter_is_tighter), Attribute("sla_cases", "sla", "时限分档"),
        Attribute("stall", "stall", "停滞时限", j.shorter_is_tighter), Attribute("stall_cases", "stall", "停滞分档"),
        Attribute("follow_up", "follow_up", "跟进节奏"), Attribute("follow_up_cases", "follow_up", "跟进分档"),
        Attribute("wins", "wins", "赢单阶段", j.breaks), Attribute("auto", "auto", "自动推进", j.set_is_looser),
        Attribute("locked", "locked", "审批时锁定", j.set_is_tighter),
        Attribute("detour", "detour", "旁路"), Attribute("skip_to", "skip_to", "可越级"),
        Attribute("back_to", "back_to", "可退回"),
        *(Attribute(name, name, zh) for name, zh in (
            ("prompts", "提示"), ("goal", "目标"), ("guidance", "指引"), ("questions", "问题库"), ("buyer", "客户旅程"),
        )),
    ),
    (
        Part("requires", "requires", REQUIREMENT), Part("entry_criteria", "entry_criteria", ENTRY),
        Part("exit_criteria", "exit_criteria", EXIT), _APPROVALS, Part("decision", "decision", DECISION),
        Part("tasks", "tasks", STAGE_TASK), Part("automations", "automations", AUTOMATION),
        Part("variants", "variants", VARIANT),
    ),
)  # fmt: skip
OUTCOME = Kind("outcome", "结局", (
    Attribute("status", "status", "状态", j.breaks), _TITLE,
    Attribute("stages", "from", "可由何处到达", j.fewer_is_tighter), _BY, Attribute("recall", "recall", "回访时间"),
), (Part("reasons", "reasons", REASON),))  # fmt: skip
_PERSONA = Kind("persona", "画像", removed=j.NEITHER)
_BANK = Kind("question bank", "问题库", removed=j.NEITHER)
_TEMPLATE = Kind("template", "模板", (_TITLE, _IF, *(Attribute(name, name, zh) for name, zh in (
    ("channel", "渠道"), ("subject", "主题"), ("body", "正文"), ("stages", "阶段"),
))), removed=j.NEITHER)  # fmt: skip
_RELATED = Kind("related deals", "相关项目", (
    Attribute("process", "process", "流程", j.breaks), _TITLE, _IF, *(Attribute(name, name, zh) for name, zh in (
        ("match", "匹配"), ("link", "关联"), ("pick", "取用"),
    )),
))  # fmt: skip
_UNIQUE = Kind("rule of uniqueness", "唯一性规则", (
    _TITLE, Attribute("fields", "fields", "字段"), Attribute("stages", "among", "范围"),
    Attribute("on_conflict", "on_conflict", "冲突处理"),
), added=(False, True), removed=(False, False))  # fmt: skip
_START = Kind("start", "起点", (Attribute("condition", "if", "条件"),), identity=lambda part: str(part.to))
_ASSIGNMENT = Kind("rule of assignment", "分配规则", (_IF, Attribute("pick", "pick", "方式")), removed=j.NEITHER,
                   identity=lambda part: str(part.role))  # fmt: skip
PROCESS = Kind(
    "process", "流程",
    (
        _TITLE, *(Attribute(name, name, zh) for name, zh in (
            ("description", "说明"), ("noun", "称谓"), ("type", "类型"), ("timezone", "时区"), ("extends", "父流程"),
            ("libraries", "公共库"), ("methodologies", "销售方法论"), ("attachments", "方法论的附着"),
            ("grade_factor", "分级系数"),
        )),
        Attribute("currency", "currency", "币种", j.breaks), Attribute("subject", "subject", "所属记录", j.breaks),
    ),
    (
        Part("roles", "roles", ROLE), Part("fields", "fields", FIELD), Part("events", "events", EVENT),
        Part("artifacts", "artifacts", ARTIFACT), Part("start", "start", _START, ordered=True),
        Part("exit_criteria", "exit_criteria", EXIT), Part("stages", "stages", STAGE, ordered=True),
        Part("outcomes", "outcomes", OUTCOME), Part("related", "related", _RELATED), Part("unique", "unique", _UNIQUE),
        Part("tasks", "tasks", TASK), Part("assignment", "assignment", _ASSIGNMENT),
        Part("automations", "automations", AUTOMATION), Part("personas", "personas", _PERSONA),
        Part("question_banks", "questions", _BANK), Part("templates", "templates", _TEMPLATE),
    ),
)  # fmt: skip
