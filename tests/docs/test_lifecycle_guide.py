"""The guide to the store's life is what a reader sees who types its commands, and its tables are what is printed."""

from __future__ import annotations

import contextlib
import io
import json
import re
from pathlib import Path
from typing import Any

from guide import Reader, read

from dealwright.cli.main import main

GUIDE = read("docs/lifecycle.md")


def test_the_guide_can_be_followed(tmp_path: Path) -> None:
    reader = Reader(tmp_path)
    reader.follow(GUIDE)
    done = {argv[2] for argv in reader.commands if argv[1] == "store"}
    assert done >= {"backup", "restore", "export", "compact", "migrate"}


def run(folder: Path, *argv: str) -> Any:
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        main(["--workspace", str(folder), *argv, "-o", "json"])
    return json.loads(out.getvalue())


def test_the_keys_of_each_command_are_those_of_its_row(tmp_path: Path) -> None:
    rows = {
        name: set(re.findall(r"`(\w+)`", keys))
        for name, keys in re.findall(r"^\| `(store \w+)` \| (.+) \|$", GUIDE, re.MULTILINE)
    }
    folder, other = tmp_path / "acme", tmp_path / "other"
    for one in (folder, other):
        run(one, "init", str(one))
    log = str(tmp_path / "log.jsonl")
    printed = {
        "store backup": run(folder, "store", "backup", str(tmp_path / "safe")),
        "store restore": run(folder, "store", "restore", str(tmp_path / "safe"), "--replace"),
        "store export": run(folder, "store", "export", "--format", "jsonl", "--out", log),
        "store import": run(other, "store", "import", log),
        "store compact": run(folder, "store", "compact"),
        "store migrate": run(folder, "store", "migrate"),
    }
    assert {name: set(found) - {"v"} for name, found in printed.items()} == rows
