"""A message is a CloudEvent that says what happened, with the same id whenever it is made."""

from __future__ import annotations

import json
from datetime import date
from types import MappingProxyType

import msgspec
import pytest

from dealwright import Ref
from dealwright.model.deal import Hold
from dealwright_outbox.message import brief, message_of

REF = {"ref": "r1", "digest": "abc"}


def test_envelope_is_cloudevents_structured_json(event, deal, process):
    made = message_of(event(3, "advanced", to="needs"), deal, process, "crm", "/dealwright/acme")
    envelope = json.loads(made.body)
    data = envelope.pop("data")
    assert envelope == {
        "specversion": "1.0", "id": made.id, "source": "/dealwright/acme", "type": "dealwright.deal.advanced.v1",
        "subject": "b2b-1", "time": "2026-03-02T09:30:00Z", "datacontenttype": "application/json",
    }  # fmt: skip
    assert set(data) == {"event", "deal"}
    assert "电梯".encode() in made.body


def test_event_has_the_contracts_shape(event, deal, process):
    told = json.loads(message_of(event(3, to="needs"), deal, process, "crm", "/s").body)["data"]["event"]
    assert list(told) == [
        "position", "deal", "seq", "type", "at", "recorded_at", "actor", "recorded_by", "role", "definition_hash",
        "data", "prev_hash", "hash",
    ]  # fmt: skip
    assert (told["position"], told["seq"], told["data"]) == (13, 3, {"to": "needs"})


def test_frozen_data_as_listeners_get_it_comes_out_as_plain_json(event, deal, process):
    one = event(3, "fields_set", fields=MappingProxyType({"pains": (MappingProxyType({"id": "1"}),)}))
    frozen = msgspec.structs.replace(one, data=MappingProxyType(one.data))
    told = json.loads(message_of(frozen, deal, process, "crm", "/s").body)["data"]["event"]
    assert told["data"] == {"fields": {"pains": [{"id": "1"}]}}


def test_id_is_stable_per_event_and_endpoint_and_depends_on_nothing_else(event, deal, process):
    first = message_of(event(3), deal, process, "crm", "/s").id
    later = msgspec.structs.replace(deal, title="another", version=9)
    assert message_of(event(3), later, process, "crm", "/other").id == first
    assert message_of(event(4), deal, process, "crm", "/s").id != first
    assert message_of(event(3), deal, process, "erp", "/s").id != first
    assert "." not in first  # the character that parts id, time and body in what is signed


def test_deal_is_told_in_brief_without_fields_artifacts_or_people(deal, process):
    told = brief(deal, process)
    assert told["amount"] == {"amount": "120000.00", "currency": "CNY"}
    assert (told["stage"], told["phase"], told["owner"], told["version"]) == ("needs", "discover", "rep-1", 3)
    assert (told["won_at"], told["on_hold"], told["opened_at"]) == (None, None, "2026-03-02T09:30:00Z")
    assert not {"fields", "artifacts", "stakeholders"} & set(told)


def test_personal_values_stay_references(event, deal, process):
    hidden = msgspec.structs.replace(
        deal, reason=Ref("r1", "abc"), hold=Hold(until=date(2026, 4, 1), reason=Ref("r1", "abc"), since=deal.opened_at)
    )
    made = json.loads(message_of(event(3, "held", reason=REF), hidden, process, "crm", "/s").body)["data"]
    assert made["deal"]["reason"] == REF
    assert made["deal"]["on_hold"] == {"until": "2026-04-01", "reason": REF}
    assert made["event"]["data"]["reason"] == REF


def test_number_that_is_no_json_is_refused_rather_than_sent(event, deal, process):
    with pytest.raises(ValueError, match="JSON"):
        message_of(event(3, x=float("nan")), deal, process, "crm", "/s")
