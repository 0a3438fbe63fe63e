"""Profiles, rules and ignores: which findings count, and for how much."""

from __future__ import annotations

from pathlib import Path

import pytest
from desk import Desk, make_workspace

TEAM = "people:\n  rep-1: {roles: [rep]}\n"
SETTINGS = 'dealwright: "1"\n'
PROCESS = """\
dealwright: "1"
process: demo
version: 1.0.0
title: Demo
roles:
  rep: {title: Rep}
  boss: {title: Boss}
events:
  order_placed: {by: buyer}
  met: {by: buyer}
stages:
  - id: talk
    title: Talk
    phase: discover
    responsible: rep
    exit_criteria: {met: {condition: event(met)}}
  - id: close
    title: Close
    phase: close
    responsible: [rep, boss]
    sla: 5d
    wins: true
outcomes:
  lost: {status: lost, reasons: [price, no_decision]}
"""
DEFAULT = {"unheld-role": "warning", "no-buyer-evidence": "warning"}


def told(desk: Desk, *words: str) -> dict[str, str]:
    """Severity by code."""
    return {f["code"]: f["severity"] for f in desk.run("process", "validate", *words, "-o", "json").json["findings"]}


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.chdir(tmp_path)
    return make_workspace(tmp_path / "acme", TEAM, SETTINGS, demo=PROCESS)


def say(desk: Desk, lint: str) -> None:
    (desk.folder / "dealwright.yaml").write_text(f"{SETTINGS}lint: {lint}\n", encoding="utf-8")


def test_without_settings_the_rules_of_the_trade_are_not_told(desk: Desk) -> None:
    assert told(desk) == DEFAULT


def test_the_strict_profile_looks_at_the_trade_and_makes_every_warning_an_error(desk: Desk) -> None:
    say(desk, "{profile: strict}")
    found = told(desk)
    assert found.keys() > DEFAULT.keys() | {"no-sla", "no-disqualification"}
    assert set(found.values()) == {"error"}
    assert desk.run("process", "validate").code == 1


def test_the_lenient_profile_tells_errors_only(desk: Desk) -> None:
    say(desk, "{profile: lenient}")
    assert told(desk) == {}
    path = desk.folder / "processes" / "demo.process.yaml"
    path.write_text(PROCESS.replace("condition: event(met)", "condition: event(meet)"), encoding="utf-8")
    assert told(desk) == {"undeclared-event": "error"}


def test_a_rule_counts_more_than_the_profile(desk: Desk) -> None:
    say(desk, "{profile: strict, rules: {no-sla: off, unheld-role: warning}}")
    found = told(desk)
    assert "no-sla" not in found
    assert (found["unheld-role"], found["no-buyer-evidence"]) == ("warning", "error")


def test_a_rule_of_the_trade_can_be_asked_for_alone(desk: Desk) -> None:
    say(desk, "{rules: {no-sla: error}}")
    assert told(desk) == {**DEFAULT, "no-sla": "error"}


def test_strict_on_the_command_line_keeps_what_the_rules_turn_off(desk: Desk) -> None:
    say(desk, "{rules: {no-sla: off, unheld-role: error}}")
    found = told(desk, "--strict")
    assert "no-sla" not in found
    assert (found["no-disqualification"], found["unheld-role"]) == ("warning", "error")


def test_a_profile_may_be_a_file_that_begins_from_another(desk: Desk) -> None:
    (desk.folder / "rules").mkdir()
    (desk.folder / "rules" / "base.lint.yaml").write_text(
        "lint: base\nprofile: strict\nrules: {no-sla: off}\n", encoding="utf-8"
    )
    (desk.folder / "rules" / "house.lint.yaml").write_text(
        "lint: house\nprofile: base.lint.yaml\nrules: {unheld-role: off}\n", encoding="utf-8"
    )
    say(desk, "{profile: rules/house.lint.yaml}")
    found = told(desk)
    assert not found.keys() & {"no-sla", "unheld-role"}
    assert found["no-buyer-evidence"] == "error"
    say(desk, "{profile: [rules/house.lint.yaml, default]}")
    assert told(desk) == DEFAULT


def test_a_profile_of_the_call_stands_in_for_the_workspaces_and_its_rules_stay(desk: Desk) -> None:
    say(desk, "{profile: strict, rules: {unheld-role: off}}")
    assert told(desk, "--profile", "default") == {"no-buyer-evidence": "warning"}
    Path("mine.lint.yaml").write_text("lint: mine\nrules: {no-buyer-evidence: error}\n", encoding="utf-8")
    assert told(desk, "--profile", "default", "--profile", "mine.lint.yaml") == {"no-buyer-evidence": "error"}


def test_profiles_that_are_not_there_or_go_in_a_circle_are_refused(desk: Desk) -> None:
    assert desk.fails(3, "process", "validate", "--profile", "gone.lint.yaml")["kind"] == "not_found"
    assert desk.fails(2, "process", "validate", "--profile", "harsh")["kind"] == "usage"
    (desk.folder / "a.lint.yaml").write_text("lint: a\nprofile: b.lint.yaml\n", encoding="utf-8")
    (desk.folder / "b.lint.yaml").write_text("lint: b\nprofile: a.lint.yaml\n", encoding="utf-8")
    say(desk, "{profile: a.lint.yaml}")
    assert "each other" in desk.fails(2, "process", "validate")["message"]


def test_what_is_wrong_in_a_profile_is_found_there(desk: Desk) -> None:
    (desk.folder / "house.lint.yaml").write_text("lint: house\nrules: {no-slaa: off}\n", encoding="utf-8")
    say(desk, "{profile: house.lint.yaml}")
    answer = desk.run("process", "validate", "-o", "json")
    (finding,) = [f for f in answer.json["findings"] if f["code"] == "unknown-rule"]
    assert (finding["line"], finding["column"], answer.code) == (2, 9, 1)
    assert finding["file"].endswith("house.lint.yaml")
    assert finding["hint"] == "did you mean no-sla?"


def test_errors_of_the_language_cannot_be_lowered(desk: Desk) -> None:
    say(desk, "{rules: {undeclared-event: off}}")
    assert told(desk)["fixed-rule"] == "error"
    (desk.folder / "house.lint.yaml").write_text("lint: house\nrules: {undeclared-event: off}\n", encoding="utf-8")
    path = desk.folder / "processes" / "demo.process.yaml"
    path.write_text(PROCESS.replace("condition: event(met)", "condition: event(meet)"), encoding="utf-8")
    say(desk, "{profile: lenient}")
    found = told(desk, "--profile", str(desk.folder / "house.lint.yaml"))
    assert (found["undeclared-event"], found["fixed-rule"]) == ("error", "error")


def test_an_ignore_with_a_reason_holds_under_the_strict_profile_too(desk: Desk) -> None:
    path = desk.folder / "processes" / "demo.process.yaml"
    spared = PROCESS.replace(
        "  - id: close\n", "  # dealwright: ignore[no-buyer-evidence] signed elsewhere\n  - id: close\n"
    )
    path.write_text(spared, encoding="utf-8")
    say(desk, "{profile: strict}")
    found = told(desk)
    assert not found.keys() & {"no-buyer-evidence", "unused-ignore"}


def test_publishing_asks_for_no_more_than_the_language_does(desk: Desk) -> None:
    say(desk, "{profile: strict, rules: {unheld-role: error}}")
    assert desk.run("process", "validate").code == 1
    assert desk.run("process", "publish", str(desk.folder / "processes"), as_=None).code in (0, 1)
    with_as = f"{SETTINGS}allow_as: true\nlint: {{profile: strict}}\n"
    (desk.folder / "dealwright.yaml").write_text(with_as, encoding="utf-8")
    assert desk.run("process", "publish", str(desk.folder / "processes"), as_="rep-1").code == 0
