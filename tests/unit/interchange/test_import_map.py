"""Map files: read, or refused with every problem at its place."""

from __future__ import annotations

import json

import pytest
from jsonschema import Draft202012Validator

from dealwright._resources import folder
from dealwright.errors import UsageError
from dealwright.interchange.import_map import read_map


def test_short_and_long_forms_give_the_same_map(map_data):
    short = read_map(map_data)
    map_data["fields"]["amount"] = {"column": "value"}
    map_data["stages"]["values"]["New"][0]["at"] = ["created"]
    assert read_map(map_data) == short


def test_the_example_of_the_guide_is_valid(maven_map):
    read = read_map(maven_map)
    assert (read.process, read.id, read.dates) == ("maven", "opportunity_id", ("%m/%d/%Y",))


@pytest.mark.parametrize(
    ("change", "path", "says"),
    [
        (lambda data: data.pop("id"), "map", "'id' is missing"),
        (lambda data: data.update(feilds={}), "map", "no key 'feilds'; did you mean 'fields'"),
        (lambda data: data.update(encoding="ebcdic"), "encoding", "not one of"),
        (lambda data: data.update(dates="%Y-%m-%d"), "dates", "must be a list"),
        (lambda data: data.update(dates=["%d.%m"]), "dates[0]", "no date format"),
        (lambda data: data.update(dates=["%Y-%m-%d%Q"]), "dates[0]", "no date format"),
        (lambda data: data.update(timezone="Mars/Base"), "timezone", "no IANA"),
        (lambda data: data.update(timezone="../../etc/passwd"), "timezone", "no IANA"),
        (lambda data: data.update(currency="usd"), "currency", "no currency code"),
        (lambda data: data.update(title="{customer"), "title", "braces"),
        (lambda data: data["fields"].update(size={"colum": "x"}), "fields.size", "'column' is missing"),
        (lambda data: data["fields"].update(size=["x"]), "fields.size", "none of the forms"),
        (
            lambda data: data["fields"].update(size={"column": "x", "lookup": "prodcts"}),
            "fields.size.lookup",
            "products",
        ),
        (lambda data: data["stages"].update(values={}), "stages.values", "minProperties"),
        (lambda data: data["stages"]["values"]["New"][0].pop("at"), "stages.values.New[0]", "'at' is missing"),
        (lambda data: data["stages"]["values"]["New"][0].update(what="begun"), "stages.values.New[0].what", "'begun'"),
    ],
)
def test_a_wrong_map_is_refused_at_its_place(map_data, change, path, says):
    change(map_data)
    with pytest.raises(UsageError) as refused:
        read_map(map_data)
    problems = refused.value.details["problems"]
    assert any(found["path"] == path and says in found["message"]["en"] for found in problems), problems
    assert all(found["message"]["zh"] != found["message"]["en"] for found in problems)


@pytest.mark.parametrize("data", [None, [], "text", 5, {}, {1: 2}])
def test_what_is_no_map_is_refused(data):
    with pytest.raises(UsageError):
        read_map(data)


def test_each_missing_key_is_told_once():
    with pytest.raises(UsageError) as refused:
        read_map({"import": "deals"})
    told = [found["message"]["en"] for found in refused.value.details["problems"]]
    assert told == [f"the key {key!r} is missing" for key in ("process", "id", "title", "stages")]


def test_all_problems_are_told_at_once_up_to_a_limit(map_data):
    map_data["fields"] = {f"f{number}": {"colum": "x"} for number in range(30)}
    with pytest.raises(UsageError) as refused:
        read_map(map_data)
    assert len(refused.value.details["problems"]) == 20
    assert refused.value.details["truncated"] is True
    assert "and 40 more" in refused.value.en


def test_every_property_of_the_schema_is_described_with_examples_that_fit():
    schema = json.loads((folder("schemas") / "import-map.schema.json").read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)

    def properties(node):
        if isinstance(node, dict):
            yield from node.get("properties", {}).items() if isinstance(node.get("properties"), dict) else ()
            for inner in node.values():
                yield from properties(inner)
        elif isinstance(node, list):
            for inner in node:
                yield from properties(inner)

    found = list(properties(schema))
    assert len(found) > 30
    for name, declared in found:
        assert {"title", "description", "examples"} <= declared.keys(), name
        for example in declared["examples"]:
            assert not list(validator.evolve(schema=declared).iter_errors(example)), name
