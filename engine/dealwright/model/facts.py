"""What a decision may know of other deals and records: read by the workspace, inside the write transaction."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from msgspec import Struct


class RecordFacts(Struct, frozen=True):
    """Another deal or record as expressions see it. `values` are typed, by field id; None where there is nothing."""

    id: str
    title: str
    process: str
    status: str
    stage: str
    owner: str | None
    opened_on: date
    values: Mapping[str, Any]


class Rival(Struct, frozen=True):
    """A live deal with the same values as this one under a uniqueness rule. `opened` orders them."""

    id: str
    title: str
    stage: str
    opened: str


class Facts(Struct, frozen=True):
    """Everything from outside of the deal.

    `records` by name: one, None where there is none, a tuple for a list. `rivals` by the
    rule's id, first opened first. `loads` counts live deals by person, `turns` tells who of
    a role was last given one. `ids` has the next deal id of each process that may be opened.
    `sought` holds, by the rule's id, the values by which `rivals` were looked up; `refused`
    says by automation why the deal that it would open may not be opened.
    """

    records: Mapping[str, RecordFacts | tuple[RecordFacts, ...] | None] = {}
    rivals: Mapping[str, tuple[Rival, ...]] = {}
    loads: Mapping[str, int] = {}
    turns: Mapping[str, str] = {}
    ids: Mapping[str, str] = {}
    sought: Mapping[str, tuple[Any, ...]] = {}
    refused: Mapping[str, str] = {}


NO_FACTS = Facts()
