"""The schema files are sound, readable, and mean to us what they mean to jsonschema."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, ClassVar

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from dealwright._resources import folder
from dealwright.definition.codes import FINDING_CODES
from dealwright.definition.editing import in_both
from dealwright.definition.finding import Findings
from dealwright.definition.reading import source
from examples import EXAMPLES, INVALID, VALID

NAMES = ("process", "record", "library", "overlay", "workspace", "lint", "team")
SCHEMAS = {name: json.loads((folder("schemas") / f"{name}.schema.json").read_bytes()) for name in NAMES}
# Only our own files are known; anything else that a $ref named would be an error, never fetched.
REGISTRY: Registry[Any] = Registry().with_resources(
    [(f"{name}.schema.json", Resource(contents=schema, specification=DRAFT202012)) for name, schema in SCHEMAS.items()]
)
SHAPE_CODES = {"unknown-key", "missing-key", "wrong-type", "bad-value", "boolean-word"}


@cache
def validator(name: str) -> Draft202012Validator:
    return Draft202012Validator({"$ref": f"{name}.schema.json"}, registry=REGISTRY)


def properties(schema: Any, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    if isinstance(schema, dict):
        for key, value in schema.get("properties", {}).items():
            yield f"{path}/{key}", value
        for key, value in schema.items():
            yield from properties(value, f"{path}/{key}")
    elif isinstance(schema, list):
        for at, value in enumerate(schema):
            yield from properties(value, f"{path}/{at}")


@pytest.mark.parametrize("name", NAMES)
def test_schema_is_valid_2020_12(name: str) -> None:
    Draft202012Validator.check_schema(SCHEMAS[name])


@pytest.mark.parametrize("name", NAMES)
def test_every_property_has_title_description_and_examples_that_fit(name: str) -> None:
    found = list(properties(SCHEMAS[name]))
    assert found
    for path, schema in found:
        assert schema.get("title"), path
        assert schema.get("description"), path
        assert schema.get("examples"), path
        reference = {"$ref": schema["$ref"].replace("#/", f"{name}.schema.json#/", 1)} if "$ref" in schema else {}
        if not schema.get("$ref", "#").startswith("#"):
            reference = {"$ref": schema["$ref"]}
        whole = {"$defs": SCHEMAS[name].get("$defs", {}), **schema, **reference}
        for example in schema["examples"]:
            Draft202012Validator(whole, registry=REGISTRY).validate(example)


def described(schema: Any) -> Iterator[str]:
    if isinstance(schema, dict):
        if isinstance(schema.get("description"), str):
            yield schema["description"]
        schema = [value for key, value in schema.items() if key != "examples"]
    for value in schema if isinstance(schema, list) else ():
        yield from described(value)


@pytest.mark.parametrize("name", NAMES)
def test_every_description_is_in_both_languages(name: str) -> None:
    for text in described(SCHEMAS[name]):
        english, chinese = in_both(text)
        assert re.search(r"[A-Za-z]", english), text
        assert re.search(r"[\u4e00-\u9fff]", chinese), text
        assert not re.search(r"[\u3000-\u303f\u4e00-\u9fff]", english), text


def kind_of(path: Path) -> str:
    return next((name for name in NAMES if f".{name}." in path.name), "process")


class _JsonLoader(yaml.CSafeLoader):
    """Plain JSON numbers and true/false typed, all else text: what an editor of YAML 1.2 sees."""

    yaml_implicit_resolvers: ClassVar[dict[str, Any]] = {}


_JsonLoader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), list("tf"))
_JsonLoader.add_implicit_resolver(
    "tag:yaml.org,2002:float", re.compile(r"^-?(?:0|[1-9]\d*)(?:\.\d+)?$"), list("-0123456789")
)


def agrees(kind: str, data: bytes) -> tuple[bool, bool]:
    """(jsonschema finds nothing, we find nothing of shape) for one file."""
    plain = yaml.load(data, Loader=_JsonLoader)
    theirs = validator(kind).is_valid(plain)
    ours = not source(data, "f", kind).findings.found
    return theirs, ours


@pytest.mark.parametrize("path", [*VALID, *INVALID], ids=lambda path: path.name)
def test_examples_have_the_shape_that_jsonschema_sees(path: Path) -> None:
    read = source(path.read_bytes(), "f", kind_of(path))
    codes = {finding.code for finding in read.findings.found}
    if path.name.startswith("texts."):
        pytest.skip("numbers stand as texts there; we know from the schema which are wanted, a loader cannot")
    if codes <= SHAPE_CODES and read.root is not None:
        theirs, ours = agrees(kind_of(path), path.read_bytes())
        assert theirs == ours


_SCALARS = st.one_of(
    st.sampled_from(["rep", "talk", "close", "1.0.0", "10d", "text", "choice", "lost", "Bad Id", "", "x" * 70, "CNY"]),
    st.booleans(), st.integers(-5, 2_000), st.floats(-5, 200, allow_nan=False).map(lambda f: round(f, 2)),
)  # fmt: skip
_VALUES = st.recursive(
    _SCALARS, lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(
        st.sampled_from(["id", "type", "by", "if", "en", "zh", "x", "values", "title", "to"]), inner, max_size=3)),
    max_leaves=4,
)  # fmt: skip


def _places(tree: Any) -> Iterator[tuple[Any, Any]]:
    items = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for key, value in list(items):
        yield tree, key
        yield from _places(value)


def _as_text_perhaps(value: Any) -> list[Any]:
    """The value with each number and boolean in it as itself or as the text that it was written as."""
    if isinstance(value, bool | int | float):
        return [value, json.dumps(value)]
    if isinstance(value, list):
        return [list(way) for way in itertools.product(*map(_as_text_perhaps, value))]
    if isinstance(value, dict):
        return [dict(zip(value, way, strict=True)) for way in itertools.product(*map(_as_text_perhaps, value.values()))]
    return [value]


@pytest.mark.parametrize(
    ("kind", "file"),
    [
        ("process", "every_key.process.yaml"),
        ("record", "account.record.yaml"),
        ("library", "company.library.yaml"),
    ],
)
@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_mutated_file_is_judged_as_jsonschema_judges_it(kind: str, file: str, data: st.DataObject) -> None:
    tree = yaml.load((EXAMPLES / "valid" / file).read_bytes(), Loader=_JsonLoader)
    places = list(_places(tree))
    holder, key = places[data.draw(st.integers(0, len(places) - 1))]
    how = data.draw(st.sampled_from(["replace", "delete", "add"]))
    if how == "add" and isinstance(holder, dict):
        key = "odd_key"
    elif how == "add":
        key = len(holder)
        holder.append(None)
    if how == "delete":
        del holder[key]
        ours, theirs = _ours(kind, tree), validator(kind).is_valid(tree)
    else:
        holder[key] = drawn = data.draw(_VALUES)
        ours, theirs = _ours(kind, tree), False
        for holder[key] in _as_text_perhaps(drawn):
            theirs = theirs or validator(kind).is_valid(tree)
    assert theirs == ours


def _ours(kind: str, tree: Any) -> bool:
    """Whether we find nothing; reserved names are ours alone, the schema files only note them."""
    found = source(json.dumps(tree).encode(), "f", kind).findings.found
    return all(finding.code == "reserved-name" for finding in found)


def test_every_annotation_is_one_that_the_checks_know() -> None:
    names = {
        "stage", "target", "artifact", "role", "actor", "record", "process", "kind", "task", "field", "related",
        "bank", "persona", "place", "date", "link", "happening", "moment", "rule",
    }  # fmt: skip
    forms = {
        "text", "template", "condition", "value", "assigned", "formula", "theirs", "list", "duration", "timezone",
    }  # fmt: skip
    seen_names, seen_forms = set(), set()

    def visit(schema: Any) -> None:
        if isinstance(schema, dict):
            seen_names.update([schema["x-names"]] if isinstance(schema.get("x-names"), str) else [])
            seen_forms.update([schema["x-form"]] if isinstance(schema.get("x-form"), str) else [])
            for value in schema.values():
                visit(value)
        elif isinstance(schema, list):
            for value in schema:
                visit(value)

    for schema in SCHEMAS.values():
        visit(schema)
    assert (seen_names, seen_forms) == (names, forms)


def test_a_keyword_that_we_do_not_understand_stops_the_compiler(monkeypatch: pytest.MonkeyPatch) -> None:
    from dealwright.definition import schema

    monkeypatch.setattr(schema, "document", lambda name: {"type": "string", "format": "uri"})
    with pytest.raises(ValueError, match="format"):
        schema.shape.__wrapped__("anything")


def test_every_way_of_finding_has_its_code() -> None:
    assert all(Findings("f").add(code, 1, 1, "x", "y") is None for code in FINDING_CODES)
