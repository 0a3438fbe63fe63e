"""Standard output and error as bytes really leave the process: encodings and broken pipes."""

from __future__ import annotations

import io
import os
import sys


def prepare() -> None:
    """Make both streams unable to fail on a character: what the encoding lacks is spelled out.

    Off a terminal the output is UTF-8 wherever the locale did not name another encoding on purpose.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            plain = stream.encoding.lower().replace("-", "") in ("ascii", "usascii", "ansi_x3.41968", "cp1252")
            if plain and not stream.isatty():
                stream.reconfigure(encoding="utf-8", errors="backslashreplace")
            else:
                stream.reconfigure(errors="backslashreplace")


def write(text: str) -> bool:
    """Write to standard output and flush; False where it cannot be written. A reader that has gone away is no error."""
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        silence()
    except OSError:
        silence()
        return False
    return True


def silence() -> None:
    """After a broken pipe: nothing more is written, not even when the interpreter ends."""
    try:
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, sys.stdout.fileno())
        os.close(null)
    except (OSError, ValueError):
        # The stream has no file behind it (a test's buffer): then there is nothing to silence.
        return
