"""What expressions read beside the deal's own values: tasks, records and related deals, as rows of values."""

from __future__ import annotations

from typing import Any

import msgspec

from dealwright.guards.moment import Moment, Unsettled
from dealwright.model.deal import Confirmation, Deal, Item
from dealwright.model.facts import RecordFacts
from dealwright.model.layout import RECORD_FIELDS, Readable
from dealwright.model.process import Field

_ALWAYS_FRESH = 2**62  # the seq of another deal's log says nothing about this one's moves
_ENDED = frozenset({"lost", "disqualified", "completed"})
_ATTRIBUTES = frozenset(id(field) for field in RECORD_FIELDS)


def task_rows(deal: Deal, moment: Moment) -> tuple[Item, ...]:
    """The deal's tasks by the positions of `Scope.task_fields`; one that is done or skipped is closed."""
    return tuple(
        [
            Item(
                task.id,
                (
                    task.id, task.kind, task.title, None if task.due_at is None else moment.day_of(task.due_at),
                    task.how == "done", task.how == "skipped", task.optional, task.stage,
                ),
                task.how is not None,
            )
            for task in deal.work.tasks
        ]
    )  # fmt: skip


def variant_of(deal: Deal) -> str | None:
    """The arm that the deal drew in its present stage, or None."""
    return next((arm for stage, arm in deal.work.variants if stage == deal.stage), None)


def one(moment: Moment, name: str) -> RecordFacts | None:
    """The other deal or record of this name, None where there is none."""
    found = moment.facts.records.get(name)
    return found if isinstance(found, RecordFacts) else None


def identity(moment: Moment, name: str) -> str | None:
    """Its id."""
    found = one(moment, name)
    return None if found is None else found.id


def reading(moment: Moment, name: str, field: Field) -> Any:
    """What a field of it holds, or None."""
    found = one(moment, name)
    return None if found is None else _value(found, field)


def listing(moment: Moment, name: str, field: Field) -> tuple[Item, ...]:
    """The entries of one of its lists. Raises Unsettled where there is no such deal or record."""
    found = one(moment, name)
    if found is None:
        raise Unsettled
    return _value(found, field) or ()


def related_rows(moment: Moment, other: Readable) -> tuple[Item, ...]:
    """Those of a list, by the positions of `other.fields`. Raises Unsettled where nothing was looked up."""
    found = moment.facts.records.get(other.id)
    if not isinstance(found, tuple):
        raise Unsettled
    return tuple(
        [Item(each.id, tuple([_value(each, field) for field in other.fields]), each.status in _ENDED) for each in found]
    )


def _value(found: RecordFacts, field: Field) -> Any:
    value = getattr(found, field.id) if id(field) in _ATTRIBUTES else found.values.get(field.id)
    if isinstance(value, Confirmation):
        return msgspec.structs.replace(value, seq=_ALWAYS_FRESH)
    return value
