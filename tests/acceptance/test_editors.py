"""What `dealwright schema` prints, in the real YAML language server: diagnostics, completion and hover."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from desk import Desk
from jsonschema import Draft202012Validator
from language_server import Server
from outside import package

from dealwright.cli.main import main
from dealwright.cli.schema import KINDS

ROOT = Path(__file__).parents[2]
BAD = """\
dealwright: "1"
process: demo
version: 1.0.0
title: Demo
methodologies: [spyn]
roles: {rep: {title: Rep}}
stages:
  - id: talk
    title: Talk
    phase: discover
    responsible: rep
    exit_critera: {}
HERE
outcomes: {lost: {status: gone, reasons: [price]}}
""".replace("HERE", "    ")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace, its schemas printed into `schemas/`."""
    from dealwright.workspace import Workspace

    folder = tmp_path_factory.mktemp("editor") / "acme"
    Workspace.init(folder)
    (folder / "schemas").mkdir()
    desk = Desk(folder)
    for kind in KINDS:
        (folder / "schemas" / f"{kind}.json").write_text(desk.run("schema", kind).out, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[Server]:
    program = package("yaml-language-server") / "bin" / "yaml-language-server"
    schemas = {
        (folder / "schemas" / "process.json").as_uri(): ["*.process.yaml"],
        (folder / "schemas" / "workspace.json").as_uri(): ["dealwright.yaml"],
        (folder / "schemas" / "lint.json").as_uri(): ["*.lint.yaml"],
    }
    yaml = {"schemas": schemas, "validate": True, "hover": True, "completion": True, "schemaStore": {"enable": False}}
    running = Server(program, folder, {"yaml": yaml})
    yield running
    running.close()


def words(found: Any) -> str:
    contents = found["contents"]
    return contents["value"] if isinstance(contents, dict) else str(contents)


def test_unknown_keys_and_values_are_marked_where_they_stand(server: Server, folder: Path) -> None:
    problems = server.problems(server.open(folder / "processes" / "bad.process.yaml", BAD))
    told = {(one["range"]["start"]["line"], one["range"]["start"]["character"]): one["message"] for one in problems}
    assert "exit_critera" in told[11, 4]
    assert "spin" in told[4, 16]
    assert any(line == 13 for line, _ in told)


def test_a_shipped_process_has_nothing_marked(server: Server, folder: Path) -> None:
    text = (ROOT / "processes" / "b2b.process.yaml").read_text(encoding="utf-8")
    body = "".join(line for line in text.splitlines(keepends=True) if "yaml-language-server" not in line)
    uri = server.open(folder / "processes" / "good.process.yaml", body)
    assert server.problems(uri) == []


def test_keys_of_a_stage_are_offered_inside_of_one(server: Server, folder: Path) -> None:
    uri = server.open(folder / "processes" / "keys.process.yaml", BAD)
    found = server.at("textDocument/completion", uri, 12, 4)
    labels = {item["label"] for item in found["items"]}
    assert {"sla", "follow_up", "exit_criteria", "decision", "wins", "automations"} <= labels
    assert not labels & {"phase", "outcomes", "roles"}, "what is there already, or belongs elsewhere, is not"
    documented = next(item for item in found["items"] if item["label"] == "sla").get("documentation", "")
    said = documented["value"] if isinstance(documented, dict) else documented
    assert "How long a deal may stay" in said
    assert "项目可停留多久" in said


def test_values_are_offered_with_what_they_mean(server: Server, folder: Path) -> None:
    text = BAD.replace("phase: discover", "phase: ")
    uri = server.open(folder / "processes" / "values.process.yaml", text)
    items = {item["label"]: item for item in server.at("textDocument/completion", uri, 9, 11)["items"]}
    assert {"prospect", "discover", "retain"} <= items.keys()
    assert "需求分析" in json.dumps(items["discover"], ensure_ascii=False)


def test_methodologies_of_the_workspace_are_offered(server: Server, folder: Path) -> None:
    text = BAD.replace("[spyn]", "\n  - ")
    uri = server.open(folder / "processes" / "methods.process.yaml", text)
    items = server.at("textDocument/completion", uri, 5, 4)["items"]
    assert "spin" in {item["label"] for item in items}
    assert "SPIN提问法" in json.dumps(items, ensure_ascii=False)


def test_hovering_a_key_explains_it_in_both_languages(server: Server, folder: Path) -> None:
    uri = server.open(folder / "processes" / "hover.process.yaml", BAD)
    said = words(server.at("textDocument/hover", uri, 10, 8))
    assert "The roles that work here" in said
    assert "负责此阶段" in said
    phase = words(server.at("textDocument/hover", uri, 9, 13))
    assert "需求分析" in phase or "阶段类别" in phase


def test_rules_are_offered_where_levels_are_set(server: Server, folder: Path) -> None:
    uri = server.open(folder / "house.lint.yaml", "lint: house\nrules:\n  \n")
    items = {item["label"] for item in server.at("textDocument/completion", uri, 2, 2)["items"]}
    assert {"no-sla", "no-buyer-evidence"} <= items
    assert "duplicate-key" not in items


# -- the schemas themselves


@pytest.mark.parametrize("kind", KINDS)
def test_a_printed_schema_stands_alone_and_is_valid(folder: Path, kind: str) -> None:
    schema = json.loads((folder / "schemas" / f"{kind}.json").read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)

    def references(node: Any) -> Iterator[str]:
        if isinstance(node, dict):
            if isinstance(node.get("$ref"), str):
                yield node["$ref"]
            for key, value in node.items():
                assert not key.startswith("x-")
                yield from references(value)
        elif isinstance(node, list):
            for value in node:
                yield from references(value)

    for reference in references(schema):
        assert reference.startswith("#/")
        node = schema
        for step in reference[2:].split("/"):
            node = node[step]


def test_the_schema_of_a_workspace_names_what_is_there(folder: Path, tmp_path: Path) -> None:
    schema = json.loads((folder / "schemas" / "process.json").read_text(encoding="utf-8"))
    assert "spin" in schema["properties"]["methodologies"]["items"]["enum"]
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / "dealwright.yaml").write_text('dealwright: "1"\n', encoding="utf-8")
    bare = json.loads(Desk(tmp_path / "empty").run("schema", "process").out)
    assert "enum" not in json.dumps(bare["properties"]["methodologies"])
    records = schema["$defs"]["recordName"]["anyOf"][0]["enum"]
    assert {"account", "partner"} <= set(records)


def test_a_schema_is_printed_without_a_workspace_and_beside_a_broken_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DEALWRIGHT_WORKSPACE", raising=False)
    assert main(["schema", "team"]) == 0
    alone = capsys.readouterr().out
    (tmp_path / "dealwright.yaml").write_text("plugin: []\n", encoding="utf-8")
    assert main(["schema", "team"]) == 0
    assert capsys.readouterr().out == alone
    assert main(["schema", "deal"]) == 2
    capsys.readouterr()
