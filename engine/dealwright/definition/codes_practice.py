"""The codes of good practice: what the trade asks of a sales process beyond that it can be run."""

from __future__ import annotations

from dealwright.definition.code import Code, warning
from dealwright.model.text import Text

PRACTICE: dict[str, Code] = {
    "few-criteria": warning("practice",
        Text("Stage that asks for next to nothing", "阶段要求过少"),
        Text("A stage that can be left for one reason or none is a label, not a step: ask for two to four things "
             "(criteria, documents, approvals, tasks), or merge it with its neighbour (R50, R51).",
             "只有一项要求或没有要求就能离开的阶段只是标签，不是步骤。请设置二到四项要求（条件、资料、审批或任务），"
             "或与相邻阶段合并（R50、R51）。")),
    "many-criteria": warning("practice",
        Text("Stage that asks for too much", "阶段要求过多"),
        Text("More than four blocking criteria in one stage are worked through as a form. Split the stage, combine "
             "criteria with `at_least` and `of`, or let some only warn (R51).",
             "一个阶段有超过四个强制条件，就会变成填表。请拆分阶段，用 `at_least` 和 `of` 合并条件，"
             "或把部分条件改为提醒（R51）。")),
    "no-sla": warning("practice",
        Text("Stage without a time limit", "阶段没有时限"),
        Text("Without `sla` nothing tells that a deal has stayed too long in this stage (R111, R112).",
             "没有 `sla`，就无法发现项目在该阶段停留过久（R111、R112）。")),
    "follow-up-after-sla": warning("practice",
        Text("Contact planned after the time limit", "跟进安排在时限之后"),
        Text("The last planned contacts come after the stage's `sla`, when the deal should have moved on (R73). "
             "Shorten the cadence or lengthen the limit.",
             "最后几次计划跟进在阶段时限 `sla` 之后，而那时项目本应已推进（R73）。请缩短跟进节奏或延长时限。")),
    "unnamed-reasons": warning("practice",
        Text("Ending without reasons to choose from", "结局没有原因列表"),
        Text("Deals end here without a named reason, so that nobody can learn from them. List the `reasons` (R77).",
             "项目以此结局结束时没有可选的原因，事后无从总结。请列出 `reasons`（R77）。")),
    "no-decision-unnamed": warning("practice",
        Text("Loss reasons without no decision", "丢单原因缺少“未作决定”"),
        Text("Most lost deals are lost to nothing at all. Without the reason `no_decision` they are booked on price or "
             "a competitor (R77).",
             "很多丢单其实是客户什么都没决定。缺少 `no_decision` 这一原因，它们就会被记到价格或竞争对手头上（R77）。")),
    "no-disqualification": warning("practice",
        Text("No way to turn a prospect away", "没有排除潜在客户的途径"),
        Text("No outcome has the status `disqualified`: low-potential prospects can only be carried along or counted "
             "as lost (R78).",
             "没有状态为 `disqualified` 的结局：低潜力客户只能一直跟着，或被算作丢单（R78）。")),
    "no-next-step": warning("practice",
        Text("No next step with a date", "没有带日期的下一步"),
        Text("Nothing asks for a dated next step: no task with `due`, no criterion on a date of the deal such as "
             "`has(next_step_date)` (R53, R73).",
             "流程没有要求确定下一步的日期：既没有带 `due` 的任务，也没有基于项目日期的条件，"
             "如 `has(next_step_date)`（R53、R73）。")),
    "methodology-as-stages": warning("practice",
        Text("Methodology laid out as stages", "把方法论排成了阶段"),
        Text("These stages are the steps of a methodology. A methodology shapes how stages are worked, not which there "
             "are (R131): write the stages of your own process and lay the methodology over them, as an overlay.",
             "这些阶段其实是某种方法论的步骤。方法论决定各阶段怎么做，而不是有哪些阶段（R131）："
             "请写出自己流程的阶段，再用 overlay 叠加方法论。")),
}  # fmt: skip
