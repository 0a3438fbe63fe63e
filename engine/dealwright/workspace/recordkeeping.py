"""Records: accounts, partners. Rows and events of the same log as deals, with their purchase history."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from dealwright.engine import commands as c
from dealwright.errors import ConflictError, UsageError
from dealwright.workspace import shapes
from dealwright.workspace.naming import check_id, check_title
from dealwright.workspace.personal import told, told_briefs
from dealwright.workspace.reading import Reader
from dealwright.workspace.writing import Writing

_NONE: Mapping[str, Any] = {}
_ARCHIVED = "archived"  # the one end of a record


class RecordKeeping(Writing):
    """What `dealwright record` does. Writing methods take `dry_run` and `if_version`; a record shows as shape D."""

    def record_add(
        self, type_: str, title: str, *, record_id: str | None = None, owner: str | None = None,
        texts: Mapping[str, str] = _NONE, data: Mapping[str, Any] = _NONE, dry_run: bool = False,
        if_version: int | None = None,
    ) -> dict[str, Any]:  # fmt: skip
        """Add a record of a type. `if_version` may only be 0: there is no record yet."""
        check_id(record_id)
        check_title(title)
        if if_version not in (None, 0):
            raise ConflictError("a new record has version 0", "新记录的版本为 0", version=0)

        def build(reader: Reader, new_id: str) -> c.Command:
            fields = reader.fields(reader.program.layout.fields, texts, data)
            return c.Open(id=new_id, title=title, owner=owner, fields=fields)

        return self.written(self.open_new(type_, record_id, build, dry_run=dry_run, record=True), dry_run=dry_run)

    def record_list(
        self, type_: str | None = None, *, status: str | None = None, limit: int | None = None, offset: int = 0
    ) -> dict[str, Any]:
        """Records of a type, or of all, without their fields; archived ones are of status `completed`."""
        types = self.store.record_types()
        if type_ is not None and type_ not in types:
            self.record_type(type_)  # one of which there is no record yet
        total, rows = 0, []
        left, skip = limit, offset
        for one in (type_,) if type_ is not None else types:
            count, documents = self.store.deals(process=one, status=status, limit=left, offset=skip)
            total += count
            skip = max(0, skip - count)
            rows += [shapes.brief_of(self.program_of(d["definition_hash"]), d) for d in documents]
            left = None if left is None else left - len(documents)
        return {"v": 1, "total": total, "records": told_briefs(self.store, rows)}

    def record_show(self, record: str) -> dict[str, Any]:
        """A record whole, and the deals that belong to it or name it: what was bought, and what is under way (R105)."""
        program, found = self.load(self.resolve(record, records=True))
        shape = shapes.deal_whole(program, found, self.context(program, deal=found))
        deals = [*self._deals_of(program.process.id, found.id)]
        return {"v": 1, "record": told(self.store, shape), "deals": told(self.store, deals)}

    def record_set(
        self, record: str, texts: Mapping[str, str] = _NONE, data: Mapping[str, Any] = _NONE, **write: Any
    ) -> dict[str, Any]:
        """Set fields of a record; an empty text clears one."""

        def build(reader: Reader, _: object) -> c.Command:
            return c.SetFields(fields=reader.fields(reader.program.layout.fields, texts, data))

        done = self.write(self.resolve(record, records=True), build, **write)
        return self.written(done, dry_run=bool(write.get("dry_run")))

    def record_archive(self, record: str, **write: Any) -> dict[str, Any]:
        """Archive a record: it stays readable, and its deals keep it."""
        done = self.write(self.resolve(record, records=True), lambda _r, _d: c.Move(to=_ARCHIVED), **write)
        return self.written(done, dry_run=bool(write.get("dry_run")))

    def record_history(self, record: str) -> dict[str, Any]:
        """Everything that happened to a record."""
        record_id = self.resolve(record, records=True)
        events = [shapes.event_shape(one) for one in self.store.events(record_id)]
        return {"v": 1, "record": record_id, "events": told(self.store, events)}

    def _deals_of(self, type_: str, record_id: str) -> Iterator[dict[str, Any]]:
        """The deals of a record, in order of opening; `by` tells how each is bound: as its subject, or by a field."""
        found: dict[str, tuple[str, dict[str, Any]]] = {}
        for document in self.store.deals_where({"subject": record_id}):
            found[document["id"]] = ("subject", document)
        for process, field in self._fields_of(type_):
            for document in self.store.deals_where({f"fields.{field}": record_id}, process=process):
                found.setdefault(document["id"], (field, document))
        for by, document in sorted(found.values(), key=lambda one: (one[1]["opened_at"], one[1]["id"])):
            yield {
                "id": document["id"], "title": document["title"], "process": document["process"], "by": by,
                "stage": document["stage"], "status": document["status"], "owner": document["owner"],
                "amount": document["fields"].get("amount"), "opened_at": document["opened_at"],
                "won_at": document["won_at"], "closed_at": document["closed_at"],
            }  # fmt: skip

    def _fields_of(self, type_: str) -> set[tuple[str, str]]:
        """(process, field) of each field that holds records of a type, in any definition that deals ran under."""
        found = set()
        for known in self.store.definitions():
            layout = self.program_of(known["definition_hash"]).layout
            found |= {(known["id"], f.id) for f in layout.fields if f.type == "record" and f.record == type_}
        return found

    def record_type(self, type_: str) -> None:
        """Raises NotFoundError for an unknown type, UsageError for a process of deals."""
        if not self.library.source(type_, self.store).process.record:
            raise UsageError(f"{type_} is a process, not a type of record", f"{type_} 是流程，不是记录类型")
