"""Values by declared type: read from what people type, checked, kept as JSON, revived from the log."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import msgspec

from dealwright.model.deal import Confirmation, FileRef, Item, Ref
from dealwright.model.money import Money, money, parse_money, parse_number
from dealwright.model.process import Field
from dealwright.model.text import Text

MAX_TEXT = 20_000
_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


class InvalidValueError(ValueError):
    """A value that its field does not take; `text` says what was wanted, in both languages."""

    def __init__(self, en: str, zh: str) -> None:
        super().__init__(en)
        self.text = Text(en, zh)


def is_printable(text: str) -> bool:
    """False where `text` holds control characters (line ends and tabs are fine), bidi overrides or lone surrogates."""
    return not _UNPRINTABLE.search(text)


def wanted(field: Field) -> Text:
    """What a field takes, in a few words: for messages and placeholders."""
    if field.type == "choice":
        options = ", ".join(field.values)
        return Text(f"one of {options}", f"以下之一：{options}")
    return {
        "text": Text("text", "文本"),
        "number": Text("a number", "数字"),
        "boolean": Text("true or false", "true 或 false"),
        "date": Text("a date such as 2026-03-05", "日期，如 2026-03-05"),
        "month": Text("a month such as 2026-03", "月份，如 2026-03"),
        "datetime": Text("an instant such as 2026-03-05T09:30:00Z", "时刻，如 2026-03-05T09:30:00Z"),
        "money": Text("an amount such as 120000 or USD 500", "金额，如 12万 或 USD 500"),
        "list": Text("a list", "列表"),
        "file": Text("a file", "文件"),
        "person": Text("a person of the team", "团队成员"),
        "stakeholder": Text("a stakeholder of the deal", "项目干系人"),
        "confirmation": Text("the stakeholder who confirms", "确认的干系人"),
    }[field.type]


def _problem(field: Field, value: Any) -> InvalidValueError:
    try:
        shown = str(value)[:80]
    except ValueError:  # an integer of thousands of digits
        shown = "…"
    want = wanted(field)
    return InvalidValueError(
        f"{field.id} takes {want.en}, not {shown!r}", f"{field.id} 应为{want.zh}，而不是 {shown!r}"
    )


def parse_value(field: Field, text: str, currency: str) -> Any:
    """Read what a person typed for `field`: a JSON-ready value for `check_value`, or None to clear.

    Lists and records are JSON. Dates must be ISO here; the command line turns others into ISO first.
    Raises InvalidValueError.
    """
    if text == "":
        return None
    try:
        if field.type == "number":
            number = parse_number(text)
            return int(number) if number == number.to_integral_value() else float(number)
        if field.type == "money":
            return msgspec.to_builtins(parse_money(text, currency))
        if field.type == "boolean":
            return {"true": True, "false": False}[text]
        if field.type == "list":
            return msgspec.json.decode(text)
    except (ValueError, KeyError, ArithmeticError, RecursionError) as error:
        raise _problem(field, text) from error
    return text


def check_value(field: Field, value: Any, currency: str) -> Any:
    """The value as the log keeps it (plain JSON), or raise InvalidValueError.

    Personal fields, lists and confirmations are checked by the decider, which knows the deal.
    """
    try:
        checked = _CHECKS[field.type](field, value, currency)
    except (ValueError, TypeError, KeyError, ArithmeticError) as error:
        if isinstance(error, InvalidValueError):
            raise
        raise _problem(field, value) from error
    _within_bounds(field, checked)
    return checked


def _text(field: Field, value: Any, _: str) -> str:
    if not isinstance(value, str) or len(value) > MAX_TEXT or _UNPRINTABLE.search(value):
        raise _problem(field, value)
    return value


def _number(field: Field, value: Any, _: str) -> float | int:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise _problem(field, value)
    return value


def _boolean(field: Field, value: Any, _: str) -> bool:
    if not isinstance(value, bool):
        raise _problem(field, value)
    return value


def _date(field: Field, value: Any, _: str) -> str:
    read = value if type(value) is date else date.fromisoformat(value)
    if read is not value and read.isoformat() != value:  # other ISO forms (week dates) would only look odd
        raise _problem(field, value)
    return read.isoformat()


def _month(field: Field, value: Any, _: str) -> str:
    if not _MONTH.fullmatch(value):
        raise _problem(field, value)
    return str(value)


def _instant(field: Field, value: Any, _: str) -> str:
    moment = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    if moment.tzinfo is None:
        raise _problem(field, value)
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _money(_field: Field, value: Any, currency: str) -> dict[str, str]:
    if isinstance(value, Mapping):
        built = money(str(value["amount"]), str(value.get("currency", currency)))
    elif isinstance(value, Money):
        built = value
    elif isinstance(value, str):
        built = parse_money(value, currency)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        built = money(str(value), currency)
    else:
        raise TypeError(value)
    if not re.fullmatch("[A-Z]{3}", built.currency):
        raise ValueError(value)
    return {"amount": str(built.amount), "currency": built.currency}


def _choice(field: Field, value: Any, _: str) -> str:
    if value not in field.values:
        raise _problem(field, value)
    return str(value)


def _identifier(field: Field, value: Any, _: str) -> str:
    if not isinstance(value, str) or not value or len(value) > 128 or _UNPRINTABLE.search(value):
        raise _problem(field, value)
    return value


def _file(_field: Field, value: Any, _: str) -> dict[str, Any]:
    read = value if isinstance(value, FileRef) else msgspec.convert(value, FileRef)
    return {"name": read.name, "size": read.size, "sha256": read.sha256}


def _as_is(_field: Field, value: Any, _: str) -> Any:
    return value


_CHECKS = {
    "text": _text, "number": _number, "boolean": _boolean, "date": _date, "month": _month, "datetime": _instant,
    "money": _money, "choice": _choice, "file": _file, "person": _identifier, "stakeholder": _identifier,
    "record": _identifier,
    "list": _as_is, "confirmation": _as_is,
}  # fmt: skip


def _within_bounds(field: Field, value: Any) -> None:
    if field.min is None and field.max is None:
        return
    size: Any = Decimal(value["amount"]) if field.type == "money" else value
    low: Any = field.min
    high: Any = field.max
    if (low is not None and size < low) or (high is not None and size > high):
        low_text = "" if low is None else f" ≥ {low}"
        high_text = "" if high is None else f" ≤ {high}"
        raise InvalidValueError(
            f"{field.id} must be{low_text}{high_text}, not {size}", f"{field.id} 应{low_text}{high_text}，而不是 {size}"
        )


def revive(field: Field, raw: Any) -> Any:
    """The typed value of trusted JSON from the log: dates, money, entries and confirmations become objects."""
    if raw is None:
        return None
    if field.personal:
        return raw if isinstance(raw, Ref) else Ref(raw["ref"], raw["digest"])
    reviver = _REVIVERS.get(field.type)
    return reviver(field, raw) if reviver else raw


def _revive_list(field: Field, raw: Any) -> tuple[Item, ...]:
    return tuple(
        Item(entry["id"], revive_all(field.of, entry.get("fields", {})), entry.get("closed", False)) for entry in raw
    )


def _instant_of(raw: str) -> datetime:
    return datetime.fromisoformat(raw).astimezone(UTC)


_REVIVERS: dict[str, Any] = {
    "date": lambda _, raw: date.fromisoformat(raw),
    "datetime": lambda _, raw: _instant_of(raw),
    "money": lambda _, raw: Money(Decimal(raw["amount"]), raw["currency"]),
    "file": lambda _, raw: FileRef(raw["name"], raw["size"], raw["sha256"]),
    "confirmation": lambda _, raw: msgspec.convert(raw, Confirmation),
    "list": _revive_list,
}


def revive_all(fields: tuple[Field, ...], raw: Mapping[str, Any]) -> tuple[Any, ...]:
    """The values of `raw` by the position of `fields`, None where one is missing."""
    return tuple([revive(field, raw.get(field.id)) for field in fields])


def to_json(field: Field, value: Any) -> Any:
    """The plain JSON of a typed value; the inverse of `revive`."""
    if value is None:
        return None
    if field.type == "list":
        return [entry_to_json(field.of, entry, field.closes) for entry in value]
    return msgspec.to_builtins(value)


def entry_to_json(fields: tuple[Field, ...], entry: Item, closes: bool) -> dict[str, Any]:
    """A list entry as the log keeps it: `{id, fields, closed}`."""
    kept: dict[str, Any] = {"id": entry.id, "fields": all_to_json(fields, entry.values)}
    if closes:
        kept["closed"] = entry.closed
    return kept


def all_to_json(fields: tuple[Field, ...], values: tuple[Any, ...]) -> dict[str, Any]:
    """`{field id: JSON value}` of those that are there."""
    return {f.id: to_json(f, v) for f, v in zip(fields, values, strict=True) if v is not None}
