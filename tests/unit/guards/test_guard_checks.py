"""What is wrong with an expression is found where it stands, all of it at once, in both languages."""

from __future__ import annotations

import pytest
from guard_world import SCOPE, f, t

from dealwright.guards import InvalidGuardError, Scope, check, compile_guard
from dealwright.model.layout import Layout
from dealwright.model.process import Approval, ArtifactKind, Field, Process
from dealwright.model.text import Text


def found(source: str, scope: Scope = SCOPE, wants: str = "condition") -> list[tuple[str, str]]:
    """(code, the text it points at) of each problem."""
    problems = check(source, scope, wants)  # type: ignore[arg-type]  # tests name it by text
    for problem in problems:
        assert problem.en
        assert problem.zh
        assert any("\u4e00" <= c <= "\u9fff" for c in problem.zh)
    return [(p.code, source[p.offset : p.offset + p.length]) for p in problems]


@pytest.mark.parametrize(
    ("source", "code", "at"),
    [
        ("", "guard-syntax", ""), ("   ", "guard-syntax", ""), ("fit ==", "guard-syntax", ""),
        ("(fit", "guard-syntax", ""),
        ("fit = 3", "guard-syntax", "="), ("has(fit) && has(from)", "guard-syntax", "&&"),
        ("!has(fit)", "guard-syntax", "!"),
        ("icp_score ** 2 > 3", "guard-syntax", "**"), ("icp_score // 2 > 3", "guard-syntax", "//"),
        ("icp_score % 2 > 3", "guard-syntax", "%"), ("(icp_score := 3) > 2", "guard-syntax", ":"),
        ('fit is "yes"', "guard-syntax", "is"), ("lambda: 1", "guard-syntax", ":"),
        ("[x for x in pains]", "guard-syntax", "for"),
        ("has(fit) if has(from) else feasible", "guard-syntax", "if"), ('f"{fit}" == "a"', "guard-syntax", '"'),
        ('fit == "a" "b"', "guard-syntax", '"b"'), ('fit == "a\\n"', "guard-syntax", '"a\\n"'),
        ('fit == "yes', "guard-syntax", '"yes'),
        ("icp_score > 1_000", "guard-syntax", "1_000"), ("icp_score > 0x1F", "guard-syntax", "0x1F"),
        ("icp_score > 1e999", "guard-syntax", "1e999"), ("icp_score > 010", "guard-syntax", "010"),
        ("icp_score > 3if", "guard-syntax", "3if"), ("fit == “yes”", "guard-syntax", "“"),
        ("icp_score ≥ 3", "guard-syntax", "≥"),
        ("ｉcp_score > 3", "guard-syntax", "ｉcp_score"), ("fіt == 1", "guard-syntax", "fіt"),
        ("客户 == 1", "guard-syntax", "客户"),
        ("icp_score > 1 # two", "guard-syntax", "#"), ("pains[0].confirmed", "guard-syntax", "["),
        ("fit.__class__.x", "guard-syntax", "fit.__class__.x"),
        ("fit.__class__ == 1", "guard-type", "fit.__class__"), ("has(fit)(1)", "guard-syntax", "("),
        ("{1}", "guard-syntax", "{"),
        ("fitt == 1", "guard-unknown-name", "fitt"), ("__import__('os')", "guard-unknown-name", "__import__('os')"),
        ("True", "guard-unknown-name", "True"), ("fit == None", "guard-unknown-name", "None"),
        ("fit == yes", "guard-unknown-name", "yes"),
        ("meeting_accepted", "guard-unknown-name", "meeting_accepted"),
        ("today > expected_close", "guard-unknown-name", "today"),
        ("event(meeting)", None, ""), ("event(met)", "undeclared-event", "met"),
        ("days_since(met) > 1", "guard-unknown-name", "met"),
        ("complete(quote)", "undeclared-artifact", "quote"), ("quote.price > 1", "undeclared-artifact", "quote"),
        ("quotation.prise > 1", "undeclared-field", "quotation.prise"),
        ("event(buyer_reaction).moo == 1", "undeclared-field", "event(buyer_reaction).moo"),
        ("fit", "guard-type", "fit"), ("icp_score", "guard-type", "icp_score"),
        ("quotation", "guard-type", "quotation"), ("pains", "guard-type", "pains"),
        ("3", "guard-type", "3"), ("not fit", "guard-type", "fit"),
        ("has(fit) and icp_score", "guard-type", "icp_score"),
        ("fit == 3", "guard-type", "fit == 3"), ('icp_score == "3"', "guard-type", 'icp_score == "3"'),
        ('fit == "ye"', "guard-type", '"ye"'),
        ('fit in ["yes", "maybe"]', "guard-type", '"maybe"'), ("fit in [from]", "guard-type", "from"),
        ("fit in pains", "guard-type", "pains"),
        ('"a" in from', "guard-type", "from"), ("fit in []", "guard-type", "[]"),
        ("fit == [1]", "guard-type", "[1]"), ('from < "b"', "guard-type", 'from < "b"'),
        ('from + "b" == "ab"', "guard-type", 'from + "b"'), ('from * 3 == "aaa"', "guard-type", "from * 3"),
        ("-from == 1", "guard-type", "-from"),
        ('expected_close > "soon"', "guard-type", '"soon"'),
        ('expected_close > "2026-02-30"', "guard-type", '"2026-02-30"'),
        ('plan_month == "2026-13"', "guard-type", '"2026-13"'),
        ('next_call > "2026-03-05T09:30:00"', "guard-type", '"2026-03-05T09:30:00"'),
        ("budget * budget > 1", "guard-type", "budget * budget"),
        ("feasible > false", "guard-type", "feasible > false"),
        ('stage == "qualifi"', "guard-type", '"qualifi"'), ('status == "lots"', "guard-type", '"lots"'),
        ('phase == "needs"', "guard-type", '"needs"'),
        ('note == "x"', "guard-personal", "note"), ("count(pains, said_by == from) > 0", "guard-personal", "said_by"),
        ('count(stakeholders, name == "x") > 0', "guard-personal", "name"),
        ("upper(note) == from", "guard-personal", "note"),
        ("count(fit) > 1", "guard-type", "fit"), ("count() > 1", "guard-type", "count()"),
        ("any(pains)", "guard-type", "any(pains)"),
        ("count(quotation) > 1", "guard-type", "quotation"), ("open(pains) == 0", "guard-type", "pains"),
        ("sum(pains, text) > 1", "guard-type", "text"),
        ("has(3)", "guard-type", "3"), ("has(event(meeting_accepted))", "guard-type", "event(meeting_accepted)"),
        ("days_until(fit) > 1", "guard-type", "fit"),
        ("today(1) > expected_close", "guard-type", "today(1)"),
        ("count(stakeholders(boss)) > 0", "guard-type", "boss"),
        ("halve(fit) > 1", "guard-type", "fit"), ("halve() > 1", "guard-type", "halve()"),
        ("size(fit) > 1", "guard-type", "fit"),
        ("spec == from", "guard-type", "spec"), ("event(3)", "guard-type", "3"),
        ("pains.confirmed", "guard-type", "pains.confirmed"),
        ("count(pains, text.x) > 1", "guard-type", "text.x"), ("1.5.x", "guard-syntax", "1.5.x"),
        ("icp_score not 3", "guard-syntax", "3"),
    ],
)  # fmt: skip
def test_each_problem_has_its_code_and_place(source, code, at):
    problems = found(source)
    assert problems == ([(code, at)] if code else []) or (code, at) == problems[0]


def test_all_problems_of_an_expression_come_at_once():
    source = 'fitt == "yes" and event(met) or quotation.prise > 3 and from == 5'
    assert found(source) == [
        ("guard-unknown-name", "fitt"),
        ("undeclared-event", "met"),
        ("undeclared-field", "quotation.prise"),
        ("guard-type", "from == 5"),
    ]


@pytest.mark.parametrize(
    ("source", "hint"),
    [
        ("icp_scor > 3", "did you mean icp_score?"), ("event(meeting_acepted)", "did you mean meeting_accepted?"),
        ('fit == "ye"', "did you mean yes?"), ("complete(qotation)", "did you mean quotation?"),
        ("quotation.prise > 3", "did you mean price?"), ("coumt(pains) > 1", "did you mean count?"),
        ("count(pains, confirmd) > 1", "did you mean confirmed?"), ("FIT == 3", "did you mean fit?"),
        ("meeting_accepted", "write event(meeting_accepted)"), ("quotation", "write complete(quotation)"),
        ("True", "write true"), ("fit == null", "has(...) asks whether something is there"), ("fit = 3", "write =="),
        ("today > expected_close", "today is a function: write today(...)"), ('note == "x"', "write has(note)"),
        ("fit == yes", 'a text is written in quotes: "yes"'), ('icp_score == "3"', "write the number without quotes"),
    ],
)  # fmt: skip
def test_a_hint_says_what_was_probably_meant(source, hint):
    hints = [problem.hint.en for problem in check(source, SCOPE) if problem.hint]
    assert hint in hints


def test_offsets_count_code_points():
    assert found('from == "客户😀" and fitt == 1') == [("guard-unknown-name", "fitt")]


def test_a_name_with_two_meanings_is_refused():
    twice = Scope(
        Layout(
            Process(
                "p", "1.0.0", t("P"), "b2b", "CNY", {}, (), {},
                fields=(
                    f("contract", "text"), f("kind", "text"),
                    f("objections", "list", of=(f("kind", "text"), f("text", "text"), f("owner", "text"))),
                    f("demo", "date"),
                ),
                artifacts=(ArtifactKind("contract", ("rep",), t("Contract")),),
            )
        )
    )  # fmt: skip
    assert found('contract == "a"', twice) == [("guard-ambiguous-name", "contract")]
    assert found('count(objections, kind == "a") > 1', twice) == [("guard-ambiguous-name", "kind")]
    assert found('count(objections, owner == "a") > 1', twice) == [("guard-ambiguous-name", "owner")]
    assert found('count(objections, text == "a") > 1', twice) == []
    assert found("complete(contract)", twice) == []


def test_python_words_and_yaml_words_are_names_like_any_other():
    odd = Scope(Layout(Process("p", "1", t("P"), "b2b", "CNY", {}, (), {}, fields=tuple(
        Field(name, "text", Text.plain(name)) for name in ("from", "class", "yes", "no", "on", "None", "is")
    ))))  # fmt: skip
    for name in ("from", "class", "yes", "no", "on"):
        assert found(f'{name} == "x" and has({name})', odd) == []


def test_an_approval_that_asks_for_itself_is_refused():
    def scope(*conditions: str) -> Scope:
        kinds = tuple(
            ArtifactKind(f"a{at}", ("rep",), t("A"), approvals=(Approval("x", ("boss",), condition=condition),))
            for at, condition in enumerate(conditions)
        )
        return Scope(Layout(Process("p", "1", t("P"), "b2b", "CNY", {}, (), {}, artifacts=kinds)))

    assert [p.code for p in check("approved(a0)", scope("approved(a0)"))] == ["guard-type"]
    assert [p.code for p in check("approved(a1)", scope("approved(a1)", "approved(a0)"))] == ["guard-type"]
    assert check("approved(a0)", scope("complete(a0)")) == []
    assert check("approved(a0)", scope("this is no expression")) == []  # reported where it stands


def test_a_guard_that_does_not_compile_says_why_in_both_languages():
    with pytest.raises(InvalidGuardError) as caught:
        compile_guard("fitt == 1 and icp_scor > 2", SCOPE)
    error = caught.value
    assert [p.code for p in error.problems] == ["guard-unknown-name", "guard-unknown-name"]
    assert "fitt" in error.say("en")
    assert "未知名称" in error.say("zh")
    assert error.details["problems"][1]["offset"] == 14


def test_a_value_may_be_anything_single():
    assert found("icp_score * 2", wants="value") == []
    assert found("has(fit)", wants="value") == []
    assert found("count(pains)", wants="value") == []
    assert found("pains", wants="value") == [("guard-type", "pains")]
    assert found("note", wants="value") == [("guard-personal", "note")]


def test_a_half_built_process_can_be_checked():
    bare = Scope(Layout(Process("p", "1.0.0", t("P"), "b2b", "CNY", {}, (), {})))
    assert found('amount > 3 and grade == "A" and stage == "anything"', bare) == []
    assert found("fit == 1", bare) == [("guard-unknown-name", "fit")]
