"""What people supply: fields, lists and their entries, confirmations, personal values, artifacts side by side."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from deal_driver import PAPER, Driver

from dealwright.engine import commands as c
from dealwright.errors import DealwrightError, NotFoundError, UsageError
from dealwright.model.deal import Item, Ref
from dealwright.model.money import Money

BODY = """
fields:
  fit: {type: choice, values: [good, bad]}
  seats: {type: number, min: 1, max: 50, required: true}
  due: {type: date}
  credit: {type: number, by: [manager]}
  home: {type: text, personal: true}
  helper: {type: person}
  sponsor: {type: stakeholder}
  agreed: {type: confirmation, by: buyer}
  checked: {type: confirmation, by: legal}
  proven: {type: confirmation, by: buyer, proof: file}
  pains:
    type: list
    of:
      text: {type: text, required: true}
      cost: {type: money}
      verdict: {type: text, by: [manager]}
      sure: {type: confirmation, by: buyer}
  objections: {type: list, items: open_closed, of: {text: {type: text, required: true}}}
  audits: {type: list, by: [legal], of: {text: {type: text}}}
artifacts:
  visit: {by: [rep], many: true, fields: {text: {type: text, required: true}}}
  report: {by: [rep], fields: {pains: {type: list, of: {text: {type: text, required: true}}}}}
  scan: {by: [rep], file: optional, kind: document}
"""


@pytest.fixture
def deal() -> Driver:
    return Driver(BODY, seats=5)


def values(deal: Driver, name: str) -> list[tuple[str, object]]:
    return [(item.id, item.values[0]) for item in deal.deal.value(name) or ()]


# fields


def test_values_are_typed_and_cleared_by_none(deal: Driver) -> None:
    deal.set(fit="good", due="2026-05-01", amount={"amount": "12.50", "currency": "CNY"})
    assert deal.deal.value("due") == date(2026, 5, 1)
    assert deal.deal.value("amount") == Money(Decimal("12.50"), "CNY")
    deal.set(due=None)
    assert deal.deal.value("due") is None


@pytest.mark.parametrize(
    "fields",
    [
        {"fit": "odd"}, {"seats": 51}, {"seats": "5"}, {"seats": True}, {"due": "soon"}, {"nothing": 1}, {},
        {"helper": "nobody"}, {"helper": ["rep-1"]}, {"sponsor": "s9"}, {"home": "Main Street"}, {"pains": "slow"},
        {"pains": ["slow"]}, {"pains": [{"cost": 5}]}, {"pains": [{"text": "a", "other": 1}]}, {"agreed": "s9"},
        {"agreed": True}, {"proven": "s1"}, {"proven": {"stakeholder": "s1", "proof": "paper"}}, {"seats": None},
        {"pains": [{"id": "1", "text": "a"}, {"id": "1", "text": "b"}]}, {"amount": [5]}, {"fit": ["good"]},
    ],
    ids=str,
)  # fmt: skip
def test_what_a_field_does_not_take_is_a_usage_error(deal: Driver, fields: dict[str, object]) -> None:
    deal.buyer()
    deal.ok("rep-1", c.AddItem(list="pains", fields={"text": "slow"}))
    before = deal.deal
    with pytest.raises(UsageError):
        deal.do("rep-1", c.SetFields(fields=fields))
    assert deal.deal is before


def test_a_field_takes_its_own_roles_else_those_of_the_stage(deal: Driver) -> None:
    assert deal.no("rep-1", c.SetFields(fields={"credit": 5})).roles == ("manager",)
    assert deal.no("manager-1", c.SetFields(fields={"fit": "good"})).roles == ("rep",)
    assert deal.no("manager-1", c.SetFields(fields={"credit": 5, "fit": "good"})).roles == ("rep",)
    assert deal.ok("manager-1", c.SetFields(fields={"credit": 5})).role == "manager"
    assert deal.ok("chief-1", c.SetFields(fields={"credit": 5, "fit": "good"})).type == "fields_set"


def test_a_personal_value_is_only_ever_a_reference(deal: Driver) -> None:
    event = deal.set(home=Ref("p1", "3" * 64))
    assert event.data.fields == {"home": {"ref": "p1", "digest": "3" * 64}}  # type: ignore[attr-defined]
    assert deal.deal.value("home") == Ref("p1", "3" * 64)


def test_a_buyers_confirmation_names_the_stakeholder_and_the_event(deal: Driver) -> None:
    who = deal.buyer()
    event = deal.set(agreed=who)
    confirmation = deal.deal.value("agreed")
    assert (confirmation.stakeholder, confirmation.at, confirmation.seq) == (who, event.at, event.seq)


def test_a_confirmation_cannot_be_told_to_be_older_or_newer(deal: Driver) -> None:
    who = deal.buyer()
    event = deal.set(agreed={"stakeholder": who, "at": "2020-01-01T00:00:00Z", "seq": 999})
    assert deal.deal.value("agreed").seq == event.seq


def test_a_companys_confirmation_names_the_person_who_acts(deal: Driver) -> None:
    assert deal.no("rep-1", c.SetFields(fields={"checked": "legal-1"})).roles == ("legal",)
    deal.ok("chief-1", c.SetFields(fields={"checked": "legal-1"}))
    assert deal.deal.value("checked").stakeholder == "chief-1"


def test_a_confirmation_may_ask_for_proof(deal: Driver) -> None:
    deal.set(proven={"stakeholder": deal.buyer(), "proof": PAPER})
    assert deal.deal.value("proven").proof == PAPER


# lists


def test_entries_are_added_changed_and_closed(deal: Driver) -> None:
    deal.ok("rep-1", c.AddItem(list="pains", fields={"text": "slow"}), c.AddItem(list="pains", fields={"text": "dear"}))
    deal.ok("rep-1", c.SetItem(list="pains", item="2", fields={"text": "costly"}))
    assert values(deal, "pains") == [("1", "slow"), ("2", "costly")]
    deal.ok("rep-1", c.AddItem(list="objections", fields={"text": "late"}), c.CloseItem(list="objections", item="1"))
    assert deal.deal.value("objections") == (Item("1", ("late",), closed=True),)
    assert deal.no("rep-1", c.CloseItem(list="objections", item="1")).cause == "status"


def test_entries_keep_to_their_declaration(deal: Driver) -> None:
    deal.ok("rep-1", c.AddItem(list="pains", fields={"text": "slow"}))
    for command in (
        c.AddItem(list="pains", fields={"cost": 5}), c.AddItem(list="fit", fields={}),
        c.AddItem(list="painz", fields={"text": "a"}), c.SetItem(list="pains", item="1", fields={"text": None}),
        c.SetItem(list="pains", item="1", fields={}), c.CloseItem(list="pains", item="1"),
    ):  # fmt: skip
        with pytest.raises(UsageError):
            deal.do("rep-1", command)
    with pytest.raises(NotFoundError):
        deal.do("rep-1", c.SetItem(list="pains", item="9", fields={"text": "a"}))


def test_a_list_and_the_fields_of_its_entries_take_their_own_roles(deal: Driver) -> None:
    assert deal.no("rep-1", c.AddItem(list="audits", fields={"text": "a"})).roles == ("legal",)
    assert deal.no("rep-1", c.AddItem(list="pains", fields={"text": "a", "verdict": "real"})).roles == ("manager",)
    deal.ok("chief-1", c.AddItem(list="pains", fields={"text": "a", "verdict": "real"}))


def test_a_whole_list_numbers_its_entries(deal: Driver) -> None:
    deal.set(pains=[{"text": "slow"}, {"text": "dear"}])
    assert values(deal, "pains") == [("1", "slow"), ("2", "dear")]
    deal.ok("rep-1", c.AddItem(list="pains", fields={"text": "late"}))
    assert values(deal, "pains")[-1] == ("3", "late")


def test_in_a_whole_list_an_entry_that_names_its_id_stays_that_entry(deal: Driver) -> None:
    deal.set(pains=[{"text": "slow", "cost": 5}, {"text": "dear"}])
    deal.set(pains=[{"id": "2", "text": "costly"}, {"text": "new"}, {"id": "1"}])
    assert values(deal, "pains") == [("2", "costly"), ("3", "new"), ("1", "slow")]
    assert deal.deal.value("pains")[2].values[1] == Money(Decimal(5), "CNY")
    deal.set(pains=[{"id": "1", "cost": None}])
    assert deal.deal.value("pains") == (Item("1", ("slow", None, None, None)),)


def test_a_whole_list_that_repeats_a_confirmation_does_not_give_it_anew(deal: Driver) -> None:
    deal.ok("rep-1", c.AddItem(list="pains", fields={"text": "slow", "sure": deal.buyer()}))
    given = deal.log[-1].data.fields["sure"]  # type: ignore[attr-defined]
    seq = deal.deal.version
    deal.set(pains=[{"id": "1", "text": "slow", "sure": given}, {"text": "new", "sure": given}])
    assert [item.values[3].seq for item in deal.deal.value("pains")] == [seq, deal.deal.version]


def test_in_a_whole_list_what_another_role_wrote_stays_and_is_no_reason_to_refuse(deal: Driver) -> None:
    deal.ok("chief-1", c.AddItem(list="pains", fields={"text": "slow", "verdict": "real"}))
    deal.set(pains=[{"id": "1", "text": "slower"}])
    deal.set(pains=[{"id": "1", "verdict": "real"}])
    assert deal.deal.value("pains")[0].values[:3] == ("slower", None, "real")
    for verdict in ("unreal", None):
        refusal = deal.no("rep-1", c.SetFields(fields={"pains": [{"id": "1", "verdict": verdict}]}))
        assert refusal.roles == ("manager",)


def test_in_a_whole_list_a_closed_entry_stays_closed_unless_it_says_otherwise(deal: Driver) -> None:
    deal.set(objections=[{"text": "late"}, {"text": "dear", "closed": True}])
    deal.set(objections=[{"id": "1", "closed": True}, {"id": "2", "text": "costly"}])
    assert [item.closed for item in deal.deal.value("objections")] == [True, True]
    deal.set(objections=[{"id": "1", "closed": False}])
    assert [item.closed for item in deal.deal.value("objections")] == [False]


def test_an_artifacts_list_has_nothing_to_do_with_the_deals_list_of_the_same_name(deal: Driver) -> None:
    deal.set(pains=[{"text": "slow"}, {"text": "dear"}])
    deal.ok("rep-1", c.RecordArtifact(artifact="report", fields={"pains": [{"id": "2", "text": "own"}]}))
    artifact = deal.deal.artifact("report")
    assert artifact is not None
    assert artifact.values[0] == (Item("1", ("own",)),)
    deal.ok("rep-1", c.RecordArtifact(artifact="report", fields={"pains": [{"id": "1"}, {"text": "more"}]}))
    assert [i.values for i in deal.deal.artifact("report").values[0]] == [("own",), ("more",)]  # type: ignore[union-attr]


# artifacts side by side


def test_artifacts_of_a_kind_with_many_stand_side_by_side_each_with_versions(deal: Driver) -> None:
    for text in ("a", "b", "c"):
        deal.ok("rep-1", c.RecordArtifact(artifact="visit", fields={"text": text}))
    deal.ok("rep-1", c.RecordArtifact(artifact="visit-2", fields={"text": "b2"}))
    deal.ok("rep-1", c.RecordArtifact(artifact="visit-1", fields={"text": "a2"}))
    group = deal.deal.artifacts[deal.deal.layout.artifact_at["visit"]]
    assert [(a.id, a.version, a.values) for a in group] == [
        ("visit", 2, ("a2",)), ("visit-2", 2, ("b2",)), ("visit-3", 1, ("c",)),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "command",
    [
        c.RecordArtifact(artifact="visit"), c.RecordArtifact(artifact="visit-1", fields={"text": "x"}),
        c.RecordArtifact(artifact="visit-7", fields={"text": "x"}), c.RecordArtifact(artifact="vizit"),
        c.RecordArtifact(artifact="visit", fields={"text": "x"}, file=PAPER), c.RecordArtifact(artifact="scan"),
        c.RecordArtifact(artifact="visit", fields={"pages": 5}),
    ],
    ids=lambda command: f"{command.artifact} {dict(command.fields)}",
)  # fmt: skip
def test_what_is_no_artifact_of_the_process_is_a_usage_error(deal: Driver, command: c.Command) -> None:
    with pytest.raises(DealwrightError):
        deal.do("rep-1", command)
