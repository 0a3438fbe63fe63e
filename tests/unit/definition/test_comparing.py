"""Two versions of a process compared: what changed, what it breaks, which gates it tightens."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from dealwright.definition import read_process
from dealwright.definition.comparing import Change, compare_processes
from dealwright.definition.comparing.kinds import PROCESS, Kind
from dealwright.model import process as model

OLD = """\
dealwright: "1"
process: demo
version: 1.0.0
title: {en: Demo, zh: 演示}
currency: EUR
roles:
  rep: {title: Rep}
  boss: {title: Boss}
fields:
  fit: {type: choice, values: [good, bad, unsure]}
  size: {type: number, min: 1, max: 9}
  pains: {type: list, of: {text: {type: text}}}
events:
  order_placed: {by: buyer}
artifacts:
  offer: {by: rep, fields: {price: {type: money}}, approvals: [{by: boss, within: 2d, on_timeout: expire}]}
  plan: {by: rep}
tasks:
  survey: {by: rep, due: 3d}
stages:
  - id: talk
    title: Talk
    phase: discover
    responsible: rep
    sla: 10d
    requires: [plan]
    tasks: [survey]
    exit_criteria:
      wish: {condition: event(order_placed), waivable_by: [boss]}
      sized: {condition: size >= 3, severity: warn}
      big: {condition: count(pains) >= 1, if: size > 5}
    decision:
      ask: Fit?
      branches:
        - {id: good, if: fit == "good", to: show}
        - {id: bad, if: fit == "bad", to: lost, reason: price}
        - {id: unsure, if: fit == "unsure", to: close}
  - {id: show, title: Show, phase: propose, responsible: rep, exit_criteria: {shown: {condition: event(order_placed)}}}
  - id: close
    title: Close
    phase: close
    responsible: rep
    wins: true
    exit_criteria:
      order: {condition: event(order_placed) and size >= 2}
outcomes:
  lost: {status: lost, reasons: [price, timing]}
"""


def process(text: str) -> model.Process:
    found = read_process(text.encode(), "x.yaml")
    assert found.process is not None, [f.as_json("en") for f in found.findings]
    return found.process


def changes(*edits: tuple[str, str], old: str = OLD) -> list[Change]:
    new = old
    for was, now in edits:
        assert was in new, was
        new = new.replace(was, now, 1)
    return compare_processes(process(old), process(new))


@pytest.mark.parametrize(
    ("was", "now", "path", "kind", "breaking", "tightens"),
    [
        ("sla: 10d", "sla: 8d", "stages.talk.sla", "changed", False, True),
        ("sla: 10d", "sla: 12d", "stages.talk.sla", "changed", False, False),
        ("size >= 3", "size >= 4", "stages.talk.exit_criteria.sized.condition", "changed", False, True),
        ("size >= 3", "size >= 2", "stages.talk.exit_criteria.sized.condition", "changed", False, False),
        ("size >= 3", "size > 3", "stages.talk.exit_criteria.sized.condition", "changed", False, True),
        ("size >= 3", "size >= 3 and has(fit)", "stages.talk.exit_criteria.sized.condition", "changed", False, True),
        ("size >= 3", "has(fit) or size >= 3", "stages.talk.exit_criteria.sized.condition", "changed", False, False),
        ("size >= 3", "size == 3", "stages.talk.exit_criteria.sized.condition", "changed", False, None),
        (" and size >= 2", "", "stages.close.exit_criteria.order.condition", "changed", False, False),
        ("severity: warn", "severity: block", "stages.talk.exit_criteria.sized.severity", "changed", False, True),
        (", severity: warn", ", severity: warn, unmet: Too small", "stages.talk.exit_criteria.sized.unmet", "changed",
         False, None),
        ("waivable_by: [boss]", "waivable_by: [boss, rep]", "stages.talk.exit_criteria.wish.waivable_by", "changed",
         False, False),
        (", waivable_by: [boss]", "", "stages.talk.exit_criteria.wish.waivable_by", "changed", False, True),
        (", if: size > 5", "", "stages.talk.exit_criteria.big.if", "changed", False, True),
        ("if: size > 5", "if: size > 7", "stages.talk.exit_criteria.big.if", "changed", False, False),
        ("      sized: {condition: size >= 3, severity: warn}\n", "", "stages.talk.exit_criteria.sized", "removed",
         False, False),
        ("      order:", "      more: {condition: has(fit)}\n      order:", "stages.close.exit_criteria.more", "added",
         False, True),
        ("requires: [plan]", "requires: [plan, offer]", "stages.talk.requires.offer", "added", True, True),
        ("    requires: [plan]\n", "", "stages.talk.requires.plan", "removed", False, False),
        ("    tasks: [survey]\n", "", "stages.talk.tasks.survey", "removed", False, False),
        ("due: 3d", "due: 2d", "tasks.survey.due", "changed", False, True),
        ("min: 1", "min: 2", "fields.size.min", "changed", False, True),
        ("max: 9", "max: 10", "fields.size.max", "changed", False, False),
        ("price: {type: money}", "price: {type: money, required: true}", "artifacts.offer.fields.price.required",
         "changed", True, True),
        ("{price: {type: money}}", "{price: {type: money}, until: {type: date, required: true}}",
         "artifacts.offer.fields.until", "added", True, True),
        ("{text: {type: text}}", "{text: {type: text}, who: {type: person}}", "fields.pains.of.who", "added",
         False, None),
        ("within: 2d", "within: 1d", "artifacts.offer.approvals.boss.within", "changed", False, True),
        ("on_timeout: expire}", "on_timeout: expire}, {by: rep, id: second}", "artifacts.offer.approvals.second",
         "added", False, True),
        ("{id: unsure, if: fit == \"unsure\", to: close}", "{id: unsure, if: fit == \"unsure\", to: show}",
         "stages.talk.decision.branches.unsure.to", "changed", False, None),
        ("reasons: [price, timing]", "reasons: [price]", "outcomes.lost.reasons.timing", "removed", True, None),
        ("reasons: [price, timing]", "reasons: [price, timing, rival]", "outcomes.lost.reasons.rival", "added", False,
         None),
        ("currency: EUR", "currency: USD", "currency", "changed", True, None),
        ("title: {en: Demo, zh: 演示}", "title: {en: Show, zh: 展示}", "title", "changed", False, None),
        ("responsible: rep\n    sla", "responsible: [rep, boss]\n    sla", "stages.talk.responsible", "changed", False,
         None),
    ],
)  # fmt: skip
def test_a_change_is_told_with_what_it_means(
    was: str, now: str, path: str, kind: str, breaking: bool, tightens: bool | None
) -> None:
    assert [(c.path, c.kind, c.breaking, c.tightens) for c in changes((was, now))] == [(path, kind, breaking, tightens)]


def test_another_type_breaks() -> None:
    found = changes(("events:", "  extra: {type: text}\nevents:"), ("title: {en: Demo, zh: 演示}", "title: Demo"))
    assert ("fields.extra", "added", False) in [(c.path, c.kind, c.breaking) for c in found]
    typed = OLD.replace("events:", "  extra: {type: text}\nevents:", 1)
    found = changes(("extra: {type: text}", "extra: {type: date}"), old=typed)
    assert [(c.path, c.breaking, c.old, c.new) for c in found] == [("fields.extra.type", True, "text", "date")]
    assert found[0].text.en == "Field `extra`: type `text` → `date`"
    assert found[0].text.zh == "字段 `extra`：类型 `text` → `date`"


def test_a_stage_that_is_gone_breaks_and_a_new_one_does_not() -> None:
    show = next(line for line in OLD.splitlines(keepends=True) if "id: show" in line)
    found = changes((show, ""), ("to: show", "to: close"))
    assert [(c.path, c.kind, c.breaking) for c in found if c.path == "stages.show"] == [
        ("stages.show", "removed", True)
    ]
    assert next(c.text.en for c in found if c.path == "stages.show") == "Stage `show` (Show) is gone"
    back = compare_processes(process(OLD.replace(show, "").replace("to: show", "to: close")), process(OLD))
    assert [(c.path, c.kind, c.breaking) for c in back if c.path == "stages.show"] == [("stages.show", "added", False)]


def test_a_renamed_stage_is_the_same_stage_and_breaks_unless_it_says_what_it_was() -> None:
    silent = changes(("{id: show,", "{id: demo,"), ("to: show", "to: demo"))
    assert [(c.path, c.kind, c.breaking, c.old, c.new) for c in silent if c.kind != "changed"] == [
        ("stages.show", "renamed", True, "show", "demo")
    ]
    told = changes(("{id: show,", "{id: demo, renamed_from: show, sla: 3d,"), ("to: show", "to: demo"))
    assert [(c.path, c.kind, c.breaking) for c in told if c.path.startswith("stages.show")] == [
        ("stages.show", "renamed", False)
    ]
    assert ("stages.demo.sla", "changed") in [(c.path, c.kind) for c in told]


def test_a_renamed_role_breaks() -> None:
    found = changes(("boss: {title: Boss}", "chief: {title: Boss}"), ("[{by: boss, w", "[{by: chief, w"),
                    ("waivable_by: [boss]", "waivable_by: [chief]"))  # fmt: skip
    assert ("roles.boss", "renamed", True) in [(c.path, c.kind, c.breaking) for c in found]


def test_a_stage_that_moved_is_told_once() -> None:
    entry = "  - {{id: {name}, title: {name}, phase: retain, responsible: rep}}\n"
    deliver = entry.format(name="deliver") + entry.format(name="care")
    old = OLD.replace("outcomes:", deliver + "outcomes:", 1)
    lines = deliver.splitlines(keepends=True)
    found = changes((deliver, lines[1] + lines[0]), old=old)
    assert len(found) == 1
    assert (found[0].kind, found[0].breaking) == ("moved", False)


def test_the_same_process_has_no_changes_and_order_of_maps_is_none() -> None:
    assert changes() == []
    assert (
        changes(("  rep: {title: Rep}\n  boss: {title: Boss}\n", "  boss: {title: Boss}\n  rep: {title: Rep}\n")) == []
    )


def test_there_and_back_a_gate_is_tighter_and_looser() -> None:
    new = OLD.replace("size >= 3", "size >= 5").replace("sla: 10d", "sla: 5d").replace("within: 2d", "within: 1d")
    there, back = compare_processes(process(OLD), process(new)), compare_processes(process(new), process(OLD))
    assert [c.tightens for c in there] == [True, True, True]
    assert [c.tightens for c in back] == [False, False, False]
    assert [(c.old, c.new) for c in there] == [(c.new, c.old) for c in back]


def test_every_part_of_the_model_is_looked_at() -> None:
    """A key that comes to the language must not be forgotten here."""
    derived = {"id", "version", "source", "source_hash", "definition_hash", "overlays", "plugins", "functions",
               "records", "record", "renamed_from", "fields"}  # fmt: skip
    structs = {
        "process": model.Process, "stage": model.Stage, "field": model.Field, "artifact": model.ArtifactKind,
        "approval": model.Approval, "exit criterion": model.Criterion, "outcome": model.Outcome,
        "automation": model.Automation, "template": model.Template, "task": model.TaskKind, "variant": model.Variant,
        "branch": model.Branch, "decision": model.Decision, "event kind": model.EventKind, "role": model.Role,
        "related deals": model.Related, "rule of uniqueness": model.Unique,
    }  # fmt: skip
    seen: set[str] = set()
    waiting: list[Kind] = [PROCESS]
    while waiting:
        kind = waiting.pop()
        if kind.en in structs and kind.en not in seen:
            known = {a.name for a in kind.attributes} | {p.name for p in kind.parts}
            missing = set(structs[kind.en].__struct_fields__) - known - derived
            assert not missing, f"{kind.en}: {missing}"
        seen.add(kind.en)
        waiting += [part.kind for part in kind.parts if part.kind.en not in seen or part.kind.en == "field"][:20]
    assert set(structs) <= seen


def test_the_shipped_processes_compared_with_each_other_say_one_line_each_in_both_languages() -> None:
    folder = Path(__file__).resolve().parents[3] / "processes"
    shipped = [read_process(p.read_bytes(), p.name).process for p in sorted(folder.glob("*.process.yaml"))[:4]]
    whole = [one for one in shipped if one is not None]
    assert len(whole) > 1
    for old, new in pairwise(whole):
        found = compare_processes(old, new)
        assert len(found) > 20
        for change in found:
            for said in (change.text.en, change.text.zh):
                assert "\n" not in said
                assert len(said) < 400
            assert change.text.en != change.text.zh


def test_texts_are_told_as_people_read_them() -> None:
    old = OLD.replace("    tasks: [survey]", "    tasks: [survey]\n    prompts: [{en: Why, zh: 为何}, Who]")
    found = changes(("{en: Why, zh: 为何}", "{en: Why now, zh: 为何是现在}"), old=old)
    assert [change.text.en for change in found] == ["Stage `talk`: prompts “Why / Who” → “Why now / Who”"]
    assert [change.text.zh for change in found] == ["阶段 `talk`：提示 “为何 / Who” → “为何是现在 / Who”"]
    asked = changes(("{en: Why, zh: 为何}", "{en: Why, zh: 为何, if: has(size)}"), old=old)
    assert asked[0].new[0] == {"en": "Why", "zh": "为何", "if": "has(size)"}
