"""What people type: values by declared type, dates, money, forms, and the global options before and after the verb."""

from __future__ import annotations

import contextlib
import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest
from contract_shapes import ERROR, fits
from contract_world import NOW, PROCESS, TEAM, gate_desk, opened
from desk import Desk, make_workspace


@pytest.fixture
def gate(tmp_path: Path) -> Desk:
    return gate_desk(tmp_path)


CNY = {"currency": "CNY"}
TYPED = [
    ("fit", "good", "good"),
    ("size", "12", 12),
    ("size", "12.5", 12.5),
    ("size", "1,000", 1000),
    ("strategic", "true", True),
    ("strategic", "false", False),
    ("decided_on", "2026-03-05", "2026-03-05"),
    ("decided_on", "3月5日", "2026-03-05"),
    ("decided_on", "2024年3月5日", "2024-03-05"),
    ("decided_on", "tomorrow", "2026-03-03"),
    ("decided_on", "明天", "2026-03-03"),
    ("decided_on", "+3d", "2026-03-05"),
    ("month", "2026-07", "2026-07"),
    ("met_at", "2026-03-05T10:00:00+08:00", "2026-03-05T02:00:00Z"),
    ("met_at", "2026-03-05 10:00", "2026-03-05T10:00:00Z"),
    ("budget", "120000", {"amount": "120000.00", **CNY}),
    ("budget", "12万", {"amount": "120000.00", **CNY}),
    ("budget", "1.2亿", {"amount": "120000000.00", **CNY}),
    ("budget", "USD 500", {"amount": "500.00", "currency": "USD"}),
    ("budget", "4821", {"amount": "4821.00", **CNY}),
    ("who", "boss-1", "boss-1"),
    ("remark", "  as it is = so ", "  as it is = so "),
    ("remark", "true", "true"),
    ("amount", "4,821.00", {"amount": "4821.00", **CNY}),
]


@pytest.mark.parametrize(("field", "text", "value"), TYPED)
def test_set_reads_by_the_declared_type_and_an_empty_text_clears(gate: Desk, field: str, text: str, value: Any) -> None:
    deal = opened(gate)
    seen = gate.ok("deal", "set", deal, "--set", f"{field}={text}", as_="rep-1", now=NOW)["deal"]["fields"]
    assert seen[field] == value
    cleared = gate.ok("deal", "set", deal, "--set", f"{field}=", as_="rep-1", now=NOW)["deal"]
    assert cleared["fields"][field] is None
    if field == "amount":
        assert cleared["amount"] is None


@pytest.mark.parametrize(
    "pair",
    ["fit=perhaps", "size=many", "size=0", "size=1001", "size=NaN", "size=inf", "strategic=yes", "decided_on=soon",
     "decided_on=2026-02-30", "month=July", "met_at=noon", "budget=a lot", "who=nobody-9",
     "sizee=3", "pains=noise", "size", "=3"],
)  # fmt: skip
def test_what_cannot_be_read_is_a_usage_error_and_nothing_is_written(gate: Desk, pair: str) -> None:
    deal = opened(gate)
    error = gate.fails(2, "deal", "set", deal, "--set", pair, as_="rep-1", now=NOW)
    fits(ERROR, error)
    assert error["kind"] == "usage"
    assert gate.ok("deal", "show", deal)["deal"]["version"] == 1
    zh = gate.fails(2, "deal", "set", deal, "--set", pair, "--lang", "zh", as_="rep-1", now=NOW)
    assert any("一" <= letter <= "鿿" for letter in zh["message"])


def test_a_misspelt_field_is_answered_with_the_nearest(gate: Desk) -> None:
    deal = opened(gate)
    assert "size" in gate.fails(2, "deal", "set", deal, "--set", "sise=3", as_="rep-1", now=NOW)["message"]


def test_an_empty_set_is_a_usage_error(gate: Desk) -> None:
    assert gate.fails(2, "deal", "set", opened(gate), as_="rep-1", now=NOW)["kind"] == "usage"


@pytest.mark.parametrize("form", ["yaml", "json", "stdin"])
def test_a_form_sets_everything_at_once(gate: Desk, form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    deal = opened(gate)
    values = {
        "fit": "good", "size": 5, "strategic": True, "decided_on": "3月5日", "budget": "12万",
        "pains": [{"text": "noise", "impact": "USD 500"}, {"text": "停机"}], "remark": None,
    }  # fmt: skip
    text = json.dumps(values, ensure_ascii=False)
    if form == "yaml":
        text = "fit: good\nsize: 5\nstrategic: true\ndecided_on: 3月5日\nbudget: 12万\nremark: null\n" \
               "pains:\n  - {text: noise, impact: USD 500}\n  - {text: 停机}\n"  # fmt: skip
    source = "-"
    if form == "stdin":
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode()), encoding="utf-8"))
    else:
        path = gate.folder / f"form.{form}"
        path.write_text(text, encoding="utf-8")
        source = str(path)
    seen = gate.ok("deal", "set", deal, "--data", source, as_="rep-1", now=NOW)["deal"]["fields"]
    assert (seen["fit"], seen["size"], seen["strategic"], seen["decided_on"]) == ("good", 5, True, "2026-03-05")
    assert seen["budget"] == {"amount": "120000.00", "currency": "CNY"}
    assert [p["text"] for p in seen["pains"]] == ["noise", "停机"]
    assert seen["pains"][0]["impact"] == {"amount": "500.00", "currency": "USD"}
    assert gate.fails(3, "deal", "set", deal, "--data", "nowhere.yaml", as_="rep-1", now=NOW)["kind"] == "not_found"


def test_lists_are_json_or_entry_by_entry(gate: Desk) -> None:
    deal = opened(gate)
    gate.ok("stakeholder", "add", deal, "--set", "name=Buyer One", as_="rep-1", now=NOW)
    pains = json.dumps([{"text": "noise"}, {"text": "heat"}])
    seen = gate.ok("deal", "set", deal, "--set", f"pains={pains}", as_="rep-1", now=NOW)["deal"]["fields"]["pains"]
    assert [(p["id"], p["text"], p["closed"]) for p in seen] == [("1", "noise", False), ("2", "heat", False)]
    add = ("deal", "item", "add", deal, "pains", "--set", "text=dust")
    assert gate.ok(*add, as_="rep-1", now=NOW)["deal"]["fields"]["pains"][2]["id"] == "3"
    changed = ("deal", "item", "set", deal, "pains", "3", "--set", "confirmed=buyer one", "--set", "impact=1.2亿")
    third = gate.ok(*changed, as_="rep-1", now=NOW)["deal"]["fields"]["pains"][2]
    assert third["confirmed"]["stakeholder"] == "s1"
    assert third["impact"]["amount"] == "120000000.00"
    closed = gate.ok("deal", "item", "close", deal, "pains", "3", as_="rep-1", now=NOW)["deal"]["fields"]["pains"][2]
    assert closed["closed"] is True
    assert (
        gate.fails(1, "deal", "item", "close", deal, "pains", "3", as_="rep-1", now=NOW)["details"]["cause"] == "status"
    )
    assert gate.fails(3, "deal", "item", "close", deal, "pains", "9", as_="rep-1", now=NOW)["kind"] == "not_found"
    assert (
        gate.fails(2, "deal", "item", "add", deal, "paims", "--set", "text=x", as_="rep-1", now=NOW)["kind"] == "usage"
    )
    assert (
        gate.fails(2, "deal", "item", "add", deal, "pains", "--set", "impact=5", as_="rep-1", now=NOW)["kind"]
        == "usage"
    )


def test_a_file_field_keeps_name_size_and_hash(gate: Desk) -> None:
    deal = opened(gate)
    (gate.folder / "sheet.xlsx").write_bytes(b"1;2\n")
    sheet = str(gate.folder / "sheet.xlsx")
    seen = gate.ok("deal", "set", deal, "--set", f"sheet={sheet}", as_="rep-1", now=NOW)["deal"]["fields"]["sheet"]
    assert (seen["name"], seen["size"], len(seen["sha256"])) == ("sheet.xlsx", 4, 64)


def test_a_file_cannot_be_claimed_without_its_bytes(gate: Desk) -> None:
    deal = opened(gate)
    (gate.folder / "sheet.xlsx").write_bytes(b"1;2\n")
    words = ("deal", "set", deal, "--set", f"sheet={gate.folder / 'sheet.xlsx'}")
    shown = gate.ok(*words, as_="rep-1", now=NOW)["deal"]["fields"]["sheet"]
    forged = [shown | {"sha256": "0" * 64}, shown | {"size": 9}, shown | {"sha256": "../" * 5}, {"name": "x"}]
    for sheet in (*forged, shown):
        (gate.folder / "form.json").write_text(json.dumps({"sheet": sheet}), encoding="utf-8")
        answer = gate.run("deal", "set", deal, "--data", str(gate.folder / "form.json"), as_="rep-1", now=NOW)
        assert answer.code == (0 if sheet is shown else 2), answer


@pytest.mark.parametrize(
    "words",
    [["deal", "set", "{deal}", "--set", "champion=nobody"], ["deal", "set", "{deal}", "--set", "goal=nobody"],
     ["stakeholder", "set", "{deal}", "s9", "--set", "influence=3"],
     ["activity", "log", "{deal}", "call", "--contact", "nobody"],
     ["deal", "set", "{deal}", "--set", "sheet=nowhere.pdf"],
     ["deal", "item", "close", "{deal}", "pains", "9"], ["deal", "show", ""], ["deal", "show", " "],
     ["deal", "waive", "{deal}", "nosuch", "--reason", "x"], ["artifact", "approve", "{deal}", "brief"]],
    ids=" ".join,
)  # fmt: skip
def test_what_is_named_and_not_there_ends_with_3(gate: Desk, words: list[str]) -> None:
    deal = opened(gate)
    error = gate.fails(3, *[word.format(deal=deal) for word in words], as_="rep-1", now=NOW)
    assert error["kind"] == "not_found"


@pytest.mark.parametrize("where", ["before", "between", "after"])
def test_global_options_work_before_and_after_the_verb(gate: Desk, where: str) -> None:
    from dealwright.cli.main import main

    opened(gate)
    options = ["--workspace", str(gate.folder), "--as", "rep-2", "--now", NOW, "--lang", "zh", "-o", "json"]
    verb = ["deal", "set", "gate-1", "--set", "size=7"]
    words = {"before": options + verb, "between": ["deal", *options, *verb[1:]], "after": verb + options}[where]
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        assert main(words) == 0
    event = json.loads(out.getvalue())["events"][0]
    assert (event["actor"], event["at"]) == ("rep-2", NOW)


def test_days_begin_where_the_workspace_says(tmp_path: Path) -> None:
    settings = 'dealwright: "1"\ntimezone: Asia/Shanghai\nallow_as: true\nallow_now: true\n'
    gate = gate_desk(tmp_path, settings=settings)
    late = "2026-03-02T17:00:00Z"  # the third, in Shanghai
    deal = opened(gate, now=late)
    seen = gate.ok(
        "deal", "set", deal, "--set", "decided_on=明天", "--set", "met_at=2026-03-05 10:00", as_="rep-1", now=late
    )
    assert seen["deal"]["fields"]["decided_on"] == "2026-03-04"
    assert seen["deal"]["fields"]["met_at"] == "2026-03-05T02:00:00Z"
    assert gate.ok("deal", "history", deal, "--until", "2026-03-02")["events"] == []
    assert len(gate.ok("deal", "history", deal, "--until", "2026-03-03")["events"]) == 2


def test_days_in_conditions_are_those_of_the_process_where_it_names_a_zone(tmp_path: Path) -> None:
    process = PROCESS.replace("currency: CNY\n", "currency: CNY\ntimezone: Asia/Shanghai\n").replace(
        'condition: fit == "good"', "condition: decided_on == today()"
    )
    gate = make_workspace(tmp_path / "acme", TEAM, 'dealwright: "1"\nallow_as: true\nallow_now: true\n', gate=process)
    late = "2026-03-02T17:00:00Z"
    deal = opened(gate, "--set", "decided_on=today", now=late)
    why = gate.ok("deal", "why", deal, "--to", "choose", now=late)["transitions"][0]
    assert {c["id"]: c["status"] for c in why["criteria"]}["fits"] == "met"


USAGE = [
    ["deal"], ["deal", "shwo", "x"], ["dael", "list"], ["deal", "list", "--nosuch"], ["deal", "open", "gate"],
    ["deal", "show"], ["deal", "show", "a", "b"], ["deal", "list", "--lang", "fr"],
    ["deal", "set", "x", "--if-version", "minus"], ["report", "funnel", "--process", "gate"],
    ["deal", "hold", "gate-1", "--until", "whenever", "--reason", "x"], ["deal", "show", "gate-1", "--now", "whenever"],
]  # fmt: skip


@pytest.mark.parametrize("words", USAGE, ids=" ".join)
def test_usage_errors_end_with_2_as_an_object_or_as_text_in_both_languages(gate: Desk, words: list[str]) -> None:
    opened(gate)
    error = gate.fails(2, *words, as_="rep-1")
    fits(ERROR, error)
    assert error["kind"] == "usage"
    text = gate.run(*words, as_="rep-1")
    assert (text.code, text.out) == (2, "")
    assert text.err
    assert "Traceback" not in text.err
    zh = gate.run(*words, as_="rep-1") if "--lang" in words else gate.run("--lang", "zh", *words, as_="rep-1")
    assert zh.code == 2
    if "--lang" not in words:
        assert any("一" <= letter <= "鿿" for letter in zh.err)


def test_an_unknown_form_of_output_is_a_usage_error(gate: Desk) -> None:
    answer = gate.run("deal", "list", "-o", "xml")
    assert (answer.code, answer.out) == (2, "")
    assert "json" in answer.err


def test_without_a_workspace_the_error_says_how_to_make_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DEALWRIGHT_WORKSPACE", raising=False)
    monkeypatch.chdir(tmp_path)
    error = Desk(tmp_path).fails(3, "deal", "list")
    assert error["kind"] == "not_found"
    assert "dealwright init" in error["message"]


def test_a_workspace_is_found_by_option_variable_and_nearest_parent(
    gate: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dealwright.cli.main import main

    opened(gate)

    def total() -> int:
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            assert main(["deal", "list", "-o", "json"]) == 0
        return int(json.loads(out.getvalue())["total"])

    monkeypatch.setenv("DEALWRIGHT_WORKSPACE", str(gate.folder))
    monkeypatch.chdir(tmp_path)
    assert total() == 1
    monkeypatch.delenv("DEALWRIGHT_WORKSPACE")
    (gate.folder / "deep" / "er").mkdir(parents=True)
    monkeypatch.chdir(gate.folder / "deep" / "er")
    assert total() == 1
