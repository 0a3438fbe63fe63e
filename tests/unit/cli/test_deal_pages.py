"""A deal through the real command line, on the real store: what a person reads and what a script gets."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from cli_run import Run

PROCESS = """\
dealwright: "1"
process: mini
version: 1.0.0
title: {en: Mini sales, zh: 小流程}
type: b2b
currency: CNY
roles:
  rep: {title: {en: Representative, zh: 销售代表}}
  legal: {title: {en: Legal, zh: 法务}}
fields:
  fit:
    type: choice
    title: {en: Fit, zh: 匹配}
    values: {good: {en: Good fit, zh: 匹配}, bad: {en: Bad fit, zh: 不匹配}}
  pains: {type: list, title: {en: Pains, zh: 痛点}, of: {text: {type: text, required: true}}}
events:
  accepted: {by: [buyer], title: {en: Meeting accepted, zh: 接受会面}}
artifacts:
  contract:
    by: [rep]
    title: {en: Contract, zh: 合同}
    fields: {price: {type: money, required: true}}
    approvals: [{by: legal}]
stages:
  - id: qualify
    title: {en: Qualify, zh: 资格确认}
    phase: qualify
    responsible: [rep]
    sla: 10d
    exit_criteria:
      fit: {condition: fit == "good", unmet: {en: Say whether it fits, zh: 请判断是否匹配}}
      pain: {condition: count(pains) >= 1, unmet: {en: Write down a pain, zh: 请写下一个痛点}, waivable_by: [legal]}
      meeting: {condition: event(accepted), unmet: {en: The buyer has not accepted a meeting, zh: 客户尚未接受会面}}
  - id: contract
    title: {en: Contract, zh: 合同签订}
    phase: close
    responsible: [rep]
    requires: [contract]
    wins: true
  - {id: delivery, title: {en: Delivery, zh: 交付}, phase: deliver, responsible: [rep]}
outcomes:
  lost: {status: lost, title: {en: Lost, zh: 丢单}, reasons: {price: {en: Price, zh: 价格}}}
"""
SETTINGS = 'dealwright: "1"\nallow_as: true\nallow_now: true\n'
TEAM = "people:\n  rep-1: {roles: [rep]}\n  legal-1: {roles: [legal]}\n"


@pytest.fixture
def deals(run: Run, tmp_path: Path) -> Run:
    assert run("init", str(tmp_path)).code == 0
    (tmp_path / "dealwright.yaml").write_text(SETTINGS, encoding="utf-8")
    (tmp_path / "team.yaml").write_text(TEAM, encoding="utf-8")
    (tmp_path / "processes").mkdir(exist_ok=True)
    (tmp_path / "processes" / "mini.process.yaml").write_text(PROCESS, encoding="utf-8")

    def call(*arguments: str, by: str = "rep-1") -> object:
        return run("--workspace", str(tmp_path), "--as", by, "--now", "2026-03-01T08:00:00Z", *arguments)

    return call  # type: ignore[return-value]


def test_a_deal_from_opening_to_delivery(deals: Run) -> None:
    ran = deals("deal", "open", "mini", "--title", "星海科技")
    assert ran.code == 0, ran.err
    assert ran.out == (
        "星海科技: opened at Qualify.\nQualify is due on 2026-03-11.\nNext: dealwright deal why mini-1\n"
    )
    refused = deals("deal", "advance", "mini-1")
    assert (refused.code, refused.out) == (1, "")
    assert "Refused: 3 criteria are not met" in refused.err
    for argv in (
        ("deal", "set", "mini-1", "--set", "fit=good"),
        ("deal", "item", "add", "mini-1", "pains", "--set", "text=slow"),
        ("stakeholder", "add", "mini-1", "--set", "name=Buyer One", "--set", "role=EB"),
        ("activity", "log", "mini-1", "accepted", "--by", "buyer", "--contact", "s1"),
    ):
        ran = deals(*argv)
        assert ran.code == 0, ran.err
    assert ran.out.endswith("Next: dealwright deal advance mini-1\n")
    assert "moved on from Qualify to Contract" in deals("deal", "advance", "mini-1").out
    assert deals("artifact", "add", "mini-1", "contract", "--set", "price=12万").code == 0
    waiting = deals("approval", "list", "mini-1", "--lang", "zh")
    assert re.search(r"合同 +阶段资料 .*法务 +legal-1", waiting.out)
    assert "dealwright artifact approve mini-1 contract" in waiting.out
    assert deals("artifact", "approve", "mini-1", "contract", by="rep-1").code == 1
    assert deals("artifact", "approve", "mini-1", "contract", by="legal-1").code == 0
    assert "won at Contract; goes on to Delivery" in deals("deal", "advance", "mini-1").out
    assert "completed after Delivery" in deals("deal", "advance", "mini-1").out
    story = deals("deal", "history", "mini-1", "--lang", "zh").out
    assert "从“资格确认”推进到“合同签订”" in story
    assert "添加干系人 Buyer One" in story
    assert json.loads(deals("deal", "verify", "mini-1", "-o", "json").out)["ok"] is True


def test_why_says_what_is_open_who_helps_and_with_which_command(deals: Run) -> None:
    deals("deal", "open", "mini", "--title", "Acme")
    text = deals("deal", "why", "Acme").out
    assert text.startswith("Acme is at Qualify (open), due on 2026-03-11\n")
    assert "Advance to Contract: not yet, 3 open" in text
    assert "who: Representative (rep-1)" in text
    assert "run: dealwright deal set mini-1 --set fit=good" in text
    assert "run: dealwright deal item add mini-1 pains --set text=<text:text>" in text
    assert "Next: dealwright deal set mini-1" in text
    chinese = deals("deal", "why", "Acme", "--lang", "zh").out
    assert "推进到“合同签订”：暂不可以，尚有 3 项" in chinese
    assert "? 请判断是否匹配（尚不清楚）" in chinese
    assert not set("EXPECTED FOUND WHO RUN NEXT".lower().split()) & set(
        re.findall(r"^\s*(\w+):", chinese, re.MULTILINE)
    )


def test_table_and_json_come_from_one_object(deals: Run) -> None:
    deals("deal", "open", "mini", "--title", "Acme", "--set", "amount=USD 500")
    found = json.loads(deals("deal", "list", "-o", "json").out)
    assert found["v"] == 1
    assert found["deals"][0]["amount"] == {"amount": "500.00", "currency": "USD"}
    assert yaml.safe_load(deals("deal", "list", "-o", "yaml").out) == found
    rows = list(csv.DictReader(io.StringIO(deals("deal", "list", "-o", "csv").out)))
    assert [row["title"] for row in rows] == ["Acme"]
    assert "USD 500" in deals("deal", "list").out


def test_a_waiver_a_hold_and_a_loss_are_told_in_titles(deals: Run) -> None:
    deals("deal", "open", "mini", "--title", "Acme")
    assert (
        "waived pain (nobody to ask)"
        in deals("deal", "waive", "Acme", "pain", "--reason", "nobody to ask", by="legal-1").out
    )
    assert "~ " in deals("deal", "why", "Acme").out
    assert (
        "on hold until 2026-03-11 (holiday)"
        in deals("deal", "hold", "Acme", "--until", "+10d", "--reason", "holiday").out
    )
    assert "Next: dealwright deal resume mini-1" in deals("deal", "why", "Acme").out
    assert "taken off hold" in deals("deal", "resume", "Acme").out
    assert "在“资格确认”丢单：价格" in deals("deal", "lose", "Acme", "--reason", "price", "--lang", "zh").out
    assert "已丢单" in deals("deal", "show", "Acme", "--lang", "zh").out


def test_a_dry_run_says_that_nothing_was_written(deals: Run) -> None:
    ran = deals("deal", "open", "mini", "--title", "Acme", "--dry-run")
    assert ran.code == 0
    assert "nothing was written" in ran.out
    assert json.loads(deals("deal", "list", "-o", "json").out)["total"] == 0


def test_only_the_right_role_is_named_in_a_refusal_by_role(deals: Run) -> None:
    deals("deal", "open", "mini", "--title", "Acme")
    ran = deals("deal", "set", "Acme", "--set", "fit=good", by="legal-1")
    assert ran.code == 1
    assert "rep-1" in ran.err


def test_another_version_is_a_conflict(deals: Run) -> None:
    deals("deal", "open", "mini", "--title", "Acme")
    assert deals("deal", "set", "Acme", "--set", "fit=good", "--if-version", "7").code == 4


def test_several_deals_that_fit_are_listed(deals: Run) -> None:
    deals("deal", "open", "mini", "--title", "Acme one")
    deals("deal", "open", "mini", "--title", "Acme two")
    ran = deals("deal", "show", "Acme")
    assert ran.code == 2
    assert "mini-1" in ran.err
    assert "mini-2" in ran.err


HOSTILE = "\x1b]0;owned\x07\x9b2J\u202e"


@pytest.mark.parametrize("verb", ["show", "why", "advance", "history", "verify"])
@pytest.mark.parametrize("form", ["table", "json", "yaml", "csv"])
def test_hostile_text_is_never_printed_raw(deals: Run, verb: str, form: str) -> None:
    ran = deals("deal", verb, HOSTILE, "-o", form)
    assert ran.code == 3
    assert not set(HOSTILE[:1] + "\x07\x9b\u202e") & set(ran.out + ran.err)


def test_specifications_are_marked_as_pluggy_marks_them() -> None:
    import pluggy

    from dealwright.hookspecs import GROUP, HookSpecs, hookimpl

    def example() -> None: ...

    pluggy.HookspecMarker(GROUP)(example)
    assert HookSpecs.dealwright_score.dealwright_spec == example.dealwright_spec  # type: ignore[attr-defined]
    assert isinstance(hookimpl, pluggy.HookimplMarker)


def test_reading_a_deal_imports_only_what_it_needs(deals: Run, tmp_path: Path) -> None:
    deals("deal", "open", "mini", "--title", "Acme")
    heavy = ("yaml", "jsonschema", "pluggy", "importlib.metadata", "rich")
    code = (
        "import sys; from dealwright.cli.main import main; main(sys.argv[1:]);"
        f"print('LOADED', *[m for m in {heavy} if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, "--workspace", str(tmp_path), "deal", "show", "Acme"],
        capture_output=True, text=True, check=True, env={**os.environ, "PYTHONUTF8": "1"},
    )  # fmt: skip
    assert done.stdout.splitlines()[0] == "Acme  (mini-1)"
    assert done.stdout.splitlines()[-1] == "LOADED"


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
def test_on_a_terminal_there_is_colour_and_no_line_is_too_wide(deals: Run, tmp_path: Path) -> None:
    import pty

    deals("deal", "open", "mini", "--title", "星海科技二期设备采购项目" * 4)
    ours, theirs = pty.openpty()
    environment = {**os.environ, "COLUMNS": "60", "TERM": "xterm", "PYTHONUTF8": "1"}
    environment.pop("NO_COLOR", None)
    arguments = [sys.executable, "-m", "dealwright", "--workspace", str(tmp_path), "deal", "list"]
    with subprocess.Popen(arguments, stdout=theirs, stderr=theirs, stdin=theirs, env=environment) as process:
        process.wait(timeout=30)
        os.close(theirs)
        shown = os.read(ours, 65536).decode()
    os.close(ours)
    from dealwright.cli.display import width

    assert "\x1b[1m" in shown
    plain = re.sub(r"\x1b\[\d*m", "", shown)
    assert all(width(line) <= 60 for line in plain.splitlines())
