"""Proposals from outside, put on record."""

from __future__ import annotations

from typing import Any

from dealwright.engine import commands as c
from dealwright.workspace.coaching import Coaching
from dealwright.workspace.writing import Writing


class Proposing(Writing, Coaching):
    """What `deal propose` does."""

    def deal_propose(self, deal: str, *, dry_run: bool = False, if_version: int | None = None) -> dict[str, Any]:
        """Ask plugins what they propose for a deal, and log it. It moves and changes nothing; none: nothing is written.

        Raises RefusedError for whoever does not work on the deal.
        """
        proposed = self.proposed(*self.load(self.resolve(deal)))  # outside the lock: they may be slow
        done = self.write(
            deal, lambda _reader, _deal: c.LogProposals(proposals=proposed), dry_run=dry_run or not proposed,
            if_version=if_version,
        )  # fmt: skip
        return self.written(done, dry_run=dry_run)
