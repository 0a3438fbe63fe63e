"""Deals carried over to another process, or another version of their own."""

from __future__ import annotations

import contextlib
from typing import Any

import msgspec

from dealwright.engine import Program
from dealwright.engine import commands as c
from dealwright.errors import NotFoundError, UsageError
from dealwright.model.deal import Deal
from dealwright.model.process import Process
from dealwright.model.text import Text
from dealwright.workspace.attempt import Attempt, Written
from dealwright.workspace.personal import Vault
from dealwright.workspace.versions import stamp
from dealwright.workspace.writing import Writing


class Transfers(Writing):
    """What `deal transfer` does."""

    def deal_transfer(
        self, deal: str, to: str, reason: str, *, stage: str | None = None, dry_run: bool = False,
        if_version: int | None = None,
    ) -> dict[str, Any]:  # fmt: skip
        """Carry a deal over to `PROCESS`, its highest version, or to `PROCESS@VERSION`, which is published with it.

        What the definition there does not know is named in the warnings; it stays in the log.
        """
        self.may_write()
        deal_id = self.resolve(deal)
        authored = self._definition(to)
        if authored.record:
            raise UsageError(f"{authored.id} is a type of record", f"{authored.id} 是记录类型", process=authored.id)
        target = self.library.program(self.library.resolve(authored))
        done: Written | None = None
        with contextlib.suppress(_Taken), self.store.transaction():
            program, found = self.load(deal_id)
            if program.process.record:
                raise UsageError(f"{deal_id} is a record, no deal", f"{deal_id} 是记录，不是项目", deal=deal_id)
            self.still(found, (found.stage, found.status), if_version)
            vault = Vault(deal_id)
            reader = self.reader(program, found, vault)
            command = c.Transfer(reason=vault.swap(reason), to=stage)
            self._fits(target, found)
            attempt = Attempt(command, self.context(target), reader, vault)
            self.library.keep(authored, target.process, self.store, publish=True)
            done = self.carry_out(target, found, attempt, dry_run=dry_run)
            if dry_run:
                raise _Taken
        assert done is not None  # noqa: S101  # both ways out of the block set it or raise
        body = self.written(done, dry_run=dry_run)
        body["warnings"] += self._left_behind(done)
        return body

    def _fits(self, target: Program, deal: Deal) -> None:
        """Raises UsageError where the deal belongs to a record of another type than the process wants."""
        wanted = target.process.subject
        document = self.store.deal(deal.subject) if deal.subject else None
        if wanted and document is not None and document["process"] != wanted:
            raise UsageError(
                f"{deal.id} belongs to {deal.subject}, which is no {wanted}",
                f"{deal.id} 归属 {deal.subject}，而它不是 {wanted} 类型的记录", subject=deal.subject, type=wanted,
            )  # fmt: skip

    def _left_behind(self, done: Written) -> list[str]:
        moved = [record.data for record in done.records if record.type == "transferred"]
        dropped = [name for data in moved for name in data.get("dropped", ())]
        names = ", ".join(dropped)
        said = Text(f"left behind, as it does not fit there: {names}", f"因不符合目标流程而未保留：{names}")
        return [said.say(self.lang)] if dropped else []

    def _definition(self, to: str) -> Process:
        """The authored process of `PROCESS` or `PROCESS@VERSION`. Raises NotFoundError."""
        name, _, version = to.partition("@")
        if not version:
            return self.library.source(name, self.store).process
        for known in self.store.definitions():
            if (known["id"], known["version"]) == (name, version) and known["published"]:
                document = self.store.definition(known["definition_hash"])
                if document is not None:
                    return msgspec.convert(document["authored"], Process)
        path, _ = self.library.files().get(name, (None, ""))
        if path is not None and stamp(path).version == version:
            return self.library.authored(path)
        raise NotFoundError(
            f"there is no {name} of version {version}, neither published nor as a file",
            f"没有版本为 {version} 的 {name}：既未发布，也没有文件", process=name, version=version,
        )  # fmt: skip


class _Taken(Exception):  # noqa: N818  # no error: it rolls a dry run back
    """The decision is made; nothing of it is to be kept."""
