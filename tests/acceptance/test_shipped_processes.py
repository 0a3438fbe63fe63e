"""The shipped files read without a finding, speak both languages, and their document keeps up."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from shipped_walk import PLACE, RECORDS, ROOT, SHIPPED, TEMPLATES, Walk, neighbours, shipped

from dealwright.definition import read_process
from dealwright.model.process import PHASES, Automation, Criterion, Field, Process, Stage
from dealwright.model.text import Text
from dealwright.workspace.neighbours import Records

CHINESE = re.compile("[一-鿿]")
LETTERS = ("A", "B", "C")  # grades are the same in both languages


@pytest.mark.parametrize("name", [*SHIPPED, *RECORDS])
def test_a_shipped_file_reads_without_any_finding(name: str) -> None:
    path = next(PLACE.glob(f"{name}.*.yaml"))
    beside = neighbours()
    reading = read_process(
        path.read_bytes(), path.name, practice=True, records=Records(beside), processes=beside, overlays={}
    )
    assert reading.findings == []


@pytest.mark.parametrize("name", [*SHIPPED, *RECORDS])
def test_everything_people_read_is_said_in_both_languages(name: str) -> None:
    missing = [t.en for t in texts_of(shipped(name)) if not CHINESE.search(t.zh) or CHINESE.search(t.en)]
    assert [text for text in missing if text not in LETTERS and not text.startswith("{{")] == []


def texts_of(process: Process) -> Iterator[Text]:
    """Every text of a file."""
    yield from (process.title, process.noun, *(role.title for role in process.roles.values()))
    for field in every_field(process):
        yield from (field.title, *field.values.values())
    for stage in process.stages if not process.record else ():
        yield from texts_of_stage(stage)
    for outcome in process.outcomes.values() if not process.record else ():
        yield from (outcome.title, *outcome.reasons.values())
    yield from process.personas.values()
    for bank in process.question_banks.values():
        yield from bank
    for template in process.templates:
        yield from (template.title, template.body, *((template.subject,) if template.subject else ()))
    yield from (one.title for one in (*process.tasks, *process.related, *process.unique))
    for automation in process.automations:
        yield from texts_of_automation(automation)


def texts_of_stage(stage: Stage) -> Iterator[Text]:
    assert stage.prompts, stage.id
    yield from (stage.title, *stage.prompts)
    yield from (text for text in (stage.goal, stage.guidance) if text)
    yield from stage.buyer.expects.values() if stage.buyer else ()
    for criterion in (*stage.entry_criteria, *stage.exit_criteria):
        yield from texts_of_criterion(criterion)
    for variant in stage.variants:
        yield from (variant.title, *variant.prompts)
    for automation in stage.automations:
        yield from texts_of_automation(automation)
    if stage.decision:
        yield from (stage.decision.ask, *(branch.title for branch in stage.decision.branches))


def texts_of_criterion(criterion: Criterion) -> Iterator[Text]:
    yield from (criterion.title, criterion.unmet)
    for part in criterion.of:
        yield from texts_of_criterion(part)


def texts_of_automation(automation: Automation) -> Iterator[Text]:
    assert automation.title, automation.id
    yield automation.title
    if automation.then.notify:
        yield automation.then.notify.text


@pytest.mark.parametrize("name", SHIPPED)
def test_the_document_names_every_stage_criterion_artifact_role_and_automation(name: str) -> None:
    process = shipped(name)
    text = section((ROOT / "docs" / "processes.md").read_text(encoding="utf-8"), name)
    rows = {row.split("`")[1]: row for row in text.split("\n") if row.startswith("| `")}
    assert list(rows) == [stage.id for stage in process.stages]
    for stage in process.stages:
        row = rows[stage.id]
        criteria = (*stage.entry_criteria, *stage.exit_criteria)
        names = [f"`{one.id}`" for one in (*criteria, *(part for criterion in criteria for part in criterion.of))]
        names += [f"`{required.artifact}`" for required in stage.requires]
        names += [stage.title.zh, stage.phase, *stage.responsible]
        assert [n for n in names if n not in row] == [], stage.id
    automations = (*process.automations, *(one for stage in process.stages for one in stage.automations))
    named = (*process.roles, *process.outcomes, *(one.id for one in automations))
    assert [one for one in named if f"`{one}`" not in text] == []


@pytest.mark.parametrize("name", RECORDS)
def test_the_document_names_every_field_of_a_record(name: str) -> None:
    text = (ROOT / "docs" / "processes.md").read_text(encoding="utf-8").partition("\n## Records\n")[2]
    assert [field.id for field in shipped(name).fields if f"`{field.id}`" not in text] == []


def section(text: str, name: str) -> str:
    """What docs/processes.md says about one process, up to what is left to people."""
    return text.split(f"\n## {name}: ")[1].split("\n## ", maxsplit=1)[0].split("\n### ", maxsplit=1)[0]


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
        ("channel", [20, 25, 35, 50, 65, 90, 100, 100]),
        ("key_account", [None, 15, 25, 35, 50, 65, 85, 100, 100]),
        ("digital", [2, 5, 15, 30, 15, 55, 90, 100, 100]),
        ("flywheel", [10, 30, 60, 90, 100, 100, 100]),
    ],
)
def test_chances_of_winning_follow_the_stages(name: str, expected: list[float | None]) -> None:
    assert [stage.probability for stage in shipped(name).stages] == expected


@pytest.mark.parametrize("name", [name for name in SHIPPED if any(stage.wins for stage in shipped(name).stages)])
def test_the_chance_never_falls_on_the_way_to_the_win(name: str) -> None:
    chances = [stage.probability or 0 for stage in shipped(name).stages if not stage.detour]
    assert chances == sorted(chances)


def test_the_b2b_process_has_every_phase_in_order() -> None:
    phases = list(dict.fromkeys(stage.phase for stage in shipped("b2b").stages))
    assert tuple(phases) == PHASES


# R1 to R7: the phase of each step of the seven models.
MODELS = {
    "six_stage": "prospect discover propose propose close retain",
    "funnel": "prospect discover propose propose close retain",
    "seven_steps": "prospect prospect qualify propose negotiate close retain",
    "seven_detailed": "prospect qualify discover propose negotiate close retain",
    "five_links": "prospect discover propose close deliver",
    "sales_path": "prospect prospect discover propose close deliver retain",
    "buyer_funnel": "prospect qualify discover propose close retain",
}


@pytest.mark.parametrize("name", TEMPLATES)
def test_each_step_of_the_seven_models_has_its_phase(name: str) -> None:
    assert [stage.phase for stage in shipped(name).stages] == MODELS[name].split()


@pytest.mark.parametrize("name", SHIPPED)
def test_every_unmet_criterion_says_who_can_do_what(name: str) -> None:
    forward = Walk(name).ways()[0]
    unmet = [criterion for criterion in forward.criteria if criterion.blocks]
    assert unmet
    assert [criterion.id for criterion in unmet if not criterion.fix.people or not criterion.fix.remedies] == []


@pytest.mark.parametrize("name", SHIPPED)
def test_every_stage_has_a_goal_and_the_buyer_s_place(name: str) -> None:
    for stage in shipped(name).stages:
        assert stage.goal, stage.id
        assert stage.buyer, stage.id
