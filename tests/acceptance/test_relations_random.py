"""Whatever people and time do: never two live registrations of the same, and every state is what its log adds up to."""

from __future__ import annotations

import random
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from relations_world import REGISTRATION, relations_desk

from dealwright.errors import NotFoundError, RefusedError, UsageError
from dealwright.workspace import Workspace

_STEPS = 120
RULES = {
    "queue": REGISTRATION,
    "refuse": REGISTRATION.replace("on_conflict: queue", "on_conflict: refuse"),
}


class Crowd:
    """Random acts on a handful of registrations, each a little later than the one before."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.folder = folder
        self.random = random.Random(seed)
        self.now = datetime(2026, 1, 5, 9, tzinfo=UTC)
        self.done: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()
        self.acts = [self.open, self.open, self.advance, self.advance, self.advance, self.back, self.set, self.set,
                     self.lose, self.reopen, self.hold, self.resume, self.evidence, self.tick, self.tick]  # fmt: skip

    def step(self) -> None:
        """One act, allowed or refused."""
        self.now += timedelta(hours=self.random.choice((1, 30, 400)))
        act = self.random.choice(self.acts)
        with Workspace.find(self.folder, actor="desk-1", now=self.now.isoformat()) as workspace:
            try:
                act(workspace)
                self.done[act.__name__] += 1
            except (RefusedError, UsageError, NotFoundError):
                self.refused[act.__name__] += 1

    def values(self) -> dict[str, str]:
        return {"customer": self.random.choice("AB"), "product": self.random.choice("XY")}

    def some(self, workspace: Workspace) -> str:
        found = workspace.deal_list(process="registration")["deals"]
        return str(self.random.choice(found)["id"]) if found else "registration-1"

    def open(self, workspace: Workspace) -> None:
        end = (self.now + timedelta(days=self.random.choice((30, 200)))).date().isoformat()
        texts = {**self.values(), "partner": "partner-1", "contract_end": end}
        workspace.deal_open("registration", f"Deal {self.now:%j}", texts=texts)

    def advance(self, workspace: Workspace) -> None:
        workspace.deal_advance(self.some(workspace))

    def back(self, workspace: Workspace) -> None:
        workspace.deal_move(self.some(workspace), "checked", reason="again")

    def set(self, workspace: Workspace) -> None:
        workspace.deal_set(self.some(workspace), self.values())

    def lose(self, workspace: Workspace) -> None:
        workspace.deal_lose(self.some(workspace), "price")

    def reopen(self, workspace: Workspace) -> None:
        workspace.deal_reopen(self.some(workspace), "again")

    def hold(self, workspace: Workspace) -> None:
        workspace.deal_hold(self.some(workspace), "+20d", "stocktaking")

    def resume(self, workspace: Workspace) -> None:
        workspace.deal_resume(self.some(workspace))

    def evidence(self, workspace: Workspace) -> None:
        workspace.activity_log(self.some(workspace), "evidence")

    def tick(self, workspace: Workspace) -> None:
        before = workspace.store.head()
        workspace.tick(dry_run=True)
        assert workspace.store.head() == before
        workspace.tick()
        assert workspace.tick()["events"] == []


def live(documents: list[dict[str, Any]]) -> Counter[tuple[str, str]]:
    stages = ("protected", "selling")
    return Counter(
        (d["fields"]["customer"], d["fields"]["product"])
        for d in documents
        if d["status"] in ("open", "won") and d["stage"] in stages
    )


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("seed", [1, 2])
def test_a_crowd_never_makes_two_of_the_same_live(tmp_path: Path, rule: str, seed: int) -> None:
    desk = relations_desk(tmp_path, registration=RULES[rule])
    desk.ok("record", "add", "partner", "--title", "Northwind Resale", as_="desk-1", now="2026-01-05")
    crowd = Crowd(desk.folder, seed)
    for _ in range(_STEPS):
        crowd.step()
        with Workspace.find(desk.folder) as workspace:
            counted = live(workspace.store.deals(process="registration")[1])
        assert not counted or max(counted.values()) == 1, (counted, crowd.done)
    assert {act.__name__ for act in crowd.acts} <= {*crowd.done}, crowd.done
    assert sum(crowd.refused.values()) > 10
    with Workspace.find(desk.folder) as workspace:
        for deal in workspace.store.deal_names():
            assert workspace.deal_verify(deal[0])["ok"], deal
        assert workspace.store_verify()["ok"]
        opened = [e for e in workspace.store.events(types=("deal_linked",)) if e.data["kind"] == "follow_on"]
        for link in opened:
            child = workspace.store.deal(link.data["deal"])
            assert child is not None
            assert child["parent_deal"] == link.deal
