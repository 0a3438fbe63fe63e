"""What people supply to a deal: fields, list entries, artifacts and their approvals."""

from __future__ import annotations

from dealwright.engine.commands import (
    AddItem,
    CloseItem,
    DecideArtifact,
    DecideStage,
    RecordArtifact,
    SetFields,
    SetItem,
)
from dealwright.engine.context import Context
from dealwright.engine.entries import checked_fields, find_item, find_list, new_entry, next_id
from dealwright.engine.program import Program
from dealwright.engine.result import did_you_mean, event, permit, refuse, settle
from dealwright.errors import NotFoundError, UsageError
from dealwright.events import ApprovalGiven, ArtifactRecorded, Event, FieldsSet, ItemChanged
from dealwright.model.deal import Artifact, Deal, Decided
from dealwright.model.process import Approval, ArtifactKind
from dealwright.model.text import Text
from dealwright.model.values import all_to_json


def set_fields(program: Program, deal: Deal, command: SetFields, context: Context) -> tuple[Event, ...]:
    """`set`: each field by its own roles, else by those responsible for the stage."""
    if not command.fields:
        raise UsageError("nothing to set: give --set FIELD=VALUE", "没有要设置的内容：请用 --set 字段=值")
    fields = checked_fields(program, deal, program.layout.fields, command.fields, context, seq=deal.version + 1)
    roles: tuple[str, ...] = ()
    for name in fields:
        field = program.layout.fields[program.layout.field_at[name]]
        roles = settle(program, deal, field.by)
        permit(program, context, roles, "set", name)
    role = context.role_among(roles)
    return (event(program, deal, context, "fields_set", role, FieldsSet(fields=fields)),)


def add_item(program: Program, deal: Deal, command: AddItem, context: Context) -> tuple[Event, ...]:
    """`item add`: a new entry; the buyer's confirmations in it name a stakeholder."""
    at, field = find_list(program, command.list)
    role = permit(program, context, settle(program, deal, field.by), "item", command.list)
    fields = new_entry(program, deal, field, command.fields, context, seq=deal.version + 1)
    data = ItemChanged(list=field.id, item=next_id(deal.values[at] or ()), fields=fields)
    return (event(program, deal, context, "item_added", role, data),)


def set_item(program: Program, deal: Deal, command: SetItem, context: Context) -> tuple[Event, ...]:
    """`item set`: change some fields of an entry."""
    at, field = find_list(program, command.list)
    role = permit(program, context, settle(program, deal, field.by), "item", command.list)
    entry = find_item(deal.values[at], command.list, command.item)
    fields = checked_fields(program, deal, field.of, command.fields, context, seq=deal.version + 1)
    cleared = [f.id for f in field.of if f.required and f.id in fields and fields[f.id] is None]
    if cleared or not fields:
        names = ", ".join(cleared)
        raise UsageError(f"an entry of {field.id} needs {names or 'a value'}", f"{field.id} 的条目须填写 {names}")
    data = ItemChanged(list=field.id, item=entry.id, fields=fields)
    return (event(program, deal, context, "item_set", role, data),)


def close_item(program: Program, deal: Deal, command: CloseItem, context: Context) -> tuple[Event, ...]:
    """`item close`: an objection answered, a question settled."""
    at, field = find_list(program, command.list)
    role = permit(program, context, settle(program, deal, field.by), "item", command.list)
    if not field.closes:
        raise UsageError(f"entries of {field.id} are not opened and closed", f"{field.id} 的条目没有开闭状态")
    entry = find_item(deal.values[at], command.list, command.item)
    if entry.closed:
        raise refuse("status", "item", command.list, Text(
            f"entry {entry.id} of {field.id} is closed already", f"{field.id} 的条目 {entry.id} 已关闭"))  # fmt: skip
    return (event(program, deal, context, "item_closed", role, ItemChanged(list=field.id, item=entry.id)),)


def record_artifact(program: Program, deal: Deal, command: RecordArtifact, context: Context) -> tuple[Event, ...]:
    """`artifact add`: a new version keeps the values it does not replace, never the old file or approvals."""
    kind, before, artifact_id = _target(program, deal, command.artifact)
    role = permit(program, context, settle(program, deal, kind.by), "artifact", artifact_id)
    if command.file is not None and not kind.file:
        raise UsageError(f"{kind.id} takes no file", f"{kind.id} 不接受附件", artifact=kind.id)
    given = checked_fields(program, deal, kind.fields, command.fields, context, seq=deal.version + 1)
    kept = all_to_json(kind.fields, before.values) if before else {}
    fields = {name: value for name, value in {**kept, **given}.items() if value is not None}
    if not fields and command.file is None and (kind.fields or kind.file):
        raise UsageError(f"{kind.id} needs --set or --file", f"{kind.id} 须用 --set 或 --file 提供内容")
    data = ArtifactRecorded(
        artifact=artifact_id, kind=kind.id, version=before.version + 1 if before else 1, fields=fields,
        file=command.file,
    )  # fmt: skip
    return (event(program, deal, context, "artifact_recorded", role, data),)


def decide_artifact(program: Program, deal: Deal, command: DecideArtifact, context: Context) -> tuple[Event, ...]:
    """`artifact approve`, `reject`: by the role asked, in order, never by the person who recorded it."""
    artifact = deal.artifact(command.artifact)
    if artifact is None:
        raise NotFoundError(
            f"the deal has no artifact {command.artifact}", f"项目没有资料 {command.artifact}",
            artifact=command.artifact,
        )  # fmt: skip
    kind = kind_of(program, artifact.id)
    verb = "approve" if command.granted else "reject"
    wanted = [a for a in kind.approvals if is_asked(program, deal, a, context)]
    if not wanted:
        raise refuse("transition", verb, artifact.id, Text(
            f"nobody is asked to approve {artifact.id}", f"{artifact.id} 无需审批"))  # fmt: skip
    missing = missing_fields(kind, artifact)
    if command.granted and missing:
        names = ", ".join(missing)
        raise refuse("transition", verb, artifact.id, Text(
            f"{artifact.id} is not complete: {names}", f"{artifact.id} 尚不完整：{names}"))  # fmt: skip
    approval, role = _open_approval(program, context, wanted, artifact.decisions, verb, artifact.id)
    if context.actor == artifact.person:
        others = context.team.holders(approval.by)
        raise refuse("role", verb, artifact.id, Text(
            f"{context.actor} recorded this version, so another person must answer",
            f"该版本由 {context.actor} 提交，须由他人审批",
        ), roles=approval.by if others else ())  # fmt: skip
    data = ApprovalGiven(approval=approval.id, artifact=artifact.id, version=artifact.version, note=command.note)
    kind_name = "artifact_approved" if command.granted else "artifact_rejected"
    return (event(program, deal, context, kind_name, role, data),)


def decide_stage(program: Program, deal: Deal, command: DecideStage, context: Context) -> tuple[Event, ...]:
    """`approval approve`, `reject`: what the deal's stage asks approval for."""
    stage = program.stage(deal.stage)
    wanted = [a for a in stage.approvals if a.id == command.approval]
    if not wanted:
        hint = did_you_mean(command.approval, [a.id for a in stage.approvals])
        raise NotFoundError(
            f"{stage.id} asks for no approval {command.approval}{hint.en}",
            f"{stage.id} 阶段没有审批项 {command.approval}{hint.zh}",
        )
    verb = "approve" if command.granted else "reject"
    if wanted[0].after:
        earlier = next(a for a in stage.approvals if a.id == wanted[0].after)
        if is_asked(program, deal, earlier, context) and not _granted(earlier, deal.approvals):
            raise _too_early(verb, command.approval, earlier)
    approval, role = _open_approval(program, context, wanted, deal.approvals, verb, command.approval)
    data = ApprovalGiven(approval=approval.id, stage=stage.id, note=command.note)
    kind_name = "stage_approved" if command.granted else "stage_rejected"
    return (event(program, deal, context, kind_name, role, data),)


def kind_of(program: Program, artifact_id: str) -> ArtifactKind:
    """The kind of an artifact's id: `visit_report-2` is a `visit_report`."""
    return program.layout.artifacts[program.layout.artifact_at[artifact_id.partition("-")[0]]]


def missing_fields(kind: ArtifactKind, artifact: Artifact) -> list[str]:
    """What the artifact lacks to be complete: required fields, too short lists, `file`."""
    missing = []
    for field, value in zip(kind.fields, artifact.values, strict=True):
        short = field.type == "list" and len(value or ()) < max(field.at_least, 1)
        if field.required and (value is None or short or value == ""):
            missing.append(field.id)
    if kind.file == "required" and artifact.file is None:
        missing.append("file")
    return missing


def is_asked(program: Program, deal: Deal, approval: Approval, context: Context) -> bool:
    """Whether an approval is needed; an unknown `if` asks for it."""
    if not approval.condition:
        return True
    return program.guard(approval.condition).status(deal, 0, context.moment) != "unmet"


def pending(
    program: Program, deal: Deal, approvals: tuple[Approval, ...], given: tuple[Decided, ...], context: Context
) -> list[Approval]:
    """The approvals still waited for, in their order."""
    return [a for a in approvals if is_asked(program, deal, a, context) and not _granted(a, given)]


def _granted(approval: Approval, given: tuple[Decided, ...]) -> bool:
    people: set[str] = set()
    for answer in given:
        if answer.approval == approval.id:
            people = people | {answer.person} if answer.granted else set()
    return len(people) >= approval.count


def _open_approval(
    program: Program, context: Context, wanted: list[Approval], given: tuple[Decided, ...], verb: str, name: str
) -> tuple[Approval, str | None]:
    """The approval that the actor answers, and in which role."""
    waiting = [a for a in wanted if not _granted(a, given)]
    if not waiting:
        raise refuse("status", verb, name, Text(f"{name} is approved already", f"{name} 已审批通过"))
    mine = [a for a in waiting if context.role_among(a.by)]
    if not mine:
        permit(program, context, tuple(dict.fromkeys(r for a in waiting for r in a.by)), verb, name)
        mine = waiting
    waiting_ids = {a.id for a in waiting}
    ready = [a for a in mine if a.after not in waiting_ids]
    if not ready:
        raise _too_early(verb, name, next(a for a in waiting if a.id == mine[0].after))
    approval = ready[0]
    if any(d.approval == approval.id and d.person == context.actor and d.granted for d in given):
        raise refuse("role", verb, name, Text(
            "another person must answer too: you have answered already", "还需其他人审批：您已审批过"))  # fmt: skip
    return approval, context.role_among(approval.by)


def _too_early(verb: str, name: str, earlier: Approval) -> Exception:
    return refuse("transition", verb, name, Text(
        f"{earlier.id} comes first", f"须先完成审批 {earlier.id}"))  # fmt: skip


def _target(program: Program, deal: Deal, name: str) -> tuple[ArtifactKind, Artifact | None, str]:
    """The kind, the version before it and the id of what is recorded."""
    existing = deal.artifact(name)
    layout = program.layout
    if name in layout.artifact_at:
        kind = layout.artifacts[layout.artifact_at[name]]
        group = deal.artifacts[layout.artifact_at[name]]
        if kind.many:
            new_id = kind.id if not group else f"{kind.id}-{len(group) + 1}"
            return kind, None, new_id
        return kind, existing, kind.id
    if existing is not None:
        return kind_of(program, name), existing, name
    hint = did_you_mean(name, list(layout.artifact_at))
    raise UsageError(f"there is no artifact kind {name}{hint.en}", f"没有资料类型 {name}{hint.zh}", artifact=name)
