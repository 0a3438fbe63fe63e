"""The fast path and the explainer never disagree, and a missing value never passes a gate."""

from __future__ import annotations

import random

import pytest
from guard_world import LAYOUT, MOMENT, ask, deal, guard
from random_conditions import condition, leaf, some_deal

from dealwright.guards import Unsettled
from dealwright.model.deal import Deal

# Conditions that hold of nothing at all, because they ask what is absent or count what is not there.
MAY_HOLD_OF_NOTHING = (
    "has(",
    "count(",
    "open(",
    "complete(",
    "approved(",
    "event(",
    "any(",
    "not ",
    "sum(",
    "stage",
    "terms",
)


@pytest.mark.parametrize("seed", range(8))
def test_both_paths_agree_on_random_conditions_and_deals(seed):
    rng = random.Random(seed)
    seen = set()
    for _ in range(60):
        source = condition(rng)
        if len(source) > 480:
            continue
        for _ in range(4):
            seen.add(ask(source, some_deal(rng), fresh=rng.choice((0, 0, 4))))
    assert seen == {"met", "unmet", "unknown"}


def test_every_leaf_agrees_on_full_and_on_empty_deals():
    rng = random.Random(1)
    sources = sorted({leaf(rng) for _ in range(3_000)})
    full, empty = some_deal(random.Random(5), missing=0), deal()
    assert len(sources) > 150
    for source in sources:
        ask(source, full)
        ask(source, empty)


def test_a_missing_value_never_passes_a_gate():
    """Of a deal without any value, no comparison holds, whichever way it is turned."""
    rng = random.Random(2)
    empty = deal()
    for source in sorted({leaf(rng) for _ in range(3_000)}):
        if any(part in source for part in MAY_HOLD_OF_NOTHING):
            continue
        for form in ("{}", "not ({})", "not not ({})", "({}) or ({})", "({}) and ({})"):
            status = ask(form.format(source, source), empty)
            assert status == "unknown", (form, source, status)


def test_removing_a_value_never_turns_unmet_into_met():
    """With less known, an answer may become unknown; for what has no question about absence it never flips."""
    rng = random.Random(3)
    for _ in range(400):
        source = condition(rng, 2)
        if any(part in source for part in MAY_HOLD_OF_NOTHING if part != "not "):
            continue
        full = some_deal(rng, missing=0.1)
        whole = ask(source, full)
        at = rng.randrange(len(full.values))
        holed = tuple(None if i == at else value for i, value in enumerate(full.values))
        less = Deal(LAYOUT, stage=full.stage, status=full.status, owner=full.owner, opened_at=full.opened_at,
                    values=holed, artifacts=full.artifacts, facts=full.facts,
                    stakeholders=full.stakeholders)  # fmt: skip
        assert ask(source, less) in (whole, "unknown"), source


def test_the_fast_path_settles_what_is_whole_and_nothing_else():
    whole, holed = deal(fit="yes", icp_score=70), deal(icp_score=70)
    test = guard('fit != "no" and icp_score >= 60').test
    assert test(whole, 0, MOMENT) is True
    with pytest.raises(Unsettled):
        test(holed, 0, MOMENT)
    for source in (
        'fit == "yes"',
        'fit != "yes"',
        'not fit == "yes"',
        'fit in ["no"]',
        'fit not in ["no"]',
        "from == fit",
    ):
        with pytest.raises(Unsettled):
            guard(source).test(holed, 0, MOMENT)


def test_explaining_a_random_refusal_never_fails():
    rng = random.Random(4)
    for _ in range(400):
        explained = guard(leaf(rng)).explain(some_deal(rng, 0.6), rng.choice((0, 5)), MOMENT)
        assert explained.expected.en
        assert explained.expected.zh
        if explained.status == "met":
            assert explained.remedies == ()
