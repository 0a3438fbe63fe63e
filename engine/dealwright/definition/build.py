"""Checked nodes to the model: a process, an overlay, a workspace's settings, a team."""

from __future__ import annotations

from typing import Any

import msgspec

from dealwright.definition import parts
from dealwright.definition import values as v
from dealwright.definition.nodes import Map, Node, Scalar, Seq
from dealwright.model.people import Person, Team
from dealwright.model.process import (
    Branch,
    Decision,
    Outcome,
    Overlay,
    PhasePatch,
    Process,
    Role,
    ScorePart,
    Stage,
    Start,
)  # fmt: skip
from dealwright.model.settings import Settings
from dealwright.model.text import Text, humanise

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
        stages=tuple([_stage(entry) for entry in v.maps(root.get("stages"))]),
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
    )


def _role(name: str, node: Map) -> Role:
    return Role(name, v.text(node.get("title"), humanise(name)), v.flag(node.get("external")))


def _stage(node: Map) -> Stage:
    name = v.word(node.get("id"))
    sla, stall = v.duration(node.get("sla")), v.duration(node.get("stall"))
    if stall is None and sla is not None:
        stall = sla.scaled_up(_STALL_FACTOR)
    follow_up, skips = node.get("follow_up"), node.get("skip_to")
    back = node.get("back_to")
    return Stage(
        id=name,
        title=v.text(node.get("title"), humanise(name)),
        phase=v.word(node.get("phase")),
        responsible=v.words(node.get("responsible")),
        probability=v.number(node.get("probability")),
        sla=sla,
        stall=stall,
        follow_up=tuple([d for d in map(v.duration, v.scalars(follow_up)) if d is not None]),
        requires=parts.requirements(node.get("requires")),
        entry_criteria=parts.criteria(node.get("entry_criteria")),
        exit_criteria=parts.criteria(node.get("exit_criteria")),
        decision=_decision(node.get("decision")),
        approvals=parts.approvals(node.get("approvals")),
        wins=v.flag(node.get("wins")),
        prompts=parts.prompts(node.get("prompts")),
        skip_to={key: v.words(value) for key, value in skips.values.items()} if isinstance(skips, Map) else {},
        back_to=v.words(back) if back is not None else None,
    )


def _decision(node: Node | None) -> Decision | None:
    if not isinstance(node, Map):
        return None
    branches = [
        Branch(
            id=v.word(entry.get("id")),
            title=v.text(entry.get("title"), humanise(v.word(entry.get("id")))),
            to=v.word(entry.get("to")),
            condition=v.word(entry.get("if")),
            reason=v.word(entry.get("reason")),
        )
        for entry in v.maps(node.get("branches"))
    ]
    ask = v.text(node.get("ask"), Text("Which way?", "走哪条路径？"))
    return Decision(ask, tuple(branches), v.words(node.get("by")), parts.one_of(node.get("hit"), "unique"))


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
    )


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
        methodologies={key: v.words(value) for key, value in added.values.items()} if isinstance(added, Map) else {},
        allow_as=v.flag(root.get("allow_as")),
        allow_now=v.flag(root.get("allow_now")),
    )


def team(root: Map) -> Team:
    """The team, in the file's order."""
    return Team(
        {
            name: Person(name, v.words(entry.get("roles")), v.word(entry.get("name")), v.word(entry.get("os_user")))
            for name, entry in v.entries(root.get("people"))
        }
    )
