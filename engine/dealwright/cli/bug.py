"""A fault of ours: told in a sentence, with everything a report needs in a file."""

from __future__ import annotations

import os
import platform
import sys
import tempfile
import traceback
from collections.abc import Mapping

from dealwright.cli.call import Call
from dealwright.cli.commands import ROOT, Entry
from dealwright.cli.display import visible
from dealwright.cli.version import VERSION

EXIT_CODE = 70


def report(call: Call, error: BaseException, arguments: list[str]) -> int:
    """Write the report, say where it is, and return the exit code for a bug."""
    path = _write(_text(error, arguments))
    what = type(error).__name__
    message = call.say(
        f"This is a bug in dealwright ({what}), not a mistake of yours.",
        f"这是 dealwright 的缺陷（{what}），不是您的错误。",
    )
    if path:
        message += call.say(f" A report to paste into an issue is in {path}", f"可粘贴的报告在 {path}")
    if call.output == "json":
        from dealwright.cli.render import failure, render

        render(failure("bug", message, {"report": path}), "json", call.out)
    else:
        call.err.line(message, "red")
    return EXIT_CODE


def _text(error: BaseException, arguments: list[str]) -> str:
    """What happened and where. Values given on the command line may be personal, so only its shape is kept."""
    known = _words(ROOT)
    shape = [word.partition("=")[0] if word.startswith("-") else word if word in known else "..." for word in arguments]
    trace = "".join(traceback.format_exception(error))
    return (
        f"dealwright {VERSION}\nPython {sys.version}\n{platform.platform()}\n"
        f"call: {' '.join(shape)}\n\n{trace}\n"
        "Please look through this text before you share it: a message may quote your data.\n"
    )


def _words(entries: Mapping[str, Entry]) -> set[str]:
    return set(entries).union(*(_words(entry.verbs) for entry in entries.values()))


def _write(text: str) -> str | None:
    """The report's path; None where there is no place for a file."""
    try:
        handle, path = tempfile.mkstemp(prefix="dealwright-bug-", suffix=".txt")
        with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace") as file:
            file.write("\n".join(map(visible, text.split("\n"))))
    except OSError:
        return None
    return path
