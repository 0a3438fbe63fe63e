"""What a decision has to know of other deals and records, read from the store."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from dealwright.engine import Program, from_document
from dealwright.engine.liveness import LIVE, is_live
from dealwright.engine.uniqueness import key, paths
from dealwright.guards import Moment
from dealwright.model.deal import FOLLOW_ON, Deal
from dealwright.model.facts import Facts, RecordFacts, Rival
from dealwright.model.process import Related
from dealwright.model.values import to_json

if TYPE_CHECKING:
    from dealwright.model.people import Team
    from dealwright.ports import Store

Known = RecordFacts | tuple[RecordFacts, ...] | None
"""What a name reads: one, none, or a list."""
_Value = TypeVar("_Value")
_OWN = ("id", "title", "subject", "parent_deal", "owner", "external_id")
_PARENT = "parent"


class Later(Mapping[str, _Value]):
    """A map that is looked up when it is first asked for anything. It equals itself alone."""

    def __init__(self, find: Callable[[], Mapping[str, _Value]]) -> None:
        self._find = find
        self._found: Mapping[str, _Value] | None = None

    def _known(self) -> Mapping[str, _Value]:
        if self._found is None:
            self._found = self._find()
        return self._found

    def __getitem__(self, key: str) -> _Value:
        return self._known()[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._known())

    def __len__(self) -> int:
        return len(self._known())

    def __eq__(self, other: object) -> bool:
        return self is other

    def __hash__(self) -> int:
        return id(self)


class Gathering:
    """Looks up what one program's deals have to know. `program_of` gives the program of a definition's hash."""

    def __init__(self, store: Store, program_of: Callable[[str], Program], team: Team, program: Program) -> None:
        self._store = store
        self._program_of = program_of
        self._team = team
        self._program = program
        # Asked for only where somebody is really chosen, and then once.
        self._loads = Later(lambda: store.loads(program.process.id) if program.assigns else {})
        self._last_turns = Later(lambda: dict(self._turns()) if program.assigns else {})

    def facts(self, deal: Deal, moment: Moment, refused: Mapping[str, str] | None = None) -> Facts:
        """Everything that a decision about `deal` may ask for, as it is now.

        `refused` says by automation why the deal that it would open may not be opened.
        """
        program = self._program
        sought, rivals = self._rivals(deal)
        return Facts(
            records=dict(self._records(deal, moment)), rivals=rivals, sought=sought,
            loads=self._loads, turns=self._last_turns,
            ids={process: next_id(self._store, process) for process in program.opens}, refused=refused or {},
        )  # fmt: skip

    def _records(
        self, deal: Deal, moment: Moment
    ) -> Iterator[tuple[str, RecordFacts | tuple[RecordFacts, ...] | None]]:
        layout = self._program.layout
        related = {one.id: one for one in self._program.process.related}
        for name, known in layout.records.items():
            if name in related:
                yield name, self._related(deal, related[name], moment)
            elif name in layout.field_at:
                yield name, self._record(deal.values[layout.field_at[name]], known.type, moment)
            else:
                yield name, self._record(deal.subject, known.type, moment)

    def _record(self, deal_id: str | None, process: str, moment: Moment) -> RecordFacts | None:
        document = self._store.deal(deal_id) if deal_id else None
        return None if document is None or document["process"] != process else self._seen(document, moment)[1]

    def _related(self, deal: Deal, rule: Related, moment: Moment) -> Known:
        found = []
        for document in self._candidates(deal, rule, moment):
            if document["id"] == deal.id:
                continue
            theirs, facts = self._seen(document, moment)
            if not rule.condition or self._fits(rule.condition, theirs, moment):
                found.append(facts)
                if rule.pick == "first":
                    break
        if rule.pick == "all":
            return tuple(found)
        return (found[0] if rule.pick == "first" else found[-1]) if found else None

    def _candidates(self, deal: Deal, rule: Related, moment: Moment) -> list[dict[str, Any]]:
        """The documents that the rule's link or match leads to, in order of opening."""
        if rule.link == FOLLOW_ON:
            opened = (self._store.deal(link.deal) for link in deal.work.links if link.kind == FOLLOW_ON)
            return [document for document in opened if document is not None and document["process"] == rule.process]
        if rule.link:
            linked = deal.parent_deal if rule.link == _PARENT else self._value(deal, rule.link, moment)
            document = self._store.deal(linked) if isinstance(linked, str) and linked else None
            return [document] if document is not None and document["process"] == rule.process else []
        equal = {_path(name): self._value(deal, source, moment) for name, source in rule.match.items()}
        if not equal or None in equal.values():
            return []
        return self._store.deals_where(equal, process=rule.process)

    def _value(self, deal: Deal, source: str, moment: Moment) -> Any:
        """What an expression of this deal gives, as the documents hold it; None where it is unknown."""
        program = self._program
        layout = program.layout
        if source in layout.field_at:
            field = layout.fields[layout.field_at[source]]
            if not field.formula:
                return to_json(field, deal.values[layout.field_at[source]])
        elif source in _OWN:
            return getattr(deal, source) or None
        elif source == program.process.subject:
            return deal.subject
        fresh = deal.fresh_from(layout.stage_at[deal.stage]) if deal.stage else 0
        return msgspec.to_builtins(program.guard(source, "value").value(deal, fresh, moment))

    def _seen(self, document: Mapping[str, Any], moment: Moment) -> tuple[Deal, RecordFacts]:
        """Another deal, and what may be read of it."""
        program = self._program_of(document["definition_hash"])
        theirs = from_document(program.layout, document)
        values: dict[str, Any] = {}
        for field, value in zip(program.layout.fields, theirs.values, strict=True):
            values[field.id] = (
                program.guard(field.id, "value").value(theirs, 0, Moment(moment.now, program.zone))
                if field.formula
                else value
            )
        opened = theirs.opened_at or moment.now
        return theirs, RecordFacts(
            theirs.id, theirs.title, program.process.id, theirs.status, theirs.stage, theirs.owner,
            Moment(moment.now, program.zone).day_of(opened), values,
        )  # fmt: skip

    def _fits(self, condition: str, theirs: Deal, moment: Moment) -> bool:
        program = self._program_of(theirs.layout.definition_hash)
        guard = program.guard(condition)
        return guard.status(theirs, 0, Moment(moment.now, program.zone)) == "met"

    def _rivals(self, deal: Deal) -> tuple[dict[str, tuple[Any, ...]], dict[str, tuple[Rival, ...]]]:
        """By rule: the values looked for, and the live deals that have them. Nothing where a value is missing."""
        program = self._program
        sought: dict[str, tuple[Any, ...]] = {}
        rivals: dict[str, tuple[Rival, ...]] = {}
        for rule in program.process.unique:
            values = key(program, rule, deal)
            if None in values:
                continue
            equal = dict(zip(paths(rule), values, strict=True))
            sought[rule.id] = values
            rivals[rule.id] = tuple(
                Rival(one["id"], one["title"], one["stage"], one["opened_at"])
                for one in self._store.deals_where(equal, process=program.process.id, statuses=LIVE)
                if one["id"] != deal.id and is_live(program.layout, rule, one["status"], one["stage"])
            )
        return sought, rivals

    def _turns(self) -> Iterator[tuple[str, str]]:
        """Who of each role that takes turns had the last one."""
        for rule in self._program.process.assignment:
            holders = self._team.holders((rule.role,))
            number = self._store.last_number(turn_name(self._program.process.id, rule.role))
            if rule.pick == "turn" and holders and number:
                yield rule.role, holders[(number - 1) % len(holders)]


def turn_name(process: str, role: str) -> str:
    """Under which name the store counts the turns of a role; no id of a process has a space in it."""
    return f"turn {process} {role}"


def next_id(store: Store, process: str) -> str:
    """`PROCESS-N`, the next number that no deal has; it is not taken yet."""
    number = store.last_number(process) + 1
    while store.deal(f"{process}-{number}") is not None:
        number += 1
    return f"{process}-{number}"


def _path(name: str) -> str:
    """Where the documents of other deals hold what a match names."""
    if name in _OWN or name in ("stage", "status"):
        return name
    kind, _, field = name.partition(".")
    return f"artifacts.{kind}.0.values.{field}" if field else f"fields.{name}"
