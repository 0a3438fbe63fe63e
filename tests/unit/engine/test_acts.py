"""Activities, stakeholders, owners: who did what with the buyer, and when."""

from __future__ import annotations

from datetime import timedelta

import pytest
from deal_driver import PAPER, WHY, Driver

from dealwright.engine import commands as c
from dealwright.errors import NotFoundError, UsageError
from dealwright.model.deal import Ref

BODY = """
events:
  met: {by: [buyer], fields: {place: {type: text, required: true}}}
  either: {by: [buyer, rep]}
  audited: {by: [legal], proof: file}
"""


@pytest.fixture
def deal() -> Driver:
    return Driver(BODY)


def test_an_act_of_the_buyer_names_the_stakeholder(deal: Driver) -> None:
    with pytest.raises(UsageError, match="--contact"):
        deal.do("rep-1", c.LogActivity(name="met", fields={"place": "here"}))
    with pytest.raises(NotFoundError):
        deal.do("rep-1", c.LogActivity(name="met", contact="s1", fields={"place": "here"}))
    who = deal.buyer()
    deal.ok("rep-1", c.LogActivity(name="met", contact=who, fields={"place": "here"}))
    fact = deal.deal.facts[-1]
    assert (fact.id, fact.by, fact.contact, fact.person, fact.values) == ("a1", "buyer", who, "rep-1", ("here",))


def test_nobody_passes_a_buyers_act_off_as_the_sellers_or_the_other_way_round(deal: Driver) -> None:
    who = deal.buyer()
    with pytest.raises(UsageError):
        deal.do("rep-1", c.LogActivity(name="met", by="seller", fields={"place": "here"}))
    with pytest.raises(UsageError):
        deal.do("legal-1", c.LogActivity(name="audited", by="buyer", contact=who, proof=PAPER))
    with pytest.raises(UsageError):
        deal.do("rep-1", c.LogActivity(name="call", by="somebody"))


def test_an_act_takes_the_roles_of_its_kind(deal: Driver) -> None:
    assert deal.no("rep-1", c.LogActivity(name="audited", proof=PAPER)).roles == ("legal",)
    assert deal.no("ops-1", c.LogActivity(name="either")).roles == ("rep",)
    who = deal.buyer()
    refusal = deal.no("ops-1", c.LogActivity(name="met", contact=who, fields={"place": "x"}))
    assert refusal.roles == ("rep",)
    assert deal.ok("legal-1", c.LogActivity(name="audited", proof=PAPER)).role == "legal"


def test_what_every_process_knows_is_open_to_all_its_roles(deal: Driver) -> None:
    for person in ("rep-1", "ops-1", "legal-1"):
        assert deal.ok(person, c.LogActivity(name="call")).type == "activity_logged"
    assert deal.no("guest-1", c.LogActivity(name="call")).cause == "role"


def test_an_act_that_is_not_declared_gets_a_suggestion(deal: Driver) -> None:
    with pytest.raises(UsageError, match="did you mean meeting"):
        deal.do("rep-1", c.LogActivity(name="meetin"))


def test_an_act_brings_its_required_fields_and_its_proof(deal: Driver) -> None:
    with pytest.raises(UsageError, match="place"):
        deal.do("rep-1", c.LogActivity(name="met", contact=deal.buyer()))
    with pytest.raises(UsageError, match="--proof"):
        deal.do("legal-1", c.LogActivity(name="audited"))


def test_an_act_may_be_told_afterwards_but_not_before_it_happens(deal: Driver) -> None:
    newest = deal.deal.last_at
    earlier = deal.now - timedelta(days=3)
    event = deal.ok("rep-1", c.LogActivity(name="call", at=earlier))
    assert event.at == earlier
    assert deal.deal.last_at == newest
    assert deal.on().at > earlier
    with pytest.raises(UsageError):
        deal.do("rep-1", c.LogActivity(name="call", at=deal.now + timedelta(hours=1)))


def test_a_voided_act_is_gone_and_its_id_is_not_used_again(deal: Driver) -> None:
    deal.ok("rep-1", c.LogActivity(name="call"), c.LogActivity(name="email"))
    deal.ok("rep-1", c.VoidActivity(activity="a2", reason=WHY))
    assert [f.id for f in deal.deal.facts] == ["a1"]
    with pytest.raises(NotFoundError):
        deal.do("rep-1", c.VoidActivity(activity="a2", reason=WHY))
    deal.ok("rep-1", c.LogActivity(name="call"))
    assert [f.id for f in deal.deal.facts] == ["a1", "a3"]
    assert deal.no("guest-1", c.VoidActivity(activity="a1", reason=WHY)).cause == "role"


def test_stakeholders_are_added_and_changed_by_anybody_with_a_role(deal: Driver) -> None:
    name = Ref("p1", "4" * 64)
    deal.ok("legal-1", c.AddStakeholder(fields={"name": name, "role": "EB", "influence": 5}))
    deal.ok("ops-1", c.AddStakeholder(fields={"name": name}))
    assert [s.id for s in deal.deal.stakeholders] == ["s1", "s2"]
    deal.ok("rep-1", c.SetStakeholder(stakeholder="s1", fields={"influence": None, "dept": "IT"}))
    one = deal.deal.stakeholder("s1")
    assert one is not None
    assert one.values[0] == name
    assert (one.values[2], one.values[4]) == ("IT", None)
    assert deal.no("guest-1", c.SetStakeholder(stakeholder="s1", fields={"dept": "IT"})).cause == "role"


@pytest.mark.parametrize(
    "command",
    [
        c.AddStakeholder(fields={}), c.AddStakeholder(fields={"name": "Somebody"}),
        c.AddStakeholder(fields={"name": Ref("p", "5" * 64), "influence": 9}),
        c.SetStakeholder(stakeholder="s1", fields={}), c.SetStakeholder(stakeholder="s1", fields={"name": None}),
        c.SetStakeholder(stakeholder="s7", fields={"dept": "IT"}), c.SetStakeholder(stakeholder="s1", fields={"x": 1}),
    ],
    ids=str,
)  # fmt: skip
def test_what_no_stakeholder_is_made_of_is_refused(deal: Driver, command: c.Command) -> None:
    deal.buyer()
    with pytest.raises((UsageError, NotFoundError)):
        deal.do("rep-1", command)


def test_a_deal_goes_to_another_person_of_the_team(deal: Driver) -> None:
    assert deal.no("ops-1", c.Assign(person="rep-2")).cause == "role"
    assert deal.no("rep-1", c.Assign(person="rep-1")).cause == "status"
    deal.ok("rep-1", c.Assign(person="rep-2"))
    assert deal.deal.owner == "rep-2"
    with pytest.raises(UsageError, match="did you mean rep-"):
        deal.do("rep-1", c.Assign(person="rep-9"))
