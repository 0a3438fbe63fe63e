"""`process validate -o github|sarif|junit`: what machines read, whatever files and their names say."""

from __future__ import annotations

import contextlib
import io
import json
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import jsonschema
import pytest
from desk import Answer
from outside import package

from dealwright.definition import FINDING_CODES

FAULTY = """\
dealwright: "1"
process: faulty
version: 1.0.0
title: {en: Faulty, zh: 有误}
roles: {rep: {title: Rep}}
stages:
  - {id: one, title: 第一步：开始, phase: qualify, responsible: rap}
  - {id: two, title: Two, phase: close, responsible: rep, wins: true}
"a\\tb%,:<&\\"]]>": 1
outcomes:
  lost: {status: lost, reasons: [price]}
"""
HOSTILE = "a%b,c:d&<e>\"'`$(x) é.process.yaml"


def run(*words: str) -> Answer:
    from dealwright.cli.main import main

    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main(["process", "validate", *words])
    return Answer(code, out.getvalue(), err.getvalue())


@pytest.fixture(params=["faulty.process.yaml", HOSTILE])
def faulty(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DEALWRIGHT_WORKSPACE", raising=False)
    Path(request.param).write_text(FAULTY, encoding="utf-8")
    return request.param


def errors(name: str) -> list[dict[str, Any]]:
    return [f for f in run(name, "-o", "json").json["findings"] if f["severity"] == "error"]


# -- text


def test_the_text_says_in_words_what_is_an_error_and_what_a_warning(faulty: str) -> None:
    found = run(faulty, "-o", "json").json["findings"]
    assert {f["severity"] for f in found} == {"error", "warning"}
    for lang, words in (("en", ("error: ", "warning: ")), ("zh", ("错误：", "警告："))):
        lines = run(faulty, "--lang", lang).out.splitlines()
        for finding, line in zip(found, lines, strict=False):
            word = words[finding["severity"] == "warning"]
            assert f":{finding['line']}:{finding['column']}: {finding['code']} {word}" in line
    assert run(faulty, "-o", "text") == run(faulty)


# -- GitHub


def unescaped(text: str) -> str:
    return text.replace("%0A", "\n").replace("%0D", "\r").replace("%3A", ":").replace("%2C", ",").replace("%25", "%")


def test_github_gets_one_command_a_finding_escaped_as_it_asks(faulty: str) -> None:
    answer = run(faulty, "-o", "github")
    found = run(faulty, "-o", "json").json["findings"]
    assert answer.code == 1
    *commands, summary = answer.out.splitlines()
    assert summary == f"1 files: {len(errors(faulty))} errors, {len(found) - len(errors(faulty))} warnings"
    for line, finding in zip(commands, found, strict=True):
        parsed = re.fullmatch(r"::(error|warning) file=([^,:]*),line=(\d+),col=(\d+),title=([^,:]*)::(.*)", line)
        assert parsed, line
        severity, file, row, column, title, message = parsed.groups()
        assert (severity, unescaped(file), int(row), int(column), unescaped(title)) == (
            finding["severity"], faulty, finding["line"], finding["column"], finding["code"],
        )  # fmt: skip
        assert unescaped(message).startswith(finding["message"].replace("\t", " "))


def test_github_gets_paths_from_where_the_command_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "x.process.yaml").write_text(FAULTY, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert "file=deep/x.process.yaml," in run(str(tmp_path / "deep"), "-o", "github").out


# -- SARIF


def test_sarif_says_what_json_says_with_columns_in_code_points(faulty: str) -> None:
    answer = run(faulty, "-o", "sarif")
    assert answer.code == 1
    (one,) = answer.json["runs"]
    rules = one["tool"]["driver"]["rules"]
    assert (answer.json["version"], one["columnKind"]) == ("2.1.0", "unicodeCodePoints")
    found = run(faulty, "-o", "json").json["findings"]
    for result, finding in zip(one["results"], found, strict=True):
        place = result["locations"][0]["physicalLocation"]
        assert place["region"] == {"startLine": finding["line"], "startColumn": finding["column"]}
        assert (result["ruleId"], result["level"]) == (finding["code"], finding["severity"])
        assert rules[result["ruleIndex"]]["id"] == finding["code"]
        assert result["message"]["text"].startswith(finding["message"])
        assert re.fullmatch(r"[A-Za-z0-9._/%-]+", place["artifactLocation"]["uri"])


def test_sarif_explains_every_rule_in_both_languages(faulty: str) -> None:
    for lang in ("en", "zh"):
        driver = run(faulty, "-o", "sarif", "--lang", lang).json["runs"][0]["tool"]["driver"]
        assert {rule["id"] for rule in driver["rules"]} >= set(FINDING_CODES)
        for rule in driver["rules"]:
            code = FINDING_CODES[rule["id"]]
            assert rule["shortDescription"]["text"] == code.title.say(lang)
            assert code.explanation.en in rule["help"]["text"]
            assert code.explanation.zh in rule["help"]["text"]
            assert rule["defaultConfiguration"]["level"] == code.severity


def test_sarif_fits_its_published_schema(faulty: str, tmp_path: Path) -> None:
    schema = json.loads(
        (package("@microsoft/jest-sarif") / "lib" / "schemas" / "sarif-2.1.0-rtm.5.json").read_text(encoding="utf-8")
    )
    check = jsonschema.validators.validator_for(schema)(schema)
    check.check_schema(schema)
    for words in ((faulty,), (faulty, "--lang", "zh"), (), (str(tmp_path / faulty),)):
        assert list(check.iter_errors(run(*words, "-o", "sarif").json)) == []


def test_sarif_and_junit_say_when_not_all_is_listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("many.process.yaml").write_text("".join(f"key{n}: 1\n" for n in range(1_100)), encoding="utf-8")
    (one,) = run("many.process.yaml", "-o", "sarif").json["runs"]
    assert len(one["results"]) == 1_000
    assert len(one["invocations"][0]["toolExecutionNotifications"]) == 1
    suite = ET.fromstring(run("many.process.yaml", "-o", "junit").out)
    assert len(suite.findall(".//failure")) == 1_000
    assert "more" in suite.findtext(".//system-err", "")


# -- JUnit


def test_junit_has_a_case_for_each_file_and_a_failure_for_each_error(faulty: str) -> None:
    Path("good").mkdir()
    good = Path("good") / "b2c.process.yaml"
    answer = run(faulty, str(shipped(good)), "-o", "junit")
    suite = ET.fromstring(answer.out)
    cases = suite.findall(".//testcase")
    assert [case.get("name") for case in cases] == [faulty, good.as_posix()]
    failures = cases[0].findall("failure")
    assert [f.get("type") for f in failures] == [f["code"] for f in errors(faulty)]
    assert suite.get("failures") == str(len(failures))
    for failure, finding in zip(failures, errors(faulty), strict=True):
        assert f":{finding['line']}:{finding['column']}: {finding['code']} " in (failure.text or "")
    assert "no-buyer-evidence" in cases[0].findtext("system-out", "")
    assert cases[1].findall("failure") == []


def shipped(target: Path) -> Path:
    source = Path(__file__).parents[2] / "processes" / target.name
    target.write_bytes(source.read_bytes())
    return target


def test_xml_stays_well_formed_whatever_a_file_holds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    odd = 'process: x\n"]]><b a=\\"1\\" & \\uFFFE\\u0001": 1\n'
    Path("odd.process.yaml").write_text(odd, encoding="utf-8")
    Path("control.process.yaml").write_bytes(b"title: \x01\x0c\x7f\n")
    answer = run(".", "-o", "junit")
    assert answer.code == 1
    assert len(ET.fromstring(answer.out).findall(".//testcase")) == 2


# -- the forms belong to this verb


def test_other_verbs_refuse_these_forms(capsys: pytest.CaptureFixture[str]) -> None:
    from dealwright.cli.main import main

    for words in (["process", "list", "-o", "sarif"], ["-o", "junit", "schema", "process"]):
        assert main(words) == 2
        assert "table, json, yaml, csv" in capsys.readouterr().err
    assert main(["process", "validate", "-o", "xml"]) == 2
    capsys.readouterr()


def test_the_exit_code_is_the_same_in_every_form(faulty: str, tmp_path: Path) -> None:
    lax = shipped(tmp_path / "channel.process.yaml")
    lax.write_text(re.sub(r"(?m)^ *# dealwright: ignore.*\n", "", lax.read_text(encoding="utf-8")), encoding="utf-8")
    warned = run(str(lax), "-o", "json").json["warnings"] > 0
    for form in ("text", "table", "json", "github", "sarif", "junit"):
        assert run(faulty, "-o", form).code == 1
        assert run(str(lax), "-o", form).code == 0
        assert run(str(lax), "--strict", "-o", form).code == int(warned)
