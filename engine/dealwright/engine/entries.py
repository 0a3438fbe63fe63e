"""Checking the values that a command brings: types, who may set them, list entries, confirmations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from dealwright.engine.context import Context
from dealwright.engine.program import Program
from dealwright.engine.result import did_you_mean, instant, permit, settle
from dealwright.errors import NotFoundError, UsageError
from dealwright.model.deal import Confirmation, Deal, FileRef, Item, Ref
from dealwright.model.process import BUYER, Field
from dealwright.model.values import InvalidValueError, check_value, entry_to_json


class Values:
    """The values of one command on one deal. Its methods raise UsageError, or a refusal for a role.

    Without `by_role` nobody's right to set a field is asked; what a confirmation takes always is.
    """

    def __init__(self, program: Program, deal: Deal, context: Context, *, by_role: bool = True) -> None:
        self._program = program
        self._deal = deal
        self._context = context
        self._by_role = by_role

    def fields(self, declared: Sequence[Field], given: Mapping[str, Any], before: Sequence[Any] = ()) -> dict[str, Any]:
        """The given values as the log keeps them; None clears. `before` are the typed values they replace."""
        known = {field.id: at for at, field in enumerate(declared)}
        checked: dict[str, Any] = {}
        for name, value in given.items():
            at = known.get(name)
            if at is None:
                hint = did_you_mean(name, list(known))
                raise UsageError(f"there is no field {name}{hint.en}", f"没有字段 {name}{hint.zh}", field=name)
            field = declared[at]
            if field.formula:
                raise UsageError(
                    f"{name} is computed from other fields and cannot be set",
                    f"{name} 由公式计算得出，不能直接设置", field=name,
                )  # fmt: skip
            if self._by_role and field.by and field.type != "confirmation":
                self._permit(field)
            old = before[at] if before else None
            checked[name] = None if value is None else self._value(field, value, old)
        return checked

    def entry(self, field: Field, given: Mapping[str, Any]) -> dict[str, Any]:
        """The fields of a new entry of the list `field`; its required ones must be there."""
        checked = self.fields(field.of, given)
        _complete_entry(field, checked)
        return {name: value for name, value in checked.items() if value is not None}

    def _permit(self, field: Field) -> None:
        permit(self._program, self._context, settle(self._program, self._deal, field.by), "set", field.id)

    def _value(self, field: Field, value: Any, old: Any) -> Any:
        try:
            if field.personal:
                return _personal(field, value)
            if field.type == "list":
                return self._list(field, value, old or ())
            if field.type == "confirmation":
                return self._confirmation(field, value)
            if field.type == "stakeholder":
                self._known_stakeholder(field, value)
            if field.type == "person":
                self._known_person(value)
            return check_value(field, value, self._program.layout.currency)
        except InvalidValueError as error:
            raise UsageError(error.text.en, error.text.zh, field=field.id) from error

    def _list(self, field: Field, value: Any, old: tuple[Item, ...]) -> list[dict[str, Any]]:
        """A whole list at once.

        An entry that names its `id` stays that entry: what it leaves out, or repeats as it
        is, was not set now, so neither asks for a role nor makes old evidence fresh.
        """
        if not isinstance(value, list | tuple):
            raise InvalidValueError(f"{field.id} takes a list", f"{field.id} 应为列表")
        present = {item.id: entry_to_json(field.of, item, closes=True) for item in old}
        number = int(next_id(old))
        kept: dict[str, dict[str, Any]] = {}
        for raw in value:
            if not isinstance(raw, Mapping):
                raise InvalidValueError(
                    f"an entry of {field.id} is a map of its fields", f"{field.id} 的每个条目应为字段映射"
                )
            entry_id = str(raw.get("id", ""))
            if entry_id in kept:
                raise InvalidValueError(
                    f"{field.id} names the entry {entry_id} twice", f"{field.id} 两次指定了条目 {entry_id}"
                )
            if entry_id not in present:
                entry_id, number = str(number), number + 1
            kept[entry_id] = self._kept(field, raw, entry_id, present.get(entry_id))
        return list(kept.values())

    def _kept(
        self, field: Field, raw: Mapping[str, Any], entry_id: str, old: Mapping[str, Any] | None
    ) -> dict[str, Any]:
        before = old["fields"] if old else {}
        given = {k: v for k, v in raw.items() if k not in ("id", "closed") and (k not in before or v != before[k])}
        fields = {**before, **self.fields(field.of, given)}
        _complete_entry(field, fields)
        entry: dict[str, Any] = {"id": entry_id, "fields": {k: v for k, v in fields.items() if v is not None}}
        if field.closes:
            entry["closed"] = bool(raw.get("closed", bool(old and old["closed"])))
        return entry

    def _confirmation(self, field: Field, value: Any) -> dict[str, Any]:
        """Who confirms, now: the buyer's stakeholder, or the acting person for a company role."""
        proof = None
        if isinstance(value, Mapping):
            proof = value.get("proof")
            value = value.get("stakeholder")
        if not isinstance(value, str) or not value:
            raise InvalidValueError(
                f"{field.id} takes the stakeholder who confirms", f"{field.id} 应填写作出确认的干系人"
            )
        if BUYER in field.by or not field.by:
            self._known_stakeholder(field, value)
        else:
            self._permit(field)
            value = self._context.actor
        if field.proof and proof is None:
            raise InvalidValueError(f"{field.id} needs a proof", f"{field.id} 须附凭证")
        kept = Confirmation(value, instant(self._deal, self._context), self._deal.version + 1, _file(field, proof))
        as_json: dict[str, Any] = msgspec.to_builtins(kept)
        return as_json

    def _known_stakeholder(self, field: Field, value: Any) -> None:
        if self._deal.stakeholder(str(value)) is None:
            raise InvalidValueError(
                f"{field.id}: the deal has no stakeholder {str(value)[:40]}; add one first",
                f"{field.id}：项目没有干系人 {str(value)[:40]}，请先添加",
            )

    def _known_person(self, value: Any) -> None:
        if not isinstance(value, str) or value not in self._context.team.people:
            raise InvalidValueError(f"nobody in the team is called {str(value)[:40]}", f"团队中没有 {str(value)[:40]}")


def _personal(field: Field, value: Any) -> dict[str, Any]:
    if not isinstance(value, Ref):
        raise InvalidValueError(f"{field.id} is personal", f"{field.id} 属于个人信息")
    return {"ref": value.ref, "digest": value.digest}


def _file(field: Field, proof: Any) -> FileRef | None:
    if proof is None or isinstance(proof, FileRef):
        return proof
    try:
        return msgspec.convert(proof, FileRef)
    except msgspec.ValidationError as error:
        raise InvalidValueError(f"{field.id} takes a file as its proof", f"{field.id} 的凭证应为文件") from error


def _complete_entry(field: Field, checked: Mapping[str, Any]) -> None:
    missing = [f.id for f in field.of if f.required and checked.get(f.id) is None]
    if missing:
        names = ", ".join(missing)
        raise UsageError(f"an entry of {field.id} needs {names}", f"{field.id} 的条目须填写 {names}", missing=missing)


def next_id(items: Sequence[Item]) -> str:
    """The id of the next entry: one more than the highest there is."""
    return str(max((int(item.id) for item in items if item.id.isdecimal()), default=0) + 1)


def find_list(program: Program, name: str) -> tuple[int, Field]:
    """The position and declaration of the list `name`. Raises UsageError."""
    at = program.layout.field_at.get(name)
    field = program.layout.fields[at] if at is not None else None
    if at is None or field is None or field.type != "list":
        hint = did_you_mean(name, [f.id for f in program.layout.fields if f.type == "list"])
        raise UsageError(f"there is no list {name}{hint.en}", f"没有列表 {name}{hint.zh}", list=name)
    return at, field


def find_item(items: Sequence[Item] | None, name: str, item: str) -> Item:
    """The entry with this id. Raises NotFoundError."""
    for entry in items or ():
        if entry.id == item:
            return entry
    raise NotFoundError(f"{name} has no entry {item}", f"{name} 没有条目 {item}", list=name, item=item)
