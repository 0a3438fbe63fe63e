"""What plugins object to, on the lines of the author's file."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from textwrap import dedent

import pytest
from desk import Desk, make_workspace

TEAM = "people:\n  rep-1: {roles: [rep]}\n"
PROCESS = """\
dealwright: "1"
process: demo
version: 1.0.0
title: Demo
methodologies: [spin]
roles:
  rep: {title: Rep}
fields:
  pains: {type: list, of: {text: {type: text}, agreed: {type: confirmation}}}
events:
  order_placed: {by: buyer}
  visit: {by: rep}
stages:
  - id: talk
    title: Talk
    phase: discover
    responsible: rep
    exit_criteria: {visit: {condition: event(visit)}}
  - id: close
    title: Close
    phase: close
    responsible: rep
    wins: true
    exit_criteria: {order: {condition: event(order_placed)}}
outcomes:
  lost: {status: lost, reasons: [price, no_decision]}
"""
RULE = "plugin:spin/no-buyer-confirmation"
Ship = Callable[[str, str], None]


@pytest.fixture
def ship(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Ship]:
    """Install a plugin of one hook: its body, given `process` and `report`."""
    site = tmp_path / "site"
    site.mkdir()
    monkeypatch.syspath_prepend(str(site))

    def install(name: str, body: str) -> None:
        source = "from dealwright import hookimpl\n\n\n@hookimpl\ndef dealwright_lint(process, report):\n"
        lines = "".join(f"    {line}\n" for line in dedent(body).strip().splitlines())
        (site / f"lint_{name}.py").write_text(source + lines, encoding="utf-8")
        info = site / f"{name}_dist-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}-dist\nVersion: 1.0\n", encoding="utf-8")
        (info / "entry_points.txt").write_text(f"[dealwright]\n{name} = lint_{name}\n", encoding="utf-8")

    yield install
    for name in [name for name in sys.modules if name.startswith("lint_")]:
        del sys.modules[name]


def workspace(folder: Path, *plugins: str, process: str = PROCESS, more: str = "") -> Desk:
    return make_workspace(
        folder / "acme", TEAM, f'dealwright: "1"\nplugins: [{", ".join(plugins)}]\n{more}', demo=process
    )


def found(desk: Desk, *words: str) -> list[tuple[int, int, str, str]]:
    answer = desk.run("process", "validate", *words, "-o", "json")
    return [(f["line"], f["column"], f["code"], f["severity"]) for f in answer.json["findings"]]


def of_plugins(desk: Desk, *words: str) -> list[tuple[int, int, str, str]]:
    return [one for one in found(desk, *words) if one[2].startswith("plugin")]


# -- SPIN's own rule


def test_spin_objects_to_discovery_on_the_sellers_word_alone(tmp_path: Path) -> None:
    desk = workspace(tmp_path, "spin")
    assert of_plugins(desk) == [(14, 9, RULE, "warning")]
    line = next(line for line in desk.run("process", "validate").out.splitlines() if RULE in line)
    assert f"demo.process.yaml:14:9: {RULE} warning: " in line
    assert "客户" in desk.run("process", "validate", "--lang", "zh").out


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("methodologies: [spin]\n", ""),
        ("event(visit)", "count(pains, agreed) >= 1"),
        ("event(visit)", "event(order_placed)"),
        ("phase: discover", "phase: qualify"),
    ],
)
def test_spin_has_nothing_to_say_where_it_is_not_used_or_the_buyer_is_asked(tmp_path: Path, old: str, new: str) -> None:
    assert old in PROCESS
    assert of_plugins(workspace(tmp_path, "spin", process=PROCESS.replace(old, new, 1))) == []


def test_a_methodology_that_the_workspace_adds_counts_as_used(tmp_path: Path) -> None:
    bare = PROCESS.replace("methodologies: [spin]\n", "")
    desk = workspace(tmp_path, "spin", process=bare, more="methodologies: {demo: [spin]}\n")
    assert [one[2] for one in of_plugins(desk)] == [RULE]


def test_a_plugins_rule_can_be_ignored_turned_off_and_raised(tmp_path: Path) -> None:
    spared = PROCESS.replace("  - id: talk\n", f"  # dealwright: ignore[{RULE}] asked in a workshop\n  - id: talk\n")
    desk = workspace(tmp_path, "spin", process=spared)
    assert [code for *_, code, _ in found(desk) if "plugin" in code or code == "unused-ignore"] == []
    (desk.folder / "processes" / "demo.process.yaml").write_text(PROCESS, encoding="utf-8")
    base = 'dealwright: "1"\nplugins: [spin]\n'
    for level, seen in (("off", []), ("error", [(14, 9, RULE, "error")])):
        (desk.folder / "dealwright.yaml").write_text(
            f'{base}lint: {{rules: {{"{RULE}": {level}}}}}\n', encoding="utf-8"
        )
        assert of_plugins(desk) == seen


def test_an_ignore_of_a_plugin_that_is_not_asked_is_left_alone(tmp_path: Path) -> None:
    plain = PROCESS.replace("methodologies: [spin]\n", "").replace(
        "  - id: talk\n", f"  # dealwright: ignore[{RULE}] asked in a workshop\n  - id: talk\n"
    )
    assert "unused-ignore" not in [one[2] for one in found(workspace(tmp_path / "a", process=plain))]
    assert "unused-ignore" in [one[2] for one in found(workspace(tmp_path / "b", "spin", process=plain))]


# -- where a finding stands


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ((), (1, 1)),
        (("title",), (4, 1)),
        (("roles", "rep"), (7, 3)),
        (("stages",), (13, 1)),
        (("stages", "close"), (19, 9)),
        (("stages", "close", "wins"), (23, 5)),
        (("stages", 1, "exit_criteria", "order", "condition"), (24, 29)),
        (("fields", "pains", "of", "agreed", "type"), (9, 57)),
        (("stages", "gone", "wins"), (13, 1)),
        (("stages", "talk", "sla"), (14, 9)),
        (("methodologies", "spin"), (5, 17)),
        (("stages", 99), (13, 1)),
        (("roles", 0), (6, 1)),
    ],
)
def test_a_path_becomes_a_line_and_a_column_as_near_as_there_is_one(
    tmp_path: Path, ship: Ship, path: tuple[str | int, ...], place: tuple[int, int]
) -> None:
    ship("house", f"report.add({path!r}, 'odd', 'warning', 'Odd', '怪')")
    desk = workspace(tmp_path, "spin", "house")
    assert [one for one in of_plugins(desk) if "house" in one[2]] == [(*place, "plugin:house/odd", "warning")]


def test_an_error_of_a_plugin_fails_the_validation_but_stops_no_deal(tmp_path: Path, ship: Ship) -> None:
    ship("house", "report.add(('title',), 'name', 'error', 'No such title', '标题不妥')")
    desk = workspace(tmp_path, "house", process=PROCESS.replace("methodologies: [spin]\n", ""), more="allow_as: true\n")
    assert desk.run("process", "validate").code == 1
    assert desk.run("deal", "open", "demo", "--title", "Northwind", as_="rep-1").code == 0


def test_plugins_are_not_asked_about_a_file_with_errors(tmp_path: Path, ship: Ship) -> None:
    ship("house", "report.add((), 'odd', 'warning', 'Odd', '怪')")
    broken = PROCESS.replace("condition: event(visit)", "condition: event(visits)")
    assert of_plugins(workspace(tmp_path, "house", process=broken.replace("methodologies: [spin]\n", ""))) == []


# -- misbehaviour

MISBEHAVING = {
    "raises": ("raise ValueError('boom')", "ValueError: boom"),
    "exits with success": ("raise SystemExit(0)", "SystemExit"),
    "raises BaseException": ("raise BaseException('deep')", "deep"),
    "recurses for ever": ("f = lambda: f()\nf()", "RecursionError"),
    "returns findings": ("return [1]", "not list"),
    "a code with spaces": ("report.add((), 'a b', 'warning', 'x', '甲')", "no code"),
    "a severity of its own": ("report.add((), 'a', 'fatal', 'x', '甲')", "fatal"),
    "nothing in Chinese": ("report.add((), 'a', 'warning', 'x', ' ')", "one language"),
    "no text": ("report.add((), 'a', 'warning', 3, '甲')", "one language"),
    "a path of objects": ("report.add((object(),), 'a', 'warning', 'x', '甲')", "path"),
    "a text for a path": ("report.add('stages', 'a', 'warning', 'x', '甲')", "path"),
    "too much": ("for n in range(201): report.add((), 'a', 'warning', 'x', '甲')", "200"),
    "hides its mistake": (
        "try:\n    report.add((), 'A', 'warning', 'x', '甲')\nexcept Exception:\n    pass", "no code"),
    "changes the process": ("process.roles.clear()", "mappingproxy"),
    "renames the process": ("process.id = 'x'", "immutable"),
}  # fmt: skip


@pytest.mark.parametrize("case", MISBEHAVING)
def test_a_plugin_that_misbehaves_is_named_and_spoils_nothing(tmp_path: Path, ship: Ship, case: str) -> None:
    body, said = MISBEHAVING[case]
    ship("bad", body)
    ship("good", "report.add(('title',), 'fine', 'warning', 'Fine', '好')")
    desk = workspace(tmp_path, "bad", "spin", "good")
    answer = desk.run("process", "validate", "-o", "json")
    assert answer.code == 0
    codes = [f["code"] for f in answer.json["findings"]]
    assert {"plugin-failed", RULE, "plugin:good/fine"} <= set(codes)
    assert not any(code.startswith("plugin:bad") for code in codes)
    failed = next(f for f in answer.json["findings"] if f["code"] == "plugin-failed")
    assert (failed["line"], failed["column"], failed["severity"]) == (1, 1, "warning")
    assert "Plugin bad failed in dealwright_lint" in failed["message"]
    assert said in failed["message"]
    zh = desk.run("process", "validate", "-o", "json", "--lang", "zh").json["findings"]
    assert any(f["code"] == "plugin-failed" and "插件 bad" in f["message"] for f in zh)


def test_what_a_plugin_says_is_one_line_that_steers_nothing(tmp_path: Path, ship: Ship) -> None:
    ship("loud", "report.add((), 'a', 'warning', 'one\\ntwo\\x1b[31m' + 'x' * 5000, '甲\\n乙')")
    desk = workspace(tmp_path, "loud", process=PROCESS.replace("methodologies: [spin]\n", ""))
    (finding,) = [f for f in desk.run("process", "validate", "-o", "json").json["findings"] if "loud" in f["code"]]
    assert finding["message"].startswith("one two\\x1b[31m")
    assert len(finding["message"]) < 400


def test_sarif_lists_the_rules_that_plugins_used(tmp_path: Path) -> None:
    desk = workspace(tmp_path, "spin")
    (one,) = desk.run("process", "validate", "-o", "sarif").json["runs"]
    result = next(r for r in one["results"] if r["ruleId"] == RULE)
    assert one["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == RULE
