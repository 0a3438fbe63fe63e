"""Every shipped process gone through: each stage, transition, branch, outcome and criterion, unmet and then met."""

from __future__ import annotations

import pytest
from shipped_machine import Machine, declared, ways_of
from shipped_stories import STORIES
from shipped_walk import SHIPPED


@pytest.mark.parametrize("name", SHIPPED)
def test_every_way_of_a_process_is_gone_and_every_criterion_is_unmet_first_and_met_then(name: str) -> None:
    machine = Machine(name, STORIES[name]).run()
    process = machine.process
    assert set(machine.stages) == {stage.id for stage in process.stages}
    assert declared(process) - machine.unmet == set()
    assert declared(process) - machine.met == set()
    assert ways_of(process) - {(here, to) for here, _, to in machine.taken} == set()
    wanted = {(outcome.id, reason) for outcome in process.outcomes.values() for reason in outcome.reasons}
    assert wanted - machine.ended == set()
