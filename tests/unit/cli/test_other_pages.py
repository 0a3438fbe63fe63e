"""The pages beside deals: workspaces, processes, imports, reports, plugins, schemas."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from cli_run import Run

from dealwright.cli.page import command_line, money

IMPORT_MAP = """\
import: deals
process: b2c
timezone: UTC
id: id
title: ["{name}"]
stages:
  column: stage
  values:
    New: [{what: opened, to: attract, at: day}]
dates: ["%Y-%m-%d"]
"""


@pytest.fixture
def acme(run: Run, tmp_path: Path) -> Run:
    assert run("init", str(tmp_path)).code == 0

    def call(*arguments: str) -> object:
        return run("--workspace", str(tmp_path), *arguments)

    return call  # type: ignore[return-value]


def test_init_says_what_it_made_and_how_to_go_on(run: Run, tmp_path: Path) -> None:
    ran = run("init", str(tmp_path / "acme"), "--lang", "zh")
    assert ran.code == 0
    assert "dealwright.yaml" in ran.out
    assert "dealwright doctor" in ran.out
    assert "用法" in run("--workspace", str(tmp_path / "acme"), "--help").out
    assert run("init", str(tmp_path / "acme")).code == 4


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_reading_verb_has_a_page_in_each_language_and_the_same_data(acme: Run, lang: str) -> None:
    for arguments in (
        ("doctor",), ("process", "list"), ("process", "show", "b2c"), ("process", "validate"), ("agenda",),
        ("deal", "list"),
        ("report", "funnel", "--process", "b2c", "--from", "2026-01-01", "--to", "2026-02-01"), ("store", "info"),
        ("store", "verify"), ("plugin", "list"),
    ):  # fmt: skip
        page = acme(*arguments, "--lang", lang)
        assert page.code == 0, (arguments, page.err)
        assert page.out.strip()
        assert bool(re.search(r"[\u4e00-\u9fff]", page.out)) == (lang == "zh"), arguments
        data = acme(*arguments, "-o", "json")
        assert json.loads(data.out)["v"] == 1
        assert data.err == ""


def test_findings_name_file_line_column_and_code(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "bad.process.yaml"
    path.write_text('dealwright: "1"\nprocess: bad\nversion: 1.0.0\nrolez: {}\n', encoding="utf-8")
    ran = run("process", "validate", str(path))
    assert ran.code == 1
    assert re.search(rf"^{re.escape(str(path))}:4:1: unknown-key .*roles", ran.out, re.MULTILINE)
    found = json.loads(run("process", "validate", str(path), "-o", "json").out)
    assert (found["ok"], found["truncated"]) == (False, False)
    assert {"file", "line", "column", "code", "severity", "message", "hint"} == found["findings"][0].keys()


def test_only_twenty_findings_are_printed_then_a_count(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "bad.process.yaml"
    path.write_text("".join(f"key{n}: 1\n" for n in range(40)), encoding="utf-8")
    lines = run("process", "validate", str(path)).out.splitlines()
    assert len([line for line in lines if str(path) in line]) == 20
    assert any(re.fullmatch(r"\.\.\. and \d+ more", line) for line in lines)


def test_an_import_reports_its_counts_and_doubts(acme: Run, tmp_path: Path) -> None:
    (tmp_path / "map.yaml").write_text(IMPORT_MAP, encoding="utf-8")
    (tmp_path / "team.yaml").write_text("people:\n  me: {roles: [shop_rep, marketing]}\n", encoding="utf-8")
    (tmp_path / "deals.csv").write_text(
        "id,name,stage,day\n1,Ann,New,2026-01-05\n2,Bob,Odd,2026-01-06\n", encoding="utf-8"
    )
    arguments = ("--as", "me", "import", "deals", str(tmp_path / "deals.csv"), "--map", str(tmp_path / "map.yaml"))
    refused = acme(*arguments)
    assert refused.code == 1
    assert "Nothing was written" in refused.out
    assert "line 3: " in refused.out
    taken = acme(*arguments, "--skip-rejected")
    assert taken.code == 0
    assert re.search(r"created +1", taken.out)
    assert json.loads(acme(*arguments, "--skip-rejected", "-o", "json").out)["unchanged"] == 1


@pytest.mark.parametrize("kind", ["process", "overlay", "workspace", "team"])
def test_a_schema_is_printed_as_it_is(run: Run, kind: str) -> None:
    assert json.loads(run("schema", kind).out)["$schema"].endswith("2020-12/schema")
    assert json.loads(run("schema", kind, "-o", "json").out)["v"] == 1


@pytest.mark.slow
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_demo_runs_and_data_stays_apart_from_talk(run: Run, lang: str) -> None:
    ran = run("demo", "--lang", lang, "-o", "json")
    assert ran.code == 0
    assert json.loads(ran.out)["ok"] is True
    assert "dealwright init" in ran.err


@pytest.mark.parametrize(
    ("amount", "shown"),
    [("120000.00", "CNY 120,000"), ("0.50", "CNY 0.50"), ("-1234.5", "CNY -1,234.5"), ("7", "CNY 7")],
)
def test_money_is_grouped_and_cents_are_shown_where_there_are_some(amount: str, shown: str) -> None:
    assert money({"amount": amount, "currency": "CNY"}) == shown


def test_commands_are_quoted_to_be_copied_and_placeholders_stay_readable() -> None:
    argv = [
        "dealwright",
        "deal",
        "set",
        "b2b-1",
        "--set",
        "fit=<fit:choice>",
        "--note",
        "two words; rm -rf",
        "<deal:text>",
    ]
    assert command_line(argv) == (
        "dealwright deal set b2b-1 --set fit=<fit:choice> --note 'two words; rm -rf' <deal:text>"
    )
    assert command_line(["a b=<x:text>"]) == "'a b=<x:text>'"
