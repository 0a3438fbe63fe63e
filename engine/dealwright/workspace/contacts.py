"""Activities and stakeholders."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dealwright.engine import commands as c
from dealwright.engine.contacts import next_stakeholder
from dealwright.model.deal import Deal
from dealwright.model.layout import STAKEHOLDER_FIELDS
from dealwright.workspace import shapes
from dealwright.workspace.attempt import Written
from dealwright.workspace.personal import told
from dealwright.workspace.reading import Reader
from dealwright.workspace.writing import Writing

_NONE: Mapping[str, Any] = {}


class Contacts(Writing):
    """What `activity` and `stakeholder` do. Writing methods take `dry_run` and `if_version`."""

    def activity_log(
        self, deal: str, name: str, *, by: str | None = None, contact: str | None = None, channel: str | None = None,
        at: str | None = None, note: str | None = None, proof: str | None = None, texts: Mapping[str, str] = _NONE,
        data: Mapping[str, Any] = _NONE, next_: str | None = None, **write: Any,
    ) -> dict[str, Any]:  # fmt: skip
        """Record an act of the buyer or of ours; `next_` plans the next contact."""

        def build(reader: Reader, _: Deal) -> c.Command:
            kind = reader.program.layout.events.get(name)
            who = reader.stakeholder(contact) if contact else None
            reader.vault.about(who)
            return c.LogActivity(
                name=name, by=by, contact=who, channel=channel,
                at=reader.instant(at) if at else None, note=reader.vault.swap_text(note),
                proof=reader.proof(proof, kind.proof if kind else "") if proof else None,
                fields=reader.fields(kind.fields if kind else (), texts, data),
                next=reader.instant(next_) if next_ else None,
            )  # fmt: skip

        done = self.write(deal, build, **write)
        shape = shapes.activity_shape(done.deal.facts[-1])
        return self.written(done, dry_run=bool(write.get("dry_run")), activity=shape)

    def activity_void(self, deal: str, activity: str, reason: str, **write: Any) -> dict[str, Any]:
        """Take back an activity logged by mistake; it stays in the log."""
        gone: dict[str, Any] = {}

        def build(reader: Reader, found: Deal) -> c.Command:
            gone.update(next((shapes.activity_shape(f) for f in found.facts if f.id == activity), {}))
            reader.vault.about(gone.get("contact"))
            return c.VoidActivity(activity=activity, reason=reader.vault.swap(reason))

        done = self.write(deal, build, **write)
        return self.written(done, dry_run=bool(write.get("dry_run")), activity=gone)

    def activity_list(self, deal: str) -> dict[str, Any]:
        """The activities that count, in the log's order."""
        _, found = self.load(self.resolve(deal))
        rows = [shapes.activity_shape(fact) for fact in found.facts]
        return {"v": 1, "deal": found.id, "activities": told(self.store, rows)}

    def stakeholder_add(
        self, deal: str, texts: Mapping[str, str] = _NONE, data: Mapping[str, Any] = _NONE, **write: Any
    ) -> dict[str, Any]:
        """Add somebody on the buyer's side."""

        def build(reader: Reader, found: Deal) -> c.Command:
            reader.vault.about(next_stakeholder(found))
            return c.AddStakeholder(fields=reader.fields(STAKEHOLDER_FIELDS, texts, data))

        done = self.write(deal, build, **write)
        return self._with_stakeholder(done, done.deal.stakeholders[-1].id, write)

    def stakeholder_set(
        self, deal: str, stakeholder: str, texts: Mapping[str, str] = _NONE, data: Mapping[str, Any] = _NONE,
        **write: Any,
    ) -> dict[str, Any]:  # fmt: skip
        """Change what is known of a stakeholder, named by id or by a part of the name."""

        def build(reader: Reader, _: Deal) -> c.Command:
            who = reader.stakeholder(stakeholder)
            reader.vault.about(who)
            return c.SetStakeholder(stakeholder=who, fields=reader.fields(STAKEHOLDER_FIELDS, texts, data))

        done = self.write(deal, build, **write)
        return self._with_stakeholder(done, str(done.records[0].data["stakeholder"]), write)

    def stakeholder_list(self, deal: str) -> dict[str, Any]:
        """Everybody on the buyer's side."""
        _, found = self.load(self.resolve(deal))
        rows = [shapes.stakeholder_shape(found, one.id) for one in found.stakeholders]
        return {"v": 1, "deal": found.id, "stakeholders": told(self.store, rows)}

    def _with_stakeholder(self, done: Written, stakeholder: str, write: Mapping[str, Any]) -> dict[str, Any]:
        shape = shapes.stakeholder_shape(done.deal, stakeholder)
        return self.written(done, dry_run=bool(write.get("dry_run")), stakeholder=shape)
