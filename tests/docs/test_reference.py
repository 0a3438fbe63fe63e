"""What can be typed, written or found is documented, and what is documented is there."""

from __future__ import annotations

import json
import re
import runpy
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from guide import ROOT, blocks, read, section

from dealwright import Workspace
from dealwright._resources import folder
from dealwright.definition import read_overlay, read_team
from dealwright.definition.codes import FINDING_CODES
from dealwright.hookspecs import HookSpecs
from dealwright_outbox.commands import outbox

GENERATE = runpy.run_path(str(ROOT / "docs" / "generate.py"))
VERBS = {words for words, _ in GENERATE["verbs"]()}
OPERATORS = read("docs/operators.md")
AUTHORS = read("docs/authors.md")
LANGUAGE = AUTHORS + read("docs/language.md") + read("docs/composing.md")
SCHEMAS = {
    "process": LANGUAGE,
    "record": LANGUAGE,
    "library": LANGUAGE,
    "overlay": AUTHORS,
    "workspace": OPERATORS,
    "lint": read("docs/checking.md"),
    "team": OPERATORS,
    "import-map": read("docs/import.md"),
}


@pytest.mark.parametrize("page", sorted(GENERATE["PAGES"]))
def test_a_generated_page_is_up_to_date(page: str) -> None:
    assert read(f"docs/reference/{page}") == GENERATE["PAGES"][page](), "python docs/generate.py"


def test_every_command_has_a_section_and_a_place_in_the_guide_of_operators() -> None:
    commands = [" ".join(words) for words, _ in GENERATE["verbs"]()]
    page = read("docs/reference/commands.md")
    assert len(commands) > 40
    assert [name for name in commands if f"\n## {name}\n" not in page] == []
    assert [name for name in commands if f"`{name}" not in OPERATORS] == []


def test_every_option_is_told_in_both_languages() -> None:
    for words, _ in GENERATE["verbs"]():
        english = re.findall(r"^  (--[\w-]+|-\w)", GENERATE["_help"](words, "en"), re.MULTILINE)
        chinese = re.findall(r"^  (--[\w-]+|-\w)", GENERATE["_help"](words, "zh"), re.MULTILINE)
        assert english == chinese


def keys(schema: Any) -> Iterator[str]:
    if isinstance(schema, dict):
        if isinstance(schema.get("properties"), dict):
            yield from schema["properties"]
        for value in schema.values():
            yield from keys(value)
    elif isinstance(schema, list):
        for value in schema:
            yield from keys(value)


def words_of(guide: str) -> set[str]:
    """Every word that stands in code of a guide: in backquotes or in a block."""
    code = [block.text for block in blocks(guide)]
    prose = re.sub(r"^```.*?^```$", "", guide, flags=re.MULTILINE | re.DOTALL)
    code += re.findall(r"`([^`]+)`", prose)
    return set(re.findall(r"\w+", " ".join(code)))


@pytest.mark.parametrize("kind", sorted(SCHEMAS))
def test_every_key_is_explained_in_its_guide_and_in_the_reference(kind: str) -> None:
    schema = json.loads((folder("schemas") / f"{kind}.schema.json").read_bytes())
    reference = read("docs/reference/keys.md")
    wanted = set(keys(schema)) - ({"import"} if kind == "import-map" else set())
    assert wanted - words_of(SCHEMAS[kind]) == set()
    assert {key for key in wanted if f"| `{key}`" not in reference} == set()


def test_every_word_that_a_key_chooses_from_is_explained() -> None:
    schema = json.loads((folder("schemas") / "process.schema.json").read_bytes())

    def words(part: Any) -> Iterator[str]:
        if isinstance(part, dict):
            yield from part.get("enum", ()) if isinstance(part.get("enum"), list) else ()
            for value in part.values():
                yield from words(value)
        elif isinstance(part, list):
            for value in part:
                yield from words(value)

    assert set(words(schema)) - words_of(LANGUAGE) == set()


def test_every_finding_code_has_its_section() -> None:
    assert re.findall(r"^## ([a-z0-9-]+)$", read("docs/reference/findings.md"), re.MULTILINE) == sorted(FINDING_CODES)


def test_every_hook_is_in_the_guide_of_plugin_developers() -> None:
    hooks = [name for name in vars(HookSpecs) if name.startswith("dealwright_")]
    guide = read("docs/plugin-developers.md")
    assert len(hooks) == 10
    assert [name for name in hooks if f"| `{name}(" not in guide] == []


def test_every_function_of_the_expressions_is_in_the_guide_of_authors() -> None:
    from dealwright.guards.scope import BUILT_IN

    assert [name for name in BUILT_IN if f"`{name}(" not in AUTHORS] == []


DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])


OF_PLUGINS = {("outbox", verb) for verb in outbox.commands}  # what bundled plugins add


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_a_command_that_a_document_shows_exists(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    shown = [line for block in blocks(text) for line in block.text.replace("\\\n", " ").splitlines()]
    shown += re.findall(r"`(dealwright [^`]+)`", text)
    for line in shown:
        call = re.match(r"(?:\$ |\S*bin/)?dealwright ((?:--\w+ \S+ )*)([a-z]+)(?: ([a-z]+))?(?: ([a-z]+))?", line)
        if call is not None:
            words = [word for word in call.groups()[1:] if word]
            assert any(tuple(words[:n]) in VERBS | OF_PLUGINS for n in (1, 2, 3)), line


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_the_links_of_a_document_lead_somewhere(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    prose = re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)
    for target in re.findall(r"\]\(([^)\s]+)\)", prose):
        if target.startswith("https://"):
            continue
        file, _, anchor = target.partition("#")
        aim = (path.parent / file).resolve() if file else path
        assert aim.exists(), target
        if anchor:
            headings = re.findall(r"^#+ (.+)$", aim.read_text(encoding="utf-8"), re.MULTILINE)
            assert anchor in {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}, target


def test_every_dependency_has_its_reason() -> None:
    project = tomllib.loads(read("pyproject.toml"))["project"]
    named = {re.split(r"[=<>!~ \[]", wanted, maxsplit=1)[0] for wanted in project["dependencies"]}
    rows = set(re.findall(r"^\| ([a-z-]+) \| ", read("docs/dependencies.md"), re.MULTILINE)) - {"package"}
    assert named <= rows
    told = read("docs/dependencies.md")
    for extra in project["optional-dependencies"].values():
        assert [wanted for wanted in extra if re.split(r"[=<>!~ \[]", wanted, maxsplit=1)[0] not in told] == []


@pytest.mark.parametrize("heading", ["See it work", "Run the tests"])
def test_the_two_commands_of_the_readme_are_the_same_in_both_languages(heading: str) -> None:
    zh = {"See it work": "先看演示", "Run the tests": "运行测试"}[heading]
    [command] = [block.text for block in blocks(section(read("README.md"), heading)) if block.language == "bash"]
    [other] = [block.text for block in blocks(section(read("README.zh.md"), zh)) if block.language == "bash"]
    assert command == other.replace(" --lang zh", "")


def test_the_shapes_that_operators_read_about_are_the_ones_printed(tmp_path: Path) -> None:
    def told(letter: str) -> set[str]:
        [words] = re.findall(rf"^- \*\*{letter}\*\*, [^:]+: `([^`]+)`", OPERATORS, re.MULTILINE)
        return set(words.split())

    workspace = Workspace.find(Path(Workspace.init(tmp_path / "acme")["path"]))
    with workspace:
        mine = workspace.acting_as("sales-rep-1")
        written = mine.deal_open("b2b", "Harbour pumps")
        recorded = mine.artifact_add("b2b-1", "persona", {"position": "plant manager"})
        why = mine.deal_why("b2b-1")
    assert set(written) == {"v", "dry_run", "deal", "events", "warnings"}
    assert set(written["deal"]) == told("D")
    assert set(written["events"][0]) == told("E")
    assert set(recorded["artifact"]) == told("A")
    assert set(why["transitions"][0]["criteria"][0]) == told("C")


@pytest.mark.parametrize(("guide", "key"), [("authors", "overlay"), ("operators", "people")])
def test_a_whole_file_that_a_guide_shows_is_valid(guide: str, key: str) -> None:
    shown = [block.text for block in blocks(read(f"docs/{guide}.md")) if block.text.startswith(f"{key}:")]
    assert shown
    for text in shown:
        reading = (read_overlay if key == "overlay" else read_team)(text.encode(), f"{guide}.md")
        assert reading.findings == []
