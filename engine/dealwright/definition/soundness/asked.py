"""What has to be there before a stage is left: criteria of every origin, documents, approvals, tasks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from dealwright.model.process import Criterion, Process, Requirement, Stage


class Places:
    """The positions of a process's stages by id, made once per check."""

    __slots__ = ("at", "process")

    def __init__(self, process: Process) -> None:
        self.process = process
        self.at: Mapping[str, int] = {stage.id: index for index, stage in enumerate(process.stages)}


def criteria_of(places: Places, stage: Stage, wide: Iterable[Criterion] | None = None) -> Iterator[Criterion]:
    """The exit criteria of a stage: its own, those of the process (`wide`, or all) that reach it, those of overlays."""
    yield from stage.exit_criteria
    index = places.at.get(stage.id, 0)
    for criterion in places.process.exit_criteria if wide is None else wide:
        first, last = criterion.stages or ("", "")
        if places.at.get(first, 0) <= index <= places.at.get(last, len(places.at)):
            yield criterion
    stages = places.process.stages
    last_of_phase = index + 1 == len(stages) or stages[index + 1].phase != stage.phase
    for overlay in places.process.overlays if last_of_phase else ():
        patch = overlay.phases.get(stage.phase)
        if patch is not None:
            yield from patch.exit_criteria


def required_by(places: Places, stage: Stage) -> Iterator[Requirement]:
    """The artifacts that a stage requires, overlays included."""
    yield from stage.requires
    for overlay in places.process.overlays:
        patch = overlay.phases.get(stage.phase)
        if patch is not None:
            yield from patch.requires


def parts_of(criterion: Criterion) -> Iterator[Criterion]:
    """A criterion and those it is combined of, at every depth."""
    waiting = [criterion]
    while waiting:
        part = waiting.pop()
        yield part
        waiting.extend(part.of)
