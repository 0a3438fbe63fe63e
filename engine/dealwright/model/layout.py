"""Where each declared field, artifact and event kind of a definition has its place."""

from __future__ import annotations

from msgspec import Struct

from dealwright.model.process import ArtifactKind, EventKind, Field, Process
from dealwright.model.text import Text

# What every deal has, whatever its process declares. A process may redeclare one to title or require it.
DEAL_FIELDS = (
    Field("amount", "money", Text("Amount", "金额")),
    Field("grade", "choice", Text("Grade", "客户分级"), values={g: Text.plain(g) for g in "ABC"}),
    Field("deal_type", "text", Text("Deal type", "项目类型")),
)

STAKEHOLDER_FIELDS = (
    Field("name", "text", Text("Name", "姓名"), required=True, personal=True),
    Field("title", "text", Text("Title", "职务"), personal=True),
    Field("dept", "text", Text("Department", "部门")),
    Field("role", "choice", Text("Role", "角色"), values={
        "EB": Text("Economic buyer", "经济决策人"), "user": Text("User", "使用者"),
        "technical": Text("Technical buyer", "技术把关人"), "coach": Text("Coach", "内线"),
        "champion": Text("Champion", "支持者"), "decider": Text("Decision maker", "决策人"),
        "influencer": Text("Influencer", "影响者"), "blocker": Text("Blocker", "反对者"),
    }),
    Field("influence", "number", Text("Influence, 1 to 5", "影响力（1—5）"), min=1, max=5),
    Field("attitude", "number", Text("Attitude, -5 to 5", "态度（-5—5）"), min=-5, max=5),
    Field("preferred_channel", "text", Text("Preferred channel", "偏好渠道")),
    Field("email", "text", Text("E-mail", "电子邮件"), personal=True),
    Field("phone", "text", Text("Phone", "电话"), personal=True),
    Field("last_contact", "date", Text("Last contact", "最近联系")),
    Field("plan", "text", Text("Plan", "推进计划"), personal=True),
)  # fmt: skip

STATUSES = ("new", "open", "won", "lost", "disqualified", "completed")

# What is known of any other deal or record, besides the fields that it declares.
RECORD_FIELDS = (
    Field("id", "text", Text("Id", "编号")),
    Field("title", "text", Text("Title", "名称")),
    Field("status", "choice", Text("Status", "状态"), values={s: Text.plain(s) for s in STATUSES}),
    Field("stage", "text", Text("Stage", "阶段")),
    Field("owner", "person", Text("Owner", "负责人")),
    Field("opened_on", "date", Text("Opening date", "立项日期")),
)

# Acts that anybody responsible may log in any process, without declaring them.
COMMON_ACTIVITIES = {
    "call": Text("Call", "电话"), "meeting": Text("Meeting", "会面"), "visit": Text("Visit", "拜访"),
    "email": Text("E-mail", "邮件"), "message": Text("Message", "消息"), "note": Text("Note", "记录"),
}  # fmt: skip


class Readable(Struct, frozen=True):
    """Another deal or record (or with `many` a list of them), under the name that expressions read it by.

    `type` is its process or type of record; `record` tells whether it is a record. `fields`
    are those it declares, then what every deal has, then what is known of any.
    """

    id: str
    type: str
    title: Text
    fields: tuple[Field, ...]
    many: bool = False
    record: bool = True


def _readables(process: Process) -> dict[str, Readable]:
    """The other deals and records that this process's expressions may read."""
    found: dict[str, Readable] = {}
    for related in process.related:
        many, record = related.pick == "all", related.process in process.records
        title = related.title if related.title.en else Text.plain(related.id)
        fields = _readable_fields(related.fields)
        found[related.id] = Readable(related.id, related.process, title, fields, many, record)
    linked = [(field.id, field.record, field.title) for field in process.fields if field.type == "record"]
    if process.subject:
        linked.append((process.subject, process.subject, Text.plain(process.subject)))
    for name, kind, title in linked:
        known = process.records.get(kind)
        called = known.title if known and name == process.subject else title
        found[name] = Readable(name, kind, called, _readable_fields(known.fields if known else ()))
    return found


def _readable_fields(declared: tuple[Field, ...]) -> tuple[Field, ...]:
    own = {field.id for field in declared}
    return declared + tuple(field for field in DEAL_FIELDS + RECORD_FIELDS if field.id not in own)


class Layout:
    """The positions of one definition, shared by all deals that are bound to it."""

    __slots__ = (
        "artifact_at", "artifacts", "currency", "definition_hash", "events", "field_at", "fields", "four_eyes",
        "outcomes", "process", "process_version", "records", "stage_at", "stages", "tasks", "waits",
    )  # fmt: skip

    def __init__(self, process: Process) -> None:
        declared = {field.id: field for field in process.fields}
        own = tuple(declared.pop(field.id, field) for field in DEAL_FIELDS)
        self.process = process.id
        self.process_version = process.version
        self.definition_hash = process.definition_hash
        self.currency = process.currency
        self.fields: tuple[Field, ...] = own + tuple(declared.values())
        self.field_at: dict[str, int] = {field.id: at for at, field in enumerate(self.fields)}
        self.artifacts: tuple[ArtifactKind, ...] = process.artifacts
        self.artifact_at: dict[str, int] = {kind.id: at for at, kind in enumerate(self.artifacts)}
        self.events: dict[str, EventKind] = {kind.id: kind for kind in process.events}
        self.stages = process.stages
        self.stage_at: dict[str, int] = {stage.id: at for at, stage in enumerate(process.stages)}
        self.outcomes = process.outcomes
        # Who brought a deal to its stage is kept only where an answer may depend on it.
        every = (*(stage.approvals for stage in process.stages), *(kind.approvals for kind in process.artifacts))
        self.four_eyes = any(approval.four_eyes for approvals in every for approval in approvals)
        # And when its clocks stood still, only where something waits for a time.
        automations = process.every_automation
        limited = any(approval.within for approvals in every for approval in approvals)
        self.waits = limited or any(one.after is not None or one.every is not None for one in automations)
        self.records: dict[str, Readable] = _readables(process)
        self.tasks = process.tasks
