"""Write the golden log of this release: python tests/golden/make.py

Real command lines on a fixed clock with fixed references and users, so that another run writes the same bytes. Run it
once, when a release is made; what lies under an earlier release's name is never written again.
"""

from __future__ import annotations

import itertools
import json
import secrets
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest import mock

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "acceptance"))

from contract_world import PROCESS, TEAM, at_signing, opened, ready, signed  # noqa: E402  # found by the line above
from desk import SETTINGS, Answer, Desk, make_workspace  # noqa: E402
from driving import Driver  # noqa: E402
from relations_world import relations_desk  # noqa: E402
from shipped_walk import beginner  # noqa: E402
from test_remedies import FORWARD, wishes_of  # noqa: E402

from dealwright.model.canonical import canonical  # noqa: E402
from dealwright.store import open_store  # noqa: E402
from dealwright.workspace import Workspace  # noqa: E402
from dealwright.workspace.core import RELEASE  # noqa: E402

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
EXAMPLES = HERE.parents[1] / "docs" / "examples"


ASIDE = """\
dealwright: "1"
process: aside
version: 1.0.0
title: Aside
type: b2b
methodologies: [wise]
roles: {rep: {title: Rep}, boss: {title: Boss}, chief: {title: Chief}}
fields:
  size: {type: number}
stages:
  - {id: talk, title: Talk, phase: discover, responsible: rep}
  - {id: question, title: Question, phase: discover, responsible: rep, detour: [talk]}
  - id: paper
    title: Paper
    phase: close
    responsible: rep
    wins: true
    approvals:
      - {id: rises, by: boss, within: 2d, on_timeout: {escalate: [chief]}}
      - {id: lapses, by: boss, within: 7d, on_timeout: expire}
outcomes: {lost: {status: lost, reasons: [price]}}
"""
ASIDE_TEAM = "people: {rep-1: {roles: [rep]}, boss-1: {roles: [boss]}, chief-1: {roles: [chief]}}\n"
WISE_OVERLAY = "overlay: wise\nversion: 1.0.0\ntitle: Wise\nfields: {wise_word: {type: text}}\n"
WISE = """\
from dealwright import Proposal, Text, hookimpl, overlay_plugin

dealwright_register_overlays = overlay_plugin(__file__)


@hookimpl
def dealwright_propose(deal):
    return [Proposal("wait", Text("They asked for time", "客户需要时间"), 40.0, Text("Wait", "等待"))]
"""


class Clock(datetime):
    """A machine's clock that stands still."""

    @classmethod
    def now(cls, tz: Any = None) -> datetime:
        return START.astimezone(tz)


class PunctualDesk(Desk):
    """A desk where every command comes a minute after the one before, unless `days` have passed."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.minute = itertools.count(1)
        self.days = 0

    def run(self, *argv: str, as_: str | None = None, now: str | None = None) -> Answer:
        """Run a command, whatever time was asked for."""
        at = (START + timedelta(days=self.days, minutes=next(self.minute))).isoformat()
        return super().run(*argv, as_=as_, now=at)


def main() -> None:
    """Write every log, but never over one that is there."""
    target = HERE / RELEASE
    target.mkdir(exist_ok=False)
    numbers = itertools.count(1)
    with (
        mock.patch.object(secrets, "token_hex", lambda size: f"{next(numbers):0{size * 2}x}"),
        mock.patch("dealwright.workspace.writing.datetime", Clock),
        mock.patch("dealwright.workspace.imports.datetime", Clock),
        mock.patch("getpass.getuser", return_value="os-user"),
        tempfile.TemporaryDirectory() as place,
    ):
        for name, desk in desks(Path(place)):
            keep(desk, target / name)


def desks(place: Path) -> Iterator[tuple[str, Desk]]:
    """A workspace per log, its deals through."""
    for process in ("b2b", "b2c", "channel"):
        Workspace.init(place / process)
        (place / process / "dealwright.yaml").write_text(SETTINGS, encoding="utf-8")
        desk = PunctualDesk(place / process)
        to_its_end(desk, process)
        yield process, desk
    gate = PunctualDesk(make_workspace(place / "gate", TEAM, gate=PROCESS).folder)
    every_write(gate)
    yield "gate", gate
    related = PunctualDesk(relations_desk(place / "relations").folder)
    what_happens_by_itself(related)
    yield "relations", related
    yield "aside", went_aside(place / "aside")
    text = (EXAMPLES / "maven.process.yaml").read_text(encoding="utf-8")
    team = "people: {agent-1: {roles: [sales_agent]}}\n"
    crm = PunctualDesk(make_workspace(place / "import", team, maven=text).folder)
    imported(crm)
    yield "import", crm


def to_its_end(desk: Desk, name: str) -> None:
    """A deal of a shipped process, by the commands that refusals offer."""
    opener = f"{beginner(name).replace('_', '-')}-1"
    deal = desk.ok("deal", "open", name, "--title", "Northwind pumps", "--set", "amount=120000", as_=opener)["deal"]
    driver = Driver(desk, desk.ok("process", "show", name)["process"], deal["id"], wishes_of(name))
    while deal["status"] in ("open", "won"):
        deal = driver.bring(deal, next(way for way in driver.why()["transitions"] if way["kind"] in FORWARD))


def every_write(desk: Desk) -> None:
    """Deals through every kind of write that the shipped processes' stories leave out."""

    def did(*argv: str, as_: str = "rep-1") -> None:
        desk.ok(*argv, as_=as_)

    deal = at_signing(desk)
    did("deal", "set", deal, "--set", "amount=12万", "--set", "secret=met at a fair", "--set", "decided_on=2026-03-05")
    did("deal", "set", deal, "--set", "met_at=2026-03-05T08:00:00Z", "--set", "month=2026-03", "--set", "champion=s1")
    did("deal", "set", deal, "--set", "goal=s1", "--set", "remark=ok", "--set", "size=7")
    did("stakeholder", "set", deal, "s1", "--set", "influence=4", "--set", "email=buyer@example.com")
    did("deal", "item", "add", deal, "pains", "--set", "text=leaks", "--set", "impact=USD 500", "--set", "confirmed=s1")
    did("deal", "item", "set", deal, "pains", "1", "--set", "text=leaks badly")
    did("deal", "item", "close", deal, "pains", "1")
    did("artifact", "add", deal, "visit", "--set", "summary=seen the plant")
    did("activity", "log", deal, "call", "--note", "asked for a visit", "--at", "2026-03-02T09:05:00Z", "--next", "+3d")
    did("activity", "void", deal, "a2", "--reason", "wrong deal")
    did("approval", "reject", deal, "terms", "--note", "too soft", as_="boss-1")
    paper = desk.folder / "draft.pdf"
    paper.write_bytes(b"a draft\n")
    did("artifact", "add", deal, "contract", "--file", str(paper))
    did("artifact", "reject", deal, "contract", "--note", "no date", as_="legal-1")
    signed(desk, deal)
    did("deal", "advance", deal)
    did("deal", "advance", deal, as_="desk-1")
    other = opened(desk, title="Harbour valves")
    ready(desk, other)
    did("deal", "hold", other, "--until", "2026-03-20", "--reason", "stocktaking")
    did("deal", "resume", other)
    did("deal", "advance", other)
    did("deal", "advance", other, "--branch", "back")
    did("deal", "waive", other, "fits", "--reason", "they called", as_="boss-1")
    did("deal", "assign", other, "rep-2")
    did("deal", "lose", other, "--reason", "price", "--recall", "+90d")
    did("deal", "reopen", other, "--reason", "they called again")
    did("privacy", "erase", f"{other}/s1", "--reason", "asked to be forgotten")
    third = opened(desk, title="Mill fans")
    ready(desk, third)
    did("deal", "move", third, "--to", "sign", "--reason", "signed at the fair", as_="boss-1")
    fourth = opened(desk, title="Depot doors")
    did("deal", "disqualify", fourth, "--reason", "no_fit")


def what_happens_by_itself(desk: PunctualDesk) -> None:
    """Records, deals that wait for each other, and all that automations do."""

    def did(*argv: str) -> None:
        desk.ok(*argv, as_="desk-1")

    did("record", "add", "partner", "--title", "Northwind Resale", "--set", "tier=gold")
    for title in ("First", "Second"):
        values = ("partner=partner-1", "customer=Pump Works", "product=P1", "contract_end=2026-08-01")
        did("deal", "open", "registration", "--title", title, *(part for one in values for part in ("--set", one)))
    did("deal", "advance", "registration-1")
    desk.days = 15
    did("tick")
    did("activity", "log", "registration-1", "evidence")
    desk.days = 120
    did("tick")
    for _ in range(3):
        did("deal", "advance", "registration-2")
    did("tick")
    did("record", "archive", "partner-1")


def went_aside(folder: Path) -> Desk:
    """A detour and back, approvals that nobody gives in time, a transfer to a new version, a proposal."""
    settings = SETTINGS.replace("plugins: [spin]", "plugins: [wise]\nlocal_plugins: true")
    desk = PunctualDesk(make_workspace(folder, ASIDE_TEAM, settings, aside=ASIDE).folder)
    (folder / "plugins").mkdir()
    (folder / "plugins" / "wise.py").write_text(WISE, encoding="utf-8")
    (folder / "plugins" / "wise.overlay.yaml").write_text(WISE_OVERLAY, encoding="utf-8")

    def did(*argv: str) -> None:
        desk.ok(*argv, as_="rep-1")

    did("deal", "open", "aside", "--title", "Kiln doors", "--set", "size=3")
    did("deal", "propose", "aside-1")
    did("deal", "move", "aside-1", "--to", "question")
    did("deal", "advance", "aside-1")
    did("deal", "advance", "aside-1")
    desk.days = 4
    did("tick")
    desk.days = 9
    did("tick")
    newer = ASIDE.replace("version: 1.0.0", "version: 2.0.0").replace(
        "size:", "width: {type: number, renamed_from: size}\n  depth:"
    )
    (folder / "processes" / "aside.process.yaml").write_text(newer, encoding="utf-8")
    did("process", "publish", str(folder / "processes" / "aside.process.yaml"))
    did("deal", "open", "aside", "--title", "Kiln vents")
    did("deal", "transfer", "aside-1", "--to", "aside@2.0.0", "--reason", "the new form")
    return desk


def imported(desk: Desk) -> None:
    """A dated, a lost and an undated deal from a CRM."""
    (desk.folder / "products.csv").write_text("product\nGTX Basic\n", encoding="utf-8")
    (desk.folder / "accounts.csv").write_text("account\nAcme\n", encoding="utf-8")
    rows = (
        "opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value",
        "D1,rep a,GTX Basic,Acme,Won,10/20/2016,3/1/2017,1054", "D2,rep a,GTX Basic,Acme,Lost,10/25/2016,3/11/2017,0",
        "D3,rep b,GTX Basic,,Engaging,10/25/2016,,", "D4,rep b,GTX Basic,Acme,Prospecting,,,",
    )  # fmt: skip
    file = desk.folder / "pipeline.csv"
    file.write_text("\n".join(rows) + "\n", encoding="utf-8")
    desk.ok("import", "deals", str(file), "--map", str(EXAMPLES / "maven.map.yaml"), as_="agent-1")


def keep(desk: Desk, target: Path) -> None:
    """The log's rows, the definitions they name, and the states they add up to, as this release has them."""
    with open_store(desk.folder / ".dealwright" / "store.db") as store:
        rows = [canonical({**json.loads(body), "hash": own}) for body, own in store.log()]
        definitions = {d["definition_hash"]: d for d in store.definitions()}
        kept = {name: (store.definition(name) or {})["resolved"] for name in definitions}
        states = {document["id"]: document for document in store.deals()[1]}
    for document in states.values():
        document.pop("wakes_at", None)  # reckoned from the definition, for `tick` to look up; no part of the state
    target.with_suffix(".log.jsonl").write_bytes(b"\n".join(rows) + b"\n")
    target.with_suffix(".definitions.json").write_bytes(canonical(kept) + b"\n")
    target.with_suffix(".states.json").write_bytes(canonical(states) + b"\n")


if __name__ == "__main__":
    main()
