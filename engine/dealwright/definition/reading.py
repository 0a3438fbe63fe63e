"""Files to models: text, nodes, schema, meaning. All findings of a file in one run."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from dealwright.definition import build
from dealwright.definition.compose import compose
from dealwright.definition.decode import decode
from dealwright.definition.expressions import check_zones
from dealwright.definition.finding import Finding, Findings
from dealwright.definition.ignores import apply_ignores
from dealwright.definition.kinds import check_kinds
from dealwright.definition.layers import Bare, Shelf, assemble, is_composed
from dealwright.definition.lints import Lints, check_lints
from dealwright.definition.meaning import Known, check_overlay, check_process
from dealwright.definition.nodes import Map, Node
from dealwright.definition.resolve import with_source_hash
from dealwright.definition.rules import check_rules
from dealwright.definition.schema import shape
from dealwright.definition.shapes import Walk
from dealwright.definition.unreadable import UnreadableError
from dealwright.definition.values import word
from dealwright.hookspecs import CriterionKind, Function
from dealwright.model.people import Team
from dealwright.model.process import Overlay, Process, RecordType
from dealwright.model.settings import Lint, Settings


class Reading(Struct, frozen=True):
    """A process file: the authored process, None where a finding is an error."""

    process: Process | None
    findings: list[Finding]


class LibraryReading(Struct):
    """A library file: its checked root, None where a finding is an error, and its name. Only its shape is judged."""

    root: Map | None
    findings: list[Finding]
    id: str = ""
    version: str = ""


class OverlayReading(Struct, frozen=True):
    """An overlay file: the overlay, None where a finding is an error."""

    overlay: Overlay | None
    findings: list[Finding]


class SettingsReading(Struct, frozen=True):
    """A `dealwright.yaml`: the settings, None where a finding is an error."""

    settings: Settings | None
    findings: list[Finding]


class LintReading(Struct, frozen=True):
    """A profile of rules: what it says, None where a finding is an error."""

    lint: Lint | None
    findings: list[Finding]


class TeamReading(Struct, frozen=True):
    """A `team.yaml`: the team, None where a finding is an error."""

    team: Team | None
    findings: list[Finding]


class Source(Struct):
    """A file read and held against its schema: its root map, or None where there is nothing to go on with.

    `own` is how many lines the file itself has; those of what it is merged with come behind.
    `kind` is its schema: a file asked for as a process may turn out to be a type of record.
    """

    findings: Findings
    root: Map | None = None
    walk: Walk | None = None
    own: int = 0
    kind: str = "process"


def source(data: bytes, file: str, kind: str, shelf: Shelf | None = None) -> Source:
    """Read `data` and check its shape against the schema `kind`; a file with `record:` is a type of record.

    A process or record is merged first with its parents, libraries and defaults, which are found on `shelf`.
    """
    findings = Findings(file)
    read = Source(findings, kind=kind)
    try:
        text = decode(data)
        root: Node | None = compose(text, findings)
    except UnreadableError as error:
        findings.add(error.code, error.line, error.column, error.en, error.zh, error.hint)
        return read
    if root is None:
        findings.add("empty-file", 1, 1, "The file is empty", "文件为空")
        return read
    if kind == "process" and isinstance(root, Map) and "record" in root.values and "process" not in root.values:
        read.kind = kind = "record"
    lines = text.split("\n")
    read.own = len(lines)
    if kind in ("process", "record") and isinstance(root, Map) and is_composed(root, shelf or Bare()):
        root, origins = assemble(root, lines, findings, kind, shelf or Bare())
        lines = origins.lines
        if root is None:
            return read
    walk = Walk(findings, lines)
    if shape(kind).check(root, walk) and isinstance(root, Map):
        read.root, read.walk = root, walk
    return read


def read_process(
    data: bytes,
    file: str,
    *,
    overlays: Mapping[str, Overlay] | None = None,
    functions: Mapping[str, Function] | None = None,
    kinds: Mapping[str, CriterionKind] | None = None,
    team: Team | None = None,
    practice: bool = False,
    shelf: Shelf | None = None,
    records: Mapping[str, RecordType] | None = None,
    processes: Mapping[str, Process] | None = None,
    lints: Lints | None = None,
) -> Reading:
    """Read and check a process file, or a type of record; `file` is how findings call it.

    The process is as authored: overlays named under `methodologies` are not merged yet
    (see `resolve`), but expressions may use what they declare. `overlays` are those
    known by name (None: nobody knows, and a name missing there is no finding),
    `functions` what plugins add to expressions, `kinds` their kinds of criterion; with a `team`, roles that nobody
    holds are found too, with `practice` what the rules of the trade object to,
    with `lints` what plugins do. Parents and libraries are
    looked up on `shelf`; without one there are none. `records` are the types of record by id, `processes`
    those that deals may be related to or open (None as with overlays). Never raises for what is in the file.
    """
    read = source(data, file, "process", shelf)
    if read.root is None or read.walk is None:
        return Reading(None, read.findings.in_order())
    built = build.record(read.root) if read.kind == "record" else build.process(read.root)
    known = Known(overlays, functions or {}, team, records, processes, practice)
    check_process(read.root, read.walk, built, known)
    check_kinds(read.root, read.walk, kinds or {})
    if lints is not None and not read.findings.has_errors:
        check_lints(read.root, read.findings, built, lints)
    apply_ignores(
        read.findings, read.walk.lines, practice, read.own, lints.plugins if lints is not None else frozenset()
    )
    whole = None if read.findings.has_errors else with_source_hash(built)
    return Reading(whole, read.findings.in_order())


def read_sketch(data: bytes, file: str, shelf: Shelf | None = None) -> Process | None:
    """What a process or record file declares, without any check of its meaning; None where its shape is wrong.

    Enough to know what others may read of it, and cheap; never to be run.
    """
    read = source(data, file, "process", shelf)
    if read.root is None or read.findings.has_errors:
        return None
    return build.record(read.root) if read.kind == "record" else build.process(read.root)


def read_library(data: bytes, file: str) -> LibraryReading:
    """Read a library file and check its shape; what it means shows in the processes that it is laid under."""
    read = source(data, file, "library")
    if read.root is None or read.findings.has_errors:
        return LibraryReading(None, read.findings.in_order())
    name, version = read.root.get("library"), read.root.get("version")
    return LibraryReading(read.root, read.findings.in_order(), word(name), word(version))


def read_overlay(
    data: bytes, file: str, functions: Mapping[str, Function] | None = None,
    kinds: Mapping[str, CriterionKind] | None = None,
) -> OverlayReading:  # fmt: skip
    """Read and check an overlay file. Never raises for what is in the file."""
    read = source(data, file, "overlay")
    built = None
    if read.root is not None and read.walk is not None:
        built = build.overlay(read.root)
        check_overlay(read.root, read.walk, built, functions or {})
        check_kinds(read.root, read.walk, kinds or {})
        apply_ignores(read.findings, read.walk.lines)
    return OverlayReading(None if read.findings.has_errors else built, read.findings.in_order())


def read_settings(data: bytes, file: str) -> SettingsReading:
    """Read and check a `dealwright.yaml`; an empty one gives the defaults. Never raises for what is in the file."""
    read = source(data, file, "workspace")
    if [finding.code for finding in read.findings.found] == ["empty-file"]:
        return SettingsReading(Settings(), [])
    built = None
    if read.root is not None and read.walk is not None:
        built = build.settings(read.root)
        check_zones(read.walk)
        check_rules(read.walk)
    return SettingsReading(None if read.findings.has_errors else built, read.findings.in_order())


def read_lint(data: bytes, file: str) -> LintReading:
    """Read and check a profile of rules, `NAME.lint.yaml`. Never raises for what is in the file."""
    read = source(data, file, "lint")
    built = None
    if read.root is not None and read.walk is not None:
        built = build.lint(read.root)
        check_rules(read.walk)
    return LintReading(None if read.findings.has_errors else built, read.findings.in_order())


def read_team(data: bytes, file: str) -> TeamReading:
    """Read and check a `team.yaml`. Never raises for what is in the file."""
    read = source(data, file, "team")
    built = build.team(read.root) if read.root is not None else None
    return TeamReading(None if read.findings.has_errors else built, read.findings.in_order())
