"""The shipped processes read without a finding, speak both languages, and their document keeps up."""

from __future__ import annotations

import re
from datetime import UTC

import pytest
from shipped_walk import ROOT, SHIPPED, Walk, shipped

from dealwright.definition import read_process
from dealwright.engine import Context, options
from dealwright.engine import commands as c
from dealwright.guards import Moment
from dealwright.model.process import PHASES, Field, Process


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_process_reads_without_any_finding(name: str) -> None:
    path = ROOT / "processes" / f"{name}.process.yaml"
    assert read_process(path.read_bytes(), path.name).findings == []


@pytest.mark.parametrize("name", SHIPPED)
def test_everything_people_read_is_said_in_both_languages(name: str) -> None:
    process = shipped(name)
    texts = [process.title, process.noun, *(role.title for role in process.roles.values())]
    for field in every_field(process):
        texts += [field.title, *field.values.values()]
    for stage in process.stages:
        assert stage.prompts, stage.id
        texts += [stage.title, *stage.prompts]
        texts += [text for one in (*stage.entry_criteria, *stage.exit_criteria) for text in (one.title, one.unmet)]
        if stage.decision:
            texts += [stage.decision.ask, *(branch.title for branch in stage.decision.branches)]
    for outcome in process.outcomes.values():
        texts += [outcome.title, *outcome.reasons.values()]
    untranslated = [t.en for t in texts if not re.search("[\u4e00-\u9fff]", t.zh) or re.search("[\u4e00-\u9fff]", t.en)]
    assert [t for t in untranslated if t not in ("A", "B", "C")] == []


@pytest.mark.parametrize("name", SHIPPED)
def test_the_document_names_every_stage_criterion_artifact_and_role(name: str) -> None:
    process = shipped(name)
    text = (ROOT / "docs" / "processes.md").read_text(encoding="utf-8")
    rows = {row.split("`")[1]: row for row in section(text, name) if row.startswith("| `")}
    assert list(rows) == [stage.id for stage in process.stages]
    for stage in process.stages:
        row = rows[stage.id]
        names = [f"`{one.id}`" for one in (*stage.entry_criteria, *stage.exit_criteria)]
        names += [f"`{required.artifact}`" for required in stage.requires]
        names += [stage.title.zh, stage.phase, *stage.responsible]
        assert [n for n in names if n not in row] == [], stage.id
    assert [role for role in process.roles if f"`{role}`" not in "".join(section(text, name))] == []


def section(text: str, name: str) -> list[str]:
    """The lines of docs/processes.md about one process, up to what is left to people."""
    return text.split(f"\n## {name}: ")[1].split("\n### ", maxsplit=1)[0].split("\n")


def every_field(process: Process) -> list[Field]:
    """Every declared field, of lists, artifacts and events too."""
    found = [*process.fields]
    for holder in (*process.artifacts, *process.events):
        found += holder.fields
    return found + [inner for field in found for inner in field.of]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("b2b", [5, 10, 20, 35, 45, 50, 60, 70, 70, 80, 90, 100, 100, 100, 100, 100]),
        ("b2c", [5, 15, 40, 100, 100, 100]),
        ("channel", [None, None, 20, 25, 35, 50, 65, 90, 100, 100]),
    ],
)
def test_chances_of_winning_follow_the_stages(name: str, expected: list[float | None]) -> None:
    assert [stage.probability for stage in shipped(name).stages] == expected


def test_the_b2b_process_has_every_phase_in_order() -> None:
    phases = list(dict.fromkeys(stage.phase for stage in shipped("b2b").stages))
    assert tuple(phases) == PHASES


@pytest.mark.parametrize("name", SHIPPED)
def test_every_reason_of_every_outcome_ends_a_deal_where_the_outcome_allows_it(name: str) -> None:
    process = shipped(name)
    first = process.start[0].to if process.start else process.stages[0].id
    for outcome in process.outcomes.values():
        if outcome.status == "completed":
            continue
        for reason in outcome.reasons:
            walk = Walk(name, *(("partner",) if name == "channel" else (process.stages[0].responsible[0],)),
                        **({"partner_id": "P-7"} if name == "channel" else {}))  # fmt: skip
            assert walk.deal.stage == first
            walk.must(outcome.by[0], c.End(status=outcome.status, reason=reason))
            assert (walk.deal.status, walk.deal.reason) == (outcome.status, reason)


@pytest.mark.parametrize("name", SHIPPED)
def test_every_unmet_criterion_says_who_can_do_what(name: str) -> None:
    process = shipped(name)
    fields = {"partner_id": "P-7"} if name == "channel" else {}
    walk = Walk(name, "partner" if name == "channel" else process.stages[0].responsible[0], **fields)
    context = Context("somebody", (), Moment(walk.now, UTC), walk.team)
    forward = options(walk.program, walk.deal, context)[0]
    unmet = [criterion for criterion in forward.criteria if criterion.blocks]
    assert unmet
    assert [criterion.id for criterion in unmet if not criterion.fix.people or not criterion.fix.remedies] == []
