"""Loading plugins: only the allowed ones are imported, and each is either whole or broken."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dealwright.errors import PluginError
from dealwright.model.text import Text
from dealwright.plugins.catalogue import GROUP, Offer, conflict, installed
from dealwright.plugins.faults import Fence, fault
from dealwright.plugins.limits import IMPORT_FACTOR, SECONDS
from dealwright.plugins.local import file_of, imported_file
from dealwright.plugins.manager import (
    HOOKS,
    REGISTER_COMMANDS,
    REGISTER_CRITERIA,
    REGISTER_FUNCTIONS,
    REGISTER_OVERLAYS,
    Implementation,
    Loaded,
    Plugins,
    missing,
    switched_off,
)

if TYPE_CHECKING:
    from pluggy import PluginManager

    from dealwright.plugins.command_line import PluginCommand


def load_plugins(
    allowed: Sequence[str], *, cache_dir: Path | None = None, reserved: Sequence[str] | None = None,
    seconds: float = SECONDS, without: Sequence[str] = (), local: Sequence[Offer] = (),
) -> Plugins:  # fmt: skip
    """Import and register the plugins named in `allowed`, and no other, in that order.

    An entry is a name, or `NAME==VERSION` for that version alone: of another one nothing is
    imported. Never raises for a plugin's sake: one that is missing, blocked, fails to import or
    registers wrongly is kept as such, and `Plugins.require` raises when somebody needs it.
    `cache_dir` keeps the list of installed plugins; `reserved` are names of functions
    that a plugin may not take (default: those that expressions already have); each call may
    take `seconds`; those of `without` are left out this once; `local` are offers beside those of
    installed distributions.
    """
    wanted: dict[str, set[str]] = {}
    for entry in allowed:
        name, _, version = entry.partition("==")
        wanted.setdefault(name, set()).update({version} if version else ())
    if not wanted:  # neither pluggy nor importlib.metadata is imported on this path
        return Plugins(cache_dir=cache_dir, local=local)
    offers = (*installed(cache_dir), *local)
    loader = _Loader(reserved, Fence(seconds))
    loaded = []
    for name, pins in wanted.items():
        offered = tuple(offer for offer in offers if offer.name == name)
        loaded.append(_closed(name, pins, offered, without) or loader.load(name, offered))
    return Plugins(loaded, cache_dir=cache_dir, fence=loader.fence, off=without, local=local)


def load_offer(offer: Offer, *, seconds: float = SECONDS) -> Plugins:
    """One plugin alone, wherever it comes from and whatever else is installed: to be looked at, not to be allowed.

    Never raises for its sake, as `load_plugins`.
    """
    loader = _Loader(None, Fence(seconds))
    return Plugins([loader.load(offer.name, (offer,))], fence=loader.fence)


def _closed(name: str, pins: set[str], offers: tuple[Offer, ...], without: Sequence[str]) -> Loaded | None:
    """A plugin that may not run although it is named; None where it may, or is not there at all."""
    if not offers:
        return None
    loaded = Loaded(name, "blocked", offers[0].version, offers[0].distribution)
    if name in without:
        return loaded._replace(error=switched_off(name))
    if len(offers) == 1 and pins and pins != {offers[0].version}:
        return loaded._replace(error=_other_version(name, " and ".join(sorted(pins)), offers[0].version))
    return None


def _other_version(name: str, allowed: str, version: str) -> PluginError:
    return PluginError(
        f"Plugin {name} is allowed as {allowed}, and {version} is installed: "
        f"install the one allowed, or write {name}=={version} under plugins in dealwright.yaml",
        f"插件 {name} 获准的版本是 {allowed}，已安装的是 {version}："
        f"请安装获准的版本，或在 dealwright.yaml 的 plugins 中写 {name}=={version}",
        plugin=name, state="blocked",
    )  # fmt: skip


class _Loader:
    """Registers one plugin after the other and knows which names are taken."""

    def __init__(self, reserved: Sequence[str] | None, fence: Fence) -> None:
        from pluggy import PluginManager

        from dealwright.hookspecs import HookSpecs

        self._manager = PluginManager(GROUP)
        self._manager.add_hookspecs(HookSpecs)
        self._reserved = reserved
        self._functions: dict[str, str] = {}
        self._overlays: dict[str, str] = {}
        self._commands: dict[str, str] = {}
        self._criteria: dict[str, str] = {}
        self.fence = fence
        self._importing = Fence(fence.seconds * IMPORT_FACTOR)

    def load(self, name: str, offers: tuple[Offer, ...]) -> Loaded:
        """What becomes of the plugin `name`, of which `offers` are on sys.path."""
        if not offers:
            return Loaded(name, "missing", error=missing(name))
        loaded = Loaded(name, "broken", offers[0].version, offers[0].distribution)
        doubt = conflict(offers)
        if doubt:
            return loaded._replace(error=fault(name, doubt))
        try:
            plugin = self._importing.call(name, "import", imported, offers[0].value)
            loaded = loaded._replace(file=_file_of(offers[0].value))
            _check_marks(self.fence, name, plugin)
            loaded = loaded._replace(hooks=_registered(self._manager, self.fence, name, plugin))
            return self._with_goods(loaded)
        except PluginError as error:
            return loaded._replace(error=error)

    def _with_goods(self, loaded: Loaded) -> Loaded:
        from dealwright.plugins import answers

        name, hooks = loaded.name, loaded.hooks or {}
        overlays: dict[str, str] = {}
        functions: dict[str, Any] = {}
        if REGISTER_OVERLAYS in hooks:
            overlays = self._given(hooks[REGISTER_OVERLAYS], REGISTER_OVERLAYS, answers.overlay_texts)
            _claim(name, REGISTER_OVERLAYS, overlays, self._overlays)
        if REGISTER_FUNCTIONS in hooks:
            check = partial(answers.functions, name, self.fence)
            functions = self._given(hooks[REGISTER_FUNCTIONS], REGISTER_FUNCTIONS, check)
            _claim(name, REGISTER_FUNCTIONS, functions, {**self._built_in(), **self._functions})
        criteria: dict[str, Any] = {}
        if REGISTER_CRITERIA in hooks:
            criteria = self._given(hooks[REGISTER_CRITERIA], REGISTER_CRITERIA, answers.criteria)
            _claim(name, REGISTER_CRITERIA, criteria, self._criteria)
        commands: dict[str, PluginCommand] = {}
        if REGISTER_COMMANDS in hooks:
            from dealwright.plugins.command_line import Taken

            taken, one = Taken(name), hooks[REGISTER_COMMANDS]
            given = [taken] if one.arguments else []
            commands = self.fence.answer(name, REGISTER_COMMANDS, taken.commands, one.function, *given)
            _claim(name, REGISTER_COMMANDS, commands, self._commands)
        # Only now: a plugin that is refused takes no names from those after it.
        self._overlays.update(dict.fromkeys(overlays, name))
        self._functions.update(dict.fromkeys(functions, name))
        self._criteria.update(dict.fromkeys(criteria, name))
        self._commands.update(dict.fromkeys(commands, name))
        return loaded._replace(
            state="active", overlays=overlays, functions=functions, commands=commands, criteria=criteria
        )

    def _given(self, one: Implementation, hook: str, check: Callable[[Any], dict[str, Any]]) -> dict[str, Any]:
        found: dict[str, Any] = self.fence.answer(one.plugin, hook, check, one.function)
        return found

    def _built_in(self) -> dict[str, str]:
        if self._reserved is None:
            from dealwright.guards.scope import BUILT_IN  # the whole criteria language: only where it is added to

            self._reserved = BUILT_IN
        return dict.fromkeys(self._reserved, "dealwright")


def imported(value: str) -> Any:
    """The object that an entry point names, or the module of a file. Raises whatever importing it raises."""
    path = file_of(value)
    if path is not None:
        return imported_file(path)
    module, _, attribute = value.partition(":")
    found = importlib.import_module(module.strip())
    for part in attribute.strip().split(".") if attribute.strip() else ():
        found = getattr(found, part)
    return found


def _file_of(value: str) -> str | None:
    path = file_of(value)
    if path is not None:
        return str(path)
    module = sys.modules.get(value.partition(":")[0].strip())
    file = getattr(module, "__file__", None)
    return file if isinstance(file, str) else None


def _check_marks(fence: Fence, name: str, plugin: Any) -> None:
    import inspect  # costs more than everything else here; pluggy has imported it by now

    # An unmarked hook would never be called: a gate that its author believes closed would stand open.
    if inspect.isclass(plugin):
        raise fault(name, Text("the entry point names a class; name an instance or a module",
                               "入口点指向一个类；应指向实例或模块"))  # fmt: skip
    attributes = fence.call(name, "import", dir, plugin)
    for attribute in attributes:
        if not attribute.startswith(f"{GROUP}_"):
            continue
        function = fence.call(name, "import", getattr, plugin, attribute)
        if inspect.isroutine(function) and not hasattr(function, f"{GROUP}_impl"):
            raise fault(name, Text(f"{attribute} lacks the marker @hookimpl", f"{attribute} 缺少 @hookimpl 标记"))


def _registered(manager: PluginManager, fence: Fence, name: str, plugin: Any) -> dict[str, Implementation]:
    """The plugin's implementation of each hook, after pluggy has checked their names and arguments."""
    fence.call(name, "registration", manager.register, plugin, name)
    try:
        fence.call(name, "registration", manager.check_pending)
        callers = fence.call(name, "registration", manager.get_hookcallers, plugin) or []
        found = {
            caller.name: (impl, Implementation(name, impl.function, tuple(impl.argnames)))
            for caller in callers
            for impl in caller.get_hookimpls()
            if impl.plugin is plugin
        }
        if not found:
            raise fault(name, Text("it implements no hook", "未实现任何钩子"))
        for hook, (impl, _) in found.items():
            if impl.wrapper or impl.hookwrapper:
                # A wrapper sees and may change what other plugins said: it could turn a no into a yes.
                raise fault(name, Text("wrappers are not allowed", "不允许使用包装器"), hook=hook)
    except PluginError:
        manager.unregister(plugin)
        raise
    _warn(name, {hook: one.arguments for hook, (_, one) in found.items()})
    return {hook: found[hook][1] for hook in HOOKS if hook in found}


def _warn(name: str, used: dict[str, tuple[str, ...]]) -> None:
    from dealwright.hookspecs import DEPRECATED

    for (hook, argument), instead in DEPRECATED.items():
        if hook in used and (argument is None or argument in used[hook]):
            import warnings

            what = hook if argument is None else f"the argument {argument} of {hook}"
            warnings.warn(f"Plugin {name} uses {what}, which is going away: {instead}", FutureWarning, stacklevel=2)


def _claim(name: str, hook: str, wanted: dict[str, Any], taken: dict[str, str]) -> None:
    for one in wanted:
        if one in taken:
            raise fault(
                name, Text(f"{one} is already taken by {taken[one]}", f"{one} 已被 {taken[one]} 占用"), hook=hook
            )
