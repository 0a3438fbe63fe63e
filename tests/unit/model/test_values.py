"""Values by declared type: typed in, checked, kept as JSON, revived."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dealwright.model.deal import FileRef, Item, Ref
from dealwright.model.process import Field
from dealwright.model.text import Text
from dealwright.model.values import (
    InvalidValueError,
    check_value,
    is_printable,
    parse_value,
    revive,
    revive_all,
    to_json,
    wanted,
)


def field(kind, **more) -> Field:
    return Field("thing", kind, Text.plain("Thing"), **more)


CHOICE = field("choice", values={"yes": Text.plain("Yes"), "no": Text.plain("No")})


@pytest.mark.parametrize(
    ("declared", "typed", "kept"),
    [
        (field("text"), "你好\nthere", "你好\nthere"),
        (field("number"), "12万", 120_000),
        (field("number"), "-0.5", -0.5),
        (field("boolean"), "true", True),
        (field("boolean"), "false", False),
        (field("date"), "2026-03-05", "2026-03-05"),
        (field("month"), "2026-03", "2026-03"),
        (field("datetime"), "2026-03-05T09:30:00+08:00", "2026-03-05T01:30:00Z"),
        (field("money"), "12万", {"amount": "120000.00", "currency": "CNY"}),
        (field("money"), "USD 5", {"amount": "5.00", "currency": "USD"}),
        (CHOICE, "yes", "yes"),
        (field("person"), "rep-1", "rep-1"),
        (field("text"), "", None),
    ],
)
def test_what_is_typed_becomes_what_the_log_keeps(declared, typed, kept):
    read = parse_value(declared, typed, "CNY")
    assert (None if read is None else check_value(declared, read, "CNY")) == kept


@pytest.mark.parametrize(
    ("declared", "value"),
    [
        (field("text"), 5),
        (field("text"), "bell \x07"),
        (field("text"), "c1 \x9b31m"),
        (field("text"), "bidi \u202e"),
        (field("text"), "\ud800"),
        (field("text"), "x" * 20_001),
        (field("number"), "5"),
        (field("number"), True),
        (field("number"), float("nan")),
        (field("number"), float("inf")),
        (field("number"), 10**400),
        pytest.param(field("text"), 10**5000, id="an integer too long to print"),
        (field("boolean"), 1),
        (field("date"), "2024-02-30"),
        (field("date"), 5),
        (field("date"), "20260305"),
        (field("date"), "2026-W10-4"),
        (field("month"), "2026-13"),
        (field("datetime"), "2026-03-05T09:30:00"),
        (field("datetime"), "9999-12-31T23:59:59-23:00"),
        (field("money"), {"amount": "5"} | {"currency": "usd"}),
        (field("money"), {"currency": "USD"}),
        (field("money"), True),
        (field("money"), "NaN"),
        (CHOICE, "maybe"),
        (CHOICE, ["yes"]),
        (CHOICE, {"yes": 1}),
        (field("person"), ""),
        (field("person"), "x" * 129),
        (field("file"), {"name": "a"}),
    ],
)
def test_what_a_field_does_not_take_is_refused_in_both_languages(declared, value):
    with pytest.raises(InvalidValueError) as refused:
        check_value(declared, value, "CNY")
    assert refused.value.text.en
    assert refused.value.text.zh != refused.value.text.en
    assert len(refused.value.text.en) < 300


@pytest.mark.parametrize(
    ("kind", "text"), [("number", "many"), ("money", "free"), ("boolean", "yes"), ("list", "{"), ("list", "[" * 5000)]
)
def test_what_cannot_be_read_is_refused(kind, text):
    with pytest.raises(InvalidValueError):
        parse_value(field(kind), text, "CNY")


@pytest.mark.parametrize(
    ("declared", "good", "bad"),
    [
        (field("number", min=1, max=5), 5, 6),
        (field("number", min=0), 0, -1),
        (field("money", min=100), "100", "99.99"),
        (field("date", min="2026-01-01"), "2026-01-01", "2025-12-31"),
    ],
)
def test_bounds_are_inclusive(declared, good, bad):
    check_value(declared, good, "CNY")
    with pytest.raises(InvalidValueError):
        check_value(declared, bad, "CNY")


@pytest.mark.parametrize(
    ("declared", "kept"),
    [
        (field("text"), "a"),
        (field("number"), 3.5),
        (field("boolean"), False),
        (field("date"), "2026-03-05"),
        (field("month"), "2026-03"),
        (field("datetime"), "2026-03-05T01:30:00Z"),
        (field("money"), {"amount": "5.00", "currency": "CNY"}),
        (field("file"), {"name": "a.pdf", "size": 3, "sha256": "0" * 64}),
        (field("confirmation"), {"stakeholder": "buyer-1", "at": "2026-03-05T01:30:00Z", "seq": 4, "proof": None}),
        (field("list", of=(Field("text", "text", Text.plain("Text")),)), [{"id": "1", "fields": {"text": "slow"}}]),
        (field("text", personal=True), {"ref": "p-1", "digest": "0" * 64}),
    ],
)
def test_the_log_s_json_survives_revival(declared, kept):
    assert to_json(declared, revive(declared, kept)) == kept


def test_open_and_closed_entries_keep_their_state():
    objections = field("list", of=(Field("text", "text", Text.plain("Text")),), closes=True)
    kept = [{"id": "1", "fields": {"text": "price"}, "closed": True}, {"id": "2", "fields": {}, "closed": False}]
    assert revive(objections, kept)[0] == Item("1", ("price",), closed=True)
    assert to_json(objections, revive(objections, kept)) == kept


def test_missing_values_are_none_and_personal_ones_references():
    fields = (field("text", personal=True), Field("other", "file", Text.plain("Other")))
    assert revive_all(fields, {}) == (None, None)
    assert revive(fields[0], {"ref": "p", "digest": "d"}) == Ref("p", "d")
    assert revive(fields[1], {"name": "n", "size": 1, "sha256": "s"}) == FileRef("n", 1, "s")


def test_every_type_says_what_it_wants_in_both_languages():
    for kind in ("text", "number", "boolean", "date", "month", "datetime", "money", "list", "file", "person"):
        assert wanted(field(kind)).zh
    assert "yes, no" in wanted(CHOICE).en


def test_line_ends_and_tabs_are_printable_and_escapes_are_not():
    assert is_printable("a\tb\r\nc 中文 😀")
    assert not is_printable("\x1b[31m")
    assert not is_printable("\x9b31m")


@given(st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(2**63), 2**64 - 1))
def test_numbers_survive_the_log(number):
    kept = check_value(field("number"), number, "CNY")
    assert msgspec.json.decode(msgspec.json.encode(kept)) == number
