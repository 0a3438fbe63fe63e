"""The JSON Schema of a process that extends another: nothing is required that the parent may have said."""

from __future__ import annotations

from typing import Any

_PLACED = ("Stage", "Branch")
_REMOVED = (*_PLACED, "Approval")
_REMOVE = {
    "title": "Remove", "description": "Takes away what the parent has. 删除父流程中的该项。", "const": True,
}  # fmt: skip
_BESIDE = {
    "after": "Puts it behind this one. 放在此项之后。",
    "before": "Puts it in front of this one. 放在此项之前。",
}


def child_schema(process: dict[str, Any]) -> dict[str, Any]:
    """The schema of a whole process, for editors, turned into that of a child file; `process` stays as it is."""
    made: dict[str, Any] = _relaxed(process)
    made["title"] = "A process made of another"
    made["required"] = ["dealwright", "process", "version", "extends"]
    for name in made["required"]:
        made["properties"][name] = process["properties"][name]
    return made


def _relaxed(node: Any) -> Any:
    if isinstance(node, list):
        return [_relaxed(entry) for entry in node]
    if not isinstance(node, dict):
        return node
    made = {key: _relaxed(value) for key, value in node.items()}
    if node.get("type") != "object":
        return made
    title = node.get("title")
    if title in _REMOVED:
        made["required"] = ["id"] if title in _PLACED else []
    else:
        made.pop("required", None)
    made.pop("minProperties", None)
    if isinstance(node.get("oneOf"), list):  # exactly one of several keys: the parent may have given it
        del made["oneOf"]
    if isinstance(node.get("properties"), dict):
        made["properties"] = {name: _nullable(entry) for name, entry in made["properties"].items()}
        _place(made["properties"], title)
    if isinstance(made.get("additionalProperties"), dict):
        made["additionalProperties"] = _nullable(made["additionalProperties"])
    return made


def _nullable(schema: Any) -> Any:
    """`~` takes away what the parent has."""
    if not isinstance(schema, dict):
        return schema
    notes = {key: schema[key] for key in ("title", "description", "examples") if key in schema}
    rest = {key: value for key, value in schema.items() if key not in notes}
    return {**notes, "anyOf": [rest, {"type": "null"}]}


def _place(properties: dict[str, Any], title: Any) -> None:
    if title in _REMOVED:
        properties["remove"] = _REMOVE
    if title in _PLACED:
        for name, description in _BESIDE.items():
            properties[name] = {"title": name.capitalize(), "description": description, "type": "string"}
