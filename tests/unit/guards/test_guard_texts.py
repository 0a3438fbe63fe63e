"""Texts with expressions in them are checked where they are written and filled with a deal's values."""

from __future__ import annotations

import random
import time
from datetime import UTC, datetime

import pytest
from guard_world import MOMENT, NOW, SCOPE, SHANGHAI, artifact, confirmation, date, deal, money, pain
from related_world import SCOPE as RELATED
from related_world import moment, record, some

from dealwright.guards import InvalidGuardError, Moment
from dealwright.guards.texts import blanks, check_text, compile_text, expressions, fill
from dealwright.model.deal import FileRef, Ref

ON = deal(
    fit="yes", source="inbound", budget=money("120000", "CNY"), expected_close=date(2026, 4, 1), icp_score=2.5,
    feasible=True, plan_month="2026-04", note=Ref("p-1", "x"), pains=(pain(impact=money(5, "CNY")), pain("2")),
    next_call=datetime(2026, 3, 9, 1, 30, tzinfo=UTC), quotation=artifact("quotation", price=money("9.5", "USD")),
    owner="rep-1", spec=FileRef("spec.pdf", 1, "0" * 64), terms_agreed=confirmation(),
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "en", "zh"),
    [
        ("No blanks }} { }", "No blanks }} { }", None), ("", "", None), ("{{fit}}", "yes", None),
        ("Budget: {{ budget }}.", "Budget: CNY 120,000.", None), ("{{ budget * 2 }}", "CNY 240,000", None),
        ("{{ expected_close }}", "2026-04-01", "2026年4月1日"),
        ("{{ next_call }}", "2026-03-09 01:30", "2026年3月9日 01:30"),
        ("{{ stage }}", "Qualify", "资格确认"), ("{{ feasible }}/{{ not feasible }}", "yes/no", "是/否"),
        ("{{ icp_score / 3 }}", "0.833333333", None), ("{{ icp_score * 2 }}", "5", None),
        ("{{ plan_month }}", "2026-04", "2026年4月"),
        ("{{ floor }} and {{ from }}", "____ and ____", None), ("{{ count(pains) }} pains", "2 pains", None),
        ("{{ count(pains, impact > 3) }}", "____", None), ("{{ quotation.price }}", "USD 9.50", None),
        ("{{ owner }}", "rep-1", None), ("{{ days_until(expected_close) }}", "27", None),
        ("{{ terms_agreed }}", "yes", "是"), ("{{ days_since(meeting_accepted) }}", "____", None),
    ],
)  # fmt: skip
def test_a_text_reads_with_the_deals_values(text, en, zh):
    assert check_text(text, SCOPE) == []
    assert fill(text, ON, 0, MOMENT, SCOPE, "en") == en
    assert fill(text, ON, 0, MOMENT, SCOPE, "zh") == (zh or en)


def test_instants_read_on_the_local_clock():
    assert fill("{{ next_call }}", ON, 0, Moment(NOW, SHANGHAI), SCOPE, "en") == "2026-03-09 09:30"


def test_records_read_as_their_titles_and_choices_by_theirs():
    when = moment(account=record(segment="key"), end_customer=record("account-2", title="Example Ltd"))
    text = "{{ account }}, {{ end_customer }}, {{ account.segment }}, {{ registration }}"
    assert (
        fill(text, some(end_customer="account-2"), 0, when, RELATED, "en")
        == "Title of account-1, Example Ltd, key, ____"
    )
    assert compile_text(text, RELATED).names.records == {"account", "registration"}


@pytest.mark.parametrize(
    ("text", "code", "at"),
    [
        ("Dear {{ fitt }}", "guard-unknown-name", "fitt"), ("a {{ fit", "guard-syntax", "{{"),
        ("{{ }}", "guard-syntax", ""), ("{{ pains }}", "guard-type", "pains"),
        ("好的 {{ quotation.prise }}", "undeclared-field", "quotation.prise"),
        ("x {{ note }}", "guard-personal", "note"), ("{{ fit }} {{ spec }}", "guard-type", "spec"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_found_at_its_place_in_the_text(text, code, at):
    problems = check_text(text, SCOPE)
    assert [(p.code, text[p.offset : p.offset + p.length]) for p in problems] == [(code, at)]
    with pytest.raises(InvalidGuardError):
        compile_text(text, SCOPE)


def test_every_problem_of_a_text_is_found():
    assert [p.offset for p in check_text("{{ a }} {{ fit }} {{ b }} {{", SCOPE)] == [3, 21, 26]


def test_forty_expressions_and_no_more():
    assert check_text("{{ fit }}" * 40, SCOPE) == []
    assert [p.code for p in check_text("{{ fit }}" * 41, SCOPE)] == ["guard-too-complex"]
    assert list(expressions("{{ fit }} and {{from}}")) == [" fit ", "from"]


def test_personal_values_stay_apart_until_they_are_swapped():
    text = "Note: {{ note }}, {{ quotation.sent_to }}!"
    assert check_text(text, SCOPE, personal=True) == []
    pattern = compile_text(text, SCOPE, personal=True)
    assert pattern.pieces(ON, 0, MOMENT, "en") == ("Note: ", Ref("p-1", "x"), ", ", "____", "!")
    assert pattern.fill(ON, 0, MOMENT, "en") == "Note: ____, ____!"
    assert fill(text, ON, 0, MOMENT, SCOPE, "en", swap=lambda ref: f"<{ref.ref}>") == "Note: <p-1>, ____!"
    assert fill(text, ON, 0, MOMENT, SCOPE, "en", swap=lambda _: None) == "Note: ____, ____!"
    assert [p.code for p in check_text("{{ note + 1 }}", SCOPE, personal=True)] == ["guard-personal"]
    assert [p.code for p in check_text('{{ note == "x" }}', SCOPE, personal=True)] == ["guard-personal"]


def test_what_a_value_holds_is_only_ever_text():
    sly = deal(**{"from": "{{ budget }}\x1b[31m\u202eevil\x00"}, budget=money(5, "CNY"))
    assert fill("From {{ from }}", sly, 0, MOMENT, SCOPE, "en") == "From {{ budget }}[31mevil"
    assert fill("Note {{ note }}", ON, 0, MOMENT, SCOPE, "en", swap=lambda _: "a\x07b\nc") == "Note ab\nc"


def test_the_fast_and_the_slow_way_read_the_same():
    pattern = compile_text("{{ budget * 2 }} {{ count(pains, impact > 3) }} {{ floor }}", SCOPE)
    assert {pattern.fill(ON, 0, MOMENT, "en") for _ in range(10)} == {"CNY 240,000 ____ ____"}


def test_hostile_texts_end_in_a_problem_quickly():
    rng = random.Random(5)
    began = time.process_time()
    for _ in range(1_000):
        text = "".join(
            rng.choice(("{{", "}}", "{", "}", " fit ", "note", "\x00", "客户", "(", '"', "}} {{")) for _ in range(30)
        )
        for problem in check_text(text, SCOPE, personal=rng.random() < 0.5):
            assert 0 <= problem.offset <= len(text)
    assert time.process_time() - began < 5
    assert blanks("{{" * 10_000)[1]
    assert check_text("{{" + "(" * 100_000 + "}}", SCOPE)[0].code == "guard-too-long"
