"""What stands in the box of a stage."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dealwright.definition.diagram.picture import Line
from dealwright.definition.diagram.wording import Words
from dealwright.model.process import Approval, Criterion, Process, Stage


def lines_of(process: Process, stage: Stage, words: Words, detail: bool) -> Iterator[Line]:
    """Who is responsible, what is asked, who approves, what is due when, what happens by itself, what overlays add."""
    roles = {role.id: words.say(role.title) for role in process.roles.values()}
    yield Line("who", words.several([roles.get(role, role) for role in stage.responsible]))
    if stage.condition:
        yield Line("note", words.pick("only if ", "仅当 ") + stage.condition)
    yield from _asked(process, stage, words, detail)
    for approval in stage.approvals:
        yield Line("approves", _approval(approval, roles, words))
    told = _times(stage, words)
    if told:
        yield Line("time", words.pick(" · ", " · ").join(told))
    yield from _automatic(process, stage, words, detail)
    yield from _overlays(process, stage, words, detail)


def _asked(process: Process, stage: Stage, words: Words, detail: bool) -> Iterator[Line]:
    artifacts = {kind.id: words.say(kind.title) for kind in process.artifacts}
    needed = [artifacts.get(one.artifact, one.artifact) for one in stage.requires]
    if needed:
        if detail:
            yield Line("asks", words.pick("Documents: ", "资料：") + words.several(needed))
        else:
            yield Line("asks", words.count(len(needed), "document", "documents", "份资料"))
    entry = stage.entry_criteria
    leave = (*stage.exit_criteria, *_process_wide(process, stage))
    if entry:
        yield from _criteria(entry, words, detail, ("to enter", "准入"))
    if leave:
        yield from _criteria(leave, words, detail, ("to leave", "准出"))
    tasks = {kind.id: words.say(kind.title) for kind in process.tasks}
    given = [tasks.get(one.task, one.task) for one in stage.tasks]
    if given:
        counted = words.count(len(given), "task", "tasks", "项任务")
        yield Line("asks", words.pick("Tasks: ", "任务：") + words.several(given) if detail else counted)


def _criteria(criteria: Sequence[Criterion], words: Words, detail: bool, when: tuple[str, str]) -> Iterator[Line]:
    counted = words.count(len(criteria), "criterion", "criteria", "项")
    yield Line("asks", words.pick(f"{counted} {when[0]}", f"{counted}{when[1]}条件"))
    if detail:
        for criterion in criteria:
            weight = words.pick(" (warns)", "（仅提醒）") if criterion.severity == "warn" else ""
            yield Line("asks", words.say(criterion.title) + weight, entry=True)


def _process_wide(process: Process, stage: Stage) -> list[Criterion]:
    order = [one.id for one in process.stages]
    here = order.index(stage.id)
    return [
        criterion for criterion in process.exit_criteria
        if criterion.stages is None
        or order.index(criterion.stages[0]) <= here <= order.index(criterion.stages[1])
    ]  # fmt: skip


def _approval(approval: Approval, roles: dict[str, str], words: Words) -> str:
    told = words.pick("Approval: ", "审批：") + words.several([roles.get(role, role) for role in approval.by])
    if approval.count > 1:
        told += f" ×{approval.count}"
    if approval.within is not None:
        told += words.pick(f", within {approval.within}", f"，{approval.within} 内")
    return told


def _times(stage: Stage, words: Words) -> list[str]:
    told = []
    limits = [str(case.exit) for case in stage.sla_cases] + ([str(stage.sla)] if stage.sla else [])
    if limits:
        told.append(words.pick("limit ", "时限 ") + "/".join(limits))
    if stage.follow_up or stage.follow_up_cases:
        told.append(words.pick("follow-up ", "跟进 ") + (words.several([str(step) for step in stage.follow_up]) or "…"))
    if stage.probability is not None:
        told.append(f"{stage.probability:g}%")
    flags = [
        (stage.auto, words.pick("moves on by itself", "自动推进")),
        (stage.locked, words.pick("locked while approved", "审批期间锁定")),
        (bool(stage.variants), words.count(len(stage.variants), "variant", "variants", "个试验组")),
    ]
    return told + [text for on, text in flags if on]


def _automatic(process: Process, stage: Stage, words: Words, detail: bool) -> Iterator[Line]:
    rules = [*stage.automations, *(rule for rule in process.automations if stage.id in rule.stages)]
    quiet = [rule for rule in rules if not rule.then.to and rule.then.open is None]
    if not quiet:
        return
    yield Line("acts", words.count(len(quiet), "automation", "automations", "条自动规则"))
    if detail:
        yield from (
            Line("acts", words.say(rule.title) if rule.title else words.trigger(rule), entry=True) for rule in quiet
        )


def _overlays(process: Process, stage: Stage, words: Words, detail: bool) -> Iterator[Line]:
    """What methodologies ask where a forward move enters or leaves the stage's phase."""
    order = [one for one in process.stages if not one.detour]
    if stage not in order:
        return
    at = order.index(stage)
    enters = at == 0 or order[at - 1].phase != stage.phase
    leaves = at + 1 == len(order) or order[at + 1].phase != stage.phase
    artifacts = {kind.id: words.say(kind.title) for kind in process.artifacts}
    for overlay in process.overlays:
        patch = overlay.phases.get(stage.phase)
        if patch is None:
            continue
        entry = [words.say(one.title) for one in patch.entry_criteria] if enters else []
        leave = [words.say(one.title) for one in patch.exit_criteria] if leaves else []
        leave += [artifacts.get(one.artifact, one.artifact) for one in patch.requires] if leaves else []
        if not entry and not leave:
            continue
        told = [words.pick(f"{len(named)} more {when}", f"{when}另加 {len(named)} 项") for named, when in (
            (entry, words.pick("to enter", "准入")), (leave, words.pick("to leave", "准出"))) if named]  # fmt: skip
        yield Line("overlay", f"{words.say(overlay.title)}{words.pick(': ', '：')}{words.several(told)}")
        if detail:
            yield from (Line("overlay", name, entry=True) for name in (*entry, *leave))
