"""The order of keys that the schemas give: how a file is written where the author has no reason for another."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dealwright.definition.schema import document


class Order:
    """The schema of one place in a file. Where nothing is known about a place, its order stays as it is."""

    __slots__ = ("name", "schema")

    def __init__(self, name: str, schema: Mapping[str, Any] | None = None) -> None:
        self.name = name
        self.schema: Mapping[str, Any] = document(name) if schema is None else schema

    @property
    def keys(self) -> list[str]:
        """The keys of an object in the schema's order; none for a map by id, whose order is the author's."""
        found = self._of("object").schema
        return list(found.get("properties", ()))

    def inside(self, key: str) -> Order:
        """The schema of an object's value."""
        whole = self._of("object")
        found = whole.schema.get("properties", {}).get(key) or whole.schema.get("additionalProperties")
        return Order(whole.name, found if isinstance(found, dict) else {})

    def item(self) -> Order:
        """The schema of a list's entry."""
        whole = self._of("array")
        return Order(whole.name, whole.schema.get("items", {}))

    def _of(self, kind: str) -> Order:
        """The alternative that takes an object or an array."""
        waiting = [self]
        while waiting:
            order = waiting.pop()._followed()
            if order.schema.get("type") == kind:
                return order
            waiting += [Order(order.name, option) for option in reversed(order.schema.get("oneOf", ()))]
        return Order(self.name, {})

    def _followed(self) -> Order:
        order = self
        while "$ref" in order.schema:
            file, _, pointer = order.schema["$ref"].partition("#/")
            name = file.removesuffix(".schema.json") or order.name
            found: Any = document(name)
            for step in pointer.split("/"):
                found = found[step]
            order = Order(name, found)
        return order
