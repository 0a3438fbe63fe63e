"""`import deals`: a table of another system becomes deals, all or nothing."""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from dealwright.engine import Context, Program, blank, evolve
from dealwright.engine.commands import Import, ImportedFact
from dealwright.errors import NotFoundError, UsageError
from dealwright.events import Event
from dealwright.model.deal import Deal
from dealwright.workspace.documents import document_of
from dealwright.workspace.folder import invalid
from dealwright.workspace.personal import Vault, references
from dealwright.workspace.writing import Writing

if TYPE_CHECKING:
    from dealwright.interchange.import_map import ImportMap
    from dealwright.interchange.issue import Issue
    from dealwright.interchange.plan import Plan, PlannedFact
    from dealwright.interchange.table import Table

MOST_ISSUES = 10_000
MOST_BYTES = 512 * 1024 * 1024
_AT_ONCE = 1_000  # new deals held back to be written together


class _RolledBack(Exception):  # noqa: N818  # no error: nothing of the transaction is to be kept
    """A dry run, or rows were rejected."""


class Imports(Writing):
    """What `dealwright import` does."""

    def import_deals(
        self, file: str | Path, map_file: str | Path, *, skip_rejected: bool = False, dry_run: bool = False,
        progress: Callable[[int, int], None] | None = None,
    ) -> dict[str, Any]:  # fmt: skip
        """Import a table. Again with the same file changes nothing; a rejected row stops all, unless skipped.

        `written` tells whether anything was kept; the counts are those of the plan either way.
        """
        from dealwright.interchange.import_map import read_map
        from dealwright.interchange.plan import plan_import
        from dealwright.interchange.table import read_table

        self.may_write()
        path, map_path = Path(file), Path(map_file)
        import_map = read_map(_plain(map_path, self.lang))
        authored = self.library.source(import_map.process, self.store).process
        program = self.library.program(self.library.resolve(authored))
        table = read_table(_bytes(path), import_map.encoding, import_map.delimiter or None)
        zone = _zone(import_map.timezone) if import_map.timezone else program.zone
        plan = plan_import(
            table, import_map, _lookups(import_map, path, map_path), program.layout, now=self.now(), zone=zone
        )
        counts: Counter[str] = Counter()
        issues = list(plan.issues)
        written = False
        with contextlib.suppress(_RolledBack), self.store.transaction():
            self.library.keep(authored, program.process, self.store, publish=True)
            rejected = self._take(program, plan, path.name, counts, progress)
            issues += rejected
            counts["rejected"] = plan.rows - len(plan.deals) + len(rejected)
            if dry_run or (counts["rejected"] and not skip_rejected):
                raise _RolledBack
            written = True
        return _report(plan, counts, sorted(issues, key=lambda i: i.line), self.lang, dry_run=dry_run, written=written)

    def _take(
        self, program: Program, plan: Plan, origin: str, counts: Counter[str],
        progress: Callable[[int, int], None] | None,
    ) -> list[Issue]:  # fmt: skip
        """Compare each planned deal with what is there, and append what is new."""
        from dealwright.interchange.compare import compare
        from dealwright.interchange.issue import Issue

        batch = _Batch(self, program, origin, [p.external_id for p in plan.deals])
        rejected: list[Issue] = []
        for number, planned in enumerate(plan.deals, 1):
            if progress and (number % 100 == 0 or number == len(plan.deals)):
                progress(number, len(plan.deals))
            deal_id = batch.known.get(planned.external_id)
            if deal_id is None:
                batch.create(planned.facts)
                counts["created"] += 1
                continue
            records = list(self.store.events(deal_id))
            own = self.program_of(records[-1].definition_hash) if records else program
            personal = self.store.personal([ref for r in records for ref in references(r.data)])
            news = compare(records, planned, own.layout, personal)
            if isinstance(news, Issue):
                rejected.append(news)
            elif news:
                batch.flush()  # the log keeps the order of the rows
                self._append_facts(*self.load(deal_id), news, origin)
                counts["updated"] += 1
            else:
                counts["unchanged"] += 1
        batch.flush()
        return rejected

    def _append_facts(self, program: Program, deal: Deal, facts: tuple[PlannedFact, ...], origin: str) -> None:
        """Through the decider, as every write."""
        events, after = self.taken(program, deal, facts, origin, self.context(program))
        self.store.append(
            document_of(program, after, self.now()),
            deal.version,
            events,
            recorded_at=datetime.now(UTC),
            recorded_by=self.os_user,
        )

    def taken(
        self, program: Program, deal: Deal, facts: tuple[PlannedFact, ...], origin: str, context: Context
    ) -> tuple[tuple[Event, ...], Deal]:
        """The events that the decider makes of `facts`, and the deal after them; personal values are kept."""
        vault = Vault(deal.id)
        swapped = tuple(ImportedFact(f.what, _hidden(program, f.data, vault), f.at) for f in facts)
        events = self.decided(program, deal, Import(id=deal.id, facts=swapped, origin=origin), context)
        after = deal
        for event in events:
            after = evolve(after, event)
        vault.keep(self.store)
        return events, after


class _Batch:
    """New deals of an import, written many at a time. Use it inside the transaction, and `flush` at the end."""

    def __init__(self, imports: Imports, program: Program, origin: str, external_ids: list[str]) -> None:
        self._imports = imports
        self._program = program
        self._origin = origin
        self._context = imports.context(program)
        self._waiting: list[tuple[dict[str, Any], tuple[Event, ...]]] = []
        names = imports.store.deal_names()
        process = program.layout.process
        self.known = {external: deal for deal, of, external in names if of == process and external}
        wanted = sum(1 for external in external_ids if external not in self.known)
        self._ids = self._new_ids(process, {deal for deal, _, _ in names}, wanted)

    def create(self, facts: tuple[PlannedFact, ...]) -> None:
        """Open a deal by these facts."""
        draft = blank(self._program.layout, next(self._ids))
        events, after = self._imports.taken(self._program, draft, facts, self._origin, self._context)
        self._waiting.append((document_of(self._program, after, self._context.now), events))
        if len(self._waiting) >= _AT_ONCE:
            self.flush()

    def flush(self) -> None:
        """Write what waits."""
        if self._waiting:
            imports = self._imports
            imports.store.append_new(self._waiting, recorded_at=datetime.now(UTC), recorded_by=imports.os_user)
            self._waiting = []

    def _new_ids(self, process: str, taken: set[str], wanted: int) -> Iterator[str]:
        """`PROCESS-N`, but for those that somebody has given by hand."""
        count = wanted
        while True:
            first = self._imports.store.next_number(process, count)
            for number in range(first, first + count):
                if f"{process}-{number}" not in taken:
                    yield f"{process}-{number}"
            count = 1


def _zone(name: str) -> tzinfo:
    from zoneinfo import ZoneInfo  # every command loads this module

    return ZoneInfo(name)


def _hidden(program: Program, data: Mapping[str, Any], vault: Vault) -> dict[str, Any]:
    """A payload whose personal values are swapped for references."""
    fields = data.get("fields")
    private = {f.id for f in program.layout.fields if f.personal} if fields else None
    if not fields or not private:
        return dict(data)
    swapped = {
        name: msgspec.to_builtins(vault.swap(value)) if name in private and value is not None else value
        for name, value in fields.items()
    }
    return {**data, "fields": swapped}


def _plain(path: Path, lang: str) -> Any:
    from dealwright.definition import read_plain

    reading = read_plain(_bytes(path), str(path))
    if any(finding.severity == "error" for finding in reading.findings):
        raise invalid(reading.findings, str(path), lang)
    return reading.data


def _bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)  # some files have no end
    except OSError as error:
        raise NotFoundError(f"cannot read {path}: {error.strerror}", f"无法读取 {path}：{error.strerror}") from error
    if len(data) > MOST_BYTES:
        raise UsageError(f"{path} is larger than 512 MiB", f"{path} 超过 512 MiB", file=str(path))
    return data


def _lookups(import_map: ImportMap, path: Path, map_path: Path) -> dict[str, Table]:
    """The look-up tables, beside the imported file or else beside the map."""
    from dealwright.interchange.table import read_table

    found = {}
    for name, lookup in import_map.lookups.items():
        beside = path.parent / lookup.file
        source = beside if beside.is_file() else map_path.parent / lookup.file
        found[name] = read_table(_bytes(source), lookup.encoding)
    return found


def _report(
    plan: Plan, counts: Counter[str], issues: list[Issue], lang: str, *, dry_run: bool, written: bool
) -> dict[str, Any]:
    from dealwright.interchange.issue import lines_of, tally

    doubtful = lines_of(issues, "doubt") - lines_of(issues, "error")
    return {
        "v": 1, "dry_run": dry_run, "written": written, "rows": plan.rows,
        "created": counts["created"], "updated": counts["updated"], "unchanged": counts["unchanged"],
        "rejected": counts["rejected"], "doubtful": len(doubtful),
        "by_code": tally(issues),
        "issues": [
            {"line": i.line, "column": i.column, "code": i.code, "severity": i.severity, "value": i.value,
             "message": i.message.say(lang), "suggestion": i.suggestion}
            for i in issues[:MOST_ISSUES]
        ],
    }  # fmt: skip
