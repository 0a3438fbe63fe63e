"""Deals: opening, moving, setting, ending."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dealwright.engine import commands as c
from dealwright.errors import ConflictError
from dealwright.workspace.naming import check_external_id, check_id, check_title
from dealwright.workspace.reading import Reader
from dealwright.workspace.writing import Writing

_NONE: Mapping[str, Any] = {}


class Deals(Writing):
    """What the writing verbs of `dealwright deal` do. Each takes `dry_run` and `if_version`."""

    def deal_open(
        self, process: str, title: str, *, deal_id: str | None = None, owner: str | None = None,
        texts: Mapping[str, str] = _NONE, data: Mapping[str, Any] = _NONE, external_id: str | None = None,
        parent: str | None = None, subject: str | None = None, dry_run: bool = False, if_version: int | None = None,
    ) -> dict[str, Any]:  # fmt: skip
        """Open a deal, of the record `subject` where its process wants one. `if_version` may only be 0."""
        check_id(deal_id)
        check_title(title)
        check_external_id(external_id)
        if if_version not in (None, 0):
            raise ConflictError("a new deal has version 0", "新项目的版本为 0", version=0)
        parent_id = self.resolve(parent) if parent else None

        def build(reader: Reader, new_id: str) -> c.Command:
            kind = reader.program.process.subject
            subject_id = self.record_of_type(subject, kind) if subject and kind else subject
            fields = reader.fields(reader.program.layout.fields, texts, data)
            return c.Open(
                id=new_id, title=title, owner=owner, fields=fields, external_id=external_id, parent_deal=parent_id,
                subject=subject_id,
            )  # fmt: skip

        done = self.open_new(process, deal_id, build, dry_run=dry_run)
        told_of = self.written(done, dry_run=dry_run)
        edited = self.library.edited(done.program.process)
        if edited is not None:
            told_of["warnings"].append(edited.say(self.lang))
        return told_of

    def deal_advance(
        self, deal: str, *, branch: str | None = None, reason: str | None = None, note: str | None = None, **write: Any
    ) -> dict[str, Any]:
        """Go on: advance, win, complete, or what the decision says."""

        def build(reader: Reader, _: object) -> c.Command:
            why = _reason(reader, reason)
            return c.Advance(branch=branch, reason=why, note=reader.vault.swap_text(note))

        return self._do(deal, build, write)

    def deal_move(
        self, deal: str, to: str, *, reason: str | None = None, note: str | None = None, **write: Any
    ) -> dict[str, Any]:
        """Go to a stage or outcome by name: skip, regress, or an end."""

        def build(reader: Reader, _: object) -> c.Command:
            return c.Move(to=to, reason=_reason(reader, reason), note=reader.vault.swap_text(note))

        return self._do(deal, build, write)

    def deal_hold(self, deal: str, until: str, reason: str, **write: Any) -> dict[str, Any]:
        """Stop the clocks until a day."""
        return self._do(deal, lambda r, _: c.Hold(until=r.day(until), reason=r.vault.swap(reason)), write)

    def deal_resume(self, deal: str, **write: Any) -> dict[str, Any]:
        """Let the clocks go on."""
        return self._do(deal, lambda _r, _d: c.Resume(), write)

    def deal_lose(self, deal: str, reason: str, **more: Any) -> dict[str, Any]:
        """Lose an open deal, by a reason of the process's list; `recall` plans another try."""
        return self._end("lost", deal, reason, more)

    def deal_disqualify(self, deal: str, reason: str, **more: Any) -> dict[str, Any]:
        """Disqualify an open deal: a good result, found early (R78)."""
        return self._end("disqualified", deal, reason, more)

    def deal_reopen(self, deal: str, reason: str, **write: Any) -> dict[str, Any]:
        """Bring a lost or disqualified deal back."""
        return self._do(deal, lambda r, _: c.Reopen(reason=r.vault.swap(reason)), write)

    def deal_waive(self, deal: str, criterion: str, reason: str, **write: Any) -> dict[str, Any]:
        """Let one criterion of the stage go."""
        return self._do(deal, lambda r, _: c.Waive(criterion=criterion, reason=r.vault.swap(reason)), write)

    def deal_assign(self, deal: str, person: str, **write: Any) -> dict[str, Any]:
        """Give the deal to another person."""
        return self._do(deal, lambda _r, _d: c.Assign(person=person), write)

    def deal_set(
        self, deal: str, texts: Mapping[str, str] = _NONE, data: Mapping[str, Any] = _NONE, **write: Any
    ) -> dict[str, Any]:
        """Set fields; an empty text clears one."""
        return self._do(deal, lambda r, _: c.SetFields(fields=r.fields(r.program.layout.fields, texts, data)), write)

    def _end(self, status: str, deal: str, reason: str, more: dict[str, Any]) -> dict[str, Any]:
        outcome, recall, note = (more.pop(key, None) for key in ("outcome", "recall", "note"))

        def build(reader: Reader, _: object) -> c.Command:
            return c.End(
                status=status, reason=_end_reason(reader, status, reason), outcome=outcome,
                note=reader.vault.swap_text(note), recall=reader.day(recall) if recall else None,
            )  # fmt: skip

        return self._do(deal, build, more)

    def _do(self, deal: str, build: Any, write: Mapping[str, Any]) -> dict[str, Any]:
        done = self.write(deal, build, **write)
        return self.written(done, dry_run=bool(write.get("dry_run")))


def _reason(reader: Reader, reason: str | None) -> Any:
    """A reason of a closed list stays as it is; anybody's own words are personal."""
    if reason is None:
        return None
    known = {r for outcome in reader.program.process.outcomes.values() for r in outcome.reasons}
    return reason if reason in known else reader.vault.swap(reason)


def _end_reason(reader: Reader, status: str, reason: str) -> Any:
    """Own words only where an outcome has no list; else the decider is to say which reasons there are."""
    fitting = [o for o in reader.program.process.outcomes.values() if o.status == status]
    return reason if all(outcome.reasons for outcome in fitting) else _reason(reader, reason)
