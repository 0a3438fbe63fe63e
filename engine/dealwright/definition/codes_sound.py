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
    "locked-too-early": warning("sound",
        Text("Stage locked before its work is done", "工作未完成就已锁定"),
        Text("The stage is locked from entry until its approvals are answered, and nothing can be recorded meanwhile; "
             "but it requires what no stage before it does. Ask for it earlier, or approve in a stage of its own.",
             "该阶段从进入到审批完成期间都被锁定，无法登记任何内容，但它要求的资料在之前的阶段并未要求。"
             "请提前要求该资料，或把审批放到单独的阶段。")),
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

_CONDITIONS = {
    "gate-never-opens": error("sound",
        Text("Gate that never opens", "永远不会打开的关卡"),
        Text("The blocking criteria named cannot all hold of one deal, or one of them can never hold, so that no deal "
             "gets past. Bounds of fields and closed lists of values count.",
             "所列的强制条件不可能对同一项目同时成立，或其中一项永远不成立，因此没有项目能够通过。"
             "判断时计入字段的上下限和选项列表。")),
    "waiver-always-needed": warning("sound",
        Text("Gate that opens by waiver only", "只能靠特批通过的关卡"),
        Text("These criteria cannot all hold of one deal; only where one of them is waived can it go on.",
             "这些条件不可能对同一项目同时成立，只有对其中一项特批才能推进。")),
    "dead-transition": error("sound",
        Text("Way that is never taken", "永远不会走的路径"),
        Text("No deal can go this way: its condition and the criteria of the gates it leads through exclude each "
             "other, or something before it in the list always comes first.",
             "没有项目能走这条路径：它的条件与所经关卡的条件互相排斥，或列表中前面的项总会先成立。")),
    "never-true": warning("sound",
        Text("Condition that never holds", "永远不成立的条件"),
        Text("With the types, bounds and values declared this can hold of no deal, so that what depends on it never "
             "counts.",
             "按所声明的类型、界限和取值，该条件对任何项目都不成立，依赖它的内容永远不起作用。")),
    "always-true": warning("sound",
        Text("Condition that is never false", "永远不为假的条件"),
        Text("With the types, bounds and values declared this is true wherever it is known. To ask whether something "
             "was filled in, write has(...); otherwise leave the condition out.",
             "按所声明的类型、界限和取值，只要有值该条件就为真。若只想判断是否已填写，请写 has(...)；"
             "否则请去掉该条件。")),
    "overlapping-branches": warning("sound",
        Text("Branches that overlap", "分支条件重叠"),
        Text("Two branches can hold at once, and then the move is refused. Make their conditions exclude each other, "
             "or write `hit: first`, which takes the first of them.",
             "两个分支可能同时成立，此时无法推进。请让条件互相排斥，或写 `hit: first` 取其中第一个。")),
    "undecided-case": warning("sound",
        Text("Case that no branch takes", "没有分支覆盖的情形"),
        Text("With everything filled in, no branch may hold, and the deal stays where it is. An example is given; "
             "close the gap, or add a branch for the rest.",
             "即使全部填写完整，也可能没有分支成立，项目只能停留。信息中给出了一个例子；请补上缺口，或增加兜底分支。")),
    "check-stopped": warning("sound",
        Text("Check that stopped at its limit", "检查因超出限度而停止"),
        Text("The conditions here allow more combinations than are looked at, or the file has more conditions than are "
             "held against each other. What was found stands; that nothing else is wrong was not proved.",
             "此处条件的组合数超出检查限度，或文件中条件过多。已发现的问题有效，但未能证明没有其他问题。")),
}  # fmt: skip

SOUND: dict[str, Code] = {**_AUTOMATIC, **_TIMES, **_PEOPLE, **_CONDITIONS}
