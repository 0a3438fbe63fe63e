"""Whether overlays can be laid over a process: phases, names, and conditions seen among the process's own names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from dealwright.definition.finding import Finding, Findings
from dealwright.definition.matrix import clashes
from dealwright.definition.resolve import merge
from dealwright.guards.checker import checked
from dealwright.guards.each import check_each
from dealwright.guards.problem import Problem
from dealwright.guards.scope import Scope
from dealwright.hookspecs import Function
from dealwright.model.layout import DEAL_FIELDS, Layout
from dealwright.model.process import ArtifactKind, Criterion, EventKind, Field, Overlay, Process
from dealwright.model.text import Text

Misfit = tuple[str, Text]
"""A finding code and what it says."""


def misfits(
    process: Process, overlays: Sequence[Overlay], functions: Mapping[str, Function] | None
) -> Iterator[tuple[Overlay, Misfit]]:
    """Each overlay's misfits with a process as authored. Without `functions` its conditions are not judged."""
    scope = Scope(Layout(merge(process, overlays)), functions)
    phases = {stage.phase for stage in process.stages}
    yield from clashes(process, overlays)
    for at, overlay in enumerate(overlays):
        for phase in overlay.phases:
            if phase not in phases:
                en = f"`{overlay.id}` attaches to the phase {phase}, which no stage has"
                yield (
                    overlay,
                    ("missing-phase", Text(en, f"`{overlay.id}` 依附于阶段类别 {phase}，而没有阶段属于该类别")),
                )
        for text in _declared_otherwise(merge(process, overlays[:at]), overlay):
            yield overlay, ("overlay-misfit", text)
        if functions is None:
            continue
        for problem in (*_problems(overlay, scope), *_each(overlay, scope)):
            en = f"a condition of `{overlay.id}` does not hold together here: {problem.en}"
            zh = f"`{overlay.id}` 的条件在此流程中不成立：{problem.zh}"
            yield overlay, ("overlay-misfit", Text(en, zh))


def _declared_otherwise(process: Process, overlay: Overlay) -> Iterator[Text]:
    """Names that both declare with another type, or as another kind of thing."""
    fields = {field.id: field for field in (*DEAL_FIELDS, *process.fields)}
    artifacts: dict[str, ArtifactKind | EventKind] = {artifact.id: artifact for artifact in process.artifacts}
    events: dict[str, ArtifactKind | EventKind] = {event.id: event for event in process.events}
    pairs = [(f"{overlay.id}: {field.id}", fields.get(field.id), field) for field in overlay.fields]
    holders = [(a.id, artifacts.get(a.id), a.fields) for a in overlay.artifacts]
    holders += [(e.id, events.get(e.id), e.fields) for e in overlay.events]
    for name, own, added in holders:
        inner = {field.id: field for field in own.fields} if own else {}
        pairs += [(f"{overlay.id}: {name}.{field.id}", inner.get(field.id), field) for field in added]
    for where, own_field, field in pairs:
        yield from _types(where, own_field, field)
    for name in [a.id for a in overlay.artifacts if a.id in fields] + [
        f.id for f in overlay.fields if f.id in artifacts
    ]:
        yield Text(
            f"{overlay.id}: `{name}` is a field to the one and an artifact to the other",
            f"{overlay.id}：`{name}` 在一方是字段，在另一方是阶段资料",
        )


def _types(where: str, own: Field | None, added: Field) -> Iterator[Text]:
    if own is None:
        return
    if own.type != added.type:
        yield Text(
            f"`{where}` has the type {added.type}, the process says {own.type}",
            f"`{where}` 的类型为 {added.type}，而流程声明为 {own.type}",
        )
        return
    inner = {field.id: field for field in own.of}
    for field in added.of:
        yield from _types(f"{where}.{field.id}", inner.get(field.id), field)


def _parts(criteria: Sequence[Criterion]) -> Iterator[Criterion]:
    """The criteria and the parts that they are made of."""
    waiting = [*criteria]
    while waiting:
        criterion = waiting.pop(0)
        yield criterion
        waiting += criterion.of


def _problems(overlay: Overlay, scope: Scope) -> Iterator[Problem]:
    for source, wants in _expressions(overlay):
        yield from checked(source, scope, wants)[1]


def _each(overlay: Overlay, scope: Scope) -> Iterator[Problem]:
    """The problems of criteria that are asked of every entry of a list."""
    for patch in overlay.phases.values():
        for criterion in _parts((*patch.entry_criteria, *patch.exit_criteria)):
            if criterion.for_each:
                for problems in check_each(criterion.for_each, criterion.applies, criterion.condition, scope):
                    yield from problems


def _expressions(overlay: Overlay) -> Iterator[tuple[str, str]]:
    for patch in overlay.phases.values():
        for criterion in _parts((*patch.entry_criteria, *patch.exit_criteria)):
            if criterion.applies and not criterion.for_each:
                yield criterion.applies, "condition"
            if criterion.condition and not criterion.for_each:
                yield criterion.condition, "condition"
        yield from ((requirement.condition, "condition") for requirement in patch.requires if requirement.condition)
        yield from ((prompt.condition, "condition") for prompt in patch.prompts if prompt.condition)
    for artifact in overlay.artifacts:
        yield from ((approval.condition, "condition") for approval in artifact.approvals if approval.condition)
    yield from ((part.value, "value") for part in overlay.score)
    yield from ((flag.condition, "condition") for flag in overlay.flags)


def overlay_findings(
    process: Process, overlays: Sequence[Overlay], file: str = "", functions: Mapping[str, Function] | None = None
) -> list[Finding]:
    """What speaks against laying `overlays` over a process as authored, at 1:1 of `file`.

    For overlays that a workspace adds; those that the process itself names were judged as
    it was read. Conditions are judged only where `functions` says which functions there are.
    """
    findings = Findings(file)
    for _, (code, text) in misfits(process, overlays, functions):
        findings.add(code, 1, 1, text.en, text.zh)
    return findings.in_order()
