"""What plugins do wrong, caught and said with the plugin's name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from dealwright.errors import PluginError
from dealwright.model.text import Text

_SHOWN = 300  # characters of a foreign message that are worth repeating


def describe(error: BaseException) -> str:
    """An exception in one line, at most 300 characters, even if its own `__str__` fails."""
    name = type(error).__name__
    try:
        said = " ".join(str(error).split())[:_SHOWN]
    except KeyboardInterrupt:
        raise
    except BaseException:  # a hostile __str__ must not get past the guard either
        said = ""
    return f"{name}: {said}" if said else name


def fault(plugin: str, reason: Text, *, hook: str | None = None) -> PluginError:
    """The error that names the plugin, the hook it failed in (None: before any hook) and the reason."""
    where_en = f" in {hook}" if hook else ""
    where_zh = f"在 {hook} 中" if hook else ""
    return PluginError(
        f"Plugin {plugin} failed{where_en}: {reason.en}",
        f"插件 {plugin} {where_zh}出错：{reason.zh}",
        plugin=plugin,
        hook=hook,
    )


def guarded(plugin: str, hook: str, call: Callable[..., Any], *args: Any) -> Any:
    """Call plugin code. Whatever it raises becomes a PluginError; only KeyboardInterrupt passes.

    SystemExit and GeneratorExit too: a plugin must not be able to end a command with success.
    """
    try:
        return call(*args)
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        said = describe(error)
        raise fault(plugin, Text(f"it raised {said}", f"抛出了 {said}"), hook=hook) from error
