"""How long plugin code may run, and what each call took.

On the main thread, where signals can be had, a timer raises inside the plugin; anywhere else the
plugin runs in a thread of its own, which is left behind when its time is up.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from types import FrameType
from typing import Any

SECONDS = 5.0  # of one call, unless the workspace says otherwise
IMPORT_FACTOR = 6  # an import reads files, and may be the first to read them
TRACE = "DEALWRIGHT_TRACE_PLUGINS"
_AGAIN = 0.25  # seconds until a plugin that caught the end of its time is told again
_STUBBORN = 8  # how often it is told before the whole program is ended


class TimeIsUpError(BaseException):
    """Raised inside the plugin. No Exception: a plugin that catches those is not to catch this by accident."""


class _Alarm:
    """The process's one timer. Calls inside a timed call run under the outer one's time."""

    def __init__(self) -> None:
        self._told = 0
        self._named = ""
        self._since = 0.0
        self.running = False

    def usable(self) -> bool:
        """Whether the timer may be taken: on the main thread, and where nobody else has it."""
        return (
            hasattr(signal, "setitimer")
            and threading.current_thread() is threading.main_thread()
            and signal.getsignal(signal.SIGALRM) in (signal.SIG_DFL, signal.SIG_IGN)
            and not signal.getitimer(signal.ITIMER_REAL)[0]
        )

    def call(self, named: str, seconds: float, function: Callable[..., Any], args: tuple[Any, ...]) -> Any:
        """`function(*args)`. Raises TimeIsUpError."""
        before = signal.signal(signal.SIGALRM, self._ring)
        self._told, self._named, self._since = 0, named, time.monotonic()
        self.running = True
        try:
            signal.setitimer(signal.ITIMER_REAL, seconds, _AGAIN)
            return function(*args)
        finally:
            # First of all: a signal that is still on its way must find nobody to interrupt.
            self.running = False
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, before)

    def _ring(self, _number: int, _frame: FrameType | None) -> None:
        if not self.running:
            return
        self._told += 1
        if self._told > _STUBBORN:
            # It catches whatever is raised in it and goes on. The store is safe: what is not committed is not there.
            took = time.monotonic() - self._since
            sys.stderr.write(
                f"Plugin {self._named} does not stop after {took:.0f} s; dealwright ends here.\n"
                f"插件 {self._named} 运行 {took:.0f} 秒仍不停止，程序就此结束。\n"
            )
            sys.stderr.flush()
            os._exit(1)
        raise TimeIsUpError


_ALARM = _Alarm()


def timed(named: str, seconds: float, function: Callable[..., Any], args: tuple[Any, ...]) -> Any:
    """`function(*args)`, which may take `seconds`. Raises TimeIsUpError; `named` is what messages call it."""
    if _ALARM.running and threading.current_thread() is threading.main_thread():
        return function(*args)
    if _ALARM.usable():
        return _ALARM.call(named, seconds, function, args)
    return _in_thread(seconds, function, args)


def _in_thread(seconds: float, function: Callable[..., Any], args: tuple[Any, ...]) -> Any:
    answers: list[Any] = []
    raised: list[BaseException] = []

    def work() -> None:
        try:
            answers.append(function(*args))
        except BaseException as error:  # whatever it is, it belongs to whoever waits
            raised.append(error)

    thread = threading.Thread(target=work, daemon=True, name="dealwright plugin")
    thread.start()
    thread.join(seconds)
    if thread.is_alive():
        raise TimeIsUpError
    if raised:
        raise raised[0]
    return answers[0]


def is_traced() -> bool:
    """Whether each call is to be told on standard error."""
    return os.environ.get(TRACE, "") not in ("", "0")


def told(named: str, since: float, ending: str) -> None:
    """One line of the trace: what was called, how long it took, and how it ended where not well."""
    took = (time.perf_counter() - since) * 1000
    sys.stderr.write(f"plugin {named} {took:.2f} ms{' ' + ending if ending else ''}\n")
