"""The plugins of a workspace: what they ship, and their hooks called one by one under guard."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from dealwright.errors import PluginError
from dealwright.model.deal import Deal
from dealwright.model.process import Process, Stage
from dealwright.model.remark import Remark
from dealwright.model.text import Text
from dealwright.plugins.catalogue import Offer, conflict, installed
from dealwright.plugins.faults import Fence, describe, fault

if TYPE_CHECKING:
    # hookspecs imports pluggy, which a workspace without plugins never needs
    from dealwright.events import Record
    from dealwright.hookspecs import CriterionKind, Function, GateResult, Judgement, Proposal, Score
    from dealwright.plugins.command_line import PluginCommand
    from dealwright.plugins.frozen import Views

REGISTER_OVERLAYS = "dealwright_register_overlays"
REGISTER_FUNCTIONS = "dealwright_register_functions"
EVALUATE_GATE = "dealwright_evaluate_gate"
SCORE = "dealwright_score"
PROMPTS = "dealwright_prompts"
LINT = "dealwright_lint"
REGISTER_CRITERIA = "dealwright_register_criteria"
PROPOSE = "dealwright_propose"
ON_EVENT = "dealwright_on_event"
REGISTER_COMMANDS = "dealwright_register_commands"
HOOKS = (
    REGISTER_OVERLAYS, REGISTER_FUNCTIONS, REGISTER_CRITERIA, EVALUATE_GATE, SCORE, PROMPTS, PROPOSE, LINT, ON_EVENT,
    REGISTER_COMMANDS,
)  # fmt: skip


class Implementation(NamedTuple):
    """One plugin's function for one hook, and the arguments of the hook that it asks for."""

    plugin: str
    function: Callable[..., Any]
    arguments: tuple[str, ...]


class Loaded(NamedTuple):
    """What became of one allowed plugin. `error` says why where it is not active.

    `hooks` are those it implements (None where it could not even be imported); `overlays`
    are YAML texts by overlay id; `functions` are guarded, `criteria` and `commands` checked, all
    by name. `file` is where its code is.
    """

    name: str
    state: Literal["active", "blocked", "missing", "broken"]
    version: str | None = None
    distribution: str | None = None
    hooks: dict[str, Implementation] | None = None
    overlays: Mapping[str, str] = MappingProxyType({})
    functions: Mapping[str, Function] = MappingProxyType({})
    error: PluginError | None = None
    criteria: Mapping[str, CriterionKind] = MappingProxyType({})
    commands: Mapping[str, PluginCommand] = MappingProxyType({})
    file: str | None = None


class Plugins:
    """Every plugin that the workspace allows, in its order; made by `load_plugins`.

    A plugin named by a process but not active closes the gate: each call that is given its
    name raises PluginError. So does a plugin that raises or answers in the wrong shape.
    """

    def __init__(
        self, loaded: Sequence[Loaded] = (), *, cache_dir: Path | None = None, fence: Fence | None = None,
        off: Sequence[str] = (), local: Sequence[Offer] = (),
    ) -> None:  # fmt: skip
        self._loaded = {plugin.name: plugin for plugin in loaded}
        self._cache_dir = cache_dir
        self._fence = fence or Fence()
        self._off = frozenset(off)
        self._local = tuple(local)
        self._offers: tuple[Offer, ...] | None = None
        self._views: Views | None = None
        self._flat: dict[str, tuple[Implementation, ...]] = {}
        self._resolve()

    def _resolve(self) -> None:
        self._flat = {
            hook: tuple(plugin.hooks[hook] for plugin in self._active() if plugin.hooks and hook in plugin.hooks)
            for hook in HOOKS
        }

    def overlays(self) -> dict[str, tuple[str, str]]:
        """Every overlay that plugins ship: (plugin, YAML text) by overlay id."""
        return {overlay: (plugin.name, text) for plugin in self._active() for overlay, text in plugin.overlays.items()}

    def functions(self) -> dict[str, Function]:
        """Every function that plugins add to expressions, by name; a call that fails raises PluginError."""
        return {name: function for plugin in self._active() for name, function in plugin.functions.items()}

    def versions(self) -> dict[str, str]:
        """The version of each active plugin, by name."""
        return {plugin.name: plugin.version or "0" for plugin in self._active()}

    def without_off(self, names: Sequence[str]) -> tuple[str, ...]:
        """Those of `names` that this command was not told to do without."""
        return tuple(name for name in names if name not in self._off)

    def closed(self, name: str) -> tuple[str, GateResult]:
        """What a gate says in place of a plugin that this command does without: nothing passes."""
        from dealwright.hookspecs import GateResult

        return name, GateResult(
            "plugin_switched_off", "unknown",
            Text(f"The plugin {name} is switched off (--no-plugin)", f"插件 {name} 已停用（--no-plugin）"),
            Text(f"the plugin {name} has its say", f"由插件 {name} 判断"), severity="block",
        )  # fmt: skip

    def require(self, name: str) -> None:
        """Return where the plugin `name` is active; raise PluginError, saying what to do, where it is not."""
        plugin = self._loaded.get(name)
        if plugin is None:
            raise switched_off(name) if name in self._off else self._absent(name)
        if plugin.error is not None:
            raise plugin.error

    def reject(self, name: str, error: PluginError) -> None:
        """Mark an active plugin as broken: what it ships turned out wrong when it was read."""
        plugin = self._loaded.get(name)
        if plugin is not None and plugin.state == "active":
            self._loaded[name] = plugin._replace(
                state="broken", overlays={}, functions={}, criteria={}, commands={}, error=error
            )  # fmt: skip
            self._resolve()

    def gates(self, plugin_names: Sequence[str]) -> tuple[str, ...]:
        """Those of `plugin_names` that have a say in transitions. Raises PluginError as `require` does."""
        return tuple(found.plugin for found in self._asked(EVALUATE_GATE, plugin_names))

    def evaluate_gate(
        self,
        plugin_names: Sequence[str],
        deal: Deal,
        process: Process,
        from_stage: str,
        to: str | None,
        now: datetime,
    ) -> tuple[tuple[str, GateResult], ...]:
        """What the named plugins say of one forward move, as (plugin, result). Raises PluginError."""
        facts = {"from_stage": from_stage, "to": to, "now": now}
        said: tuple[tuple[str, GateResult], ...] = self._collected(EVALUATE_GATE, plugin_names, deal, process, facts)
        return said

    def scores(
        self, plugin_names: Sequence[str], deal: Deal, process: Process, now: datetime
    ) -> tuple[tuple[str, Score], ...]:
        """The scores of the named plugins that have one, as (plugin, score). Raises PluginError."""
        said: tuple[tuple[str, Score], ...] = self._collected(SCORE, plugin_names, deal, process, {"now": now})
        return said

    def prompts(
        self, plugin_names: Sequence[str], deal: Deal, process: Process, stage: Stage
    ) -> tuple[tuple[str, Text], ...]:
        """The questions that the named plugins would ask next, as (plugin, text). Raises PluginError."""
        said: tuple[tuple[str, Text], ...] = self._collected(PROMPTS, plugin_names, deal, process, {"stage": stage})
        return said

    def proposals(
        self, plugin_names: Sequence[str], deal: Deal, process: Process, now: datetime
    ) -> tuple[tuple[str, Proposal], ...]:
        """What the named plugins propose, as (plugin, proposal). Raises PluginError."""
        said: tuple[tuple[str, Proposal], ...] = self._collected(PROPOSE, plugin_names, deal, process, {"now": now})
        return said

    def implements(self, hook: str) -> bool:
        """Whether an active plugin implements a hook."""
        return bool(self._flat.get(hook))

    def listeners(self) -> tuple[str, ...]:
        """The names of the active plugins that hear of events, in order."""
        return tuple(found.plugin for found in self._flat[ON_EVENT])

    def tell(self, name: str, event: Record, process: Process, deal: Deal, folder: Path) -> None:
        """Tell one plugin of one event in the workspace at `folder`. Raises PluginError."""
        from dealwright.plugins import answers

        views = self._frozen()
        given = {"event": views.event(event), "deal": views.deal(deal), "process": views.process(process),
                 "folder": folder}  # fmt: skip
        for one in self._flat[ON_EVENT]:
            if one.plugin == name:
                arguments = [given[argument] for argument in one.arguments]
                self._fence.answer(name, ON_EVENT, answers.nothing, one.function, *arguments)

    @property
    def seconds(self) -> float:
        """How long one call may take."""
        return self._fence.seconds

    def commands(self) -> dict[str, PluginCommand]:
        """The commands that plugins add to the command line, by name."""
        return {name: one for plugin in self._active() for name, one in plugin.commands.items()}

    def command(self, name: str) -> Any:
        """The click command of a plugin, imported. Raises PluginError."""
        one = self.commands()[name]
        return self._fence.call(one.plugin, name, one.imported)

    def failed(self, name: str, where: str, error: BaseException) -> PluginError:
        """What a plugin raised outside its hooks, said with its name."""
        said = describe(error)
        return fault(name, Text(f"it raised {said}", f"抛出了 {said}"), hook=where)

    def criteria(self) -> dict[str, CriterionKind]:
        """The kinds of criterion that plugins add, by id."""
        return {name: one for plugin in self._active() for name, one in plugin.criteria.items()}

    def owner_of(self, kind: str) -> str | None:
        """The active plugin that adds a kind of criterion, or None."""
        return next((plugin.name for plugin in self._active() if kind in plugin.criteria), None)

    def judge(self, kind: str, deal: Deal, parameters: Mapping[str, Any], now: datetime) -> Judgement:
        """What a kind of criterion says of a deal. Raises PluginError, also where no active plugin adds it."""
        owner = self.owner_of(kind)
        if owner is None:
            raise self._unkind(kind)
        from dealwright.plugins import answers
        from dealwright.plugins.frozen import frozen

        said: Judgement = self._fence.answer(
            owner, kind, answers.judgement, self._loaded[owner].criteria[kind].evaluate,
            self._frozen().deal(deal), frozen(parameters), now,
        )  # fmt: skip
        return said

    def _unkind(self, kind: str) -> PluginError:
        """Why nobody judges by a kind: the first plugin that is not active may be the one that adds it."""
        lost = next((plugin.error for plugin in self._loaded.values() if plugin.error is not None), None)
        why, why_zh = (f" ({lost.en})", f"（{lost.zh}）") if lost else ("", "")
        return PluginError(
            f"no active plugin adds the criterion {kind}{why}", f"没有已启用的插件提供条件 {kind}{why_zh}", kind=kind
        )

    def remember(self, cache_dir: Path, allowed: Sequence[str]) -> None:
        """Keep what the plugins implement, for commands that can do without importing them."""
        from dealwright.plugins.known import keep

        hooks = {hook: [one.plugin for one in found] for hook, found in self._flat.items() if found}
        commands = {name: (one.plugin, one.en, one.zh) for name, one in self.commands().items()}
        keep(cache_dir, allowed, [one.file for one in self._loaded.values() if one.file], hooks, commands)

    def linters(self) -> frozenset[str]:
        """The names of the active plugins that have rules for processes."""
        return frozenset(found.plugin for found in self._flat[LINT])

    def lint(self, process: Process) -> list[Remark]:
        """What every active plugin says of a process; one that fails is told of in a remark. Never raises for it."""
        if not self._flat[LINT]:
            return []
        from dealwright.plugins.lint import asked

        view = self._frozen().process(process)
        return [
            remark
            for one in self._flat[LINT]
            for remark in asked(self._fence, one.plugin, LINT, one.function, one.arguments, view)
        ]

    def listing(self, lang: str = "en") -> list[dict[str, Any]]:
        """Every plugin installed or allowed, in the shape of `plugin list`; errors are said in `lang`.

        A plugin that is not allowed is listed from its metadata: it is never imported.
        """
        rows = [_row(plugin, lang) for plugin in self._loaded.values()]
        for name, offers in sorted(_by_name(self._all_offers()).items()):
            if name not in self._loaded:
                doubt = conflict(offers)
                rows.append({
                    "name": name, "version": offers[0].version, "distribution": offers[0].distribution or None,
                    "origin": origin(offers[0].distribution),
                    "state": "blocked", "hooks": None, "error": doubt.say(lang) if doubt else None,
                })  # fmt: skip
        return rows

    def _active(self) -> Iterator[Loaded]:
        return (plugin for plugin in self._loaded.values() if plugin.state == "active")

    def _all_offers(self) -> tuple[Offer, ...]:
        if self._offers is None:
            self._offers = (*installed(self._cache_dir), *self._local)
        return self._offers

    def _absent(self, name: str) -> PluginError:
        if any(offer.name == name for offer in self._all_offers()):
            return PluginError(
                f"Plugin {name} is installed but not allowed here: add it under plugins in dealwright.yaml",
                f"插件 {name} 已安装但未获准使用：请在 dealwright.yaml 的 plugins 中加入它",
                plugin=name,
                state="blocked",
            )
        return missing(name)

    def _asked(self, hook: str, plugin_names: Sequence[str]) -> tuple[Implementation, ...]:
        for name in plugin_names:
            self.require(name)
        return tuple(found for found in self._flat[hook] if found.plugin in plugin_names) if plugin_names else ()

    def _collected(
        self, hook: str, plugin_names: Sequence[str], deal: Deal, process: Process, facts: dict[str, Any]
    ) -> Any:
        asked = self._asked(hook, plugin_names)
        if not asked:
            return ()
        from dealwright.plugins import answers

        views = self._frozen()
        given = {**facts, "deal": views.deal(deal), "process": views.process(process)}
        if "stage" in facts:
            given["stage"] = views.stage(facts["stage"])
        check = {
            EVALUATE_GATE: answers.gate_results, SCORE: answers.scores, PROMPTS: answers.prompts,
            PROPOSE: answers.proposals,
        }[hook]  # fmt: skip
        found: list[tuple[str, Any]] = []
        for one in asked:
            said = self._fence.answer(
                one.plugin, hook, check, one.function, *[given[name] for name in one.arguments]
            )  # fmt: skip
            found += [(one.plugin, part) for part in said]
        return tuple(found)

    def _frozen(self) -> Views:
        if self._views is None:
            from dealwright.plugins.frozen import Views

            self._views = Views()
        return self._views


def missing(name: str) -> PluginError:
    """The error for a plugin that no installed distribution offers."""
    return PluginError(
        f"Plugin {name} is not installed: install the distribution that offers it",
        f"插件 {name} 未安装：请安装提供它的软件包",
        plugin=name,
        state="missing",
    )


def switched_off(name: str) -> PluginError:
    """The error for a plugin that this command was told to do without."""
    return PluginError(
        f"Plugin {name} is switched off for this command (--no-plugin)",
        f"本次命令已停用插件 {name}（--no-plugin）",
        plugin=name,
        state="blocked",
    )


def origin(distribution: str | None) -> str | None:
    """Where a plugin comes from: `bundled` with dealwright, `installed` by another distribution, the `workspace`.

    None for one that is not there.
    """
    if distribution is None:
        return None
    return {"dealwright": "bundled", "": "workspace"}.get(distribution, "installed")


def _by_name(offers: Sequence[Offer]) -> dict[str, tuple[Offer, ...]]:
    grouped: dict[str, tuple[Offer, ...]] = {}
    for offer in offers:
        grouped[offer.name] = (*grouped.get(offer.name, ()), offer)
    return grouped


def _row(plugin: Loaded, lang: str) -> dict[str, Any]:
    return {
        "name": plugin.name,
        "version": plugin.version,
        "distribution": plugin.distribution or None,
        "origin": origin(plugin.distribution),
        "state": plugin.state,
        "hooks": None if plugin.hooks is None else [hook for hook in HOOKS if hook in plugin.hooks],
        "error": plugin.error.say(lang) if plugin.error else None,
    }
