"""A refusal says what it expects, what there is, and nothing that is not its business."""

from __future__ import annotations

import json

import pytest
from guard_world import (
    MOMENT,
    Ref,
    artifact,
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


@pytest.mark.parametrize(
    ("source", "en", "zh"),
    [
        ('fit == "yes"', "Fit is yes", "客户匹配 为 yes"),
        ("icp_score >= 60", "ICP score is at least 60", "客户画像得分 不低于 60"),
        ("60 <= icp_score", "ICP score is at least 60", "客户画像得分 不低于 60"),
        ("not icp_score < 60", "ICP score is at least 60", "客户画像得分 不低于 60"),
        ('fit != "no"', "Fit is not no", "客户匹配 不为 no"), ('fit in ["yes"]', "Fit is yes", "客户匹配 为 yes"),
        ('fit in ["yes", "no"]', "Fit is one of yes, no", "客户匹配 为以下之一：yes、no"),
        ("has(fit)", "Fit is filled in", "已填写客户匹配"),
        ("expected_close >= today()", "Expected close is on or after today", "Expected close 不早于 今天"),
        ("quotation.price > 5", "Quotation: Price is more than 5", "报价单的价格 大于 5"),
        ("event(meeting_accepted)", "Meeting accepted is on record", "已记录“接受会面”"),
        ("terms_agreed", "Terms agreed is given by the buyer", "“条款已谈妥”已由客户确认"),
        ("count(pains) >= 2", "Pains has at least 2 entries", "痛点至少 2 条"),
        ("has(pains)", "Pains has at least one entry", "痛点至少有 1 条"),
        ("has(visits)", "Visits has at least 2 entries", "Visits至少有 2 条"),
        ("complete(quotation)", "Quotation is complete", "报价单齐全"),
        ("approved(quotation)", "Quotation is approved", "报价单已批准"),
        ("has(quotation)", "Quotation is recorded", "已提交报价单"),
        ('fit == "yes" and icp_score >= 60', "Fit is yes and ICP score is at least 60",
         "客户匹配 为 yes，且客户画像得分 不低于 60"),
        ('fit == "yes" or icp_score >= 60', "Fit is yes or ICP score is at least 60",
         "客户匹配 为 yes，或客户画像得分 不低于 60"),
        ("days_since(meeting_accepted) <= 14", "the number of days since Meeting accepted is at most 14",
        "“接受会面”至今的天数 不超过 14"),
        ("feasible", "Feasible is true", "Feasible 为是"),
        ("count(stakeholders(EB)) == 1", "Stakeholders (EB) has exactly 1 entry", "干系人（EB）恰有 1 条"),
    ],
)  # fmt: skip
def test_what_is_expected_is_said_with_titles_in_both_languages(source, en, zh):
    expected = guard(source).explain(deal(), 0, MOMENT).expected
    assert (expected.en, expected.zh) == (en, zh)


def test_only_what_is_not_met_is_spoken_of():
    explained = guard('fit == "yes" and icp_score >= 60 and has(pains)').explain(
        deal(fit="yes", icp_score=10), 0, MOMENT
    )
    assert explained.expected.en == "ICP score is at least 60 and Pains has at least one entry"
    assert explained.found == {"icp_score": 10, "pains": 0}
    assert [remedy.verb for remedy in explained.remedies] == ["deal set", "deal item add"]


@pytest.mark.parametrize(
    ("source", "on", "found"),
    [
        ("icp_score >= 60", deal(icp_score=10), 10), ("icp_score >= 60", deal(), None),
        ("icp_score >= 60", deal(icp_score=90), 90),
        ("budget > 500", deal(budget=money(5, "CNY")), {"amount": "5.00", "currency": "CNY"}),
        ('expected_close > "2026-04-01"', deal(expected_close=date(2026, 3, 1)), "2026-03-01"),
        ("budget > floor", deal(floor=money(5, "CNY")), {"budget": None, "floor": {"amount": "5.00",
        "currency": "CNY"}}),
        ("event(demo_held)", deal(), False), ("terms_agreed", deal(), False),
        ("count(pains, confirmed) >= 1", deal(pains=(pain(),)), 0),
        ("has(pains)", deal(), 0), ("open(objections) == 0", deal(objections=(objection("1"),)), 1),
        ("has(note)", deal(), None),
        ("has(note)", deal(note=Ref("secret", "digest")), None), ("complete(quotation)", deal(), None),
        ("complete(quotation)", deal(quotation=artifact("quotation")), {"missing": ["price"]}),
        ("approved(contract)", deal(contract=artifact("contract", decided("director",
        "d-1", granted=False), file=True)),
         {"missing": [], "outstanding": ["director", "legal"], "rejected": ["director"]}),
        ("quotation.price > 5", deal(), None), ("days_since(demo_held) < 3", deal(fact("demo_held", days_ago=9)), 9),
    ],
)  # fmt: skip
def test_what_was_found_is_plain_json(source, on, found):
    answer = guard(source).explain(on, 0, MOMENT).found
    assert answer == found
    json.dumps(answer)


def test_nothing_personal_is_ever_found():
    on = deal(
        note=Ref("n-1", "digest"), stakeholders=(person(name=Ref("p-1", "digest")),),
        pains=(pain(said_by=Ref("q-1", "digest")),), quotation=artifact("quotation", sent_to=Ref("s-1", "digest")),
    )  # fmt: skip
    for source in (
        "has(note)", "not has(note)", "has(note) and icp_score > 3", "has(quotation.sent_to)",
        "any(pains, has(said_by))",
        "not has(quotation.sent_to)", "count(stakeholders, has(name)) > 4",
    ):  # fmt: skip
        explained = guard(source).explain(on, 0, MOMENT)
        text = json.dumps(explained.found) + repr(explained.remedies)
        assert not any(secret in text for secret in ("n-1", "p-1", "q-1", "s-1", "digest"))


def test_money_in_two_currencies_is_said_not_to_compare():
    explained = guard("budget > 500").explain(deal(budget=money(900, "USD")), 0, MOMENT)
    assert explained.status == "unknown"
    assert "CNY and USD do not compare" in explained.expected.en
    assert "CNY与USD无法比较" in explained.expected.zh
    assert explained.found == {"amount": "900.00", "currency": "USD"}


def test_a_met_condition_is_explained_whole():
    explained = guard('fit == "yes" and terms_agreed').explain(deal(fit="yes", terms_agreed=confirmation()), 0, MOMENT)
    assert explained.status == "met"
    assert explained.expected.en == "Fit is yes and Terms agreed is given by the buyer"
    assert explained.found == {"fit": "yes", "terms_agreed": True}
    assert explained.remedies == ()


def test_an_open_count_shows_what_is_certain():
    explained = guard("count(visits, day == 7) >= 2").explain(deal(visits=(visit(7), visit(None, "2"))), 0, MOMENT)
    assert (explained.status, explained.found) == ("unknown", 1)
