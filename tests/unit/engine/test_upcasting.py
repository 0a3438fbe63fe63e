"""Events of other releases: older ones are brought up to date, newer ones are told from those that can be read."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from deal_driver import Driver

from dealwright.engine import event_of, evolve
from dealwright.engine.upcasting import UPCASTERS, payload_of
from dealwright.errors import StoreError
from dealwright.events import EVENT_TYPES, PAYLOADS, OwnerAssigned, Payload, Record
from dealwright.model.canonical import canonical

AT = datetime(2026, 3, 5, tzinfo=UTC)


class Handed(Payload, frozen=True, kw_only=True, tag_field="v", tag=3):
    """What `owner_assigned` might be in a later release: of whom, to whom."""

    person: str
    giver: str

    @property
    def owner(self) -> str:
        return self.person


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> None:
    """A release that changed one payload twice: `owner` to `person`, then `giver` added without a default."""

    def renamed(data: dict[str, Any]) -> dict[str, Any]:
        return {"person": data["owner"]}

    def told_by_whom(data: dict[str, Any]) -> dict[str, Any]:
        return {**data, "giver": "unknown"}

    monkeypatch.setitem(PAYLOADS, "owner_assigned", Handed)
    monkeypatch.setitem(UPCASTERS, ("owner_assigned", 1), renamed)
    monkeypatch.setitem(UPCASTERS, ("owner_assigned", 2), told_by_whom)


def record(kind: str, data: dict[str, Any], seq: int) -> Record:
    return Record(1, "small-1", seq, kind, AT, AT, "rep-1", "os", "rep", "d" * 64, data, "0" * 64, "0" * 64)


@pytest.mark.usefixtures("later")
@pytest.mark.parametrize("data", [
    {"owner": "rep-2"}, {"v": 2, "person": "rep-2"}, {"v": 3, "person": "rep-2", "giver": "unknown"},
])  # fmt: skip
def test_every_version_of_a_payload_leads_to_the_same_state(data: dict[str, Any]) -> None:
    deal = Driver().deal
    event = event_of(record("owner_assigned", data, deal.version + 1))
    assert event.data == Handed(person="rep-2", giver="unknown")
    assert evolve(deal, event).owner == "rep-2"


@pytest.mark.usefixtures("later")
def test_an_imported_fact_of_an_older_version_is_brought_up_to_date_too() -> None:
    deal = Driver().deal
    data = {"what": "owner_assigned", "data": {"owner": "rep-2"}, "origin": "crm.csv"}
    assert evolve(deal, event_of(record("imported", data, deal.version + 1))).owner == "rep-2"


@pytest.mark.usefixtures("later")
def test_an_event_of_a_raised_version_says_so_in_its_bytes() -> None:
    assert canonical(Handed(person="rep-2", giver="rep-1")) == b'{"giver":"rep-1","person":"rep-2","v":3}'


def test_the_first_version_is_never_written_down() -> None:
    assert canonical(OwnerAssigned(owner="rep-2")) == b'{"owner":"rep-2"}'
    for payload in PAYLOADS.values():
        assert "v" not in payload.__struct_encode_fields__


@pytest.mark.parametrize("version", [2, 0, -1, "2", 1.5, None])
def test_a_version_that_this_release_does_not_know_is_refused(version: object) -> None:
    with pytest.raises(StoreError, match="newer dealwright"):
        payload_of("owner_assigned", {"owner": "rep-2", "v": version})


def test_a_type_that_this_release_does_not_know_is_refused() -> None:
    with pytest.raises(StoreError, match="events of type merged"):
        event_of(record("merged", {}, 2))


def test_a_key_that_a_newer_release_added_is_ignored() -> None:
    assert payload_of("owner_assigned", {"owner": "rep-2", "handover": "by phone"}) == OwnerAssigned(owner="rep-2")


def test_every_type_has_a_payload_and_every_raised_version_its_upcasters() -> None:
    assert set(EVENT_TYPES) == set(PAYLOADS)
    for kind, payload in PAYLOADS.items():
        version = payload.__struct_config__.tag or 1
        assert all((kind, older) in UPCASTERS for older in range(1, version))
