"""Time passes: whatever is due by now, and has not happened yet, happens."""

from __future__ import annotations

from typing import Any

from dealwright.engine import Context
from dealwright.engine.commands import TimePassed
from dealwright.errors import ConflictError, DealwrightError, StoreError
from dealwright.events import Record
from dealwright.model.people import SYSTEM
from dealwright.workspace import shapes
from dealwright.workspace.attempt import Attempt, Written
from dealwright.workspace.personal import Vault, told
from dealwright.workspace.writing import Writing

_TRIES = 20  # how often a deal is looked at again when others write it first


class Ticking(Writing):
    """What `dealwright tick` does."""

    def tick(self, *, dry_run: bool = False) -> dict[str, Any]:
        """Let everything happen that is due by now, each deal in a transaction of its own.

        At the same instant a second time nothing happens, and two at once do nothing twice. A deal
        that cannot be decided (its plugin is missing) stays as it is: `problems` names it, and the others go on.
        """
        self.may_write()
        events: list[Record] = []
        problems = []
        for deal_id in self._waking(dry_run=dry_run):
            try:
                events += self._pass(deal_id, dry_run=dry_run)
            except StoreError:
                raise
            except DealwrightError as error:
                problems.append({"deal": deal_id, "message": error.say(self.lang)})
        if not dry_run:
            self.deliver(everything=True)
        body = [shapes.event_shape(record) for record in events]
        return {
            "v": 1, "at": shapes.when(self.now()), "dry_run": dry_run, "events": told(self.store, body),
            "problems": problems,
        }  # fmt: skip

    def _waking(self, *, dry_run: bool) -> list[str]:
        if dry_run:
            return self.store.deals_waking(self.now())
        with self.store.transaction():  # a store may make an index for it
            return self.store.deals_waking(self.now())

    def _pass(self, deal_id: str, *, dry_run: bool) -> tuple[Record, ...]:
        """What happens to one deal. Most that wake have nothing to do, so they are looked at outside the lock first."""
        for _ in range(_TRIES):
            program, deal = self.load(deal_id)
            if deal.last_at is not None and self.now() < deal.last_at:
                return ()  # as it is then, this instant has not come
            command = TimePassed()
            gates = self.gates(program, deal, command)
            context = Context(SYSTEM, (), self.moment(program, deal=deal), self.team, gates)
            attempt = Attempt(command, context, None, Vault(deal_id))
            if not self.decided(program, deal, attempt.command, context):
                return ()
            if dry_run:
                return _all(self.rehearse(program, deal, attempt))
            with self.store.transaction():
                if self.load(deal_id)[1].version == deal.version:
                    return _all(self.carry_out(program, deal, attempt))
            # Somebody wrote first: what plugins said, and what was due, was about a deal that is no more.
        raise ConflictError(
            f"{deal_id}: others keep writing it", f"{deal_id}：他人持续在修改该项目", deal=deal_id
        )  # fmt: skip


def _all(done: Written) -> tuple[Record, ...]:
    return (*done.records, *done.others)
