"""A deal driven through the shipped B2B process under bundled methodologies, by nothing but what is offered."""

from __future__ import annotations

from functools import cache
from importlib.metadata import distribution

from shipped_advice import MOST, Advised
from shipped_walk import MANY, MORNING, PLACE, Walk, neighbours

from dealwright.definition import Finding, overlay_findings, read_overlay, read_process, resolve
from dealwright.engine import Context, blank, prepare
from dealwright.engine import commands as c
from dealwright.engine.program import Program
from dealwright.engine.why import forward_targets
from dealwright.model.people import Person, Team
from dealwright.model.process import Overlay, Process
from dealwright.plugins import Plugins, load_plugins
from dealwright.workspace.neighbours import Records

FORWARD = ("advance", "win", "complete")


@cache
def plugins() -> Plugins:
    """Everything that comes with dealwright, loaded as a workspace would."""
    points = distribution("dealwright").entry_points.select(group="dealwright")
    return load_plugins(sorted(point.name for point in points))


@cache
def overlays() -> dict[str, Overlay]:
    """The bundled methodologies by id."""
    found = {}
    for name, (plugin, text) in plugins().overlays().items():
        read = read_overlay(text.encode(), f"plugin:{plugin}/{name}", plugins().functions())
        assert read.overlay is not None, read.findings
        found[name] = read.overlay
    return found


METHODOLOGIES = tuple(sorted(overlays()))


def authored(methodologies: str) -> tuple[Process | None, list[Finding]]:
    """The B2B process as its author would write it with this value of `methodologies:`, and what is found in it."""
    text = (PLACE / "b2b.process.yaml").read_text(encoding="utf-8")
    text = text.replace("\nroles:", f"\nmethodologies: {methodologies}\n\nroles:", 1)
    beside = neighbours()
    reading = read_process(
        text.encode(), "b2b.process.yaml", overlays=overlays(), functions=plugins().functions(),
        records=Records(beside), processes=beside,
    )  # fmt: skip
    return reading.process, reading.findings


def codes(methodologies: str) -> list[str]:
    """The codes of what is found, in order.

    A methodology may bring the buyer's word to a stage whose author had to excuse its want: that comment has become
    idle, which speaks against nothing.
    """
    return [finding.code for finding in authored(methodologies)[1] if finding.code != "unused-ignore"]


@cache
def program_under(methodologies: str) -> Program:
    """The process with these methodologies laid over it."""
    process, findings = authored(methodologies)
    assert process is not None, findings
    named = [overlays()[name] for name in process.methodologies]
    assert not [f for f in overlay_findings(process, named, functions=plugins().functions()) if f.severity == "error"]
    sources = {plugins().overlays()[name][0]: None for name in process.methodologies}
    beside = neighbours()
    laid = resolve(
        process, named, tuple(f"{plugin}==0" for plugin in sources), sorted(plugins().functions()),
        records=Records(beside), processes=beside,
    )  # fmt: skip
    return prepare(laid, plugins().functions())


class MethodWalk(Walk):
    """A deal of the B2B process under methodologies; plugins' gates are asked as the command line would."""

    def __init__(self, methodologies: str) -> None:
        self.name = "b2b"
        self.program = program_under(methodologies)
        people = (f"{role}-{number}" for role in self.program.process.roles for number in range(1, MANY + 1))
        self.team = Team({person: Person(person, (person.rpartition("-")[0],)) for person in people})
        self.now = MORNING
        self.known = {}
        self.rivals = {}
        self.deal = blank(self.program.layout)
        self.must("sales_rep", c.Open(id="b2b-1", title="Example Ltd", owner="sales_rep-1"))

    def context(self, person: str | None = None) -> Context:
        """As any walk's, with what plugins' gates say of the next move."""
        plain = super().context(person)
        if self.deal.status not in ("open", "won"):
            return plain
        targets = forward_targets(self.program, self.deal, plain)
        names = [name.partition("==")[0] for name in self.program.process.plugins]
        said = plugins().evaluate_gate(
            names, self.deal, self.program.process, self.deal.stage, targets[0][0] if targets else None, self.now
        )
        return Context(plain.actor, tuple(plain.roles), plain.moment, plain.team, said)


class Story:
    """What one walk saw: criteria by source that were unmet and then met, and the stages it went through."""

    def __init__(self, methodologies: str, **wishes: object) -> None:
        self.walk = MethodWalk(methodologies)
        self.advised = Advised(self.walk, wishes)
        self.wanted: set[str] = set()
        self.stages = [self.walk.deal.stage]

    def to_the_win(self) -> Story:
        """By nothing but what refusals offer."""
        while self.walk.deal.status == "open":
            self.over_one_stage()
            assert len(self.stages) < 40, self.stages
        return self

    def over_one_stage(self) -> None:
        """Meet what the next move asks, and make it. Fails where what is offered does not help."""
        stage = self.walk.deal.stage
        waiting = []
        for _ in range(MOST):
            way = next(one for one in self.walk.ways() if one.kind in FORWARD)
            waiting = [one for one in way.criteria if one.blocks]
            self.wanted |= {one.id for one in waiting if one.source != "process"}
            if not waiting:
                self.walk.must((way.roles or self.walk.program.stage(stage).responsible)[0], c.Advance())
                self.stages.append(self.walk.deal.stage)
                return
            # Approvals last: whatever changes after one is asked for again.
            waiting.sort(key=lambda one: one.evidence == "approval")
            self.advised.follow(waiting[0])
        raise AssertionError(f"{stage} never became ready: {waiting}")
