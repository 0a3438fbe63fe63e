"""Prompts follow the deal: they take up what the buyer said and name what is still lacking."""

from __future__ import annotations

import pytest

WARM = (False, False, None, None)
S, P, I, N = ("S", "How many sites?"), ("P", "What fails?"), ("I", "What follows?"), ("N", "Worth what?")  # noqa: E741
EXPLICIT = ("we want one list of stock", "explicit")


@pytest.fixture
def prompts(plugins, process):
    def ask(deal, phase="discover"):
        stage = next(stage for stage in process.stages if stage.phase == phase)
        return [text for _, text in plugins.prompts(("spin",), deal, process, stage)]

    return ask


def english(found):
    return " | ".join(text.en for text in found)


def test_other_phases_get_no_prompts(prompts, deal_with):
    assert prompts(deal_with(), "prospect") == []


@pytest.mark.parametrize(
    ("questions", "needs", "asks"),
    [
        ([], [], "Read up on the facts"),
        ([S] * 5, [], "5 questions about facts and none about trouble"),
        ([S], [], "cost you the most trouble"),
        ([P], [], "What does that problem set off"),
        ([P, I], [], "who pays for it"),
        ([P, I, I], [], "what would it be worth"),
        ([P, I, I, N], [], "Ask the buyer what they want changed"),
        ([P, I, I, N], [EXPLICIT], "Which dated step"),
    ],
)
def test_discovery_asks_for_the_next_kind_of_question(prompts, deal_with, questions, needs, asks):
    assert asks in english(prompts(deal_with(questions, needs)))


def test_implication_takes_up_what_the_buyer_answered(prompts, deal_with):
    found = prompts(deal_with([("P", "What fails?", "orders get lost")]))
    assert "“orders get lost”" in found[0].en
    assert "“orders get lost”" in found[0].zh


def test_implication_takes_up_an_implied_need_where_no_answer_was_noted(prompts, deal_with):
    assert "“month-end takes a week”" in english(prompts(deal_with([P], [("month-end takes a week", "implied")])))


def test_long_answer_is_cut_and_put_on_one_line(prompts, deal_with):
    [first, *_] = prompts(deal_with([("P", "What fails?", "a\nb " + "x" * 200)]))
    assert "“a b xxx" in first.en
    assert "…”" in first.en
    assert len(first.en) < 140


@pytest.mark.parametrize("closed", ["Do you have trouble?", "is it slow?", "现在的系统好用吗？", "是不是很慢"])
def test_closed_question_is_a_matter_of_style_only(prompts, deal_with, closed):
    assert "matter of style" in english(prompts(deal_with([("P", closed)])))


@pytest.mark.parametrize("opened", ["What fails?", "Which site suffers most?", "哪里最让您头疼？"])
def test_open_question_gets_no_remark(prompts, deal_with, opened):
    assert "matter of style" not in english(prompts(deal_with([("P", opened)])))


def test_proposal_names_benefits_without_a_need_and_needs_without_a_benefit(prompts, deal_with):
    deal = deal_with(needs=[EXPLICIT, ("it is slow", "implied")], benefits=[("fast screens", "2"), ("blue", None)])
    said = english(prompts(deal, "propose"))
    assert "“fast screens” answers no explicit need" in said
    assert "“blue” answers no explicit need" in said
    assert "The buyer wants “we want one list of stock”" in said


def test_proposal_that_answers_every_need_has_nothing_to_mend(prompts, deal_with):
    deal = deal_with(needs=[EXPLICIT], benefits=[("one list", "1")], plans=1)
    assert prompts(deal, "propose") == []


def test_proposal_without_explicit_needs_is_sent_back(prompts, deal_with):
    assert "Nothing explicit to answer yet" in english(prompts(deal_with(), "propose"))


def test_negotiation_recalls_what_the_buyer_wanted(prompts, deal_with):
    assert "“we want one list of stock”" in english(prompts(deal_with(needs=[EXPLICIT]), "negotiate"))


@pytest.mark.parametrize(("calls", "said"), [([WARM], "The last call ended"), ([WARM] * 2, "The last 2 calls ended")])
def test_call_without_a_step_asks_for_a_plan_of_the_next(prompts, deal_with, calls, said):
    assert said in english(prompts(deal_with(calls=calls, plans=1)))


def test_missing_call_plan_is_named_until_there_is_one(prompts, deal_with):
    assert "No call is planned yet" in english(prompts(deal_with()))
    assert "No call is planned yet" not in english(prompts(deal_with(plans=1)))


def test_prompts_differ_in_language_and_are_few(prompts, deal_with):
    for phase in ("discover", "propose", "negotiate"):
        deal = deal_with([P], [EXPLICIT] * 9, [("x", None)] * 9, [WARM])
        found = prompts(deal, phase)
        assert 1 <= len(found) <= 8
        assert all(text.en != text.zh for text in found)
