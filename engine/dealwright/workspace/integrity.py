"""Whether what the workspace keeps is what was written: the log, the files attached to it, and what can be saved."""

from __future__ import annotations

import hashlib
import stat
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from dealwright.engine import Program, from_document, to_document
from dealwright.errors import DealwrightError
from dealwright.events import Record
from dealwright.model.canonical import canonical
from dealwright.model.process import Process
from dealwright.ports import Problem
from dealwright.workspace.core import Ground
from dealwright.workspace.documents import document_of
from dealwright.workspace.past import agrees, deals_at, folded

_CHUNK = 1 << 20
_EVER = datetime.max.replace(tzinfo=UTC)


class Integrity(Ground):
    """What `store head`, `store verify` and `store recover` do."""

    def store_head(self) -> dict[str, Any]:
        """The last position of the log and the hash over all of it; `keep` is both, to be noted elsewhere."""
        position, head = self.store.end()
        return {"v": 1, "position": position, "head": head, "keep": f"{position}:{head}"}

    def store_verify(self, head: str | None = None) -> dict[str, Any]:
        """Check every row, chain, page, attached file and state; `ok` is false where something is damaged.

        A state is held against the deal's log folded anew, where rows and chains are whole.

        `head` is one kept elsewhere (`POSITION:HASH`, or a hash). `files.unreferenced` are files that no event
        names, which an interrupted write leaves; they are no damage. Raises UsageError for what is no head.
        """
        seen = self.store.verify(head=head)
        referenced = list(self.store.attachments())
        found = [*seen.problems, *self._damaged_files(referenced)]
        if not seen.problems:
            found += self._forged_states()
        known = {sha256 for _, _, sha256 in referenced}
        return {
            "v": 1, "ok": not found, "deals": seen.deals, "events": seen.events, "head": seen.head,
            "files": {"referenced": len(known), "unreferenced": list(self._unreferenced(known))},
            "problems": [self._told(problem) for problem in found],
        }  # fmt: skip

    def store_recover(self, into: str | Path) -> dict[str, Any]:
        """Save every whole record into a new store at `into`; `problems` tell what is lost.

        Deals are folded anew from their events; one whose chain is broken keeps what comes before. The damaged
        store is only read. Events from `rehashed_from` on have new positions and hashes (None: all are as they were).
        Raises StoreError where there is a file at `into`, or nothing to be saved.
        """
        from dealwright.store.recover import recover

        path = Path(into).absolute()
        saved = recover(self.folder / self.settings.store, path, self._derived)
        return {
            "v": 1, "path": str(path), "deals": saved.deals, "events": saved.events, "head": saved.head,
            "rehashed_from": saved.rehashed_from, "problems": [self._told(problem) for problem in saved.problems],
        }  # fmt: skip

    def _derived(
        self, records: Sequence[Record], definitions: Mapping[str, Mapping[str, Any]]
    ) -> dict[str, Any] | None:
        """The state that a deal's records add up to; None where its definition or a plugin it needs is gone."""
        programs: dict[str, Program] = {}

        def program_of(named: str) -> Program:
            if named not in programs:
                programs[named] = self.library.program(msgspec.convert(definitions[named]["resolved"], Process))
            return programs[named]

        try:
            deal = folded(records, program_of)
            return document_of(program_of(records[-1].definition_hash), deal, records[-1].at)
        except (DealwrightError, msgspec.ValidationError, LookupError, ValueError):
            return None

    def _told(self, problem: Problem) -> dict[str, Any]:
        return {
            "deal": problem.deal, "seq": problem.seq, "code": problem.code, "message": problem.say(self.lang),
        }  # fmt: skip

    def _forged_states(self) -> Iterator[Problem]:
        """Each deal whose state is not what its log adds up to, though every checksum of it fits."""
        for program, deal in deals_at(self.store.events(), self.program_of, _EVER):
            document = self.store.deal(deal.id)
            if document is not None and document["version"] == deal.version:
                kept = from_document(program.layout, document)
                whole = canonical(to_document(kept)) == canonical(to_document(deal))
            else:
                whole = agrees(self.store, deal.id, self.program_of)  # somebody wrote it meanwhile
            if not whole:
                yield Problem(
                    deal.id, deal.version, "state-differs", "The deal's state is not what its log adds up to.",
                    "项目状态与其日志不符。",
                )  # fmt: skip

    def _damaged_files(self, referenced: list[tuple[str, int, str]]) -> Iterator[Problem]:
        """Each file that is not the one its event names, told once, at the first event."""
        seen: set[str] = set()
        for deal, seq, sha256 in referenced:
            if sha256 in seen:
                continue
            seen.add(sha256)
            path = self.files.path(sha256)
            shown = path.relative_to(self.folder).as_posix()
            own = _hash(path)
            if own is None:
                yield Problem(
                    deal, seq, "file-missing", f"The attached file {shown} is missing, or not a file that can be read.",
                    f"附件 {shown} 缺失，或不是可读取的文件。",
                )  # fmt: skip
            elif own != sha256:
                yield Problem(
                    deal, seq, "file-damaged", f"The attached file {shown} is not the one that was attached.",
                    f"附件 {shown} 与当初附上的文件不符。",
                )  # fmt: skip

    def _unreferenced(self, known: set[str]) -> Iterator[str]:
        for path in sorted(self.files.folder.rglob("*")):
            if not path.is_dir() and (path.name not in known or self.files.path(path.name) != path):
                yield path.relative_to(self.folder).as_posix()


def _hash(path: Path) -> str | None:
    """The SHA-256 of a regular file; None for anything else."""
    try:
        if not stat.S_ISREG(path.lstat().st_mode):
            return None
        digest = hashlib.sha256()
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                digest.update(chunk)
    except OSError:
        return None
    return digest.hexdigest()
