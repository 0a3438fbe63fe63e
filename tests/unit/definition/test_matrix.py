"""Methodologies side by side: which may not meet, which one leads, and what the other keeps."""

from __future__ import annotations

from pathlib import Path

from dealwright.definition import overlay_findings, read_overlay, read_process, resolve
from dealwright.model.process import Overlay, Process

EXAMPLES = Path(__file__).parents[2] / "examples"
PROCESS = (EXAMPLES / "invalid" / "methodology-tension.yaml").read_text(encoding="utf-8")


def overlays() -> dict[str, Overlay]:
    found = {}
    for path in (EXAMPLES / "valid").glob("*.overlay.yaml"):
        overlay = read_overlay(path.read_bytes(), str(path), {}).overlay
        assert overlay is not None
        found[overlay.id] = overlay
    return found


def process(methodologies: str) -> Process:
    text = PROCESS.replace("methodologies: [challenger, consultative]", f"methodologies: {methodologies}")
    read = read_process(text.encode(), "demo", overlays=overlays())
    assert read.process is not None, [f.as_json("en") for f in read.findings]
    return read.process


def laid(methodologies: str) -> tuple[dict[str, Overlay], list[str]]:
    """The overlays as resolved, and the codes that speak of how they go together."""
    authored = process(methodologies)
    named = [overlays()[name] for name in authored.methodologies]
    codes = [f.code for f in overlay_findings(authored, named, "demo") if f.code != "missing-phase"]
    return {overlay.id: overlay for overlay in resolve(authored, named).overlays}, codes


def test_a_tension_is_told_once_for_each_phase_where_both_attach() -> None:
    found, codes = laid("[challenger, consultative]")
    assert codes == ["methodology-tension", "methodology-tension"]  # discover, propose
    assert found["consultative"].phases["discover"].exit_criteria


def test_the_one_that_leads_silences_the_other_but_for_its_questions() -> None:
    found, codes = laid("{challenger: {primary: [discover, propose]}, consultative: {}}")
    assert codes == []
    kept = found["consultative"].phases["discover"]
    assert (kept.exit_criteria, len(kept.prompts)) == ((), 1)
    assert found["challenger"].phases["discover"].exit_criteria
    assert [flag.id for flag in found["consultative"].flags] == ["no_diagnosis"]


def test_two_that_both_lead_are_told() -> None:
    _, codes = laid("{challenger: {primary: [discover, propose]}, consultative: {primary: [discover]}}")
    assert codes == ["methodology-tension"]


def test_phases_keep_two_apart() -> None:
    found, codes = laid("{challenger: {phases: [prospect, negotiate]}, consultative: {phases: [discover]}}")
    assert codes == []
    assert set(found["challenger"].phases) == {"prospect", "negotiate"}
    assert set(found["consultative"].phases) == {"discover"}
    assert found["consultative"].flags == ()  # its flag is of the phase propose


def test_a_published_hash_tells_where_a_methodology_attaches() -> None:
    bare = process("[consultative]")
    narrowed = process("{consultative: {phases: [discover]}}")
    assert process("{consultative: {}}").source_hash == bare.source_hash
    assert narrowed.source_hash != bare.source_hash
