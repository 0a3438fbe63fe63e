"""Personal data of one person, or of one deal: shown whole, and erased for good."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from dealwright.engine import commands as c
from dealwright.errors import NotFoundError
from dealwright.model.deal import Deal, Ref
from dealwright.workspace import shapes
from dealwright.workspace.personal import subject_of, told
from dealwright.workspace.reading import Reader
from dealwright.workspace.subjects import Mention, mentions
from dealwright.workspace.writing import Writing

_STAKEHOLDER = re.compile(r"(.+)/(s[0-9]+)", re.ASCII | re.DOTALL)
_ERASURES = "erasures"  # why something was erased is kept, whosever deal it was


class Subject(NamedTuple):
    """Whose data: a whole deal's, or one stakeholder's."""

    deal: str
    stakeholder: str | None

    def __str__(self) -> str:
        return subject_of(self.deal, self.stakeholder)


class _Doomed(NamedTuple):
    """What an erasure takes: references, files, and files that stay because other events name them too."""

    refs: tuple[str, ...]
    files: tuple[str, ...]
    shared: tuple[str, ...]


class Privacy(Writing):
    """What `dealwright privacy` does. A subject is DEAL, or DEAL/STAKEHOLDER as in `b2b-1/s1`."""

    def privacy_export(self, subject: str) -> dict[str, Any]:
        """Everything that is kept of a subject, with where it occurs; an erased value is null."""
        whose = self._subject(subject)
        _, deal = self.load(whose.deal)
        self._must_exist(deal, whose)
        found = mentions(self.store.events(whose.deal), whose.stakeholder)
        people = [s.id for s in deal.stakeholders if whose.stakeholder in (None, s.id)]
        acts = [f for f in deal.facts if whose.stakeholder in (None, f.contact)]
        body = {
            "v": 1, "subject": str(whose), "deal": whose.deal, "stakeholder": whose.stakeholder, "title": deal.title,
            "stakeholders": [shapes.stakeholder_shape(deal, one) for one in people],
            "activities": [shapes.activity_shape(fact) for fact in acts],
            "values": [
                {"what": m.what, "value": m.data, "stakeholder": m.stakeholder, "seq": m.seq, "type": m.type,
                 "at": shapes.when(m.at)}
                for m in found if not m.is_file
            ],
            "files": [
                {**m.data, "kept": self.files.path(str(m.data["sha256"])).exists(), "what": m.what,
                 "stakeholder": m.stakeholder, "seq": m.seq, "type": m.type, "at": shapes.when(m.at)}
                for m in found if m.is_file
            ],
        }  # fmt: skip
        shown: dict[str, Any] = told(self.store, body)
        return shown

    def privacy_erase(
        self, subject: str, reason: str, *, keep_files: bool = False, dry_run: bool = False,
        if_version: int | None = None,
    ) -> dict[str, Any]:  # fmt: skip
        """Erase a subject's personal values and proofs, and log that it was done.

        `erased` tells how many values went, which files, and which stayed because others need
        them; `left` names files of the store that a reader still holds, so that a trace may be in
        them until this is run again; `copies`, where earlier states of the store are kept beside it.
        Run again with nothing to erase it writes no event, but cleans up.
        """
        whose = self._subject(subject)
        doomed = _Doomed((), (), ())
        values: list[Any] = []

        def build(reader: Reader, deal: Deal) -> c.Command:
            nonlocal doomed
            self._must_exist(deal, whose)
            doomed = self._doomed(whose, keep_files)
            why: Ref | None = reader.vault.swap(reason, _ERASURES) if doomed.refs or doomed.files else None
            return c.ErasePersonal(
                stakeholder=whose.stakeholder, count=len(doomed.refs), files=doomed.files, reason=why
            )

        with self.store.transaction():
            done = self.write(whose.deal, build, dry_run=dry_run, if_version=if_version)
            if not dry_run:
                values = list(self.store.personal(doomed.refs).values())
                self.store.erase_personal(doomed.refs)
        left: tuple[str, ...] = ()
        if not dry_run:
            for sha256 in doomed.files:
                self.files.erase(sha256)
            left = self.store.scrub(values)
        erased = {"values": len(doomed.refs), "files": list(doomed.files), "shared": list(doomed.shared)}
        return self.written(
            done, dry_run=dry_run, subject=str(whose), erased=erased, left=list(left), copies=list(self.store.copies())
        )

    def _subject(self, text: str) -> Subject:
        parts = _STAKEHOLDER.fullmatch(text)
        return Subject(self.resolve(parts[1]), parts[2]) if parts else Subject(self.resolve(text), None)

    def _must_exist(self, deal: Deal, whose: Subject) -> None:
        if whose.stakeholder is not None and deal.stakeholder(whose.stakeholder) is None:
            known = ", ".join(one.id for one in deal.stakeholders) or "-"
            raise NotFoundError(
                f"{deal.id} has no stakeholder {whose.stakeholder}; there are: {known}",
                f"{deal.id} 没有干系人 {whose.stakeholder}；现有：{known}", subject=str(whose),
            )  # fmt: skip

    def _doomed(self, whose: Subject, keep_files: bool) -> _Doomed:
        """What of the subject is still there to be erased."""
        found = mentions(self.store.events(whose.deal), whose.stakeholder)
        named = [str(m.data["ref"]) for m in found if not m.is_file]
        # Values kept under the subject that no event names would be left by a write that never came to be.
        kept = self.store.personal(list(dict.fromkeys([*named, *self.store.personal_of(str(whose))])))
        if keep_files:
            return _Doomed(tuple(kept), (), ())
        own, shared = self._files(whose.deal, [m for m in found if m.is_file])
        return _Doomed(tuple(kept), own, shared)

    def _files(self, deal: str, proofs: list[Mention]) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Of the proofs that are still there: those that nothing else names, and the others."""
        uses: dict[str, set[tuple[str, int]]] = {}
        for proof in proofs:
            uses.setdefault(str(proof.data["sha256"]), set()).add((deal, proof.seq))
        there = {sha256: own for sha256, own in uses.items() if self.files.path(sha256).exists()}
        alone = {sha256 for sha256, own in there.items() if own.issuperset(self.store.uses_of_file(sha256))}
        return tuple(sorted(alone)), tuple(sorted(there.keys() - alone))
