"""Every way that a deal can take through a process, as a graph whose size is that of the file.

Nodes: each stage; the *threshold* before each stage, from which a stage with an `if` may
be passed over; *anywhere*, which every stage leads to; the *end*; and a *turn* for each
set of stages that detours are entered from and return to.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from dealwright.model.process import Approval, Automation, Process


class Ways:
    """The graph of one process: `onward` leads towards an end; back, into detours and by rejections it goes `sideways`.

    A detour without a decision of its own leads on to the stages that it may be entered from.
    """

    __slots__ = ("anywhere", "at", "count", "end", "following", "onward", "process", "sideways")

    def __init__(self, process: Process) -> None:
        self.process = process
        self.at = {stage.id: index for index, stage in enumerate(process.stages)}
        self.count = len(process.stages)
        self.anywhere = 2 * self.count
        self.end = self.anywhere + 1
        self.onward: list[list[int]] = [[] for _ in range(self.end + 1)]
        self.sideways: list[list[int]] = [[] for _ in range(self.end + 1)]
        self.following = self._thresholds()
        self._detours()
        for index in range(self.count):
            self.onward[index] += self._all_forward(index)
            self.sideways[index] += self._side(index)
        for automation in process.automations:
            self._automation(automation, [self.at[s] for s in automation.stages if s in self.at] or [self.anywhere])
        for artifact in process.artifacts:
            self.sideways[self.anywhere] += self._rejections(artifact.approvals)
        for edges in (self.onward, self.sideways):
            for index in range(self.count) if edges[self.anywhere] else ():
                edges[index].append(self.anywhere)

    @property
    def starts(self) -> list[int]:
        """Where deals begin."""
        named = [self.threshold(start.to) for start in self.process.start]
        return [node for node in named if node != self.end] or [self.count + self._first()]

    def threshold(self, target: str) -> int:
        """The node before a stage; the end for anything else."""
        return self.count + self.at[target] if target in self.at else self.end

    def forward(self, index: int) -> Iterator[tuple[int, str]]:
        """The nodes that going on from a stage leads to, and on which condition: its branches, or what follows it."""
        stage = self.process.stages[index]
        if stage.decision is not None:
            yield from ((self.threshold(branch.to), branch.condition) for branch in stage.decision.branches)
        elif not stage.detour:
            yield self.following[index], ""

    def _first(self) -> int:
        return next((at for at, stage in enumerate(self.process.stages) if not stage.detour), 0)

    def _thresholds(self) -> list[int]:
        """Lay the edges of the thresholds; give for each stage the node that follows it in the list."""
        following = [self.end] * self.count
        nearest = self.end
        for index in range(self.count - 1, -1, -1):
            stage = self.process.stages[index]
            following[index] = nearest
            self.onward[self.count + index] = [index, nearest] if stage.condition else [index]
            if not stage.detour:
                nearest = self.count + index
        return following

    def _all_forward(self, index: int) -> Iterator[int]:
        stage = self.process.stages[index]
        yield from (node for node, _ in self.forward(index))
        yield from (self.threshold(to) for to in stage.skip_to if to in self.at)
        for automation in stage.automations:
            if automation.then.to:
                yield self.threshold(automation.then.to)

    def _side(self, index: int) -> Iterator[int]:
        stage = self.process.stages[index]
        yield from (self.at[to] for to in stage.back_to or () if to in self.at)
        yield from self._rejections(stage.approvals)

    def _detours(self) -> None:
        """Detours that are entered from the same stages share two nodes, so that `detour: true` costs no square."""
        turns: dict[tuple[str, ...], tuple[int, int]] = {}
        for index, stage in enumerate(self.process.stages):
            if not stage.detour:
                continue
            if stage.detour not in turns:
                sources = [self.at[source] for source in stage.detour if source in self.at]
                there, back = len(self.onward), len(self.onward) + 1
                turns[stage.detour] = there, back
                self.onward += [[], sources]
                self.sideways += [[], []]
                for source in sources:
                    self.sideways[source].append(there)
            there, back = turns[stage.detour]
            self.sideways[there].append(index)
            if stage.decision is None:
                self.onward[index].append(back)

    def _rejections(self, approvals: Iterable[Approval]) -> Iterator[int]:
        return (self.threshold(a.on_reject.to) for a in approvals if a.on_reject is not None and a.on_reject.to)

    def _automation(self, automation: Automation, places: Iterable[int]) -> None:
        if automation.then.to:
            for place in places:
                self.onward[place].append(self.threshold(automation.then.to))
