"""Fences around plugins: versions, time, the trace, doing without, where one comes from."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from dealwright import Deal, Layout, Process, Role, Stage, Text
from dealwright.errors import PluginError
from dealwright.plugins import Plugins, load_plugins

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
STAGE = Stage("needs", Text("Needs", "需求"), "discover", ("rep",))
PROCESS = Process(
    "p", "1.0.0", Text("P", "流程"), "b2b", "CNY", {"rep": Role("rep", Text("Rep", "销售"))}, (STAGE,), {}
)
DEAL = Deal(Layout(PROCESS), id="p-1", title="A", status="open", stage="needs", version=3)
HEAD = "import time\nfrom dealwright import Function, GateResult, Score, Text, hookimpl\nT = Text('a', '甲')\n"
GATE = "@hookimpl\ndef dealwright_evaluate_gate(deal): return []\n"
Ship = Callable[..., None]


@pytest.fixture
def ship(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Ship]:
    site = tmp_path / "site"
    site.mkdir()
    monkeypatch.syspath_prepend(str(site))

    def install(name: str, source: str, version: str = "1.2") -> None:
        (site / f"fenced_{name}.py").write_text(HEAD + source, encoding="utf-8")
        info = site / f"fenced_{name}-{version}.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: fenced-{name}\nVersion: {version}\n", "utf-8")
        (info / "entry_points.txt").write_text(f"[dealwright]\n{name} = fenced_{name}\n", encoding="utf-8")

    yield install
    for name in [one for one in sys.modules if one.startswith("fenced_")]:
        del sys.modules[name]


def row(plugins: Plugins, name: str, lang: str = "en") -> dict:
    return next(entry for entry in plugins.listing(lang) if entry["name"] == name)


def gate(plugins: Plugins) -> object:
    return plugins.evaluate_gate(("p",), DEAL, PROCESS, "needs", None, NOW)


# -- which version


@pytest.mark.parametrize("allowed", ["p", "p==1.2"])
def test_plugin_of_the_allowed_version_is_active(ship, allowed):
    ship("p", GATE)
    plugins = load_plugins([allowed])
    assert row(plugins, "p")["state"] == "active"
    assert gate(plugins) == ()


@pytest.mark.parametrize("allowed", [["p==1.3"], ["p", "p==1.3"], ["p==1.2", "p==1.3"]])
def test_another_version_is_blocked_with_the_reason_and_never_imported(ship, tmp_path, allowed):
    canary = tmp_path / "canary"
    ship("p", f"open({str(canary)!r}, 'w').close()\n{GATE}")
    plugins = load_plugins(allowed)
    entry = row(plugins, "p")
    assert (entry["state"], entry["hooks"], entry["version"]) == ("blocked", None, "1.2")
    assert "1.3" in entry["error"]
    assert "p==1.2" in entry["error"]
    assert "获准的版本" in row(plugins, "p", "zh")["error"]
    assert not canary.exists()
    with pytest.raises(PluginError, match=r"allowed as .*1\.3"):
        gate(plugins)


def test_version_of_a_plugin_that_is_not_there_makes_it_missing(ship):
    assert row(load_plugins(["p==1.0"]), "p")["state"] == "missing"


def test_where_a_plugin_comes_from_is_told(ship):
    ship("p", GATE)
    plugins = load_plugins(["p", "nowhere"])
    assert [row(plugins, name)["origin"] for name in ("p", "spin", "nowhere")] == ["installed", "bundled", None]


# -- doing without


def test_plugin_that_is_switched_off_is_not_imported_and_its_gate_is_closed(ship, tmp_path):
    canary = tmp_path / "canary"
    ship("p", f"open({str(canary)!r}, 'w').close()\n{GATE}")
    plugins = load_plugins(["p"], without=["p"])
    assert row(plugins, "p")["state"] == "blocked"
    assert "--no-plugin" in row(plugins, "p")["error"]
    assert plugins.without_off(("p", "q")) == ("q",)
    name, closed = plugins.closed("p")
    assert (name, closed.status, closed.severity) == ("p", "unknown", "block")
    with pytest.raises(PluginError, match="switched off"):
        gate(plugins)
    assert not canary.exists()


# -- time

SLOW = {
    "sleeps": "time.sleep(60)",
    "loops for ever": "while True: pass",
    "loops and catches exceptions": "while True:\n        try: time.sleep(0.01)\n        except Exception: pass",
    "waits for a lock": "import threading; lock = threading.Lock(); lock.acquire(); lock.acquire()",
    "reads an endless generator": "import itertools\n    for _ in itertools.count(): pass",
    "cleans up slowly": "try: time.sleep(60)\n    finally: time.sleep(60)",
}


def took(call: Callable[[], object], match: str) -> float:
    begun = time.monotonic()
    with pytest.raises(PluginError, match=match) as caught:
        call()
    assert caught.value.details["plugin"] == "p"
    return time.monotonic() - begun


@pytest.mark.parametrize("hook", ["evaluate_gate", "score", "prompts"])
@pytest.mark.parametrize("case", SLOW)
def test_hook_that_takes_too_long_is_ended_and_named(ship, case, hook):
    ship("p", f"@hookimpl\ndef dealwright_{hook}(deal):\n    {SLOW[case]}\n")
    plugins = load_plugins(["p"], seconds=0.2)
    ask = {
        "evaluate_gate": lambda: gate(plugins),
        "score": lambda: plugins.scores(("p",), DEAL, PROCESS, NOW),
        "prompts": lambda: plugins.prompts(("p",), DEAL, PROCESS, STAGE),
    }[hook]
    assert took(ask, r"Plugin p failed in dealwright_\w+: it took longer than 0\.2 s") < 5


def test_slow_linter_becomes_a_finding(ship):
    ship("p", "@hookimpl\ndef dealwright_lint(process, report): time.sleep(60)\n")
    [remark] = load_plugins(["p"], seconds=0.2).lint(PROCESS)
    assert (remark.code, remark.failed) == ("plugin-failed", True)
    assert "longer than 0.2 s" in remark.text.en


def test_slow_registration_and_slow_import_break_the_plugin(ship):
    ship("late", "@hookimpl\ndef dealwright_register_functions(): time.sleep(60)\n")
    ship("heavy", "time.sleep(60)\n")
    plugins = load_plugins(["late", "heavy"], seconds=0.1)
    assert "longer than 0.1 s" in row(plugins, "late")["error"]
    assert "in import: it took longer than 0.6 s" in row(plugins, "heavy")["error"]


def test_slow_function_of_an_expression_is_ended(ship):
    ship("p", "@hookimpl\ndef dealwright_register_functions():\n"
              "    return [Function('f', (), 'text', lambda: time.sleep(60), T)]\n")  # fmt: skip
    function = load_plugins(["p"], seconds=0.2).functions()["f"]
    assert took(function.call, "Plugin p failed in f: it took longer") < 5


def test_time_is_kept_outside_the_main_thread_too(ship):
    ship("p", "@hookimpl\ndef dealwright_evaluate_gate(deal): time.sleep(3)\n")
    plugins = load_plugins(["p"], seconds=0.2)
    seen: list[float] = []
    thread = threading.Thread(target=lambda: seen.append(took(lambda: gate(plugins), "longer than")))
    thread.start()
    thread.join(10)
    assert seen
    assert seen[0] < 2.5


def test_answer_given_in_time_outside_the_main_thread_is_taken_and_its_faults_are_told(ship):
    ship("p", "@hookimpl\ndef dealwright_evaluate_gate(deal): raise SystemExit(0)\n"
              "@hookimpl\ndef dealwright_score(deal): return Score(7, (T,))\n")  # fmt: skip
    plugins = load_plugins(["p"], seconds=5)
    seen: list[object] = []

    def ask() -> None:
        seen.append(plugins.scores(("p",), DEAL, PROCESS, NOW)[0][1].value)
        took(lambda: gate(plugins), "SystemExit: 0")
        seen.append("refused")

    thread = threading.Thread(target=ask)
    thread.start()
    thread.join(10)
    assert seen == [7, "refused"]


def test_timer_that_somebody_else_uses_is_left_alone(ship):
    signal = pytest.importorskip("signal")
    if not hasattr(signal, "setitimer"):
        pytest.skip("no timers here")
    ship("p", "@hookimpl\ndef dealwright_evaluate_gate(deal): time.sleep(3)\n")
    plugins = load_plugins(["p"], seconds=0.2)
    before = signal.signal(signal.SIGALRM, lambda *_: None)
    signal.setitimer(signal.ITIMER_REAL, 600)
    try:
        assert took(lambda: gate(plugins), "longer than") < 2.5
        assert signal.getitimer(signal.ITIMER_REAL)[0] > 500
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def test_nothing_rings_after_a_call_that_was_in_time(ship):
    ship("p", GATE)
    plugins = load_plugins(["p"], seconds=0.05)
    assert gate(plugins) == ()
    time.sleep(0.15)


def test_plugin_that_catches_even_the_end_of_its_time_ends_the_program_with_its_name(tmp_path):
    code = (
        "import time\nfrom dealwright.plugins.faults import Fence\n"
        "def stubborn():\n"
        "    while True:\n"
        "        try:\n"
        "            while True: time.sleep(0.01)\n"
        "        except BaseException: pass\n"
        "Fence(0.1).call('p', 'dealwright_score', stubborn)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 1
    assert "Plugin p dealwright_score does not stop" in done.stderr
    assert "仍不停止" in done.stderr


# -- the trace


def test_trace_tells_each_call_with_its_time_and_how_it_ended(ship, monkeypatch, capsys):
    ship("p", "@hookimpl\ndef dealwright_evaluate_gate(deal): return []\n"
              "@hookimpl\ndef dealwright_score(deal): raise ValueError('no')\n")  # fmt: skip
    monkeypatch.setenv("DEALWRIGHT_TRACE_PLUGINS", "1")
    plugins = load_plugins(["p"])
    gate(plugins)
    with pytest.raises(PluginError):
        plugins.scores(("p",), DEAL, PROCESS, NOW)
    lines = capsys.readouterr().err.splitlines()
    assert any(line.startswith("plugin p import ") and line.endswith(" ms") for line in lines)
    assert any(line.startswith("plugin p dealwright_evaluate_gate ") for line in lines)
    assert lines[-1].startswith("plugin p dealwright_score ")
    assert lines[-1].endswith("ms ValueError: no")


@pytest.mark.parametrize("value", ["", "0"])
def test_nothing_is_traced_unasked(ship, monkeypatch, capsys, value):
    monkeypatch.setenv("DEALWRIGHT_TRACE_PLUGINS", value)
    ship("p", GATE)
    gate(load_plugins(["p"]))
    assert capsys.readouterr().err == ""
