"""Importing a plugin in a Python of its own, to see what its import does besides."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import NamedTuple

from dealwright.workspace.plugin_found import Found

_SECONDS = 60
# Whatever is imported before the hook is dealwright's, and is not watched.
_PROBE = r"""
import json, sys
value, sys.path[:] = json.loads(sys.argv[1])
import dealwright, dealwright.hookspecs, pluggy, dealwright.plugins.loading
from dealwright.plugins.loading import imported
dealwright.hookimpl, dealwright.Text
seen, watching = [], True
ACTS = ("socket.connect", "socket.bind", "subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.remove",
        "os.rename", "os.mkdir", "os.rmdir", "shutil.rmtree")
def watch(event, args):
    if not watching:
        return
    if event in ACTS:
        seen.append(event)
    elif event == "open" and isinstance(args[1], str) and set(args[1]) & set("wax+"):
        seen.append(f"writing {args[0]}")
sys.addaudithook(watch)
error = None
try:
    imported(value)
except BaseException as raised:
    error = f"{type(raised).__name__}: {raised}"[:300]
watching = False
sys.stdout.flush()
sys.stdout.write("\n" + json.dumps({"error": error, "seen": sorted(set(seen))}))
"""


class Imported(NamedTuple):
    """How an import went: what it raised (None: nothing), and what it did that an import should not."""

    error: str | None
    seen: tuple[str, ...]


def imported_alone(found: Found) -> Imported:
    """Import a plugin in a new Python: whether that works, and whether it writes, connects, starts or prints."""
    # It looks for modules where this Python does: tests may have put a folder there.
    command = [sys.executable, "-B", "-P", "-c", _PROBE, json.dumps([found.offer.value, [*found.places, *sys.path]])]
    try:
        done = subprocess.run(  # noqa: S603 - this Python, and the plugin that was to be imported here
            command, capture_output=True, text=True, encoding="utf-8", errors="replace", check=False, timeout=_SECONDS
        )
    except subprocess.TimeoutExpired:
        return Imported(f"it took longer than {_SECONDS} s", ())
    printed, _, last = done.stdout.rpartition("\n")
    try:
        said = json.loads(last)
    except ValueError:
        return Imported(f"it ended Python with {done.returncode}", ())
    talk = ("printing",) if printed.strip() or done.stderr.strip() else ()
    return Imported(said["error"], (*said["seen"], *talk))
