"""Calls that cannot be understood: exit code 2, in the reader's language, with the way out."""

from __future__ import annotations

import json
import re

import pytest
from cli_run import Run

WRONG = [
    (("dael",), "there is no command dael; did you mean deal?", "没有名为 dael 的命令；您是想用 deal 吗？"),
    (("deal", "shw"), "there is no command shw; did you mean show?", "没有名为 shw 的命令；您是想用 show 吗？"),
    (("deal",), "dealwright deal needs a verb: open, list", "dealwright deal 之后要有动作：open、list"),
    (("deal", "show"), "DEAL is missing", "缺少参数 DEAL"),
    (("deal", "show", "a", "b"), "too many arguments: b;", "多余的参数：b；"),
    (("deal", "lose", "a"), "the option --reason is needed", "缺少选项 --reason"),
    (("deal", "lose", "a", "--reason"), "the option --reason needs a value", "选项 --reason 缺少值"),
    (("deal", "set", "a", "--dry-run=1"), "the option --dry-run takes no value", "选项 --dry-run 不带值"),
    (("deal", "set", "a", "--dryrun"), "there is no option --dryrun; did you mean --dry-run?", "没有名为 --dryrun 的选项"),  # noqa: E501
    (("deal", "list", "--limit", "ten"), "--limit takes a whole number, not 'ten'", "--limit 应为整数，而不是 'ten'"),
    (("report", "funnel", "--process", "p", "--from", "a", "--to", "b", "--by", "week"),
     "--by takes one of month, quarter, total, not 'week'", "--by 应为以下之一：month, quarter, total"),
    (("--lang", "fr", "deal", "list"), "--lang takes one of en, zh, not 'fr'", ""),
    (("-o", "xml", "deal", "list"), "--output takes one of table, json, yaml, csv", "--output 应为以下之一"),
    (("schema", "dog"), "KIND takes one of process, ", "KIND 应为以下之一"),
]  # fmt: skip


@pytest.mark.parametrize(("arguments", "en", "_zh"), WRONG)
def test_a_wrong_call_says_what_is_wrong(run: Run, arguments: tuple[str, ...], en: str, _zh: str) -> None:
    ran = run(*arguments)
    assert ran.code == 2
    assert ran.out == ""
    assert en in ran.err
    assert re.search(r"Help: dealwright.* --help", ran.err)


@pytest.mark.parametrize(("arguments", "_en", "zh"), [row for row in WRONG if row[2]])
def test_a_wrong_call_is_told_in_chinese(run: Run, arguments: tuple[str, ...], _en: str, zh: str) -> None:
    ran = run(*arguments, "--lang", "zh") if "--reason" not in arguments else run("--lang", "zh", *arguments)
    assert ran.code == 2
    assert zh in ran.err
    assert "帮助：dealwright" in ran.err


def test_a_wrong_call_is_json_where_json_was_asked_for(run: Run) -> None:
    for arguments in (
        ("-o", "json", "deal", "lose", "a"),
        ("deal", "lose", "a", "-ojson"),
        ("deal", "lose", "a", "--output=json"),
    ):
        ran = run(*arguments)
        assert ran.code == 2
        assert ran.err == ""
        assert json.loads(ran.out) == {
            "v": 1, "error": {"kind": "usage", "message": "the option --reason is needed", "details": {}},
        }  # fmt: skip


def test_help_of_the_verb_that_was_wrongly_called_is_named(run: Run) -> None:
    assert "Help: dealwright deal item add --help" in run("deal", "item", "add", "a").err


def test_without_arguments_the_help_is_shown(run: Run) -> None:
    ran = run()
    assert ran.code == 0
    assert "dealwright demo" in ran.out


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--set", "fit"), "--set takes FIELD=VALUE, not 'fit'"),
        (("--set", "=yes"), "--set takes FIELD=VALUE"),
        (("--set", "fit=yes", "--set", "fit=no"), "--set gives fit twice"),
        (("--data", "nowhere.yaml"), "there is no file nowhere.yaml"),
    ],
)
def test_a_form_that_cannot_be_read_is_refused(run: Run, words: tuple[str, ...], message: str) -> None:
    ran = run("deal", "set", "a", *words)
    assert ran.code in (2, 3)
    assert message in ran.err
