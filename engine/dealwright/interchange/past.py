"""What a row's stage says of a deal's past, checked once against the process and ready to be dated."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from dealwright.interchange.import_map import ImportMap, Reason, Step
from dealwright.interchange.map_problems import MapProblems
from dealwright.model.layout import Layout
from dealwright.model.process import Stage


class PastStep(Struct, frozen=True):
    """An event type and all of its payload that does not depend on the row.

    `reasons` are those that `reason` may give; both are empty for what needs none.
    """

    what: str
    data: dict[str, Any]
    at: tuple[str, ...]
    reason: Reason | None = None
    reasons: tuple[str, ...] = ()


def resolve(import_map: ImportMap, layout: Layout, problems: MapProblems) -> dict[str, tuple[PastStep, ...]]:
    """The past by value of the stage column; every unknown stage, outcome or reason goes into `problems`."""
    return {
        value: _Walk(layout, problems, f"stages.values.{value}").along(steps)
        for value, steps in import_map.steps.items()
    }


def move_type(stages: tuple[Stage, ...], at: int, to: int) -> str:
    """The kind of a move between two stages, which its target alone decides: advanced, skipped or regressed."""
    if to < at:
        return "regressed"
    decision = stages[at].decision
    branches = {branch.to for branch in decision.branches} if decision else set()
    return "advanced" if to == at + 1 or stages[to].id in branches else "skipped"


def move_data(stages: tuple[Stage, ...], at: int, to: int | None, *, what: str) -> dict[str, Any]:
    """The payload of a move; `to` None leaves the last stage. Stages passed over are named, but for a branch."""
    end = len(stages) if to is None else to
    data: dict[str, Any] = {"from": stages[at].id}
    if to is not None:
        data["to"] = stages[to].id
    passed = [stage.id for stage in stages[at + 1 : end]]
    if passed and what in ("skipped", "won"):
        data["skipped"] = passed
    return data


class _Walk:
    """One list of steps, followed from stage to stage."""

    def __init__(self, layout: Layout, problems: MapProblems, path: str) -> None:
        self.layout, self.problems, self.path = layout, problems, path
        self.at: int | None = None
        self.status = "new"
        self.wins = next((number for number, stage in enumerate(layout.stages) if stage.wins), None)

    def along(self, steps: tuple[Step, ...]) -> tuple[PastStep, ...]:
        resolved = []
        for number, step in enumerate(steps):
            here = f"{self.path}[{number}]"
            if (step.what == "opened") != (number == 0):
                self.problems.add(
                    f"{here}.what", "the first step, and only that, is `opened`", "第一步（且只有第一步）是 `opened`"
                )
                break
            if step.reason and step.what != "ended":
                self.problems.add(f"{here}.reason", "only `ended` has a reason", "只有 `ended` 才写原因")
            past = self._step(step, here)
            if past is None:
                break  # what follows would only repeat the problem
            resolved.append(past)
        return tuple(resolved)

    def _step(self, step: Step, here: str) -> PastStep | None:
        if self.status == "ended":
            self.problems.add(f"{here}.what", "the deal has already ended", "项目在此之前已经结束")
            return None
        if step.what == "opened":
            return self._opened(step, here)
        if step.what == "moved":
            return self._moved(step, here)
        if step.what == "won":
            return self._won(step, here)
        return self._completed(step, here) if step.what == "completed" else self._ended(step, here)

    def _stage(self, name: str, here: str) -> int | None:
        found = self.layout.stage_at.get(name)
        if found is None:
            if name:
                self.problems.unknown(f"{here}.to", name, self.layout.stage_at, "stage", "阶段")
            else:
                self.problems.add(here, "the key 'to' is missing: which stage?", "缺少键 'to'：哪个阶段？")
        return found

    def _opened(self, step: Step, here: str) -> PastStep | None:
        to = self._stage(step.to, here)
        if to is None:
            return None
        self.at, self.status = to, "open" if self.wins is None or to <= self.wins else "won"
        if self.status == "won":
            self.problems.add(
                f"{here}.to",
                "the process wins before this stage: open earlier, then say `won`",
                "该阶段在赢单之后：请先在更早的阶段 `opened`，再写 `won`",
            )
            return None
        return PastStep("opened", {"to": step.to}, step.at)

    def _moved(self, step: Step, here: str) -> PastStep | None:
        to, stages = self._stage(step.to, here), self.layout.stages
        if to is None or self.at is None:
            return None
        if to == self.at:
            self.problems.add(f"{here}.to", "the deal is already in this stage", "项目已经处于该阶段")
            return None
        if self.wins is not None and (self.at <= self.wins) != (to <= self.wins):
            self.problems.add(
                f"{here}.what",
                "a move past the winning stage is `won`, and there is no way back over it",
                "越过赢单阶段应写 `won`，且不能退回",
            )
            return None
        what = move_type(stages, self.at, to)
        data = move_data(stages, self.at, to, what=what)
        self.at = to
        return PastStep(what, data, step.at)

    def _won(self, step: Step, here: str) -> PastStep | None:
        if self.wins is None or self.at is None:
            self.problems.add(
                f"{here}.what", "no stage of the process says `wins: true`", "流程中没有标记 `wins: true` 的阶段"
            )
            return None
        if self.status == "won":
            self.problems.add(f"{here}.what", "the deal is already won", "项目在此之前已经赢单")
            return None
        after = self.wins + 1 if self.wins + 1 < len(self.layout.stages) else None
        to = self._stage(step.to, here) if step.to else after
        if step.to and (to is None or to <= self.wins):
            if to is not None:
                self.problems.add(f"{here}.to", "a win leads past the winning stage", "赢单应进入赢单阶段之后的阶段")
            return None
        data = move_data(self.layout.stages, self.at, to, what="won")
        self.at, self.status = (self.at if to is None else to), "won"
        return PastStep("won", data, step.at)

    def _completed(self, step: Step, here: str) -> PastStep | None:
        if self.status != "won" or self.at is None:
            self.problems.add(f"{here}.what", "only a won deal completes", "只有已赢单的项目才能完成")
            return None
        self.status = "ended"
        return PastStep("completed", {"from": self.layout.stages[self.at].id}, step.at)

    def _ended(self, step: Step, here: str) -> PastStep | None:
        outcome = self.layout.outcomes.get(step.to)
        if outcome is None or self.at is None:
            self.problems.unknown(f"{here}.to", step.to, self.layout.outcomes, "outcome", "结局")
            return None
        if (self.status == "won") != (outcome.status == "completed"):
            self.problems.add(
                f"{here}.to",
                "an open deal is lost or disqualified; a won one can only complete",
                "进行中的项目只能丢单或取消资格；已赢单的项目只能完成",
            )
            return None
        self._check_reason(step.reason, tuple(outcome.reasons), here)
        self.status = "ended"
        data = {"from": self.layout.stages[self.at].id, "outcome": outcome.id}
        return PastStep(outcome.status, data, step.at, step.reason, tuple(outcome.reasons))

    def _check_reason(self, reason: Reason | None, reasons: tuple[str, ...], here: str) -> None:
        if reason is None:
            if reasons:
                some = ", ".join(reasons[:12])
                self.problems.add(
                    here, f"the key 'reason' is missing; one of: {some}", f"缺少键 'reason'；可选：{some}"
                )
            return
        named = [("", reason.fixed), (".otherwise", reason.otherwise)]
        named += [(f".values.{text}", name) for text, name in reason.values.items()]
        for suffix, name in named:
            if name and name not in reasons:
                self.problems.unknown(f"{here}.reason{suffix}", name, reasons, "reason", "原因")
