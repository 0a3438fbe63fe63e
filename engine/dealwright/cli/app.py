"""The whole command line behind the launcher: run a verb, and turn whatever happens into an exit code."""

from __future__ import annotations

import errno
import os
import sys

import click

from dealwright.cli import streams
from dealwright.cli.call import Call
from dealwright.cli.commands import ROOT, Entry
from dealwright.cli.misuse import explain
from dealwright.cli.options import Noun
from dealwright.errors import DealwrightError, StoreError, UsageError

_NAME = "dealwright"
_STORAGE = {errno.ENOSPC, errno.EROFS, errno.EIO, errno.EACCES, errno.EPERM, getattr(errno, "EDQUOT", errno.ENOSPC)}


def root() -> Noun:
    """The command `dealwright` with all its nouns, none of them imported yet."""
    return Noun(_NAME, Entry("", "", verbs=ROOT))


def run(arguments: list[str], asked_at: float) -> int:
    """Run one call, given at `asked_at` (seconds of the epoch), and return its exit code.

    Errors are told on the way, never raised.
    """
    streams.prepare()
    if "_DEALWRIGHT_COMPLETE" in os.environ:
        from click.shell_completion import shell_complete

        return shell_complete(root(), {}, _NAME, "_DEALWRIGHT_COMPLETE", os.environ["_DEALWRIGHT_COMPLETE"])
    call = Call(arguments, asked_at)
    try:
        code = _guarded(call, arguments)
    except BrokenPipeError:
        # The reader has seen enough; what was written to the store stays written.
        streams.silence()
        return 0
    return _flushed(call, code)


def _flushed(call: Call, code: int) -> int:
    """Let everything out; a standard output that cannot be written, for instance on a full disk, is an error too."""
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except BrokenPipeError:
        streams.silence()
    except OSError as error:
        streams.silence()
        return code or _report(call, _storage(error))
    return code


def _guarded(call: Call, arguments: list[str]) -> int:
    """The one catch: every way a call can end, and the exit code for it."""
    try:
        try:
            with root().make_context(_NAME, list(arguments), obj=call) as context:
                return int(context.command.invoke(context) or 0)
        finally:
            call.close()
    except click.exceptions.Exit as error:
        return error.exit_code
    except click.UsageError as error:
        path = error.ctx.command_path if error.ctx else _NAME
        return _report(call, UsageError(*explain(error)), help_of=path)
    except DealwrightError as error:
        return _report(call, error)
    except (KeyboardInterrupt, click.Abort):
        call.err.line(call.say("Interrupted.", "已中断。"))
        return 130
    except BrokenPipeError:
        raise
    except BaseException as error:  # a plugin's SystemExit must not pass for success
        if isinstance(error, OSError) and error.errno in _STORAGE:
            return _report(call, _storage(error))
        from dealwright.cli.bug import report

        return report(call, error, arguments)


def _report(call: Call, error: DealwrightError, *, help_of: str = "") -> int:
    if call.output == "json":
        from dealwright.cli.render import failure, render

        try:
            render(failure(error.kind, error.say(call.lang), error.details), "json", call.out)
        except BrokenPipeError:
            raise
        except OSError:
            streams.silence()  # it is standard output itself that fails: the other one has to do
        else:
            return error.exit_code
    from dealwright.cli.failure import draw

    try:
        draw(call, error, help_of)
    finally:
        call.close()  # a page about a deal opens the store again
    return error.exit_code


def _storage(error: OSError) -> StoreError:
    where = f" {error.filename}" if error.filename else ""
    return StoreError(f"cannot read or write{where}: {error.strerror}", f"无法读写{where}：{error.strerror}")
