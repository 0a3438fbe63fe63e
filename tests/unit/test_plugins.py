"""Plugins as a workspace meets them: real distributions on sys.path, well-behaved and otherwise."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from textwrap import dedent

import pytest

from dealwright import Deal, Layout, Process, Role, Stage, Text
from dealwright.errors import PluginError
from dealwright.plugins import Plugins, load_plugins

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
STAGE = Stage("needs", Text("Needs", "需求"), "discover", ("rep",), skip_to={"won": ("rep",)})
PROCESS = Process(
    "p", "1.0.0", Text("P", "流程"), "b2b", "CNY", {"rep": Role("rep", Text("Rep", "销售"))}, (STAGE,), {}
)
DEAL = Deal(Layout(PROCESS), id="p-1", title="A", status="open", stage="needs", version=3)
Ship = Callable[..., str]

HEAD = "from dealwright import Function, GateResult, Score, Text, hookimpl\nT = Text('a', '甲')\n"
GOOD_GATE = (
    "@hookimpl\ndef dealwright_evaluate_gate(deal, to): return [GateResult('g', 'unmet', T, T, found=deal.id)]\n"
)


@pytest.fixture
def ship(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Ship]:
    """Install a one-module distribution: its module on sys.path, its entry point in real metadata."""
    site = tmp_path / "site"
    site.mkdir()
    monkeypatch.syspath_prepend(str(site))
    before = set(sys.modules)

    def install(name: str, source: str, *, dist: str = "", version: str = "1.2", value: str = "") -> str:
        module = f"shipped_{name}"
        (site / f"{module}.py").write_text(HEAD + dedent(source), encoding="utf-8")
        info = site / f"{dist or name + '_dist'}-{version}.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(
            f"Metadata-Version: 2.1\nName: {dist or name + '-dist'}\nVersion: {version}\n", encoding="utf-8"
        )
        (info / "entry_points.txt").write_text(f"[dealwright]\n{name} = {value or module}\n", encoding="utf-8")
        return name

    yield install
    for name in set(sys.modules) - before:
        if name.startswith("shipped_"):
            del sys.modules[name]


def row(plugins: Plugins, name: str, lang: str = "en") -> dict:
    return next(entry for entry in plugins.listing(lang) if entry["name"] == name)


def ask(plugins: Plugins, hook: str, name: str = "p"):
    if hook == "dealwright_evaluate_gate":
        return plugins.evaluate_gate((name,), DEAL, PROCESS, "needs", None, NOW)
    if hook == "dealwright_score":
        return plugins.scores((name,), DEAL, PROCESS, NOW)
    return plugins.prompts((name,), DEAL, PROCESS, STAGE)


# -- which are imported


def test_plugin_that_is_not_allowed_is_listed_from_metadata_and_never_imported(ship, tmp_path):
    canary = tmp_path / "canary"
    ship("canary", f"open({str(canary)!r}, 'w').close()\n{GOOD_GATE}")
    ship("other", GOOD_GATE)
    plugins = load_plugins(["other"])
    assert row(plugins, "canary") == {
        "name": "canary", "version": "1.2", "distribution": "canary-dist", "origin": "installed",
        "state": "blocked", "hooks": None, "error": None,
    }  # fmt: skip
    assert not canary.exists()
    assert "shipped_canary" not in sys.modules
    load_plugins(["canary"])
    assert canary.exists(), "the canary sings when it is imported, so its silence above means something"


def test_active_plugin_is_listed_with_its_hooks(ship):
    ship("p", GOOD_GATE)
    assert row(load_plugins(["p"]), "p") == {
        "name": "p", "version": "1.2", "distribution": "p-dist", "origin": "installed", "state": "active",
        "hooks": ["dealwright_evaluate_gate"], "error": None,
    }  # fmt: skip


def test_plugin_that_nobody_installed_is_missing_and_closes_the_gate():
    plugins = load_plugins(["nowhere"])
    assert row(plugins, "nowhere")["state"] == "missing"
    with pytest.raises(PluginError, match="not installed") as caught:
        plugins.evaluate_gate(("nowhere",), DEAL, PROCESS, "needs", None, NOW)
    assert caught.value.details["plugin"] == "nowhere"
    assert "未安装" in caught.value.zh


@pytest.mark.parametrize("hook", ["dealwright_evaluate_gate", "dealwright_score", "dealwright_prompts"])
def test_plugin_that_a_process_names_but_the_workspace_does_not_allow_closes_the_gate(ship, hook):
    ship("p", GOOD_GATE)
    with pytest.raises(PluginError, match="not allowed here"):
        ask(load_plugins([]), hook)


def test_nothing_is_asked_of_plugins_that_the_process_does_not_name(ship):
    ship("p", "@hookimpl\ndef dealwright_evaluate_gate(): raise ValueError('never')\n")
    assert load_plugins(["p"]).evaluate_gate((), DEAL, PROCESS, "needs", None, NOW) == ()


def test_answers_come_in_the_order_in_which_the_workspace_allows(ship):
    for name in ("a", "b", "c"):
        ship(name, GOOD_GATE)
    plugins = load_plugins(["c", "a", "b"])
    said = plugins.evaluate_gate(("a", "b", "c"), DEAL, PROCESS, "needs", None, NOW)
    assert [name for name, _ in said] == ["c", "a", "b"]
    assert said[0][1].found == "p-1"
    assert plugins.gates(("b", "c")) == ("c", "b")
    assert plugins.versions() == {"c": "1.2", "a": "1.2", "b": "1.2"}


def test_workspace_without_plugins_imports_neither_pluggy_nor_metadata(tmp_path):
    code = (
        "import sys; from dealwright.plugins import load_plugins; p = load_plugins([]); p.overlays(); p.functions();"
        "print({'pluggy', 'importlib.metadata', 'dealwright.hookspecs'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


# -- broken at import or registration

BROKEN = {
    "raises at import": ("raise RuntimeError('no licence')", "RuntimeError: no licence"),
    "exits at import": ("raise SystemExit(0)", "SystemExit: 0"),
    "is no Python": ("def (:", "SyntaxError"),
    "imports what is not there": ("import shipped_nowhere", "shipped_nowhere"),
    "implements nothing": ("x = 1", "implements no hook"),
    "forgot the marker": ("def dealwright_evaluate_gate(deal): return []", "lacks the marker @hookimpl"),
    "misspelled a hook": ("@hookimpl\ndef dealwright_evaluate_gates(deal): return []", "dealwright_evaluate_gates"),
    "wants an unknown argument": ("@hookimpl\ndef dealwright_score(deal, mood): return None", "mood"),
    "wraps": ("@hookimpl(wrapper=True)\ndef dealwright_evaluate_gate(deal): return (yield)", "wrappers"),
    "wraps in the old way": ("@hookimpl(hookwrapper=True)\ndef dealwright_evaluate_gate(deal): yield", "wrappers"),
    "overlays: raises": ("@hookimpl\ndef dealwright_register_overlays(): raise OSError('gone')", "OSError: gone"),
    "overlays: exits": ("@hookimpl\ndef dealwright_register_overlays(): raise SystemExit", "SystemExit"),
    "overlays: one text": ("@hookimpl\ndef dealwright_register_overlays(): return 'overlay: x'", "not str"),
    "overlays: bytes": ("@hookimpl\ndef dealwright_register_overlays(): return [b'overlay: x']", "not bytes"),
    "overlays: without id": ("@hookimpl\ndef dealwright_register_overlays(): return ['fields: {}']", "overlay: ID"),
    "overlays: twice": ("@hookimpl\ndef dealwright_register_overlays(): return ['overlay: x', 'overlay: x']", "twice"),
    "functions: a bare function": ("@hookimpl\ndef dealwright_register_functions(): return [len]", "Function objects"),
    "functions: a generator": ("@hookimpl\ndef dealwright_register_functions(): yield 1", "not generator"),
    "functions: bad name": (
        "@hookimpl\ndef dealwright_register_functions(): return [Function('A b', (), 'text', len, T)]", "no name"),
    "functions: a keyword": (
        "@hookimpl\ndef dealwright_register_functions(): return [Function('not', (), 'text', len, T)]", "no name"),
    "functions: bad type": (
        "@hookimpl\ndef dealwright_register_functions(): return [Function('f', ('str',), 'text', len, T)]", "'str'"),
    "functions: takes one text": (
        "@hookimpl\ndef dealwright_register_functions(): return [Function('f', 'text', 'text', len, T)]", "type"),
    "functions: not callable": (
        "@hookimpl\ndef dealwright_register_functions(): return [Function('f', (), 'text', 3, T)]", "cannot be called"),
    "functions: no doc": (
        "@hookimpl\ndef dealwright_register_functions(): return [Function('f', (), 'text', len, None)]", "Text"),
    "functions: reserved": (
        "@hookimpl\ndef dealwright_register_functions(): return [Function('has', (), 'text', len, T)]", "taken"),
}  # fmt: skip


@pytest.mark.parametrize("case", BROKEN)
def test_broken_plugin_is_told_apart_and_closes_the_gate(ship, case):
    source, said = BROKEN[case]
    ship("bad", source)
    ship("good", GOOD_GATE)
    plugins = load_plugins(["bad", "good"], reserved=("has", "count"))
    entry = row(plugins, "bad")
    assert entry["state"] == "broken"
    assert said in entry["error"]
    assert "bad" in entry["error"]
    assert row(plugins, "bad", "zh")["error"] != entry["error"]
    assert plugins.overlays() == {}
    assert plugins.functions() == {}
    with pytest.raises(PluginError):
        plugins.require("bad")
    assert len(ask(plugins, "dealwright_evaluate_gate", "good")) == 1, "one broken plugin does not take others along"


def test_entry_point_may_name_an_object_but_not_a_class(ship):
    source = "class P:\n    @hookimpl\n    def dealwright_score(self, deal): return Score(7, (T,))\np = P()\n"
    ship("p", source, value="shipped_p:p")
    ship("klass", source, value="shipped_klass:P")
    plugins = load_plugins(["p", "klass"])
    assert ask(plugins, "dealwright_score")[0][1].value == 7
    assert "class" in row(plugins, "klass")["error"]


def test_name_offered_by_two_distributions_is_trusted_to_neither(ship, tmp_path):
    ship("p", GOOD_GATE)
    ship("p", GOOD_GATE, dist="impostor")
    error = row(load_plugins(["p"]), "p")["error"]
    assert "impostor, p-dist" in error
    assert "impostor, p-dist" in row(load_plugins([]), "p")["error"]


def test_function_or_overlay_that_an_earlier_plugin_took_breaks_the_later_one(ship):
    take = "@hookimpl\ndef dealwright_register_functions(): return [Function('f', (), 'text', str, T)]\n"
    ship("first", take)
    ship("second", take)
    ship("third", "@hookimpl\ndef dealwright_register_overlays(): return ['overlay: x\\nversion: 1.0.0']\n")
    ship("fourth", "@hookimpl\ndef dealwright_register_overlays(): return ['version: 1.0.0\\noverlay: \"x\"  # y']\n")
    plugins = load_plugins(["first", "second", "third", "fourth"])
    states = [row(plugins, name)["state"] for name in ("first", "second", "third", "fourth")]
    assert states == ["active", "broken", "active", "broken"]
    assert "taken by first" in row(plugins, "second")["error"]
    assert plugins.overlays() == {"x": ("third", "overlay: x\nversion: 1.0.0")}


def test_plugin_whose_overlay_turns_out_wrong_can_be_rejected(ship):
    ship("p", GOOD_GATE)
    plugins = load_plugins(["p"])
    plugins.reject("p", PluginError("its overlay does not validate", "叠加层未通过校验", plugin="p"))
    assert row(plugins, "p")["state"] == "broken"
    with pytest.raises(PluginError, match="does not validate"):
        ask(plugins, "dealwright_evaluate_gate")


# -- misbehaving when called

CALLED = ("dealwright_evaluate_gate", "dealwright_score", "dealwright_prompts")
ANY_HOOK = {
    "raises": ("raise ValueError('boom')", "ValueError: boom"),
    "exits with success": ("raise SystemExit(0)", "SystemExit"),
    "raises GeneratorExit": ("raise GeneratorExit", "GeneratorExit"),
    "raises BaseException": ("raise BaseException('deep')", "BaseException: deep"),
    "raises what cannot be printed": ("raise type('E', (Exception,), {'__str__': lambda s: 1 / 0})()", "raised E"),
    "recurses for ever": ("f = lambda: f()\n    return f()", "RecursionError"),
    "gives text": ("return 'fine'", "not str"),
    "gives true": ("return True", "not bool"),
    "gives a generator": ("return (x for x in ())", "not generator"),
    "gives a coroutine-like object": ("return object()", "not object"),
    "empties the roles": ("process.roles.clear()", "mappingproxy"),
    "adds a role": ("process.roles['boss'] = 1", "mappingproxy"),
    "renames the deal": ("deal.title = 'mine'", "immutable"),
    "changes a stage's skips": ("process.stages[0].skip_to['x'] = ()", "mappingproxy"),
    "changes the layout": ("deal.layout.stages = ()", "immutable layout"),
    "changes the layout's places": ("deal.layout.field_at.clear()", "mappingproxy"),
}
ONE_HOOK = {
    "dealwright_evaluate_gate": {
        "texts": ("return ['no']", "not str"),
        "a score": ("return [Score(1, ())]", "not Score"),
        "unknown status": ("return [GateResult('g', 'fine', T, T)]", "fine"),
        "claims a waiver": ("return [GateResult('g', 'waived', T, T)]", "only a person waives"),
        "unknown severity": ("return [GateResult('g', 'unmet', T, T, severity='lethal')]", "lethal"),
        "plain text": ("return [GateResult('g', 'unmet', 'no', T)]", "wrong"),
        "empty Chinese": ("return [GateResult('g', 'unmet', Text('a', ' '), T)]", "empty"),
        "bad id": ("return [GateResult('a b\\x1b', 'unmet', T, T)]", "no id"),
        "an id twice": ("return [GateResult('g', 'unmet', T, T)] * 2", "share the id"),
        "NaN found": ("return [GateResult('g', 'unmet', T, T, found={'x': [float('nan')]})]", "finite"),
        "an object found": ("return [GateResult('g', 'unmet', T, T, found=object())]", "wrong"),
        "a remedy of texts": ("return [GateResult('g', 'unmet', T, T, remedies=('rm',))]", "wrong"),
        "too many": ("return [GateResult(f'g{n}', 'unmet', T, T) for n in range(201)]", "at most 200"),
        "a set": ("return {1}", "not set"),
    },
    "dealwright_score": {
        "a number": ("return 50", "not int"),
        "a list": ("return [Score(1, ())]", "not list"),
        "NaN": ("return Score(float('nan'), ())", "not within"),
        "infinity": ("return Score(float('inf'), ())", "not within"),
        "101": ("return Score(101, ())", "101"),
        "below 0": ("return Score(-0.5, ())", "-0.5"),
        "true": ("return Score(True, ())", "wrong"),
        "text": ("return Score('90', ())", "wrong"),
        "plain reasons": ("return Score(1, ('because',))", "wrong"),
        "too many reasons": ("return Score(1, (T,) * 201)", "at most 200"),
    },
    "dealwright_prompts": {
        "plain texts": ("return ['ask']", "not str"),
        "one text": ("return T", "not Text"),
        "half a text": ("return [Text('ask', '')]", "empty"),
        "a number for Chinese": ("return [Text('ask', 3)]", "wrong"),
        "a novel": ("return [Text('a' * 20_001, '甲')]", "longer"),
        "none inside": ("return [None]", "not NoneType"),
    },
}


@pytest.mark.parametrize(
    ("hook", "body", "said"),
    [
        pytest.param(hook, *case, id=f"{hook.removeprefix('dealwright_')}: {name}")
        for hook in CALLED
        for name, case in {**ANY_HOOK, **ONE_HOOK[hook]}.items()
    ],
)
def test_misbehaving_plugin_is_reported_by_name_and_changes_nothing(ship, hook, body, said):
    ship("p", f"@hookimpl\ndef {hook}(deal, process):\n    {body}\n")
    plugins = load_plugins(["p"])
    with pytest.raises(PluginError) as caught:
        ask(plugins, hook)
    error = caught.value
    assert said in error.en
    assert error.details == {"plugin": "p", "hook": hook}
    assert "插件 p" in error.zh
    assert error.exit_code == 1
    assert list(PROCESS.roles) == ["rep"]
    assert DEAL.layout.stages == (STAGE,)


def test_interrupt_by_the_user_is_not_taken_for_a_fault(ship):
    ship("p", "@hookimpl\ndef dealwright_score(deal): raise KeyboardInterrupt\n")
    with pytest.raises(KeyboardInterrupt):
        ask(load_plugins(["p"]), "dealwright_score")


@pytest.mark.parametrize("hook", CALLED)
def test_nothing_to_say_is_fine(ship, hook):
    ship("p", f"@hookimpl\ndef {hook}(): return None\n")
    assert ask(load_plugins(["p"]), hook) == ()


def test_plugin_reads_the_deal_and_the_process_through_its_views(ship):
    ship("p", "@hookimpl\ndef dealwright_prompts(deal, process, stage):\n"
              "    assert deal.layout.stage_at['needs'] == 0 and process.roles['rep'].id == 'rep'\n"
              "    assert stage.skip_to['won'] == ('rep',) and deal.layout.field_at['amount'] == 0\n"
              "    return [Text(f'{deal.id} {stage.id}', f'{deal.id} {stage.title.zh}')]\n")  # fmt: skip
    assert ask(load_plugins(["p"]), "dealwright_prompts") == (("p", Text("p-1 needs", "p-1 需求")),)


# -- functions for expressions

FUNCTIONS = (
    "@hookimpl\ndef dealwright_register_functions(): return [Function('f', ('number',), {gives!r}, {call}, T)]\n"
)


@pytest.mark.parametrize(
    ("gives", "call", "said"),
    [
        ("number", "lambda n: 1 / 0", "ZeroDivisionError"),
        ("number", "__import__('sys').exit", "SystemExit"),
        ("number", "lambda n: float('nan')", "promises number"),
        ("number", "lambda n: True", "gave bool"),
        ("boolean", "lambda n: 1", "gave int"),
        ("text", "lambda n: 1", "gave int"),
        ("date", "lambda n: '2026-01-01'", "gave str"),
        ("money", "lambda n: 5", "gave int"),
        ("list", "lambda n: {}", "gave dict"),
    ],
)
def test_function_that_fails_or_breaks_its_promise_raises_a_plugin_error(ship, gives, call, said):
    ship("p", FUNCTIONS.format(gives=gives, call=call))
    with pytest.raises(PluginError, match=said) as caught:
        load_plugins(["p"]).functions()["f"].call(3)
    assert caught.value.details == {"plugin": "p", "hook": "f"}


def test_function_gives_its_value_or_none_for_unknown(ship):
    ship("p", FUNCTIONS.format(gives="number", call="lambda n: n * 2 if n else None"))
    function = load_plugins(["p"]).functions()["f"]
    assert (function.call(4), function.call(0)) == (8, None)


# -- the cached list


def test_list_of_plugins_is_kept_and_read_back(ship, tmp_path):
    ship("p", GOOD_GATE)
    cache = tmp_path / "cache"
    load_plugins(["p"], cache_dir=cache)
    kept = json.loads((cache / "plugins.json").read_text(encoding="utf-8"))
    for entry in kept["plugins"]:
        entry[3] = "from-cache"
    (cache / "plugins.json").write_text(json.dumps(kept), encoding="utf-8")
    assert row(load_plugins(["p"], cache_dir=cache), "p")["version"] == "from-cache"
    assert [path.name for path in cache.iterdir()] == ["plugins.json"]


def test_list_is_read_anew_when_a_distribution_comes(ship, tmp_path):
    ship("p", GOOD_GATE)
    cache = tmp_path / "cache"
    load_plugins(["p"], cache_dir=cache)
    ship("late", GOOD_GATE)
    assert row(load_plugins(["late"], cache_dir=cache), "late")["state"] == "active"


@pytest.mark.parametrize("content", ["", "null", "{}", "[1", '{"key": 1, "plugins": [[1]]}'])
def test_damaged_cache_is_read_over(ship, tmp_path, content):
    ship("p", GOOD_GATE)
    (tmp_path / "plugins.json").write_text(content, encoding="utf-8")
    assert row(load_plugins(["p"], cache_dir=tmp_path), "p")["state"] == "active"


def test_cache_that_cannot_be_written_is_no_error(ship, tmp_path):
    ship("p", GOOD_GATE)
    (tmp_path / "file").write_text("", encoding="utf-8")
    assert row(load_plugins(["p"], cache_dir=tmp_path / "file" / "cache"), "p")["state"] == "active"
