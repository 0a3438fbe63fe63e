"""Checked nodes to the model: a process, a type of record, an overlay, a workspace's settings, a team."""

from __future__ import annotations

from typing import Any

import msgspec

from dealwright.definition import automations as acts
from dealwright.definition import parts
from dealwright.definition import values as v
from dealwright.definition.nodes import Map, Node, Scalar, Seq
from dealwright.definition.stages import stages
from dealwright.model.people import Person, Team
from dealwright.model.process import (
    Attachment,
    Band,
    Flag,
    Outcome,
    Overlay,
    PhasePatch,
    Process,
    RecordType,
    Relation,
    Role,
    Scale,
    ScorePart,
    Stage,
    Start,
    Template,
)  # fmt: skip
from dealwright.model.settings import Defaults, Lint, Settings
from dealwright.model.text import Prompt, Text, humanise

CURRENT = "current"  # the one stage of a record
ARCHIVED = "archived"  # and its one end
_STALL_FACTOR = 1.5
_CURRENCY = "CNY"
_NOUN: Text = next(field.default for field in msgspec.structs.fields(Process) if field.name == "noun")


def process(root: Map) -> Process:
    """The authored process, without hashes and without overlays."""
    name = v.word(root.get("process"), "process")
    noun = v.text(root.get("noun"), _NOUN)
    described = root.get("description")
    return Process(
        id=name,
        version=v.word(root.get("version"), "0.0.0"),
        title=v.text(root.get("title"), humanise(name)),
        type=v.word(root.get("type")),
        currency=v.word(root.get("currency"), _CURRENCY),
        roles={key: _role(key, entry) for key, entry in v.entries(root.get("roles"))},
        stages=stages(root.get("stages"), v.number(root.get("stall_factor")) or _STALL_FACTOR),
        outcomes={key: _outcome(key, entry) for key, entry in v.entries(root.get("outcomes"))},
        noun=_NOUN if noun == _NOUN else noun,
        description=v.text(described, Text("", "")) if described is not None else None,
        timezone=v.word(root.get("timezone")),
        start=_start(root.get("start")),
        fields=parts.fields(root.get("fields"), "process"),
        events=parts.events(root.get("events"), "process"),
        artifacts=parts.artifacts(root.get("artifacts"), "process"),
        exit_criteria=parts.criteria(root.get("exit_criteria")),
        methodologies=v.words(root.get("methodologies")),
        attachments={
            key: Attachment(v.words(entry.get("phases")), v.words(entry.get("primary")))
            for key, entry in v.entries(root.get("methodologies"))
            if entry.values
        },
        extends=v.word(root.get("extends")),
        libraries=v.words(root.get("libraries")),
        subject=v.word(root.get("subject")),
        records={key: RecordType(key, humanise(key)) for key in v.words(root.get("records"))},
        related=acts.related(root.get("related")),
        unique=acts.unique(root.get("unique")),
        tasks=acts.tasks(root.get("tasks")),
        assignment=acts.assignment(root.get("assignment")),
        automations=acts.automations(root.get("automations")),
        grade_factor=_factors(root.get("grade_factor")),
        personas=v.titles(root.get("personas")),
        question_banks=_question_banks(root.get("questions")),
        templates=_templates(root.get("templates")),
    )


def record(root: Map) -> Process:
    """A type of record: a process of one stage, in which its records stay until they are archived."""
    name = v.word(root.get("record"), "record")
    title = v.text(root.get("title"), humanise(name))
    by = v.words(root.get("by"))
    current = Stage(id=CURRENT, title=Text("Current", "在册"), phase="retain", responsible=by)
    archived = Outcome(id=ARCHIVED, status="completed", title=Text("Archived", "已归档"), by=by)
    return Process(
        id=name,
        version=v.word(root.get("version"), "0.0.0"),
        title=title,
        type="record",
        currency=v.word(root.get("currency"), _CURRENCY),
        roles={key: _role(key, entry) for key, entry in v.entries(root.get("roles"))},
        stages=(current,),
        outcomes={ARCHIVED: archived},
        noun=v.text(root.get("noun"), title),
        timezone=v.word(root.get("timezone")),
        fields=parts.fields(root.get("fields"), "process"),
        events=parts.events(root.get("events"), "process"),
        artifacts=parts.artifacts(root.get("artifacts"), "process"),
        tasks=acts.tasks(root.get("tasks")),
        automations=acts.automations(root.get("automations")),
        libraries=v.words(root.get("libraries")),
        record=True,
    )


def _factors(node: Node | None) -> dict[str, float]:
    """Factors by grade."""
    found = {key: v.number(value) for key, value in node.values.items()} if isinstance(node, Map) else {}
    return {key: float(factor) for key, factor in found.items() if factor is not None}


def _question_banks(node: Node | None) -> dict[str, tuple[Prompt, ...]]:
    return {key: parts.prompts(value) for key, value in node.values.items()} if isinstance(node, Map) else {}


def _templates(node: Node | None) -> tuple[Template, ...]:
    found = []
    for name, entry in v.entries(node):
        subject = entry.get("subject")
        found.append(
            Template(
                id=name,
                title=v.text(entry.get("title"), humanise(name)),
                body=v.text(entry.get("body"), Text("", "")),
                subject=v.text(subject, Text("", "")) if subject is not None else None,
                channel=v.word(entry.get("channel")),
                stages=v.words(entry.get("stages")),
                condition=v.word(entry.get("if")),
            )
        )
    return tuple(found)


def _role(name: str, node: Map) -> Role:
    return Role(name, v.text(node.get("title"), humanise(name)), v.flag(node.get("external")))


def _outcome(name: str, node: Map) -> Outcome:
    return Outcome(
        id=name,
        status=parts.one_of(node.get("status"), "lost"),
        title=v.text(node.get("title"), humanise(name)),
        stages=v.words(node.get("from")),
        by=v.words(node.get("by")),
        reasons=v.titles(node.get("reasons")),
        recall=v.duration(node.get("recall")),
    )


def _start(node: Node | None) -> tuple[Start, ...]:
    items = node.items if isinstance(node, Seq) else []
    return tuple(
        [
            Start(item.text) if isinstance(item, Scalar) else Start(v.word(item.get("to")), v.word(item.get("if")))
            for item in items
            if isinstance(item, Scalar | Map)
        ]
    )


def overlay(root: Map) -> Overlay:
    """The overlay; what it declares carries the source `overlay:NAME`."""
    name = v.word(root.get("overlay"), "overlay")
    source = f"overlay:{name}"
    phases = {
        phase: PhasePatch(
            requires=parts.requirements(entry.get("requires")),
            entry_criteria=parts.criteria(entry.get("entry_criteria")),
            exit_criteria=parts.criteria(entry.get("exit_criteria")),
            prompts=parts.prompts(entry.get("prompts")),
        )
        for phase, entry in v.entries(root.get("phases"))
    }
    score = [
        ScorePart(key, v.number(entry.get("points")) or 0, v.word(entry.get("value")),
                  v.text(entry.get("title"), humanise(key)))
        for key, entry in v.entries(root.get("score"))
    ]  # fmt: skip
    return Overlay(
        id=name,
        version=v.word(root.get("version"), "0.0.0"),
        title=v.text(root.get("title"), humanise(name)),
        fields=parts.fields(root.get("fields"), source),
        events=parts.events(root.get("events"), source),
        artifacts=parts.artifacts(root.get("artifacts"), source),
        phases=phases,
        score=tuple(score),
        conflicts=v.words(root.get("conflicts")),
        combines=v.words(root.get("combines")),
        scale=_scale(root.get("scale")),
        flags=tuple([_flag(key, entry) for key, entry in v.entries(root.get("flags"))]),
        relations={
            key: Relation(
                parts.one_of(entry.get("kind"), "overlap"), v.text(entry.get("note"), Text("", "")),
                v.words(entry.get("phases")),
            )
            for key, entry in v.entries(root.get("relations"))
        },
    )  # fmt: skip


def _scale(node: Node | None) -> Scale:
    if not isinstance(node, Map):
        return Scale()
    bands = [
        Band(v.number(entry.get("from")) or 0, v.text(entry.get("title"), Text("", "")))
        for entry in v.maps(node.get("bands"))
    ]
    most = v.number(node.get("max"))
    return Scale(
        100 if most is None else most, parts.one_of(node.get("combine"), "sum"), tuple(bands), v.flag(node.get("own"))
    )


def _flag(name: str, node: Map) -> Flag:
    return Flag(
        name, v.word(node.get("if")), v.text(node.get("title"), humanise(name)),
        parts.one_of(node.get("advise"), ""), v.words(node.get("phases")),
    )  # fmt: skip


def settings(root: Map) -> Settings:
    """A workspace's settings, with the defaults of the model for what is not said."""
    given: dict[str, Any] = {}
    for key in ("store", "timezone", "language"):
        if root.get(key) is not None:
            given[key] = v.word(root.get(key))
    added = root.get("methodologies")
    return Settings(
        **given,
        plugins=v.words(root.get("plugins")),
        plugin_timeout=float((v.word(root.get("plugin_timeout")) or "5s").removesuffix("s")),
        local_plugins=v.flag(root.get("local_plugins")),
        methodologies={key: v.words(value) for key, value in added.values.items()} if isinstance(added, Map) else {},
        allow_as=v.flag(root.get("allow_as")),
        allow_now=v.flag(root.get("allow_now")),
        lint=lint(root.get("lint")),
        defaults=_defaults(root.get("defaults")),
    )


def _defaults(node: Node | None) -> Defaults:
    if not isinstance(node, Map):
        return Defaults()
    return Defaults(
        libraries=v.words(node.get("libraries")),
        currency=v.word(node.get("currency")),
        timezone=v.word(node.get("timezone")),
        stall_factor=v.number(node.get("stall_factor")),
        grade_factor=_factors(node.get("grade_factor")),
    )


def lint(node: Node | None) -> Lint:
    """The rules of validation, from a settings' `lint` or a whole profile."""
    if not isinstance(node, Map):
        return Lint()
    named = node.get("rules")
    rules: dict[str, Any] = {key.text: v.word(level) for key, level in named.items()} if isinstance(named, Map) else {}
    return Lint(v.words(node.get("profile")), rules)


def team(root: Map) -> Team:
    """The team, in the file's order."""
    return Team(
        {
            name: Person(name, v.words(entry.get("roles")), v.word(entry.get("name")), v.word(entry.get("os_user")))
            for name, entry in v.entries(root.get("people"))
        }
    )
