"""The outbox as people use it: real deals, the real command line, a real receiver on loopback."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from desk import Desk, make_workspace
from webhooks import SECRET, Receiver

SETTINGS = 'dealwright: "1"\nplugins: [outbox]\nallow_as: true\nallow_now: true\n'
TEAM = "people:\n  rep-1: {roles: [rep], os_user: USER}\n"
PROCESS = """\
dealwright: "1"
process: lift
version: 1.0.0
title: {en: Lifts, zh: 电梯}
type: b2b
currency: CNY
roles:
  rep: {title: {en: Rep, zh: 销售}}
fields:
  fit: {type: text, title: {en: Fit, zh: 匹配}}
stages:
  - {id: talk, phase: qualify, title: {en: Talk, zh: 洽谈}, responsible: rep}
  - {id: offer, phase: propose, title: {en: Offer, zh: 报价}, responsible: rep}
  - {id: sign, phase: close, title: {en: Sign, zh: 签约}, responsible: rep, wins: true}
outcomes:
  lost: {status: lost, title: {en: Lost, zh: 丢单}, reasons: [price]}
"""
LATER = "2030-01-01T00:00:00Z"


STARTED: list[subprocess.Popen[str]] = []


@pytest.fixture(autouse=True)
def nobody_is_left() -> Iterator[None]:
    """A test that fails leaves no process behind."""
    yield
    while STARTED:
        with STARTED.pop() as one:
            one.kill()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    one = Receiver()
    yield one
    one.close()


@pytest.fixture
def desk(tmp_path: Path, receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """A workspace that allows the outbox and tells one endpoint of everything."""
    from dealwright.workspace.core import os_user

    monkeypatch.setenv("OUTBOX_SECRET", SECRET)
    one = make_workspace(tmp_path / "acme", TEAM.replace("USER", json.dumps(os_user())), SETTINGS, lift=PROCESS)
    configure(one, receiver.url)
    return one


def configure(desk: Desk, url: str, more: str = "") -> None:
    text = f"endpoints:\n  crm:\n    url: {url}\n    secret_env: OUTBOX_SECRET\n{more}"
    (desk.folder / "outbox.yaml").write_text(text, encoding="utf-8")


def opened(desk: Desk, deal: str = "lift-1") -> str:
    desk.ok("deal", "open", "lift", "--title", f"Acme {deal}", "--id", deal)
    return deal


def outside(desk: Desk, *argv: str, code: str = "") -> subprocess.Popen[str]:
    """The command line, or a piece of Python, in a process of its own."""
    start = ["-c", code] if code else ["-m", "dealwright", "--workspace", str(desk.folder), *argv]
    one = subprocess.Popen([sys.executable, *start], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    STARTED.append(one)
    return one


def ended(process: subprocess.Popen[str]) -> tuple[int, str]:
    out, err = process.communicate(timeout=60)
    return process.returncode, out + err


def test_event_reaches_its_receiver_signed_and_as_a_cloud_event(desk: Desk, receiver: Receiver):
    deal = opened(desk)
    told = desk.ok("outbox", "deliver", "--once")
    assert (told["delivered"], told["failed"], told["dead"], told["gone"], told["unusable"]) == (1, 0, 0, [], [])
    [came] = receiver.came
    assert came.is_signed()
    assert came.headers["content-type"] == "application/cloudevents+json; charset=utf-8"
    envelope = came.json
    [event] = desk.ok("deal", "history", deal)["events"]
    assert envelope["data"]["event"] == event
    shown = desk.ok("deal", "show", deal)["deal"]
    assert {key: shown[key] for key in envelope["data"]["deal"]} == envelope["data"]["deal"]
    assert (envelope["type"], envelope["subject"]) == ("dealwright.deal.opened.v1", deal)
    assert envelope["id"] == came.id == told["attempts"][0]["id"]


def test_signature_passes_the_receivers_own_library(desk: Desk, receiver: Receiver):
    standardwebhooks = pytest.importorskip("standardwebhooks")
    opened(desk)
    desk.ok("outbox", "deliver", "--once")
    [came] = receiver.came
    assert standardwebhooks.Webhook(SECRET).verify(came.body, came.headers)["subject"] == "lift-1"


def test_nothing_is_sent_or_queued_without_configuration(desk: Desk, receiver: Receiver):
    (desk.folder / "outbox.yaml").unlink()
    opened(desk)
    assert desk.ok("outbox", "status") == {"v": 1, "configured": False, "endpoints": []}
    assert "outbox.yaml" in desk.fails(3, "outbox", "deliver", "--once")["message"]
    assert not (desk.folder / ".dealwright" / "outbox").exists()
    assert receiver.came == []


def test_workspace_that_does_not_allow_it_never_imports_it(desk: Desk):
    (desk.folder / "dealwright.yaml").write_text(SETTINGS.replace("[outbox]", "[]"), encoding="utf-8")
    code = (
        "import sys; from dealwright.cli.main import main\n"
        f"main(['--workspace', {str(desk.folder)!r}, 'deal', 'open', 'lift', '--title', 'x'])\n"
        "print([m for m in sys.modules if m.startswith('dealwright_outbox')])"
    )
    assert ended(outside(desk, code=code))[1].splitlines()[-1] == "[]"
    assert desk.run("outbox", "status").code == 2


def test_reading_a_deal_imports_nothing_of_it_once_its_hooks_are_known(desk: Desk):
    opened(desk)
    code = (
        "import sys; from dealwright.cli.main import main\n"
        f"main(['--workspace', {str(desk.folder)!r}, 'deal', 'show', 'lift-1'])\n"
        "print([m for m in sys.modules if m.startswith('dealwright_outbox')])"
    )
    assert ended(outside(desk, code=code))[1].splitlines()[-1] == "[]"


def test_only_the_events_and_processes_that_an_endpoint_names_are_sent(desk: Desk, receiver: Receiver):
    configure(desk, receiver.url, "    events: [advanced, won]\n    processes: [lift]\n")
    deal = opened(desk)
    desk.ok("deal", "set", deal, "--set", "fit=yes")
    desk.ok("deal", "advance", deal)
    desk.ok("deal", "advance", deal)
    desk.ok("outbox", "deliver", "--once")
    assert receiver.types() == ["advanced", "advanced"]


def test_personal_values_never_leave_nor_reach_the_queue(desk: Desk, receiver: Receiver):
    deal = opened(desk)
    desk.ok("stakeholder", "add", deal, "--set", "name=Wang Xiaoming", "--set", "phone=13800001111")
    desk.ok("deal", "hold", deal, "--until", "2099-01-01", "--reason", "Wang Xiaoming is away")
    desk.ok("outbox", "deliver", "--once")
    assert receiver.types() == ["opened", "stakeholder_added", "held"]
    kept = [path.read_bytes() for path in (desk.folder / ".dealwright" / "outbox").iterdir()]
    for data in [came.body for came in receiver.came] + kept:
        assert b"Xiaoming" not in data
        assert b"13800001111" not in data
    assert set(receiver.came[1].json["data"]["event"]["data"]["fields"]["name"]) == {"ref", "digest"}


def test_failed_message_is_tried_again_when_it_is_due_and_arrives_under_the_same_id(desk: Desk, receiver: Receiver):
    opened(desk)
    receiver.answer = lambda _: (500, {})
    answer = desk.run("outbox", "deliver", "--once", "-o", "json")
    assert (answer.code, answer.json["failed"]) == (1, 1)
    assert answer.json["attempts"][0]["error"] == "HTTP 500"
    receiver.answer = lambda _: (200, {})
    assert desk.ok("outbox", "deliver", "--once")["attempts"] == []
    assert desk.ok("outbox", "deliver", "--once", now="+1h")["delivered"] == 1
    assert receiver.came[0].id == receiver.came[1].id


def test_timeout_is_a_failure_and_other_endpoints_are_served(desk: Desk, receiver: Receiver):
    other = Receiver()
    try:
        configure(
            desk, receiver.url,
            f"    timeout: 1s\n  erp:\n    url: {other.url}\n    secret_env: OUTBOX_SECRET\n",
        )  # fmt: skip
        receiver.raw = lambda _: receiver.ending.wait(30) and None
        opened(desk)
        told = desk.run("outbox", "deliver", "--once", "-o", "json").json
        assert {one["endpoint"]: (one["state"], one["error"]) for one in told["attempts"]} == {
            "crm": ("failed", "no answer within 1 s"), "erp": ("delivered", None),
        }  # fmt: skip
    finally:
        other.close()


def test_what_is_given_up_is_listed_and_can_be_replayed(desk: Desk, receiver: Receiver):
    opened(desk)
    receiver.answer = lambda _: (500, {})
    for hours in (0, 1, 2, 5, 12, 20, 40, 60):
        last = desk.run("outbox", "deliver", "--once", "-o", "json", now=f"+{hours}h").json
    assert last["dead"] == 1
    listed = desk.ok("outbox", "list", "--state", "dead")
    assert (listed["total"], listed["messages"][0]["attempts"]) == (1, 8)
    assert "HTTP 500" in desk.run("outbox", "list").out
    receiver.answer = lambda _: (200, {})
    assert desk.ok("outbox", "replay", "--dead", "--dry-run") == {"v": 1, "dry_run": True, "queued": 1}
    assert desk.ok("outbox", "replay", "--dead")["queued"] == 1
    assert desk.ok("outbox", "deliver", "--once")["delivered"] == 1
    assert len({came.id for came in receiver.came}) == 1


def test_receiver_that_is_gone_is_sent_nothing_until_it_is_enabled_again(desk: Desk, receiver: Receiver):
    opened(desk)
    receiver.answer = lambda _: (410, {})
    told = desk.run("outbox", "deliver", "--once", "-o", "json")
    assert (told.code, told.json["gone"]) == (1, ["crm"])
    receiver.answer = lambda _: (200, {})
    opened(desk, "lift-2")
    assert desk.ok("outbox", "deliver", "--once", now="+9d")["attempts"] == []
    [row] = desk.ok("outbox", "status")["endpoints"]
    assert (row["state"], row["pending"]) == ("gone", 2)
    assert desk.ok("outbox", "enable", "crm")["endpoints"][0]["state"] == "ready"
    assert desk.ok("outbox", "deliver", "--once")["delivered"] == 2


def test_redirect_is_a_failure_and_its_target_hears_nothing(desk: Desk, receiver: Receiver):
    other = Receiver()
    try:
        receiver.answer = lambda _: (307, {"Location": other.url})
        opened(desk)
        told = desk.run("outbox", "deliver", "--once", "-o", "json").json
        assert told["attempts"][0]["error"] == "HTTP 307, and redirects are not followed"
        assert other.came == []
    finally:
        other.close()


def test_events_of_a_deal_arrive_in_order_although_the_first_fails_at_first(desk: Desk, receiver: Receiver):
    deal = opened(desk)
    desk.ok("deal", "set", deal, "--set", "fit=yes")
    desk.ok("deal", "advance", deal)
    opened(desk, "lift-2")
    receiver.answer = lambda _: (503, {})
    desk.run("outbox", "deliver", "--once")
    assert [(came.json["subject"], came.json["data"]["event"]["seq"]) for came in receiver.came] == [
        ("lift-1", 1), ("lift-2", 1),
    ]  # fmt: skip
    receiver.came.clear()
    receiver.answer = lambda _: (200, {})
    desk.ok("outbox", "deliver", "--once", now="+1h")
    seqs = [came.json["data"]["event"]["seq"] for came in receiver.came if came.json["subject"] == "lift-1"]
    assert seqs == [1, 2, 3]


def test_replay_tells_again_what_the_log_holds_from_an_instant_on(desk: Desk, receiver: Receiver):
    opened(desk)
    opened(desk, "lift-2")
    desk.ok("outbox", "deliver", "--once")
    first = {came.json["subject"]: came.id for came in receiver.came}
    assert desk.ok("outbox", "replay", "--since", "+2d")["queued"] == 0
    assert desk.ok("outbox", "replay", "--since", "2020-01-01")["queued"] == 2
    assert desk.ok("outbox", "replay", "--since", "2020-01-01")["queued"] == 0  # still pending
    desk.ok("outbox", "deliver", "--once")
    assert desk.ok("outbox", "replay", "--deal", "lift-2", "--endpoint", "crm")["queued"] == 1
    desk.ok("outbox", "deliver", "--once")
    assert [came.json["subject"] for came in receiver.came] == ["lift-1", "lift-2", "lift-1", "lift-2", "lift-2"]
    assert all(came.id == first[came.json["subject"]] and came.is_signed() for came in receiver.came)


def test_endpoint_added_later_can_be_told_of_what_happened_before(desk: Desk, receiver: Receiver):
    (desk.folder / "outbox.yaml").unlink()
    opened(desk)
    configure(desk, receiver.url)
    assert desk.ok("outbox", "deliver", "--once")["attempts"] == []
    assert desk.ok("outbox", "replay", "--endpoint", "crm")["queued"] == 1
    assert desk.ok("outbox", "deliver", "--once")["delivered"] == 1


def test_replay_wants_to_know_what(desk: Desk):
    assert "--since" in desk.fails(2, "outbox", "replay")["message"]
    assert "there are: crm" in desk.fails(3, "outbox", "replay", "--endpoint", "erp")["message"]
    assert desk.fails(3, "outbox", "replay", "--deal", "none")["kind"] == "not_found"


def test_wrong_configuration_stops_no_deal_and_loses_no_event(desk: Desk, receiver: Receiver):
    configure(desk, receiver.url, "    evnts: [won]\n")
    deal = opened(desk)
    desk.ok("deal", "advance", deal)
    error = desk.fails(1, "outbox", "deliver", "--once")
    assert "outbox.yaml:5:5: unknown-key The key `evnts` is not known here (did you mean `events`?)" in error["message"]
    assert error["details"]["findings"][0]["line"] == 5
    checks = {check["name"]: check for check in desk.run("doctor", "-o", "json").json["checks"]}
    assert not checks["plugins"]["ok"]
    assert "evnts" in checks["plugins"]["message"]
    configure(desk, receiver.url)
    desk.ok("outbox", "deliver", "--once")
    assert receiver.types() == ["opened", "advanced"]


def test_endpoint_that_is_down_holds_no_deal_up(desk: Desk, receiver: Receiver):
    configure(desk, "http://127.0.0.1:9/nobody")
    deal = opened(desk)
    assert desk.run("outbox", "deliver", "--once").code == 1
    assert desk.ok("deal", "advance", deal)["deal"]["stage"] == "offer"


def test_missing_secret_is_told_and_sends_nothing_unsigned(desk: Desk, receiver: Receiver, monkeypatch):
    monkeypatch.delenv("OUTBOX_SECRET")
    opened(desk)
    told = desk.run("outbox", "deliver", "--once", "-o", "json")
    assert told.code == 1
    assert told.json["unusable"][0]["error"] == (
        "No secret for the endpoint crm: the variable OUTBOX_SECRET is not set"
    )
    assert receiver.came == []
    [row] = desk.ok("outbox", "status")["endpoints"]
    assert (row["state"], row["pending"]) == ("unusable", 1)


def test_killed_between_commit_and_queue_the_event_is_still_sent(desk: Desk, receiver: Receiver):
    code = (
        "import os, signal\nfrom dealwright.workspace import Workspace\nimport dealwright_outbox.queueing as q\n"
        "q.enqueue = lambda *a: os.kill(os.getpid(), signal.SIGKILL)\n"
        f"Workspace.find(__import__('pathlib').Path({str(desk.folder)!r})).deal_open('lift', 'Acme')\n"
    )
    assert ended(outside(desk, code=code))[0] == -signal.SIGKILL
    assert desk.ok("store", "info")["events"] == 1
    assert desk.ok("outbox", "deliver", "--once")["delivered"] == 1
    assert receiver.types() == ["opened"]


def test_killed_between_queue_and_delivery_nothing_is_lost(desk: Desk, receiver: Receiver):
    code = (
        "import os, signal\nfrom dealwright.workspace import Workspace\nimport dealwright_outbox.queueing as q\n"
        "real = q.enqueue\n"
        "def die(*a):\n    real(*a)\n    os.kill(os.getpid(), signal.SIGKILL)\n"
        "q.enqueue = die\n"
        f"Workspace.find(__import__('pathlib').Path({str(desk.folder)!r})).deal_open('lift', 'Acme')\n"
    )
    assert ended(outside(desk, code=code))[0] == -signal.SIGKILL
    [row] = desk.ok("outbox", "list")["messages"]
    desk.ok("outbox", "deliver", "--once")  # hears of the event a second time, and queues it no second time
    assert [came.id for came in receiver.came] == [row["id"]]


def test_deliverer_killed_while_it_waits_for_an_answer_leaves_the_message_to_the_next(desk: Desk, receiver: Receiver):
    opened(desk)
    receiver.raw = lambda _: receiver.ending.wait(30) and None
    first = outside(desk, "outbox", "deliver")
    assert receiver.arrived.acquire(timeout=30)
    os.kill(first.pid, signal.SIGKILL)
    ended(first)
    receiver.raw = None
    assert desk.ok("outbox", "deliver", "--once")["attempts"] == []  # still held by the one that died
    assert desk.ok("outbox", "deliver", "--once", now="+1h")["delivered"] == 1
    assert [came.id for came in receiver.came] == [receiver.came[0].id] * 2


def test_deliverer_that_goes_on_sends_what_comes_later_and_ends_when_interrupted(desk: Desk, receiver: Receiver):
    going = outside(desk, "outbox", "deliver")
    try:
        for number in (1, 2):
            opened(desk, f"lift-{number}")
            assert receiver.arrived.acquire(timeout=30)
    finally:
        going.send_signal(signal.SIGINT)
    code, said = ended(going)
    assert code == 130, said
    assert receiver.types() == ["opened", "opened"]


def test_two_deliverers_at_once_send_each_message_once_and_in_order(desk: Desk, receiver: Receiver):
    for number in range(6):
        deal = opened(desk, f"lift-{number}")
        desk.ok("deal", "set", deal, "--set", "fit=yes")
        desk.ok("deal", "advance", deal)
    both = [outside(desk, "outbox", "deliver", "--once", "-o", "json") for _ in range(2)]
    told = [ended(one) for one in both]
    assert [code for code, _ in told] == [0, 0]
    # One may find the last messages held by the other, which then sends them.
    assert sum(json.loads(out)["delivered"] for _, out in told) == 18
    assert len({came.id for came in receiver.came}) == len(receiver.came) == 18
    by_deal: dict[str, list[int]] = {}
    for came in receiver.came:
        by_deal.setdefault(came.json["subject"], []).append(came.json["data"]["event"]["seq"])
    assert all(seqs == [1, 2, 3] for seqs in by_deal.values())


def test_commands_speak_chinese_and_shapes_are_whole(desk: Desk, receiver: Receiver):
    opened(desk)
    assert "待发" in desk.run("outbox", "status", "--lang", "zh").out
    status: dict[str, Any] = desk.ok("outbox", "status")
    assert set(status["endpoints"][0]) == {
        "name", "url", "state", "error", "secrets", "events", "processes", "pending", "due", "delivered", "dead",
        "oldest_pending_at", "last_delivered_at", "gone_at", "resting_until",
    }  # fmt: skip
    listed = desk.ok("outbox", "list", "--endpoint", "crm", "--deal", "lift-1", "--limit", "1")
    assert set(listed["messages"][0]) == {
        "id", "endpoint", "deal", "seq", "position", "type", "state", "attempts", "queued_at", "due_at", "done_at",
        "status", "error",
    }  # fmt: skip
    assert desk.run("outbox", "deliver", "--once", "--lang", "zh").out == "已送达 1 条，失败 0 条，放弃 0 条。\n"


def test_help_is_in_the_readers_language_and_a_missing_verb_is_told(desk: Desk):
    assert "按日志顺序列出消息" in desk.run("--lang", "zh", "outbox", "--help").out
    assert "仅已放弃的消息" in desk.run("--lang", "zh", "outbox", "replay", "--help").out
    assert "Only what was given up" in desk.run("outbox", "replay", "--help").out
    assert "needs a verb: status, deliver, list, replay, enable" in desk.fails(2, "outbox")["message"]
    assert "outbox" in desk.run("--help").out


GUIDE = (Path(__file__).parents[2] / "docs" / "outbox.md").read_text(encoding="utf-8")


def test_example_of_the_guide_is_valid_and_shows_every_key(desk: Desk):
    from dealwright_outbox.settings import KEYS

    [_, example] = re.findall(r"```yaml\n(.*?)```", GUIDE, re.DOTALL)
    (desk.folder / "outbox.yaml").write_text(example, encoding="utf-8")
    rows = desk.ok("outbox", "status")["endpoints"]
    assert [(row["name"], row["state"]) for row in rows] == [("crm", "unusable"), ("archive", "disabled")]
    keys = set(re.findall(r"^ {4}(\w+):", example, re.MULTILINE))
    assert keys == set(KEYS)


def test_guide_names_every_verb_option_and_key_of_what_is_printed(desk: Desk):
    from dealwright_outbox.commands import outbox

    for name, verb in outbox.commands.items():
        assert f"`outbox {name}" in GUIDE
        for option in verb.params:
            if option.opts[0].startswith("--"):
                assert option.opts[0] in GUIDE, f"outbox {name} {option.opts[0]}"
    opened(desk)
    sent = desk.ok("outbox", "deliver", "--once")
    told = [sent, sent["attempts"][0], desk.ok("outbox", "status")["endpoints"][0]]
    told.append(desk.ok("outbox", "list")["messages"][0])
    for shape in told:
        for key in shape:
            assert re.search(rf"\b{key}\b", GUIDE), key


def test_options_of_every_command_may_stand_after_the_verb_too(desk: Desk, receiver: Receiver, monkeypatch):
    monkeypatch.chdir("/")
    opened(desk)
    receiver.answer = lambda _: (500, {})
    desk.run("outbox", "deliver", "--once")
    receiver.answer = lambda _: (200, {})
    argv = ["outbox", "deliver", "--once", "--now", "+1h", "--as", "rep-1", "-ojson", "--workspace", str(desk.folder)]
    code, said = ended(subprocess.Popen(
        [sys.executable, "-m", "dealwright", *argv], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ))  # fmt: skip
    assert (code, json.loads(said)["delivered"]) == (0, 1)
    assert "nobody in team.yaml" in desk.fails(2, "outbox", "deliver", "--once", "--as", "ghost")["message"]
