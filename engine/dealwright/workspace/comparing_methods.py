"""`report methodology`: what each methodology's score was when deals were won or lost."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from dealwright.engine import blank, event_of, evolve
from dealwright.model.deal import Deal
from dealwright.workspace.coaching import Coaching

_CLOSES = {"won": True, "lost": False}
_DAY = timedelta(days=1)


class ComparingMethods(Coaching):
    """What `report methodology` does."""

    def report_methodology(self, process: str | None = None) -> dict[str, Any]:
        """Win rate and cycle time of closed deals by methodology and band of the score that they had at the close.

        Disqualified deals are none of the losses. A reopened deal counts by its last close. The log is folded
        again up to the close, so that what was entered afterwards changes nothing.
        """
        from dealwright.insight.methodology import ENOUGH, by_band

        if process is not None:
            self.library.source(process, self.store)  # raises NotFoundError
        rows = by_band(self._closed(process))
        return {
            "v": 1, "process": process, "enough": ENOUGH,
            "rows": [
                {
                    "methodology": row.methodology, "band": f"{row.least}-{row.below}", "deals": row.deals,
                    "won": row.won, "lost": row.lost, "win_rate": row.win_rate, "cycle_days": row.cycle_days,
                    "thin": row.thin,
                }
                for row in rows
            ],
        }  # fmt: skip

    def _closed(self, process: str | None) -> Iterator[Any]:
        from dealwright.insight.methodology import Closed

        _, documents = self.store.deals(process=process)
        for document in documents:
            if document["status"] not in ("won", "completed", "lost"):
                continue
            last: tuple[list[dict[str, Any]], bool, float] | None = None
            deal: Deal | None = None
            for record in self.store.events(document["id"]):
                program = self.program_of(record.definition_hash)
                deal = evolve(deal or blank(program.layout), event_of(record), program.layout)
                kind = record.data["what"] if record.type == "imported" else record.type
                if kind in _CLOSES and deal.opened_at is not None:
                    scores = self.scores(program, deal, self.moment(program, record.at))
                    last = scores, _CLOSES[kind], (record.at - deal.opened_at) / _DAY
            if last is not None:
                scores, won, days = last
                yield from (Closed(one["source"].partition(":")[2], one["score"], won, days) for one in scores)
