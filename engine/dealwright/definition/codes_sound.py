"""The codes of soundness: what keeps deals from getting through a process, or sends them the wrong way."""

from __future__ import annotations

from dealwright.definition.code import Code, error, warning
from dealwright.model.text import Text

_AUTOMATIC = {
    "endless-automation": error("sound",
        Text("Automatic moves without end", "无休止的自动流转"),
        Text("These moves follow each other by themselves, and nothing holds them up: every deal that comes here is "
             "refused. Give one of the stages something to wait for, or take an automation out.",
             "这些流转会自动相互触发，没有任何条件能让它停下：到达这里的项目都会被拒绝。"
             "请让其中一个阶段有所等待，或去掉一条自动规则。")),
    "circling-automation": warning("sound",
        Text("Automatic moves in a circle", "循环的自动流转"),
        Text("These moves lead back to where they began without anybody's doing. As long as all their conditions hold, "
             "deals are refused here. Make sure that the conditions exclude each other.",
             "这些流转无需人工操作就会回到起点。只要条件都成立，项目就会在此被拒绝。请确保这些条件互相排斥。")),
    "task-cycle": error("sound",
        Text("Tasks that wait for each other", "任务相互等待"),
        Text("Each waits for the other by `after`, so that none is ever given.",
             "各任务通过 `after` 相互等待，永远不会派发。")),
}  # fmt: skip

_TIMES = {
    "stall-before-sla": warning("sound",
        Text("Stalled before the limit is up", "时限未到先算停滞"),
        Text("`stall` is shorter than `sla`: deals count as stalled while they are still in time.",
             "`stall` 短于 `sla`：项目还在时限之内就被算作停滞。")),
    "expires-before-sla": warning("sound",
        Text("Sent on before the limit is up", "时限未到就被移走"),
        Text("An automation takes every deal out of this stage before its `sla` is up, so that the limit means "
             "nothing. Shorten `sla`, or let the automation come later.",
             "有自动规则会在 `sla` 到期之前把项目移出该阶段，时限形同虚设。请缩短 `sla` 或推迟该规则。")),
    "sla-beyond-process": warning("sound",
        Text("Time limit longer than the process", "阶段时限超过流程时限"),
        Text("An automation ends every deal some time after it was opened, and this stage alone may take longer.",
             "有自动规则会在项目创建一段时间后将其结束，而仅此一个阶段的时限就更长。")),
    "answer-after-sla": warning("sound",
        Text("Answer due after the limit", "答复期限超过时限"),
        Text("An approval's `within`, or a task's `due`, is longer than the `sla` of the stage that waits for it.",
             "审批的 `within` 或任务的 `due` 长于等待它的阶段的 `sla`。")),
}  # fmt: skip

_PEOPLE = {
    "nobody-to-pass": warning("sound",
        Text("Gate that nobody may pass", "无人可通过的关卡"),
        Text("What is needed here is left to roles that nobody of the team holds. Add people in team.yaml, or let "
             "another role do it.",
             "此处所需的事只能由团队中无人担任的角色完成。请在 team.yaml 中添加人员，或改由其他角色完成。")),
    "too-few-approvers": warning("sound",
        Text("Too few people to approve", "审批人不足"),
        Text("So many people as are needed do not hold the role; under four eyes whoever did the work does not count.",
             "担任该角色的人数少于所需人数；在四眼原则下，经办人不计入。")),
}  # fmt: skip

SOUND: dict[str, Code] = {**_AUTOMATIC, **_TIMES, **_PEOPLE}
