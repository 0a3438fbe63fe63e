"""Building stages: their limits by case, detours, trials, and what they tell people."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import msgspec

from dealwright.definition import parts
from dealwright.definition import values as v
from dealwright.definition.automations import automations, stage_tasks
from dealwright.definition.nodes import Map, Node, Scalar, Seq
from dealwright.model.duration import Duration
from dealwright.model.process import Branch, CadenceCase, Decision, Journey, Stage, TimeCase, Variant
from dealwright.model.text import Text, humanise

_T = TypeVar("_T")
_V = TypeVar("_V")
_NOTHING = Text("", "")
EVERYWHERE = "*"  # stands for `detour: true` until all stages are known


def stages(node: Node | None, stall_factor: float) -> tuple[Stage, ...]:
    """The stages of the list; where a stage gives no stall limit, it is `stall_factor` times its sla."""
    built = [_stage(entry, stall_factor) for entry in v.maps(node)]
    ordinary = tuple([stage.id for stage in built if not stage.detour])
    return tuple(
        [
            msgspec.structs.replace(stage, detour=ordinary) if stage.detour == (EVERYWHERE,) else stage
            for stage in built
        ]
    )  # fmt: skip


def _stage(node: Map, stall_factor: float) -> Stage:
    name = v.word(node.get("id"))
    sla, sla_cases = _limits(node.get("sla"))
    stall, stall_cases = _limits(node.get("stall"))
    if stall is None and not stall_cases:
        stall = sla.scaled_up(stall_factor) if sla is not None else None
        stall_cases = tuple([TimeCase(case.condition, case.exit.scaled_up(stall_factor)) for case in sla_cases])
    follow_up, follow_up_cases = _cadence(node.get("follow_up"))
    skips, back, detour = node.get("skip_to"), node.get("back_to"), node.get("detour")
    return Stage(
        id=name,
        title=v.text(node.get("title"), humanise(name)),
        phase=v.word(node.get("phase")),
        responsible=v.words(node.get("responsible")),
        probability=v.number(node.get("probability")),
        sla=sla,
        stall=stall,
        follow_up=follow_up,
        requires=parts.requirements(node.get("requires")),
        entry_criteria=parts.criteria(node.get("entry_criteria")),
        exit_criteria=parts.criteria(node.get("exit_criteria")),
        decision=decision(node.get("decision")),
        approvals=parts.approvals(node.get("approvals")),
        wins=v.flag(node.get("wins")),
        prompts=parts.prompts(node.get("prompts")),
        skip_to={key: v.words(value) for key, value in skips.values.items()} if isinstance(skips, Map) else {},
        back_to=v.words(back) if back is not None else None,
        condition=v.word(node.get("if")),
        sla_cases=sla_cases,
        stall_cases=stall_cases,
        follow_up_cases=follow_up_cases,
        tasks=stage_tasks(node.get("tasks")),
        automations=automations(node.get("automations"), name),
        auto=v.flag(node.get("auto")),
        locked=v.flag(node.get("locked")),
        detour=v.words(detour) if isinstance(detour, Seq) else (EVERYWHERE,) if v.flag(detour) else (),
        goal=_some_text(node.get("goal")),
        guidance=_some_text(node.get("guidance")),
        forecast=parts.one_of(node.get("forecast"), ""),
        accountable=v.word(node.get("accountable")),
        consulted=v.words(node.get("consulted")),
        informed=v.words(node.get("informed")),
        variants=_variants(node.get("variants")),
        buyer=_journey(node.get("buyer")),
        questions=v.words(node.get("questions")),
        renamed_from=v.word(node.get("renamed_from")),
    )


def _some_text(node: Node | None) -> Text | None:
    return v.text(node, _NOTHING) if node is not None else None


def _limits(node: Node | None) -> tuple[Duration | None, tuple[TimeCase, ...]]:
    """The limit that holds where no case does, and the cases."""
    if isinstance(node, Scalar):
        return v.duration(node), ()
    cases = [
        TimeCase(v.word(entry.get("if")), limit) for entry in v.maps(node) if (limit := v.duration(entry.get("exit")))
    ]
    return _split(cases, lambda case: case.condition, lambda case: case.exit, None)


def _cadence(node: Node | None) -> tuple[tuple[Duration, ...], tuple[CadenceCase, ...]]:
    plain = _durations(node)
    if plain:
        return plain, ()
    cases = [CadenceCase(v.word(entry.get("if")), _durations(entry.get("at"))) for entry in v.maps(node)]
    return _split(cases, lambda case: case.condition, lambda case: case.at, ())


def _split(
    cases: list[_T], condition: Callable[[_T], str], value: Callable[[_T], _V], none: _V
) -> tuple[_V, tuple[_T, ...]]:
    otherwise = next((value(case) for case in cases if not condition(case)), none)
    return otherwise, tuple([case for case in cases if condition(case)])


def _durations(node: Node | None) -> tuple[Duration, ...]:
    return tuple([d for d in map(v.duration, v.scalars(node) if isinstance(node, Seq) else []) if d is not None])


def _variants(node: Node | None) -> tuple[Variant, ...]:
    found = []
    for name, entry in v.entries(node):
        share = v.number(entry.get("share"))
        found.append(
            Variant(
                id=name,
                title=v.text(entry.get("title"), humanise(name)),
                share=1 if share is None else share,
                prompts=parts.prompts(entry.get("prompts")),
                follow_up=_durations(entry.get("follow_up")),
            )
        )
    return tuple(found)


def _journey(node: Node | None) -> Journey | None:
    if not isinstance(node, Map):
        return None
    expects = node.get("expects")
    return Journey(v.word(node.get("stage")), v.titles(expects) if isinstance(expects, Map) else {})


def decision(node: Node | None) -> Decision | None:
    """The decision at the end of a stage, or None."""
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
