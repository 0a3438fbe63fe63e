"""The import map: which columns of somebody's export become what. Read from plain data, checked, frozen."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, Literal

from msgspec import Struct

from dealwright.interchange.map_problems import MapProblems, check_schema

_YEAR = re.compile("%[YyGcxDFs]")  # without one a day cannot be told, and newer Pythons warn
_DIRECTIVES = re.compile(r"(?:%[YymdbBHIpMSfz]|[^%])+")
_SLOT = re.compile(r"\{([^{}]+)\}")

What = Literal["opened", "moved", "won", "completed", "ended"]


class Source(Struct, frozen=True):
    """Where a value comes from. `values` rewrites cells by their text; `lookup` names the table of known values."""

    column: str
    values: dict[str, str] = {}
    lookup: str = ""
    empty: Literal["ok", "doubt", "error"] = "ok"
    phone: bool = False
    currency: str = ""
    currency_column: str = ""


class Reason(Struct, frozen=True):
    """Why a deal ended: `fixed`, or read from `column`; `otherwise` where that is empty."""

    fixed: str = ""
    column: str = ""
    values: dict[str, str] = {}
    otherwise: str = ""


class Step(Struct, frozen=True):
    """One thing that happened to a deal, as the map says it. `at` are the columns that may date it, best first."""

    what: What
    at: tuple[str, ...]
    to: str = ""
    reason: Reason | None = None


class Lookup(Struct, frozen=True):
    """A file of known values, its path seen from the folder of the imported file."""

    file: str
    column: str
    encoding: str = "auto"


class Template(Struct, frozen=True):
    """A title in parts: plain text, then a column, and so on by turns."""

    parts: tuple[str, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns it needs."""
        return self.parts[1::2]


class ImportMap(Struct, frozen=True):
    """A whole map. Empty text means: the workspace's zone, the process's currency, a recognised delimiter."""

    process: str
    id: str
    titles: tuple[Template, ...]
    stage_column: str
    steps: dict[str, tuple[Step, ...]]
    encoding: str = "auto"
    delimiter: str = ""
    dates: tuple[str, ...] = ()
    timezone: str = ""
    currency: str = ""
    decimal_comma: bool = False
    owner: Source | None = None
    fields: dict[str, Source] = {}
    lookups: dict[str, Lookup] = {}

    def columns(self) -> Iterator[tuple[str, str]]:
        """Every column that the map names, each with its place in the map."""
        yield "id", self.id
        yield "stages.column", self.stage_column
        for template in self.titles:
            yield from (("title", column) for column in template.columns)
        for path, source in self.sources():
            yield f"{path}.column", source.column
            if source.currency_column:
                yield f"{path}.currency_column", source.currency_column
        for value, steps in self.steps.items():
            for number, step in enumerate(steps):
                path = f"stages.values.{value}[{number}]"
                yield from ((f"{path}.at", column) for column in step.at)
                if step.reason and step.reason.column:
                    yield f"{path}.reason.column", step.reason.column

    def sources(self) -> Iterator[tuple[str, Source]]:
        """Owner and fields, each with its place in the map."""
        if self.owner:
            yield "owner", self.owner
        yield from ((f"fields.{name}", source) for name, source in self.fields.items())


def read_map(data: Any) -> ImportMap:
    """Check a loaded map file and freeze it.

    Columns, stages, fields and reasons are checked where the file and the process are known:
    in `plan_import`. Raises UsageError with all problems, `details["problems"]` holding
    `{path, message}` of each.
    """
    problems = MapProblems()
    check_schema(data, problems)
    problems.raise_any()
    read = _build(data, problems)
    _check_meaning(read, problems)
    problems.raise_any()
    return read


def _build(data: dict[str, Any], problems: MapProblems) -> ImportMap:
    titles = data["title"] if isinstance(data["title"], list) else [data["title"]]
    return ImportMap(
        process=data["process"],
        id=data["id"],
        titles=tuple(_template(title, problems) for title in titles),
        stage_column=data["stages"]["column"],
        steps={value: tuple(map(_step, steps)) for value, steps in data["stages"]["values"].items()},
        encoding=data.get("encoding", "auto"),
        delimiter=data.get("delimiter", ""),
        dates=tuple(data.get("dates", ())),
        timezone=data.get("timezone", ""),
        currency=data.get("currency", ""),
        decimal_comma=data.get("decimal") == "comma",
        owner=_source(data["owner"]) if "owner" in data else None,
        fields={name: _source(source) for name, source in data.get("fields", {}).items()},
        lookups={name: Lookup(**table) for name, table in data.get("lookups", {}).items()},
    )


def _template(text: str, problems: MapProblems) -> Template:
    if "{" not in text and "}" not in text:
        return Template(("", text, ""))
    parts = tuple(_SLOT.split(text))
    if any("{" in literal or "}" in literal for literal in parts[::2]):
        problems.add("title", f"the braces of {text!r} do not match", f"{text!r} 中的花括号不配对")
    return Template(parts)


def _source(data: str | dict[str, Any]) -> Source:
    if isinstance(data, str):
        return Source(data)
    rest = {key: value for key, value in data.items() if key != "as"}
    return Source(**rest, phone=data.get("as") == "phone")


def _step(data: dict[str, Any]) -> Step:
    at, reason = data["at"], data.get("reason")
    if reason is not None:
        reason = Reason(fixed=reason) if isinstance(reason, str) else Reason(**reason)
    return Step(data["what"], (at,) if isinstance(at, str) else tuple(at), data.get("to", ""), reason)


def _check_meaning(read: ImportMap, problems: MapProblems) -> None:
    for number, form in enumerate(read.dates):
        if not _is_date_format(form):
            problems.add(
                f"dates[{number}]",
                f"{form!r} is no date format with year, month and day, such as %m/%d/%Y",
                f"{form!r} 不是含年、月、日的日期格式，例如 %m/%d/%Y",
            )
    if read.timezone and not _is_zone(read.timezone):
        problems.add("timezone", f"{read.timezone!r} is no IANA time zone", f"{read.timezone!r} 不是 IANA 时区")
    for path, source in read.sources():
        if source.lookup and source.lookup not in read.lookups:
            problems.unknown(f"{path}.lookup", source.lookup, read.lookups, "look-up table", "对照表")
    codes = [("currency", read.currency), *((f"{path}.currency", source.currency) for path, source in read.sources())]
    for path, code in codes:
        if code and not re.fullmatch("[A-Z]{3}", code):
            problems.add(path, f"{code!r} is no currency code such as USD", f"{code!r} 不是货币代码，例如 USD")


def _is_date_format(form: str) -> bool:
    if not _DIRECTIVES.fullmatch(form) or "\n" in form or not _YEAR.search(form):
        return False
    moment = datetime(2001, 2, 3, tzinfo=UTC)
    try:
        return datetime.strptime(moment.strftime(form), form).date() == moment.date()  # noqa: DTZ007 - only the day counts
    except (ValueError, re.error):
        return False


def _is_zone(name: str) -> bool:
    from zoneinfo import ZoneInfo

    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # unknown, no relative key, a folder of the database
        return False
    return True
