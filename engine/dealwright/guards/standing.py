"""How artifacts, acts and lists stand: there or not, complete, approved. Never unknown."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from dealwright.guards.moment import Moment
from dealwright.guards.scope import ROLE_AT
from dealwright.model.deal import Artifact, Confirmation, Deal, Fact, Stakeholder
from dealwright.model.people import SYSTEM
from dealwright.model.process import Approval, ArtifactKind, Field

# An approval and whether it is asked for: a function of deal, fresh and moment that says met, unmet or unknown.
Asked = tuple[Approval, Callable[[Deal, int, Moment], str] | None]


def held(field: Field, value: Any, fresh: int = 0) -> bool:
    """True where a field is filled: text not empty, a list long enough, a confirmation fresh."""
    if value is None:
        return False
    if isinstance(value, Confirmation):
        return value.seq > fresh
    if isinstance(value, str | tuple):
        return len(value) >= max(1, field.at_least if isinstance(value, tuple) else 1)
    return True


def latest_artifact(deal: Deal, slot: int) -> Artifact | None:
    """The artifact of the kind at `slot` that was written last, in its latest version; None without one."""
    group = deal.artifacts[slot] if slot < len(deal.artifacts) else ()
    if len(group) > 1:
        return max(group, key=lambda artifact: artifact.seq)
    return group[0] if group else None


def missing(kind: ArtifactKind, artifact: Artifact, fresh: int = 0) -> tuple[str, ...]:
    """What keeps an artifact from being complete: ids of required fields, `file` for a required file."""
    values = artifact.values
    lacking = [
        field.id
        for at, field in enumerate(kind.fields)
        if (field.required or field.at_least) and not held(field, values[at] if at < len(values) else None, fresh)
    ]
    if kind.file == "required" and artifact.file is None:
        lacking.append("file")
    return tuple(lacking)


Checklist = tuple[tuple[tuple[int, Field], ...], bool]


def checklist(kind: ArtifactKind) -> Checklist:
    """What a complete artifact has: its required fields by position, and whether a file. Made once for `ticked`."""
    fields = tuple((at, field) for at, field in enumerate(kind.fields) if field.required or field.at_least)
    return fields, kind.file == "required"


def ticked(deal: Deal, slot: int, wanted: Checklist, fresh: int) -> bool:
    """`complete`, for generated functions: as quick as it can be."""
    group = deal.artifacts[slot]
    if not group:
        return False
    artifact = group[0] if len(group) == 1 else max(group, key=lambda one: one.seq)
    fields, file = wanted
    if file and artifact.file is None:
        return False
    values = artifact.values
    for at, field in fields:
        value = values[at]
        if value is None or (value.__class__ in _MAY_BE_EMPTY and not held(field, value, fresh)):
            return False
    return True


_MAY_BE_EMPTY = frozenset({str, tuple, Confirmation})


def there(deal: Deal, slot: int) -> bool:
    """True where any artifact of the kind is recorded."""
    return latest_artifact(deal, slot) is not None


def complete(deal: Deal, slot: int, kind: ArtifactKind, fresh: int) -> bool:
    """True where the latest artifact of the kind lacks nothing that is required."""
    artifact = latest_artifact(deal, slot)
    return artifact is not None and not missing(kind, artifact, fresh)


def last_answers(artifact: Artifact, approval: Approval) -> dict[str, bool]:
    """What each person last answered to one approval of this version: granted or not."""
    return {decided.person: decided.granted for decided in artifact.decisions if decided.approval == approval.id}


def outstanding(
    artifact: Artifact, approvals: Sequence[Asked], deal: Deal, fresh: int, moment: Moment
) -> list[Approval]:
    """The approvals still to be granted on the latest version; one whose condition is unknown is asked for."""
    waiting = []
    for approval, asked in approvals:
        if asked is not None and asked(deal, fresh, moment) == "unmet":
            continue
        answers = last_answers(artifact, approval)
        # What the lapse of time answers counts for all who were asked.
        enough = len(answers) >= approval.count or SYSTEM in answers
        if not enough or not all(answers.values()):
            waiting.append(approval)
    return waiting


def expired(deal: Deal, artifact: Artifact, approval: Approval) -> bool:
    """True where nobody answered in time, so that only a new version can be approved."""
    late = deal.late(approval.id, artifact) if deal.work.late else None
    return late is not None and late.expired


def asked_of(deal: Deal, artifact: Artifact, approval: Approval) -> tuple[str, ...]:
    """The roles that may answer: those of the approval, and those it was passed on to."""
    late = deal.late(approval.id, artifact) if deal.work.late else None
    return tuple(dict.fromkeys((*approval.by, *late.roles))) if late else approval.by


def approved(deal: Deal, slot: int, kind: ArtifactKind, approvals: Sequence[Asked], fresh: int, moment: Moment) -> bool:
    """True where the latest version is complete and has all approvals that are asked for, and no rejection."""
    artifact = latest_artifact(deal, slot)
    if artifact is None or missing(kind, artifact, fresh):
        return False
    return not outstanding(artifact, approvals, deal, fresh, moment)


def last_fact(deal: Deal, kind: str, fresh: int) -> Fact | None:
    """The fresh act of this kind that was recorded last."""
    for fact in reversed(deal.facts):
        if fact.kind == kind and fact.seq > fresh:
            return fact
    return None


def happened(facts: Iterable[Fact], kind: str, fresh: int) -> bool:
    """True where a fresh act of this kind is on record."""
    for fact in facts:  # noqa: SIM110 - half the time of any() with a generator
        if fact.kind == kind and fact.seq > fresh:
            return True
    return False


def last_time(deal: Deal, kind: str, fresh: int) -> Any:
    """When the latest fresh act of this kind happened, by its own time; None if it never did."""
    return max((fact.at for fact in deal.facts if fact.kind == kind and fact.seq > fresh), default=None)


def of_role(stakeholders: tuple[Stakeholder, ...], role: str) -> tuple[Stakeholder, ...]:
    """The stakeholders who play `role`."""
    return tuple([who for who in stakeholders if len(who.values) > ROLE_AT and who.values[ROLE_AT] == role])


def open_entries(entries: Iterable[Any] | None) -> int:
    """How many entries of a list are not closed; of no list, none."""
    return sum(not entry.closed for entry in entries or ())
