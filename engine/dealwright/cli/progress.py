"""How far a long command is: a bar on standard error where that is a terminal, else nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from dealwright.cli.call import Call


@contextmanager
def progress(call: Call, en: str, zh: str) -> Iterator[Callable[[int, int], None] | None]:
    """Called with (done, total), which may begin anew for a second part of the work; None off a terminal."""
    if not call.err.terminal:
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    parts = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Progress(*parts, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(call.say(en, zh), total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
