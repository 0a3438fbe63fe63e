"""A process made ready to run: positions, guards compiled at first use, and the checks of every move."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, tzinfo
from typing import TYPE_CHECKING, Literal, NamedTuple

from msgspec import Struct

from dealwright.engine.liveness import stands_before, unmet
from dealwright.events import Judged
from dealwright.model.canonical import canonical
from dealwright.model.layout import Layout
from dealwright.model.process import Approval, Criterion, PhasePatch, Process, Requirement, Severity, Stage, Unique
from dealwright.model.text import Text

if TYPE_CHECKING:
    from dealwright.guards import Guard, Scope
    from dealwright.hookspecs import Function


REJECTED = "rejected"  # why a deal moved after a rejection, where neither the process nor anybody says more


class Asked(NamedTuple):
    """A question to a plugin's kind of criterion: which, and with what parameters, as canonical JSON."""

    kind: str
    given: bytes


class Check(Struct, frozen=True):
    """One criterion of a move: a guard, an approval, a rule of uniqueness, or parts: `at_least` of them (0: all).

    Or `kind`, a plugin's, which was asked before the decision.

    `at` is the index of the stage whose freshness counts; `applies` a guard that may switch it off.
    """

    id: str
    source: str
    severity: Severity
    text: Text
    at: int
    guard: Guard | None = None
    applies: Guard | None = None
    approval: Approval | None = None
    waivable_by: tuple[str, ...] = ()
    parts: tuple[Check, ...] = ()
    at_least: int = 0
    unique: Unique | None = None
    kind: Asked | None = None


class Plan(Struct, frozen=True):
    """All that a move has to pass. `leaves` is whether it leaves a stage, so that open tasks may stand in its way."""

    checks: tuple[Check, ...]
    plain: bool  # True where every check is a bare guard, so that the fast path may try them
    met: tuple[Judged, ...]  # what the event records where all of them are met
    leaves: bool = True


class Program:
    """A prepared process. Make one with `prepare`; it may be shared by any number of deals."""

    def __init__(self, process: Process, functions: Mapping[str, Function], zone: tzinfo) -> None:
        self.process = process
        self.layout = Layout(process)
        self.zone = zone
        self.functions = functions
        self._scope: Scope | None = None
        wins = [at for at, stage in enumerate(process.stages) if stage.wins]
        self.wins_at = wins[0] if wins else None
        self.reasons = _reasons(process).union(*(o.reasons for o in process.outcomes.values()))
        stages = process.stages
        automations = process.every_automation
        # What few processes have, found out once, so that the others pay nothing for it.
        self.reacts = any(one.upon for one in automations)
        self.waits = any(not one.upon for one in automations)
        self.bends = any(stage.condition or stage.detour for stage in stages)
        self.locks = any(stage.locked for stage in stages)
        approvals = _approvals(process)
        self.lapses = any(one.within for one in approvals)
        rejects = any(one.on_reject for one in approvals)
        self.wakes = self.waits or self.lapses or any(stage.auto for stage in stages)
        self.follows = bool(self.reacts or rejects or process.tasks or any(stage.auto for stage in stages))
        self.plain = not (self.follows or self.locks or process.unique)  # a decision is what its rule says
        self.opens = tuple(dict.fromkeys(one.then.open.process for one in automations if one.then.open))
        self.assigns = bool(process.assignment or any(one.then.assign for one in automations))
        self.looks = bool(self.opens or self.assigns or process.unique or self.layout.records)  # at other deals
        self.uses = any(True for _ in _uses(_criteria(process)))
        self.varied = frozenset(s.id for s in stages if process.grade_factor or _varies(s))
        self._guards: dict[str, Guard] = {}
        self._plans: dict[tuple[int, int | None], Plan] = {}

    def stage(self, stage_id: str) -> Stage:
        """The stage with this id."""
        return self.process.stages[self.layout.stage_at[stage_id]]

    def guard(self, source: str, wants: Literal["condition", "value"] = "condition") -> Guard:
        """The compiled expression; raises InvalidGuardError for one that never passed validation."""
        guard = self._guards.get(source)
        if guard is None:
            from dealwright.guards import compile_guard  # showing a deal asks no guard, and the language takes time

            guard = self._guards[source] = compile_guard(source, self.scope, wants)
        return guard

    @property
    def scope(self) -> Scope:
        """What names mean in this process's expressions."""
        if self._scope is None:
            from dealwright.guards import Scope

            self._scope = Scope(self.layout, self.functions)
        return self._scope

    def plan(self, leave: int, enter: int | None) -> Plan:
        """The checks of a forward move from stage index `leave` to `enter` (None: off the last stage)."""
        plan = self._plans.get((leave, enter))
        if plan is None:
            stages = self.process.stages
            target = None if enter is None else stages[enter]
            checks = [*self._leaving(leave), *self._overlays_left(leave, target)]
            if enter is not None:
                checks += self._entering(stages[leave], enter)
            plan = self._plans[(leave, enter)] = _as_plan(checks)
        return plan

    def stage_plan(self, leave: int) -> Plan:
        """The checks of leaving a stage, wherever to: for a decision that is still open, and on the way back."""
        return _as_plan(self._leaving(leave))

    def detour_plan(self, leave: int, enter: int) -> Plan:
        """The checks of a detour: what the stage that it goes to asks at its entry."""
        return _as_plan(self._entering(self.process.stages[leave], enter), leaves=False)

    def phase_plan(self, phase: str, at: int) -> Plan:
        """What overlays ask before a phase is left, for a deal at stage index `at`."""
        return _as_plan(self._of_phase(phase, at), leaves=False)

    def opening(self, enter: int) -> Plan:
        """The checks of opening a deal at a stage: its entry criteria and the fields that must be given."""
        stage = self.process.stages[enter]
        entry = [self._criterion(c, "process", enter) for c in stage.entry_criteria]
        for overlay in self.process.overlays:
            patch = overlay.phases.get(stage.phase)
            entry += [
                self._criterion(c, f"overlay:{overlay.id}", enter) for c in (patch.entry_criteria if patch else ())
            ]
        for field in self.process.fields:
            if field.required:
                title = field.title
                text = Text(f"{title.en} is given", f"已填写{title.zh}")
                guard = self.guard(f"has({field.id})")
                entry.append(Check(f"required.{field.id}", field.source, "block", text, enter, guard))
        entry += self._unique(None, enter)
        return _as_plan(entry, leaves=False)

    def _leaving(self, leave: int) -> list[Check]:
        stage = self.process.stages[leave]
        checks = [self._criterion(c, "process", leave) for c in stage.exit_criteria]
        for criterion in self.process.exit_criteria:
            first, last = criterion.stages or (self.process.stages[0].id, self.process.stages[-1].id)
            if self.layout.stage_at[first] <= leave <= self.layout.stage_at[last]:
                checks.append(self._criterion(criterion, "process", leave))
        for requirement in stage.requires:
            checks += self._requirement(requirement, "process", leave)
        checks += [self._approval(approval, stage, leave) for approval in stage.approvals]
        return checks

    def _overlays_left(self, leave: int, target: Stage | None) -> list[Check]:
        """An overlay's exit criteria of a phase apply where the move leaves that phase."""
        phase = self.process.stages[leave].phase
        return [] if target is not None and target.phase == phase else self._of_phase(phase, leave)

    def _of_phase(self, phase: str, at: int) -> list[Check]:
        checks: list[Check] = []
        for overlay in self.process.overlays:
            patch = overlay.phases.get(phase)
            if patch:
                source = f"overlay:{overlay.id}"
                checks += [self._criterion(c, source, at) for c in patch.exit_criteria]
                for requirement in patch.requires:
                    checks += self._requirement(requirement, source, at)
        return checks

    def _entering(self, stage: Stage, enter: int) -> list[Check]:
        target = self.process.stages[enter]
        checks = [self._criterion(c, "process", enter) for c in target.entry_criteria]
        if target.phase != stage.phase:
            for overlay in self.process.overlays:
                patch = overlay.phases.get(target.phase)
                entry = patch.entry_criteria if patch else ()
                checks += [self._criterion(c, f"overlay:{overlay.id}", enter) for c in entry]
        return [*checks, *self._unique(self.layout.stage_at[stage.id], enter)]

    def _unique(self, leave: int | None, enter: int) -> list[Check]:
        return [
            Check(
                f"unique.{rule.id}", "process", "warn" if rule.on_conflict == "warn" else "block", unmet(rule), enter,
                unique=rule,
            )
            for rule in self.process.unique if stands_before(self.layout, rule, leave, enter)
        ]  # fmt: skip

    def _criterion(self, criterion: Criterion, source: str, at: int) -> Check:
        parts = tuple(self._criterion(part, source, at) for part in criterion.of)
        guard = None
        if criterion.for_each:
            guard = self._each(criterion)
        elif not parts and not criterion.use:
            guard = self.guard(criterion.condition)
        # With `for_each` it is asked of the entries, one by one.
        applies = self.guard(criterion.applies) if criterion.applies and not criterion.for_each else None
        return Check(
            criterion.id, source, criterion.severity, criterion.unmet, at, guard, applies, None, criterion.waivable_by,
            parts, criterion.at_least, kind=asked_of(criterion) if criterion.use else None,
        )  # fmt: skip

    def _each(self, criterion: Criterion) -> Guard:
        from dealwright.guards import compile_each

        return compile_each(criterion.for_each, criterion.applies, criterion.condition, self.scope)

    def _requirement(self, requirement: Requirement, source: str, at: int) -> list[Check]:
        kind = self.layout.artifacts[self.layout.artifact_at[requirement.artifact]]
        applies = self.guard(requirement.condition) if requirement.condition else None
        title = kind.title
        complete = Text(f"{title.en} is missing or incomplete", f"缺少{title.zh}，或内容不完整")
        name = requirement.artifact
        checks = [Check(f"requires.{name}", source, "block", complete, at, self.guard(f"complete({name})"), applies)]
        if kind.approvals:
            approved = Text(f"{title.en} is not approved yet", f"{title.zh}尚未审批通过")
            checks.append(
                Check(f"approved.{name}", source, "block", approved, at, self.guard(f"approved({name})"), applies)
            )
        return checks

    def _approval(self, approval: Approval, stage: Stage, at: int) -> Check:
        who_en = ", ".join(self.process.roles[r].title.en for r in approval.by)
        who_zh = "、".join(self.process.roles[r].title.zh for r in approval.by)
        text = Text(f"{stage.title.en} needs approval by {who_en}", f"{stage.title.zh}须经{who_zh}审批")
        applies = self.guard(approval.condition) if approval.condition else None
        return Check(f"approval.{approval.id}", "process", "block", text, at, None, applies, approval)

    def kinds_at(self, at: int) -> tuple[Asked, ...]:
        """What has to be asked of plugins' kinds of criterion before a deal may leave stage index `at`, each once."""
        if not self.uses:
            return ()
        stages, overlays = self.process.stages, self.process.overlays
        held = [*stages[at].exit_criteria, *self.process.exit_criteria]
        held += [one for stage in stages for one in stage.entry_criteria]
        for overlay in overlays:
            for patch in overlay.phases.values():
                held += [*patch.entry_criteria, *patch.exit_criteria]
        return tuple(dict.fromkeys(asked_of(one) for one in _uses(held)))


def _uses(criteria: Sequence[Criterion]) -> Iterator[Criterion]:
    for one in criteria:
        if one.use:
            yield one
        yield from _uses(one.of)


def asked_of(criterion: Criterion) -> Asked:
    """What a criterion of a plugin's kind asks: the kind, and its parameters as canonical JSON."""
    return Asked(criterion.use, canonical(criterion.given))


def _as_plan(checks: list[Check], *, leaves: bool = True) -> Plan:
    plain = all(check.guard is not None and check.applies is None for check in checks)
    return Plan(tuple(checks), plain, tuple(Judged(check.id, check.source, "met") for check in checks), leaves)


def _criteria(process: Process) -> list[Criterion]:
    holders: list[Stage | PhasePatch] = [
        *process.stages,
        *(patch for overlay in process.overlays for patch in overlay.phases.values()),
    ]
    return [*process.exit_criteria, *(one for held in holders for one in (*held.entry_criteria, *held.exit_criteria))]


def _reasons(process: Process) -> frozenset[str]:
    """The reasons that the process file itself gives for moves."""
    branches = [b.reason for stage in process.stages if stage.decision for b in stage.decision.branches]
    rejections = [one.on_reject.reason for one in _approvals(process) if one.on_reject]
    automations = process.every_automation
    return frozenset((REJECTED, *branches, *rejections, *(one.then.reason or one.id for one in automations)))


def _approvals(process: Process) -> list[Approval]:
    """Those of its stages, then those of its artifacts."""
    of_stages = [one for stage in process.stages for one in stage.approvals]
    return of_stages + [one for kind in process.artifacts for one in kind.approvals]


def _varies(stage: Stage) -> bool:
    """Whether the dates of a stage depend on the deal that enters it."""
    return bool(stage.sla_cases or stage.stall_cases or stage.follow_up_cases or stage.variants)


def prepare(process: Process, functions: Mapping[str, Function] | None = None, zone: tzinfo | None = None) -> Program:
    """Make a resolved process ready. `zone` is where its days begin; the process's own `timezone` comes first.

    Guards are compiled at first use, so a cold start pays only for the stage it touches.
    """
    own = None
    if process.timezone:
        from zoneinfo import ZoneInfo

        own = ZoneInfo(process.timezone)
    return Program(process, functions or {}, own or zone or UTC)
