"""What validation accepts can be compiled: every expression and text of a process that has no error."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator
from typing import Any, ClassVar

import pytest
import yaml

from dealwright.definition import read_process, record_type, resolve
from dealwright.guards import Scope, compile_each, compile_formula, compile_guard, compile_text
from dealwright.model.layout import Layout
from dealwright.model.process import Automation, Criterion, Process
from dealwright.model.text import Text
from examples import VALID, neighbours, overlays

WORDS: list[Any] = [
    "", None, "x", True, "2d", "customer", "stakeholders", "won", "entered", "account", "all", "{{ a", "{{ amount }}",
    [], {}, ["a"], {"a": "b"}, {"if": "amount > 1"}, "amount + 1", -1, 0, "lost", "has(amount)", 'stage == "talk"',
]  # fmt: skip
RUNS = 250


class _Plain(yaml.CSafeLoader):
    """Plain JSON numbers and true/false typed, all else text."""

    yaml_implicit_resolvers: ClassVar[dict[str, Any]] = {}


_Plain.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), list("tf"))
_Plain.add_implicit_resolver(
    "tag:yaml.org,2002:float", re.compile(r"^-?(?:0|[1-9]\d*)(?:\.\d+)?$"), list("-0123456789")
)


def places(tree: Any) -> Iterator[tuple[Any, Any]]:
    items = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for key, value in list(items):
        yield tree, key
        yield from places(value)


def changed(tree: Any, rng: random.Random) -> bytes:
    """The file with one thing taken away, put in or copied from elsewhere."""
    tree = json.loads(json.dumps(tree))
    every = list(places(tree))
    holder, key = rng.choice(every)
    how = rng.random()
    if how < 0.3:
        del holder[key]
    elif how < 0.7:
        holder[key] = rng.choice(WORDS)
    else:
        other, its = rng.choice(every)
        holder[key] = json.loads(json.dumps(other[its]))
    return json.dumps(tree, ensure_ascii=False).encode()


def automations(process: Process) -> list[Automation]:
    return [*process.automations, *(one for stage in process.stages for one in stage.automations)]


def criteria(process: Process) -> Iterator[Criterion]:
    waiting = list(process.exit_criteria)
    for stage in process.stages:
        waiting += [*stage.entry_criteria, *stage.exit_criteria]
    while waiting:
        one = waiting.pop()
        yield one
        waiting += one.of


def conditions(process: Process) -> Iterator[str]:
    for stage in process.stages:
        cases = (*stage.sla_cases, *stage.stall_cases, *stage.follow_up_cases, *stage.tasks, *stage.requires)
        branches = stage.decision.branches if stage.decision else ()
        yield from (one.condition for one in (stage, *cases, *branches, *stage.approvals))
    yield from (one.condition for one in (*process.templates, *process.assignment, *automations(process)))
    yield from (approval.condition for artifact in process.artifacts for approval in artifact.approvals)
    for one in criteria(process):
        if not one.for_each:
            yield from (one.condition, one.applies)


def values(process: Process) -> Iterator[str]:
    yield from (source for related in process.related for source in related.match.values())
    for one in automations(process):
        yield from one.then.values.values()
        if one.then.open:
            yield from (*one.then.open.values.values(), one.then.open.subject)


def texts(process: Process) -> Iterator[Text]:
    yield from (template.body for template in process.templates)
    yield from (template.subject for template in process.templates if template.subject)
    for one in automations(process):
        if one.then.notify:
            yield one.then.notify.text
        if one.then.open and one.then.open.title:
            yield one.then.open.title


def compile_all(process: Process) -> None:
    """Compile every expression and text. Raises InvalidGuardError."""
    scope = Scope(Layout(process))
    for source in filter(None, conditions(process)):
        compile_guard(source, scope)
    for source in filter(None, values(process)):
        compile_guard(source, scope, "value")
    for text in texts(process):
        compile_text(text.en, scope, personal=True)
        compile_text(text.zh, scope, personal=True)
    for one in criteria(process):
        if one.for_each:
            compile_each(one.for_each, one.applies, one.condition, scope)
    for field in process.fields:
        if field.formula:
            compile_formula(field, scope)


@pytest.mark.parametrize("seed", range(2))
def test_a_process_that_was_changed_and_is_accepted_compiles_whole(seed: int) -> None:
    rng = random.Random(seed)
    known = overlays()
    records = {name: record_type(one) for name, one in neighbours().items() if one.record}
    files = [path for path in VALID if ".process." in path.name or ".record." in path.name]
    trees = [yaml.load(path.read_bytes(), Loader=_Plain) for path in files]
    accepted = 0
    for _ in range(RUNS):
        data = changed(rng.choice(trees), rng)
        process = read_process(data, "f", overlays=known, records=records, processes=neighbours()).process
        if process is not None:
            laid = [known[name] for name in process.methodologies]
            compile_all(resolve(process, laid, records=records, processes=neighbours()))
            accepted += 1
    assert accepted > RUNS / 10
