"""Everything that a schema cannot say, in the order in which one check builds on another."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from dealwright.definition.constructs import check_constructs
from dealwright.definition.declarations import check_declarations
from dealwright.definition.draft import Draft
from dealwright.definition.expressions import check_expressions
from dealwright.definition.fit import misfits
from dealwright.definition.gates import check_buyer_evidence, check_producers
from dealwright.definition.graph import check_graph
from dealwright.definition.neighbours import embed
from dealwright.definition.nodes import Map
from dealwright.definition.references import check_references
from dealwright.definition.resolve import merge
from dealwright.definition.shapes import Walk
from dealwright.definition.soundness.checks import check_soundness
from dealwright.definition.soundness.practice import check_practice
from dealwright.definition.values import scalars
from dealwright.hookspecs import Function
from dealwright.model.people import Team
from dealwright.model.process import Overlay, Process, RecordType
from dealwright.model.text import Text


class Known(Struct, frozen=True):
    """What there is besides the file: None where nobody said. With `practice` the rules of the trade count too."""

    overlays: Mapping[str, Overlay] | None
    functions: Mapping[str, Function]
    team: Team | None = None
    records: Mapping[str, RecordType] | None = None
    processes: Mapping[str, Process] | None = None
    practice: bool = False


def check_process(
    root: Map,
    walk: Walk,
    process: Process,
    known: Known,
) -> None:
    """All findings of meaning of a process file or a type of record."""
    overlays, functions = known.overlays, known.functions
    named = [overlays[name] for name in process.methodologies if overlays and name in overlays]
    whole = embed(merge(process, named), known.records, known.processes)
    draft = Draft(root, walk, whole, functions, overlays, known.team, records=known.records, processes=known.processes)
    check_declarations(draft)
    check_references(draft)
    check_constructs(draft)
    trees = check_expressions(draft)
    check_graph(draft)
    check_producers(draft, trees)
    check_buyer_evidence(draft, trees)
    places = {node.text: node for node in scalars(root.get("methodologies"))}
    for overlay, (code, text) in misfits(process, named, functions):
        walk.wrong(code, places[overlay.id], text.en, text.zh)
    check_soundness(draft, trees)
    if known.practice:
        check_practice(draft, trees)


def check_overlay(root: Map, walk: Walk, overlay: Overlay, functions: Mapping[str, Function]) -> None:
    """All findings of meaning of an overlay file. Expressions may use its own declarations and the deal's own."""
    text = Text("", "")
    bare = Process(id=overlay.id, version="", title=text, type="", currency="CNY", roles={}, stages=(), outcomes={})
    draft = Draft(root, walk, merge(bare, [overlay]), functions, is_overlay=True)
    check_declarations(draft)
    check_references(draft)
    check_constructs(draft)
    trees = check_expressions(draft)
    check_graph(draft)
    check_producers(draft, trees)
