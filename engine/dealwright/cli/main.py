"""The launcher. It answers `--version` and the root's `--help` before anything heavy is imported."""

from __future__ import annotations

import os
import sys
import time

from dealwright.cli.version import VERSION


def main(argv: list[str] | None = None) -> int:
    """Run the command line on `argv` (default: the process's own) and return its exit code."""
    asked_at = time.time()
    arguments = sys.argv[1:] if argv is None else argv
    try:
        return _answer(arguments, asked_at)
    except KeyboardInterrupt:
        # Interrupted while still importing; `app.run` handles it from there on.
        return 130


def _answer(arguments: list[str], asked_at: float) -> int:
    if arguments[:1] == ["--version"]:
        return _print(f"dealwright {VERSION}\n")
    from dealwright.cli.language import peek

    seen = peek(arguments)
    completing = "_DEALWRIGHT_COMPLETE" in os.environ  # a shell asks for completions, without arguments
    if not completing and (not seen.rest or seen.rest[0] in ("--help", "-h")):
        from dealwright.cli.pages import root_help
        from dealwright.cli.plugin_commands import listed

        lang = seen.language()
        return _print(root_help(lang, listed(seen.workspace, lang)))
    from dealwright.cli.app import run

    return run(arguments, asked_at)


def _print(text: str) -> int:
    from dealwright.cli.streams import prepare, write

    prepare()
    return 0 if write(text) else 5
