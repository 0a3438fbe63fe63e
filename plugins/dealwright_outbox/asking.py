"""Verbs and options with their help in both languages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import click

from dealwright import UsageError


class Opt(click.Option):
    """An option with its help in both languages."""

    def __init__(self, flags: Sequence[str], *, en: str, zh: str, **settings: Any) -> None:
        super().__init__(flags, **settings)
        self.en = en
        self.zh = zh

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """Its row of a help page, in the reader's language."""
        self.help = _say(ctx, self.en, self.zh)
        return super().get_help_record(ctx)


class Verb(click.Command):
    """A command with its help in both languages."""

    def __init__(self, name: str, *, en: str, zh: str, **settings: Any) -> None:
        super().__init__(name, **settings)
        self.en = en
        self.zh = zh

    def get_help(self, ctx: click.Context) -> str:
        """The page in the reader's language."""
        self.help = _say(ctx, self.en, self.zh)
        return super().get_help(ctx)


class Verbs(click.Group):
    """The verbs of `dealwright outbox`."""

    def __init__(self, name: str, *, en: str, zh: str, **settings: Any) -> None:
        super().__init__(name, invoke_without_command=True, no_args_is_help=False, callback=self._missing, **settings)
        self.en = en
        self.zh = zh

    def get_help(self, ctx: click.Context) -> str:
        """The page in the reader's language, a line for each verb."""
        self.help = _say(ctx, self.en, self.zh)
        for verb in self.commands.values():
            if isinstance(verb, Verb):
                verb.short_help = _say(ctx, verb.en, verb.zh)
        return super().get_help(ctx)

    def _missing(self) -> None:
        if click.get_current_context().invoked_subcommand is None:
            verbs = list(self.commands)
            raise UsageError(
                f"dealwright {self.name} needs a verb: {', '.join(verbs)}",
                f"dealwright {self.name} 之后要有动作：{'、'.join(verbs)}",
            )


def _say(ctx: click.Context, en: str, zh: str) -> str:
    return zh if getattr(ctx.obj, "lang", "en") == "zh" else en
