"""Processes made of several files: what wins, what goes, where everything comes from, and what is wrong with it."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from dealwright.definition import Finding, Part, Reading, read_process
from dealwright.workspace.shelf import Shelf
from examples import EXAMPLES, MERGED, expected

BASE = """\
dealwright: "1"
process: base
version: 1.0.0
title: {en: Base, zh: 基础}
currency: EUR
roles:
  rep: {title: Rep}
  boss: {title: Boss}
fields:
  fit: {type: choice, title: {en: Fit, zh: 匹配}, values: [good, bad]}
  size: {type: number}
events:
  order_placed: {by: buyer}
artifacts:
  offer:
    by: rep
    fields: {price: {type: money, required: true}}
    approvals: [{by: boss}, {id: second, by: rep}]
stages:
  - id: talk
    title: Talk
    phase: discover
    responsible: rep
    probability: 20
    sla: 10d
    exit_criteria:
      wish: {condition: event(order_placed), unmet: {en: No wish, zh: 没有意向}}
      sized: {condition: has(size)}
    decision:
      branches:
        - {id: good, if: fit == "good", to: close}
        - {id: bad, if: fit == "bad", to: lost, reason: price}
  - id: close
    title: Close
    phase: close
    responsible: rep
    wins: true
    requires: [offer]
    exit_criteria:
      order: {condition: event(order_placed)}
outcomes:
  lost: {status: lost, reasons: [price]}
"""
CHILD = """\
dealwright: "1"
process: child
version: 2.0.0
title: Child
extends: base@1.0.0
"""


class Files:
    """A shelf of texts: processes and libraries by `NAME@VERSION`."""

    def __init__(self, defaults: str = "", locked: dict[str, str] | None = None, **texts: str) -> None:
        self.defaults = Part(defaults.encode(), "dealwright.yaml") if defaults else None
        self.texts = {name.replace("__", "@").replace("_", "."): text for name, text in texts.items()}
        self.hashes = locked or {}

    def find(self, kind: str, name: str, version: str) -> Part | None:
        text = self.texts.get(f"{name}@{version}")
        return Part(text.encode(), f"{name}-{version}.{kind}.yaml") if text is not None else None

    def versions(self, kind: str, name: str) -> list[str]:
        return [label.partition("@")[2] for label in self.texts if label.partition("@")[0] == name]

    def names(self, kind: str) -> list[str]:
        return [label.partition("@")[0] for label in self.texts]

    def locked(self, label: str) -> str | None:
        return self.hashes.get(label)


def merged_findings(path: Path) -> list[Finding]:
    """All findings of a process that is made of the other files of its folder."""
    found = read_process(path.read_bytes(), path.name, shelf=Shelf(path, path.parent)).findings
    return [replace(finding, file=Path(finding.file).name) for finding in found]


def read(child: str, base: str = BASE, **more: Any) -> Reading:
    return read_process(child.encode(), "child.yaml", shelf=Files(base__1_0_0=base, **more))


def merged(child: str, **more: Any) -> Any:
    reading = read(CHILD + child, **more)
    assert [f.as_json("en") for f in reading.findings if f.severity == "error"] == []
    return reading.process


@pytest.mark.parametrize("path", MERGED, ids=lambda path: path.parent.name)
def test_each_finding_is_in_the_file_and_on_the_line_where_its_author_can_mend_it(path: Path) -> None:
    wanted = [(file.name, *place) for file in path.parent.glob("*.yaml") for place in expected(file)]
    assert wanted
    assert sorted((f.file, f.line, f.column, f.code) for f in merged_findings(path)) == sorted(wanted)


@pytest.mark.parametrize("path", MERGED, ids=lambda path: path.parent.name)
def test_messages_about_merges_are_one_short_line_in_both_languages(path: Path) -> None:
    for finding in merged_findings(path):
        for text in (finding.message, finding.hint):
            for said in (text.en, text.zh) if text else ():
                assert said.strip() == said
                assert len(said) < 300
                assert "\n" not in said
        assert finding.message.zh != finding.message.en


def test_a_child_is_its_parent_with_what_it_says_itself() -> None:
    process = merged("")
    assert (process.id, process.version, process.title.en) == ("child", "2.0.0", "Child")
    assert process.extends == "base@1.0.0"
    assert process.currency == "EUR"
    assert [stage.id for stage in process.stages] == ["talk", "close"]


def test_maps_merge_by_key_and_lists_of_things_by_id() -> None:
    process = merged(
        "fields:\n  size: {min: 1}\nartifacts:\n  offer: {approvals: [{by: boss, if: offer.price > 5}]}\n"
        "stages:\n  - id: talk\n    sla: 5d\n    decision: {branches: [{id: bad, to: close}]}\n"
    )
    fields = {field.id: field for field in process.fields}
    assert (fields["size"].type, fields["size"].min) == ("number", 1)
    assert [(a.id, a.condition) for a in process.artifacts[0].approvals] == [
        ("boss", "offer.price > 5"),
        ("second", ""),
    ]
    talk = process.stages[0]
    assert str(talk.sla) == "5d"
    assert [(b.id, b.condition, b.to) for b in talk.decision.branches] == [
        ("good", 'fit == "good"', "close"), ("bad", 'fit == "bad"', "close"),
    ]  # fmt: skip


def test_texts_and_other_lists_are_replaced_whole() -> None:
    process = merged(
        "fields:\n  fit: {title: {en: Suits}, values: [yes, good, bad]}\n"
        "outcomes:\n  lost: {reasons: [timing, price]}\n"
    )
    fit = process.fields[0]
    assert (fit.title.en, fit.title.zh) == ("Suits", "Suits"), "no translation outlives what it translates"
    assert list(fit.values) == ["yes", "good", "bad"]
    assert list(process.outcomes["lost"].reasons) == ["timing", "price"]


def test_nothing_takes_an_entry_away_and_remove_an_entry_of_a_list() -> None:
    process = merged(
        "stages:\n  - {id: talk, probability: ~, decision: null, exit_criteria: {sized: ~}}\n"
        "artifacts:\n  offer: {approvals: [{id: second, remove: true}]}\n"
    )
    talk = process.stages[0]
    assert talk.probability is None
    assert talk.decision is None
    assert [criterion.id for criterion in talk.exit_criteria] == ["wish"]
    assert [approval.id for approval in process.artifacts[0].approvals] == ["boss"]


@pytest.mark.parametrize(
    ("place", "order"),
    [
        ("", ["talk", "close", "demo"]),
        (", after: talk", ["talk", "demo", "close"]),
        (", before: talk", ["demo", "talk", "close"]),
        (", after: close", ["talk", "close", "demo"]),
    ],
)
def test_a_new_stage_says_where_it_stands(place: str, order: list[str]) -> None:
    end = "" if order[-1] != "demo" else ", exit_criteria: {x: {condition: has(size)}}"
    stage = f"{{id: demo, title: Demo, phase: deliver, responsible: rep{place}{end}}}"
    start = "start: [{to: demo, if: has(size)}, talk]\n"
    process = merged(f"{start}stages:\n  - {stage}\n")
    assert [stage.id for stage in process.stages] == order


def test_a_stage_of_the_parent_can_be_moved() -> None:
    child = CHILD + "stages:\n  - {id: close, before: talk}\n"
    reading = read(child)
    assert "unreachable-stage" not in {f.code for f in reading.findings} - {"unreachable-stage"}
    moved = read_process(child.encode(), "child.yaml", shelf=Files(base__1_0_0=BASE))
    assert [f.code for f in moved.findings if f.severity == "error"] == [
        f.code for f in reading.findings if f.severity == "error"
    ]


def test_a_grandchild_is_made_of_all_three() -> None:
    middle = CHILD.replace("child", "middle") + "fields:\n  extra: {type: text}\n  size: ~\n"
    middle += "stages:\n  - {id: talk, exit_criteria: {sized: ~}}\n"
    process = (
        merged("", base=BASE)
        and read(
            CHILD.replace("base@1.0.0", "middle@2.0.0") + "fields:\n  extra: {personal: true}\n", middle__2_0_0=middle
        ).process
    )
    assert process is not None
    assert [(field.id, field.personal) for field in process.fields] == [("fit", False), ("extra", True)]


def test_the_hash_is_of_what_the_merge_gives_wherever_it_came_from() -> None:
    whole = read_process(BASE.replace("process: base", "process: child").encode(), "x.yaml").process
    by_parent = read(CHILD.replace("2.0.0", "1.0.0").replace("title: Child", "title: {en: Base, zh: 基础}")).process
    assert whole is not None
    assert by_parent is not None
    assert whole.source_hash == by_parent.source_hash
    changed = read(CHILD.replace("2.0.0", "1.0.0"), BASE.replace("sla: 10d", "sla: 11d")).process
    assert changed is not None
    assert changed.source_hash != by_parent.source_hash


LIBRARY = """\
dealwright: "1"
library: company
version: 1.2.0
title: Company standards
roles:
  credit: {title: Credit control}
  rep: {title: Seller of the company}
fields:
  credit_limit: {type: money, by: [credit]}
  size: {type: number, min: 0, max: 10}
reasons:
  lost_reasons: {price: {en: Too dear, zh: 太贵}, timing: Timing}
  short: [no_fit, timing]
question_banks:
  opening: [How do you do it today?]
personas:
  cfo: Finance
"""


def test_a_library_lies_under_the_process() -> None:
    process = merged("libraries: [company@1.2.0]\nfields:\n  size: {max: 5}\n", company__1_2_0=LIBRARY)
    assert process.roles["credit"].title.en == "Credit control"
    assert process.roles["rep"].title.en == "Rep", "the process's own entry wins"
    fields = {field.id: field for field in process.fields}
    assert (fields["size"].min, fields["size"].max) == (0, 5)
    assert process.libraries == ("company@1.2.0",)
    assert list(process.question_banks) == ["opening"]
    assert process.personas["cfo"].en == "Finance"


def test_a_process_takes_away_what_it_does_not_want_of_a_library() -> None:
    process = merged(
        "libraries: [company@1.2.0]\nroles: {credit: ~}\nfields: {credit_limit: ~}\n", company__1_2_0=LIBRARY
    )
    assert "credit" not in process.roles
    assert "credit_limit" not in {field.id for field in process.fields}


def test_an_outcome_takes_a_named_list_of_reasons_and_adds_its_own() -> None:
    process = merged("libraries: [company@1.2.0]\noutcomes:\n  lost: {reasons: {use: lost_reasons}}\n",
                     company__1_2_0=LIBRARY)  # fmt: skip
    assert {key: text.zh for key, text in process.outcomes["lost"].reasons.items()} == {
        "price": "太贵",
        "timing": "Timing",
    }
    more = "libraries: [company@1.2.0]\noutcomes:\n  lost: {reasons: {use: short, price: Price}}\n"
    reasons = merged(more, company__1_2_0=LIBRARY).outcomes["lost"].reasons
    assert {key: text.en for key, text in reasons.items()} == {"no_fit": "No fit", "timing": "Timing", "price": "Price"}


def test_a_child_s_libraries_replace_those_of_its_parent() -> None:
    base = BASE.replace("currency: EUR", "currency: EUR\nlibraries: [company@1.2.0]")
    newer = LIBRARY.replace("1.2.0", "1.3.0").replace("Credit control", "Credit")
    shelf = {"company__1_2_0": LIBRARY, "company__1_3_0": newer}
    assert merged("", base=base, **shelf).roles["credit"].title.en == "Credit control"
    process = merged("libraries: [company@1.3.0]\n", base=base, **shelf)
    assert process.roles["credit"].title.en == "Credit"
    assert process.libraries == ("company@1.3.0",)


DEFAULTS = """\
dealwright: "1"
defaults:
  libraries: [company@1.2.0]
  currency: USD
  timezone: Asia/Shanghai
"""


def test_the_company_s_defaults_lie_under_every_process() -> None:
    alone = BASE.replace("currency: EUR\n", "")
    reading = read_process(alone.encode(), "base.yaml", shelf=Files(DEFAULTS, company__1_2_0=LIBRARY))
    assert reading.process is not None
    assert (reading.process.currency, reading.process.timezone) == ("USD", "Asia/Shanghai")
    assert "credit" in reading.process.roles
    assert merged("", defaults=DEFAULTS, company__1_2_0=LIBRARY).currency == "EUR", "the process's own word wins"


def test_a_process_names_another_version_of_a_library_than_the_company() -> None:
    newer = LIBRARY.replace("1.2.0", "1.3.0").replace("Credit control", "Credit")
    process = merged("libraries: [company@1.3.0]\n", defaults=DEFAULTS, company__1_2_0=LIBRARY, company__1_3_0=newer)
    assert process.libraries == ("company@1.3.0",)
    assert process.roles["credit"].title.en == "Credit"


def test_a_default_that_is_not_there_is_found_in_the_settings() -> None:
    reading = read(CHILD, defaults=DEFAULTS)
    assert [(f.file, f.line, f.column, f.code) for f in reading.findings] == [
        ("dealwright.yaml", 3, 15, "unknown-library")
    ]


def test_an_expression_in_an_inherited_part_is_marked_where_it_is_written() -> None:
    reading = read(CHILD + "fields:\n  fit: ~\n")
    places = [(f.file, f.line, f.code) for f in reading.findings if f.severity == "error"]
    assert places == [
        ("base-1.0.0.process.yaml", 31, "guard-unknown-name"), ("base-1.0.0.process.yaml", 32, "guard-unknown-name"),
    ]  # fmt: skip
    lines = BASE.splitlines()
    for finding in reading.findings:
        if finding.severity == "error":
            assert lines[finding.line - 1][finding.column - 1 :].startswith("fit")


def test_a_line_that_a_message_names_is_told_with_its_file() -> None:
    reading = read(CHILD + "exit_criteria:\n  wish: {condition: has(size)}\n")
    said = [(f.file, f.message.en) for f in reading.findings if f.code == "duplicate-id"]
    assert said == [
        ("base-1.0.0.process.yaml", "`wish` is here a second time, on line 27 of base@1.0.0; the first is on line 7")
    ]


def test_a_warning_of_the_parent_that_is_ignored_there_stays_ignored() -> None:
    base = BASE.replace("condition: event(order_placed)}\noutcomes", "condition: has(size)}\noutcomes")
    base = base.replace(
        "  - id: close\n", "  # dealwright: ignore[no-buyer-evidence] signed elsewhere\n  - id: close\n"
    )
    assert read_process(base.encode(), "base.yaml").findings == []
    assert read(CHILD, base).findings == []


def test_a_locked_parent_that_is_what_it_was_is_no_finding() -> None:
    from dealwright.definition.layers import content_hash

    good = content_hash(BASE.encode())
    assert read(CHILD, locked={"base@1.0.0": good}).findings == []
    commented = "# a comment\n" + BASE
    assert read(CHILD, commented, locked={"base@1.0.0": good}).findings == [], "comments say nothing to the process"
    changed = read(CHILD, BASE.replace("sla: 10d", "sla: 11d"), locked={"base@1.0.0": good})
    assert [f.code for f in changed.findings] == ["lock-mismatch"]


def test_removing_twice_and_placing_beside_oneself_are_slips() -> None:
    stages = "stages:\n  - {id: talk, remove: true}\n  - {id: talk, remove: true}\n  - {id: close, after: close}\n"
    codes = [f.code for f in read(CHILD + stages).findings if f.file == "child.yaml"]
    assert "nothing-to-remove" in codes
    assert "unknown-neighbour" in codes


def test_without_a_parent_the_words_of_merging_are_unknown() -> None:
    reading = read_process(BASE.replace("    title: Talk", "    title: Talk\n    remove: true").encode(), "x.yaml")
    assert [f.code for f in reading.findings] == ["unknown-key"]


def test_many_large_parents_are_too_much_together_and_soon_known() -> None:
    fields = "".join(f"  f{{0}}_{n}: {{{{type: text, title: {{{{en: a, zh: b}}}}}}}}\n" for n in range(4_000))
    head = 'dealwright: "1"\nprocess: p{0}\nversion: 1.0.0\ntitle: P\nextends: p{1}@1.0.0\nfields:\n'
    texts = {f"p{n}__1_0_0": (head + fields).format(n, n + 1) for n in range(1, 9)}
    began = time.perf_counter()
    found = read_process(CHILD.replace("base@", "p1@").encode(), "child.yaml", shelf=Files(**texts)).findings
    assert [(f.file, f.line, f.code) for f in found] == [("p1-1.0.0.process.yaml", 5, "too-many-nodes")]
    assert time.perf_counter() - began < 5


def test_the_example_of_a_composition_is_valid_and_what_it_says_it_is() -> None:
    path = EXAMPLES / "composed" / "north.process.yaml"
    reading = read_process(path.read_bytes(), path.name, shelf=Shelf(path, None))
    assert reading.findings == []
    process = reading.process
    assert process is not None
    assert [stage.id for stage in process.stages] == ["talk", "credit_check", "close"]
    assert [str(stage.sla) for stage in process.stages] == ["10d", "3d", "None"]
    assert [criterion.id for criterion in process.stages[0].exit_criteria] == ["need"]
    assert list(process.roles) == ["credit", "rep", "legal"]
    assert list(process.outcomes["lost"].reasons) == ["no_fit", "no_decision", "price"]
