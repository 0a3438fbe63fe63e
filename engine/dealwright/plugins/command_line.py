"""The commands that plugins add: named when plugins are loaded, imported when they are called."""

from __future__ import annotations

import importlib
import re
from typing import Any, NamedTuple

from dealwright.plugins.answers import nothing
from dealwright.plugins.faults import WrongAnswerError

_NAME = re.compile(r"[a-z][a-z0-9-]{0,31}")
_TARGET = re.compile(r"[A-Za-z_][\w.]*:[A-Za-z_]\w*", re.ASCII)


class PluginCommand(NamedTuple):
    """A command by name: whose it is, `module:attribute`, and its line in the help."""

    plugin: str
    name: str
    target: str
    en: str
    zh: str

    def imported(self) -> Any:
        """The click command. Raises WrongAnswerError where it is none; whatever its import raises."""
        import click

        module, _, attribute = self.target.partition(":")
        found = getattr(importlib.import_module(module), attribute)
        if not isinstance(found, click.Command):
            raise WrongAnswerError(f"{self.target} is no click command", f"{self.target} 不是 click 命令")
        return found


class Taken:
    """What `dealwright_register_commands` is given; see `dealwright.hookspecs.CommandLine`."""

    def __init__(self, plugin: str) -> None:
        self._plugin = plugin
        self._found: dict[str, PluginCommand] = {}
        self._wrong: WrongAnswerError | None = None

    def add(self, name: str, target: str, en: str, zh: str) -> None:
        """Take one command. Raises WrongAnswerError, and remembers it if the plugin hides it."""
        try:
            self._check(name, target, en, zh)
        except WrongAnswerError as error:
            self._wrong = self._wrong or error
            raise
        self._found[name] = PluginCommand(self._plugin, name, target, en, zh)

    def commands(self, answer: Any) -> dict[str, PluginCommand]:
        """What was added. Raises WrongAnswerError where a call was wrong, or the hook returned something."""
        if self._wrong is not None:
            raise self._wrong
        nothing(answer)
        return dict(self._found)

    def _check(self, name: Any, target: Any, en: Any, zh: Any) -> None:
        if not isinstance(name, str) or not _NAME.fullmatch(name):
            shown = repr(name)[:80]
            raise WrongAnswerError(f"{shown} is no name for a command", f"{shown} 不能用作命令名")
        if name in self._found:
            raise WrongAnswerError(f"it adds the command {name} twice", f"重复添加命令 {name}")
        if not isinstance(target, str) or not _TARGET.fullmatch(target):
            raise WrongAnswerError(
                f"the target of {name} is to be module:attribute", f"{name} 的目标应为 module:attribute"
            )
        if any(not isinstance(text, str) or not text.strip() or "\n" in text or len(text) > 200 for text in (en, zh)):
            raise WrongAnswerError(f"{name} needs a line of help in both languages", f"{name} 须有两种语言的一行说明")
