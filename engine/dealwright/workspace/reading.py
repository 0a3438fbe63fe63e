"""What people type, read by the declared types of a deal's process."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Any

import msgspec

from dealwright.engine import Program
from dealwright.errors import NotFoundError, UsageError
from dealwright.model.dates import parse_day, parse_instant
from dealwright.model.deal import Deal, FileRef, Ref
from dealwright.model.layout import STAKEHOLDER_FIELDS
from dealwright.model.process import BUYER, Field
from dealwright.model.values import InvalidValueError, check_value, parse_value, wanted
from dealwright.workspace.files import Files
from dealwright.workspace.personal import Vault

_SHA256 = re.compile(r"[0-9a-f]{64}")


class Reader:
    """Reads the values of one command: texts by type, files into the store, personal ones into the vault."""

    def __init__(
        self, program: Program, deal: Deal, names: Mapping[str, str | None], files: Files, vault: Vault,
        now: datetime, zone: tzinfo, find_record: Callable[[str, str], str] | None = None,
    ) -> None:  # fmt: skip
        self.program = program
        self.deal = deal
        self.names = names
        self.files = files
        self.vault = vault
        self.now = now
        self.zone = zone
        self._find_record = find_record  # (text, type of record) -> id
        self.attached: list[tuple[FileRef, bytes]] = []

    def fields(self, declared: tuple[Field, ...], texts: Mapping[str, str], data: Mapping[str, Any]) -> dict[str, Any]:
        """The values of `--set` and `--data`, as a command takes them. Unknown names pass: the decider refuses them."""
        known = {field.id: field for field in declared}
        read: dict[str, Any] = {}
        for name, value in data.items():
            read[name] = self._json(known[name], value) if name in known else value
        for name, text in texts.items():
            read[name] = self._text(known[name], text) if name in known else text
        return read

    def file(self, path: str | Path) -> FileRef:
        """A file to attach; its bytes are kept once the command is decided."""
        ref, data = self.files.look(Path(path))
        self.attached.append((ref, data))
        return ref

    def proof(self, path: str | Path, kind: str) -> FileRef:
        """A proof; where a mail is asked for, the file is one (.eml or .msg)."""
        if kind == "mail" and Path(path).suffix.lower() not in (".eml", ".msg"):
            raise UsageError("the proof must be a mail: an .eml or .msg file", "凭证须为邮件：.eml 或 .msg 文件")
        kept = self.file(path)
        # Mails are named after people, and the log keeps a file's name for good.
        suffix = "".join(c for c in Path(path).suffix.lower()[:8] if c.isascii() and (c.isalnum() or c == "."))
        return FileRef(f"proof{suffix}", kept.size, kept.sha256)

    def stakeholder(self, text: str) -> str:
        """A stakeholder's id, from an id or a part of one name only. Raises NotFoundError, UsageError."""
        if self.deal.stakeholder(text) is not None:
            return text
        wanted_name = text.casefold()
        found = [sid for sid, name in self.names.items() if name and wanted_name in name.casefold()]
        exact = [sid for sid in found if (self.names[sid] or "").casefold() == wanted_name]
        if len(exact or found) == 1:
            return (exact or found)[0]
        listed = ", ".join(f"{sid} {name or '?'}" for sid, name in self.names.items()) or "-"
        if not found:
            raise NotFoundError(
                f"{text[:60]} fits no stakeholder of the deal; there are: {listed}",
                f"“{text[:60]}”不是该项目的干系人；现有：{listed}", contact=text[:60],
            )  # fmt: skip
        raise UsageError(
            f"{text[:60]} fits several stakeholders of the deal: {listed}",
            f"“{text[:60]}”对应多个干系人：{listed}", contact=text[:60],
        )  # fmt: skip

    def day(self, text: str) -> Any:
        """A calendar day. Raises UsageError."""
        try:
            return parse_day(text, self.now.astimezone(self.zone).date())
        except ValueError as error:
            raise UsageError(f"{text[:60]!r} is no date", f"“{text[:60]}”不是日期", value=text[:60]) from error

    def instant(self, text: str, *, end: bool = False) -> datetime:
        """An instant, or a day's start (`end`: the end of that local day). Raises UsageError."""
        try:
            return parse_instant(text, self.now, self.zone, end=end)
        except ValueError as error:
            raise UsageError(
                f"{text[:60]!r} is no date or instant", f"“{text[:60]}”不是日期或时刻", value=text[:60]
            ) from error

    def _text(self, field: Field, text: str) -> Any:
        if text == "":
            return None
        try:
            if field.type == "date":
                value: Any = self.day(text).isoformat()
            elif field.type == "datetime":
                value = self.instant(text).isoformat()
            elif field.type in ("file", "stakeholder", "confirmation", "record"):
                return self._pointed(field, text)
            else:
                value = parse_value(field, text, self.program.layout.currency)
        except InvalidValueError as error:
            raise UsageError(error.text.en, error.text.zh, field=field.id) from error
        return self._json(field, value) if field.type == "list" else self._swapped(field, value)

    def _json(self, field: Field, value: Any) -> Any:
        if value is None or isinstance(value, Ref):
            return value
        if field.type == "list" and isinstance(value, list):
            inner = {one.id: one for one in field.of}
            return [
                {k: self._json(inner[k], v) if k in inner else v for k, v in entry.items()}
                if isinstance(entry, dict)
                else entry
                for entry in value
            ]
        if isinstance(value, str) and field.type not in ("text", "choice", "person"):
            return self._text(field, value)
        if field.type == "confirmation" and isinstance(value, Mapping):
            return self._confirmed(field, value)
        if field.type == "file" and isinstance(value, Mapping):
            return self._kept_file(field, value)
        return self._swapped(field, value)

    def _kept_file(self, field: Field, value: Mapping[str, Any]) -> dict[str, Any]:
        """A file as a deal shows it: taken back only where its bytes are here, or anybody could claim to have one."""
        try:
            ref = msgspec.convert(value, FileRef)
            kept = _SHA256.fullmatch(ref.sha256) and self.files.path(ref).stat().st_size == ref.size
        except (msgspec.ValidationError, OSError):
            kept = False
        if not kept:
            raise UsageError(f"{field.id} takes the path of a file", f"{field.id} 应为文件的路径", field=field.id)
        return msgspec.to_builtins(ref)  # type: ignore[no-any-return]  # a struct gives a map

    def _pointed(self, field: Field, text: str) -> Any:
        """Values that name something else: a file, a stakeholder, a record, who confirms."""
        if field.type == "file":
            return msgspec.to_builtins(self.file(text))
        if field.type == "stakeholder":
            return self.stakeholder(text)
        if field.type == "record":
            return self._find_record(text, field.record) if self._find_record else text
        if text.startswith("{"):
            try:
                return self._confirmed(field, msgspec.json.decode(text))
            except (msgspec.DecodeError, AttributeError) as error:
                want = wanted(field)
                raise InvalidValueError(f"{field.id} takes {want.en}", f"{field.id} 应为{want.zh}") from error
        return self.stakeholder(text) if BUYER in field.by or not field.by else text

    def _confirmed(self, field: Field, value: Mapping[str, Any]) -> dict[str, Any]:
        if "seq" in value:
            proof = value.get("proof")
            return dict(value) if proof is None else {**value, "proof": self._kept_file(field, proof)}
        who = str(value.get("stakeholder", ""))
        read: dict[str, Any] = {"stakeholder": self.stakeholder(who) if BUYER in field.by or not field.by else who}
        if value.get("proof"):
            read["proof"] = msgspec.to_builtins(self.proof(str(value["proof"]), field.proof))
        return read

    def _swapped(self, field: Field, value: Any) -> Any:
        if not field.personal or value is None:
            return value
        try:
            return self.vault.swap(check_value(field, value, self.program.layout.currency))
        except InvalidValueError as error:
            raise UsageError(error.text.en, error.text.zh, field=field.id) from error


def stakeholder_refs(deal: Deal) -> dict[str, Ref | None]:
    """Stakeholder id -> the reference to the name."""
    at = next(i for i, field in enumerate(STAKEHOLDER_FIELDS) if field.id == "name")
    return {one.id: one.values[at] for one in deal.stakeholders}
