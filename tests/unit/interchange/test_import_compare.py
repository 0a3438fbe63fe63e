"""A second import finds what is new, nothing, or a contradiction."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec
import pytest

from dealwright.events import Record
from dealwright.interchange.compare import compare
from dealwright.interchange.issue import Issue


def the_log(facts, *others):
    """The records that importing `facts` leaves, as a store gives them back."""
    now = datetime(2026, 3, 1, tzinfo=UTC)
    entries = [("imported", fact.at or now, msgspec.to_builtins(fact.payload("x.csv"))) for fact in facts]
    entries += [(kind, now, {}) for kind in others]
    return [
        Record(n, "sales-1", n, kind, at, now, "importer", "os", None, "h", data, "0", "1")
        for n, (kind, at, data) in enumerate(entries, 1)
    ]


@pytest.fixture
def deal(plan):
    """The planned deal of one row."""

    def one(**cells):
        return plan(cells).deals[0]

    return one


@pytest.fixture
def new(layout):
    """What the second row tells that the first did not: (what, day) of each fact, or the issue's code."""

    def difference(first, second, *others, personal=None):
        found = compare(the_log(first.facts, *others), second, layout, personal)
        if isinstance(found, Issue):
            return found.code
        return [(fact.what, fact.at and fact.at.date().isoformat()) for fact in found]

    return difference


ROWS = [
    {},
    {"created": ""},
    {"stage": "Talks", "talked": "2026-01-09"},
    {"stage": "Talks", "created": "", "talked": ""},
    {"stage": "Won", "closed": "2026-02-01", "value": ""},
    {"stage": "Lost", "closed": "2026-02-01", "owner": ""},
]


@pytest.mark.parametrize("cells", ROWS)
def test_the_same_row_again_changes_nothing(deal, new, cells):
    assert new(deal(**cells), deal(**cells)) == []


def test_a_row_that_goes_on_adds_only_what_is_new(deal, new):
    assert new(deal(), deal(stage="Talks", talked="2026-01-09")) == [("advanced", "2026-01-09")]
    assert new(deal(), deal(stage="Won", closed="2026-02-01")) == [("won", "2026-02-01")]
    assert new(deal(created=""), deal(created="", stage="Lost")) == [("lost", None)]


def test_what_was_added_is_known_the_next_time(deal, layout):
    first, second = deal(), deal(stage="Won", closed="2026-02-01", value="900", owner="rep-2")
    added = compare(the_log(first.facts), second, layout)
    assert [fact.what for fact in added] == ["won", "fields_set", "owner_assigned"]
    assert added[1].data == {"fields": {"amount": {"amount": "900.00", "currency": "CNY"}}}
    assert added[1].at is None
    assert compare(the_log((*first.facts, *added)), second, layout) == ()


def test_a_cell_that_became_empty_clears_the_field(deal, layout):
    first, second = deal(), deal(value="")
    added = compare(the_log(first.facts), second, layout)
    assert [fact.data for fact in added] == [{"fields": {"amount": None}}]
    assert compare(the_log((*first.facts, *added)), second, layout) == ()


@pytest.fixture
def snapshot(map_data):
    """Make the map that of an export which tells the present stage alone."""
    for value, stage in (("New", "lead"), ("Talks", "needs")):
        map_data["stages"]["values"][value] = [{"what": "opened", "to": stage, "at": "created"}]
    map_data["stages"]["values"]["Won"] = [
        {"what": "opened", "to": "contract", "at": "created"},
        {"what": "won", "at": "closed"},
    ]


@pytest.mark.usefixtures("snapshot")
def test_a_source_that_forgets_earlier_stages_still_goes_on(deal, new, layout):
    lead, talks = deal(created="2026-01-02"), deal(stage="Talks", created="2026-01-09")
    won = deal(stage="Won", created="2026-01-20", closed="2026-02-01")
    assert new(lead, talks) == [("advanced", "2026-01-09")]
    assert new(talks, won) == [("advanced", "2026-01-20"), ("won", "2026-02-01")]
    assert new(deal(created=""), talks) == [("advanced", "2026-01-09")]
    assert new(deal(created=""), deal(stage="Talks", created="")) == [("advanced", None)]
    assert new(talks, deal(created="2026-01-12")) == [("regressed", "2026-01-12")]
    history = the_log((*lead.facts, *compare(the_log(lead.facts), talks, layout)))
    assert compare(history, talks, layout) == ()
    assert [fact.what for fact in compare(history, won, layout)] == ["advanced", "won"]


@pytest.mark.usefixtures("snapshot")
def test_a_move_cannot_lie_before_what_is_recorded(deal, new):
    assert new(deal(created="2026-01-09"), deal(stage="Talks", created="2026-01-02")) == "history-differs"


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"created": "2026-01-02"}, {"created": "2026-01-03"}),
        ({"created": "2026-01-02"}, {"created": ""}),
        ({"stage": "Won", "closed": "2026-02-01"}, {"stage": "Won", "closed": "2026-02-02"}),
        ({"stage": "Won", "closed": "2026-02-01"}, {"stage": "Lost", "closed": "2026-02-01"}),
        ({"stage": "Won", "closed": "2026-02-01"}, {}),
        (
            {"stage": "Lost", "closed": "2026-02-01", "why": "Too dear"},
            {"stage": "Lost", "closed": "2026-02-01", "why": ""},
        ),
    ],
)
def test_a_row_that_contradicts_the_log_is_refused(deal, new, first, second):
    assert new(deal(**first), deal(**second)) == "history-differs"


def test_a_date_that_the_source_learns_later_does_not_rewrite_the_log(deal, new):
    assert new(deal(created=""), deal(created="2026-01-02")) == []


def test_a_deal_opened_here_is_not_taken_over(deal, layout):
    found = compare(the_log((), "opened"), deal(), layout)
    assert isinstance(found, Issue)
    assert found.code == "history-differs"


def test_a_deal_moved_here_is_not_moved_again_by_an_import(deal, new):
    won = deal(stage="Won", closed="2026-02-01")
    assert new(deal(), won, "advanced") == "moved-here"
    assert new(deal(), won, "activity_logged", "fields_set") == [("won", "2026-02-01")]
    assert new(deal(), deal(value="7"), "advanced") == [("fields_set", None)]


def test_personal_values_are_compared_by_what_they_stand_for(deal, layout):
    row = deal(phone="13800000000")
    kept = the_log(row.facts)
    kept[0].data["data"]["fields"]["phone"] = {"ref": "p-1", "digest": "d"}
    assert compare(kept, row, layout, {"p-1": "13800000000"}) == ()
    (changed,) = compare(kept, row, layout, {"p-1": "999"})
    assert changed.data == {"fields": {"phone": "13800000000"}}


def test_an_erased_value_is_not_brought_back(deal, layout):
    row = deal(phone="13800000000")
    kept = the_log(row.facts)
    kept[0].data["data"]["fields"]["phone"] = {"ref": "p-1", "digest": "d"}
    assert compare(kept, row, layout, {}) == ()
