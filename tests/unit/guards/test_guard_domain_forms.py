"""Every form of condition that sales methods ask for can be written, and means what it should."""

from __future__ import annotations

import pytest
from guard_world import (
    MOMENT,
    SCOPE,
    artifact,
    ask,
    confirmation,
    date,
    deal,
    decided,
    fact,
    guard,
    money,
    objection,
    pain,
    person,
    visit,
)  # fmt: skip

from dealwright.guards import check

PRICE = money(80, "CNY")

# form of domain-methods, section 1: (condition, a deal that meets it, a deal that does not)
FORMS = {
    "has(f)": ("has(source)", deal(source="inbound"), deal()),
    "f >= n": ("icp_score >= 60", deal(icp_score=60), deal(icp_score=59)),
    "f in [..]": ('source in ["referral", "inbound"]', deal(source="inbound"), deal(source="outbound")),
    "art(x)": ("complete(quotation)", deal(quotation=artifact("quotation", price=PRICE)),
    deal(quotation=artifact("quotation"))),
    "art(x).status approved": (
        "approved(quotation)",
        deal(quotation=artifact("quotation", decided("manager", "manager-1"), price=PRICE, discount_pct=20)),
        deal(quotation=artifact("quotation", price=PRICE, discount_pct=20)),
    ),
    "n(list)": ("count(pains) >= 1", deal(pains=(pain(),)), deal()),
    "n(list, cond)": ("count(pains, confirmed) >= 1", deal(pains=(pain(confirmed=confirmation()),)),
    deal(pains=(pain(),))),
    "n(list) == n(list)": (
        "count(needs_record.need_map) == count(pains)",
        deal(needs_record=artifact("needs_record", need_map=(pain(),)), pains=(pain(),)), deal(pains=(pain(),)),
    ),
    "n(visits, day in [7, 30, 90]) == 3": (
        "count(visits, day in [7, 30, 90]) == 3",
        deal(visits=(visit(7, "1"), visit(30, "2"), visit(90, "3"), visit(8, "4"))), deal(visits=(visit(7),)),
    ),
    "ev(e) by the buyer": ("event(meeting_accepted)", deal(fact("meeting_accepted")), deal()),
    "ev(e) and ev(e)": (
        "event(demo_held) and event(buyer_reaction)", deal(fact("demo_held"), fact("buyer_reaction")),
        deal(fact("demo_held"))
    ),
    "ev(a) or ev(b)": ("event(demo_held) or event(handed_in)", deal(fact("handed_in")), deal()),
    "days_since(e)": (
        "days_since(demo_held) <= 90", deal(fact("demo_held", days_ago=90)), deal(fact("demo_held", days_ago=91))
    ),
    "days_to(f)": ("days_until(expected_close) >= 10", deal(expected_close=date(2026, 3, 15)),
    deal(expected_close=date(2026, 3, 14))),
    "valid_until >= today": (
        "quotation.valid_until >= today()",
        deal(quotation=artifact("quotation", valid_until=date(2026, 3, 5))),
        deal(quotation=artifact("quotation", valid_until=date(2026, 3, 4))),
    ),
    "open(list)": ("open(objections) == 0", deal(objections=(objection("1", closed=True),)),
    deal(objections=(objection("1"),))),
    "role(r).approved": (
        "budget >= floor or approved(quotation)",
        deal(budget=money(5, "CNY"), floor=money(9, "CNY"),
             quotation=artifact("quotation", decided("manager", "m-1"), price=PRICE, discount_pct=30)),
        deal(budget=money(5, "CNY"), floor=money(9, "CNY")),
    ),
    "confirmed by the buyer": ("terms_agreed", deal(terms_agreed=confirmation()), deal()),
    "f == true or has(g)": ("feasible == true or has(from)", deal(feasible=False,
    **{"from": "x"}), deal(feasible=False)),
    "one economic buyer": (
        "count(stakeholders(EB)) == 1", deal(stakeholders=(person(role="EB"),)),
        deal(stakeholders=(person("s-1", role="EB"), person("s-2", role="EB"))),
    ),
    "nobody without role or plan": (
        "count(stakeholders, not (has(role) and has(influence))) == 0", deal(stakeholders=(person(role="EB",
        influence=3),)),
        deal(stakeholders=(person(role="EB"),)),
    ),
    "no strong opponent": (
        "count(stakeholders, influence >= 4 and attitude < 0) == 0", deal(stakeholders=(person(influence=5,
        attitude=2),)),
        deal(stakeholders=(person(influence=5, attitude=-2),)),
    ),
    "a third of the list contacted lately": (
        "count(stakeholders, days_since(last_contact) > 30) == 0", deal(stakeholders=(person(last_contact=date(2026,
        3, 1)),)),
        deal(stakeholders=(person(last_contact=date(2026, 1, 1)),)),
    ),
    "every open objection has a kind": ("all(objections, has(kind))", deal(objections=(objection("1", kind="price"),)),
                                        deal(objections=(objection("1"),))),
    "satisfaction of visits": (
        "all(visit_report, satisfaction >= 4)", deal(visit_report=[artifact("visit_report", day_no=7, satisfaction=4)]),
        deal(visit_report=[artifact("visit_report", day_no=7, satisfaction=3)]),
    ),
    "a price above a margin": (
        "quotation.price >= floor * 1.1", deal(floor=money(100,
        "CNY"), quotation=artifact("quotation", price=money(110, "CNY"))),
        deal(floor=money(100, "CNY"), quotation=artifact("quotation", price=money("109.99", "CNY"))),
    ),
}  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
def test_each_form_can_be_met_and_can_fail(form):
    source, good, bad = FORMS[form]
    assert check(source, SCOPE) == []
    assert ask(source, good) == "met"
    assert ask(source, bad) in ("unmet", "unknown")


def test_a_score_is_a_sum_of_conditions_and_numbers():
    on = deal(icp_score=75, pains=(pain("1", depth="personal"),))
    assert guard('count(pains, depth == "personal") >= 1', "value").value(on, 0, MOMENT) is True
    assert guard("icp_score / 100", "value").value(on, 0, MOMENT) == 0.75
    assert guard("count(pains) / 4", "value").value(on, 0, MOMENT) == 0.25
