"""`import deals`: a table of another system becomes deals, all or nothing."""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import msgspec

from dealwright.engine import Program, blank, evolve, to_document
from dealwright.engine.commands import Import, ImportedFact
from dealwright.errors import NotFoundError
from dealwright.model.deal import Deal
from dealwright.workspace.folder import invalid
from dealwright.workspace.personal import Vault, references
from dealwright.workspace.writing import Writing

if TYPE_CHECKING:
    from dealwright.interchange.import_map import ImportMap
    from dealwright.interchange.issue import Issue
    from dealwright.interchange.plan import Plan, PlannedFact
    from dealwright.interchange.table import Table

MOST_ISSUES = 10_000


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
        zone = ZoneInfo(import_map.timezone) if import_map.timezone else program.zone
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

        _, documents = self.store.deals(process=program.layout.process)
        known = {d["external_id"]: d["id"] for d in documents if d["external_id"]}
        rejected: list[Issue] = []
        for number, planned in enumerate(plan.deals, 1):
            if progress and (number % 100 == 0 or number == len(plan.deals)):
                progress(number, len(plan.deals))
            deal_id = known.get(planned.external_id)
            if deal_id is None:
                new_id = self.next_id(program.layout.process)
                self._append_facts(program, blank(program.layout, new_id), planned.facts, origin)
                counts["created"] += 1
                continue
            own, deal = self.load(deal_id)
            records = list(self.store.events(deal_id))
            personal = self.store.personal([ref for r in records for ref in references(r.data)])
            news = compare(records, planned, own.layout, personal)
            if isinstance(news, Issue):
                rejected.append(news)
            elif news:
                self._append_facts(own, deal, news, origin)
                counts["updated"] += 1
            else:
                counts["unchanged"] += 1
        return rejected

    def _append_facts(self, program: Program, deal: Deal, facts: tuple[PlannedFact, ...], origin: str) -> None:
        """Through the decider, as every write."""
        vault = Vault(deal.id)
        taken = tuple(ImportedFact(f.what, _hidden(program, f.data, vault), f.at) for f in facts)
        command = Import(id=deal.id, facts=taken, origin=origin)
        events = self.decided(program, deal, command, self.context(program))
        after = deal
        for event in events:
            after = evolve(after, event)
        vault.keep(self.store)
        self.store.append(
            to_document(after), deal.version, events, recorded_at=datetime.now(UTC), recorded_by=self.os_user
        )


def _hidden(program: Program, data: Mapping[str, Any], vault: Vault) -> dict[str, Any]:
    """A payload whose personal values are swapped for references."""
    fields = data.get("fields")
    if not fields:
        return dict(data)
    private = {f.id for f in program.layout.fields if f.personal}
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
        return path.read_bytes()
    except OSError as error:
        raise NotFoundError(f"cannot read {path}: {error.strerror}", f"无法读取 {path}：{error.strerror}") from error


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
    doubtful = {i.line for i in issues if i.severity == "doubt"} - {i.line for i in issues if i.severity == "error"}
    return {
        "v": 1, "dry_run": dry_run, "written": written, "rows": plan.rows,
        "created": counts["created"], "updated": counts["updated"], "unchanged": counts["unchanged"],
        "rejected": counts["rejected"], "doubtful": len(doubtful),
        "by_code": dict(Counter(i.code for i in issues).most_common()),
        "issues": [
            {"line": i.line, "column": i.column, "code": i.code, "severity": i.severity, "value": i.value,
             "message": i.message.say(lang), "suggestion": i.suggestion}
            for i in issues[:MOST_ISSUES]
        ],
    }  # fmt: skip
