"""The contract suite: bundled plugins keep it, and each case fails for a plugin that breaks it."""

from __future__ import annotations

from importlib.metadata import distribution
from textwrap import dedent

import pytest

from dealwright import NotFoundError, UsageError
from dealwright.workspace.plugin_samples import samples
from dealwright.workspace.plugin_trial import CASES, check_plugin

BUNDLED = sorted(point.name for point in distribution("dealwright").entry_points.select(group="dealwright"))
HEAD = "from dealwright import GateResult, Score, Text, hookimpl\n"
PROMPT = '@hookimpl\ndef dealwright_prompts(deal):\n    return [Text("Why now?", "为什么是现在？")]\n'


@pytest.mark.parametrize("name", BUNDLED)
def test_every_bundled_plugin_keeps_the_contract(name):
    assert [(case.name, case.message.en) for case in check_plugin(name) if not case.ok] == []


def told(tmp_path, body, head=HEAD):
    """What the suite says of a plugin of one file, by case."""
    file = tmp_path / "odd.py"
    file.write_text(head + dedent(body), encoding="utf-8")
    return {case.name: case for case in check_plugin(file)}


def failing(cases):
    return {name for name, case in cases.items() if not case.ok}


def test_a_sound_plugin_of_one_file_passes_every_case(tmp_path):
    cases = told(tmp_path, PROMPT)
    assert tuple(cases) == CASES
    assert failing(cases) == set()
    assert cases["hooks"].message.en == "prompts"


@pytest.mark.parametrize(
    ("body", "case", "says"),
    [
        ("raise ValueError('no such thing')", "imports", "no such thing"),
        ("raise SystemExit(0)", "imports", "SystemExit"),
        ("def dealwright_prompts(deal):\n    return []", "hooks", "lacks the marker"),
        ("@hookimpl\ndef dealwright_promts(deal):\n    return []", "hooks", "dealwright_promts"),
        ("@hookimpl\ndef dealwright_prompts(deal, weather):\n    return []", "hooks", "weather"),
        ("@hookimpl(wrapper=True)\ndef dealwright_prompts(deal):\n    return (yield)", "hooks", "wrappers"),
        ("hello = 1", "hooks", "no hook"),
        (
            "from dealwright import CriterionKind\n@hookimpl\ndef dealwright_register_criteria():\n"
            "    return [CriterionKind('odd', Text('Odd', '古怪'), {'type': 'object', 'allOf': []}, print)]",
            "hooks", "the schema of odd",
        ),
        (
            "@hookimpl\ndef dealwright_register_overlays():\n"
            "    return ['overlay: odd\\nversion: 1.0.0\\ntitle: {en: Odd, zh: 古怪}\\nphases: {nowhere: {}}\\n']",
            "overlays", "nowhere",
        ),
        (
            "@hookimpl\ndef dealwright_register_overlays():\n"
            "    return ['overlay: odd\\nversion: 1.0.0\\ntitle: {en: Odd, zh: Strange}\\n"
            "fields: {odd_a: {type: text, title: {en: A, zh: 甲}}}\\n']",
            "languages", "no Chinese in 'Strange'",
        ),
        (
            "@hookimpl\ndef dealwright_register_overlays():\n"
            "    return ['overlay: odd\\nversion: 1.0.0\\ntitle: {en: Odd, zh: 古怪}\\n"
            "fields: {pains: {type: text, title: {en: A, zh: 甲}}}\\n']",
            "fits", "pains",
        ),
        ("@hookimpl\ndef dealwright_score(deal):\n    return Score(101, ())", "answers", "not within 0 to 100"),
        ("@hookimpl\ndef dealwright_prompts(deal):\n    return deal.value('no_field')", "answers", "KeyError"),
        ("@hookimpl\ndef dealwright_prompts(deal):\n    deal.layout.field_at['x'] = 1", "answers", "TypeError"),
        (
            "import itertools\ncount = itertools.count()\n"
            "@hookimpl\ndef dealwright_prompts(deal):\n    n = next(count)\n    return [Text(f'No {n}', f'第 {n} 个')]",
            "deterministic", "one thing and then another",
        ),
        (
            "@hookimpl\ndef dealwright_evaluate_gate(deal):\n"
            "    return [GateResult('odd', 'waived', Text('All is well', '没事'), Text('nothing', '无'))]",
            "answers", "only a person waives",
        ),
    ],
)  # fmt: skip
def test_a_plugin_that_breaks_the_contract_is_told_where(tmp_path, body, case, says):
    cases = told(tmp_path, body)
    assert case in failing(cases)
    assert says in cases[case].message.en


def test_a_slow_plugin_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr("dealwright.workspace.plugin_trial.SECONDS", 0.002)
    monkeypatch.setattr(
        "dealwright.workspace.plugin_trial.samples",
        lambda program: [next(samples(program))],
    )
    cases = told(
        tmp_path, "import time\n@hookimpl\ndef dealwright_prompts(deal):\n    time.sleep(0.004)\n    return []"
    )
    assert failing(cases) == {"fast"}


def test_an_import_that_writes_or_talks_is_warned_of_and_no_failure(tmp_path):
    trace = tmp_path / "trace"
    cases = told(tmp_path, f"open({str(trace)!r}, 'w').close()\nprint('hello')\n" + PROMPT)
    assert failing(cases) == set()
    assert cases["imports"].message.en.startswith("warning: ")
    assert f"writing {trace}" in cases["imports"].message.en
    assert "printing" in cases["imports"].message.en


def test_a_folder_without_a_plugin_and_a_name_of_none_are_told(tmp_path):
    with pytest.raises(UsageError, match=r"pyproject\.toml"):
        check_plugin(tmp_path)
    (tmp_path / "pyproject.toml").write_text("[project]\nname = 'x'\n", encoding="utf-8")
    with pytest.raises(UsageError, match="entry point"):
        check_plugin(tmp_path)
    with pytest.raises(NotFoundError):
        check_plugin("no_such_plugin")


def test_a_project_of_several_plugins_is_tried_plugin_by_plugin(tmp_path):
    (tmp_path / "pyproject.toml").write_text(
        '[project]\nname = "two"\n[project.entry-points.dealwright]\nleft = "two_left"\nright = "two_right"\n',
        encoding="utf-8",
    )
    (tmp_path / "two_left.py").write_text(HEAD + PROMPT, encoding="utf-8")
    (tmp_path / "two_right.py").write_text("", encoding="utf-8")
    cases = {case.name: case.ok for case in check_plugin(tmp_path)}
    assert cases["left: hooks"]
    assert not cases["right: hooks"]
