"""Money: an exact amount and its currency, read as people write it in English and Chinese."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal, InvalidOperation

from msgspec import Struct

_UNITS = {"": 1, "千": 1_000, "万": 10_000, "亿": 100_000_000, "k": 1_000, "m": 1_000_000}
_SIGNS = {"¥": "CNY", "￥": "CNY", "元": "CNY", "$": "USD", "€": "EUR", "£": "GBP"}
_NUMBER = re.compile(r"([+-]?)(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?\s?([千万亿kKmM]?)")
_LIMIT = Decimal(10) ** 18


class Money(Struct, frozen=True):
    """An amount in one currency. JSON: `{"amount": "4821.00", "currency": "CNY"}`."""

    amount: Decimal
    currency: str


def money(amount: Decimal | int | str, currency: str) -> Money:
    """Build money with at least two decimals, so that equal amounts have equal text.

    Raises ValueError for what is no finite number below 10**18.
    """
    try:
        value = Decimal(amount)
    except InvalidOperation as error:
        raise ValueError(amount) from error
    if not value.is_finite() or abs(value) >= _LIMIT:
        raise ValueError(amount)
    exponent = value.as_tuple().exponent
    if isinstance(exponent, int) and exponent > -2:
        value = value.quantize(Decimal("0.01"))
    return Money(value, currency)


def parse_number(text: str) -> Decimal:
    """Read `120000`, `120,000.50`, `12万`, `1.2亿`, full-width digits too. Raises ValueError."""
    plain = unicodedata.normalize("NFKC", text).strip().replace("，", ",")
    match = _NUMBER.fullmatch(plain)
    if not match:
        raise ValueError(text)
    sign, whole, fraction, unit = match.groups()
    if len(whole) > 30:
        raise ValueError(text)
    return Decimal(sign + whole.replace(",", "") + (fraction or "")) * _UNITS[unit.lower()]


def parse_money(text: str, currency: str) -> Money:
    """Read an amount, with or without a currency (`USD 500`, `500 USD`, `¥500`, `12万元`).

    `currency` is taken where the text names none. Raises ValueError.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    found = re.fullmatch(r"([A-Z]{3})\s*(.+)|(.+?)\s*([A-Z]{3})", plain)
    if found:
        currency = found.group(1) or found.group(4)
        plain = found.group(2) or found.group(3)
    else:
        for sign, code in _SIGNS.items():
            if plain.startswith(sign) or plain.endswith(sign):
                currency, plain = code, plain.removeprefix(sign).removesuffix(sign)
                break
    return money(parse_number(plain), currency)
