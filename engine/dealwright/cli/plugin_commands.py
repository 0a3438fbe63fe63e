"""The commands that plugins add: listed in the help, and run under guard."""

from __future__ import annotations

import os

from dealwright.cli.language import workspace_folder

TYPE_CHECKING = False  # `typing` would be a third of what `--help` costs
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    import click

    from dealwright.cli.call import Call

_HOOK = "dealwright_register_commands"


def listed(workspace: str | None, lang: str) -> list[tuple[str, str]]:
    """The name and help line of each command of a plugin that the workspace allows; a broken one lists none.

    What is remembered from the last time is believed while the settings are no newer: a help page imports no plugin.
    """
    folder = workspace_folder(workspace)
    if not folder:
        return []
    settings = os.path.join(folder, "dealwright.yaml")  # noqa: PTH118 - pathlib costs start-up time here
    cache = os.path.join(folder, ".dealwright", "cache", "hooks.json")  # noqa: PTH118 - as above
    try:
        with open(settings, encoding="utf-8", errors="replace") as file:  # noqa: PTH123 - as above
            if not any(line.startswith("plugins") for line in file):
                return []
        if os.stat(cache).st_mtime_ns >= os.stat(settings).st_mtime_ns:  # noqa: PTH116 - as above
            import json  # only where there is something to read

            with open(cache, encoding="utf-8") as file:  # noqa: PTH123 - as above
                kept = json.load(file)["commands"]
            return [(name, zh if lang == "zh" else en) for name, (_, en, zh) in kept.items()]
    except (OSError, ValueError, KeyError, TypeError):
        pass
    return _asked(folder, lang)


def _asked(folder: str, lang: str) -> list[tuple[str, str]]:
    from pathlib import Path

    from dealwright.errors import DealwrightError
    from dealwright.workspace import Workspace

    try:
        with Workspace(Path(folder).absolute(), lang=lang) as workspace:
            if not workspace.library.hooked(_HOOK):
                return []
            found = workspace.library.plugins.commands()
    except (DealwrightError, OSError):
        return []  # what is wrong with the workspace is not for a help page to say
    return [(name, one.zh if lang == "zh" else one.en) for name, one in found.items()]


def find(call: Call, name: str, common: Sequence[click.Option]) -> click.Command | None:
    """The command `dealwright NAME` of a plugin, not yet imported; None where no plugin adds it.

    It takes the options `common` to every command, too.
    """
    from dealwright.errors import DealwrightError

    try:
        library = call.workspace().library
        if not library.hooked(_HOOK):
            return None
        known = library.plugins.commands()
    except DealwrightError:
        return None  # then it is a word that nobody knows
    return _command(known[name].plugin, name, common) if name in known else None


def _command(plugin: str, name: str, common: Sequence[click.Option]) -> click.Command:
    import click

    class Foreign(click.Command):
        """A plugin's command: it parses its own arguments, and whatever goes wrong in it names the plugin.

        The options of every command are taken out before, wherever they stand.
        """

        def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
            given = len(args)  # click takes them out of the list
            rest = super().parse_args(ctx, args)
            if len(rest) < given:
                ctx.obj.reopen()  # as another person, at another moment: the workspace was opened without knowing
            return rest

        def invoke(self, ctx: click.Context) -> int:
            return _run(ctx.obj, plugin, name, ctx.args, ctx.command_path)

    settings = {"ignore_unknown_options": True, "allow_extra_args": True}
    return Foreign(name, params=[*common], add_help_option=False, context_settings=settings)


def _run(call: Call, plugin: str, name: str, arguments: list[str], path: str) -> int:
    """The exit code. Raises PluginError for whatever is not told on purpose, SystemExit too."""
    import click

    from dealwright.errors import DealwrightError

    library = call.workspace().library
    command = library.plugins.command(name)
    try:
        answer: Any = command.main(arguments, path, standalone_mode=False, obj=call)
    except (DealwrightError, click.ClickException, click.Abort, KeyboardInterrupt, BrokenPipeError):
        raise
    except BaseException as error:
        raise library.plugins.failed(plugin, name, error) from error
    return answer if isinstance(answer, int) else 0
