"""Kinds of criterion written in Python: findings and completion for authors, a closed gate for deals."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from desk import Desk

from dealwright.cli.main import main

PROCESS = """\
dealwright: "1"
process: demo
version: 1.0.0
title: Demo
currency: EUR
roles: {rep: {title: Rep}, boss: {title: Boss}}
fields: {customer: {type: text}}
stages:
  - id: talk
    title: Talk
    phase: discover
    responsible: rep
    exit_criteria:
      credit:
        use: house_credit
        with: {limit: 500}
        unmet: {en: The house grants no credit, zh: 授信未通过}
        waivable_by: boss
  - {id: close, title: Close, phase: close, responsible: rep, wins: true}
outcomes: {lost: {status: lost, reasons: [price]}}
"""
KIND = """
from dealwright import CriterionKind, Judgement, Remedy, Text, hookimpl

T = Text("Credit of the house", "内部授信")

def evaluate(deal, parameters, now):
    who = deal.value("customer")
    {body}
    return Judgement(
        "unknown" if who is None else "met" if who == "good" else "unmet",
        Text(f"credit of {{parameters['limit']}}", "授信"), found=who,
        remedies=(Remedy("deal set", ("--set", "customer=<customer:text>")),),
    )

SCHEMA = {{
    "type": "object", "additionalProperties": False, "required": ["limit"],
    "properties": {{
        "limit": {{"type": "number", "minimum": 0}}, "region": {{"type": "string", "enum": ["north", "south"]}},
    }},
}}

@hookimpl
def dealwright_register_criteria():
    return [CriterionKind("house_credit", T, SCHEMA, evaluate)]
"""


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    folder = tmp_path / "site"
    folder.mkdir()
    monkeypatch.syspath_prepend(str(folder))
    yield folder
    for name in [one for one in sys.modules if one.startswith("kind_")]:
        del sys.modules[name]


def ship(site: Path, source: str, name: str = "house") -> None:
    (site / f"kind_{name}.py").write_text(source, encoding="utf-8")
    info = site / f"{name}_dist-1.0.dist-info"
    info.mkdir(exist_ok=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}-dist\nVersion: 1.0\n", encoding="utf-8")
    (info / "entry_points.txt").write_text(f"[dealwright]\n{name} = kind_{name}\n", encoding="utf-8")


def desk(tmp_path: Path, process: str = PROCESS, plugins: str = "house", more: str = "") -> Desk:
    folder = tmp_path / "workspace"
    assert main(["init", str(folder)]) == 0
    allow(folder, plugins, more)
    people = "people:\n  rep-1: {roles: [rep]}\n  boss-1: {roles: [boss]}\n"
    (folder / "team.yaml").write_text(people, encoding="utf-8")
    (folder / "processes" / "demo.process.yaml").write_text(process, encoding="utf-8")
    return Desk(folder)


def allow(folder: Path, plugins: str, more: str = "") -> None:
    text = f'dealwright: "1"\nallow_as: true\nplugins: [{plugins}]\n{more}'
    (folder / "dealwright.yaml").write_text(text, encoding="utf-8")


def findings(at: Desk) -> list[tuple[str, int, int, str]]:
    answer = at.run("process", "validate", str(at.folder / "processes" / "demo.process.yaml"), "-o", "json")
    return [
        (f["code"], f["line"], f["column"], f["message"] + " " + (f["hint"] or ""))
        for f in answer.json["findings"] if f["severity"] == "error"
    ]  # fmt: skip


def credit(at: Desk) -> dict[str, Any]:
    why = at.ok("deal", "why", "demo-1")
    return next(c for way in why["transitions"] for c in way["criteria"] if c["id"] == "credit")


# -- deals


def test_deal_is_kept_until_the_criterion_of_the_plugin_is_met(tmp_path, site):
    ship(site, KIND.format(body=""))
    at = desk(tmp_path)
    at.ok("deal", "open", "demo", "--title", "Northlight", as_="rep-1")
    said = credit(at)
    assert (said["status"], said["expected"], said["text"]) == (
        "unknown",
        "credit of 500",
        "The house grants no credit",
    )
    assert said["fix"]["command"][0][:4] == ["dealwright", "deal", "set", "demo-1"]
    refused = at.fails(1, "deal", "advance", "demo-1", as_="rep-1")
    assert [c["id"] for c in refused["details"]["criteria"]] == ["credit"]
    at.ok("deal", "set", "demo-1", "--set", "customer=bad", as_="rep-1")
    assert (credit(at)["status"], credit(at)["found"]) == ("unmet", "bad")
    at.ok("deal", "set", "demo-1", "--set", "customer=good", as_="rep-1")
    assert credit(at)["status"] == "met"
    moved = at.ok("deal", "advance", "demo-1", as_="rep-1")
    assert moved["deal"]["stage"] == "close"
    assert moved["events"][0]["data"]["criteria"][0] == {"id": "credit", "source": "process", "status": "met"}


def test_criterion_of_a_plugin_can_be_waived_like_any_other(tmp_path, site):
    ship(site, KIND.format(body=""))
    at = desk(tmp_path)
    at.ok("deal", "open", "demo", "--title", "Northlight", as_="rep-1")
    at.ok("deal", "waive", "demo-1", "credit", "--reason", "known for years", as_="boss-1")
    assert at.ok("deal", "advance", "demo-1", as_="rep-1")["deal"]["stage"] == "close"


def test_criterion_may_be_a_part_of_another(tmp_path, site):
    ship(site, KIND.format(body=""))
    old = PROCESS[PROCESS.index("      credit:") : PROCESS.index("  - {id: close")]
    credit_part = "credit: {use: house_credit, with: {limit: 5}}"
    new = f"      sure:\n        at_least: any\n        of: {{{credit_part}, named: {{condition: has(customer)}}}}\n"
    at = desk(tmp_path, PROCESS.replace(old, new))
    at.ok("deal", "open", "demo", "--title", "Northlight", as_="rep-1")
    at.fails(1, "deal", "advance", "demo-1", as_="rep-1")
    at.ok("deal", "set", "demo-1", "--set", "customer=bad", as_="rep-1")
    assert at.ok("deal", "advance", "demo-1", as_="rep-1")["deal"]["stage"] == "close"


MISBEHAVING = {
    "raises": ("raise ValueError('boom')", "ValueError: boom"),
    "exits with success": ("raise SystemExit(0)", "SystemExit: 0"),
    "raises what nobody catches": ("raise BaseException('deep')", "BaseException: deep"),
    "recurses": ("f = lambda: f()\n    return f()", "RecursionError"),
    "sleeps": ("import time; time.sleep(60)", "longer than 0.3 s"),
    "loops": ("while True: pass", "longer than 0.3 s"),
    "gives true": ("return True", "not bool"),
    "gives nothing": ("return None", "not NoneType"),
    "gives a list": ("return [Judgement('met', T)]", "not list"),
    "waives": ("return Judgement('waived', T)", "only a person waives"),
    "invents a status": ("return Judgement('fine', T)", "fine"),
    "gives plain text": ("return Judgement('met', 'yes')", "wrong"),
    "finds NaN": ("return Judgement('met', T, found=float('nan'))", "finite"),
    "changes its parameters": ("parameters['limit'] = 0", "item assignment"),
    "changes the deal": ("deal.stage = 'close'", "immutable"),
}


@pytest.mark.parametrize("case", MISBEHAVING)
def test_misbehaving_criterion_closes_the_gate_and_is_named(tmp_path, site, case):
    body, said = MISBEHAVING[case]
    ship(site, KIND.format(body=body))
    at = desk(tmp_path, more="plugin_timeout: 0.3s\n")
    at.ok("deal", "open", "demo", "--title", "Northlight", as_="rep-1")
    at.ok("deal", "set", "demo-1", "--set", "customer=good", as_="rep-1")
    at.fails(1, "deal", "advance", "demo-1", as_="rep-1")
    told = credit(at)
    assert told["status"] == "unknown"
    assert "Plugin house failed in house_credit" in told["expected"]
    assert said in told["expected"]
    assert at.ok("deal", "show", "demo-1")["deal"]["stage"] == "talk"


def test_criterion_of_a_plugin_that_is_not_there_any_more_keeps_the_deal(tmp_path, site):
    ship(site, KIND.format(body=""))
    at = desk(tmp_path)
    at.ok("deal", "open", "demo", "--title", "Northlight", as_="rep-1")
    at.ok("deal", "set", "demo-1", "--set", "customer=good", as_="rep-1")
    off = at.fails(1, "--no-plugin", "house", "deal", "advance", "demo-1", as_="rep-1")
    assert "plugin_switched_off" in {c["id"] for c in off["details"]["criteria"]}
    assert at.run("--no-plugin", "house", "deal", "why", "demo-1").code == 0
    allow(at.folder, "")
    refused = at.fails(1, "deal", "advance", "demo-1", as_="rep-1")
    assert refused["details"]["plugin"] == "house"
    assert at.ok("deal", "show", "demo-1")["deal"]["stage"] == "talk"


# -- authors


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("use: house_credit", "use: house_credits", ("unknown-criterion-kind", 15, 14, "house_credit?")),
        ("with: {limit: 500}", "with: {limit: -1}", ("bad-value", 16, 23, "")),
        ("with: {limit: 500}", "with: {limit: much}", ("wrong-type", 16, 23, "number")),
        ("with: {limit: 500}", "with: {limit: 5, regoin: north}", ("unknown-key", 16, 26, "region")),
        ("with: {limit: 500}", "with: {limit: 5, region: west}", ("bad-value", 16, 34, "north")),
        ("with: {limit: 500}", "with: {region: north}", ("missing-key", 16, 15, "limit")),
        ("        with: {limit: 500}\n", "", ("missing-key", 15, 14, "limit")),
        ("use: house_credit", "condition: has(customer)", ("misplaced-key", 16, 9, "`use`")),
    ],
)
def test_wrong_use_is_found_at_its_line_and_column(tmp_path, site, old, new, found):
    ship(site, KIND.format(body=""))
    assert old in PROCESS
    [seen] = findings(desk(tmp_path, PROCESS.replace(old, new)))
    assert seen[:3] == found[:3], seen
    assert found[3] in seen[3]


def test_sound_use_has_no_finding_and_without_the_plugin_there_is_one(tmp_path, site):
    ship(site, KIND.format(body=""))
    at = desk(tmp_path)
    assert findings(at) == []
    allow(at.folder, "")
    assert [one[0] for one in findings(at)] == ["unknown-criterion-kind"]


def test_schema_for_editors_offers_the_kinds_and_their_parameters(tmp_path, site):
    ship(site, KIND.format(body=""))
    at = desk(tmp_path)
    schema = at.ok("schema", "process")["schema"]
    use = schema["$defs"]["criterion"]["properties"]["use"]
    assert use["enum"] == ["house_credit"]
    validator = jsonschema.Draft202012Validator({"$ref": "#/$defs/criterion", "$defs": schema["$defs"]})
    assert validator.is_valid({"use": "house_credit", "with": {"limit": 5}})
    assert not validator.is_valid({"use": "house_credit", "with": {"limit": "much"}})
    assert not validator.is_valid({"use": "house_credits", "with": {"limit": 5}})
    assert not validator.is_valid({"use": "house_credit", "with": {"limit": 5}, "condition": "has(customer)"})


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('CriterionKind("house_credit"', 'CriterionKind("House Credit"', "no id for a criterion"),
        ("SCHEMA, evaluate)]", "SCHEMA, 3)]", "cannot be evaluated"),
        ("SCHEMA, evaluate)]", "{'type': 'array'}, evaluate)]", "type object"),
        ("SCHEMA, evaluate)]", "{'type': 'object', 'x': {1}}, evaluate)]", "no JSON"),
        ("SCHEMA, evaluate)]", "{'type': 'object', 'allOf': []}, evaluate)]", "not understood"),
        ("SCHEMA, evaluate)]", "SCHEMA, evaluate)] * 2", "twice"),
        ('T = Text("Credit of the house", "内部授信")', 'T = "Credit"', "Text"),
        ("return [CriterionKind", "return [print] or [CriterionKind", "CriterionKind objects"),
    ],
)
def test_wrong_registration_breaks_the_plugin(tmp_path, site, old, new, said):
    source = KIND.format(body="")
    assert old in source
    ship(site, source.replace(old, new))
    at = desk(tmp_path)
    at.run("process", "validate")
    listed = next(one for one in at.ok("plugin", "list")["plugins"] if one["name"] == "house")
    assert listed["state"] == "broken"
    assert said in listed["error"]


def test_kind_that_an_earlier_plugin_took_breaks_the_later_one(tmp_path, site):
    ship(site, KIND.format(body=""))
    ship(site, KIND.format(body=""), "second")
    listed = {one["name"]: one for one in desk(tmp_path, plugins="house, second").ok("plugin", "list")["plugins"]}
    assert (listed["house"]["state"], listed["second"]["state"]) == ("active", "broken")
    assert "taken by house" in listed["second"]["error"]


def test_bundled_kind_of_spin_is_checked_like_any_other(tmp_path):
    use = "      moved: {use: spin_advances, with: {least: 2, of_last: 3}}\n"
    process = PROCESS[: PROCESS.index("      credit:")] + use + PROCESS[PROCESS.index("  - {id: close") :]
    at = desk(tmp_path, process, plugins="spin")
    assert findings(at) == []
    (at.folder / "processes" / "demo.process.yaml").write_text(
        process.replace("least: 2", "least: 0"), encoding="utf-8"
    )
    assert [one[:3] for one in findings(at)] == [("bad-value", 14, 49)]


def test_workspace_that_pins_another_version_closes_the_gate(tmp_path, site):
    ship(site, KIND.format(body=""))
    at = desk(tmp_path)
    at.ok("deal", "open", "demo", "--title", "Northlight", as_="rep-1")
    at.ok("deal", "set", "demo-1", "--set", "customer=good", as_="rep-1")
    allow(at.folder, "house==1.1")
    [listed] = [one for one in at.ok("plugin", "list")["plugins"] if one["name"] == "house"]
    assert (listed["state"], listed["version"], listed["hooks"]) == ("blocked", "1.0", None)
    assert "house is allowed as 1.1" in at.fails(1, "deal", "advance", "demo-1", as_="rep-1")["message"]
    allow(at.folder, "house==1.0")
    assert at.ok("deal", "advance", "demo-1", as_="rep-1")["deal"]["stage"] == "close"


@pytest.mark.parametrize("limit", ["2", "0s", "1m", "soon"])
def test_time_limit_that_is_none_is_a_finding(tmp_path, site, limit):
    ship(site, KIND.format(body=""))
    at = desk(tmp_path)
    allow(at.folder, "house", f"plugin_timeout: {limit}\n")
    assert at.run("plugin", "list").code == 1
