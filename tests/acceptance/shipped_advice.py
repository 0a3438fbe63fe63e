"""What a refusal offers, carried out on a deal of a shipped process: remedies become commands, fittingly filled."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import timedelta
from itertools import pairwise
from typing import Any

from shipped_walk import PAPER, Walk, private

from dealwright.engine import commands as c
from dealwright.model.layout import STAKEHOLDER_FIELDS
from dealwright.model.process import Field
from dealwright.model.verdict import CriterionResult, Option, Refusal, Remedy

PLACEHOLDER = re.compile(r"<([a-z0-9_]+):([a-z]+)>")
LATER = re.compile(r"\+(\d+)d")
PLAIN = {"text": "as agreed", "number": 80, "boolean": True, "money": "120000", "date": "+60d", "month": "2026-09"}
MOST = 60  # rounds of advice that one way may need

Wishes = Mapping[str, Any]
"""What somebody would enter where the type does not tell: by `KIND.field` (of an artifact, list, event) or `field`."""


class Advised:
    """A walk whose deal is brought on by nothing but what its refusals offer."""

    def __init__(self, walk: Walk, wishes: Wishes) -> None:
        self.walk = walk
        self.wishes = wishes

    def fork(self) -> Advised:
        return Advised(self.walk.fork(), self.wishes)

    def way(self, kind: str, to: str | None, branch: str | None) -> Option:
        """One of the transitions, as it stands now."""
        found = [o for o in self.walk.ways() if (o.kind, o.to, o.branch) == (kind, to, branch)]
        assert found, (self.walk.deal.stage, kind, to, branch, [(o.kind, o.to, o.branch) for o in self.walk.ways()])
        return found[0]

    def follow(self, criterion: CriterionResult) -> None:
        """Carry out what one refused criterion offers, by people whom it names."""
        assert criterion.fix.remedies, f"nothing is offered for {self.walk.deal.stage}: {criterion}"
        for remedy in criterion.fix.remedies:
            self.run(remedy)

    def run(self, remedy: Remedy) -> None:
        """As the first of those named who may: a committee and four eyes want several people."""
        if remedy.verb == "record set":
            record, values = remedy.args[0], self._values(remedy.args[1:], self._record_fields(remedy.args[0]))
            name = next(n for n, facts in self.walk.known.items() if facts.id == record)
            self.walk.knows(name, record, **values)
            return
        command = self._command(remedy)
        roles = remedy.roles or self.walk.program.stage(self.walk.deal.stage).responsible
        refusals = []
        for number in (1, 2, 3):
            for role in roles:
                done = self.walk.do(f"{role}-{number}", command)
                if not isinstance(done, Refusal):
                    return
                refusals.append((role, number, done.message.en))
        raise AssertionError(f"{self.walk.name} {self.walk.deal.stage}: nobody may {remedy}: {refusals}")

    def _command(self, remedy: Remedy) -> c.Command:
        walk, args = self.walk, remedy.args
        process = walk.program.process
        match remedy.verb:
            case "deal set":
                return c.SetFields(fields=self._values(args, walk.program.layout.fields))
            case "deal item add" | "deal item set" | "deal item close":
                return self._item(remedy.verb, args)
            case "deal assign":
                return c.Assign(person=f"{walk.program.stage(walk.deal.stage).responsible[0]}-1")
            case "deal waive":
                return c.Waive(criterion=args[0], reason=private("w"))
            case "artifact add":
                kind = next(one for one in process.artifacts if one.id == args[0].partition("-")[0])
                file = PAPER if "--file" in args else None
                return c.RecordArtifact(artifact=args[0], fields=self._values(args, kind.fields, kind.id), file=file)
            case "artifact approve":
                return c.DecideArtifact(artifact=args[0], granted=True)
            case "approval approve":
                return c.DecideStage(approval=args[0], granted=True)
            case "activity log":
                event = next(one for one in process.events if one.id == args[0])
                by_buyer = "buyer" in args
                return c.LogActivity(
                    name=args[0], by="buyer" if by_buyer else None, contact="s1" if by_buyer else None,
                    fields=self._values(args, event.fields, event.id), proof=PAPER if "--proof" in args else None,
                )  # fmt: skip
            case "stakeholder add":
                return c.AddStakeholder(fields=self._values(args, STAKEHOLDER_FIELDS, "stakeholder"))
            case "stakeholder set":
                whose = args[0] if not PLACEHOLDER.search(args[0]) else "s1"
                return c.SetStakeholder(stakeholder=whose, fields=self._values(args, STAKEHOLDER_FIELDS, "stakeholder"))
            case "task done":
                return c.CloseTask(task=args[0])
            case "task add":
                return c.AddTask(kind=args[0])
            case _:
                raise AssertionError(f"an unknown kind of advice: {remedy}")

    def _item(self, verb: str, args: tuple[str, ...]) -> c.Command:
        field = next(one for one in self.walk.program.layout.fields if one.id == args[0])
        values = self._values(args, field.of, field.id)
        if verb == "deal item add":
            return c.AddItem(list=args[0], fields=values)
        item = "1" if PLACEHOLDER.search(args[1]) else args[1]
        if verb == "deal item set":
            return c.SetItem(list=args[0], item=item, fields=values)
        return c.CloseItem(list=args[0], item=item)

    def _record_fields(self, record: str) -> tuple[Field, ...]:
        process = self.walk.program.process
        return process.records[record.rpartition("-")[0]].fields

    def _values(self, args: tuple[str, ...], fields: Iterable[Field], holder: str = "") -> dict[str, Any]:
        """The `--set` pairs of a command as data."""
        known = {field.id: field for field in fields}
        values = {}
        for flag, pair in pairwise(args):
            if flag == "--set":
                name, _, text = pair.partition("=")
                given = None if PLACEHOLDER.search(text) else text
                values[name] = self.value(known[name], holder, given)
        return values

    def value(self, field: Field, holder: str = "", text: str | None = None) -> Any:
        """A value for a field: what the advice says, what is wished, or something of its type."""
        wish = self.wishes.get(f"{holder}.{field.id}", self.wishes.get(field.id))
        raw = text if text is not None else wish
        if raw == "":
            return None  # cleared
        if field.personal:
            return private("p")
        match field.type:
            case "number":
                fit = min(80, float(field.max)) if field.max is not None else 80  # type: ignore[arg-type]
                return float(raw) if raw is not None else fit
            case "boolean":
                return raw in (None, True, "true")
            case "date":
                return self.day(str(raw or PLAIN["date"]))
            case "choice":
                return raw or next(iter(field.values))
            case "list":
                return raw or [{one.id: self.value(one, field.id) for one in field.of}] * max(1, field.at_least)
            case "stakeholder" | "confirmation":
                return raw or "s1"
            case "person":
                return raw or next(iter(self.walk.team.people))
            case "record":
                self.walk.knows(field.id, f"{field.record}-1")
                return f"{field.record}-1"
            case _:
                return raw if raw is not None else PLAIN[field.type]

    def day(self, text: str) -> str:
        """A date as people write it: `today`, `+60d`, or as it is."""
        later = LATER.fullmatch(text)
        if later or text == "today":
            return (self.walk.now + timedelta(days=int(later.group(1)) if later else 0)).date().isoformat()
        return text
