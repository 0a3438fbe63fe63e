"""What is said of several conditions at once is true of every deal there is."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from itertools import product
from typing import Any

import pytest
from guard_world import MOMENT, SCOPE, artifact, confirmation, deal, f, fact, guard, money, pain
from hypothesis import given, settings
from hypothesis import strategies as st

from dealwright.guards import Scope, Unsettled
from dealwright.guards.bounds import contradiction, exhaustive, overlap
from dealwright.guards.checker import checked
from dealwright.guards.domains import Span
from dealwright.model.deal import Deal
from dealwright.model.layout import Layout
from dealwright.model.process import Process
from dealwright.model.text import Text


@pytest.mark.parametrize(
    ("conditions", "which"),
    [
        (["icp_score > 5", "icp_score < 3"], (0, 1)), (['fit == "yes"', 'fit == "no"'], (0, 1)),
        (["has(note)", 'fit == "yes"', 'fit != "yes" or icp_score < 3', "icp_score >= 3"], (1, 2, 3)),
        (["not has(fit)", 'fit == "yes"'], (0, 1)), (["not has(icp_score)", "icp_score != 3"], (0, 1)),
        (["event(meeting_accepted)", "not event(meeting_accepted)"], (0, 1)),
        (["days_since(meeting_accepted) < 3", "not event(meeting_accepted)"], (0, 1)),
        (['event(buyer_reaction).mood == "good"', "not event(buyer_reaction)"], (0, 1)),
        (["budget > floor", "floor >= budget"], (0, 1)), (["budget == floor", "budget != floor"], (0, 1)),
        (["count(pains) == 0", "has(pains)"], (0, 1)), (["count(pains) > 0", "count(pains) < 1"], (0, 1)),
        (['expected_close > "2026-01-01"', 'expected_close < "2026-01-02"'], (0, 1)),
        (["approved(quotation)", "not has(quotation)"], (0, 1)), (["feasible", "feasible == false"], (0, 1)),
        (["quotation.price > 3", "not has(quotation)"], (0, 1)),
        (['plan_month > "2026-02"', 'plan_month < "2026-03"'], (0, 1)),
        (['fit in ["yes"]', 'fit in ["no"]'], (0, 1)), (['fit not in ["yes", "no"]'], (0,)),
        (["feasible", "not (feasible or terms_agreed)", "icp_score > 1"], (0, 1)), (["false", "feasible"], (0,)),
        (["open(objections) < 0"], (0,)), (['from == "a"', 'from == "b"'], (0, 1)),
        (["budget + 1 > floor", "not budget + 1 > floor"], (0, 1)),
        (["any(pains, confirmed)", "not any(pains, confirmed)"], (0, 1)),
        (['stage == "qualify"', 'stage != "qualify"'], (0, 1)),
        (["icp_score in [1, 2]", "icp_score > 2"], (0, 1)), (["halve(icp_score) > 3", "halve(icp_score) < 2"], (0, 1)),
        (["icp_score > 1", "icp_score < 2"], None), (["budget > 5", "floor < 3"], None),
        (["has(fit)", "not has(source)"], None),
        (["any(pains, confirmed)", "not any(pains, impact > 3)"], None), (['from != "a"', "not has(from)"], None),
        (["days_since(meeting_accepted) < 3", "days_since(demo_held) > 3"], None), ([], None), (["nonsense >"], None),
        (['next_call > "2026-01-02"', 'next_call < "2026-01-01T00:00:00Z"'], None), (["sum(visits, day) < 0"], None),
        (["not has(terms_agreed)", "terms_agreed or feasible"], None),
        (["event(meeting_accepted) or feasible", "not feasible"], None),
    ],
)  # fmt: skip
def test_conditions_that_exclude_each_other_are_found(conditions, which):
    assert contradiction(conditions, SCOPE) == which


def test_declared_ranges_count():
    fields = (f("score", "number", min=1, max=5), f("on", "date", min="2026-01-01"), f("price", "money", min=0.5))
    scope = Scope(Layout(Process("p", "1.0.0", Text.plain("P"), "b2b", "CNY", {}, (), {}, fields=fields)))
    assert contradiction(["score > 5"], scope) == (0,)
    assert contradiction(['on < "2026-01-01"'], scope) == (0,)
    assert contradiction(["price < 0.5"], scope) == (0,)
    assert contradiction(["score >= 5", "price <= 0.5"], scope) is None
    assert exhaustive(["score < 3", "score >= 3"], scope) is None
    assert exhaustive(["score > 1"], scope) == {"score": 1}


def test_too_many_alternatives_are_given_up_on():
    wide = [" and ".join(f"(icp_score == {n} or icp_score == {n + 1})" for n in range(9))]
    assert contradiction(wide, SCOPE) is None
    many = [f"icp_score == {n} or budget == {n} or floor == {n}" for n in range(20)]
    assert contradiction(many, SCOPE) in (None, tuple(range(4)))


def test_checked_trees_do_as_well_as_texts():
    trees = [checked(source, SCOPE, "condition")[0] for source in ("icp_score > 5", "icp_score < 3")]
    assert contradiction([tree for tree in trees if tree], SCOPE) == (0, 1)


def test_branches_that_overlap_come_with_an_example():
    assert overlap(["icp_score < 3", "icp_score > 5", "icp_score > 10 and feasible"], SCOPE) == (
        1, 2, {"icp_score": 11, "feasible": True},
    )  # fmt: skip
    assert overlap(['fit == "yes"', 'fit == "no"'], SCOPE) is None
    assert overlap(["icp_score >= 3", "icp_score <= 3"], SCOPE) == (0, 1, {"icp_score": 3})


def test_gaps_between_branches_come_with_an_example():
    assert exhaustive(["icp_score > 5", "icp_score < 5"], SCOPE) == {"icp_score": 5}
    assert exhaustive(['fit == "yes"', 'fit == "no"'], SCOPE) is None
    assert exhaustive(["amount >= 100000 and feasible", "amount < 100000"], SCOPE) == {
        "amount": 100000,
        "feasible": False,
    }
    assert exhaustive(['source == "referral"'], SCOPE) == {"source": "inbound"}
    assert exhaustive(['expected_close > "2026-01-01"'], SCOPE) == {"expected_close": "2026-01-01"}
    assert exhaustive(["event(meeting_accepted)", "has(quotation)"], SCOPE) == {
        "event(meeting_accepted)": False, "has(quotation)": False,
    }  # fmt: skip


def test_no_example_is_made_of_values_that_may_hang_together():
    assert overlap(["count(pains) > 1", "count(pains, confirmed) > 1"], SCOPE) is None
    assert exhaustive(["budget > floor", "budget < floor"], SCOPE) is None
    assert exhaustive(["feasible", "nonsense >"], SCOPE) is None


# -- against all deals of a small world

NUMBERS = (None, -1, 0, 0.5, 1, 1.5, 2, 2.5, 3, 4)
DAYS = (None, *(date(2026, 3, 1) + timedelta(days=n) for n in range(5)))
WORLD: dict[str, tuple[Any, ...]] = {
    "icp_score": NUMBERS, "fit": (None, "yes", "no"), "source": (None, "referral", "inbound", "outbound"),
    "feasible": (None, True, False), "budget": tuple(None if n is None else money(str(n), "CNY") for n in NUMBERS),
    "expected_close": DAYS, "terms_agreed": (None, confirmation(3)),
    "pains": (None, (pain(),), (pain("1"), pain("2")), tuple(map(pain, "123")), tuple(map(pain, "1234"))),
    "plan_month": (None, "2026-01", "2026-02", "2026-03", "2026-04"),
    "meeting": (None, -1, 0, 1), "quotation": (None, *(artifact("quotation", discount_pct=n) for n in NUMBERS)),
}  # fmt: skip
SIGN = st.sampled_from(("==", "!=", "<", "<=", ">", ">="))
SMALL = st.integers(0, 3)


def _leaf(name: str) -> st.SearchStrategy[str]:
    number = st.builds("{} {} {}".format, st.just(name), SIGN, SMALL)
    match name:
        case "icp_score" | "budget":
            some = st.builds("{} in [{}, {}]".format, st.just(name), SMALL, SMALL)
            return st.one_of(number, some, st.just(f"has({name})"))
        case "fit" | "source":
            option = st.sampled_from([v for v in WORLD[name] if v])
            return st.one_of(st.builds('{} {} "{}"'.format, st.just(name), st.sampled_from(("==", "!=")), option),
                             st.builds('{} not in ["{}"]'.format, st.just(name), option),
                             st.just(f"has({name})"))  # fmt: skip
        case "expected_close":
            return st.one_of(
                st.builds('{} {} "2026-03-0{}"'.format, st.just(name), SIGN, st.integers(2, 4)), st.just(f"has({name})")
            )
        case "plan_month":
            return st.builds('{} {} "2026-0{}"'.format, st.just(name), SIGN, st.integers(2, 3))
        case "pains":
            return st.one_of(st.builds("count(pains) {} {}".format, SIGN, SMALL), st.just("has(pains)"))
        case "meeting":
            return st.one_of(st.just("event(meeting_accepted)"),
                             st.builds("days_since(meeting_accepted) {} 0".format, SIGN))  # fmt: skip
        case "quotation":
            return st.one_of(st.just("has(quotation)"), st.builds("quotation.discount_pct {} {}".format, SIGN, SMALL))
        case _:
            return st.just(name)


def _conditions(names: tuple[str, ...]) -> st.SearchStrategy[list[str]]:
    leaves = st.one_of([_leaf(name) for name in names])
    tree = st.recursive(
        leaves,
        lambda inner: st.one_of(
            st.builds("({} and {})".format, inner, inner), st.builds("({} or {})".format, inner, inner),
            st.builds("not ({})".format, inner),
        ),
        max_leaves=4,
    )  # fmt: skip
    return st.lists(tree, min_size=1, max_size=4)


CASES = st.lists(st.sampled_from(sorted(WORLD)), min_size=1, max_size=2, unique=True).flatmap(
    lambda names: st.tuples(st.just(tuple(names)), _conditions(tuple(names)))
)


def _deal(values: dict[str, Any]) -> Deal:
    values = {name: value for name, value in values.items() if value is not None}
    facts = [fact("meeting_accepted", days_ago=values.pop("meeting"))] if "meeting" in values else []
    return deal(*facts, **values)


def _holds(source: str, on: Deal) -> bool:
    compiled = guard(source)
    try:
        return compiled.test(on, 0, MOMENT) is True
    except Unsettled:
        return compiled.status(on, 0, MOMENT) == "met"


def _world(names: tuple[str, ...]) -> list[Deal]:
    return [_deal(dict(zip(names, values, strict=True))) for values in product(*(WORLD[name] for name in names))]


@settings(max_examples=150, deadline=None)
@given(CASES)
def test_contradictions_are_exactly_those_of_every_deal_in_a_small_world(case):
    """The world has a value on, below, between and above all constants, so that a proof is complete there too."""
    names, sources = case
    found = contradiction(sources, SCOPE)
    together = any(all(_holds(source, on) for source in sources) for on in _world(names))
    assert (found is None) == together
    if found is not None:
        for left_out in found:
            rest = [sources[at] for at in found if at != left_out]
            assert contradiction(rest, SCOPE) is None


@settings(max_examples=120, deadline=None)
@given(CASES)
def test_an_example_is_a_deal_for_which_it_is_so(case):
    _, sources = case
    both = overlap(sources, SCOPE)
    if both is not None:
        on = _deal(_typed(both[2]))
        assert _holds(sources[both[0]], on)
        assert _holds(sources[both[1]], on)
    neither = exhaustive(sources, SCOPE)
    if neither is not None:
        on = _deal(_typed(neither))
        assert not any(_holds(source, on) for source in sources)


def _typed(example: dict[str, Any]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name, value in example.items():
        if name == "budget":
            values[name] = money(str(value), "CNY")
        elif name == "expected_close":
            values[name] = date.fromisoformat(value)
        elif name == "terms_agreed":
            values[name] = confirmation(3) if value else None
        elif name == "event(meeting_accepted)":
            values["meeting"] = 0 if value else None
        elif name == "quotation.discount_pct":
            values["quotation"] = artifact("quotation", discount_pct=value)
        elif name == "has(quotation)":
            values.setdefault("quotation", artifact("quotation") if value else None)
        elif name.startswith("has("):
            values.setdefault(name[4:-1], next(v for v in WORLD[name[4:-1]] if v is not None) if value else None)
        else:
            values[name] = value
    return values


@given(st.integers(-5, 5), st.integers(-5, 5), st.booleans(), st.booleans(), st.booleans(), st.sets(st.integers(-5, 5)))
def test_a_stretch_is_empty_exactly_where_nothing_is_left(low, high, open_low, open_high, whole, without):
    span = Span(Decimal(low), Decimal(high), open_low, open_high, frozenset(map(Decimal, without)), whole)
    points = [Decimal(n) / 2 for n in range(-20, 21) if not whole or n % 2 == 0]
    left = [p for p in points if (p > low if open_low else p >= low) and (p < high if open_high else p <= high)]
    left = [p for p in left if p not in span.without]
    assert span.empty == (not left)
    example = span.example()
    assert (example is None) == (not left)
    assert example is None or span.meet(Span(example, example)).empty is False
