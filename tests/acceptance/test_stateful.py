"""Many random lives of deals; `DEALWRIGHT_STATEFUL=N` makes it N of them, of fifty steps each."""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test
from play_machine import MOVES, SEEN, Play, audit, leave

ASKED = os.environ.get("DEALWRIGHT_STATEFUL")
LIVES = settings(
    max_examples=int(ASKED or 200), stateful_step_count=50, deadline=None, database=None, derandomize=not ASKED,
    suppress_health_check=list(HealthCheck),
)  # fmt: skip


@pytest.mark.slow
def test_no_life_of_a_deal_leaves_its_graph_its_log_or_the_model() -> None:
    SEEN.clear()
    try:
        run_state_machine_as_test(Play, settings=LIVES)
    finally:
        leave()
    print(", ".join(f"{count} {what}" for what, count in SEEN.most_common()))
    never = (MOVES | {"refused", "conflicts", "personal_erased", "criterion_waived"}) - SEEN.keys()
    assert not never, f"the machine is blind to {never}"


def _moved(kind: str, from_: str, to: str | None, **criteria: str) -> dict:
    judged = [{"id": name.replace("_", "."), "source": "process", "status": how} for name, how in criteria.items()]
    return {"type": kind, "role": "rep", "data": {"from": from_, "to": to, "criteria": judged}}


OPENED = {"type": "opened", "role": "rep", "data": {"to": "look"}}


@pytest.mark.parametrize(
    "events",
    [
        [OPENED, _moved("advanced", "look", "serve", fits="met", replied="met", requires_brief="met")],
        [OPENED, _moved("advanced", "look", "offer", fits="met", replied="unmet", requires_brief="met")],
        [OPENED, _moved("advanced", "look", "offer", fits="waived", replied="met", requires_brief="met")],
        [OPENED, _moved("advanced", "look", "offer", replied="met", requires_brief="met")],
        [OPENED, _moved("advanced", "offer", "sign", priced="met", again="met")],
    ],
    ids=["outside the graph", "unmet", "waived by nobody", "not judged", "from elsewhere"],
)
def test_the_audit_of_a_log_can_fail(events: list[dict]) -> None:
    with pytest.raises(AssertionError):
        audit(events)
