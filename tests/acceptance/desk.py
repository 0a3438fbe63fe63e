"""A real workspace and the real command line, driven in this process for speed."""

from __future__ import annotations

import contextlib
import io
import json
from pathlib import Path
from typing import Any, NamedTuple

from dealwright.cli.main import main

SETTINGS = """\
dealwright: "1"
timezone: UTC
plugins: [spin]
allow_as: true
allow_now: true
"""


class Answer(NamedTuple):
    """What a call printed and how it ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        return json.loads(self.out)


class Desk:
    """Somebody at the command line of one workspace."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def run(self, *argv: str, as_: str | None = None, now: str | None = None) -> Answer:
        """Run `dealwright ARGV` and take what it prints."""
        out, err = io.StringIO(), io.StringIO()
        extra = [*(("--as", as_) if as_ else ()), *(("--now", now) if now else ())]
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = main(["--workspace", str(self.folder), *extra, *argv])
        return Answer(code, out.getvalue(), err.getvalue())

    def ok(self, *argv: str, as_: str | None = None, now: str | None = None) -> dict[str, Any]:
        """The JSON of a call that must succeed."""
        answer = self.run(*argv, "-o", "json", as_=as_, now=now)
        assert answer.code == 0, f"{argv}\n{answer.out}\n{answer.err}"
        return answer.json

    def fails(self, code: int, *argv: str, as_: str | None = None, now: str | None = None) -> dict[str, Any]:
        """The JSON error of a call that must fail with `code`."""
        answer = self.run(*argv, "-o", "json", as_=as_, now=now)
        assert answer.code == code, f"{argv} gave {answer.code}\n{answer.out}\n{answer.err}"
        return answer.json["error"]


def make_workspace(folder: Path, team: str, settings: str = SETTINGS, **processes: str) -> Desk:
    """A workspace with this team and these process files, and an empty store."""
    from dealwright.store import create_store

    (folder / "processes").mkdir(parents=True)
    (folder / "dealwright.yaml").write_text(settings, encoding="utf-8")
    (folder / "team.yaml").write_text(team, encoding="utf-8")
    for name, text in processes.items():
        (folder / "processes" / f"{name}.process.yaml").write_text(text, encoding="utf-8")
    create_store(folder / ".dealwright" / "store.db").close()
    return Desk(folder)
