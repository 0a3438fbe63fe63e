"""Money: an exact amount and its currency, read as people write it in English and Chinese."""

import re
from decimal import Decimal, InvalidOperation

from msgspec import Struct

from dealwright.model.text import half_width

_UNITS = {"": 1, "千": 1_000, "万": 10_000, "亿": 100_000_000, "k": 1_000, "m": 1_000_000}
_SIGNS = {
    "人民币": "CNY", "美元": "USD", "欧元": "EUR", "英镑": "GBP", "港元": "HKD", "日元": "JPY",
    "RMB": "CNY", "US$": "USD", "HK$": "HKD", "¥": "CNY", "元": "CNY", "$": "USD", "€": "EUR", "£": "GBP",
}  # fmt: skip
_NUMBER = re.compile(r"([+-]?)(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?\s?([千万亿kKmM]?)", re.ASCII)
_CODE_FIRST = re.compile(r"([A-Z]{3})\s*([^A-Z].*)", re.ASCII)
_CODE_LAST = re.compile(r"(.*[^A-Z\s]|.*\S\s+)([A-Z]{3})", re.ASCII)
_LIMIT = Decimal(10) ** 18
_DIGITS = 27  # one less than Decimal's own precision, so that a unit never rounds what was written
_FINEST = -9  # decimals kept; finer money is a mistake, and an exponent of -500 would be an attack


class Money(Struct, frozen=True, gc=False):
    """An amount in one currency. JSON: `{"amount": "4821.00", "currency": "CNY"}`."""

    amount: Decimal
    currency: str


def money(amount: Decimal | int | str, currency: str) -> Money:
    """Build money with two decimals, or as many more as it needs, so that equal amounts have equal text.

    Raises ValueError for what is no finite number below 10**18 with at most nine decimals.
    """
    try:
        value = Decimal(amount)
    except InvalidOperation as error:
        raise ValueError(amount) from error
    if not value.is_finite() or abs(value) >= _LIMIT or len(value.as_tuple().digits) > 60:
        raise ValueError(amount)
    if not value:
        return Money(Decimal("0.00"), currency)  # also for -0, and 0 with any exponent
    _, digits, exponent = value.as_tuple()
    assert isinstance(exponent, int)  # noqa: S101 - for the type checker: a finite number has no other
    at = len(digits)
    while exponent < -2 and at > 1 and digits[at - 1] == 0:
        at, exponent = at - 1, exponent + 1
    if exponent < _FINEST:
        raise ValueError(amount)
    return Money(value.quantize(Decimal((0, (1,), min(exponent, -2)))), currency)


def parse_number(text: str) -> Decimal:
    """Read `120000`, `120,000.50`, `12万`, `1.2亿`, `-5`, full-width digits too.

    Raises ValueError, also beyond 27 digits.
    """
    plain = half_width(text).strip().replace("\u2212", "-")
    match = _NUMBER.fullmatch(plain)
    if not match or len(plain) > 60:
        raise ValueError(text)
    sign, whole, fraction, unit = match.groups()
    digits = whole.replace(",", "") + (fraction or "")
    if len(digits) > _DIGITS:
        raise ValueError(text)
    return Decimal(sign + digits) * _UNITS[unit.lower()]


def parse_money(text: str, currency: str) -> Money:
    """Read an amount, with or without a currency (`USD 500`, `500 USD`, `¥500`, `-$500`, `12万元`, `12万美元`).

    `currency` is taken where the text names none. Raises ValueError.
    """
    plain = half_width(text).strip().replace("\u2212", "-")
    if len(plain) > 80:
        raise ValueError(text[:80])
    minus = ""
    if plain.startswith("-"):
        minus, plain = "-", plain[1:].lstrip()
    named, plain = _currency(plain)
    return money(parse_number(minus + plain.strip()), named or currency)


def _currency(text: str) -> tuple[str, str]:
    """The currency that `text` names ("" for none), and the text without it."""
    named = ""
    for sign, code in _SIGNS.items():
        if text.startswith(sign):
            named, text = code, text[len(sign) :]
            break
    for sign, code in _SIGNS.items():
        if text.endswith(sign) and named in ("", code):  # also `人民币5万元`, `¥500元`
            return code, text[: -len(sign)]
    if named:
        return named, text
    if found := _CODE_FIRST.fullmatch(text):
        return found.group(1), found.group(2)
    if found := _CODE_LAST.fullmatch(text):
        return found.group(2), found.group(1)
    return "", text
