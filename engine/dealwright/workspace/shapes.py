"""The contract's JSON shapes: deals, events, artifacts, criteria. No key is ever left out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import msgspec

from dealwright.engine import Context, Program
from dealwright.engine.answers import is_asked, late_of, standing
from dealwright.engine.outstanding import kind_of, missing_fields
from dealwright.events import Event, Record
from dealwright.model.deal import Artifact, Deal
from dealwright.model.layout import STAKEHOLDER_FIELDS
from dealwright.model.values import to_json
from dealwright.model.verdict import CriterionResult, Option, Refusal, Remedy
from dealwright.workspace.placement import formulas, placement


def when(moment: datetime | date | None) -> str | None:
    """RFC 3339 in UTC with Z; a date stays a date."""
    return None if moment is None else str(msgspec.to_builtins(moment))


def deal_brief(program: Program, deal: Deal) -> dict[str, Any]:
    """Shape D without fields and artifacts."""
    layout = program.layout
    amount = deal.values[layout.field_at["amount"]] if deal.values else None
    return {
        "id": deal.id,
        "title": deal.title,
        "process": layout.process,
        "process_version": layout.process_version,
        "definition_hash": layout.definition_hash,
        "status": deal.status,
        "on_hold": {"until": when(deal.hold.until), "reason": msgspec.to_builtins(deal.hold.reason)}
        if deal.hold
        else None,
        "stage": deal.stage,
        "phase": program.stage(deal.stage).phase,
        "owner": deal.owner,
        "amount": msgspec.to_builtins(amount),
        "version": deal.version,
        "opened_at": when(deal.opened_at),
        "entered_stage_at": when(deal.entered_at),
        "due_at": when(deal.due_at),
        "won_at": when(deal.won_at),
        "closed_at": when(deal.closed_at),
        "reason": msgspec.to_builtins(deal.reason),
        "external_id": deal.external_id,
        "parent_deal": deal.parent_deal,
        "subject": deal.subject,
        **placement(program, deal.stage, deal.status, msgspec.to_builtins(deal.work)),
        "methodologies": list(program.process.methodologies),
    }


def brief_of(program: Program, document: Mapping[str, Any]) -> dict[str, Any]:
    """`deal_brief` straight from a deal's document, for long lists: nothing of it is revived and told again."""
    hold = document["hold"]
    return {
        "id": document["id"],
        "title": document["title"],
        "process": document["process"],
        "process_version": document["process_version"],
        "definition_hash": document["definition_hash"],
        "status": document["status"],
        "on_hold": {"until": hold["until"], "reason": hold["reason"]} if hold else None,
        "stage": document["stage"],
        "phase": program.stage(document["stage"]).phase,
        "owner": document["owner"],
        "amount": document["fields"].get("amount"),
        "version": document["version"],
        "opened_at": document["opened_at"],
        "entered_stage_at": document["entered_at"],
        "due_at": document["due_at"],
        "won_at": document["won_at"],
        "closed_at": document["closed_at"],
        "reason": document["reason"],
        "external_id": document["external_id"],
        "parent_deal": document["parent_deal"],
        "subject": document.get("subject"),
        **placement(program, document["stage"], document["status"], document.get("work") or {}),
        "methodologies": list(program.process.methodologies),
    }


def deal_whole(program: Program, deal: Deal, context: Context) -> dict[str, Any]:
    """Shape D."""
    layout = program.layout
    counted = formulas(program, deal, context)
    brief = deal_brief(program, deal)
    if "amount" in counted:
        brief["amount"] = counted["amount"]
    return {
        **brief,
        "fields": {f.id: shown(to_json(f, v)) for f, v in zip(layout.fields, deal.values, strict=True)} | counted,
        "artifacts": [artifact_shape(program, deal, one, context) for group in deal.artifacts for one in group],
    }


def shown(value: Any) -> Any:
    """A list's entries as people write them: `{id, field: value, closed}` on one level."""
    if isinstance(value, list):
        return [
            {"id": e["id"], **e["fields"], **({"closed": e["closed"]} if "closed" in e else {})}
            if isinstance(e, dict) and "fields" in e
            else e
            for e in value
        ]
    return value


def artifact_shape(program: Program, deal: Deal, artifact: Artifact, context: Context) -> dict[str, Any]:
    """Shape A. `status` is pending while an approval it asks for is outstanding, expired once none can be given."""
    kind = kind_of(program, artifact.id)
    asked = [a for a in kind.approvals if is_asked(program, deal, a, context)]
    approvals: list[dict[str, Any]] = []
    for approval in asked:
        answers = [d for d in artifact.decisions if d.approval == approval.id]
        late = late_of(deal, approval, artifact)
        stands: str = standing(approval, answers)
        if stands == "pending" and late is not None and late.expired:
            stands = "expired"
        last = answers[-1] if answers else None
        approvals.append({
            "role": last.role if last else approval.by[0], "status": stands, "by": last.person if last else None,
            "at": when(last.at) if last else None, "note": msgspec.to_builtins(last.note) if last else None,
        })  # fmt: skip
    statuses = {a["status"] for a in approvals}
    status = (
        "recorded" if not approvals
        else "rejected" if "rejected" in statuses
        else "expired" if "expired" in statuses
        else "pending" if "pending" in statuses
        else "approved"
    )  # fmt: skip
    return {
        "id": artifact.id,
        "kind": kind.id,
        "version": artifact.version,
        "status": status,
        "missing": missing_fields(kind, artifact),
        "fields": {f.id: shown(to_json(f, v)) for f, v in zip(kind.fields, artifact.values, strict=True)},
        "file": msgspec.to_builtins(artifact.file),
        "approvals": approvals,
    }


def event_shape(record: Record) -> dict[str, Any]:
    """Shape E."""
    shape: dict[str, Any] = msgspec.to_builtins(record)
    return shape


def draft_record(event: Event, recorded_by: str) -> Record:
    """An event that a dry run does not write."""
    return Record(
        None, event.deal, event.seq, event.type, event.at, None, event.actor, recorded_by, event.role,
        event.definition_hash, msgspec.to_builtins(event.data), None, None,
    )  # fmt: skip


def criterion_shape(deal_id: str, result: CriterionResult, lang: str) -> dict[str, Any]:
    """Shape C."""
    return {
        "id": result.id,
        "source": result.source,
        "evidence": result.evidence,
        "severity": result.severity,
        "status": result.status,
        "text": result.text.say(lang),
        "expected": result.expected.say(lang),
        "found": msgspec.to_builtins(result.found),
        "fix": {
            "roles": list(result.fix.roles),
            "people": list(result.fix.people),
            "command": [spell(deal_id, remedy) for remedy in result.fix.remedies],
        },
    }


def spell(deal_id: str, remedy: Remedy) -> list[str]:
    """A remedy as the command line takes it; of one on another record, its id is the first argument."""
    if remedy.verb.startswith("record "):
        return ["dealwright", *remedy.verb.split(), *remedy.args]
    return ["dealwright", *remedy.verb.split(), deal_id, *remedy.args]


def option_shape(deal_id: str, option: Option, lang: str) -> dict[str, Any]:
    """One of the transitions of `deal why`."""
    return {
        "kind": option.kind,
        "to": option.to,
        "branch": option.branch,
        "allowed": option.allowed,
        "actor_may": option.actor_may,
        "roles": list(option.roles),
        "criteria": [criterion_shape(deal_id, result, lang) for result in option.criteria],
    }


def refusal_details(deal_id: str, refusal: Refusal, lang: str, people: tuple[str, ...]) -> dict[str, Any]:
    """`error.details` of a refused command."""
    return {
        "cause": refusal.cause,
        "kind": refusal.kind,
        "to": refusal.to,
        "deal": deal_id,
        "roles": list(refusal.roles),
        "people": list(people),
        "criteria": [criterion_shape(deal_id, result, lang) for result in refusal.criteria],
    }


def stakeholder_shape(deal: Deal, stakeholder_id: str) -> dict[str, Any]:
    """A stakeholder, all declared fields."""
    one = deal.stakeholder(stakeholder_id)
    values = one.values if one else (None,) * len(STAKEHOLDER_FIELDS)
    return {"id": stakeholder_id, **{f.id: to_json(f, v) for f, v in zip(STAKEHOLDER_FIELDS, values, strict=True)}}


def activity_shape(fact: Any) -> dict[str, Any]:
    """An activity."""
    return {
        "id": fact.id, "name": fact.kind, "by": fact.by, "contact": fact.contact, "channel": fact.channel,
        "at": when(fact.at), "note": msgspec.to_builtins(fact.note), "person": fact.person,
        "proof": msgspec.to_builtins(fact.proof),
    }  # fmt: skip
