"""A deal of any shipped process brought to a stage by the advice of refusals, for tests of what is special there."""

from __future__ import annotations

from typing import Any

from shipped_advice import Advised
from shipped_machine import Machine
from shipped_stories import STORIES
from shipped_walk import Walk

ONWARD = ("advance", "win", "complete", "return")


def at(name: str, stage: str, turns: dict[str, str] | None = None, **fields: Any) -> Walk:
    """A deal of the process `name` that has just come to `stage`; `turns` names by stage where to go at a decision."""
    machine = Machine(name, STORIES[name])
    advised = Advised(Walk(name, **fields), STORIES[name].wishes)
    for _ in machine.process.stages:
        here = advised.walk.deal.stage
        if here == stage:
            return advised.walk
        ways = advised.walk.ways()
        wanted = (turns or {}).get(here)
        way = next(w for w in ways if (w.to == wanted if wanted else w.kind in ONWARD and w.to is not None))
        before = STORIES[name].before.get(f"{here}.{way.branch}")
        if before is not None:
            before(advised.walk)
        machine.supply(advised, way)
        if advised.walk.deal.stage == here:
            machine.go(advised, way)
    assert advised.walk.deal.stage == stage
    return advised.walk


def ready(name: str, stage: str, **fields: Any) -> Walk:
    """A deal at `stage` that lacks nothing for the way on."""
    walk = at(name, stage, **fields)
    supply(walk)
    return walk


def supply(walk: Walk) -> None:
    """Meet everything for the way on, by the advice."""
    machine = Machine(walk.name, STORIES[walk.name])
    machine.supply(Advised(walk, STORIES[walk.name].wishes), next(w for w in walk.ways() if w.kind in ONWARD))


def told(events: list[Any]) -> list[tuple[str, ...]]:
    """Who was notified, in order."""
    return [event.data.roles for event in events if event.type == "notified"]


def begun(walk: Walk) -> list[str]:
    """The deals that this one has opened."""
    return [link.deal.rpartition("-")[0] for link in walk.deal.work.links if link.kind == "follow_on"]


def owed(walk: Walk) -> list[str | None]:
    """The kinds of the tasks that are open."""
    return [task.kind for task in walk.deal.work.tasks if task.how is None]
