"""Whatever anybody does to deals, in any order: a state machine over the public API, beside a model of a few lines."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from play_process import BACK, FORWARD, GATES, GRAPH, PEOPLE, STAGES, WAIVABLE, play_workspace

from dealwright.engine import event_of, fold, to_document
from dealwright.errors import ConflictError, DealwrightError, NotFoundError, RefusedError
from dealwright.model.canonical import canonical
from dealwright.workspace import Workspace

SEEN: Counter[str] = Counter()  # what happened, for whoever wants to know that something did
EXAMPLES_A_STORE = 50  # then a new one, so that a long run does not measure how large a file can be
MOVES = {"advanced", "skipped", "regressed", "won", "completed", "lost", "disqualified", "reopened"}


@dataclass
class Model:
    """What a deal ought to be."""

    id: str
    stage: str = "look"
    status: str = "open"
    held: bool = False
    owner: str = "rep-1"
    version: int = 1
    fit: str | None = None
    price: dict[str, str] | None = None
    due: str | None = None
    secret: str | None = None
    brief: bool = False
    contract: str = ""  # who recorded it, or `approved`
    replied: int = 0
    people: int = 0
    regressed: list[tuple[int, int]] = field(default_factory=list)
    waived: set[str] = field(default_factory=set)
    words: dict[str, int | None] = field(default_factory=dict)  # somebody's own words -> the stakeholder they are about
    erased: set[str] = field(default_factory=set)
    hashes: list[str] = field(default_factory=list)

    @property
    def runs(self) -> bool:
        return self.status in ("open", "won")

    @property
    def free(self) -> bool:
        return self.runs and not self.held

    def unmet(self) -> set[str]:
        at = STAGES.index(self.stage)
        fresh = max((seq for there, seq in self.regressed if there <= at), default=0)
        met = {
            "fits": self.fit == "good", "replied": self.replied > fresh, "again": self.replied > fresh,
            "requires.brief": self.brief, "priced": self.price is not None, "requires.contract": bool(self.contract),
            "approved.contract": self.contract == "approved", "dated": self.due is not None,
        }  # fmt: skip
        return {gate for gate in GATES[self.stage] if not met[gate] and gate not in self.waived}

    def enter(self, stage: str) -> None:
        self.stage, self.waived = stage, set()


class World:
    """A workspace opened twice, as by two programs, and everybody in it."""

    def __init__(self) -> None:
        self.home = Path(tempfile.mkdtemp(prefix="dealwright-play-"))
        atexit.register(shutil.rmtree, self.home, ignore_errors=True)
        self.folder = play_workspace(self.home / "acme")
        self.examples = 0
        self.words = 0
        self.sessions: list[Workspace] = []
        self.desks: list[dict[str, Workspace]] = []
        for which in range(2):
            self.desks.append({})
            self.sessions.append(Workspace.find(self.folder))
            self.open_again(which)

    def open_again(self, which: int) -> None:
        self.sessions[which].close()
        self.sessions[which] = Workspace.find(self.folder)
        self.desks[which] = {person: self.sessions[which].acting_as(person) for person in PEOPLE}

    def close(self) -> None:
        for session in self.sessions:
            session.close()
        shutil.rmtree(self.home, ignore_errors=True)


_WORLDS: list[World] = []


def world() -> World:
    """The one of this example."""
    if _WORLDS and _WORLDS[-1].examples >= EXAMPLES_A_STORE:
        leave()
    if not _WORLDS:
        _WORLDS.append(World())
    _WORLDS[-1].examples += 1
    return _WORLDS[-1]


def leave() -> None:
    """Close what is open."""
    while _WORLDS:
        _WORLDS.pop().close()


SESSION = st.integers(0, 1)
WAYS = ("advance", "advance", "advance", "advance", "skip", "back", "bare advance")
BOSS = st.sampled_from(["boss-1", "boss-1", "boss-1", "rep-1"])
DEAL = st.sampled_from([0, 0, 0, 1, 2])
PERSON = st.sampled_from(["rep-1"] * 9 + ["rep-2"] * 6 + list(PEOPLE[2:]))  # mostly those who may
MONEY = st.builds(
    lambda cents, currency: {"amount": f"{Decimal(cents) / 100:.2f}", "currency": currency},
    st.integers(0, 10**14), st.sampled_from(["CNY", "EUR", "JPY"]),
)  # fmt: skip
DAY = st.dates(date(1990, 1, 1), date(2090, 12, 31)).map(date.isoformat)


class Play(RuleBasedStateMachine):
    """Each rule does one thing as somebody, and says beforehand whether that may be."""

    def __init__(self) -> None:
        super().__init__()
        self.world = world()
        self.deals: list[Model] = []
        self.last: Model | None = None

    # -- doing

    def _try(self, deal: Model, allowed: bool, types: tuple[str, ...], act: Callable[[], dict[str, Any]]) -> Any:
        """Do it. What is refused leaves no event; what is not, just the events that it should."""
        self.last = deal
        SEEN["steps"] += 1
        before = self.world.sessions[0].store.end()
        try:
            done = act()
        except DealwrightError as error:
            if allowed:
                raise
            SEEN["refused" if isinstance(error, RefusedError) else "wrong"] += 1
            done = None
        if done is None:
            assert self.world.sessions[0].store.end() == before
            return None
        assert allowed, f"allowed {types}: {done['events']}"
        assert tuple(event["type"] for event in done["events"]) == types
        deal.version += len(types)
        SEEN.update(types)
        return done

    def _words(self, deal: Model, about: int | None = None) -> str:
        self.world.words += 1
        said = f"own-words-{self.world.words}-of-somebody"
        self._said = (deal, said, about)
        return said

    def _keep(self, done: Any) -> None:
        if done is not None:
            deal, said, about = self._said
            deal.words[said] = about

    def _deal(self, number: int) -> Model:
        return self.deals[-1 - number % len(self.deals)]

    @initialize(session=SESSION)
    def first(self, session: int) -> None:
        self.open_deal(session=session, person="rep-1", price=None)

    @precondition(lambda self: sum(deal.runs for deal in self.deals) < 3 and len(self.deals) < 6)
    @rule(session=SESSION, person=PERSON, price=st.none() | MONEY)
    def open_deal(self, session: int, person: str, price: dict[str, str] | None) -> None:
        deal = Model("?", owner=person, version=0, price=price)
        done = self._try(
            deal, person.startswith("rep"), ("opened",),
            lambda: self.world.desks[session][person].deal_open("play", "Kiln", data={"price": price} if price else {}),
        )  # fmt: skip
        self.last = None
        if done:
            deal.id = done["deal"]["id"]
            self.deals.append(deal)
            self.last = deal

    # -- supplying

    @rule(session=SESSION, number=DEAL, person=PERSON, fit=st.sampled_from(["good", "good", "bad", None]))
    def set_fit(self, session: int, number: int, person: str, fit: str | None) -> None:
        if self._set(session, number, person, {"fit": fit}):
            self.last.fit = fit

    @rule(session=SESSION, number=DEAL, person=PERSON, price=MONEY | st.none())
    def set_price(self, session: int, number: int, person: str, price: dict[str, str] | None) -> None:
        if self._set(session, number, person, {"price": price}):
            self.last.price = price

    @rule(session=SESSION, number=DEAL, person=PERSON, due=DAY | st.none())
    def set_due(self, session: int, number: int, person: str, due: str | None) -> None:
        if self._set(session, number, person, {"due": due}):
            self.last.due = due

    @rule(session=SESSION, number=DEAL, person=PERSON)
    def set_secret(self, session: int, number: int, person: str) -> None:
        said = self._words(self._deal(number))
        done = self._set(session, number, person, {"secret": said})
        self._keep(done)
        if done:
            self.last.secret = said

    def _set(self, session: int, number: int, person: str, data: dict[str, Any]) -> Any:
        deal = self._deal(number)
        allowed = deal.runs and person.startswith("rep")
        return self._try(
            deal, allowed, ("fields_set",), lambda: self.world.desks[session][person].deal_set(deal.id, data=data)
        )

    @rule(session=SESSION, number=DEAL, person=PERSON)
    def add_brief(self, session: int, number: int, person: str) -> None:
        if self._artifact(session, number, person, "brief", {"goal": "less downtime"}):
            self.last.brief = True

    @rule(session=SESSION, number=DEAL, person=PERSON, total=MONEY)
    def add_contract(self, session: int, number: int, person: str, total: dict[str, str]) -> None:
        done = self._artifact(session, number, person, "contract", {"sum": total})
        if done:
            self.last.contract = person
            assert done["artifact"]["fields"]["sum"] == total

    def _artifact(self, session: int, number: int, person: str, kind: str, data: dict[str, Any]) -> Any:
        deal = self._deal(number)
        return self._try(
            deal, deal.free and person.startswith("rep"), ("artifact_recorded",),
            lambda: self.world.desks[session][person].artifact_add(deal.id, kind, data=data),
        )  # fmt: skip

    @rule(session=SESSION, number=DEAL, person=st.sampled_from(["legal-1", "legal-1", "rep-1", "boss-1"]))
    def approve(self, session: int, number: int, person: str) -> None:
        deal = self._deal(number)
        allowed = deal.free and person == "legal-1" and deal.contract not in ("", "approved")
        done = self._try(
            deal, allowed, ("artifact_approved",),
            lambda: self.world.desks[session][person].artifact_approve(deal.id, "contract"),
        )  # fmt: skip
        if done:
            deal.contract = "approved"

    @rule(session=SESSION, number=DEAL, person=PERSON)
    def add_stakeholder(self, session: int, number: int, person: str) -> None:
        deal = self._deal(number)
        name = self._words(deal, deal.people + 1)
        done = self._try(
            deal, deal.free and person != "clerk-1", ("stakeholder_added",),
            lambda: self.world.desks[session][person].stakeholder_add(deal.id, data={"name": name}),
        )  # fmt: skip
        self._keep(done)
        deal.people += done is not None

    @rule(session=SESSION, number=DEAL, person=PERSON, who=st.integers(1, 2))
    def reply(self, session: int, number: int, person: str, who: int) -> None:
        deal = self._deal(number)
        note = self._words(deal, who)
        done = self._try(
            deal, person.startswith("rep") and who <= deal.people, ("activity_logged",),
            lambda: self.world.desks[session][person].activity_log(deal.id, "reply", contact=f"s{who}", note=note),
        )  # fmt: skip
        self._keep(done)
        if done:
            deal.replied = deal.version

    @rule(session=SESSION, number=DEAL, ways=st.lists(st.sampled_from(WAYS), min_size=1, max_size=5))
    def go_on(self, session: int, number: int, ways: list[str]) -> None:
        """As people who know what they want: without it few deals would get far."""
        deal = self._deal(number)
        for way in ways:
            if way in ("advance", "skip"):
                self._supply(session, number, deal)
            if way == "skip":
                self.skip(session=session, number=number, person="boss-1")
            elif way == "back":
                to = (*BACK[deal.stage], "look")[0]
                self.go_back(session=session, number=number, person="rep-1", to=to)
            else:
                self.advance(session=session, number=number, person="rep-1")
            self.the_deal_is_as_the_model_says_and_as_its_log_adds_up_to()

    def _supply(self, session: int, number: int, deal: Model) -> None:
        """Everything that the deal's stage asks for, by those who may."""
        if deal.status in ("lost", "disqualified"):
            self.reopen(session=session, number=number, person="rep-2")
        if deal.held and deal.runs:
            self.resume(session=session, number=number, person="rep-1")
        if not deal.free:
            return
        if not deal.people:
            self.add_stakeholder(session=session, number=number, person="rep-1")
        ways: dict[str, Callable[[], None]] = {
            "fits": lambda: self.set_fit(session=session, number=number, person="rep-1", fit="good"),
            "requires.brief": lambda: self.add_brief(session=session, number=number, person="rep-2"),
            "priced": lambda: self.waive(session=session, number=number, person="boss-1", gate="priced"),
            "requires.contract": lambda: self.add_contract(
                session=session, number=number, person="rep-1", total={"amount": "12.50", "currency": "CNY"}
            ),
            "approved.contract": lambda: self.approve(session=session, number=number, person="legal-1"),
            "dated": lambda: self.set_due(session=session, number=number, person="rep-2", due="2031-02-28"),
        }
        for gate in sorted(deal.unmet(), reverse=True):  # the contract before its approval
            if gate in ("replied", "again"):
                self.reply(session=session, number=number, person="rep-1", who=1)
            else:
                ways[gate]()
        assert not deal.unmet()

    # -- moving

    @rule(session=SESSION, number=DEAL, person=PERSON)
    def advance(self, session: int, number: int, person: str) -> None:
        deal = self._deal(number)
        target = {"look": "offer", "offer": "sign", "sign": "serve", "serve": None}[deal.stage]
        kind = {"sign": "won", "serve": "completed"}.get(deal.stage, "advanced")
        unmet = deal.unmet()
        done = self._try(
            deal, deal.free and person.startswith("rep") and not unmet, (kind,),
            lambda: self.world.desks[session][person].deal_advance(deal.id),
        )  # fmt: skip
        if done:
            deal.status = {"won": "won", "completed": "completed"}.get(kind, deal.status)
            deal.enter(target or deal.stage)

    @rule(session=SESSION, number=DEAL, person=BOSS)
    def skip(self, session: int, number: int, person: str) -> None:
        deal = self._deal(number)
        if deal.stage in ("offer", "sign"):
            return  # from there `sign` is no skip
        allowed = deal.free and deal.status == "open" and person == "boss-1" and not deal.unmet()
        why = self._words(deal)
        done = self._try(
            deal, allowed and deal.stage == "look", ("skipped",),
            lambda: self.world.desks[session][person].deal_move(deal.id, "sign", reason=why),
        )  # fmt: skip
        self._keep(done)
        if done:
            deal.enter("sign")

    @rule(session=SESSION, number=DEAL, person=PERSON, to=st.sampled_from(["look", "look", "offer"]))
    def go_back(self, session: int, number: int, person: str, to: str) -> None:
        deal = self._deal(number)
        if STAGES.index(to) > STAGES.index(deal.stage):
            return
        why = self._words(deal)
        done = self._try(
            deal, deal.free and to in BACK[deal.stage] and person.startswith("rep"), ("regressed",),
            lambda: self.world.desks[session][person].deal_move(deal.id, to, reason=why),
        )  # fmt: skip
        self._keep(done)
        if done:
            deal.enter(to)
            deal.regressed.append((STAGES.index(to), deal.version))

    @rule(session=SESSION, number=DEAL, person=BOSS, gate=st.sampled_from(["fits", "priced", "replied"]))
    def waive(self, session: int, number: int, person: str, gate: str) -> None:
        deal = self._deal(number)
        why = self._words(deal)
        allowed = deal.free and gate in GATES[deal.stage] & WAIVABLE - deal.waived and person == "boss-1"
        done = self._try(
            deal, allowed, ("criterion_waived",),
            lambda: self.world.desks[session][person].deal_waive(deal.id, gate, why),
        )  # fmt: skip
        self._keep(done)
        if done:
            deal.waived.add(gate)

    @rule(session=SESSION, number=DEAL, person=PERSON)
    def hold(self, session: int, number: int, person: str) -> None:
        deal = self._deal(number)
        why = self._words(deal)
        done = self._try(
            deal, deal.free and person.startswith("rep"), ("held",),
            lambda: self.world.desks[session][person].deal_hold(deal.id, "+30d", why),
        )  # fmt: skip
        self._keep(done)
        deal.held |= done is not None

    @rule(session=SESSION, number=DEAL, person=PERSON)
    def resume(self, session: int, number: int, person: str) -> None:
        deal = self._deal(number)
        done = self._try(
            deal, deal.runs and deal.held and person.startswith("rep"), ("resumed",),
            lambda: self.world.desks[session][person].deal_resume(deal.id),
        )  # fmt: skip
        deal.held &= done is None

    @rule(session=SESSION, number=DEAL, person=PERSON, kind=st.sampled_from(["lost", "disqualified"]))
    def end(self, session: int, number: int, person: str, kind: str) -> None:
        deal = self._deal(number)
        desk = self.world.desks[session][person]
        if kind == "lost":
            allowed = deal.status == "open" and (person.startswith("rep") or person == "boss-1")
            done = self._try(deal, allowed, ("lost",), lambda: desk.deal_lose(deal.id, "price"))
        else:
            allowed = deal.status == "open" and deal.free and deal.stage == "look" and person.startswith("rep")
            done = self._try(deal, allowed, ("disqualified",), lambda: desk.deal_disqualify(deal.id, "no_fit"))
        if done:
            deal.status, deal.held = kind, False
            deal.waived = set()

    @rule(session=SESSION, number=DEAL, person=PERSON)
    def reopen(self, session: int, number: int, person: str) -> None:
        deal = self._deal(number)
        why = self._words(deal)
        done = self._try(
            deal, deal.status in ("lost", "disqualified") and person.startswith("rep"), ("reopened",),
            lambda: self.world.desks[session][person].deal_reopen(deal.id, why),
        )  # fmt: skip
        self._keep(done)
        if done:
            deal.status = "open"

    @rule(session=SESSION, number=DEAL, person=PERSON, owner=PERSON)
    def assign(self, session: int, number: int, person: str, owner: str) -> None:
        deal = self._deal(number)
        done = self._try(
            deal, deal.free and person.startswith("rep") and owner != deal.owner, ("owner_assigned",),
            lambda: self.world.desks[session][person].deal_assign(deal.id, owner),
        )  # fmt: skip
        if done:
            deal.owner = owner

    # -- erasing, and what changes nothing

    @rule(session=SESSION, number=DEAL, person=PERSON, whole=st.booleans())
    def erase(self, session: int, number: int, person: str, whole: bool) -> None:
        deal = self._deal(number)
        if not whole and not deal.people:
            return
        doomed = {said for said, about in deal.words.items() if whole or about == 1} - deal.erased
        subject = deal.id if whole else f"{deal.id}/s1"
        done = self._try(
            deal, person.startswith("rep"), ("personal_erased",) if doomed else (),
            lambda: self.world.desks[session][person].privacy_erase(subject, "asked for it"),
        )  # fmt: skip
        if done:
            assert done["erased"]["values"] == len(doomed)
            deal.erased |= doomed

    @rule(session=SESSION, number=DEAL, wrong=st.sampled_from([-1, 1]))
    def write_on_what_is_no_longer_so(self, session: int, number: int, wrong: int) -> None:
        deal = self._deal(number)
        before = self.world.sessions[0].store.end()
        with pytest.raises(ConflictError):
            self.world.desks[session]["rep-1"].deal_set(deal.id, data={"fit": "bad"}, if_version=deal.version + wrong)
        assert self.world.sessions[0].store.end() == before
        SEEN["steps"] += 1
        SEEN["conflicts"] += 1

    @rule(session=SESSION, number=DEAL)
    def only_try(self, session: int, number: int) -> None:
        deal = self._deal(number)
        before = self.world.sessions[0].store.end()
        for act in ("deal_advance", "deal_resume"):
            try:
                getattr(self.world.desks[session]["rep-1"], act)(deal.id, dry_run=True)
            except (RefusedError, NotFoundError):
                SEEN["refused"] += 1
        assert self.world.sessions[0].store.end() == before
        SEEN["steps"] += 1

    @rule(session=SESSION)
    def open_again(self, session: int) -> None:
        self.world.open_again(session)
        SEEN["steps"] += 1

    # -- what always holds

    @invariant()
    def the_deal_is_as_the_model_says_and_as_its_log_adds_up_to(self) -> None:
        deal, self.last = self.last, None
        if deal is None or deal.id == "?":
            return
        session = self.world.sessions[SEEN["steps"] % 2]
        shown = session.deal_show(deal.id)["deal"]
        secret = None if deal.secret in deal.erased else deal.secret
        assert (shown["stage"], shown["status"], shown["version"]) == (deal.stage, deal.status, deal.version)
        assert (shown["owner"], shown["on_hold"] is not None) == (deal.owner, deal.held)
        wanted = {"fit": deal.fit, "price": deal.price, "due": deal.due, "secret": secret}
        assert {name: shown["fields"][name] for name in wanted} == wanted
        records = list(session.store.events(deal.id))
        assert [record.seq for record in records] == list(range(1, deal.version + 1))
        hashes = [record.hash for record in records]
        assert hashes[: len(deal.hashes)] == deal.hashes  # the log only grows
        deal.hashes = hashes
        program, _ = session.load(deal.id)
        folded = to_document(fold(program.layout, map(event_of, records)))
        assert canonical(folded) == canonical(session.store.deal(deal.id) or {})

    def teardown(self) -> None:
        session = self.world.sessions[0]
        for deal in self.deals:
            events = session.deal_history(deal.id)["events"]
            audit(events)
            told = repr(events) + repr(session.privacy_export(deal.id))
            assert {said for said in deal.words if f"'{said}'" in told} == deal.words.keys() - deal.erased
            assert session.deal_verify(deal.id)["ok"]
        erased = [said.encode() for deal in self.deals for said in deal.erased]
        if erased:
            for path in (self.world.folder / ".dealwright").rglob("*"):
                content = path.read_bytes() if path.is_file() else b""
                assert not [said for said in erased if said in content], path


def audit(events: list[dict[str, Any]]) -> None:
    """By the log alone: no step outside the graph, no gate passed unmet without a waiver of this very visit."""
    waived: set[str] = set()
    stage: str | None = None
    for event in events:
        data = event["data"]
        if event["type"] == "criterion_waived":
            assert event["role"] == "boss"
            waived.add(data["criterion"])
        if event["type"] == "opened":
            stage = data["to"]
        if event["type"] not in MOVES:
            continue
        step = (event["type"], data["from"], data.get("to"))
        assert step in GRAPH
        assert data["from"] == stage
        stage = data.get("to") or stage
        if step in FORWARD:
            judged = {one["id"]: one["status"] for one in data["criteria"]}
            assert judged.keys() == GATES[data["from"]]
            assert set(judged.values()) <= {"met", "waived"}
            assert {gate for gate, status in judged.items() if status == "waived"} <= waived
        waived = set()
