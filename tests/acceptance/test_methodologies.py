"""Every bundled methodology over the B2B process, alone and in pairs: one deal walked to the win by what is offered.

The table below is how they go together. It is stated once here and once in the overlays, on at least one side of
each pair, so that neither can change without the other.
"""

from __future__ import annotations

from itertools import combinations

import pytest
from method_walk import METHODOLOGIES, Story, authored, codes, overlays, plugins, program_under
from shipped_walk import SHIPPED, act, buyer, paper, person, put, shipped

from dealwright.definition import overlay_findings
from dealwright.engine import commands as c
from dealwright.errors import UsageError
from dealwright.workspace.scoring import flags_up, overlay_scores

TEN = (
    "spin",
    "challenger",
    "sandler",
    "solution",
    "consultative",
    "inbound",
    "meddpicc",
    "bant",
    "miller_heiman",
    "value",
)
SCORECARDS = ("meddpicc", "bant")
RELATIONS = {
    frozenset({"sandler", "challenger"}): "conflict",
    frozenset({"challenger", "consultative"}): "tension",
    frozenset({"challenger", "spin"}): "tension",
    frozenset({"spin", "solution"}): "overlap",
    frozenset({"meddpicc", "bant"}): "overlap",
    frozenset({"sandler", "inbound"}): "partial",
}
COMBINE = {
    *(frozenset({card, other}) for card in SCORECARDS for other in TEN if other not in SCORECARDS),
    frozenset({"inbound", "spin"}),
    frozenset({"inbound", "consultative"}),
    frozenset({"miller_heiman", "challenger"}),
    frozenset({"miller_heiman", "solution"}),
    frozenset({"solution", "value"}),
}
PAIRS = [frozenset(pair) for pair in combinations(METHODOLOGIES, 2)]
OF_KIND = {"conflict": "conflicting-methodologies", "tension": "methodology-tension"}


def named(pair: frozenset[str]) -> str:
    return " and ".join(sorted(pair))


def together(*methodologies: str) -> str:
    return f"[{', '.join(methodologies)}]"


@pytest.mark.parametrize("pair", PAIRS, ids=named)
def test_a_pair_is_related_as_the_table_says(pair):
    one, other = (overlays()[name] for name in sorted(pair))
    stated = {r.kind for r in (one.relations.get(other.id), other.relations.get(one.id)) if r is not None}
    assert stated == ({RELATIONS[pair]} if pair in RELATIONS else set())
    assert (other.id in one.combines or one.id in other.combines) == (pair in COMBINE)
    assert other.id not in one.conflicts
    assert one.id not in other.conflicts


@pytest.mark.parametrize("pair", PAIRS, ids=named)
def test_a_pair_is_told_about_in_the_phases_where_both_attach(pair):
    one, other = (overlays()[name] for name in sorted(pair))
    relation = one.relations.get(other.id) or other.relations.get(one.id)
    expected = []
    if relation is not None:
        meet = [p for p in one.phases if p in other.phases and (not relation.phases or p in relation.phases)]
        expected = [OF_KIND.get(relation.kind, "methodology-overlap")] * len(meet)
        assert meet
    assert codes(together(*sorted(pair))) == expected


@pytest.mark.parametrize("name", METHODOLOGIES)
def test_a_methodology_alone_has_nothing_against_it_and_adds_no_stage(name):
    assert codes(together(name)) == []
    process, _ = authored("[]")
    assert process is not None
    laid = program_under(together(name)).process
    assert [stage.id for stage in laid.stages] == [stage.id for stage in process.stages]
    assert set(process.outcomes) == set(laid.outcomes)


@pytest.mark.parametrize("name", METHODOLOGIES)
def test_a_methodology_fits_every_shipped_process(name):
    functions = plugins().functions()
    for process in SHIPPED:
        found = overlay_findings(shipped(process), [overlays()[name]], process, functions)
        assert [one for one in found if one.code != "missing-phase"] == []


@pytest.mark.parametrize("name", METHODOLOGIES)
def test_its_names_carry_its_own_prefix_or_are_shared(name):
    shared = {"pains", "budget", "decision_process", "stakeholder_map", "call_plan", "call_report", "mutual_plan"}
    shared |= {"business_value"}
    overlay = overlays()[name]
    phases = overlay.phases.values()
    names = [part.id for part in (*overlay.fields, *overlay.artifacts, *overlay.events, *overlay.flags)]
    names += [one.id for patch in phases for one in (*patch.entry_criteria, *patch.exit_criteria)]
    assert [one for one in names if not one.startswith(f"{name}_") and one not in shared] == []


@pytest.mark.parametrize("name", METHODOLOGIES)
def test_a_deal_is_won_under_a_methodology_by_what_its_refusals_offer(name):
    story = Story(together(name)).to_the_win()
    assert story.walk.deal.status == "won"
    blocking = {
        one.id
        for patch in overlays()[name].phases.values()
        for one in (*patch.entry_criteria, *patch.exit_criteria)
        if one.severity == "block"
    }
    assert story.wanted & blocking, "the methodology never asked for anything"
    bare = Story("[]").to_the_win()
    assert story.stages == bare.stages
    assert bare.wanted == set()


WALKED = (
    "[challenger, meddpicc]",
    "[spin, meddpicc]",
    "[inbound, spin]",
    "[inbound, consultative]",
    "[sandler, bant]",
    "[miller_heiman, challenger]",
    "[miller_heiman, solution]",
    "[solution, value]",
    "[sandler, meddpicc]",
    "[consultative, bant]",
    "[value, meddpicc]",
    "[miller_heiman, meddpicc]",
    "[sandler, inbound]",
    "[spin, solution]",
    "[meddpicc, bant]",
    "{challenger: {primary: [discover]}, spin: {}}",
    "{challenger: {}, spin: {primary: [discover]}}",
    "{challenger: {phases: [prospect, negotiate]}, sandler: {phases: [qualify, discover, propose, close]}}",
)


def installed(methodologies: str) -> bool:
    words = methodologies.translate(str.maketrans("[]{}:,", "      ")).split()
    return all(word in METHODOLOGIES for word in words if word in TEN)


@pytest.mark.parametrize("methodologies", [one for one in WALKED if installed(one)])
def test_a_deal_is_won_under_a_permitted_pair(methodologies):
    story = Story(methodologies).to_the_win()
    assert story.walk.deal.status == "won"
    assert story.wanted


def test_two_in_conflict_are_refused_with_the_phase_and_the_reason():
    process, findings = authored("[sandler, challenger]")
    assert process is None
    assert {finding.code for finding in findings} == {"conflicting-methodologies"}
    assert {finding.severity for finding in findings} == {"error"}
    told = [finding.message for finding in findings]
    assert [text.en.partition("phase ")[2].partition(":")[0] for text in told] == ["prospect", "discover", "propose"]
    assert "teaches and pushes" in told[0].en
    assert "施教" in told[0].zh


def test_two_in_conflict_may_serve_one_process_in_different_phases():
    apart = "{challenger: {phases: [prospect, negotiate]}, sandler: {phases: [qualify, discover, propose, close]}}"
    assert codes(apart) == []
    asked = {overlay.id: set(overlay.phases) for overlay in program_under(apart).process.overlays}
    assert asked == {"challenger": {"prospect", "negotiate"}, "sandler": {"qualify", "discover", "propose", "close"}}


@pytest.mark.parametrize(("leads", "follows"), [("challenger", "spin"), ("spin", "challenger")])
def test_where_one_of_two_in_tension_leads_the_other_keeps_its_questions_and_flags(leads, follows):
    settled = f"{{{leads}: {{primary: [discover]}}, {follows}: {{}}}}"
    assert codes(settled) == []
    laid = {overlay.id: overlay for overlay in program_under(settled).process.overlays}
    assert laid[leads].phases["discover"].exit_criteria == overlays()[leads].phases["discover"].exit_criteria
    kept = laid[follows].phases["discover"]
    assert (kept.exit_criteria, kept.requires) == ((), ())
    assert kept.prompts == overlays()[follows].phases["discover"].prompts
    assert laid[follows].flags == overlays()[follows].flags


def test_spin_asks_nothing_in_python_either_where_it_is_led_or_not_attached():
    led = Story("{challenger: {primary: [discover]}, spin: {}}")
    limited = Story("{spin: {phases: [discover]}}")
    led.to_the_win()
    limited.to_the_win()
    assert {one for one in led.wanted if one.startswith("spin_")} == {"spin_benefits_answer_needs"}
    assert "spin_benefits_answer_needs" not in limited.wanted
    assert "spin_explicit_need" in limited.wanted


def test_what_two_share_is_declared_once_and_entered_once():
    laid = program_under("[challenger, miller_heiman]").process
    [shared] = [field for field in laid.fields if field.id == "stakeholder_map"]
    inner = [field.id for field in shared.of]
    assert len(inner) == len(set(inner))
    assert {"person", "mobilizer_profile", "tailored_outcome", "buying_mode", "personal_win"} <= set(inner)
    pains = [field for field in program_under("[sandler, bant]").process.fields if field.id == "pains"]
    assert len(pains) == 1


def test_a_pain_that_sandler_took_serves_the_process_and_bant_as_well():
    walk = Story("[sandler, bant]").to_the_win().walk
    assert len(walk.deal.value("pains")) == len(Story("[sandler]").to_the_win().walk.deal.value("pains"))


def test_all_that_is_bundled_is_a_methodology_of_the_ten():
    assert set(METHODOLOGIES) <= set(TEN)
    assert {name for name, (plugin, _) in plugins().overlays().items() if name != plugin} == set()


def at(story: Story, stage: str) -> Story:
    """The story as far as this stage."""
    while story.walk.deal.stage != stage:
        story.over_one_stage()
    return story


def test_r132_challenger_teaches_tailors_and_shows_our_solution_last():
    story = at(Story("[challenger]"), "research")
    assert "challenger_insight" in story.walk.refused("sales_rep")
    at(story, "needs")
    story.walk.must("sales_rep", paper("challenger_choreography", solution_on=story.walk.day()))
    assert story.walk.refused("sales_rep") >= {"challenger_taught", "challenger_moved", "challenger_order"}
    at(story, "evaluation")
    story.walk.must("sales_rep", person("technical"))
    story.walk.must("sales_rep", c.SetStakeholder(stakeholder="s2", fields={"influence": 4}))
    assert story.to_the_win().wanted >= {"challenger_mobilizer", "challenger_tailored"}


def test_r134_sandler_has_both_sides_agree_beforehand_and_presents_nothing_before_money_and_decision():
    story = at(Story("[sandler]"), "qualify")
    story.walk.must("sales_rep", put(fit="yes"), paper("sandler_meeting", purpose="look", held_on=story.walk.day()))
    assert story.walk.refused("sales_rep") >= {"sandler_contracts", "sandler_verdicts"}
    at(story, "needs")
    asked = {"sandler_pain", "sandler_budget", "sandler_decision", "sandler_qualified_first"}
    assert story.walk.refused("sales_rep") >= asked
    at(story, "contract")
    assert "sandler_post_sell" in story.walk.refused("sales_rep")


def test_r133_solution_selling_starts_from_the_pain_and_shows_what_we_sell_as_its_answer():
    story = at(Story("[solution]"), "needs")
    story.walk.must("sales_rep", put(solution_pain_state="admitted"))
    asked = {"solution_vision_there", "solution_blocks_confirmed", "solution_letter_answered"}
    assert story.walk.refused("sales_rep") >= asked
    at(story, "proposal").walk.must("sales_rep", buyer("proposal_response", response="negotiate"))
    assert story.walk.refused("sales_rep") >= {"solution_plan_accepted", "solution_chain_linked"}
    assert "solution_value_known" in story.to_the_win().wanted


def test_r135_consultative_selling_follows_the_buyer_and_offers_what_both_have_diagnosed():
    story = at(Story("[consultative]"), "needs")
    story.walk.must("sales_rep", put(consultative_buyer_stage="awareness"))
    assert story.walk.refused("sales_rep") >= {"consultative_pace", "consultative_diagnosis_shared"}
    story.walk.must("sales_rep", put(consultative_buyer_stage="interest"))
    assert "consultative_pace" not in story.walk.refused("sales_rep")
    at(story, "proposal").walk.must("sales_rep", buyer("proposal_response", response="negotiate"))
    assert story.walk.refused("sales_rep") >= {"consultative_pace", "consultative_choice_offered"}


def test_r136_inbound_attracts_by_content_and_contacts_personally_once_the_buyer_agreed():
    story = at(Story("[inbound]"), "research")
    asked = {"inbound_consent", "inbound_came_by_content", "inbound_consent_before_contact"}
    assert story.walk.refused("sales_rep") >= asked
    at(story, "qualify").walk.must("sales_rep", put(fit="yes"))
    assert "inbound_answered" in story.walk.refused("sales_rep")
    with pytest.raises(UsageError, match="made_for_them"):
        story.walk.do("sales_rep", act("inbound_contacted"))
    story.walk.must("sales_rep", act("inbound_contacted", made_for_them="their own figures"))


def test_r83_listening_trust_and_follow_up_are_kept_and_warned_of():
    walk = at(Story("[consultative]"), "needs").walk

    def warned():
        return {flag.id for _, flag in flags_up(walk.program, walk.deal, walk.context().moment)}

    talk = {"held_on": walk.day(), "talk_ratio": 0.8}
    walk.must("sales_rep", paper("consultative_meeting", **talk), put(consultative_trust=2))
    assert warned() == {"consultative_we_talk", "consultative_little_trust"}
    for _ in range(2):
        walk.must("sales_rep", paper("consultative_meeting", **{**talk, "talk_ratio": 0.3}, learnt="who counts"))
    walk.must("sales_rep", put(consultative_trust=4))
    assert warned() == set()
    [score] = overlay_scores(walk.program, walk.deal, walk.context().moment)
    assert score.value == 74.67  # 60 x 4/5 + 40 x 2/3
