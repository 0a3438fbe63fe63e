"""The plugin contract, whole. A plugin imports `hookimpl` and the types it needs from `dealwright`.

Every hook sees frozen data. Hooks are called in the order in which the workspace allows its
plugins. Whatever a hook raises, or returns in the wrong shape, refuses the command that asked
and is reported with the plugin's name; the deal stays where it was.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from msgspec import Struct

from dealwright.events import Record
from dealwright.model.deal import Deal
from dealwright.model.process import Process, Severity, Stage
from dealwright.model.text import Text
from dealwright.model.verdict import Evidence, Remedy, Status

GROUP = "dealwright"  # the entry-point group, and the project name of every marker

# What plugins should not use any more, a hook or (with its name) an argument of one, and what to use instead. Both
# go on working until they are taken out; a plugin that uses one is told once, by its name.
DEPRECATED: dict[tuple[str, str | None], str] = {}

if TYPE_CHECKING:
    # pluggy's markers return what they are given; it is imported only when plugins are.
    _F = TypeVar("_F", bound=Callable[..., Any])

    def hookspec(function: _F) -> _F: ...
    def hookimpl(function: _F) -> _F: ...

else:

    def hookspec(function):
        """Mark a specification exactly as pluggy's HookspecMarker would (a test holds it to that)."""
        function.dealwright_spec = {
            "firstresult": False, "historic": False, "warn_on_impl": None, "warn_on_impl_args": None,
        }  # fmt: skip
        return function

    def __getattr__(name):
        # The types below are needed wherever guards are; pluggy only where a plugin is.
        if name != "hookimpl":
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from pluggy import HookimplMarker

        globals()[name] = HookimplMarker(GROUP)
        return globals()[name]


class Function(Struct, frozen=True):
    """A pure function for criteria. `takes` and `gives` name types: text number boolean date money list any.

    An optional value that the deal lacks makes the call unknown before `call` is reached.
    """

    name: str
    takes: tuple[str, ...]
    gives: str
    call: Callable[..., Any]
    doc: Text


class GateResult(Struct, frozen=True):
    """What a plugin says about one transition. `status` met adds nothing; a block can never lift another."""

    id: str
    status: Status
    text: Text
    expected: Text
    found: Any = None
    severity: Severity = "warn"
    evidence: Evidence = "seller"
    remedies: tuple[Remedy, ...] = ()


class Score(Struct, frozen=True):
    """0 to 100, and why."""

    value: float
    reasons: tuple[Text, ...]


class CriterionKind(Struct, frozen=True):
    """A kind of criterion in Python, used in a process as `{use: ID, with: {...}, unmet: ...}`.

    `schema` is the JSON Schema of the parameters: `type: object` and below it types, `properties`,
    `required`, `items`, `enum`, `pattern` and bounds, no more; a process author gets completion
    and findings at line and column from it. `evaluate(deal, parameters, now)` gives a Judgement;
    it is called as gates are: before the write, outside the store's lock.
    """

    id: str
    title: Text
    schema: dict[str, Any]
    evaluate: Callable[..., Any]


class Judgement(Struct, frozen=True):
    """How a criterion stands: met, unmet or unknown; what is expected in words, what there is, what would help."""

    status: Status
    expected: Text
    found: Any = None
    remedies: tuple[Remedy, ...] = ()
    evidence: Evidence = "seller"


class Proposal(Struct, frozen=True):
    """What somebody outside suggests: a `score` of 0 to 100, a next `step` in words, or both, and why.

    `command` may offer the step as a command of the deal. A proposal is shown and may be logged; it
    never changes a deal.
    """

    id: str
    reason: Text
    score: float | None = None
    step: Text | None = None
    command: Remedy | None = None


class CommandLine(Protocol):
    """Where `dealwright_register_commands` names what it adds."""

    def add(self, name: str, target: str, en: str, zh: str) -> None:
        """Add the command `dealwright NAME`: `target` is `module:attribute` of a click command or group.

        It is imported when it is called. `en` and `zh` are its line in the help. `ctx.obj` is the
        call: `.workspace()` opens the workspace, `.show(data, draw)` prints in the form asked for,
        `.say(en, zh)` chooses the language, and what the command returns is the exit code.
        """


class LintReport(Protocol):
    """Where `dealwright_lint` tells what it finds."""

    def add(self, path: Sequence[str | int], code: str, severity: str, en: str, zh: str) -> None:
        """Take one finding, shown as `plugin:NAME/CODE` at the author's line and column.

        `path` leads to it from the top of the file: keys, ids of list entries (stages,
        branches, approvals) or positions from 0, as in `("stages", "qualify", "sla")`; as
        much of it as is there counts. `code` is a slug; `severity` is `error` or `warning`.
        """


class HookSpecs:
    """Implement any of these as module-level functions, each marked `@hookimpl`."""

    @hookspec
    def dealwright_register_overlays(self) -> Sequence[str]:
        """Ship overlays as data.

        Returns the text of each overlay file (YAML, schemas/overlay.schema.json). None or
        an empty list: nothing. An overlay that does not validate makes the plugin broken.
        Version added: 0.1.
        """
        raise AssertionError

    @hookspec
    def dealwright_register_functions(self) -> Sequence[Function]:
        """Add typed, pure functions to the expressions of processes and overlays.

        A name already taken makes the plugin broken. What a function raises makes the
        criterion unknown. Version added: 0.1.
        """
        raise AssertionError

    @hookspec
    def dealwright_register_criteria(self) -> Sequence[CriterionKind]:
        """Add kinds of criterion to processes and overlays.

        Called once, when plugins are loaded. None or empty: nothing. A schema that is none, an id
        that is taken, or anything that is no CriterionKind makes the plugin broken. A criterion whose
        plugin is absent, raises or answers wrongly is unknown, so it blocks, naming the plugin.
        Version added: 0.2.
        """
        raise AssertionError

    @hookspec
    def dealwright_evaluate_gate(
        self, deal: Deal, process: Process, from_stage: str, to: str | None, now: datetime
    ) -> Sequence[GateResult]:
        """Add criteria results to a forward move of a deal whose process names this plugin.

        Called before the write and again after a race. None or empty: nothing to add.
        Version added: 0.1.
        """
        raise AssertionError

    @hookspec
    def dealwright_score(self, deal: Deal, process: Process, now: datetime) -> Score | None:
        """Score a deal whose process names this plugin, 0 to 100 with reasons. None: no score yet.

        Version added: 0.1.
        """
        raise AssertionError

    @hookspec
    def dealwright_lint(self, process: Process, report: LintReport) -> None:
        """Object to a process: say through `report` what is unwise in it.

        Called by `process validate`, for every plugin that the workspace allows, on each
        process file without errors; `process` has its methodologies laid over it. Authors
        and workspaces may turn a rule off, raise or ignore it by its code. Opening and
        running deals never asks. Whatever it raises becomes a finding that names the plugin.
        Returns None. Version added: 0.2.
        """
        raise AssertionError

    @hookspec
    def dealwright_prompts(self, deal: Deal, process: Process, stage: Stage) -> Sequence[Text]:
        """Give the questions worth asking next, fitted to the deal's state. None or empty: none.

        Version added: 0.1.
        """
        raise AssertionError

    @hookspec
    def dealwright_propose(self, deal: Deal, process: Process, now: datetime) -> Sequence[Proposal]:
        """Propose a score or a next step for a deal, from a model or a service outside.

        Called where the process names this plugin, by `deal coach`, which shows proposals, and by
        `deal propose`, which logs them too. Nothing else ever reads them: a proposal moves no deal.
        None or empty: nothing to propose. What it raises refuses the command. Version added: 0.2.
        """
        raise AssertionError

    @hookspec
    def dealwright_on_event(self, event: Record, deal: Deal, process: Process, folder: Path) -> None:
        """Hear of what happened, after it was committed.

        Called for every plugin that the workspace allows, with each event of the log in order,
        from the first one written after the plugin was allowed: after a write, and by `tick`. An
        event comes at least once: after a crash, or where two commands run at a time, once more.
        `deal` is as it is now, which may be later than the event; `folder` is the workspace's, where
        a plugin may keep files of its own in `.dealwright/NAME/`. What it raises undoes nothing
        and refuses nothing: the same event comes again at the next write or `tick`, no later one
        before it, and `plugin list` and `doctor` tell. Returns None. Version added: 0.2.
        """
        raise AssertionError

    @hookspec
    def dealwright_register_commands(self, cli: CommandLine) -> None:
        """Add commands to the command line, through `cli`.

        Called once, when plugins are loaded, for every plugin that the workspace allows. A name
        that an earlier plugin took makes this one broken; dealwright's own commands cannot be
        replaced. Returns None. Version added: 0.2.
        """
        raise AssertionError
