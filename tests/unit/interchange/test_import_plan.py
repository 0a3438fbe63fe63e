"""Rows become facts, or reasons why not."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dealwright.errors import UsageError
from dealwright.events import PAYLOADS, Imported
from dealwright.interchange.issue import SEVERITIES, lines_of, tally

MAPPED = (
    "id", "customer", "product", "owner", "phone", "value", "size", "signed", "fit", "stage", "created", "talked",
)  # fmt: skip


def the_issue(plan, code):
    found = [found for found in plan.issues if found.code == code]
    assert len(found) == 1, plan.issues
    assert found[0].severity == SEVERITIES[code]
    assert found[0].message.en != found[0].message.zh
    return found[0]


def test_a_good_row_becomes_a_deal_opened_on_its_date(plan):
    planned = plan({})
    (deal,) = planned.deals
    assert planned.issues == ()
    assert planned.rows == 1
    assert (deal.line, deal.external_id, deal.title, deal.owner) == (2, "A-1", "Example Ltd / Pump", "rep-1")
    assert deal.fields == {
        "amount": {"amount": "100.00", "currency": "CNY"}, "customer": "Example Ltd", "product": "Pump",
    }  # fmt: skip
    (fact,) = deal.facts
    assert (fact.what, fact.at) == ("opened", datetime(2026, 1, 2, tzinfo=UTC))
    assert fact.data["to"] == "lead"
    assert fact.data["process_version"] == "2.0.0"


def test_every_fact_converts_to_the_payload_it_stands_for(plan):
    lost = {"stage": "Lost", "closed": "2026-02-01", "why": "Too dear"}
    planned = plan({}, {"stage": "Talks", "talked": "2026-01-09"}, {"stage": "Won", "closed": "2026-02-01"}, lost)
    assert len(planned.deals) == 4
    for deal in planned.deals:
        for fact in deal.facts:
            msgspec.convert(fact.data, PAYLOADS[fact.what])
            payload = fact.payload("export.csv")
            assert payload == msgspec.convert(msgspec.to_builtins(payload), Imported)


def test_a_row_becomes_several_facts_with_dates_of_their_own(plan):
    planned = plan(
        {"stage": "Talks", "talked": "2026/1/9"},
        {"stage": "Won", "closed": "2026年2月1日"},
        {"stage": "Lost", "closed": "01.02.2026"},
    )
    assert [[(fact.what, fact.at and fact.at.isoformat()[:10]) for fact in deal.facts] for deal in planned.deals] == [
        [("opened", "2026-01-02"), ("advanced", "2026-01-09")],
        [("opened", "2026-01-02"), ("won", "2026-02-01")],
        [("opened", "2026-01-02"), ("lost", "2026-02-01")],
    ]
    won, lost = planned.deals[1].facts[1].data, planned.deals[2].facts[1].data
    assert won == {"from": "lead", "to": "delivery", "skipped": ["needs", "contract"]}
    assert lost == {"from": "lead", "outcome": "lost", "reason": "unknown"}


def test_the_first_filled_column_dates_a_fact(plan):
    planned = plan({"stage": "Won", "talked": "2026-01-09"})
    assert planned.deals[0].facts[1].at == datetime(2026, 1, 9, tzinfo=UTC)


def test_bare_dates_are_local_midnights(plan):
    planned = plan({"created": "2026-01-02"}, zone=ZoneInfo("Asia/Shanghai"))
    assert planned.deals[0].facts[0].at == datetime(2026, 1, 1, 16, tzinfo=UTC)


def test_a_field_of_type_date_keeps_the_local_day(plan):
    planned = plan({"signed": "2026-01-02"}, zone=ZoneInfo("Asia/Shanghai"))
    assert planned.deals[0].fields["signed_on"] == "2026-01-02"


def test_a_fact_without_a_date_is_imported_undated_with_a_doubt(plan):
    planned = plan({"created": ""})
    assert the_issue(planned, "no-date").column == "created"
    fact = planned.deals[0].facts[0]
    assert fact.at is None
    assert fact.payload("x").undated


@pytest.mark.parametrize(
    ("cell", "amount", "currency"),
    [
        ("12万", "120000.00", "CNY"),
        ("１２，０００", "12000.00", "CNY"),
        ("-1,000.5", "-1000.50", "CNY"),
        ("$1,054", "1054.00", "USD"),
        ("¥500", "500.00", "CNY"),
        ("500 EUR", "500.00", "EUR"),
    ],
)
def test_amounts_are_read_as_people_write_them(plan, cell, amount, currency):
    assert plan({"value": cell}).deals[0].fields["amount"] == {"amount": amount, "currency": currency}


def test_a_comma_may_be_the_decimal_sign(plan, map_data):
    map_data["decimal"] = "comma"
    assert plan({"value": "1.234,50"}).deals[0].fields["amount"]["amount"] == "1234.50"
    assert tally(plan({"value": "1,234.50"}).issues) == {"bad-number": 1}


def test_a_column_may_hold_the_currency(plan, map_data):
    map_data["fields"]["amount"] = {"column": "value", "currency_column": "why"}
    amounts = [deal.fields["amount"]["currency"] for deal in plan({"why": "usd"}, {"why": ""}).deals]
    assert amounts == ["USD", "CNY"]


@pytest.mark.parametrize(
    ("cells", "code", "column", "value"),
    [
        ({"id": ""}, "missing-id", "id", None),
        ({"id": "x" * 129}, "bad-id", "id", "x" * 79 + "…"),
        ({"id": "1.38E+10"}, "bad-id", "id", "1.38E+10"),
        ({"customer": ""}, "missing-value", "customer", None),
        ({"customer": "a\x1b[31m"}, "bad-character", "customer", "'a\\x1b[31m'"),
        ({"value": "free"}, "bad-number", "value", "free"),
        ({"size": "-1"}, "bad-number", "size", "-1"),
        ({"signed": "2024-02-30"}, "bad-date", "signed", "2024-02-30"),
        ({"created": "3/5/2026"}, "bad-date", "created", "3/5/2026"),
        ({"created": "tomorrow"}, "bad-date", "created", "tomorrow"),
        ({"created": "2026-03-06"}, "future-date", "created", "2026-03-06"),
        ({"stage": "Won", "closed": "2026-01-01"}, "dates-out-of-order", "closed", "2026-01-01"),
        ({"stage": "Lost", "closed": "2026-02-01", "why": "??"}, "unknown-reason", "why", "??"),
        ({"stage": ""}, "unknown-stage", "stage", ""),
        ({"fit": "perhaps"}, "bad-value", "fit", "perhaps"),
    ],
)
def test_a_row_with_an_error_is_rejected_and_says_where(plan, cells, code, column, value):
    planned = plan({}, cells, {})
    found = the_issue(planned, code)
    assert (found.line, found.column, found.value) == (3, column, value)
    assert [deal.line for deal in planned.deals] == [2, 4]
    assert lines_of(planned.issues, "error") == {3}


@pytest.mark.parametrize(
    ("cells", "code", "value", "suggestion"),
    [
        ({"product": "pumpxl"}, "not-in-lookup", "pumpxl", "Pump XL"),
        ({"product": "Pmup"}, "not-in-lookup", "Pmup", "Pump"),
        ({"product": "Turbine"}, "not-in-lookup", "Turbine", None),
        ({"owner": "Frist Rep"}, "not-in-values", "Frist Rep", "First Rep"),
        ({"phone": "1.38E+10"}, "phone-mangled", "1.38E+10", None),
        ({"phone": "13800000000.0"}, "phone-mangled", "13800000000.0", None),
        ({"product": "#N/A"}, "spreadsheet-error", "#N/A", None),
    ],
)
def test_a_doubtful_row_is_imported_as_it_stands(plan, cells, code, value, suggestion):
    planned = plan(cells)
    found = the_issue(planned, code)
    assert (found.value, found.suggestion) == (value, suggestion)
    assert len(planned.deals) == 1
    if code in ("not-in-lookup", "phone-mangled"):
        assert value in planned.deals[0].fields.values()


def test_values_may_rewrite_a_cell_or_make_it_empty(plan, map_data):
    map_data["fields"]["product"] = {
        "column": "product",
        "lookup": "products",
        "empty": "doubt",
        "values": {"PumpXL": "Pump XL", "N/A": ""},
    }
    planned = plan({"product": "PumpXL"}, {"product": "N/A"}, {"product": "Pump"})
    assert [deal.fields.get("product") for deal in planned.deals] == ["Pump XL", None, "Pump"]
    assert tally(planned.issues) == {"empty-value": 1}


def test_good_phone_numbers_raise_no_doubt(plan):
    assert plan({"phone": "13800000000"}, {"phone": "+49 40 123456"}, {"phone": ""}).issues == ()


def test_an_unknown_stage_suggests_the_nearest(plan):
    assert the_issue(plan({"stage": "Losst"}), "unknown-stage").suggestion == "Lost"


def test_an_id_used_twice_rejects_the_second_row_and_names_the_first(plan):
    planned = plan({"id": "X"}, {"id": "X"})
    assert "line 2" in the_issue(planned, "duplicate-id").message.en
    assert [deal.line for deal in planned.deals] == [2]


def test_a_row_of_another_width_is_rejected(plan):
    found = the_issue(plan({"why": 'a","b'}), "wrong-column-count")
    assert (found.line, found.column) == (2, None)


def test_all_problems_of_a_row_are_told_at_once(plan):
    planned = plan({"id": "", "value": "free", "created": "?", "stage": "New", "product": "Pmup"})
    assert tally(planned.issues) == {"bad-date": 1, "bad-number": 1, "missing-id": 1, "not-in-lookup": 1}
    assert planned.deals == ()


def test_the_title_is_the_first_whose_columns_are_filled(plan, map_data):
    assert plan({"product": ""}).deals[0].title == "Example Ltd"
    map_data["fields"]["customer"] = "customer"
    assert plan({"product": "", "customer": ""}).deals[0].title == "A-1"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200, deadline=None)
@given(cells=st.dictionaries(st.sampled_from(MAPPED), st.text(max_size=30)))
def test_any_row_is_taken_or_refused_with_a_reason(plan, cells):
    try:
        planned = plan({column: text.replace('"', '""') for column, text in cells.items()})
    except UsageError:
        return
    assert len(planned.deals) + len(lines_of(planned.issues, "error")) == planned.rows
    for deal in planned.deals:
        assert msgspec.json.decode(msgspec.json.encode(deal.fields)) == deal.fields


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (
            lambda data: data["fields"].update(custmer="customer"),
            "fields.custmer: there is no field 'custmer'; did you",
        ),
        (lambda data: data["fields"].update(pains="why"), "fields.pains: a field of type list"),
        (lambda data: data["fields"].update(size="sise"), "no column 'sise'; did you mean 'size'"),
        (lambda data: data.update(id="ident"), "id: there is no column 'ident'"),
        (lambda data: data.update(title="{client}"), "title: there is no column 'client'"),
        (lambda data: data.update(process="saless"), "process: there is no process 'saless'; did you mean 'sales'"),
        (lambda data: data["lookups"]["products"].update(column="nam"), "no column 'nam'"),
    ],
)
def test_a_map_that_does_not_fit_is_refused_before_any_row(plan, map_data, change, says):
    change(map_data)
    with pytest.raises(UsageError) as refused:
        plan({})
    assert says in refused.value.en
    assert refused.value.zh != refused.value.en


@pytest.mark.parametrize(
    ("steps", "says"),
    [
        ([{"what": "moved", "to": "needs"}], "[0].what: the first step"),
        ([{"what": "opened", "to": "lead"}, {"what": "opened", "to": "needs"}], "[1].what: the first step"),
        ([{"what": "opened"}], "'to' is missing"),
        ([{"what": "opened", "to": "leed"}], "no stage 'leed'; did you mean 'lead'"),
        ([{"what": "opened", "to": "care"}], "open earlier"),
        ([{"what": "opened", "to": "lead"}, {"what": "moved", "to": "lead"}], "already in this stage"),
        ([{"what": "opened", "to": "lead"}, {"what": "moved", "to": "delivery"}], "past the winning stage is `won`"),
        ([{"what": "opened", "to": "lead"}, {"what": "won", "to": "needs"}], "past the winning stage"),
        ([{"what": "opened", "to": "lead"}, {"what": "won"}, {"what": "won"}], "already won"),
        ([{"what": "opened", "to": "lead"}, {"what": "won"}, {"what": "moved", "to": "needs"}], "no way back"),
        ([{"what": "opened", "to": "lead"}, {"what": "completed"}], "only a won deal completes"),
        ([{"what": "opened", "to": "lead"}, {"what": "ended", "to": "lsot", "reason": "price"}], "no outcome 'lsot'"),
        ([{"what": "opened", "to": "lead"}, {"what": "ended", "to": "lost"}], "'reason' is missing"),
        ([{"what": "opened", "to": "lead"}, {"what": "ended", "to": "lost", "reason": "prise"}], "mean 'price'"),
        ([{"what": "opened", "to": "lead"}, {"what": "ended", "to": "ended", "reason": "done"}], "open deal is lost"),
        ([{"what": "opened", "to": "lead", "reason": "price"}], "only `ended` has a reason"),
        (
            [{"what": "opened", "to": "lead"}, {"what": "ended", "to": "disqualified"}, {"what": "won"}],
            "[2].what: the deal has already ended",
        ),
    ],
)
def test_a_past_that_the_process_cannot_have_is_refused(plan, map_data, steps, says):
    map_data["stages"]["values"]["New"] = [{"at": "created", **step} for step in steps]
    with pytest.raises(UsageError) as refused:
        plan({})
    assert says in refused.value.en
    assert refused.value.details["problems"][0]["path"].startswith("stages.values.New[")


@pytest.mark.parametrize(
    ("steps", "told"),
    [
        ([("opened", "lead"), ("moved", "needs"), ("moved", "lead")], ["opened", "advanced", "regressed"]),
        ([("opened", "lead"), ("moved", "contract")], ["opened", "advanced"]),  # a branch of the decision
        ([("opened", "lead"), ("won", "care"), ("completed", "")], ["opened", "won", "completed"]),
        ([("opened", "needs"), ("won", ""), ("moved", "care")], ["opened", "won", "advanced"]),
    ],
)
def test_the_process_decides_what_kind_a_move_is(plan, map_data, steps, told):
    map_data["stages"]["values"]["New"] = [
        {"what": what, "at": "created", **({"to": to} if to else {})} for what, to in steps
    ]
    assert [fact.what for fact in plan({}).deals[0].facts] == told
