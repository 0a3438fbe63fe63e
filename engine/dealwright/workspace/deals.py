"""Deals: opening, moving, asking why, reading."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from dealwright.engine import Program, from_document, to_document
from dealwright.engine import commands as c
from dealwright.engine.result import did_you_mean
from dealwright.engine.why import options
from dealwright.errors import ConflictError, UsageError
from dealwright.events import EVENT_TYPES
from dealwright.model.canonical import canonical
from dealwright.model.deal import Deal
from dealwright.model.text import Text
from dealwright.model.verdict import Option
from dealwright.workspace import shapes
from dealwright.workspace.coaching import Coaching
from dealwright.workspace.naming import check_external_id, check_id, check_title
from dealwright.workspace.past import folded
from dealwright.workspace.personal import told, told_briefs
from dealwright.workspace.placement import counts_amount, formulas
from dealwright.workspace.reading import Reader
from dealwright.workspace.writing import Writing

_NONE: Mapping[str, Any] = {}
_STATUSES = ("open", "won", "lost", "disqualified", "completed")


class Deals(Writing, Coaching):
    """What `dealwright deal` does. Writing methods take `dry_run` and `if_version`."""

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

    def deal_list(
        self, *, process: str | None = None, stage: str | None = None, status: str | None = None,
        owner: str | None = None, subject: str | None = None, limit: int | None = None, offset: int = 0,
        at: str | None = None,
    ) -> dict[str, Any]:  # fmt: skip
        """Deals without fields and artifacts; with `at`, as they were then. Records only where `process` names them."""
        _check_word("--status", status, _STATUSES)
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

    def deal_why(self, deal: str, to: str | None = None) -> dict[str, Any]:
        """Every way on and what it still needs; what methodologies ask and how they score."""
        program, found = self.load(self.resolve(deal))
        context = self.context(program, self.ask_gates(program, found), deal=found)
        ways = [o for o in options(program, found, context) if to is None or to == o.to]
        if to is not None:
            _known_target(program, to)
        body = {
            "v": 1, "deal": found.id, "title": found.title, "stage": found.stage, "status": found.status,
            "version": found.version, "transitions": [shapes.option_shape(found.id, o, self.lang) for o in ways],
            "prompts": self.prompts(program, found), "scores": self.scores(program, found, context.moment),
            "flags": self.flags(program, found), "warnings": _warned(ways, self.lang),
        }  # fmt: skip
        answer: dict[str, Any] = told(self.store, body)
        return answer

    def deal_history(
        self,
        deal: str,
        *,
        type: str | None = None,  # noqa: A002  # the option's name
        since: str | None = None,
        until: str | None = None,
    ) -> dict[str, Any]:
        """The deal's log. `until` is exclusive; a bare date means the end of that day."""
        deal_id = self.resolve(deal)
        _check_word("--type", type, EVENT_TYPES)
        records = self.store.events(
            deal_id, types=(type,) if type else (),
            since=self.instant(since) if since else None, until=self.instant(until, end=True) if until else None,
        )  # fmt: skip
        return {"v": 1, "deal": deal_id, "events": told(self.store, [shapes.event_shape(r) for r in records])}

    def deal_verify(self, deal: str) -> dict[str, Any]:
        """Check one deal's rows and chain, and that its state is what its log adds up to; `ok` is false otherwise."""
        deal_id = self.resolve(deal)
        seen = self.store.verify(deal_id)
        problems = [{"seq": p.seq, "code": p.code, "message": p.say(self.lang)} for p in seen.problems]
        last = None
        if not problems:
            # The state is read first and the log after it, cut at the state's version: others may write in between.
            _, kept = self.load(deal_id)
            records = [record for record in self.store.events(deal_id) if record.seq <= kept.version]
            last = records[-1].hash
            if canonical(to_document(folded(records, self.program_of))) != canonical(to_document(kept)):
                said = Text("the deal's state is not what its log adds up to", "项目状态与其日志不符")
                problems.append({"seq": kept.version, "code": "state-differs", "message": said.say(self.lang)})
        return {"v": 1, "deal": deal_id, "ok": not problems, "events": seen.events, "head": last, "problems": problems}

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


def _known_target(program: Program, to: str) -> None:
    known = [*program.layout.stage_at, *program.process.outcomes]
    if to not in known:
        hint = did_you_mean(to, known)
        raise UsageError(f"there is no stage or outcome {to}{hint.en}", f"没有名为 {to} 的阶段或结果{hint.zh}", to=to)


def _check_word(option: str, word: str | None, known: tuple[str, ...]) -> None:
    """Raises UsageError: an empty answer to a misspelt question would be believed."""
    if word is not None and word not in known:
        hint = did_you_mean(word, list(known))
        raise UsageError(f"{option} knows no {word}{hint.en}", f"{option} 没有 {word}{hint.zh}", value=word)


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


def _warned(ways: list[Option], lang: str) -> list[str]:
    """What would not stop a move but ought to be seen."""
    seen = dict.fromkeys(
        f"{r.source} {r.id}: {r.text.say(lang)}"
        for way in ways
        for r in way.criteria
        if r.severity == "warn" and r.status in ("unmet", "unknown")
    )
    return list(seen)
