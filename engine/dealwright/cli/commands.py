"""Every noun and verb with its one-line help in both languages, and where its code is.

One table serves the lazy groups, every help page and the tests, so that `--help` needs
neither click nor any command's module.
"""

from __future__ import annotations

from collections.abc import Mapping


class Entry:
    """A command. `target` is `module:attribute` inside `dealwright.cli`; a noun has `verbs` instead."""

    # A plain class, as `typing` alone would be a third of what `--help` costs.
    __slots__ = ("en", "target", "verbs", "zh")

    def __init__(self, en: str, zh: str, target: str = "", verbs: Mapping[str, Entry] | None = None) -> None:
        self.en = en
        self.zh = zh
        self.target = target
        self.verbs: Mapping[str, Entry] = verbs or {}

    def say(self, lang: str) -> str:
        """The help line in `lang`."""
        return self.zh if lang == "zh" else self.en


_PROCESS = {
    "validate": Entry(
        "Check process files; every finding with its line", "检查流程文件，逐行列出问题", "validate:validate"
    ),
    "list": Entry("The processes that deals can be opened in", "列出可用的流程", "process:list_"),
    "show": Entry("A process, resolved: stages, roles, artifacts", "查看流程：阶段、角色、阶段资料", "process:show"),
    "diagram": Entry(
        "Draw a process: Mermaid, Graphviz or SVG", "绘制流程图：Mermaid、Graphviz 或 SVG", "diagram:diagram"
    ),
    "publish": Entry("Make a version of a process final", "发布流程的一个版本", "process:publish"),
    "resolve": Entry("A process merged with all it is made of", "输出合并父流程和公共库后的流程", "composing:resolve"),
    "diff": Entry("What changed between two processes", "比较两个流程的变化", "process_diff:diff"),
    "lock": Entry("Remember what parents and libraries say", "锁定父流程和公共库的内容", "composing:lock"),
}

_ITEM = {
    "add": Entry("Add an entry to a list of the deal", "向项目的列表添加一项", "deal_items:add"),
    "set": Entry("Change an entry of a list", "修改列表中的一项", "deal_items:set_"),
    "close": Entry("Close an entry of a list", "关闭列表中的一项", "deal_items:close"),
}

_DEAL = {
    "open": Entry("Open a deal in a process", "在流程中新建项目", "deal:open_"),
    "list": Entry("List deals", "列出项目", "deal_reads:list_"),
    "show": Entry("A deal: where it stands and what it holds", "查看项目：所处阶段与内容", "deal_reads:show"),
    "why": Entry("What keeps a deal from moving, and how to help", "为何不能推进，以及如何解决", "deal_reads:why"),
    "coach": Entry("What to ask next, and what methodologies want", "接下来问什么，方法论还要求什么", "coaching:coach"),
    "score": Entry("How methodologies score a deal, and did", "方法论对项目的评分及历史", "coaching:score"),
    "propose": Entry("Log what plugins propose for a deal", "记录插件对项目的建议", "coaching:propose"),
    "advance": Entry("Move on: advance, win or complete", "推进：进入下一阶段、赢单或完成", "deal_moves:advance"),
    "move": Entry("Skip ahead or go back to a stage", "越级或退回到某个阶段", "deal_moves:move"),
    "hold": Entry("Put a deal on hold until a date", "将项目搁置到某一天", "deal_moves:hold"),
    "resume": Entry("Take a deal off hold", "恢复搁置的项目", "deal_moves:resume"),
    "lose": Entry("End a deal as lost, for a reason", "丢单，并说明原因", "deal_ends:lose"),
    "disqualify": Entry("End a deal as disqualified, for a reason", "判定为不合格，并说明原因", "deal_ends:disqualify"),
    "reopen": Entry("Take a lost or disqualified deal up again", "重新打开已丢单或不合格的项目", "deal_ends:reopen"),
    "waive": Entry("Let one criterion go, by name and with a reason", "特批一项条件，并说明理由", "deal:waive"),
    "assign": Entry("Give a deal to another person", "将项目交给另一个人", "deal:assign"),
    "set": Entry("Set fields of a deal", "填写项目字段", "deal:set_"),
    "item": Entry("Entries of lists: pains, objections, questions", "列表条目：痛点、异议、问题", verbs=_ITEM),
    "transfer": Entry("Carry a deal over to another process", "将项目转入另一流程或版本", "deal_transfer:transfer"),
    "history": Entry("Everything that happened to a deal", "项目的全部历史", "deal_reads:history"),
    "verify": Entry("Check a deal's log against its hashes", "按哈希核对项目的日志", "deal_reads:verify"),
}

_RECORD = {
    "add": Entry("Add a record: an account, a partner", "新增记录：客户、伙伴等", "record:add"),
    "list": Entry("List records", "列出记录", "record:list_"),
    "show": Entry("A record, and the deals that belong to it", "查看记录及其项目", "record:show"),
    "set": Entry("Fill in fields of a record", "填写记录的字段", "record:set_"),
    "history": Entry("Everything that happened to a record", "记录的全部历史", "record:history"),
    "archive": Entry("Archive a record", "归档记录", "record:archive"),
}

_ARTIFACT = {
    "add": Entry("Record an artifact, or a new version of it", "登记阶段资料或其新版本", "artifact:add"),
    "list": Entry("The artifacts of a deal", "列出项目的阶段资料", "artifact:list_"),
    "show": Entry("An artifact with its fields and approvals", "查看阶段资料及其审批", "artifact:show"),
    "approve": Entry("Approve an artifact", "批准阶段资料", "artifact:approve"),
    "reject": Entry("Reject an artifact, with a note", "驳回阶段资料，并附说明", "artifact:reject"),
}

_APPROVAL = {
    "list": Entry("The approvals a deal waits for", "列出项目待办的审批", "approval:list_"),
    "approve": Entry("Approve what a stage asks approval for", "批准阶段要求的审批", "approval:approve"),
    "reject": Entry("Reject it, with a note", "驳回审批，并附说明", "approval:reject"),
}

_TASK = {
    "list": Entry("The tasks of a deal", "列出项目的任务", "task:list_"),
    "add": Entry("Give a task, of the process or another", "布置任务：流程中的，或另立一项", "task:add"),
    "done": Entry("Mark a task as done", "标记任务为已完成", "task:done"),
    "skip": Entry("Let a task go, for a reason", "免做一项任务，并说明理由", "task:skip"),
}

_TEMPLATE = {
    "list": Entry("The messages ready to send, and which fit now", "列出消息模板及当前适用者", "template:list_"),
    "show": Entry("One of them, filled with the deal's values", "按项目内容填好一份模板", "template:show"),
}

_ACTIVITY = {
    "log": Entry("Log something done with the buyer", "记录一次与客户的活动", "activity:log"),
    "void": Entry("Take back an activity logged by mistake", "作废误记的活动", "activity:void"),
    "list": Entry("The activities of a deal", "列出项目的活动", "activity:list_"),
}

_STAKEHOLDER = {
    "add": Entry("Add somebody on the buyer's side", "添加客户方干系人", "stakeholder:add"),
    "set": Entry("Change a stakeholder", "修改干系人", "stakeholder:set_"),
    "list": Entry("The stakeholders of a deal", "列出项目的干系人", "stakeholder:list_"),
}

ROOT: dict[str, Entry] = {
    "process": Entry("Author, check and publish processes", "编写、检查和发布流程", verbs=_PROCESS),
    "deal": Entry("Run deals through their process", "按流程推进项目", verbs=_DEAL),
    "record": Entry("Accounts, partners and what else deals belong to", "项目所属的记录：客户、伙伴等", verbs=_RECORD),
    "artifact": Entry("Required documents and records", "阶段资料：必备的文件与记录", verbs=_ARTIFACT),
    "approval": Entry("Approvals that deals wait for", "项目等待的审批", verbs=_APPROVAL),
    "task": Entry("Work that roles owe a deal", "项目中各角色应完成的任务", verbs=_TASK),
    "template": Entry("Messages ready to send", "填好即可发送的消息模板", verbs=_TEMPLATE),
    "activity": Entry("What was done with the buyer", "与客户的活动", verbs=_ACTIVITY),
    "stakeholder": Entry("People on the buyer's side", "客户方干系人", verbs=_STAKEHOLDER),
    "agenda": Entry("What is due, and for whom", "待办事项：何时、由谁", "agenda:agenda"),
    "tick": Entry("Let everything happen that is due by now", "执行所有已到期的自动事项", "tick:tick"),
    "report": Entry("Figures over the log", "基于日志的报表", verbs={
        "funnel": Entry("Deals entering and leaving each stage", "销售漏斗：各阶段的进出", "report:funnel"),
        "methodology": Entry("Win rate and days to win by score", "按评分统计赢单率与用时", "report:methodology"),
    }),
    "import": Entry("Bring in data from other systems", "从其他系统导入数据", verbs={
        "deals": Entry("Deals from a CSV export", "从 CSV 导出文件导入项目", "import_:deals"),
    }),
    "privacy": Entry("Personal data of one person or deal", "某人或某项目的个人信息", verbs={
        "export": Entry("Everything personal that is kept of somebody", "导出某人的全部个人信息", "privacy:export"),
        "erase": Entry("Erase it for good, and log that it was done", "彻底删除，并记录此事", "privacy:erase"),
    }),
    "store": Entry("The workspace's log", "工作区的日志存储", verbs={
        "info": Entry("Where the log is and how much it holds", "存储位置与规模", "store:info"),
        "verify": Entry("Check the whole log for damage", "检查整个日志是否受损", "store:verify"),
        "head": Entry("The log's end, to be noted elsewhere", "日志末端的位置与哈希，供另处留存", "store:head"),
        "recover": Entry("Save what is whole into a new store", "将完好的内容抢救到新存储", "store:recover"),
        "backup": Entry("Copy store and files, while work goes on", "备份存储与文件，不影响使用", "store_life:backup"),
        "restore": Entry("Make a backup the store again", "从备份恢复", "store_life:restore"),
        "export": Entry("Write it as JSON lines, TinyDB or CSV", "导出为 JSON 行、TinyDB 或 CSV", "store_life:export"),
        "import": Entry("Take an exported log into an empty store", "将导出的日志导入空存储", "store_life:import_"),
        "compact": Entry("Give back the space no longer needed", "清理不再需要的空间", "store_life:compact"),
        "migrate": Entry("Bring an older store to this release", "将旧版存储升级到当前版本", "store_life:migrate"),
    }),
    "plugin": Entry("Methodologies and other plugins", "销售方法论与其他插件", verbs={
        "list": Entry("Plugins found, and which are allowed", "列出插件及其状态", "plugin:list_"),
        "new": Entry("Write the package of a new plugin", "生成新插件的软件包", "plugin_making:new"),
        "check": Entry("Try everything a plugin has to keep", "逐项检查插件是否符合约定", "plugin_making:check"),
    }),
    "fmt": Entry("Lay files out the one way, comments kept", "统一排版文件，保留注释", "fmt:fmt"),
    "init": Entry("Make a new workspace", "新建工作区", "init:init"),
    "demo": Entry("See it work, in a temporary workspace", "在临时工作区中演示", "demo:demo"),
    "doctor": Entry("Check this workspace and machine", "检查工作区与运行环境", "doctor:doctor"),
    "schema": Entry("Print the JSON Schema of a kind of file", "输出某类文件的 JSON Schema", "schema:schema"),
}  # fmt: skip


class Global:
    """An option that works before and after the verb. `name` is the parameter it fills; `many`: it may be repeated."""

    __slots__ = ("en", "flags", "many", "metavar", "name", "zh")

    def __init__(
        self, flags: tuple[str, ...], metavar: str, name: str, en: str, zh: str, *, many: bool = False
    ) -> None:  # fmt: skip
        self.flags = flags
        self.metavar = metavar
        self.name = name
        self.en = en
        self.zh = zh
        self.many = many

    def say(self, lang: str) -> str:
        """The help line in `lang`."""
        return self.zh if lang == "zh" else self.en


GLOBALS = (
    Global(
        ("--workspace",),
        "DIR",
        "folder",
        "The workspace; else $DEALWRIGHT_WORKSPACE, else the nearest parent folder",
        "工作区；默认取 $DEALWRIGHT_WORKSPACE，再取最近的上级目录",
    ),
    Global(
        ("--as",),
        "PERSON",
        "actor",
        "Act as this person, where the workspace allows it",
        "以此人身份操作（须工作区允许）",
    ),
    Global(("--now",), "INSTANT", "now", "Take this as the present moment", "以此时刻作为当前时间"),
    Global(("--lang",), "en|zh", "lang", "Language of everything printed", "输出语言"),
    Global(("-o", "--output"), "table|json|yaml|csv", "output", "Form of the output", "输出格式"),
    Global(
        ("--no-plugin",),
        "NAME",
        "no_plugin",
        "Do without this plugin, which closes its gates; may be repeated",
        "不使用此插件，需要它的关卡将关闭；可重复",
        many=True,
    ),
)
