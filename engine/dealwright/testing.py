"""For tests of plugins: a real workspace, deals in it, a clock that stands still, and the contract suite.

Name it in a `conftest.py` at the top of a project: `pytest_plugins = ["dealwright.testing"]`.
The plugin has to be installed, as `pip install -e .` does: it is loaded as any workspace loads it.

PYTEST_DONT_REWRITE: nothing here asserts, and tests may import it before it is named.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any, ClassVar

import pytest

from dealwright.errors import RefusedError
from dealwright.plugins import load_plugins
from dealwright.workspace import Workspace
from dealwright.workspace.plugin_trial import CASES, Case, check_plugin

__all__ = [
    "Case", "Clock", "DealUnderTest", "Deals", "PluginContract", "check_plugin", "clock", "deals", "plugin_name",
    "process", "workspace",
]  # fmt: skip

PEOPLE = ("rep-1", "rep-2", "manager-1", "manager-2")
_BEGIN = datetime(2026, 3, 2, 9, tzinfo=UTC)


class Clock:
    """The time of a test: it stands still until somebody moves it."""

    def __init__(self) -> None:
        self.now = _BEGIN
        self._followers: list[Workspace] = []

    def move(self, **by: float) -> datetime:
        """Let time pass: `move(days=3)`, as a timedelta is made. Gives the new instant."""
        self.now += timedelta(**by)
        for workspace in self._followers:
            workspace._now = self.now
        return self.now

    def drive(self, workspace: Workspace) -> None:
        """From now on this clock is the workspace's."""
        workspace._now = self.now
        self._followers.append(workspace)


class DealUnderTest:
    """A deal of a real workspace, and what people do to it. `rep-1` acts where nobody is named."""

    def __init__(self, workspace: Workspace, deal_id: str) -> None:
        self._workspace = workspace
        self.id = deal_id

    def set(self, *, by: str = "rep-1", **fields: Any) -> None:
        """Set fields, as text or as JSON data."""
        self._as(by).deal_set(self.id, data=fields)

    def item(self, list_: str, *, by: str = "rep-1", **fields: Any) -> None:
        """Add an entry to a list."""
        self._as(by).item_add(self.id, list_, data=fields)

    def artifact(self, kind: str, *, by: str = "rep-1", file: str | Path | None = None, **fields: Any) -> None:
        """Record an artifact, or a new version of it."""
        self._as(by).artifact_add(self.id, kind, data=fields, file=file)

    def approve(self, artifact: str, *, by: str = "manager-1") -> None:
        """Approve an artifact."""
        self._as(by).artifact_approve(self.id, artifact)

    def stakeholder(self, *, by: str = "rep-1", **fields: Any) -> None:
        """Add somebody on the buyer's side: the first is s1."""
        self._as(by).stakeholder_add(self.id, data=fields)

    def activity(self, name: str, *, by: str = "rep-1", contact: str | None = None, **fields: Any) -> None:
        """Log an act: the buyer's where a `contact` such as s1 is named, else ours."""
        side = "buyer" if contact else None
        self._as(by).activity_log(self.id, name, by=side, contact=contact, data=fields)

    def waive(self, criterion: str, *, by: str = "manager-1") -> None:
        """Let a criterion go."""
        self._as(by).deal_waive(self.id, criterion, "a test")

    def advance(self, *, by: str = "rep-1") -> str:
        """Go on, and give the stage that the deal is in then. Raises RefusedError."""
        stage: str = self._as(by).deal_advance(self.id)["deal"]["stage"]
        return stage

    def refused(self, *, by: str = "rep-1") -> AbstractSet[str]:
        """Try to go on, which has to be refused: the ids of the criteria that stop it."""
        try:
            self._as(by).deal_advance(self.id)
        except RefusedError as error:
            return {one["id"] for one in error.details.get("criteria", ())}
        raise AssertionError(f"{self.id} was not refused")

    def criteria(self) -> dict[str, str]:
        """How each criterion of the ways that are open now stands, by its id; where ways differ, the last counts."""
        ways = self._workspace.deal_why(self.id)["transitions"]
        return {one["id"]: one["status"] for way in ways for one in way["criteria"]}

    def wants(self) -> AbstractSet[str]:
        """The criteria that the plugin still wants, in this phase and the later ones."""
        return {one["id"] for one in self._workspace.deal_coach(self.id)["wants"]}

    def prompts(self) -> list[str]:
        """The questions worth asking now, in English, the process's and the plugin's."""
        return [one["text"] for one in self._workspace.deal_coach(self.id)["prompts"]]

    def flags(self) -> AbstractSet[str]:
        """The flags that are up."""
        return {one["id"] for one in self._workspace.deal_coach(self.id)["flags"]}

    def scores(self) -> dict[str, float]:
        """The scores of 0 to 100, by `overlay:NAME` or `plugin:NAME`."""
        return {one["source"]: one["score"] for one in self._workspace.deal_score(self.id)["scores"]}

    def show(self) -> dict[str, Any]:
        """The deal as `dealwright deal show -o json` gives it."""
        shown: dict[str, Any] = self._workspace.deal_show(self.id)["deal"]
        return shown

    def _as(self, person: str) -> Workspace:
        return self._workspace.acting_as(person)


class Deals:
    """Opens deals in a workspace, of one process."""

    def __init__(self, workspace: Workspace, process: str) -> None:
        self.workspace = workspace
        self.process = process

    def open(self, title: str = "Northlight", *, owner: str = "rep-1", **fields: Any) -> DealUnderTest:
        """Open a deal, of which `rep-1` is the owner unless somebody else is named."""
        done = self.workspace.acting_as(owner).deal_open(self.process, title, owner=owner, data=fields)
        return DealUnderTest(self.workspace, done["deal"]["id"])


@pytest.fixture
def plugin_name(request: pytest.FixtureRequest) -> str:
    """The plugin under test: the first of `[project.entry-points.dealwright]` in the project's pyproject.toml.

    Override it where that is not so.
    """
    project = request.config.rootpath / "pyproject.toml"
    said = tomllib.loads(project.read_text(encoding="utf-8")) if project.is_file() else {}
    for name in said.get("project", {}).get("entry-points", {}).get("dealwright", {}):
        return str(name)
    pytest.fail(f"{project} names no plugin: add [project.entry-points.dealwright], or a fixture plugin_name")


@pytest.fixture
def process() -> str | Path:
    """The process that deals are opened in, b2b; override it for another id, or for your own `ID.process.yaml`."""
    return "b2b"


@pytest.fixture
def clock() -> Clock:
    """A clock that stands still at 2026-03-02 09:00 UTC, until it is moved."""
    return Clock()


@pytest.fixture
def workspace(tmp_path: Path, plugin_name: str, process: str | Path, clock: Clock) -> Iterator[Workspace]:
    """A real workspace that allows the plugin and lays its overlays over the process; `rep-1` acts.

    Everybody in it (rep-1, rep-2, manager-1, manager-2) holds every role of the process.
    """
    plugins = load_plugins([plugin_name])
    plugins.require(plugin_name)
    folder = tmp_path / "workspace"
    Workspace.init(folder)
    if isinstance(process, Path):
        (folder / "processes" / process.name).write_bytes(process.read_bytes())
    _write_settings(folder, plugin_name, {_id_of(process): list(plugins.overlays())})
    _write_team(folder, _id_of(process))
    with Workspace.find(folder, actor=PEOPLE[0]) as found:
        clock.drive(found)
        yield found


@pytest.fixture
def deals(workspace: Workspace, process: str | Path) -> Deals:
    """Opens deals in the workspace."""
    return Deals(workspace, _id_of(process))


class PluginContract:
    """The contract suite as tests: subclass it and say `plugin = your_module`. Each case is one test."""

    plugin: ModuleType | str | Path
    _told: ClassVar[dict[type, Mapping[str, Case]]] = {}

    @pytest.mark.parametrize("case", CASES)
    def test_plugin_keeps_its_contract(self, case: str) -> None:
        """One case of `dealwright plugin check`."""
        told = self._told.get(type(self))
        if told is None:
            told = self._told[type(self)] = {one.name: one for one in check_plugin(self.plugin)}
        if case not in told:
            pytest.fail("not tried: an earlier case does not hold")
        if not told[case].ok:
            pytest.fail(told[case].message.en)


def _id_of(process: str | Path) -> str:
    return process.name.partition(".")[0] if isinstance(process, Path) else process


def _write_settings(folder: Path, plugin: str, methodologies: Mapping[str, list[str]]) -> None:
    laid = ", ".join(f"{process}: [{', '.join(names)}]" for process, names in methodologies.items() if names)
    text = f'dealwright: "1"\nplugins: [{plugin}]\nallow_as: true\nallow_now: true\n'
    text += f"methodologies: {{{laid}}}\n" if laid else ""
    (folder / "dealwright.yaml").write_text(text, encoding="utf-8")


def _write_team(folder: Path, process: str) -> None:
    with Workspace.find(folder) as found:
        roles = ", ".join(role["id"] for role in found.process_show(process)["process"]["roles"])
    lines = "".join(f"  {person}: {{roles: [{roles}]}}\n" for person in PEOPLE)
    (folder / "team.yaml").write_text(f"people:\n{lines}", encoding="utf-8")
