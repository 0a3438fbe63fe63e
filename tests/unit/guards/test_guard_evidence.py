"""Evidence is derived from what a condition rests on, never declared."""

from __future__ import annotations

import pytest
from guard_world import guard


@pytest.mark.parametrize(
    ("source", "evidence"),
    [
        ("has(fit)", "seller"), ("icp_score >= 60", "seller"), ("event(demo_held)", "seller"),
        ("event(meeting_accepted)", "buyer"), ("event(handed_in)", "seller"), ("event(call)", "seller"),
        ('event(buyer_reaction).mood == "good"', "buyer"), ("days_since(meeting_accepted) <= 14", "buyer"),
        ("days_since(demo_held) <= 14", "seller"), ("terms_agreed", "buyer"), ("terms_agreed == true", "buyer"),
        ("terms_agreed == false", "seller"), ("has(terms_agreed)", "buyer"), ("checked_by_legal", "seller"),
        ("count(pains, confirmed) >= 1", "buyer"), ("count(pains, confirmed) > 0", "buyer"),
        ("1 <= count(pains, confirmed)", "buyer"),
        ("count(pains, confirmed) >= 0", "seller"), ("count(pains, confirmed) == 0", "seller"),
        ("count(pains, confirmed) < 3", "seller"),
        ("count(pains, not confirmed) >= 1", "seller"), ("any(pains, confirmed)", "buyer"),
        ("all(pains, confirmed)", "buyer"),
        ("count(pains) >= 1", "seller"), ("complete(quotation)", "document"), ("has(quotation)", "document"),
        ("quotation.price > 3", "document"), ("has(quotation.valid_until)", "document"),
        ("approved(quotation)", "approval"),
        ("approved(needs_record)", "document"), ("count(visit_report, day_no == 7) >= 1", "document"),
        ("count(visit_report, heard) >= 1", "buyer"), ("count(visit_report) == 0", "seller"),
        ("not event(meeting_accepted)", "seller"), ("not complete(quotation)", "seller"),
        ("event(meeting_accepted) and has(fit)", "buyer"), ("complete(quotation) and approved(contract)", "approval"),
        ("approved(contract) and terms_agreed", "buyer"), ("event(meeting_accepted) or has(fit)", "seller"),
        ("event(meeting_accepted) or terms_agreed", "buyer"),
        ("event(meeting_accepted) or complete(quotation)", "seller"),
        ("approved(contract) or complete(quotation)", "document"), ("budget >= floor or approved(quotation)", "seller"),
        ("(event(meeting_accepted) or has(fit)) and complete(quotation)", "document"),
        ("count(stakeholders(EB)) == 1", "seller"),
        ("not quotation.price > 5", "document"), ('not event(buyer_reaction).mood == "bad"', "buyer"),
        ("not (not terms_agreed)", "buyer"), ("not (not terms_agreed or not complete(quotation))", "buyer"),
        ("not (not terms_agreed and not has(fit))", "seller"), ("not count(pains, confirmed) < 1", "buyer"),
        ("not has(quotation.price)", "seller"), ("not all(pains, confirmed)", "seller"),
        ("sum(pains, impact) > 5", "seller"), ("open(objections) == 0", "seller"),
    ],
)  # fmt: skip
def test_evidence_is_the_strongest_thing_a_condition_cannot_hold_without(source, evidence):
    assert guard(source).evidence == evidence


def test_names_lists_what_a_guard_rests_on():
    names = guard(
        'fit == "yes" and event(demo_held) and quotation.price > budget and halve(icp_score) > 1'
        " and days_since(meeting_accepted) < 9 and complete(contract) and count(pains, confirmed) > 0"
    ).names
    assert names.fields == {"fit", "quotation.price", "budget", "icp_score", "pains"}
    assert names.artifacts == {"quotation", "contract"}
    assert names.events == {"demo_held", "meeting_accepted"}
    assert names.functions == {"halve"}
