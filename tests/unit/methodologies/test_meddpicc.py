"""MEDDPICC: eight elements of 0, 1 or 2 from what is on record, the published bands, and a gate for each phase."""

from __future__ import annotations

import pytest
from method_deals import asked, day, flags, overlay, prompts, scored, status

from dealwright_meddpicc.levels import level

EB, CHAMPION = {"role": "EB"}, {"role": "champion", "influence": 4}
BEGUN = {
    "metrics": {"meddpicc_metrics": [{"name": "stops"}]},
    "buyer": {"stakeholders": [EB]},
    "criteria": {"meddpicc_criteria": [{"criterion": "uptime"}]},
    "process": {"decision_process": "board of three"},
    "papers": {"meddpicc_papers": [{"paper": "signatory"}]},
    "pain": {"pains": [{"text": "stops"}]},
    "champion": {"stakeholders": [CHAMPION]},
    "rivals": {"meddpicc_rivals": [{"rival": "as it is", "kind": "do_nothing"}]},
}
VALIDATED = {
    "metrics": {"meddpicc_metrics": [
        {"name": "stops", "baseline": "9 a month", "target": "2", "worth": 120000, "quoted": True}]},
    "buyer": {"stakeholders": [EB], "meddpicc_buyer_met": {"approves_alone": True}},
    "criteria": {"meddpicc_criteria": [
        {"criterion": "uptime", "rank": 1, "our_answer": "spare line", "written_in": "tender, page 3"}]},
    "process": {"meddpicc_decision_steps": [
        {"step": "board", "taken_by": "s1", "due_on": day(25)},
        {"step": "signature", "taken_by": "s1", "due_on": day(30), "signs": True, "learnt_from": "mail of 2 March"}]},
    "papers": {"meddpicc_papers": [
        {"paper": "signatory", "desk": "managing director", "due_on": day(30), "learnt_from": "mail of 2 March"}]},
    "pain": {"pains": [
        {"text": "stops", "felt_by": "s1", "impact": 90000, "consequence": "a customer leaves", "confirmed": True}]},
    "champion": {"stakeholders": [CHAMPION], "stakeholder_map": [
        {"person": "s1", "personal_win": "a calmer shift", "tested_by": "bring the board", "acted_on": day(9)}]},
    "rivals": {"meddpicc_rivals": [
        {"rival": "as it is", "kind": "do_nothing", "our_counter": "cost of a year", "learnt_from": "call"}]},
}  # fmt: skip


def whole(**levels):
    """A deal with these elements at 1 or 2; the others are unknown."""
    facts: dict = {}
    for name, value in levels.items():
        for key, given in (VALIDATED if value == 2 else BEGUN)[name].items():
            facts[key] = [*facts.get(key, []), *given] if isinstance(given, list) else given
    return facts


EVERY = dict.fromkeys(VALIDATED, 2)


@pytest.mark.parametrize(
    ("begun", "validated", "points"), [(False, False, 0), (True, False, 1), (True, True, 2), (False, True, 0)]
)
def test_an_element_is_unknown_partial_or_validated(begun, validated, points):
    assert level(begun, validated) == points


@pytest.mark.parametrize("element", EVERY)
def test_an_element_rises_with_what_is_on_record(element):
    assert scored("meddpicc").raw == 0
    assert scored("meddpicc", **whole(**{element: 1})).raw == 1
    assert scored("meddpicc", **whole(**{element: 2})).raw == 2


@pytest.mark.parametrize(
    ("element", "without"),
    [
        *[("metrics", ("meddpicc_metrics", 0, name)) for name in ("baseline", "target", "worth", "quoted")],
        *[("criteria", ("meddpicc_criteria", 0, name)) for name in ("rank", "our_answer", "written_in")],
        *[("process", ("meddpicc_decision_steps", 1, name)) for name in ("taken_by", "due_on", "signs", "learnt_from")],
        ("process", ("meddpicc_decision_steps", 0, "due_on")),
        *[("papers", ("meddpicc_papers", 0, name)) for name in ("desk", "due_on", "learnt_from")],
        *[("pain", ("pains", 0, name)) for name in ("felt_by", "impact", "consequence", "confirmed")],
        *[("champion", ("stakeholder_map", 0, name)) for name in ("personal_win", "tested_by", "acted_on")],
        ("champion", ("stakeholders", 0, "influence")),
        *[("rivals", ("meddpicc_rivals", 0, name)) for name in ("our_counter", "learnt_from")],
    ],
)
def test_an_element_is_validated_by_the_whole_of_its_evidence_only(element, without):
    key, at, name = without
    facts = dict(VALIDATED[element])
    rows = [dict(row) for row in facts[key]]
    del rows[at][name]
    assert scored("meddpicc", **{**facts, key: rows}).raw == 1


def test_an_economic_buyer_who_cannot_approve_alone_is_not_validated():
    assert scored("meddpicc", stakeholders=[EB], meddpicc_buyer_met={"approves_alone": False}).raw == 1


@pytest.mark.parametrize(
    ("raw", "band"),
    [
        (0, "Low priority"), (3, "Low priority"), (4, "Weak"), (7, "Weak"), (8, "Needs work"), (11, "Needs work"),
        (12, "Nearly strong"), (13, "Nearly strong"), (14, "Strong"), (16, "Strong"),
    ],
)  # fmt: skip
def test_the_published_bands(raw, band):
    names = list(EVERY)
    levels = dict.fromkeys(names[: raw // 2], 2) | ({names[raw // 2]: 1} if raw % 2 else {})
    one = scored("meddpicc", **whole(**levels))
    assert (one.raw, one.most) == (raw, 16)
    assert one.value == pytest.approx(100 * raw / 16)
    assert one.band is not None
    assert one.band.en == band
    assert not overlay("meddpicc").scale.own


def test_every_element_is_a_reason():
    reasons = scored("meddpicc", **whole(metrics=2, pain=1)).reasons
    assert [reason.en for reason in reasons][:2] == ["Metrics: 2 of 2", "Economic buyer: 0 of 2"]
    assert "痛点：1/2" in [reason.zh for reason in reasons]
    assert len(reasons) == 8


@pytest.mark.parametrize(
    ("criterion", "unmet", "met"),
    [
        ("meddpicc_pain_known", {}, whole(pain=1)),
        ("meddpicc_pain_proven", whole(pain=1), whole(pain=2)),
        ("meddpicc_metrics_named", {}, whole(metrics=1)),
        ("meddpicc_champion_named", whole(buyer=1), whole(champion=1)),
        ("meddpicc_buyer_named", whole(champion=1), whole(buyer=1)),
        ("meddpicc_metrics_proven", whole(metrics=1), whole(metrics=2)),
        ("meddpicc_criteria_proven", whole(criteria=1), whole(criteria=2)),
        ("meddpicc_process_named", {}, whole(process=1)),
        ("meddpicc_rivals_named", {}, whole(rivals=1)),
        ("meddpicc_buyer_proven", whole(buyer=1), whole(buyer=2)),
        ("meddpicc_process_proven", whole(process=1), whole(process=2)),
        ("meddpicc_papers_named", {}, whole(papers=1)),
        ("meddpicc_papers_proven", whole(papers=1), whole(papers=2)),
        ("meddpicc_strong", whole(**{**EVERY, "metrics": 1, "pain": 1, "rivals": 1}),
         whole(**{**EVERY, "metrics": 1, "pain": 1})),
    ],
)  # fmt: skip
def test_a_gate_tells_enough_from_too_little(criterion, unmet, met):
    assert status("meddpicc", criterion, **unmet) == "unmet"
    assert status("meddpicc", criterion, **met) == "met"


def test_the_last_gate_offers_what_the_missing_points_take():
    found = asked("meddpicc", "meddpicc_strong", **whole(**{**EVERY, "rivals": 1, "papers": 1, "pain": 1}))
    assert found is not None
    assert found.fix.remedies


@pytest.mark.parametrize(
    ("flag", "phase", "up", "down"),
    [
        ("meddpicc_no_metrics", "propose", {}, whole(metrics=1)),
        ("meddpicc_no_buyer", "discover", {}, whole(buyer=1)),
        ("meddpicc_untested_champion", "propose", whole(champion=1), whole(champion=2)),
        (
            "meddpicc_buyer_without_power",
            "negotiate",
            {"meddpicc_buyer_met": {"approves_alone": False}},
            whole(buyer=2),
        ),
        ("meddpicc_no_status_quo", "propose", {"meddpicc_rivals": [{"rival": "x", "kind": "vendor"}]}, whole(rivals=1)),
        ("meddpicc_paper_late", "close", {"meddpicc_papers": [{"paper": "legal", "due_on": day(10)}]}, whole(papers=2)),
        ("meddpicc_pain_vanished", "propose", {}, whole(pain=1)),
    ],
)
def test_a_flag_is_up_while_its_reason_lasts(flag, phase, up, down):
    assert flag in flags("meddpicc", phase, **up)
    assert flag not in flags("meddpicc", phase, **down)


def test_missing_metrics_are_a_risk_only_where_something_is_proposed():
    assert flags("meddpicc", "qualify") == set()


def test_prompts_follow_the_order_of_work_and_stop_where_an_element_stands():
    first = prompts("meddpicc", "discover").splitlines()
    assert [line.split()[0] for line in first] == ["What", "Who", "Who", "Whose"]
    assert prompts("meddpicc", "discover", **whole(pain=2, champion=1, buyer=1, metrics=2)) == ""
    assert "costs them a little" in prompts("meddpicc", "propose", **whole(champion=1))
    assert "costs them a little" not in prompts("meddpicc", "propose", **whole(champion=2))
    assert "sign" in prompts("meddpicc", "negotiate")
    assert "sceptical" not in prompts("meddpicc", "close", **whole(**EVERY))
