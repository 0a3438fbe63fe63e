"""Overlays merged; one content, one hash."""

from __future__ import annotations

import pytest

from dealwright.definition import overlay_findings, read_overlay, read_process, resolve
from dealwright.model.process import Overlay, Process
from examples import EXAMPLES, overlays

DATA = (EXAMPLES / "valid" / "handbook.process.yaml").read_bytes()


def authored(data: bytes = DATA) -> Process:
    process = read_process(data, "f").process
    assert process is not None
    return process


def test_source_hash_is_of_the_content_not_of_its_spelling() -> None:
    spelled = DATA.replace(b"currency: CNY", b"# a comment\ncurrency:   'CNY'").replace(b"sla: 10d", b"sla: P10D")
    assert authored(spelled).source_hash == authored().source_hash
    assert authored(DATA.replace(b"sla: 10d", b"sla: 11d")).source_hash != authored().source_hash


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"meeting:\n", b"meeting:\n        severity: block\n"),
        (b"contract: {by: [sales_rep],", b"contract: {kind: record, by: [sales_rep],"),
        (b"approvals: [{by: legal}]", b"approvals: [{by: [legal], id: legal, count: 1}]"),
        (b"    decision:\n", b"    decision:\n      hit: unique\n"),
        (b"noun: {en: deal, zh: \xe9\xa1\xb9\xe7\x9b\xae}", b""),
        (b"wins: true}", b"wins: true, stall: 1d, sla: 0d}"),
    ],
)
def test_writing_a_default_out_changes_no_hash(before: bytes, after: bytes) -> None:
    assert before in DATA
    same = b"stall" not in after
    assert (authored(DATA.replace(before, after)).source_hash == authored().source_hash) == same


def test_source_hash_changes_with_the_content() -> None:
    assert authored(DATA.replace(b"sla: 10d", b"sla: 11d")).source_hash != authored().source_hash


def test_order_of_stages_counts_and_hashes_are_lower_case_sha256() -> None:
    other = DATA.replace(b"follow_up: [2d, 5d, 9d]", b"follow_up: [5d, 2d, 9d]")
    assert authored(other).source_hash != authored().source_hash
    whole = resolve(authored(), [])
    for value in (whole.source_hash, whole.definition_hash):
        assert len(value) == 64
        assert set(value) <= set("0123456789abcdef")
    assert whole.definition_hash != whole.source_hash


def test_overlays_bring_their_declarations_and_stay_known() -> None:
    known = overlays()
    merged = resolve(authored(), [known["challenger"], known["phase_late"]], ["challenger==1.0"], ["lucky"])
    assert merged.methodologies == ("challenger", "phase_late")
    assert [o.id for o in merged.overlays] == ["challenger", "phase_late"]
    assert [f.id for f in merged.fields][:4] == ["source", "fit", "pains", "insight"]
    assert {f.source for f in merged.fields} == {"process", "overlay:challenger"}
    assert merged.artifacts[-1].id == "cost_of_inaction"
    assert merged.plugins == ("challenger==1.0",)
    assert merged.functions == ("lucky",)
    assert merged.source_hash == authored().source_hash


def test_definition_hash_covers_overlays_plugins_and_their_order() -> None:
    known = overlays()
    one, two = known["challenger"], known["phase_late"]
    hashes = {
        resolve(authored(), chosen, plugins).definition_hash
        for chosen in ([], [one], [two], [one, two], [two, one])
        for plugins in ([], ["a==1"], ["a==2"])
    }
    assert len(hashes) == 15
    again = resolve(resolve(authored(), [one]), [one])
    assert again.definition_hash == resolve(authored(), [one]).definition_hash


def test_what_both_declare_stays_the_process_s_own() -> None:
    own = DATA.replace(b"fields:\n  source:", b"fields:\n  insight: {type: text, title: Ours}\n  source:")
    merged = resolve(authored(own), [overlays()["challenger"]])
    (insight,) = [f for f in merged.fields if f.id == "insight"]
    assert (insight.title.en, insight.source) == ("Ours", "process")


def test_overlays_that_do_not_fit_are_told() -> None:
    known = overlays()
    found = overlay_findings(authored(), [known["challenger"], known["sandler"]], "dealwright.yaml")
    assert [(f.code, f.file) for f in found if f.severity == "error"] == [
        ("conflicting-methodologies", "dealwright.yaml")
    ]
    lacking = {f.message.en.split("phase ")[1].split(",")[0] for f in found if f.code == "missing-phase"}
    assert lacking == {"prospect", "propose", "negotiate"}


def overlay(text: str) -> Overlay:
    read = read_overlay(f"overlay: extra\nversion: 1.0.0\n{text}".encode(), "f")
    assert read.overlay is not None, [f.as_json("en") for f in read.findings]
    return read.overlay


def test_a_list_that_both_declare_has_the_entry_fields_of_both() -> None:
    depth = overlay("fields: {pains: {type: list, of: {depth: {type: text}, text: {type: text}}}}")
    (pains,) = [f for f in resolve(authored(), [depth]).fields if f.id == "pains"]
    assert [(f.id, f.required) for f in pains.of] == [
        ("text", True), ("impact", False), ("confirmed", False), ("depth", False),
    ]  # fmt: skip
    assert overlay_findings(authored(), [depth], functions={}) == []


def test_a_choice_that_both_declare_has_the_values_of_both() -> None:
    more = overlay("fields: {fit: {type: choice, values: [unclear, no]}}")
    (fit,) = [f for f in resolve(authored(), [more]).fields if f.id == "fit"]
    assert list(fit.values) == ["yes", "no", "unclear"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("fields: {pains: {type: number}}", "has the type number, the process says list"),
        ("fields: {pains: {type: list, of: {impact: {type: text}}}}", "has the type text, the process says money"),
        ("artifacts: {quotation: {by: responsible, fields: {price: {type: text}}}}", "the process says money"),
        ("artifacts: {fit: {by: responsible}}", "a field to the one and an artifact to the other"),
        (
            "fields: {calls: {type: list, of: {fit: {type: boolean}}}}\n"
            "phases: {discover: {exit_criteria: {c: {condition: 'count(calls, fit) >= 1'}}}}",
            "does not hold together here",
        ),
    ],
)
def test_an_overlay_that_means_something_else_by_a_name_does_not_fit(text: str, told: str) -> None:
    found = overlay_findings(authored(), [overlay(text)], functions={})
    assert [f.code for f in found] == ["overlay-misfit"]
    assert told in found[0].message.en
