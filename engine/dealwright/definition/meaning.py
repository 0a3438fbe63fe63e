"""Everything that a schema cannot say, in the order in which one check builds on another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dealwright.definition.declarations import check_declarations
from dealwright.definition.draft import Draft
from dealwright.definition.expressions import check_expressions
from dealwright.definition.finding import Finding, Findings
from dealwright.definition.gates import check_buyer_evidence, check_producers
from dealwright.definition.graph import check_graph
from dealwright.definition.nodes import Map
from dealwright.definition.references import check_references
from dealwright.definition.resolve import merge
from dealwright.definition.shapes import Walk
from dealwright.definition.values import scalars
from dealwright.hookspecs import Function
from dealwright.model.people import Team
from dealwright.model.process import Overlay, Process
from dealwright.model.text import Text


def check_process(
    root: Map,
    walk: Walk,
    process: Process,
    overlays: Mapping[str, Overlay] | None,
    functions: Mapping[str, Function],
    team: Team | None,
) -> None:
    """All findings of meaning of a process file."""
    named = [overlays[name] for name in process.methodologies if overlays and name in overlays]
    draft = Draft(root, walk, merge(process, named), functions, overlays, team)
    check_declarations(draft)
    check_references(draft)
    trees = check_expressions(draft)
    check_graph(draft)
    check_producers(draft, trees)
    check_buyer_evidence(draft, trees)
    for node in scalars(root.get("methodologies")):
        overlay = overlays.get(node.text) if overlays else None
        for phase in _missing_phases(process, overlay) if overlay else ():
            en, zh = _missing(overlay.id if overlay else "", phase)
            walk.wrong("missing-phase", node, en, zh)


def check_overlay(root: Map, walk: Walk, overlay: Overlay, functions: Mapping[str, Function]) -> None:
    """All findings of meaning of an overlay file. Expressions may use its own declarations and the deal's own."""
    text = Text("", "")
    bare = Process(id=overlay.id, version="", title=text, type="", currency="CNY", roles={}, stages=(), outcomes={})
    draft = Draft(root, walk, merge(bare, [overlay]), functions, is_overlay=True)
    check_declarations(draft)
    check_references(draft)
    trees = check_expressions(draft)
    check_graph(draft)
    check_producers(draft, trees)


def _missing_phases(process: Process, overlay: Overlay) -> list[str]:
    there = {stage.phase for stage in process.stages}
    return [phase for phase in overlay.phases if phase not in there]


def _missing(overlay: str, phase: str) -> tuple[str, str]:
    return (
        f"`{overlay}` attaches to the phase {phase}, which no stage has",
        f"`{overlay}` 依附于阶段类别 {phase}，而没有阶段属于该类别",
    )


def overlay_findings(process: Process, overlays: Sequence[Overlay], file: str = "") -> list[Finding]:
    """What is doubtful in laying `overlays` over a process: phases that it lacks, overlays that conflict.

    For overlays that a workspace adds; those that the file itself names were judged as it was read.
    """
    findings = Findings(file)
    for at, overlay in enumerate(overlays):
        for phase in _missing_phases(process, overlay):
            findings.add("missing-phase", 1, 1, *_missing(overlay.id, phase))
        for other in overlays[:at]:
            if other.id in overlay.conflicts or overlay.id in other.conflicts:
                findings.add(
                    "conflicting-methodologies", 1, 1, f"`{overlay.id}` does not go with `{other.id}`",
                    f"`{overlay.id}` 与 `{other.id}` 不能同时使用",
                )  # fmt: skip
    return findings.in_order()
