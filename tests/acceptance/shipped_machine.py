"""A machine that goes every way of a process: each stage, transition, branch, outcome; each criterion unmet and met.

Deals are values, so at each stage the machine goes on from copies of the one that first came there. What is unmet it
meets by what the refusal offers (`shipped_advice`). Some criteria are met before a deal arrives, such as `no open
objection`: a story says what spoils them, so that they are seen unmet first, too.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from shipped_advice import MOST, Advised, Wishes
from shipped_walk import Walk, private, program_of, shipped

from dealwright.engine import commands as c
from dealwright.model.process import Criterion, Outcome, Process, Stage
from dealwright.model.verdict import CriterionResult, Option, Refusal

Spoil = Callable[[Walk], None]


class Story(NamedTuple):
    """What the machine cannot know of a process.

    `opens` are the fields of each kind of beginning (and the `actor`); `spoils` say what makes a `stage.criterion`
    unmet that is met on arrival; `before` what is done on the way to a `stage.branch` that needs it.
    """

    wishes: Wishes = MappingProxyType({})
    opens: tuple[Mapping[str, Any], ...] = (MappingProxyType({}),)
    spoils: tuple[tuple[str, Spoil], ...] = ()
    before: Mapping[str, Spoil] = MappingProxyType({})


class Machine:
    """One run over a process. `unmet`, `met`, `stages`, `taken` and `ended` are what it has seen."""

    def __init__(self, name: str, story: Story) -> None:
        self.name = name
        self.story = story
        self.process: Process = shipped(name)
        self.unmet: set[str] = set()
        self.met: set[str] = set()
        self.stages: dict[str, Advised] = {}
        self.taken: set[tuple[str, str, str | None]] = set()
        self.ended: set[tuple[str, str]] = set()

    def run(self) -> Machine:
        waiting = [Advised(Walk(self.name, **fields), self.story.wishes) for fields in self.story.opens]
        while waiting:
            advised = waiting.pop(0)
            stage = advised.walk.deal.stage
            if stage in self.stages:
                continue
            self.stages[stage] = advised
            self.spoil(advised)
            self.parts(advised)
            for option in advised.walk.ways():
                arrived = self.take(advised.fork(), option)
                if arrived is not None and arrived.walk.deal.stage not in self.stages:
                    waiting.append(arrived)
        return self

    def take(self, advised: Advised, option: Option) -> Advised | None:
        """Go one way to its end: forward ones once everything is met, ends once for every reason."""
        walk = advised.walk
        here = walk.deal.stage
        if option.kind in ("hold", "reopen", "resume"):
            return None
        if option.to in self.process.outcomes:
            self.end(advised, self.process.outcomes[option.to], option)
            return None
        before = self.story.before.get(f"{here}.{option.branch}")
        if before is not None:
            before(walk)
        self.supply(advised, option)
        if walk.deal.stage != here or walk.deal.status == "completed":  # it went on by itself
            self.taken.add((here, option.kind, walk.deal.stage if walk.deal.status != "completed" else None))
            return advised if walk.deal.status != "completed" else None
        self.go(advised, option)
        self.taken.add((here, option.kind, option.to))
        assert walk.deal.stage == (option.to or here), (here, option.kind, option.to, walk.deal.stage)
        return advised if walk.deal.status in ("open", "won") else None

    def supply(self, advised: Advised, option: Option) -> None:
        """Meet every criterion of a way, one after the other, by its own advice; note what was unmet and is met."""
        walk = advised.walk
        stage = walk.deal.stage
        waiting: list[CriterionResult] = []
        for _ in range(MOST):
            if walk.deal.stage != stage or walk.deal.status == "completed":
                self.met.add(f"{stage}.{waiting[0].id}")  # the last one: with it the deal went on by itself
                return
            way = advised.way(option.kind, option.to, option.branch)
            self.note(stage, way)
            waiting = [one for one in way.criteria if one.blocks]
            if not waiting:
                return
            # Approvals last: whatever changes after one is asked for again.
            waiting.sort(key=lambda one: one.evidence == "approval")
            advised.follow(waiting[0])
        raise AssertionError(f"{self.name}: {stage} never became ready for {option.to}: {waiting}")

    def go(self, advised: Advised, option: Option) -> None:
        """As somebody who may."""
        walk = advised.walk
        people = option.roles or walk.program.stage(walk.deal.stage).responsible
        reason = private("r")
        onward = option.kind in ("advance", "win", "complete", "return") or option.branch is not None
        asks = self.asks_a_person(walk.deal.stage)
        branch = option.branch if asks else None
        command = c.Advance(branch=branch) if onward else c.Move(to=option.to or "", reason=reason)
        stranger = next((role for role in self.process.roles if role not in people), None)
        if stranger is not None:
            refused = walk.do(stranger, command)
            assert isinstance(refused, Refusal), (self.name, walk.deal.stage, option.kind, option.to, stranger)
        done = walk.do(people[0], command)
        if isinstance(done, Refusal) and onward and done.cause != "criteria":
            done = walk.do(people[0], c.Advance(reason=reason))
        assert not isinstance(done, Refusal), (self.name, walk.deal.stage, option.kind, option.to, done)

    def asks_a_person(self, stage: str) -> bool:
        decision = self.stage(stage).decision
        return decision is not None and decision.asks_a_person

    def end(self, advised: Advised, outcome: Outcome, option: Option) -> None:
        """Every reason of an outcome ends the deal; people who have no say in it do not."""
        here = advised.walk.deal.stage
        who = (outcome.by or self.stage(here).responsible)[0]
        for reason in outcome.reasons if option.branch is None else ():
            walk = advised.walk.fork()
            walk.must(who, c.Move(to=outcome.id, reason=reason))
            assert (walk.deal.status, walk.deal.outcome, walk.deal.reason) == (outcome.status, outcome.id, reason)
            self.ended.add((outcome.id, reason))
        if option.branch is not None:
            self.branch_end(advised.fork(), outcome, option)
        self.taken.add((here, option.kind, outcome.id))

    def branch_end(self, advised: Advised, outcome: Outcome, option: Option) -> None:
        """A branch that leads to an outcome: its own condition is met, then somebody goes on."""
        before = self.story.before.get(f"{advised.walk.deal.stage}.{option.branch}")
        if before is not None:
            before(advised.walk)
        self.supply(advised, option)
        self.go(advised, option)
        assert (advised.walk.deal.status, advised.walk.deal.outcome) == (outcome.status, outcome.id)

    def note(self, stage: str, way: Option) -> None:
        """Which criteria are met and which are not, and of those with parts which parts."""
        entry = {one.id for one in self.stage(way.to).entry_criteria} if way.to in self.by_id else set()
        for one in way.criteria:
            place = way.to if one.id in entry else stage
            seen = self.met if one.status in ("met", "waived") else self.unmet
            seen.add(f"{place}.{one.id}")
            if isinstance(one.found, dict):
                for part, status in one.found.items():
                    (self.met if status == "met" else self.unmet).add(f"{place}.{one.id}.{part}")

    def spoil(self, advised: Advised) -> None:
        """What is met on arrival is made unmet, and met again by the advice."""
        stage = advised.walk.deal.stage
        for name, spoil in self.story.spoils:
            place, _, criterion = name.partition(".")
            if place != stage:
                continue
            spoiled = advised.fork()
            spoil(spoiled.walk)
            option = next(o for o in spoiled.walk.ways() if any(one.id == criterion for one in o.criteria))
            status = next(one.status for one in option.criteria if one.id == criterion)
            assert status in ("unmet", "unknown"), f"{name} is {status} though it was spoiled"
            self.supply(spoiled, option)

    def parts(self, advised: Advised) -> None:
        """Of a criterion that part of its parts meet, each part meets it alone."""
        stage = self.stage(advised.walk.deal.stage)
        for criterion in (*stage.entry_criteria, *stage.exit_criteria):
            if not criterion.of or not 0 < criterion.at_least < len(criterion.of):
                continue
            for part in criterion.of:
                self.part(advised.fork(), criterion, part)

    def part(self, advised: Advised, criterion: Criterion, part: Criterion) -> None:
        walk = advised.walk
        for _ in range(4):
            guard = program_of(self.name).guard(part.condition)
            fresh = walk.deal.fresh_from(walk.program.layout.stage_at[walk.deal.stage])
            said = guard.explain(walk.deal, fresh, walk.context().moment)
            if said.status == "met":
                break
            for remedy in said.remedies:
                advised.run(remedy)
        assert said.status == "met", (self.name, part.id, said)
        option = next(o for o in walk.ways() if any(one.id == criterion.id for one in o.criteria))
        self.note(walk.deal.stage, option)

    @property
    def by_id(self) -> dict[str, Stage]:
        return {stage.id: stage for stage in self.process.stages}

    def stage(self, name: str) -> Stage:
        return self.by_id[name]


def declared(process: Process) -> set[str]:
    """Everything that can keep a deal at a stage, as `stage.criterion` and `stage.criterion.part`."""
    asked = {kind.id for kind in process.artifacts if any(not one.condition for one in kind.approvals)}
    optional = {task.id for task in process.tasks if task.optional}
    found: set[str] = set()
    for stage in process.stages:
        for criterion in (*stage.entry_criteria, *stage.exit_criteria):
            found.add(f"{stage.id}.{criterion.id}")
            found |= {f"{stage.id}.{criterion.id}.{part.id}" for part in criterion.of}
        for required in stage.requires:
            found.add(f"{stage.id}.requires.{required.artifact}")
            if required.artifact in asked:
                found.add(f"{stage.id}.approved.{required.artifact}")
        found |= {f"{stage.id}.task.{task.task}" for task in stage.tasks if task.task not in optional}
    return found


def ways_of(process: Process) -> set[tuple[str, str | None]]:
    """Every way from stage to stage, outcome or (None) the end, as far as the file says them."""
    stages = [stage for stage in process.stages if not stage.detour]
    found: set[tuple[str, str | None]] = set()
    for at, stage in enumerate(stages):
        found |= {(stage.id, to) for to in stage.skip_to}
        if stage.decision is not None:
            found |= {(stage.id, branch.to) for branch in stage.decision.branches}
        else:
            found.add((stage.id, stages[at + 1].id if at + 1 < len(stages) else None))
    for stage in process.stages:
        found |= {(origin, stage.id) for origin in stage.detour}
        if stage.detour:
            found.add((stage.id, stage.detour[0]))
    return found
