"""Checking the values that a command brings: types, who may set them, list entries, confirmations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from dealwright.engine.context import Context
from dealwright.engine.program import Program
from dealwright.engine.result import did_you_mean, permit, settle
from dealwright.errors import NotFoundError, UsageError
from dealwright.model.deal import Confirmation, Deal, FileRef, Item, Ref
from dealwright.model.process import BUYER, Field
from dealwright.model.values import InvalidValueError, check_value, entry_to_json


def checked_fields(
    program: Program, deal: Deal, declared: tuple[Field, ...], given: Mapping[str, Any], context: Context,
    *, seq: int, may_set: bool = True,
) -> dict[str, Any]:  # fmt: skip
    """The given values as the log keeps them. None clears.

    With `may_set`, a field's own `by` must allow the actor. Raises UsageError for unknown
    names and bad values, a refusal for a role.
    """
    known = {field.id: field for field in declared}
    checked: dict[str, Any] = {}
    for name, value in given.items():
        field = known.get(name)
        if field is None:
            hint = did_you_mean(name, list(known))
            raise UsageError(f"there is no field {name}{hint.en}", f"没有字段 {name}{hint.zh}", field=name)
        if may_set and field.by and field.type != "confirmation":
            permit(program, context, settle(program, deal, field.by), "set", name)
        checked[name] = None if value is None else one_value(program, deal, field, value, context, seq=seq)
    return checked


def one_value(program: Program, deal: Deal, field: Field, value: Any, context: Context, *, seq: int) -> Any:
    """One value as the log keeps it. Raises UsageError where the field does not take it."""
    try:
        if field.personal:
            if not isinstance(value, Ref):
                raise InvalidValueError(f"{field.id} is personal", f"{field.id} 属于个人信息")
            return {"ref": value.ref, "digest": value.digest}
        if field.type == "list":
            return _list_value(program, deal, field, value, context, seq=seq)
        if field.type == "confirmation":
            return _confirmation(program, deal, field, value, context, seq=seq)
        if field.type == "stakeholder":
            _known_stakeholder(deal, field, value)
        if field.type == "person" and value not in context.team.people:
            raise InvalidValueError(f"nobody in the team is called {value}", f"团队中没有 {value}")
        return check_value(field, value, program.layout.currency)
    except InvalidValueError as error:
        raise UsageError(error.text.en, error.text.zh, field=field.id) from error


def new_entry(
    program: Program, deal: Deal, field: Field, values: Mapping[str, Any], context: Context, *, seq: int
) -> dict[str, Any]:
    """The fields of a new list entry; its required ones must be there."""
    checked = checked_fields(program, deal, field.of, values, context, seq=seq)
    _complete_entry(field, checked)
    return {name: value for name, value in checked.items() if value is not None}


def _complete_entry(field: Field, checked: Mapping[str, Any]) -> None:
    missing = [f.id for f in field.of if f.required and checked.get(f.id) is None]
    if missing:
        names = ", ".join(missing)
        raise UsageError(f"an entry of {field.id} needs {names}", f"{field.id} 的条目须填写 {names}", missing=missing)


def next_id(items: tuple[Item, ...]) -> str:
    """The id of the next entry: entries are counted from 1 and numbers are never used again within a list."""
    return str(max((int(item.id) for item in items if item.id.isdecimal()), default=0) + 1)


def find_list(program: Program, name: str) -> tuple[int, Field]:
    """The position and declaration of the list `name`. Raises UsageError."""
    at = program.layout.field_at.get(name)
    field = program.layout.fields[at] if at is not None else None
    if at is None or field is None or field.type != "list":
        hint = did_you_mean(name, [f.id for f in program.layout.fields if f.type == "list"])
        raise UsageError(f"there is no list {name}{hint.en}", f"没有列表 {name}{hint.zh}", list=name)
    return at, field


def find_item(items: tuple[Item, ...] | None, name: str, item: str) -> Item:
    """The entry with this id. Raises NotFoundError."""
    for entry in items or ():
        if entry.id == item:
            return entry
    raise NotFoundError(f"{name} has no entry {item}", f"{name} 没有条目 {item}", list=name, item=item)


def _list_value(
    program: Program, deal: Deal, field: Field, value: Any, context: Context, *, seq: int
) -> list[dict[str, Any]]:
    """A whole list at once. Entries keep their ids where they name one; confirmations already given stay as they are."""
    if not isinstance(value, list | tuple):
        raise InvalidValueError(f"{field.id} takes a list", f"{field.id} 应为列表")
    at = program.layout.field_at.get(field.id)
    present = deal.values[at] if at is not None and deal.values else None
    before = {item.id: item for item in present or ()}
    kept: list[dict[str, Any]] = []
    number = int(next_id(tuple(before.values()))) - 1
    for raw in value:
        if not isinstance(raw, Mapping):
            raise InvalidValueError(
                f"an entry of {field.id} is a map of its fields", f"{field.id} 的每个条目应为字段映射"
            )
        entry = {k: v for k, v in raw.items() if k not in ("id", "closed")}
        entry_id = str(raw.get("id", ""))
        if entry_id not in before:
            number += 1
            entry_id = str(number)
        old = entry_to_json(field.of, before[entry_id], field.closes)["fields"] if entry_id in before else {}
        unchanged = {name: old[name] for name in entry if _same_confirmation(field, name, entry[name], old)}
        fresh = {name: given for name, given in entry.items() if name not in unchanged}
        checked = {**checked_fields(program, deal, field.of, fresh, context, seq=seq), **unchanged}
        _complete_entry(field, checked)
        kept.append({"id": entry_id, "fields": {k: v for k, v in checked.items() if v is not None}})
        if field.closes:
            kept[-1]["closed"] = bool(raw.get("closed"))
    return kept


def _same_confirmation(field: Field, name: str, value: Any, old: Mapping[str, Any]) -> bool:
    declared = next((f for f in field.of if f.id == name), None)
    return declared is not None and declared.type == "confirmation" and value is not None and value == old.get(name)


def _confirmation(
    program: Program, deal: Deal, field: Field, value: Any, context: Context, *, seq: int
) -> dict[str, Any]:
    """Who confirms, now: the buyer's stakeholder, or the acting person for a company role."""
    proof = None
    if isinstance(value, Mapping):
        proof = value.get("proof")
        value = value.get("stakeholder")
    if not isinstance(value, str) or not value:
        raise InvalidValueError(f"{field.id} takes the stakeholder who confirms", f"{field.id} 应填写作出确认的干系人")
    if BUYER in field.by or not field.by:
        _known_stakeholder(deal, field, value)
    else:
        permit(program, context, settle(program, deal, field.by), "set", field.id)
        value = context.actor
    if field.proof and proof is None:
        raise InvalidValueError(f"{field.id} needs a proof", f"{field.id} 须附凭证")
    kept = Confirmation(value, context.now, seq, msgspec.convert(proof, FileRef) if proof is not None else None)
    as_json: dict[str, Any] = msgspec.to_builtins(kept)
    return as_json


def _known_stakeholder(deal: Deal, field: Field, value: Any) -> None:
    if deal.stakeholder(str(value)) is None:
        raise InvalidValueError(
            f"{field.id}: the deal has no stakeholder {str(value)[:40]}; add one first",
            f"{field.id}：项目没有干系人 {str(value)[:40]}，请先添加",
        )
