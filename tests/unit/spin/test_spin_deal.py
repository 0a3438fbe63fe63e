"""A deal taken through discovery, proposal and negotiation with SPIN, by doing only what refusals offer."""

from __future__ import annotations

import getpass
import json

import pytest

from dealwright.cli.main import main

PROCESS = """
dealwright: "1"
process: tiny
version: 1.0.0
title: {en: Tiny, zh: 小流程}
type: b2b
roles: {rep: {title: {en: Rep, zh: 销售}}}
methodologies: [spin]
stages:
  - {id: listen, title: {en: Listen, zh: 倾听}, phase: discover, responsible: [rep]}
  - {id: offer, title: {en: Offer, zh: 提案}, phase: propose, responsible: [rep]}
  - {id: agree, title: {en: Agree, zh: 商定}, phase: negotiate, responsible: [rep], wins: true}
outcomes: {lost: {status: lost, reasons: [price]}}
"""
VALUES = {"text": "some words", "date": "2030-01-31", "boolean": "false", "choice": "explicit"}


@pytest.fixture
def run(tmp_path, capsys, monkeypatch):
    folder = tmp_path / "w"

    def call(*arguments, code=0):
        got = main([*arguments, "-o", "json"])
        out = capsys.readouterr().out
        assert got == code, out
        return json.loads(out)

    call("init", str(folder))
    (folder / "processes" / "tiny.process.yaml").write_text(PROCESS, encoding="utf-8")
    (folder / "team.yaml").write_text(
        f"people: {{rep-1: {{roles: [rep], os_user: {json.dumps(getpass.getuser())}}}}}\n"
    )
    (folder / "dealwright.yaml").write_text("plugins: [spin]\nallow_as: true\n")
    monkeypatch.chdir(folder)
    call("deal", "open", "tiny", "--title", "Northlight")
    return call


def filled(argument):
    name, _, rest = argument.partition("=<")
    return f"{name}={VALUES[rest.rstrip('>').partition(':')[2]]}" if rest else argument


def unmet(run):
    why = run("deal", "why", "tiny-1")
    return {
        c["id"]: c for t in why["transitions"] for c in t["criteria"] if c["status"] in ("unmet", "unknown")
    }  # fmt: skip


def report(run):
    settings = ("objective_advance=a trial", "committed=false", "refused=false")
    run("artifact", "add", "tiny-1", "call_report", *(part for s in settings for part in ("--set", s)))


def follow_remedies(run):
    for criterion in unmet(run).values():
        for argv in criterion["fix"]["command"]:
            run(*[filled(argument) for argument in argv[1:]])
        assert criterion["id"] not in unmet(run), criterion["id"]


def test_every_refusal_of_spin_is_cured_by_the_commands_it_offers(run):
    assert set(unmet(run)) == {
        "spin_explicit_need", "spin_implication_asked", "spin_payoff_asked", "spin_call_moved",
    }  # fmt: skip
    run("deal", "advance", "tiny-1", code=1)
    follow_remedies(run)
    assert run("deal", "advance", "tiny-1")["deal"]["stage"] == "offer"
    assert set(unmet(run)) == {"spin_benefits_answer_needs"}
    run("deal", "item", "add", "tiny-1", "spin_benefits", "--set", "text=blue", "--set", "need=9")
    follow_remedies(run)
    assert run("deal", "advance", "tiny-1")["deal"]["stage"] == "agree"
    assert run("deal", "advance", "tiny-1")["deal"]["status"] == "completed"


def test_need_is_recorded_first_where_a_benefit_has_none_to_answer(run):
    follow_remedies(run)
    run("deal", "advance", "tiny-1")
    run("deal", "item", "set", "tiny-1", "spin_needs", "1", "--set", "kind=implied")
    follow_remedies(run)
    assert run("deal", "advance", "tiny-1")["deal"]["stage"] == "agree"


def test_warm_calls_first_warn_and_then_stall_the_deal_until_one_moves_it(run):
    follow_remedies(run)
    run("deal", "advance", "tiny-1")
    follow_remedies(run)
    run("deal", "advance", "tiny-1")
    report(run)
    assert "spin_momentum" not in unmet(run)
    report(run)
    assert unmet(run)["spin_momentum"]["severity"] == "warn"
    report(run)
    assert unmet(run)["spin_momentum"]["severity"] == "block"
    assert unmet(run)["spin_momentum"]["source"] == "plugin:spin"
    refused = run("deal", "advance", "tiny-1", code=1)["error"]["details"]
    assert [c["id"] for c in refused["criteria"]] == ["spin_momentum"]
    follow_remedies(run)
    run("deal", "advance", "tiny-1")


def test_warning_does_not_hold_a_deal_back(run):
    follow_remedies(run)
    run("deal", "advance", "tiny-1")
    follow_remedies(run)
    run("deal", "advance", "tiny-1")
    report(run)
    report(run)
    assert run("deal", "advance", "tiny-1")["deal"]["status"] == "completed"
