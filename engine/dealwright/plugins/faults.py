"""What plugins do wrong, caught and said with the plugin's name."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from dealwright.errors import PluginError
from dealwright.model.text import Text
from dealwright.plugins.limits import SECONDS, TimeIsUpError, is_traced, timed, told

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


class WrongAnswerError(Exception):
    """An answer that its hook does not allow; `text` says why, in both languages."""

    def __init__(self, en: str, zh: str) -> None:
        super().__init__(en)
        self.text = Text(en, zh)


class Fence:
    """Around every call of plugin code: whatever it raises, and time that it overruns, is a PluginError."""

    __slots__ = ("seconds",)

    def __init__(self, seconds: float = SECONDS) -> None:
        self.seconds = seconds

    def call(self, plugin: str, hook: str, function: Callable[..., Any], *args: Any) -> Any:
        """`function(*args)`. Only KeyboardInterrupt passes.

        SystemExit and GeneratorExit do not: a plugin must not be able to end a command with success.
        """
        since = time.perf_counter() if is_traced() else 0.0
        ending = ""
        try:
            return timed(f"{plugin} {hook}", self.seconds, function, args)
        except KeyboardInterrupt:
            raise
        except TimeIsUpError as error:
            ending = "too slow"
            raise self._late(plugin, hook) from error
        except WrongAnswerError as error:
            ending = "wrong answer"
            raise fault(plugin, error.text, hook=hook) from error
        except BaseException as error:
            said = ending = describe(error)
            raise fault(plugin, Text(f"it raised {said}", f"抛出了 {said}"), hook=hook) from error
        finally:
            if since:
                told(f"{plugin} {hook}", since, ending)

    def answer(
        self, plugin: str, hook: str, check: Callable[[Any], Any], function: Callable[..., Any], *args: Any
    ) -> Any:
        """`check(function(*args))`: looking at an answer runs foreign code too, a property or an iterator."""
        return self.call(plugin, hook, _checked, check, function, args)

    def _late(self, plugin: str, hook: str) -> PluginError:
        took = f"{self.seconds:g}"
        return fault(
            plugin,
            Text(f"it took longer than {took} s (plugin_timeout)", f"运行超过 {took} 秒（plugin_timeout）"),
            hook=hook,
        )


def _checked(check: Callable[[Any], Any], function: Callable[..., Any], args: tuple[Any, ...]) -> Any:
    return check(function(*args))
