"""What people supply to a deal: fields, list entries, artifacts and their approvals."""

from __future__ import annotations

from typing import NamedTuple

from dealwright.engine.answers import barred, before, is_asked, last_answers, late_of, roles_asked, standing
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
from dealwright.engine.entries import Values, find_item, find_list, next_id
from dealwright.engine.outstanding import kind_of, missing_fields
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
    layout = program.layout
    fields = Values(program, deal, context).fields(layout.fields, command.fields, deal.values)
    role = None
    for name, value in fields.items():
        field = layout.fields[layout.field_at[name]]
        role = permit(program, context, settle(program, deal, field.by), "set", name)
        if field.required and value is None:
            raise UsageError(f"{name} is required and cannot be cleared", f"{name} 为必填项，不能清空", missing=[name])
    return (event(program, deal, context, "fields_set", role, FieldsSet(fields=fields)),)


def add_item(program: Program, deal: Deal, command: AddItem, context: Context) -> tuple[Event, ...]:
    """`item add`: a new entry; the buyer's confirmations in it name a stakeholder."""
    at, field = find_list(program, command.list)
    role = permit(program, context, settle(program, deal, field.by), "item", command.list)
    fields = Values(program, deal, context).entry(field, command.fields)
    data = ItemChanged(list=field.id, item=next_id(deal.values[at] or ()), fields=fields)
    return (event(program, deal, context, "item_added", role, data),)


def set_item(program: Program, deal: Deal, command: SetItem, context: Context) -> tuple[Event, ...]:
    """`item set`: change some fields of an entry."""
    at, field = find_list(program, command.list)
    role = permit(program, context, settle(program, deal, field.by), "item", command.list)
    entry = find_item(deal.values[at], command.list, command.item)
    fields = Values(program, deal, context).fields(field.of, command.fields)
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
    kind, old, artifact_id = _target(program, deal, command.artifact)
    role = permit(program, context, settle(program, deal, kind.by), "artifact", artifact_id)
    if command.file is not None and not kind.file:
        raise UsageError(f"{kind.id} takes no file", f"{kind.id} 不接受附件", artifact=kind.id)
    given = Values(program, deal, context).fields(kind.fields, command.fields, old.values if old else ())
    kept = all_to_json(kind.fields, old.values) if old else {}
    fields = {name: value for name, value in {**kept, **given}.items() if value is not None}
    if not fields and command.file is None and (kind.fields or kind.file):
        raise UsageError(f"{kind.id} needs --set or --file", f"{kind.id} 须用 --set 或 --file 提供内容")
    data = ArtifactRecorded(
        artifact=artifact_id, kind=kind.id, version=old.version + 1 if old else 1, fields=fields,
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
    lacking = missing_fields(kind, artifact)
    if command.granted and lacking:
        names = ", ".join(lacking)
        raise refuse("transition", verb, artifact.id, Text(
            f"{artifact.id} is not complete: {names}", f"{artifact.id} 尚不完整：{names}"))  # fmt: skip
    answer = _Answer(deal, kind.approvals, wanted, artifact.decisions, command.granted, artifact.id, artifact)
    approval, role = _open_approval(program, context, wanted, answer)
    data = ApprovalGiven(approval=approval.id, artifact=artifact.id, version=artifact.version, note=command.note)
    kind_name = "artifact_approved" if command.granted else "artifact_rejected"
    return (event(program, deal, context, kind_name, role, data),)


def decide_stage(program: Program, deal: Deal, command: DecideStage, context: Context) -> tuple[Event, ...]:
    """`approval approve`, `reject`: what the deal's stage asks approval for."""
    stage = program.stage(deal.stage)
    if command.approval not in (known := [a.id for a in stage.approvals]):
        hint = did_you_mean(command.approval, known)
        raise NotFoundError(
            f"{stage.id} asks for no approval {command.approval}{hint.en}",
            f"{stage.id} 阶段没有审批项 {command.approval}{hint.zh}",
        )
    asked = [a for a in stage.approvals if is_asked(program, deal, a, context)]
    wanted = [a for a in asked if a.id == command.approval]
    answer = _Answer(deal, stage.approvals, asked, deal.approvals, command.granted, command.approval)
    if not wanted:
        raise refuse("transition", answer.verb, command.approval, Text(
            f"{command.approval} is not asked for now", f"目前无需审批 {command.approval}"))  # fmt: skip
    approval, role = _open_approval(program, context, wanted, answer)
    data = ApprovalGiven(approval=approval.id, stage=stage.id, note=command.note)
    kind_name = "stage_approved" if command.granted else "stage_rejected"
    return (event(program, deal, context, kind_name, role, data),)


class _Answer(NamedTuple):
    """One answer among the approvals that stand together, those of them that are asked for, and earlier answers."""

    deal: Deal
    every: tuple[Approval, ...]
    asked: list[Approval]
    given: tuple[Decided, ...]
    granted: bool
    name: str
    artifact: Artifact | None = None

    @property
    def verb(self) -> str:
        return "approve" if self.granted else "reject"


def _open_approval(
    program: Program, context: Context, wanted: list[Approval], answer: _Answer
) -> tuple[Approval, str | None]:
    """The approval among `wanted` that the actor answers, and in which role: not one whose time ran out."""
    verb, name = answer.verb, answer.name
    waiting = [a for a in answer.asked if standing(a, answer.given) != "approved"]
    open_ = [a for a in wanted if a in waiting]
    if not open_:
        raise refuse("status", verb, name, Text(f"{name} is approved already", f"{name} 已审批通过"))
    deal, artifact = answer.deal, answer.artifact
    expired = [a for a in open_ if (late := late_of(deal, a, artifact)) is not None and late.expired]
    open_ = [a for a in open_ if a not in expired]
    mine = [a for a in open_ if context.role_among(roles_asked(deal, a, artifact))]
    if not open_ or (not mine and any(context.role_among(a.by) for a in expired)):
        raise refuse("status", verb, name, Text(
            f"nobody answered {name} in time: it has expired", f"{name} 逾期未审批，已失效"))  # fmt: skip
    roles = {a.id: roles_asked(deal, a, artifact) for a in open_}
    if not mine:
        permit(program, context, tuple(dict.fromkeys(r for a in open_ for r in roles[a.id])), verb, name)
        mine = open_  # the system's
    earlier = {a.id: next((b for b in before(a, answer.every) if b in waiting), None) for a in mine}
    ready = [a for a in mine if earlier[a.id] is None]
    if not ready:
        first = earlier[mine[0].id]
        comes_first = first.id if first else ""
        raise refuse("transition", verb, name, Text(
            f"{comes_first} comes first", f"须先完成审批 {comes_first}"))  # fmt: skip
    for approval in ready:
        if last_answers(approval, answer.given).get(context.actor) is not answer.granted:
            _four_eyes(context, approval, answer, roles[approval.id])
            return approval, context.role_among(roles[approval.id])
    raise refuse("role", verb, name, Text(
        "another person must answer too: you have answered already", "还需其他人审批：您已审批过"))  # fmt: skip


def _four_eyes(context: Context, approval: Approval, answer: _Answer, roles: tuple[str, ...]) -> None:
    """Raises a refusal where the actor may not answer for having had a hand in it."""
    actor, artifact = context.actor, answer.artifact
    kept_out = barred(answer.deal, approval, artifact)
    if actor not in kept_out:
        return
    if artifact is not None and actor == artifact.person:
        text = Text(f"{actor} recorded this version, so another person must answer",
                    f"该版本由 {actor} 提交，须由他人审批")  # fmt: skip
    elif actor == answer.deal.owner:
        text = Text(f"{actor} owns the deal, so another person must answer", f"项目由 {actor} 负责，须由他人审批")
    else:
        text = Text(f"{actor} brought the deal here, so another person must answer",
                    f"项目由 {actor} 推进至此，须由他人审批")  # fmt: skip
    others = [person for person in context.team.holders(roles) if person not in kept_out]
    raise refuse("role", answer.verb, answer.name, text, roles=roles if others else ())


def _target(program: Program, deal: Deal, name: str) -> tuple[ArtifactKind, Artifact | None, str]:
    """The kind, the version before it and the id of what is recorded.

    Of a kind with `many`, its name always adds another one; `KIND-1` is the first.
    """
    layout = program.layout
    at = layout.artifact_at.get(name)
    if at is not None:
        kind = layout.artifacts[at]
        if not kind.many:
            return kind, deal.artifact(name), kind.id
        group = deal.artifacts[at]
        return kind, None, f"{kind.id}-{len(group) + 1}" if group else kind.id
    existing = deal.artifact(name.removesuffix("-1") if name.endswith("-1") else name)
    if existing is not None:
        return kind_of(program, existing.id), existing, existing.id
    hint = did_you_mean(name, list(layout.artifact_at))
    raise UsageError(f"there is no artifact kind {name}{hint.en}", f"没有资料类型 {name}{hint.zh}", artifact=name)
