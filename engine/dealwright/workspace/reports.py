"""What is due, and what the log adds up to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time
from typing import Any

from dealwright.engine import Program, from_document
from dealwright.engine.outstanding import kind_of, missing_fields, pending
from dealwright.errors import UsageError
from dealwright.model.dates import parse_day
from dealwright.model.deal import Deal
from dealwright.ports import Move
from dealwright.workspace import shapes
from dealwright.workspace.core import Ground


class Reports(Ground):
    """What `agenda` and `report` do."""

    def agenda(self, *, person: str | None = None, until: str | None = None) -> dict[str, Any]:
        """Everything with a date, and every approval waited for; overdue ones first, then by date.

        `until` is exclusive; a bare date means the end of that local day. An approval is due
        since it was asked for.
        """
        end = self.instant(until, end=True) if until else None
        items: list[dict[str, Any]] = []
        for status in ("open", "won", "lost", "disqualified"):
            for document in self.store.deals(status=status)[1]:
                program = self.library.program_of(document["definition_hash"], self.store)
                items += self._items(program, from_document(program.layout, document))
        before = shapes.when(end)
        chosen = [
            item
            for item in items
            if (person is None or person in item["people"]) and (before is None or item["due_at"] < before)
        ]
        chosen.sort(key=lambda item: (not item["overdue"], item["due_at"], item["deal"], item["kind"]))
        return {"v": 1, "items": chosen}

    def report_funnel(
        self, process: str, from_: str, to: str, *, by: str = "month", at: str | None = None
    ) -> dict[str, Any]:
        """Stage bookkeeping of a process (R110) over half-open periods of local days.

        With `at`, what the log had to tell then, by the stages of the versions that deals had been run under.
        """
        from dealwright.insight.funnel import funnel, periods

        if by not in ("month", "quarter", "total"):
            raise UsageError(
                f"--by is month, quarter or total, not {by}", f"--by 应为 month、quarter 或 total，而不是 {by}"
            )
        start, end = self._day(from_), self._day(to)
        if end <= start:
            raise UsageError("--to must come after --from", "--to 须晚于 --from")
        if start.year < 1900 or end.year > 2999:
            # Longer spans would only fill the screen, and the last days of the calendar have no end.
            raise UsageError("the years must lie within 1900 to 2999", "年份须在 1900 至 2999 之间")
        moves: Iterable[Move]
        if at is None:
            moves, stages = self.store.moves(process), self._stages(process)
        else:
            moves, stages = self._moves_at(process, self.moment_asked(at))
        moves = self._with_transfers(moves, process, self.moment_asked(at) if at else None)
        found = funnel(moves, stages, periods(start, end, by), self.zone)
        rows = [
            {"stage": r.stage, "from": r.from_.isoformat(), "to": r.to.isoformat(), "opening": r.opening,
             "entered": r.entered, "exited": r.exited, "closing": r.closing}
            for r in found.rows
        ]  # fmt: skip
        return {"v": 1, "process": process, "by": by, "timezone": self.settings.timezone, "rows": rows,
                "undated": found.undated, "reconciled": found.reconciled}  # fmt: skip

    def _with_transfers(self, moves: Iterable[Move], process: str, moment: datetime | None) -> Iterable[Move]:
        """The moves, and that deals left the process for another: the event of it belongs to that one."""
        left = [
            Move(record.deal, record.seq, record.type, record.at, record.data["from"], None)
            for record in self.store.events(types=("transferred",))
            if record.data["from_process"] == process != record.data["process"]
            and (moment is None or record.at <= moment)
        ]
        return sorted((*moves, *left), key=lambda move: (move.deal, move.seq)) if left else moves

    def _moves_at(self, process: str, moment: datetime) -> tuple[Iterator[Move], list[str]]:
        """The moves that had happened, and the stages of the definitions in use, the newest version's order first."""
        from dealwright.workspace.past import Known
        from dealwright.workspace.versions import version_key

        known = Known(self.store.events(), self.program_of, process, moment)
        if not known.programs:
            return iter(()), self._stages(process)
        newest = max(known.programs.values(), key=lambda program: version_key(program.layout.process_version))
        names = dict.fromkeys(newest.layout.stage_at)
        for program in known.programs.values():
            names.update(dict.fromkeys(program.layout.stage_at))
        return known.moves(self.store.moves(process)), list(names)

    def _stages(self, process: str) -> list[str]:
        """The stages of every version that deals were run under, the newest version's order first."""
        source = self.library.source(process, self.store)
        names = dict.fromkeys(stage.id for stage in source.process.stages)
        for known in self.store.definitions():
            if known["id"] == process:
                program = self.library.program_of(known["definition_hash"], self.store)
                names.update(dict.fromkeys(program.layout.stage_at))
        return list(names)

    def _day(self, text: str) -> date:
        try:
            return parse_day(text, self.now().astimezone(self.zone).date())
        except ValueError as error:
            raise UsageError(f"{text[:60]!r} is no date", f"“{text[:60]}”不是日期", value=text[:60]) from error

    def _items(self, program: Program, deal: Deal) -> list[dict[str, Any]]:
        """A deal's own dates; on hold its clocks stand still, and only the hold's end counts."""
        stage = program.stage(deal.stage)
        owner = [deal.owner] if deal.owner else list(self.team.holders(stage.responsible))
        if deal.status in ("lost", "disqualified"):
            return [self._item(deal, "follow_up", deal.recall_at, owner)] if deal.recall_at else []
        if deal.hold is not None:
            end = datetime.combine(deal.hold.until, time.min, program.zone).astimezone(UTC)
            return [self._item(deal, "hold", end, owner)]
        items = []
        if deal.due_at:
            items.append(self._item(deal, "sla", deal.due_at, owner))
        if deal.stall_at:
            items.append(self._item(deal, "stall", deal.stall_at, owner))
        if deal.follow_ups:
            items.append(self._item(deal, "follow_up", deal.follow_ups[0], owner, _form(program, deal)))
        return items + self._tasks(deal) + self._approvals(program, deal)

    def _tasks(self, deal: Deal) -> list[dict[str, Any]]:
        """The open tasks; one without a date is due since it was given, and never overdue."""
        items = []
        for task in deal.work.tasks:
            if task.how is None:
                people = list(self.team.holders(task.roles))
                item = self._item(deal, "task", task.due_at or task.at, people, task.id)
                items.append(item if task.due_at else {**item, "overdue": False})
        return items

    def _approvals(self, program: Program, deal: Deal) -> list[dict[str, Any]]:
        context = self.context(program, deal=deal)
        items = []
        for group in deal.artifacts:
            for artifact in group:
                kind = kind_of(program, artifact.id)
                if missing_fields(kind, artifact):
                    continue
                for approval in pending(program, deal, kind.approvals, artifact.decisions, context, artifact):
                    people = self.asked(deal, approval, artifact)[1]
                    items.append(self._item(deal, "approval", artifact.at, people, artifact.id))
        for approval in pending(program, deal, program.stage(deal.stage).approvals, deal.approvals, context):
            if deal.entered_at:
                people = self.asked(deal, approval)[1]
                items.append(self._item(deal, "approval", deal.entered_at, people, approval.id))
        return items

    def _item(self, deal: Deal, kind: str, due: datetime, people: list[str], form: str | None = None) -> dict[str, Any]:
        return {
            "kind": kind, "deal": deal.id, "title": deal.title, "stage": deal.stage,
            "person": people[0] if people else None, "people": people, "due_at": shapes.when(due),
            "overdue": kind != "approval" and due < self.now(), "grade": deal.value("grade"), "form": form,
        }  # fmt: skip


def _form(program: Program, deal: Deal) -> str | None:
    """The record to fill at the contact: the first one that the stage asks for and the deal lacks (R73)."""
    for requirement in program.stage(deal.stage).requires:
        at = program.layout.artifact_at[requirement.artifact]
        if not deal.artifacts[at] or missing_fields(program.layout.artifacts[at], deal.artifacts[at][-1]):
            return requirement.artifact
    return None
