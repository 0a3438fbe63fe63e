"""The tables of JSON keys that operators read are what the commands print."""

from __future__ import annotations

import contextlib
import io
import json
import re
from pathlib import Path
from typing import Any

import pytest
from guide import read

from dealwright.cli.main import main

ROWS = dict(
    re.findall(r"^\| `([a-z ]+)` \| (.+) \|$", read("docs/operators.md").split("| command | prints")[1], re.MULTILINE)
)
ARGUMENTS = {
    "deal show": ["b2b-1"], "deal why": ["b2b-1"], "deal coach": ["b2b-1"], "deal score": ["b2b-1"],
    "deal history": ["b2b-1"], "deal verify": ["b2b-1"],
    "artifact list": ["b2b-1"], "artifact show": ["b2b-1", "quotation"], "approval list": ["b2b-1"],
    "task list": ["b2b-1"], "activity list": ["b2b-1"], "stakeholder list": ["b2b-1"], "process show": ["b2b"],
    "process diagram": ["b2b"], "process resolve": ["b2b"], "process diff": ["b2b", "b2c"], "fmt": ["--check"],
    "report funnel": ["--process", "b2b", "--from", "2020-01-01", "--to", "+1d", "--by", "total"],
    "process publish": ["processes/b2b.process.yaml"], "privacy export": ["b2b-1"],
    "template list": ["b2b-1"], "template show": ["b2b-1", "first_contact"],
    "plugin new": ["mine", "--kind", "criteria"], "plugin check": ["spin"],
    "record show": ["site-1"], "record history": ["site-1"],
}  # fmt: skip
ROLES = "roles: {sales_rep: {title: Representative}}\n"
SITE = f'dealwright: "1"\nrecord: site\nversion: 1.0.0\ntitle: Site\nby: [sales_rep]\n{ROLES}'
SURVEY = f"""\
dealwright: "1"
process: survey
version: 1.0.0
title: Survey
type: b2b
subject: site
{ROLES}
stages: [{{id: look, title: Look, phase: discover, responsible: [sales_rep]}}]
outcomes: {{dropped: {{status: disqualified, reasons: [closed]}}}}
"""
QUOTATION = ["price=80000", "discount_pct=20", "valid_until=+30d", 'items=[{"name": "pump"}]']


def run(*argv: str) -> Any:
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        main([*argv, "-o", "json"])
    return json.loads(out.getvalue())


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace in which every list has an entry."""
    folder = tmp_path_factory.mktemp("shapes") / "acme"
    run("init", str(folder), "--template", "b2b")
    settings = folder / "dealwright.yaml"
    settings.write_text(settings.read_text(encoding="utf-8") + "methodologies: {b2b: [spin]}\n", encoding="utf-8")
    at = ("--workspace", str(folder), "--as", "sales-rep-1")
    run(*at, "deal", "open", "b2b", "--title", "Harbour pumps", "--set", "deal_type=new")
    run(*at, "stakeholder", "add", "b2b-1", "--set", "name=Plant manager")
    run(*at, "activity", "log", "b2b-1", "call")
    run(*at, "deal", "open", "b2b", "--title", "Harbour valves")
    run(*at, "deal", "lose", "b2b-2", "--reason", "price")
    (folder / "processes" / "site.record.yaml").write_text(SITE, encoding="utf-8")
    (folder / "processes" / "survey.process.yaml").write_text(SURVEY, encoding="utf-8")
    run(*at, "record", "add", "site", "--title", "Harbour")
    run(*at, "deal", "open", "survey", "--title", "Look around", "--subject", "Harbour")
    run(*at, "task", "add", "b2b-1", "--title", "Ring the plant")
    run(*at, "artifact", "add", "b2b-1", "quotation", *(part for one in QUOTATION for part in ("--set", one)))
    return folder


@pytest.mark.parametrize("command", sorted(set(ROWS) - {"import deals", "privacy erase"}))
def test_a_command_prints_the_keys_of_its_row(command: str, workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(workspace)
    found = run(*command.split(), *ARGUMENTS.get(command, []))
    found.pop("v")
    inner = {
        key: set(re.findall(r"`(\w+)`", inside)) for key, inside in re.findall(r"`(\w+)` \(([^)]*)\)", ROWS[command])
    }
    outer = set(re.findall(r"`(\w+)`", re.sub(r"\([^)]*\)", "", ROWS[command])))
    assert set(found) == outer
    for key, wanted in inner.items():
        if wanted and found[key]:
            assert set(found[key][0]) == wanted, key
        elif wanted:
            may_be_empty = ("problems", "findings", "flags", "fixed", "proposals")
            assert key in may_be_empty, f"{key} is empty, so nothing is shown of it"
