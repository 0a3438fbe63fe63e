"""List entries, artifacts and approvals."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from dealwright.engine import commands as c
from dealwright.engine.entries import find_list
from dealwright.engine.outstanding import kind_of, pending
from dealwright.errors import NotFoundError
from dealwright.model.deal import Deal
from dealwright.workspace import shapes
from dealwright.workspace.attempt import Written
from dealwright.workspace.personal import told
from dealwright.workspace.reading import Reader
from dealwright.workspace.writing import Writing

_NONE: Mapping[str, Any] = {}


class Supplies(Writing):
    """What `deal item`, `artifact` and `approval` do. Writing methods take `dry_run` and `if_version`."""

    def item_add(
        self, deal: str, list_: str, texts: Mapping[str, str] = _NONE, data: Mapping[str, Any] = _NONE, **write: Any
    ) -> dict[str, Any]:
        """Add an entry to a list."""

        def build(reader: Reader, _: Deal) -> c.Command:
            field = find_list(reader.program, list_)[1]
            return c.AddItem(list=list_, fields=reader.fields(field.of, texts, data))

        return self._supplied(self.write(deal, build, **write), write)

    def item_set(
        self, deal: str, list_: str, item: str, texts: Mapping[str, str] = _NONE, data: Mapping[str, Any] = _NONE,
        **write: Any,
    ) -> dict[str, Any]:  # fmt: skip
        """Change an entry of a list."""

        def build(reader: Reader, _: Deal) -> c.Command:
            field = find_list(reader.program, list_)[1]
            return c.SetItem(list=list_, item=item, fields=reader.fields(field.of, texts, data))

        return self._supplied(self.write(deal, build, **write), write)

    def item_close(self, deal: str, list_: str, item: str, **write: Any) -> dict[str, Any]:
        """Close an entry: an objection answered, a question settled."""
        return self._supplied(self.write(deal, lambda _r, _d: c.CloseItem(list=list_, item=item), **write), write)

    def artifact_add(
        self, deal: str, kind: str, texts: Mapping[str, str] = _NONE, data: Mapping[str, Any] = _NONE,
        file: str | Path | None = None, **write: Any,
    ) -> dict[str, Any]:  # fmt: skip
        """Record an artifact or a new version of one."""

        def build(reader: Reader, found: Deal) -> c.Command:
            layout = reader.program.layout
            known = kind in layout.artifact_at or found.artifact(kind) is not None
            declared = kind_of(reader.program, kind).fields if known else ()
            return c.RecordArtifact(
                artifact=kind, fields=reader.fields(declared, texts, data), file=reader.file(file) if file else None
            )

        done = self.write(deal, build, **write)
        return self._with_artifact(done, str(done.records[0].data["artifact"]), write)

    def artifact_approve(self, deal: str, artifact: str, note: str | None = None, **write: Any) -> dict[str, Any]:
        """Approve the latest version."""
        return self._answer(deal, artifact, note, write, granted=True)

    def artifact_reject(self, deal: str, artifact: str, note: str, **write: Any) -> dict[str, Any]:
        """Reject the latest version; the note says why."""
        return self._answer(deal, artifact, note, write, granted=False)

    def artifact_list(self, deal: str) -> dict[str, Any]:
        """Every artifact of a deal."""
        program, found = self.load(self.resolve(deal))
        context = self.context(program, deal=found)
        rows = [shapes.artifact_shape(program, found, a, context) for group in found.artifacts for a in group]
        return {"v": 1, "deal": found.id, "artifacts": told(self.store, rows)}

    def artifact_show(self, deal: str, artifact: str) -> dict[str, Any]:
        """One artifact; its file is where `path` says."""
        program, found = self.load(self.resolve(deal))
        one = found.artifact(artifact)
        if one is None:
            raise NotFoundError(
                f"{found.id} has no artifact {artifact}", f"{found.id} 没有资料 {artifact}", artifact=artifact
            )
        shape = shapes.artifact_shape(program, found, one, self.context(program, deal=found))
        path = str(self.files.path(one.file)) if one.file else None
        return {"v": 1, "deal": found.id, "artifacts": told(self.store, [shape]), "path": path}

    def approval_list(self, deal: str) -> dict[str, Any]:
        """What is waited for: approvals of artifacts, then those of the deal's stage."""
        program, found = self.load(self.resolve(deal))
        context = self.context(program, deal=found)
        rows: list[dict[str, Any]] = []
        for group in found.artifacts:
            for one in group:
                kind = kind_of(program, one.id)
                for approval in pending(program, found, kind.approvals, one.decisions, context, one):
                    roles, people = self.asked(found, approval, one)
                    rows.append({"kind": "artifact", "id": one.id, "title": _both(kind.title), "approval": approval.id,
                                 "roles": list(roles), "people": people,
                                 "command": ["dealwright", "artifact", "approve", found.id, one.id]})  # fmt: skip
        stage = program.stage(found.stage)
        if found.status in ("open", "won"):
            for approval in pending(program, found, stage.approvals, found.approvals, context):
                roles, people = self.asked(found, approval)
                rows.append({"kind": "stage", "id": stage.id, "title": _both(stage.title), "approval": approval.id,
                             "roles": list(roles), "people": people,
                             "command": ["dealwright", "approval", "approve", found.id, approval.id]})  # fmt: skip
        return {"v": 1, "deal": found.id, "approvals": rows}

    def approval_approve(self, deal: str, approval: str, note: str | None = None, **write: Any) -> dict[str, Any]:
        """Give an approval that the deal's stage asks for."""
        return self._answer_stage(deal, approval, note, write, granted=True)

    def approval_reject(self, deal: str, approval: str, note: str, **write: Any) -> dict[str, Any]:
        """Refuse an approval that the deal's stage asks for; the note says why."""
        return self._answer_stage(deal, approval, note, write, granted=False)

    def _answer(
        self, deal: str, artifact: str, note: str | None, write: Mapping[str, Any], *, granted: bool
    ) -> dict[str, Any]:
        def build(reader: Reader, _: Deal) -> c.Command:
            return c.DecideArtifact(artifact=artifact, granted=granted, note=reader.vault.swap_text(note))

        return self._with_artifact(self.write(deal, build, **write), artifact, write)

    def _answer_stage(
        self, deal: str, approval: str, note: str | None, write: Mapping[str, Any], *, granted: bool
    ) -> dict[str, Any]:
        def build(reader: Reader, _: Deal) -> c.Command:
            return c.DecideStage(approval=approval, granted=granted, note=reader.vault.swap_text(note))

        return self._supplied(self.write(deal, build, **write), write)

    def _with_artifact(self, done: Written, artifact: str, write: Mapping[str, Any]) -> dict[str, Any]:
        one = done.deal.artifact(artifact)
        shape = (
            shapes.artifact_shape(done.program, done.deal, one, self.context(done.program, deal=done.deal))
            if one
            else None
        )
        return self.written(done, dry_run=bool(write.get("dry_run")), artifact=shape)

    def _supplied(self, done: Written, write: Mapping[str, Any]) -> dict[str, Any]:
        return self.written(done, dry_run=bool(write.get("dry_run")))


def _both(text: Any) -> dict[str, str]:
    return {"en": text.en, "zh": text.zh}
