"""Every misbehaviour in every hook: the plugin is named, nothing passes that would not have passed without it."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from dealwright import Deal, Layout, Process, Record, Role, Stage, Text, hookspecs
from dealwright.errors import PluginError
from dealwright.plugins import Plugins, load_plugins

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
STAGE = Stage("needs", Text("Needs", "需求"), "discover", ("rep",))
PROCESS = Process(
    "p", "1.0.0", Text("P", "流程"), "b2b", "CNY", {"rep": Role("rep", Text("Rep", "销售"))}, (STAGE,), {}
)
DEAL = Deal(Layout(PROCESS), id="p-1", title="A", status="open", stage="needs", version=3)
EVENT = Record(1, "p-1", 1, "opened", NOW, NOW, "rep-1", "me", None, "0" * 64, {"to": "needs"}, "0" * 64, "1" * 64)
HEAD = """
import itertools, time
from dealwright import CriterionKind, Function, GateResult, Judgement, Proposal, Score, Text, hookimpl
T = Text('a', '甲')
"""
# The right element of each hook's answer, whose parts the misbehaviours below spoil; "" for hooks that give nothing.
ELEMENT = {
    "register_overlays": "'overlay: x'",
    "register_functions": "Function('f', (), 'text', str, T)",
    "register_criteria": "CriterionKind('k', T, {'type': 'object'}, len)",
    "evaluate_gate": "GateResult('g', 'unmet', T, T)",
    "score": "Score(5, (T,))",
    "prompts": "T",
    "propose": "Proposal('a', T, score=5)",
    "lint": "",
    "on_event": "",
    "register_commands": "",
    "criterion": "Judgement('unmet', T)",
    "function": "'text'",
}
SPOILT = {  # hook -> an element that is not text where it should be, and one with a number that is none
    "register_overlays": ("['title: x']", "[float('nan')]"),
    "register_functions": ("[Function('f', (), 'text', str, 'doc')]", "[Function(float('nan'), (), 'text', str, T)]"),
    "register_criteria": ("[CriterionKind('k', 'title', {'type': 'object'}, len)]", "[CriterionKind('k', T, 5, len)]"),
    "evaluate_gate": ("[GateResult('g', 'unmet', 'a', T)]", "[GateResult('g', 'unmet', T, T, found=float('nan'))]"),
    "score": ("Score(5, ('a',))", "Score(float('nan'), (T,))"),
    "prompts": ("[Text('a', '')]", "[Text(float('nan'), '甲')]"),
    "propose": ("[Proposal('a', 'a', score=5)]", "[Proposal('a', T, score=float('nan'))]"),
    "lint": ("'a'", "float('nan')"),
    "on_event": ("'a'", "float('nan')"),
    "register_commands": ("'a'", "float('nan')"),
    "criterion": ("Judgement('unmet', 'a')", "Judgement('unmet', T, found=float('nan'))"),
    "function": ("b'bytes'", "float('nan')"),
}
BODIES: dict[str, Callable[[str], str]] = {
    "raises": lambda hook: "raise ValueError('boom')",
    "exits with success": lambda hook: "raise SystemExit(0)",
    "raises BaseException": lambda hook: "raise BaseException('deep')",
    "gives the wrong type": lambda hook: "return {1: 2}",
    "gives a wrong element": lambda hook: "return [object()]",
    "lies about ids": lambda hook: f"return [{ELEMENT[hook] or 'None'}] * 2",
    "recurses": lambda hook: "f = lambda: f()\n    return f()",
    "answers hugely": lambda hook: f"return [{ELEMENT[hook] or 'None'}] * 100_000",
    "sleeps": lambda hook: "time.sleep(60)",
    "loops": lambda hook: "while True: pass",
    "gives an endless generator": lambda hook: "return itertools.repeat(None)",
    "gives no text": lambda hook: f"return {SPOILT[hook][0]}",
    "gives NaN": lambda hook: f"return {SPOILT[hook][1]}",
    "changes what it got": lambda hook: CHANGED.get(hook, "raise TypeError('has nothing to change')"),
}
CHANGED = {
    "evaluate_gate": "deal.stage = 'won'", "score": "process.roles.clear()", "prompts": "stage.title = T",
    "propose": "deal.layout.field_at.clear()", "lint": "process.roles['boss'] = 1", "on_event": "event.data.clear()",
    "register_commands": "cli.add = None; cli.add()", "criterion": "parameters['x'] = 1",
}  # fmt: skip
ARGUMENTS = {
    "evaluate_gate": "deal", "score": "deal, process", "prompts": "deal, stage", "propose": "deal", "lint": "process",
    "on_event": "event", "register_commands": "cli",
}  # fmt: skip
Ship = Callable[[str], None]


@pytest.fixture
def ship(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Ship]:
    site = tmp_path / "site"
    site.mkdir()
    monkeypatch.syspath_prepend(str(site))

    def install(source: str) -> None:
        (site / "matrix_p.py").write_text(HEAD + source, encoding="utf-8")
        info = site / "p-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text("Metadata-Version: 2.1\nName: p\nVersion: 1.0\n", encoding="utf-8")
        (info / "entry_points.txt").write_text("[dealwright]\np = matrix_p\n", encoding="utf-8")

    yield install
    sys.modules.pop("matrix_p", None)


def source(hook: str, body: str) -> str:
    if hook == "criterion":
        return (
            f"def evaluate(deal, parameters, now):\n    {body}\n@hookimpl\ndef dealwright_register_criteria():\n"
            "    return [CriterionKind('k', T, {'type': 'object'}, evaluate)]\n"
        )
    if hook == "function":
        return (
            f"def call():\n    {body}\n@hookimpl\ndef dealwright_register_functions():\n"
            "    return [Function('f', (), 'text', call, T)]\n"
        )
    return f"@hookimpl\ndef dealwright_{hook}({ARGUMENTS.get(hook, '')}):\n    {body}\n"


def ask(plugins: Plugins, hook: str) -> Any:
    """Ask the hook. What it says wrong comes as a PluginError, as whoever called it would get it."""
    match hook:
        case "evaluate_gate":
            return plugins.evaluate_gate(("p",), DEAL, PROCESS, "needs", None, NOW)
        case "score":
            return plugins.scores(("p",), DEAL, PROCESS, NOW)
        case "prompts":
            return plugins.prompts(("p",), DEAL, PROCESS, STAGE)
        case "propose":
            return plugins.proposals(("p",), DEAL, PROCESS, NOW)
        case "on_event":
            return plugins.tell("p", EVENT, PROCESS, DEAL, Path())
        case "criterion":
            return plugins.judge("k", DEAL, {}, NOW)
        case "function":
            return plugins.functions()["f"].call()
        case "lint":
            [remark] = plugins.lint(PROCESS)
            assert (remark.plugin, remark.failed) == ("p", True)
            raise PluginError(remark.text.en, remark.text.zh, plugin="p")
    return plugins.require("p")  # a registration: the plugin is broken


# A prompt has no id, so it may well be given twice.
FINE = {("prompts", "lies about ids")}


@pytest.mark.parametrize("hook", ELEMENT)
@pytest.mark.parametrize("case", BODIES)
def test_misbehaviour_in_a_hook_is_refused_with_the_name_of_the_plugin(ship, hook, case):
    ship(source(hook, BODIES[case](hook)))
    plugins = load_plugins(["p"], seconds=0.15)
    if (hook, case) in FINE:
        ask(plugins, hook)
        return
    with pytest.raises(PluginError, match="Plugin p failed") as caught:
        ask(plugins, hook)
    assert caught.value.details["plugin"] == "p"
    assert caught.value.exit_code == 1
    assert "插件 p" in caught.value.zh
    assert (DEAL.stage, list(PROCESS.roles), EVENT.data) == ("needs", ["rep"], {"to": "needs"})


@pytest.mark.parametrize("hook", [hook for hook in ELEMENT if hook not in ("criterion", "function")])
def test_wrapper_is_refused_in_every_hook(ship, hook):
    body = f"@hookimpl(wrapper=True)\ndef dealwright_{hook}({ARGUMENTS.get(hook, '')}):\n    return (yield)\n"
    ship(body)
    with pytest.raises(PluginError, match="wrappers are not allowed"):
        load_plugins(["p"]).require("p")


@pytest.mark.parametrize("hook", [hook for hook in ELEMENT if hook not in ("criterion", "function")])
@pytest.mark.parametrize("head", ["raise SystemExit(0)", "import nowhere_at_all", "raise KeyError('x')"])
def test_import_that_fails_breaks_the_plugin_whatever_it_implements(ship, hook, head):
    ship(f"{head}\n{source(hook, 'return None')}")
    with pytest.raises(PluginError, match="Plugin p failed in import"):
        load_plugins(["p"]).require("p")


# -- what changes in later releases


@pytest.mark.parametrize("hook", [hook for hook in ELEMENT if hook not in ("criterion", "function")])
def test_plugin_that_takes_none_of_the_arguments_works(ship, hook):
    ship(f"@hookimpl\ndef dealwright_{hook}():\n    return None\n")
    plugins = load_plugins(["p"])
    plugins.require("p")
    if hook == "lint":
        assert plugins.lint(PROCESS) == []
    else:
        ask(plugins, hook)


def test_argument_added_to_a_hook_breaks_no_plugin_written_before(ship, monkeypatch):
    @hookspecs.hookspec
    def dealwright_score(self, deal, process, now, weather):
        """As it may look one day."""

    monkeypatch.setattr(hookspecs.HookSpecs, "dealwright_score", dealwright_score)
    ship("@hookimpl\ndef dealwright_score(deal): return Score(5, (T,))\n")
    assert ask(load_plugins(["p"]), "score")[0][1].value == 5


@pytest.mark.parametrize(("argument", "said"), [(None, "dealwright_score,"), ("now", "the argument now of")])
def test_what_is_going_away_still_works_and_warns_with_the_name_of_the_plugin(ship, monkeypatch, argument, said):
    monkeypatch.setitem(hookspecs.DEPRECATED, ("dealwright_score", argument), "use something else")
    ship("@hookimpl\ndef dealwright_score(deal, now): return Score(5, (T,))\n")
    with pytest.warns(FutureWarning, match=f"Plugin p uses {said}"):
        plugins = load_plugins(["p"])
    assert ask(plugins, "score")[0][1].value == 5


def test_plugin_that_does_not_use_it_is_not_warned(ship, monkeypatch):
    monkeypatch.setitem(hookspecs.DEPRECATED, ("dealwright_score", "now"), "use something else")
    ship("@hookimpl\ndef dealwright_score(deal): return None\n")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        load_plugins(["p"]).require("p")
