"""The JSON Schemas of `schemas/`, compiled once into shapes that check nodes where they stand.

The schema files are the one truth about shape: editors read the same files, and a test
holds this compiler to what jsonschema says of every example. Checking nodes directly
gives each finding its line and column and needs no conversion to plain data; a keyword
that this module does not know is an error when it compiles, never silently ignored.
"""

from __future__ import annotations

import json
import re
from functools import cache
from typing import Any

from dealwright._resources import folder
from dealwright.definition.shapes import (
    BooleanShape,
    ListShape,
    MapShape,
    NumberShape,
    Shape,
    TextShape,
)  # fmt: skip
from dealwright.definition.standins import EitherShape, LaterShape
from dealwright.model.text import Text

_NOTES = {
    "title",
    "description",
    "examples",
    "$schema",
    "$defs",
    "x-wanted",
    "x-names",
    "x-form",
    "x-later",
    "x-reserved",
}
_TAKES = {"object": "map", "array": "seq", "string": "scalar"}
_KEYWORDS: dict[str, set[str]] = {
    "object": {"properties", "required", "additionalProperties", "propertyNames", "minProperties", "oneOf"},
    "array": {"items", "minItems", "uniqueItems"},
    "string": {"pattern", "enum", "minLength", "maxLength"},
    "number": {"minimum", "maximum"},
    "integer": {"minimum", "maximum"},
    "boolean": set(),
}


@cache
def document(name: str) -> dict[str, Any]:
    """The schema file `NAME.schema.json` as plain data."""
    read: dict[str, Any] = json.loads((folder("schemas") / f"{name}.schema.json").read_bytes())
    return read


@cache
def shape(name: str) -> Shape:
    """The compiled schema `process`, `record`, `library`, `overlay`, `workspace` or `team`."""
    return _Compiler().whole(name)


def shape_of(schema: dict[str, Any]) -> Shape:
    """A schema that stands alone, compiled. Raises ValueError, KeyError for what is not understood."""
    return _Compiler()._shape(schema, "parameters")


class _Compiler:
    def __init__(self) -> None:
        self.made: dict[str, Shape] = {}

    def whole(self, name: str) -> Shape:
        return self._shape(document(name), name)

    def _shape(self, schema: dict[str, Any], name: str) -> Shape:
        reference = schema.get("$ref")
        if reference is not None:
            made = self._referred(reference, name)
            if isinstance(made, TextShape) and "x-reserved" in schema:
                made = self._text(self._find(reference, name)[0] | {"x-reserved": schema["x-reserved"]})
            return made
        if "oneOf" in schema and "type" not in schema:
            return EitherShape([self._shape(option, name) for option in schema["oneOf"]])
        kind = schema["type"]
        unknown = schema.keys() - _NOTES - _KEYWORDS[kind] - {"type"}
        if unknown:
            raise ValueError(f"{name}: keywords {sorted(unknown)} of a {kind} are not understood")
        match kind:
            case "object":
                return self._map(schema, name)
            case "array":
                return ListShape(
                    self._shape(schema["items"], name), schema.get("minItems", 0), schema.get("uniqueItems", False)
                )
            case "string":
                return self._text(schema)
            case "boolean":
                return BooleanShape()
            case _:
                return NumberShape(kind == "integer", schema.get("minimum"), schema.get("maximum"))

    def _find(self, reference: str, name: str) -> tuple[dict[str, Any], str]:
        file, _, pointer = reference.partition("#/")
        name = file.removesuffix(".schema.json") or name
        found = document(name)
        for step in pointer.split("/"):
            found = found[step]
        return found, name

    def _referred(self, reference: str, name: str) -> Shape:
        target, name = self._find(reference, name)
        key = f"{name}#{reference.partition('#')[2]}"
        if key not in self.made:
            waiting = LaterShape(_TAKES.get(target.get("type", ""), "any"))
            self.made[key] = waiting
            self.made[key] = waiting.shape = self._shape(target, name)
        return self.made[key]

    def _map(self, schema: dict[str, Any], name: str) -> MapShape:
        made = MapShape()
        made.properties = {key: self._shape(value, name) for key, value in schema.get("properties", {}).items()}
        made.known = list(made.properties)
        made.required = tuple(schema.get("required", ()))
        made.one_of = tuple(_only_required(option, name) for option in schema.get("oneOf", ()))
        made.later = frozenset(schema.get("x-later", ()))
        extra = schema.get("additionalProperties")
        made.extra = self._shape(extra, name) if extra else None
        keys = schema.get("propertyNames")
        made.key = self._shape(keys, name) if keys else None
        made.fewest = schema.get("minProperties", 0)
        return made

    def _text(self, schema: dict[str, Any]) -> TextShape:
        made = TextShape()
        made.enum = schema.get("enum", ())
        made.later = frozenset(schema.get("x-later", ()))
        made.reserved = frozenset(schema.get("x-reserved", ()))
        if "pattern" in schema:
            # JSON Schema's `$` is the very end; Python's would let a line end through.
            made.pattern = re.compile(re.sub(r"\$$", r"\\Z", schema["pattern"]), re.ASCII).search
        made.shortest = schema.get("minLength", 0)
        made.longest = schema.get("maxLength", made.longest)
        made.names = schema.get("x-names")
        made.form = schema.get("x-form")
        if "x-wanted" in schema:
            made.wanted = Text(schema["x-wanted"]["en"], schema["x-wanted"]["zh"])
        return made


def _only_required(option: dict[str, Any], name: str) -> str:
    """The one key of which an object's `oneOf` wants exactly one."""
    if option.keys() != {"required"} or len(option["required"]) != 1:
        raise ValueError(f"{name}: oneOf of an object may ask for one key each, nothing else")
    key: str = option["required"][0]
    return key
