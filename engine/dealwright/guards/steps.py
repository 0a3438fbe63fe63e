"""Single commands that put something right: an act logged, an artifact recorded, a stakeholder added."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from dealwright.guards.evaluate import View
from dealwright.guards.settings import completed, spread
from dealwright.guards.standing import held
from dealwright.model.deal import Artifact
from dealwright.model.layout import RECORD_FIELDS, STAKEHOLDER_FIELDS, Readable
from dealwright.model.process import BUYER, RESPONSIBLE, ArtifactKind, EventKind, Field
from dealwright.model.verdict import Remedy


def company(by: tuple[str, ...]) -> tuple[str, ...]:
    """The company's roles among `by`; an overlay's `responsible` is the stage's own, said by an empty tuple."""
    return () if RESPONSIBLE in by else tuple(role for role in by if role != BUYER)


def add_stakeholder(wanted: dict[str, str] | None = None) -> Remedy:
    """Somebody new on the buyer's side."""
    return Remedy("stakeholder add", spread(completed(STAKEHOLDER_FIELDS, wanted or {})))


def with_stakeholder(fields: Iterable[Field], remedy: Remedy, view: View) -> Iterator[Remedy]:
    """`remedy`, after adding a stakeholder where it will need to name one and there is none."""
    if not view.deal.stakeholders and any(field.type in ("confirmation", "stakeholder") for field in fields):
        yield add_stakeholder()
    yield remedy


def log_activity(kind: EventKind, settings: dict[str, str], view: View) -> Iterator[Remedy]:
    """Log the act: by the buyer, naming the contact, where only the buyer can do it; else by those who may."""
    arguments = [kind.id]
    buyer = kind.by == (BUYER,)
    if buyer:
        arguments += ["--by", "buyer", "--contact", "<contact:stakeholder>"]
        if not view.deal.stakeholders:
            yield add_stakeholder()
    else:
        arguments += ["--by", "seller"]
    arguments += spread(completed(kind.fields, settings))
    if kind.proof:
        arguments += ["--proof", "<proof:file>"]
    yield Remedy("activity log", tuple(arguments), () if buyer else company(kind.by))


def set_record(other: Readable, record: str | None, settings: Iterable[str], view: View) -> Iterator[Remedy]:
    """Set fields of a record, after linking one where a field should; other deals are not ours to change."""
    if not other.record:
        return
    field = view.deal.layout.fields[at] if (at := view.deal.layout.field_at.get(other.id)) is not None else None
    unknown = f"<{other.id}:record>"
    if record is None and field is not None and field.type == "record":
        yield Remedy("deal set", ("--set", f"{field.id}={unknown}"), company(field.by))
    yield Remedy("record set", (record or unknown, *spread(settings)))


def is_attribute(field: Field) -> bool:
    """True of what is known of any record, which nobody can set."""
    return any(field is own for own in RECORD_FIELDS)


def add_artifact(
    kind: ArtifactKind, settings: dict[str, str], view: View, of: Artifact | None = None
) -> Iterator[Remedy]:
    """Record the artifact with all that is required and `settings`; a new version keeps what the old one says.

    `of` is the one of several side by side that gets the version; without it there is one more.
    """
    before = of if kind.many else view.deal.artifact(kind.id)
    name = kind.id if of is None or not kind.many else f"{kind.id}-1" if of.id == kind.id else of.id
    values = before.values if before else ()
    there = {f.id for f, value in zip(kind.fields, values, strict=False) if held(f, value, view.fresh)}
    asked = [field for field in kind.fields if field.id not in there or field.id in settings]
    arguments = [name, *spread(completed(asked, settings))]
    if kind.file == "required":
        arguments += ["--file", "<file:file>"]
    named = [field for field in asked if field.required or field.id in settings]
    yield from with_stakeholder(named, Remedy("artifact add", tuple(arguments), company(kind.by)), view)
