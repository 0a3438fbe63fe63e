"""Plugins in one file of the workspace: only where it opts in, and then by the same rules as any."""

from __future__ import annotations

from pathlib import Path

import pytest
from desk import Desk, make_workspace

TEAM = "people:\n  rep-1: {roles: [sales_rep, marketing]}\n  rep-2: {roles: [sales_rep, marketing]}\n"
SETTINGS = 'dealwright: "1"\nallow_as: true\nallow_now: true\n'
GATE = """\
from dealwright import GateResult, Text, hookimpl, overlay_plugin

dealwright_register_overlays = overlay_plugin(__file__)


@hookimpl
def dealwright_evaluate_gate(deal):
    return [GateResult("odd_never", "unmet", Text("Not today", "今天不行"), Text("never", "从不"), severity="block")]
"""
OVERLAY = (
    "overlay: odd\nversion: 1.0.0\ntitle: {en: Odd, zh: 古怪}\nfields: {odd_a: {type: text, title: {en: A, zh: 甲}}}\n"
)
OPTED = "plugins: [odd]\nlocal_plugins: true\nmethodologies: {b2b: [odd]}\n"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    made = make_workspace(tmp_path / "acme", TEAM, SETTINGS + OPTED)
    put(made, "odd.py", GATE)
    put(made, "odd.overlay.yaml", OVERLAY)
    return made


def put(desk: Desk, name: str, text: str) -> None:
    (desk.folder / "plugins").mkdir(exist_ok=True)
    (desk.folder / "plugins" / name).write_text(text, encoding="utf-8")


def listed(desk: Desk, name: str = "odd"):
    return next((row for row in desk.ok("plugin", "list")["plugins"] if row["name"] == name), None)


def settings(desk: Desk, text: str) -> None:
    (desk.folder / "dealwright.yaml").write_text(SETTINGS + text, encoding="utf-8")


def test_a_file_that_the_workspace_allows_is_a_plugin_of_the_workspace(desk):
    row = listed(desk)
    assert (row["origin"], row["state"], row["distribution"]) == ("workspace", "active", None)
    assert row["version"].startswith("0+")
    desk.ok("deal", "open", "b2b", "--title", "Northlight", as_="rep-1")
    refused = desk.fails(1, "deal", "advance", "b2b-1", as_="rep-1")
    assert "odd_never" in {one["id"] for one in refused["details"]["criteria"]}


def test_without_opting_in_the_folder_is_not_looked_at(desk):
    settings(desk, "plugins: [odd]\n")
    assert listed(desk)["state"] == "missing"
    settings(desk, "")
    assert listed(desk) is None


def test_a_file_that_is_not_allowed_is_blocked_and_never_imported(desk, tmp_path):
    settings(desk, "local_plugins: true\n")
    put(desk, "odd.py", f"open({str(tmp_path / 'canary')!r}, 'w').close()\n")
    assert (listed(desk)["state"], listed(desk)["hooks"]) == ("blocked", None)
    assert not (tmp_path / "canary").exists()


def test_an_edited_file_is_another_version_and_its_new_code_runs(desk):
    before = listed(desk)["version"]
    put(
        desk,
        "odd.py",
        "from dealwright import overlay_plugin\ndealwright_register_overlays = overlay_plugin(__file__)\n",
    )
    after = listed(desk)
    assert after["version"] != before
    assert after["hooks"] == ["dealwright_register_overlays"]


def test_a_pinned_version_of_a_file_blocks_it_once_it_is_edited(desk):
    version = listed(desk)["version"]
    settings(desk, OPTED.replace("[odd]", f"[odd=={version}]", 1))
    assert listed(desk)["state"] == "active"
    put(desk, "odd.py", GATE + "\n# edited\n")
    assert listed(desk)["state"] == "blocked"


def test_a_file_with_the_name_of_an_installed_plugin_is_broken_and_neither_runs(desk):
    put(desk, "spin.py", GATE)
    settings(desk, "plugins: [spin]\nlocal_plugins: true\n")
    row = listed(desk, "spin")
    assert row["state"] == "broken"
    assert "plugins/spin.py" in row["error"]


def test_a_deal_whose_file_is_gone_stays_where_it_is(desk):
    desk.ok("deal", "open", "b2b", "--title", "Northlight", as_="rep-1")
    (desk.folder / "plugins" / "odd.py").unlink()
    refused = desk.fails(1, "deal", "advance", "b2b-1", as_="rep-1")
    assert refused["details"]["plugin"] == "odd"


def test_a_plugin_that_is_all_data_is_one_line_and_leaves_nothing_beside_it(desk):
    put(
        desk,
        "calm.py",
        "from dealwright import overlay_plugin\ndealwright_register_overlays = overlay_plugin(__file__)\n",
    )
    put(desk, "calm.overlay.yaml", OVERLAY.replace("odd", "calm"))
    settings(desk, "plugins: [calm, odd]\nlocal_plugins: true\nmethodologies: {b2b: [calm]}\n")
    assert (listed(desk, "calm")["state"], listed(desk)["state"]) == ("active", "active")  # each has its own overlay
    desk.ok("deal", "open", "b2b", "--title", "Northlight", "--set", "calm_a=x", as_="rep-1")
    assert not (desk.folder / "plugins" / "__pycache__").exists()


def test_overlay_plugin_without_an_overlay_is_broken_and_says_so(desk):
    put(
        desk,
        "bare.py",
        "from dealwright import overlay_plugin\ndealwright_register_overlays = overlay_plugin(__file__)\n",
    )
    (desk.folder / "plugins" / "odd.overlay.yaml").unlink()
    settings(desk, "plugins: [bare]\nlocal_plugins: true\n")
    assert "no *.overlay.yaml" in listed(desk, "bare")["error"]


def test_a_local_plugin_can_be_checked_by_its_name(desk):
    answer = desk.run("plugin", "check", "odd", "-o", "json")
    assert answer.code == 0, answer.out
    assert answer.json["ok"] is True
    put(desk, "odd.py", "raise ValueError('broken')\n")
    answer = desk.run("plugin", "check", "odd", "-o", "json")
    assert answer.code == 1
    assert [case["name"] for case in answer.json["cases"] if not case["ok"]] == ["imports", "hooks"]
