"""From a process, resolved, to what a diagram of it shows."""

from __future__ import annotations

from collections.abc import Iterator

from dealwright.definition.diagram.contents import lines_of
from dealwright.definition.diagram.picture import Arrow, Box, Line, Picture
from dealwright.definition.diagram.wording import STATUS, Words
from dealwright.model.process import Automation, Decision, Outcome, Process, Stage

_END = "end"


def picture_of(process: Process, lang: str = "en", *, detail: bool = False) -> Picture:
    """What a diagram shows of `process`; with `detail` criteria and conditions by name instead of how many."""
    words = Words(lang)
    ordered = [stage for stage in process.stages if not stage.detour]
    aside = [stage for stage in process.stages if stage.detour]
    boxes = [_stage_box(process, stage, at, words, detail) for at, stage in enumerate(ordered, 1)]
    boxes += [_stage_box(process, stage, 0, words, detail) for stage in aside]
    arrows = list(dict.fromkeys(_arrows(process, ordered, aside, words, detail)))
    boxes += [_outcome_box(process, outcome, words, detail) for outcome in process.outcomes.values()]
    if any(arrow.target == _END for arrow in arrows):
        boxes.append(Box(_END, "end", words.pick("Completed", "完成"), status="completed"))
    opened = dict.fromkeys(rule.then.open.process for rule in _automations(process) if rule.then.open)
    note = Line("note", words.pick("opens a new one", "新建项目"))
    for name in opened:
        title = words.say(process.title) if name == process.id else name
        boxes.append(Box(f"process:{name}", "process", title, (note,)))
    known = {box.id for box in boxes}
    subtitle = f"{process.id} {process.version}".strip()
    if process.methodologies:
        titles = {overlay.id: words.say(overlay.title) for overlay in process.overlays}
        subtitle += " · " + words.several([titles.get(name, name) for name in process.methodologies])
    return Picture(
        words.say(process.title), subtitle, tuple(boxes),
        tuple(arrow for arrow in arrows if {arrow.source, arrow.target} <= known), lang,
    )  # fmt: skip


def _stage_box(process: Process, stage: Stage, at: int, words: Words, detail: bool) -> Box:
    mark = words.pick("wins", "赢单") if stage.wins else ""
    return Box(
        f"stage:{stage.id}", "detour" if stage.detour else "stage", words.say(stage.title),
        tuple(lines_of(process, stage, words, detail)), stage.phase, at, mark,
    )  # fmt: skip


def _outcome_box(process: Process, outcome: Outcome, words: Words, detail: bool) -> Box:
    titles = {stage.id: words.say(stage.title) for stage in process.stages}
    lines = []
    if outcome.stages:
        named = words.several([titles.get(stage, stage) for stage in outcome.stages])
        lines.append(Line("note", words.pick("from ", "来自") + named))
    else:
        lines.append(Line("note", words.pick("from any stage", "任何阶段均可")))
    if outcome.reasons:
        lines.append(Line("note", words.count(len(outcome.reasons), "reason", "reasons", "项原因")))
        if detail:
            lines += [Line("note", words.say(text), entry=True) for text in outcome.reasons.values()]
    for rule in process.automations:
        # A rule for every stage would draw an arrow from each; it is told where it leads.
        if rule.then.to == outcome.id and not rule.stages:
            lines.append(Line("acts", words.say(rule.title) if rule.title else words.trigger(rule)))
    title = words.say(outcome.title)
    kind = words.say(STATUS[outcome.status])
    return Box(f"outcome:{outcome.id}", "outcome", title, tuple(lines), mark=kind, status=outcome.status)


def _automations(process: Process) -> Iterator[Automation]:
    yield from process.automations
    for stage in process.stages:
        yield from stage.automations


class _Ends:
    """Turns what a way names into the id of a box."""

    def __init__(self, process: Process) -> None:
        self.stages = {stage.id for stage in process.stages}

    def of(self, name: str) -> str:
        return f"stage:{name}" if name in self.stages else f"outcome:{name}"


def _arrows(process: Process, ordered: list[Stage], aside: list[Stage], words: Words, detail: bool) -> Iterator[Arrow]:
    ends = _Ends(process)
    place = {stage.id: at for at, stage in enumerate(ordered)}
    roles = {role.id: words.say(role.title) for role in process.roles.values()}
    for at, stage in enumerate(ordered):
        here = f"stage:{stage.id}"
        following = f"stage:{ordered[at + 1].id}" if at + 1 < len(ordered) else _END
        if stage.decision is not None:
            yield from _branches(stage.id, stage.decision, place, ends, words, detail)
        else:
            yield Arrow(here, following, "next", words.pick("by itself", "自动") if stage.auto else "")
        if stage.condition and at:
            # Where it does not apply, the order passes it over.
            label = words.pick("unless ", "若不符合 ") + stage.condition if detail else words.pick("otherwise", "否则")
            yield Arrow(f"stage:{ordered[at - 1].id}", following, "skip", label)
        for to, who in stage.skip_to.items():
            yield Arrow(here, ends.of(to), "skip", words.several([roles.get(role, role) for role in who]))
        for to in stage.back_to or ():
            yield Arrow(here, ends.of(to), "back", "")
    for stage in aside:
        for origin in stage.detour:
            yield Arrow(ends.of(origin), f"stage:{stage.id}", "detour", words.pick("and back", "可返回"))
    for stage in process.stages:
        for approval in stage.approvals:
            if approval.on_reject is not None:
                label = words.pick("rejected", "驳回")
                yield Arrow(f"stage:{stage.id}", ends.of(approval.on_reject.to), "automatic", label)
    yield from _automatic(process, ends, words)


def _branches(
    stage: str, decision: Decision, place: dict[str, int], ends: _Ends, words: Words, detail: bool
) -> Iterator[Arrow]:
    for branch in decision.branches:
        label = words.say(branch.title)
        if branch.condition and detail:
            label += f" [{branch.condition}]"
        back = branch.to in place and place[branch.to] <= place[stage]
        yield Arrow(f"stage:{stage}", ends.of(branch.to), "back" if back else "branch", label)


def _automatic(process: Process, ends: _Ends, words: Words) -> Iterator[Arrow]:
    for stage in process.stages:
        rules = [rule for rule in process.automations if stage.id in rule.stages]
        for rule in (*stage.automations, *rules):
            told = words.say(rule.title) if rule.title else words.trigger(rule)
            if rule.then.to:
                yield Arrow(f"stage:{stage.id}", ends.of(rule.then.to), "automatic", told)
            if rule.then.open is not None:
                yield Arrow(f"stage:{stage.id}", f"process:{rule.then.open.process}", "automatic", told)
    winning = next((stage.id for stage in process.stages if stage.wins), None)
    for rule in process.automations:
        # A rule for every stage would draw as many arrows as there are stages; where it waits for the win, one is true.
        if not rule.stages and rule.then.open is not None and winning and ("won" in (rule.upon, *rule.since)):
            told = words.say(rule.title) if rule.title else words.trigger(rule)
            yield Arrow(f"stage:{winning}", f"process:{rule.then.open.process}", "automatic", told)
