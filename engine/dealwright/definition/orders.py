"""The order of keys in which files are written: the schema's, but for objects that read better another way."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dealwright.definition.schema import document

# By the schema's title of an object: what is said in a word before what goes on for lines.
READING = {
    "A sales process": "dealwright process version title noun description type extends libraries currency timezone "
    "methodologies subject records roles stall_factor grade_factor personas questions fields events artifacts related "
    "unique tasks assignment templates automations start exit_criteria stages outcomes",
    "Field": "type required items at_least min max by personal proof renamed_from title formula values of",
    "Event kind": "by proof title fields",
    "Artifact": "by kind many file title fields approvals",
    "Approval": "id by count after if four_eyes within on_timeout on_reject",
    "Stage": "id remove after before title phase responsible accountable consulted informed if detour auto locked "
    "probability forecast sla stall follow_up goal guidance buyer questions requires wins tasks entry_criteria "
    "exit_criteria approvals decision skip_to back_to variants automations prompts renamed_from",
    "Criterion": "for_each condition use with if severity title unmet at_least of waivable_by stages",
    "Part of a criterion": "for_each condition use with if title unmet at_least of",
    "Branch": "id remove after before title if to reason",
    "Outcome": "status title from by recall reasons",
    "Automation": "title upon after before every since of stages if times then",
    "Related deals": "process match link if pick title",
    "Uniqueness": "title fields among on_conflict",
    "A workspace": "dealwright store timezone language plugins plugin_timeout local_plugins methodologies defaults",
    "Template": "title channel stages if subject body",
}

_PLACING = ("remove", "after", "before")  # no keys of a process; a child file says them of its parent's parts


class Order:
    """The schema of one place in a file. Where nothing is known about a place, its order stays as it is."""

    __slots__ = ("name", "schema")

    def __init__(self, name: str, schema: Mapping[str, Any] | None = None) -> None:
        self.name = name
        self.schema: Mapping[str, Any] = document(name) if schema is None else schema

    @property
    def keys(self) -> list[str]:
        """The keys of an object in reading order; none for a map by id, whose order is the author's."""
        found = self.object.schema
        known = list(found.get("properties", ()))
        first = [key for key in READING.get(found.get("title", ""), "").split() if key in known or key in _PLACING]
        return [*first, *(key for key in known if key not in first)]

    @property
    def object(self) -> Order:
        """The alternative that takes a map; one that knows nothing where none does."""
        return self._of("object")

    def inside(self, key: str) -> Order:
        """The schema of an object's value."""
        whole = self.object
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
