"""Solution Selling: a pain that becomes a vision, nine blocks, a pain chain, the way to power, a plan and its worth."""

from __future__ import annotations

import pytest
from method_deals import B2B, LAST, asked, day, deal_of, flags, overlay, plugin, program, prompts, scored, status

from dealwright import Deal, Item
from dealwright.definition import read_process, resolve
from dealwright.engine import prepare
from dealwright_solution.nine_blocks import questions_to_ask

ANSWERED = "the forms go round on paper"


def blocks(*names, answer=ANSWERED):
    return {"solution_blocks": [{"block": name, "answer": answer} for name in names]}


STEP, LINK = {"step": "trial at one site"}, {"person": "s1", "own_pain": "late figures"}
POWER = {"solution_power_sponsor": "s1", "solution_power_access_on": day(10)}
PAIN = {"text": "stock runs out", "confirmed": True}
WHOLE = {
    "pains": [PAIN], **POWER, "solution_power_met": {}, **blocks("R3", "I3", "C3"), "business_value": 900,
    "solution_pain_state": "vision", "solution_value_confirmed": {}, "mutual_plan": [STEP],
    "solution_plan_agreed": {}, "solution_reason_to_act": "a new rule", "solution_act_by": day(30),
}  # fmt: skip


@pytest.mark.parametrize(
    ("criterion", "facts", "expected"),
    [
        ("solution_story_ready", {}, "unmet"),
        (
            "solution_story_ready",
            {"solution_reference_story": {"situation": "a", "reason": "b", "capability": "c", "result": "d"}},
            "met",
        ),
        ("solution_power_reached", {"solution_power_sponsor": "s1"}, "unmet"),
        ("solution_power_reached", POWER, "met"),
        ("solution_vision_there", {}, "unknown"),
        ("solution_vision_there", {"solution_pain_state": "admitted"}, "unmet"),
        ("solution_vision_there", {"solution_pain_state": "vision"}, "met"),
        ("solution_blocks_confirmed", blocks("R3", "I3"), "unmet"),
        ("solution_blocks_confirmed", blocks("R3", "I3", "C3", answer=None), "unmet"),
        ("solution_blocks_confirmed", blocks("C3", "I3", "R3"), "met"),
        ("solution_letter_answered", {}, "unmet"),
        ("solution_letter_answered", {"solution_letter_confirmed": {}}, "met"),
        ("solution_plan_accepted", {"mutual_plan": [STEP]}, "unmet"),
        ("solution_plan_accepted", {"solution_plan_agreed": {}}, "unmet"),
        ("solution_plan_accepted", {"mutual_plan": [STEP], "solution_plan_agreed": {}}, "met"),
        ("solution_chain_linked", {"stakeholder_map": [LINK, {"person": "s1"}]}, "unmet"),
        ("solution_chain_linked", {"stakeholder_map": [LINK, LINK]}, "met"),
        ("solution_plan_finished", {}, "unmet"),
        ("solution_plan_finished", {"mutual_plan": [{**STEP, "outcome": "done"}, STEP]}, "unmet"),
        (
            "solution_plan_finished",
            {"mutual_plan": [{**STEP, "outcome": "done"}, {**STEP, "outcome": "waived"}]},
            "met",
        ),
        ("solution_value_known", {}, "unmet"),
        ("solution_value_known", {"business_value": 900}, "met"),
    ],
)
def test_what_a_phase_asks_is_told_from_what_is_too_little(criterion, facts, expected):
    assert status("solution", criterion, **facts) == expected


def test_the_columns_that_nobody_confirmed_are_named_and_offered():
    found = asked("solution", "solution_blocks_confirmed", **blocks("R3"))
    assert found is not None
    offered = [" ".join(remedy.args) for remedy in found.fix.remedies]
    assert [("block=I3" in one, "block=C3" in one) for one in offered] == [(True, False), (False, True)]


def test_a_missing_story_only_warns():
    found = asked("solution", "solution_story_ready")
    assert found is not None
    assert found.severity == "warn"


@pytest.mark.parametrize(
    ("without", "expected"),
    [
        ((), 100),
        (("solution_power_met",), 100 * 0.5 ** (1 / 6)),
        (("solution_plan_agreed", "solution_act_by"), 100 * 0.25 ** (1 / 6)),
        (("solution_reason_to_act", "solution_act_by"), 0),
        (("business_value", "solution_value_confirmed"), 0),
    ],
)
def test_the_score_is_the_geometric_mean_of_six_factors(without, expected):
    facts = {name: value for name, value in WHOLE.items() if name not in without}
    assert scored("solution", **facts).value == pytest.approx(expected, abs=0.01)


def test_a_deal_of_which_nothing_is_known_scores_nothing_and_says_why():
    one = scored("solution")
    assert (one.value, one.band.en if one.band else "") == (0, "Something is missing")
    assert [reason.en.endswith(": 0 of 1") for reason in one.reasons] == [True] * 6


@pytest.mark.parametrize(
    ("flag", "phase", "up", "down"),
    [
        ("solution_pain_hidden", "propose", {"solution_pain_state": "latent"}, {"solution_pain_state": "admitted"}),
        ("solution_away_from_power", "propose", {}, POWER),
        ("solution_power_put_off", "qualify", POWER, {**POWER, "solution_power_met": {}}),
        ("solution_power_put_off", "qualify", POWER, {**POWER, "solution_power_access_on": day(21)}),
        ("solution_impact_too_soon", "discover", blocks("R1", "I1"), blocks("R3", "I1")),
        ("solution_impact_too_soon", "discover", blocks("I1"), {**blocks("I1"), "solution_start": "reengineer"}),
        ("solution_answer_too_soon", "discover", blocks("R3", "C2"), blocks("R3", "I3", "C2")),
        (
            "solution_somebody_elses_vision",
            "discover",
            {"solution_start": "reengineer"},
            {"solution_start": "reengineer", **blocks("C1")},
        ),
        (
            "solution_no_reason_to_act",
            "close",
            {"solution_reason_to_act": "a new rule"},
            {"solution_reason_to_act": "a new rule", "solution_act_by": day(30)},
        ),
        (
            "solution_plan_late",
            "close",
            {"mutual_plan": [{**STEP, "due_on": day(19)}]},
            {"mutual_plan": [{**STEP, "due_on": day(19), "outcome": "done"}, {**STEP, "due_on": day(20)}]},
        ),
        ("solution_stopped", "propose", {"mutual_plan": [{**STEP, "outcome": "no_go"}]}, {"mutual_plan": [STEP]}),
    ],
)
def test_a_flag_is_up_while_its_reason_lasts(flag, phase, up, down):
    assert flag in flags("solution", phase, **up)
    assert flag not in flags("solution", phase, **down)


def test_a_stop_at_a_step_is_a_reason_to_let_the_deal_go():
    assert {one.id: one.advise for one in overlay("solution").flags}["solution_stopped"] == "disqualify"


def next_block(phase="discover", **facts):
    stage = next(one for one in program("solution").process.stages if one.id == LAST[phase])
    said = plugin("solution").prompts(
        ("solution",), deal_of("solution", phase, **facts), program("solution").process, stage
    )
    return [text.en for _, text in said]


@pytest.mark.parametrize(
    ("facts", "asks"),
    [
        ({}, "No pain is admitted yet"),
        ({"pains": [PAIN]}, "“stock runs out”: What do you think brings this about?"),
        ({"pains": [PAIN], **blocks("R1")}, "reasons that we can remove"),
        ({"pains": [PAIN], **blocks("R1", "R2")}, f"“{ANSWERED}; {ANSWERED}”: So these are the reasons"),
        ({"pains": [PAIN], **blocks("R1", "R2", "R3")}, "whom does it touch"),
        ({"pains": [PAIN], **blocks("R1", "R2", "R3", answer=None)}, "What do you think brings this about?"),
        ({"pains": [PAIN], "solution_start": "reengineer"}, "What would it take"),
        ({"pains": [PAIN], "solution_start": "reengineer", **blocks("C1")}, "What do you think brings this about?"),
        (blocks("R1", "R2", "R3", "I1", "I2", "I3", "C1", "C2", "C3"), "All nine are answered"),
    ],
)
def test_discovery_asks_the_next_block_in_the_buyers_words(facts, asks):
    [said] = next_block(**facts)
    assert asks in said


def test_other_phases_are_not_asked_in_blocks():
    assert next_block("qualify", pains=[PAIN]) == []


def test_what_spin_brought_is_taken_over_into_columns_where_nothing_stands():
    authored = read_process(B2B.read_bytes(), B2B.name).process
    assert authored is not None
    functions = {**plugin("spin").functions(), **plugin("solution").functions()}
    layout = prepare(resolve(authored, [overlay("spin"), overlay("solution")], (), sorted(functions)), functions).layout

    def deal(**lists):
        values = [None] * len(layout.fields)
        for name, rows in lists.items():
            at = layout.field_at[name]
            inner = [field.id for field in layout.fields[at].of]
            values[at] = tuple(Item(str(n), tuple(row.get(i) for i in inner)) for n, row in enumerate(rows, 1))
        return Deal(layout, values=tuple(values))

    heard = [{"type": "P", "answer": "late"}, {"type": "I", "answer": "sites stand still"}, {"type": "N"}]
    pains = [{"text": "stock runs out"}]
    taken, following = questions_to_ask(deal(spin_questions=heard, pains=pains))
    assert "“sites stand still”" in taken.en
    assert "block I1" in taken.en
    assert "“sites stand still”" in taken.zh
    assert "brings this about" in following.en
    entered = [{"block": "I1", "answer": "sites stand still"}]
    assert len(questions_to_ask(deal(spin_questions=heard, pains=pains, solution_blocks=entered))) == 1


def test_questions_of_other_phases_change_with_the_deal():
    assert "same job had the same pain" in prompts("solution", "prospect")
    assert "gain from taking us further" in prompts("solution", "qualify")
    sponsored = prompts("solution", "qualify", solution_sponsor="s1")
    assert "gain from taking us further" not in sponsored
    assert "what would the sponsor want" in sponsored.lower()
    assert "from the desk" in prompts("solution", "qualify", **POWER)
    assert "from the desk" not in prompts("solution", "qualify", **POWER, stakeholder_map=[LINK])
    assert "So far the plan is ours" in prompts("solution", "propose", mutual_plan=[STEP])
    assert "So far the plan is ours" not in prompts("solution", "propose", mutual_plan=[STEP], solution_plan_agreed={})
    assert "still open" in prompts("solution", "close", mutual_plan=[STEP])
    assert "still open" not in prompts("solution", "close", mutual_plan=[{**STEP, "outcome": "done"}])
