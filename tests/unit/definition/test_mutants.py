"""Damaged files, however damaged, end in findings with positions. `python benchmarks/mutating.py` does 10,000."""

from __future__ import annotations

import random

import pytest
from mutants import mutant, read, seeds

_SOURCES = seeds()


@pytest.mark.parametrize("seed", range(10))
def test_a_damaged_file_is_refused_or_read_but_never_raises(seed: int) -> None:
    chance = random.Random(seed)
    for number in range(30):
        name, data = chance.choice(_SOURCES)
        outcome = read(name, mutant(data, chance))
        assert not outcome.wrong, f"{name}, seed {seed}, number {number}: {outcome.wrong}"


def test_the_files_themselves_are_well() -> None:
    for name, data in _SOURCES:
        assert not read(name, data).wrong, name


def test_most_damage_is_noticed() -> None:
    chance = random.Random(7)
    sound = [(name, data) for name, data in _SOURCES if not read(name, data).codes]
    found = sum(bool(read(name, mutant(data, chance)).codes) for name, data in chance.choices(sound, k=60))
    assert found > 30
