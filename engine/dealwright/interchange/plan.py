"""The plan of an import: each row as the facts it stands for, or the reasons why it is rejected. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, tzinfo
from typing import Any

from msgspec import Struct

from dealwright.errors import UsageError
from dealwright.events import Imported
from dealwright.interchange.cells import Cells, DateReader, is_mangled, unread_date
from dealwright.interchange.fields import FieldReader
from dealwright.interchange.import_map import ImportMap, Template
from dealwright.interchange.issue import Issue
from dealwright.interchange.lookup import known_values
from dealwright.interchange.map_problems import MapProblems
from dealwright.interchange.past import PastStep, resolve
from dealwright.interchange.table import Row, Table
from dealwright.model.layout import Layout
from dealwright.model.text import Text

MAX_TITLE = 200


class PlannedFact(Struct, frozen=True):
    """One event of the other system: its type, its payload as plain JSON, and when it happened.

    `at` is None where the source does not say: the event takes the time of import and is marked `undated`.
    """

    what: str
    data: dict[str, Any]
    at: datetime | None

    def payload(self, origin: str) -> Imported:
        """The payload of the `imported` event that records this fact; `origin` names the file."""
        return Imported(what=self.what, data=self.data, undated=self.at is None, origin=origin)


class PlannedDeal(Struct, frozen=True):
    """One row that can be imported. `facts` begin with `opened`, whose payload holds title, owner and fields."""

    line: int
    external_id: str
    title: str
    owner: str | None
    fields: dict[str, Any]
    facts: tuple[PlannedFact, ...]


class Plan(Struct, frozen=True):
    """What an import would do before the store is looked at.

    `rows` counts all rows; those not in `deals` are rejected. `issues` are in the order of lines.
    """

    encoding: str
    rows: int
    deals: tuple[PlannedDeal, ...]
    issues: tuple[Issue, ...]


def plan_import(
    table: Table, import_map: ImportMap, lookups: Mapping[str, Table], layout: Layout, *, now: datetime, zone: tzinfo
) -> Plan:
    """Read every row of `table` as `import_map` says, for deals of `layout`'s process.

    `lookups` holds the table of each look-up by its name; `zone` is the map's time zone, or the
    workspace's where the map names none. Nothing is corrected silently: values stay as they
    are written, and whatever is doubtful is an issue. Raises UsageError, with all problems at
    once, where the map does not fit the table or the process.
    """
    problems = MapProblems()
    for path, column in import_map.columns():
        if column not in table.header:
            problems.unknown(path, column, table.header, "column", "列")
    past = resolve(import_map, layout, problems)
    if import_map.process != layout.process:
        problems.unknown("process", import_map.process, (layout.process,), "process", "流程")
    known = {name: known_values(name, lookup, _table_of(name, lookups)) for name, lookup in import_map.lookups.items()}
    dates = DateReader(import_map.dates, zone)
    reader = FieldReader(import_map, layout, known, dates, problems)
    problems.raise_any()
    planner = _Planner(import_map, layout, table.header, past, reader, dates, now)
    for row in table.rows:
        planner.take(row)
    return Plan(table.encoding, len(table.rows), tuple(planner.deals), tuple(planner.issues))


def _table_of(name: str, lookups: Mapping[str, Table]) -> Table:
    if name not in lookups:
        raise UsageError(f"the look-up table {name} was not read", f"未读取对照表 {name}", lookup=name)
    return lookups[name]


class _Planner:
    """Turns rows into deals and issues, in order."""

    def __init__(
        self, import_map: ImportMap, layout: Layout, header: tuple[str, ...], past: Mapping[str, tuple[PastStep, ...]],
        fields: FieldReader, dates: DateReader, now: datetime,
    ) -> None:  # fmt: skip
        self.map, self.layout, self.past, self.fields = import_map, layout, past, fields
        self.width = len(header)
        self.places = {name: at for at, name in enumerate(header) if name}
        self.dates, self.now = dates, now
        self.first_line: dict[str, int] = {}
        self.deals: list[PlannedDeal] = []
        self.issues: list[Issue] = []

    def take(self, row: Row) -> None:
        """Read one row."""
        cells = Cells(row, self.places)
        deal = self._deal(row, cells)
        self.issues += cells.issues
        if deal and not cells.rejected:
            self.deals.append(deal)

    def _deal(self, row: Row, cells: Cells) -> PlannedDeal | None:
        if len(row.cells) != self.width:
            cells.note(None, "wrong-column-count", None, Text(
                f"this row has {len(row.cells)} cells, the header {self.width}",
                f"本行有 {len(row.cells)} 个单元格，表头有 {self.width} 个",
            ))  # fmt: skip
            return None
        external_id = self._external_id(cells)
        steps = self._steps(cells)
        owner = self.fields.text(cells, self.map.owner) if self.map.owner else None
        fields = self.fields.read(cells)
        title = self._title(cells, external_id)
        opening: dict[str, Any] = {
            "title": title, "process": self.layout.process, "process_version": self.layout.process_version,
            "external_id": external_id,
        }  # fmt: skip
        if owner:
            opening["owner"] = owner
        if fields:
            opening["fields"] = fields
        facts = self._facts(cells, steps, opening)
        return PlannedDeal(cells.line, external_id, title, owner or None, fields, facts)

    def _external_id(self, cells: Cells) -> str:
        column = self.map.id
        text = cells.text(column)
        if not text and not cells.rejected:
            cells.note(column, "missing-id", None, Text(
                f"{column} is empty: the row cannot be found again", f"“{column}”为空：以后无法再找到这一行"
            ))  # fmt: skip
        elif len(text) > 128 or "\n" in text or is_mangled(text):
            cells.note(column, "bad-id", text, Text(
                f"{column} is no usable id; export the column as text", f"“{column}”不能用作编号；请将该列按文本导出"
            ))  # fmt: skip
        elif text and self.first_line.setdefault(text, cells.line) != cells.line:
            first = self.first_line[text]
            cells.note(column, "duplicate-id", text, Text(
                f"{column}: this id already stands on line {first}", f"“{column}”：该编号已在第 {first} 行出现"
            ))  # fmt: skip
        return text

    def _steps(self, cells: Cells) -> tuple[PastStep, ...]:
        column = self.map.stage_column
        value = cells.text(column)
        steps = self.past.get(value)
        if steps is None:
            cells.note(column, "unknown-stage", value, Text(
                f"{column}: the map does not say what {value[:80]!r} means" if value else f"{column} is empty",
                f"“{column}”：映射没有说明 {value[:80]!r} 的含义" if value else f"“{column}”为空",
            ), self.fields.close(value, self.past))  # fmt: skip
        return steps or ()

    def _title(self, cells: Cells, external_id: str) -> str:
        for template in self.map.titles:
            texts = {column: cells.text(column) for column in template.columns}
            if all(texts.values()):
                return _filled(template, texts)[:MAX_TITLE]
        return external_id

    def _facts(self, cells: Cells, steps: tuple[PastStep, ...], opening: dict[str, Any]) -> tuple[PlannedFact, ...]:
        facts = []
        newest: datetime | None = None
        for step in steps:
            column, text, at = self._dated(cells, step)
            if at and at > self.now:
                cells.note(column, "future-date", text, Text(
                    f"{column} lies in the future: it cannot have happened", f"“{column}”在将来：不可能已经发生"
                ))  # fmt: skip
            elif at and newest and at < newest:
                cells.note(column, "dates-out-of-order", text, Text(
                    f"{column} is earlier than what happened before it", f"“{column}”早于在它之前发生的事"
                ))  # fmt: skip
            newest = at or newest
            data = {**step.data, **opening} if step.what == "opened" else dict(step.data)
            if step.reason:
                data["reason"] = self._reason(cells, step)
            facts.append(PlannedFact(step.what, data, at))
        return tuple(facts)

    def _dated(self, cells: Cells, step: PastStep) -> tuple[str, str, datetime | None]:
        for column in step.at:
            text = cells.text(column)
            if text:
                at = self.dates.instant(text)
                if at is None:
                    cells.note(column, "bad-date", text, unread_date(column, text))
                return column, text, at
        column = step.at[0]
        if not cells.rejected:
            cells.note(column, "no-date", None, Text(
                f"{column} is empty: the deal is imported without this date", f"“{column}”为空：导入的项目没有该日期"
            ))  # fmt: skip
        return column, "", None

    def _reason(self, cells: Cells, step: PastStep) -> str:
        reason = step.reason
        if reason is None or not reason.column:
            return reason.fixed if reason else ""
        text = cells.text(reason.column)
        found = reason.values.get(text, text) if text else reason.otherwise
        if found not in step.reasons:
            cells.note(reason.column, "unknown-reason", text, Text(
                f"{reason.column}: {text[:80]!r} is none of the outcome's reasons",
                f"“{reason.column}”：{text[:80]!r} 不是该结局的原因之一",
            ), self.fields.close(text, (*reason.values, *step.reasons)))  # fmt: skip
        return found


def _filled(template: Template, texts: Mapping[str, str]) -> str:
    parts = (texts[part] if number % 2 else part for number, part in enumerate(template.parts))
    return " ".join("".join(parts).split())
