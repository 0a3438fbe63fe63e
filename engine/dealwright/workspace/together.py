"""Decisions that look at other deals, and those that open others: everything in one transaction."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Protocol

from msgspec.structs import replace

from dealwright.engine import Context, Program, blank, evolve
from dealwright.engine.assignment import rule_for, rule_of
from dealwright.engine.commands import Command, Open, Transfer
from dealwright.engine.effects import opening
from dealwright.engine.moves import drafted
from dealwright.engine.result import RefusedByRulesError
from dealwright.errors import ConflictError, DealwrightError, StoreError, UsageError
from dealwright.events import AutomationFired, DealLinked, Event, OwnerAssigned, Record
from dealwright.guards import Moment
from dealwright.model.deal import FOLLOW_ON, Deal
from dealwright.model.people import SYSTEM
from dealwright.model.process import Automation
from dealwright.workspace.attempt import Attempt, Written
from dealwright.workspace.facts import Gathering, turn_name
from dealwright.workspace.naming import check_title
from dealwright.workspace.personal import Vault

if TYPE_CHECKING:
    from dealwright.model.people import Team
    from dealwright.model.settings import Settings
    from dealwright.ports import Store
    from dealwright.workspace.library import Library


class Carrier(Protocol):
    """What carrying out needs of a workspace."""

    team: Team
    settings: Settings
    library: Library

    @property
    def store(self) -> Store:
        """Where the log is."""

    def program_of(self, definition_hash: str) -> Program:
        """The program of a kept definition."""

    def decided(
        self, program: Program, deal: Deal, command: Command, context: Context, deal_id: str = ""
    ) -> tuple[Event, ...]:
        """The decider's events. Raises RefusedError."""

    def append(
        self, program: Program, deal: Deal, events: tuple[Event, ...], attempt: Attempt, *, dry_run: bool = False
    ) -> Written:
        """Write what was decided."""


_ROUNDS = 4  # how often a decision may change what it would have had to know
_GENERATIONS = 4  # deals that open deals that open deals, in one decision


class _OpeningRefusedError(Exception):
    """The deal that an automation opens may not be opened."""

    def __init__(self, automation: str, why: str) -> None:
        super().__init__(why)
        self.automation = automation
        self.why = why


class Together:
    """Carries out decisions of a workspace inside its open transaction; with `dry_run` somebody takes all back."""

    def __init__(self, workspace: Carrier, *, dry_run: bool = False) -> None:
        self._workspace = workspace
        self._store = workspace.store
        self._dry_run = dry_run

    def carry_out(self, program: Program, deal: Deal, attempt: Attempt, generation: int = 1) -> Written:
        """Decide, write, and open what follows on. Where a follow-on may not be opened, decide again knowing that.

        Raises what `Writing.decided` raises.
        """
        self._store.prepare_places(_places(program))
        refused: dict[str, str] = {}
        for _ in range(len(program.process.every_automation) + 1):
            events, context = self._decided(program, deal, attempt, refused)
            try:
                with self._store.transaction():
                    done = self._workspace.append(program, deal, events, attempt, dry_run=self._dry_run)
                    self._count_turns(program, deal, events, attempt, context)
                    others = self._open_all(program, deal, events, context, generation)
                    return done._replace(others=tuple(others))
            except _OpeningRefusedError as error:
                refused[error.automation] = error.why
        raise _unsettled(deal)

    def _decided(
        self, program: Program, deal: Deal, attempt: Attempt, refused: dict[str, str]
    ) -> tuple[tuple[Event, ...], Context]:
        """The events of a command, decided with what is known of others both before and after it."""
        command, bare = attempt.command, attempt.context
        gathering = Gathering(self._store, self._workspace.program_of, self._workspace.team, program)
        moment = Moment(bare.now, program.zone)
        looked_at = _looked_at(program, deal, command, bare)
        facts = gathering.facts(looked_at, moment, refused)
        for _ in range(_ROUNDS):
            context = Context(
                bare.actor, tuple(bare.roles), Moment(bare.now, program.zone, facts), bare.team, bare.gates
            )  # fmt: skip
            events = self._workspace.decided(program, deal, command, context, attempt.vault.deal)
            known = gathering.facts(_after(program, deal, events), moment, refused)
            if known == facts:
                return events, context
            facts = known
        raise _unsettled(deal)

    def _open_all(
        self, program: Program, deal: Deal, events: tuple[Event, ...], context: Context, generation: int
    ) -> Iterator[Record]:
        for automation, parent, child in _follow_ons(program, deal, events):
            try:
                if generation > _GENERATIONS:
                    raise UsageError("too many deals would open each other", "相互触发新建的项目过多")
                done = self._open(program, parent, automation, child, context, generation)
            except StoreError:
                raise
            except DealwrightError as error:
                raise _OpeningRefusedError(automation.id, _why(error)) from error
            yield from (*done.records, *done.others)

    def _open(
        self, program: Program, parent: Deal, automation: Automation, child: str, context: Context, generation: int
    ) -> Written:
        """Open a follow-on: by the same rules as any deal, but by nobody."""
        workspace, spawn = self._workspace, automation.then.open
        assert spawn is not None  # noqa: S101  # the link in the events says so
        authored = workspace.library.source(spawn.process, self._store).process
        theirs = workspace.library.program(workspace.library.resolve(authored))
        command = opening(program, parent, spawn, context.moment, child, workspace.settings.language)
        process = theirs.process
        if process.record:
            raise UsageError(f"{process.id} is a type of record", f"{process.id} 是记录类型")
        heir = parent.owner if parent.owner in workspace.team.people and not process.assignment else None
        command = replace(
            command, subject=self._subject(program, theirs, command.subject, bool(spawn.subject)), owner=heir
        )
        check_title(command.title)
        self._take_number(spawn.process, child)
        alone = Context(SYSTEM, (), Moment(context.now, theirs.zone), workspace.team)
        attempt = Attempt(command, alone, None, Vault(child))
        workspace.library.keep(authored, process, self._store, publish=True)
        if theirs.looks:
            return self.carry_out(theirs, blank(theirs.layout, child), attempt, generation + 1)
        draft = blank(theirs.layout, child)
        events = workspace.decided(theirs, draft, command, alone, child)
        return workspace.append(theirs, draft, events, attempt, dry_run=self._dry_run)

    def _subject(self, program: Program, theirs: Program, subject: str | None, named: bool) -> str | None:
        """The record that a follow-on is bound to: the one named, else the opening deal's, if of the right type."""
        kind = theirs.process.subject
        own = program.process.id if program.process.record else program.process.subject
        if not kind or (not named and kind != own):
            return None
        document = self._store.deal(subject) if subject else None
        if document is None or document["process"] != kind:
            raise UsageError(f"there is no {kind} {subject}", f"没有 {kind} {subject}")
        return subject

    def _take_number(self, process: str, child: str) -> None:
        if self._store.deal(child) is not None:
            raise ConflictError(f"there is a deal {child} already", f"项目 {child} 已存在", deal=child)
        behind = int(child.rpartition("-")[2]) - self._store.last_number(process)
        if behind > 0:
            self._store.next_number(process, behind)

    def _count_turns(
        self, program: Program, deal: Deal, events: tuple[Event, ...], attempt: Attempt, context: Context
    ) -> None:
        """Whose turn it was has had it."""
        if not program.assigns:
            return
        roles = []
        command = attempt.command
        if isinstance(command, Open) and command.owner is None:
            rule = rule_for(program, _after(program, deal, events[:1]), context)
            if rule is not None:
                roles.append(rule.role)
        by_id = {one.id: one for one in program.process.every_automation}
        fired: Automation | None = None
        for event in events:
            if isinstance(event.data, AutomationFired):
                fired = by_id[event.data.automation]
            elif isinstance(event.data, OwnerAssigned) and fired is not None and fired.then.assign:
                roles.append(fired.then.assign)
        for role in roles:
            if rule_of(program, role).pick == "turn":
                self._store.next_number(turn_name(program.process.id, role))


def _looked_at(program: Program, deal: Deal, command: Command, context: Context) -> Deal:
    """The deal by which others are looked up: one that is opened or transferred, as it would be there."""
    if isinstance(command, Transfer):
        from dealwright.engine.transferring import drafted as transferred

        return transferred(program, deal, command, context)
    if not isinstance(command, Open):
        return deal
    draft = replace(deal, stage=program.process.stages[0].id)
    try:
        return drafted(program, draft, command, context)
    except RefusedByRulesError:
        return draft  # deciding tells why not


def _places(program: Program) -> list[str]:
    """Where deals of this program hold a record: a record's own page asks for them."""
    own = ["subject"] if program.process.subject else []
    return [*own, *(f"fields.{field.id}" for field in program.layout.fields if field.type == "record")]


def _follow_ons(
    program: Program, deal: Deal, events: tuple[Event, ...]
) -> Iterator[tuple[Automation, Deal, str]]:  # fmt: skip
    """(automation, the deal as it was then, the new deal's id) of each deal that these events open."""
    by_id = {one.id: one for one in program.process.every_automation}
    for event in events:
        deal = evolve(deal, event, program.layout)
        data = event.data
        if isinstance(data, DealLinked) and data.kind == FOLLOW_ON and data.automation in by_id:
            yield by_id[data.automation], deal, data.deal


def _after(program: Program, deal: Deal, events: tuple[Event, ...]) -> Deal:
    for event in events:
        deal = evolve(deal, event, program.layout)
    return deal


def _why(error: DealwrightError) -> str:
    criteria: list[Any] = error.details.get("criteria") or []
    names = ", ".join(str(one["id"]) for one in criteria)
    return f"{error.en}: {names}" if names else error.en


def _unsettled(deal: Deal) -> ConflictError:
    return ConflictError(
        f"{deal.id}: what others hold and what is decided keep changing each other",
        f"{deal.id}：其他项目的内容与本次决定相互影响，无法确定", deal=deal.id,
    )  # fmt: skip
