"""Deals as they are, or were: one of them, or a list."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from dealwright.engine import Program, from_document
from dealwright.model.deal import Deal
from dealwright.workspace import shapes
from dealwright.workspace.core import Ground
from dealwright.workspace.naming import check_word
from dealwright.workspace.personal import told, told_briefs
from dealwright.workspace.placement import counts_amount, formulas

_STATUSES = ("open", "won", "lost", "disqualified", "completed")


class Looking(Ground):
    """What `deal list` and `deal show` do. They need none of the rules, and start the faster for it."""

    def deal_list(
        self, *, process: str | None = None, stage: str | None = None, status: str | None = None,
        owner: str | None = None, subject: str | None = None, limit: int | None = None, offset: int = 0,
        at: str | None = None,
    ) -> dict[str, Any]:  # fmt: skip
        """Deals without fields and artifacts; with `at`, as they were then. Records only where `process` names them."""
        check_word("--status", status, _STATUSES)
        filters = {"process": process, "stage": stage, "status": status, "owner": owner}
        records = () if process else tuple(self.store.record_types())
        of = self.resolve(subject, records=True) if subject else None
        if at is None and of is None:
            total, documents = self.store.deals(**filters, limit=limit, offset=offset, without=records)
            rows = [self._brief(document) for document in documents]
        elif at is None:
            equal = {"subject": of, **{key: value for key, value in filters.items() if value is not None}}
            found = self.store.deals_where(equal)
            total, found = len(found), found[offset : None if limit is None else offset + limit]
            rows = [self._brief(document) for document in found]
        else:
            from dealwright.workspace.past import deals_at

            moment = self.moment_asked(at)
            wanted = {key: value for key, value in {**filters, "subject": of}.items() if value is not None}
            past = (self._brief_then(*one, moment) for one in deals_at(self.store.events(), self.program_of, moment))
            rows = [
                row for row in past
                if all(row[key] == value for key, value in wanted.items()) and row["process"] not in records
            ]  # fmt: skip
            total, rows = len(rows), rows[offset : None if limit is None else offset + limit]
        return {"v": 1, "total": total, "deals": told_briefs(self.store, rows)}

    def _brief(self, document: Mapping[str, Any]) -> dict[str, Any]:
        """A row of the list. Only an amount that is computed needs the deal itself."""
        program = self.program_of(document["definition_hash"])
        row = shapes.brief_of(program, document)
        if counts_amount(program):
            deal = from_document(program.layout, document)
            row["amount"] = formulas(program, deal, self.context(program, deal=deal))["amount"]
        return row

    def _brief_then(self, program: Program, deal: Deal, moment: datetime) -> dict[str, Any]:
        row = shapes.deal_brief(program, deal)
        if counts_amount(program):
            row["amount"] = formulas(program, deal, self.context(program, at=moment, deal=deal))["amount"]
        return row

    def deal_show(self, deal: str, at: str | None = None) -> dict[str, Any]:
        """A deal whole; with `at`, as it was then."""
        moment = self.moment_asked(at) if at else None
        program, found = self.load(self.resolve(deal), moment)
        context = self.context(program, at=moment, deal=found)
        return {"v": 1, "deal": told(self.store, shapes.deal_whole(program, found, context))}
