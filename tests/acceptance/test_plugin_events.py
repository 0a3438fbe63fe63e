"""Plugins that hear of events and add commands: after the commit, at least once, and never in the way of a deal."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from desk import Desk

from dealwright.cli.main import main

PROCESS = """\
dealwright: "1"
process: demo
version: 1.0.0
title: Demo
roles: {rep: {title: Rep}}
fields: {note: {type: text}}
stages:
  - {id: talk, title: Talk, phase: discover, responsible: rep}
  - {id: close, title: Close, phase: close, responsible: rep, wins: true}
outcomes: {lost: {status: lost, reasons: [price]}}
"""
EAR = """
import json
from pathlib import Path
from dealwright import hookimpl

HERE = Path(__file__).parent

@hookimpl
def dealwright_on_event(event, deal):
    if (HERE / "broken").exists():
        raise ConnectionError("nobody there")
    with (HERE / "heard").open("a", encoding="utf-8") as file:
        file.write(json.dumps([event.position, event.type, event.deal, deal.stage]) + "\\n")
"""
COMMANDS = """
from dealwright import hookimpl

@hookimpl
def dealwright_register_commands(cli):
    cli.add("postbox", "shipped_postbox_cli:postbox", "What the postbox holds", "查看信箱")
"""
POSTBOX = """
import click

@click.group()
def postbox(): pass

@postbox.command()
@click.argument("how", default="")
@click.pass_obj
def status(call, how):
    if how == "exit": raise SystemExit(0)
    if how == "raise": raise ValueError("full")
    if how == "text": return "done"
    if how == "three": return 3
    print(call.workspace().folder.name, call.say("letters", "封信"))
"""
Ship = Callable[..., None]


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    folder = tmp_path / "site"
    folder.mkdir()
    monkeypatch.syspath_prepend(str(folder))
    yield folder
    for name in [one for one in sys.modules if one.startswith("shipped_")]:
        del sys.modules[name]


def ship(site: Path, name: str, source: str) -> None:
    (site / f"shipped_{name}.py").write_text(source, encoding="utf-8")
    info = site / f"{name}_dist-1.0.dist-info"
    info.mkdir(exist_ok=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}-dist\nVersion: 1.0\n", encoding="utf-8")
    (info / "entry_points.txt").write_text(f"[dealwright]\n{name} = shipped_{name}\n", encoding="utf-8")


def desk(tmp_path: Path, plugins: str) -> Desk:
    folder = tmp_path / "workspace"
    assert main(["init", str(folder)]) == 0
    allow(folder, plugins)
    (folder / "team.yaml").write_text("people:\n  rep-1: {roles: [rep]}\n", encoding="utf-8")
    (folder / "processes" / "demo.process.yaml").write_text(PROCESS, encoding="utf-8")
    return Desk(folder)


def allow(folder: Path, plugins: str) -> None:
    (folder / "dealwright.yaml").write_text(
        f'dealwright: "1"\nallow_as: true\nplugins: [{plugins}]\n', encoding="utf-8"
    )


def heard(site: Path) -> list[list]:
    file = site / "heard"
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()] if file.exists() else []


def row(at: Desk, name: str) -> dict:
    return next(one for one in at.ok("plugin", "list")["plugins"] if one["name"] == name)


def test_plugin_hears_of_every_event_after_it_was_committed_in_order(tmp_path, site):
    ship(site, "ear", EAR)
    at = desk(tmp_path, "ear")
    at.ok("deal", "open", "demo", "--title", "Northlight", as_="rep-1")
    at.ok("deal", "set", "demo-1", "--set", "note=a", as_="rep-1")
    at.ok("deal", "advance", "demo-1", as_="rep-1")
    assert heard(site) == [
        [1, "opened", "demo-1", "talk"], [2, "fields_set", "demo-1", "talk"], [3, "advanced", "demo-1", "close"]
    ]  # fmt: skip
    assert row(at, "ear")["delivery"] == {
        "plugin": "ear", "position": 3, "behind": 0, "failures": 0, "error": None, "since": None
    }  # fmt: skip


def test_plugin_begins_with_what_is_written_after_it_was_allowed(tmp_path, site):
    ship(site, "ear", EAR)
    at = desk(tmp_path, "")
    at.ok("deal", "open", "demo", "--title", "Northlight", as_="rep-1")
    allow(at.folder, "ear")
    at.ok("deal", "advance", "demo-1", as_="rep-1")
    assert [one[1] for one in heard(site)] == ["advanced"]


def test_a_dry_run_and_a_refused_command_tell_nothing(tmp_path, site):
    ship(site, "ear", EAR)
    at = desk(tmp_path, "ear")
    at.ok("deal", "open", "demo", "--title", "Northlight", "--dry-run", as_="rep-1")
    at.fails(3, "deal", "advance", "demo-1", as_="rep-1")
    assert heard(site) == []


def test_failing_plugin_never_stops_a_deal_and_hears_again_until_it_has_taken_it(tmp_path, site):
    ship(site, "ear", EAR)
    at = desk(tmp_path, "ear")
    (site / "broken").touch()
    at.ok("deal", "open", "demo", "--title", "Northlight", as_="rep-1")
    at.ok("deal", "advance", "demo-1", as_="rep-1")
    assert heard(site) == []
    delivery = row(at, "ear")["delivery"]
    assert (delivery["position"], delivery["behind"], delivery["failures"]) == (0, 2, 2)
    assert "Plugin ear failed in dealwright_on_event: it raised ConnectionError: nobody there" in delivery["error"]
    [check] = [one for one in at.run("doctor", "-o", "json").json["checks"] if one["name"] == "plugins"]
    assert (check["ok"], check["fix"]) == (False, "dealwright tick")
    assert "ear" in check["message"]
    (site / "broken").unlink()
    at.ok("tick", as_="rep-1")
    assert [one[0] for one in heard(site)] == [1, 2]
    assert row(at, "ear")["delivery"]["failures"] == 0


@pytest.mark.parametrize("body", ["raise SystemExit(0)", "return True", "event.data.clear()", "deal.title = 'x'",
                                  "import time; time.sleep(60)", "f = lambda: f(); f()", "while 1: pass"])  # fmt: skip
def test_misbehaving_listener_is_named_and_the_deal_moves(tmp_path, site, body):
    ship(
        site, "ear", f"from dealwright import hookimpl\n@hookimpl\ndef dealwright_on_event(event, deal):\n    {body}\n"
    )
    at = desk(tmp_path, "ear")
    with (at.folder / "dealwright.yaml").open("a", encoding="utf-8") as file:
        file.write("plugin_timeout: 0.2s\n")
    at.ok("deal", "open", "demo", "--title", "Northlight", as_="rep-1")
    assert at.ok("deal", "advance", "demo-1", as_="rep-1")["deal"]["stage"] == "close"
    assert "Plugin ear failed in dealwright_on_event" in row(at, "ear")["delivery"]["error"]


def test_event_that_a_crash_kept_from_being_told_is_told_afterwards(tmp_path, site):
    killing = EAR.replace(
        'if (HERE / "broken").exists():', 'if (HERE / "broken").exists():\n        import os; os._exit(9)'
    )
    ship(site, "ear", killing)
    at = desk(tmp_path, "ear")
    (site / "broken").touch()
    code = f"import sys; sys.path.insert(0, {str(site)!r}); from dealwright.cli.main import main; sys.exit(main())"
    done = subprocess.run(
        [sys.executable, "-c", code, "--workspace", str(at.folder), "--as", "rep-1", "deal", "open", "demo", "--title",
         "Northlight"], check=False, capture_output=True,
    )  # fmt: skip
    assert done.returncode == 9
    (site / "broken").unlink()
    at.ok("deal", "advance", "demo-1", as_="rep-1")
    assert [one[1] for one in heard(site)] == ["opened", "advanced"]


def test_plugin_may_hear_again_from_a_position(tmp_path, site):
    from dealwright import PluginError, Workspace

    ship(site, "ear", EAR)
    at = desk(tmp_path, "ear")
    at.ok("deal", "open", "demo", "--title", "Northlight", as_="rep-1")
    at.ok("deal", "advance", "demo-1", as_="rep-1")
    with Workspace.find(at.folder, actor="rep-1") as workspace:
        workspace.deliver_again("ear", 1)
        assert workspace.deliver(everything=True)[0]["behind"] == 0
        with pytest.raises(PluginError):
            workspace.deliver_again("nobody", 1)
    assert [one[0] for one in heard(site)] == [1, 2, 2]


def test_workspace_whose_plugins_hear_nothing_imports_none_to_write(tmp_path, site):
    ship(site, "mute", "from dealwright import hookimpl\n@hookimpl\ndef dealwright_score(deal): return None\n")
    at = desk(tmp_path, "mute")
    at.ok("plugin", "list")  # now it is known what it implements
    del sys.modules["shipped_mute"]
    at.ok("deal", "open", "demo", "--title", "Northlight", as_="rep-1")
    # Validation of a new process asks linters; from the second write on nobody needs the plugin.
    sys.modules.pop("shipped_mute", None)
    at.ok("deal", "advance", "demo-1", as_="rep-1")
    assert "shipped_mute" not in sys.modules


def test_plugin_that_learns_to_listen_is_heard_although_it_was_known_not_to(tmp_path, site):
    ship(site, "ear", "from dealwright import hookimpl\n@hookimpl\ndef dealwright_score(deal): return None\n")
    at = desk(tmp_path, "ear")
    at.ok("deal", "open", "demo", "--title", "Northlight", as_="rep-1")
    ship(site, "ear", EAR)
    sys.modules.pop("shipped_ear", None)
    at.ok("deal", "advance", "demo-1", as_="rep-1")
    assert [one[1] for one in heard(site)] == ["advanced"]


# -- commands


def test_command_of_a_plugin_is_in_the_help_and_runs(tmp_path, site):
    ship(site, "postbox", COMMANDS)
    (site / "shipped_postbox_cli.py").write_text(POSTBOX, encoding="utf-8")
    at = desk(tmp_path, "postbox")
    for _ in range(2):  # asked, then remembered
        assert "Plugins:\n  postbox" in at.run("--help").out
    assert "插件命令：\n  postbox" in at.run("--lang", "zh", "--help").out
    assert "shipped_postbox_cli" not in sys.modules
    ran = at.run("postbox", "status")
    assert (ran.code, ran.out) == (0, "workspace letters\n")
    assert [at.run("postbox", "status", how).code for how in ("three", "text")] == [3, 0]
    allow(at.folder, "")
    assert "postbox" not in at.run("--help").out
    assert at.run("postbox", "status").code == 2


@pytest.mark.parametrize(("how", "said"), [("exit", "SystemExit: 0"), ("raise", "ValueError: full")])
def test_command_that_fails_names_its_plugin(tmp_path, site, how, said):
    ship(site, "postbox", COMMANDS)
    (site / "shipped_postbox_cli.py").write_text(POSTBOX, encoding="utf-8")
    ran = desk(tmp_path, "postbox").run("postbox", "status", how)
    assert ran.code == 1
    assert "Plugin postbox failed in postbox" in ran.err
    assert said in ran.err


def test_command_that_is_misused_is_a_usage_error(tmp_path, site):
    ship(site, "postbox", COMMANDS)
    (site / "shipped_postbox_cli.py").write_text(POSTBOX, encoding="utf-8")
    at = desk(tmp_path, "postbox")
    assert at.run("postbox", "nothing").code == 2
    assert at.run("postbox", "--wrong").code == 2
    assert at.run("postbxo").code == 2


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("cli.add('Post Box', 'a:b', 'x', 'y')", "no name for a command"),
        ("cli.add('p', 'nowhere', 'x', 'y')", "module:attribute"),
        ("cli.add('p', 'a:b', 'x', '')", "both languages"),
        ("cli.add('p', 'a:b', 'x', 'y'); cli.add('p', 'a:b', 'x', 'y')", "twice"),
        ("return [1]", "not list"),
        ("raise SystemExit(0)", "SystemExit"),
    ],
)
def test_wrong_registration_of_commands_breaks_the_plugin(tmp_path, site, line, said):
    body = f"from dealwright import hookimpl\n@hookimpl\ndef dealwright_register_commands(cli):\n    {line}\n"
    ship(site, "bad", body)
    listed = row(desk(tmp_path, "bad"), "bad")
    assert listed["state"] == "broken"
    assert said in listed["error"]
