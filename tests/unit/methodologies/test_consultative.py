"""Consultative selling: a diagnosis that both share, more than one option, the buyer's pace, advice that goes on."""

from __future__ import annotations

import pytest
from method_deals import AT, B2B, LAST, asked, day, deal_of, flags, overlay, plugin, program, prompts, scored, status
from msgspec.structs import replace

from dealwright.definition import read_process, resolve
from dealwright.model.process import Attachment
from dealwright_consultative.pace import keeps_pace, required_buyer_stage

OURS = {"option": "one list", "kind": "ours", "pros": "fast", "cons": "dear"}
NOTHING = {"option": "wait", "kind": "do_nothing", "pros": "free", "cons": "slow"}
RECOMMENDED = {**OURS, "recommended": True, "reason": "the season begins"}
DIAGNOSIS = {"findings": "stock is counted twice", "evidence": "two counts"}
LISTENED, TALKED = {"held_on": day(2), "talk_ratio": 0.5, "learnt": "x"}, {"held_on": day(3), "talk_ratio": 0.8}
ADVICE, OLD = {"advice": "count once", "given_on": day(2)}, {"advice": "count", "given_on": day(2).replace(year=2025)}


@pytest.mark.parametrize(
    ("criterion", "facts", "expected"),
    [
        ("consultative_researched", {}, "unmet"),
        ("consultative_researched", {"consultative_research": "two sites"}, "met"),
        ("consultative_listened", {"consultative_meeting": [TALKED]}, "unmet"),
        ("consultative_listened", {"consultative_meeting": [TALKED, LISTENED]}, "met"),
        ("consultative_diagnosis_shared", {}, "unmet"),
        ("consultative_diagnosis_shared", {"consultative_diagnosis": DIAGNOSIS}, "unmet"),
        ("consultative_diagnosis_shared", {"consultative_diagnosis": {**DIAGNOSIS, "agreed": True}}, "met"),
        ("consultative_choice_offered", {"consultative_options": [OURS]}, "unmet"),
        ("consultative_choice_offered", {"consultative_options": [OURS, {**NOTHING, "cons": None}]}, "unmet"),
        ("consultative_choice_offered", {"consultative_options": [OURS, NOTHING]}, "met"),
        ("consultative_recommended", {"consultative_options": [OURS, NOTHING]}, "unmet"),
        ("consultative_recommended", {"consultative_options": [{**RECOMMENDED, "reason": None}]}, "unmet"),
        ("consultative_recommended", {"consultative_options": [RECOMMENDED]}, "met"),
        ("consultative_not_only_ours", {"consultative_options": [OURS, OURS]}, "unmet"),
        ("consultative_not_only_ours", {"consultative_options": [OURS, NOTHING]}, "met"),
        ("consultative_reason_is_theirs", {}, "unmet"),
        ("consultative_reason_is_theirs", {"consultative_own_reason": "fewer people"}, "met"),
        ("consultative_success_said", {}, "unmet"),
        ("consultative_success_said", {"consultative_success": "no double counts"}, "met"),
        ("consultative_stayed", {}, "unmet"),
        ("consultative_stayed", {"consultative_advice": [OLD]}, "met"),
        ("consultative_advised_lately", {"consultative_advice": [OLD]}, "unmet"),
        ("consultative_advised_lately", {"consultative_advice": [OLD, ADVICE]}, "met"),
    ],
)
def test_what_a_phase_asks_is_told_from_what_is_too_little(criterion, facts, expected):
    assert status("consultative", criterion, **facts) == expected


def test_the_diagnosis_is_shared_by_the_buyers_own_word():
    found = asked("consultative", "consultative_diagnosis_shared", consultative_diagnosis=DIAGNOSIS)
    assert found is not None
    assert (found.evidence, found.severity) == ("buyer", "block")


def pace(phase, reached=None):
    deal = deal_of("consultative", phase, **({"consultative_buyer_stage": reached} if reached else {}))
    return keeps_pace(deal, program("consultative").process, LAST[phase])


@pytest.mark.parametrize(
    ("phase", "reached", "expected"),
    [
        ("prospect", "awareness", "met"),
        ("discover", "awareness", "unmet"),
        ("discover", "interest", "met"),
        ("discover", "intent", "met"),
        ("propose", "consideration", "unmet"),  # the B2B process has the buyer at intent by the proposal
        ("propose", "intent", "met"),
        ("close", "purchase", "met"),
        ("close", None, "unknown"),
    ],
)
def test_a_deal_goes_on_once_the_buyer_is_as_far_as_the_stage_supposes(phase, reached, expected):
    assert pace(phase, reached).status == expected


def test_the_missing_pace_blocks_and_names_how_far_the_buyer_has_to_be():
    said = pace("propose", "interest")
    assert (said.severity, said.found) == ("block", "interest")
    assert said.expected.en == "the buyer is at “Means to buy”, or further"
    assert said.expected.zh == "客户已到“意向：打算购买”或更进一步"
    [remedy] = said.remedies
    assert remedy.args == ("--set", "consultative_buyer_stage=intent")


def test_a_stage_that_says_nothing_of_the_buyer_supposes_what_its_phase_does():
    stage = next(one for one in program("consultative").process.stages if one.id == LAST["propose"])
    assert required_buyer_stage(stage) == "intent"
    assert required_buyer_stage(replace(stage, buyer=None)) == "consideration"


def test_the_pace_is_not_asked_for_where_another_methodology_leads():
    authored = read_process(B2B.read_bytes(), B2B.name).process
    assert authored is not None
    both = [overlay("challenger"), overlay("consultative")]
    deal, gate = deal_of("consultative", "discover"), plugin("consultative").evaluate_gate

    def told(stage, **attachments):
        process = resolve(replace(authored, attachments=attachments), both)
        return [result.id for _, result in gate(("consultative",), deal, process, stage, None, AT)]

    led = {"challenger": Attachment(primary=("discover",))}
    assert told(LAST["discover"]) == ["consultative_pace"]
    assert told(LAST["discover"], **led) == []
    assert told(LAST["qualify"], **led) == ["consultative_pace"]
    assert told(LAST["qualify"], consultative=Attachment(phases=("discover",))) == []


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, 0),
        ({"consultative_trust": 5}, 60),
        ({"consultative_trust": 3, "consultative_meeting": [LISTENED, TALKED]}, 56),
        ({"consultative_trust": 5, "consultative_meeting": [LISTENED]}, 100),
        ({"consultative_meeting": [TALKED]}, 0),
        ({"consultative_meeting": [{"held_on": day(2)}, LISTENED]}, 20),
    ],
)
def test_the_score_is_trust_and_the_share_of_talks_in_which_we_listened(facts, expected):
    assert scored("consultative", **facts).value == pytest.approx(expected)


def test_a_score_without_a_talk_says_that_it_is_not_known():
    one = scored("consultative", consultative_trust=4)
    assert one.reasons[-1].en.endswith("0 of 40 (not known yet)")
    assert one.band is not None
    assert one.band.zh == "众多供应商之一"


@pytest.mark.parametrize(
    ("flag", "phase", "up", "down", "advise"),
    [
        (
            "consultative_ahead_of_buyer",
            "propose",
            {"consultative_buyer_stage": "interest"},
            {"consultative_buyer_stage": "consideration"},
            "regress",
        ),
        (
            "consultative_we_talk",
            "discover",
            {"consultative_meeting": [TALKED, TALKED, LISTENED]},
            {"consultative_meeting": [TALKED, LISTENED]},
            "",
        ),
        ("consultative_little_trust", "discover", {"consultative_trust": 2}, {"consultative_trust": 3}, "hold"),
        (
            "consultative_trust_not_looked_at",
            "discover",
            {"consultative_trust_on": OLD["given_on"]},
            {"consultative_trust_on": day(2)},
            "",
        ),
        (
            "consultative_diagnosis_ours_alone",
            "propose",
            {"consultative_diagnosis": DIAGNOSIS},
            {"consultative_diagnosis": {**DIAGNOSIS, "agreed": True}},
            "regress",
        ),
        (
            "consultative_only_ours",
            "propose",
            {"consultative_options": [OURS, OURS]},
            {"consultative_options": [OURS, NOTHING]},
            "",
        ),
        (
            "consultative_better_without",
            "propose",
            {"consultative_options": [OURS, {**NOTHING, "recommended": True}]},
            {"consultative_options": [RECOMMENDED, NOTHING]},
            "disqualify",
        ),
        ("consultative_silent", "retain", {"consultative_advice": [OLD]}, {"consultative_advice": [ADVICE]}, ""),
    ],
)
def test_a_flag_is_up_while_its_reason_lasts(flag, phase, up, down, advise):
    assert flag in flags("consultative", phase, **up)
    assert flag not in flags("consultative", phase, **down)
    assert {one.id: one.advise for one in overlay("consultative").flags}[flag] == advise


def test_questions_change_with_the_deal():
    assert "without asking" in prompts("consultative", "prospect")
    assert "without asking" not in prompts("consultative", "prospect", consultative_research="two sites")
    assert "If I were a colleague" in prompts("consultative", "qualify")
    assert "left to silence" in prompts("consultative", "qualify", consultative_meeting=[TALKED])
    assert "left to silence" not in prompts("consultative", "qualify", consultative_meeting=[LISTENED])
    assert "What have you tried" in prompts("consultative", "discover", pains=[{"text": "late"}])
    tried = prompts("consultative", "discover", pains=[{"text": "late", "tried": "more people"}])
    assert "What have you tried" not in tried
    assert "What else could it be" in tried
    told = prompts("consultative", "discover", consultative_diagnosis=DIAGNOSIS)
    assert "explain the findings" in told
    agreed = prompts("consultative", "discover", consultative_diagnosis={**DIAGNOSIS, "agreed": True})
    assert "explain the findings" not in agreed
    assert "nothing to sell" in prompts("consultative", "propose", consultative_options=[OURS])
    weighed = prompts("consultative", "propose", consultative_options=[RECOMMENDED, NOTHING])
    assert "nothing to sell" not in weighed
    assert "defend at home" in weighed
    assert "the wrong one" in weighed
    assert "needs more time" in prompts("consultative", "negotiate", consultative_buyer_stage="interest")
    assert "needs more time" not in prompts("consultative", "negotiate", consultative_buyer_stage="intent")
