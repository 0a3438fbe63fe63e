"""Proposals from outside: shown, logged when somebody asks for it, and never followed by themselves."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from desk import Desk

from dealwright.cli.main import main

PROCESS = """\
dealwright: "1"
process: demo
version: 1.0.0
title: Demo
methodologies: [oracle]
roles: {rep: {title: Rep}}
fields: {customer: {type: text}}
stages:
  - {id: talk, title: Talk, phase: discover, responsible: rep}
  - {id: close, title: Close, phase: close, responsible: rep, wins: true}
outcomes: {lost: {status: lost, reasons: [price]}}
"""
ORACLE = """
from dealwright import Proposal, Remedy, Text, hookimpl

T = Text("It looks good", "看起来不错")

@hookimpl
def dealwright_register_overlays():
    return ["overlay: oracle\\nversion: 1.0.0\\ntitle: Oracle\\n"]

@hookimpl
def dealwright_propose(deal, now):
    {body}
"""
GOOD = """return [
        Proposal("odds", T, score=72.5),
        Proposal(
            "call", T, step=Text("Call them", "打电话"),
            command=Remedy("deal set", ("--set", "customer=<customer:text>")),
        ),
    ]"""


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    folder = tmp_path / "site"
    folder.mkdir()
    monkeypatch.syspath_prepend(str(folder))
    yield folder
    sys.modules.pop("outside_oracle", None)


def desk(tmp_path: Path, site: Path, body: str) -> Desk:
    (site / "outside_oracle.py").write_text(ORACLE.format(body=body), encoding="utf-8")
    info = site / "oracle_dist-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: oracle-dist\nVersion: 1.0\n", encoding="utf-8")
    (info / "entry_points.txt").write_text("[dealwright]\noracle = outside_oracle\n", encoding="utf-8")
    folder = tmp_path / "workspace"
    assert main(["init", str(folder)]) == 0
    (folder / "dealwright.yaml").write_text(
        'dealwright: "1"\nallow_as: true\nplugins: [oracle]\nplugin_timeout: 0.3s\n', encoding="utf-8"
    )
    people = "people:\n  rep-1: {roles: [rep]}\n  clerk-1: {roles: []}\n"
    (folder / "team.yaml").write_text(people, encoding="utf-8")
    (folder / "processes" / "demo.process.yaml").write_text(PROCESS, encoding="utf-8")
    at = Desk(folder)
    at.ok("deal", "open", "demo", "--title", "Northlight", as_="rep-1")
    return at


def test_proposals_are_shown_by_coach_and_nothing_is_written(tmp_path, site):
    at = desk(tmp_path, site, GOOD)
    assert at.ok("deal", "coach", "demo-1")["proposals"] == [
        {"source": "plugin:oracle", "id": "odds", "score": 72.5, "step": None, "reason": "It looks good",
         "command": None},
        {"source": "plugin:oracle", "id": "call", "score": None, "step": "Call them", "reason": "It looks good",
         "command": ["dealwright", "deal", "set", "demo-1", "--set", "customer=<customer:text>"]},
    ]  # fmt: skip
    page = at.run("deal", "coach", "demo-1").out
    assert "Proposed" in page
    assert "72.5: It looks good [oracle]" in page
    assert len(at.ok("deal", "history", "demo-1")["events"]) == 1


def test_proposals_are_logged_on_demand_and_move_nothing(tmp_path, site):
    at = desk(tmp_path, site, GOOD)
    assert at.ok("deal", "propose", "demo-1", "--dry-run", as_="rep-1")["events"][0]["type"] == "proposed"
    done = at.ok("deal", "propose", "demo-1", as_="rep-1")
    assert [(e["type"], e["seq"], e["data"]["proposal"]) for e in done["events"]] == [
        ("proposed", 2, "odds"), ("proposed", 3, "call")
    ]  # fmt: skip
    assert done["events"][0]["data"]["source"] == "plugin:oracle"
    assert (done["deal"]["stage"], done["deal"]["status"], done["deal"]["version"]) == ("talk", "open", 3)
    assert at.ok("deal", "verify", "demo-1")["ok"]
    told = at.run("deal", "history", "demo-1").out
    assert "oracle proposes: 72.5 (It looks good)" in told
    assert "oracle proposes: Call them" in told


def test_nothing_proposed_is_nothing_written(tmp_path, site):
    at = desk(tmp_path, site, "return None")
    assert at.ok("deal", "coach", "demo-1")["proposals"] == []
    assert at.ok("deal", "propose", "demo-1", as_="rep-1")["events"] == []
    assert len(at.ok("deal", "history", "demo-1")["events"]) == 1


def test_whoever_does_not_work_on_the_deal_logs_no_proposal(tmp_path, site):
    at = desk(tmp_path, site, GOOD)
    assert at.fails(1, "deal", "propose", "demo-1", as_="clerk-1")["details"]["cause"] == "role"


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("raise ValueError('boom')", "ValueError: boom"),
        ("raise SystemExit(0)", "SystemExit"),
        ("while True: pass", "longer than 0.3 s"),
        ("return Proposal('a', T, score=5)", "not Proposal"),
        ("return ['a']", "not str"),
        ("return [Proposal('A b', T, score=5)]", "no id"),
        ("return [Proposal('a', T, score=101)]", "not within"),
        ("return [Proposal('a', T, score=float('nan'))]", "not within"),
        ("return [Proposal('a', T)]", "neither"),
        ("return [Proposal('a', 'why', score=5)]", "wrong"),
        ("return [Proposal('a', T, step='call')]", "wrong"),
        ("return [Proposal('a', T, score=5)] * 2", "share the id"),
        ("return [Proposal(f'a{n}', T, score=5) for n in range(201)]", "at most 200"),
        ("deal.stage = 'close'", "immutable"),
    ],
)
def test_misbehaving_oracle_is_named_and_nothing_is_written(tmp_path, site, body, said):
    at = desk(tmp_path, site, body)
    for words in (("deal", "coach", "demo-1"), ("deal", "propose", "demo-1")):
        error = at.fails(1, *words, as_="rep-1")
        assert said in error["message"]
        assert error["details"] == {"plugin": "oracle", "hook": "dealwright_propose"}
    assert len(at.ok("deal", "history", "demo-1")["events"]) == 1
    assert at.ok("--no-plugin", "oracle", "deal", "coach", "demo-1")["proposals"] == []
