"""Amounts as people write them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dealwright.model.money import Money, money, parse_money, parse_number


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("120000", "120000"),
        ("120,000.50", "120000.50"),
        ("12万", "120000"),
        ("1.2亿", "120000000"),
        ("３千", "3000"),
        ("１２，０００", "12000"),
        ("-5", "-5"),
        ("\u22125", "-5"),
        (" 7 k ", "7000"),
        ("+3M", "3000000"),
    ],
)
def test_numbers_are_read_as_they_are_written(text, amount):
    assert parse_number(text) == Decimal(amount)


@pytest.mark.parametrize(
    "text", ["", "abc", "1,2345", "12,34", "1e5", "10²", "①", "NaN", "--5", "1.2.3", "1_000", "9" * 28, "1" * 5000]
)
def test_what_is_no_plain_number_is_refused(text):
    with pytest.raises(ValueError):  # noqa: PT011 - a ValueError is the whole promise
        parse_number(text)


@pytest.mark.parametrize(
    ("text", "amount", "currency"),
    [
        ("500", "500.00", "CNY"),
        ("USD 500", "500.00", "USD"),
        ("500 USD", "500.00", "USD"),
        ("500USD", "500.00", "USD"),
        ("5M USD", "5000000.00", "USD"),
        ("$1,054.5", "1054.50", "USD"),
        ("-$500", "-500.00", "USD"),
        ("$-500", "-500.00", "USD"),
        ("￥500", "500.00", "CNY"),
        ("12万元", "120000.00", "CNY"),
        ("12万美元", "120000.00", "USD"),
        ("人民币5万元", "50000.00", "CNY"),
        ("RMB 88", "88.00", "CNY"),
        ("€7", "7.00", "EUR"),
    ],
)
def test_money_names_its_currency_or_takes_the_given_one(text, amount, currency):
    read = parse_money(text, "CNY")
    assert (str(read.amount), read.currency) == (amount, currency)


@pytest.mark.parametrize("text", ["", "USD", "$", "¥5$", "usd 5", "USD EUR 5", "5 US", "1e9 USD", "x" * 5000])
def test_money_that_cannot_be_read_is_refused(text):
    with pytest.raises(ValueError):  # noqa: PT011 - a ValueError is the whole promise
        parse_money(text, "CNY")


def test_equal_amounts_have_equal_text():
    written = ["5", "5.0", "5.000", "5.00000000000", "05"]
    assert {str(money(text, "CNY").amount) for text in written} == {"5.00"}
    assert {str(money(text, "CNY").amount) for text in ("0", "-0", "0E+3", "0.0000")} == {"0.00"}
    assert str(money("1.125", "CNY").amount) == "1.125"


@pytest.mark.parametrize("amount", ["NaN", "Infinity", "1e18", "-1e18", "1E-10", "abc", ""])
def test_amounts_out_of_reach_are_refused(amount):
    with pytest.raises(ValueError):  # noqa: PT011 - a ValueError is the whole promise
        money(amount, "CNY")


@given(st.decimals(min_value=-(10**17), max_value=10**17, places=2))
def test_an_amount_survives_being_written_and_read(amount):
    kept = money(amount, "EUR")
    assert kept.amount == amount
    assert parse_money(str(kept.amount), "EUR") == kept == Money(kept.amount, "EUR")
