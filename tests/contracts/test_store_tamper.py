"""Forged logs are found: by the store itself, unless the forger rewrites all of it, and by a head kept outside."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from store_events import open_deal
from store_tampering import EVERYTHING, HEAD_FILE, HEADS, KINDS, LEVELS, Base, make_base, trial

from dealwright.errors import UsageError
from dealwright.store import create_store, open_store

TRIALS = 200


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Base:
    return make_base(tmp_path_factory.mktemp("base"))


def test_every_random_forgery_is_found_with_a_head_kept_elsewhere(base, tmp_path):
    pick = random.Random(4)
    done = [trial(base, tmp_path, pick) for _ in range(TRIALS)]
    assert {t.kind for t in done} == set(KINDS)
    assert {t.level for t in done} == set(LEVELS)
    assert [t for t in done if not t.found_with_head] == []
    assert [t for t in done if t.level <= HEADS and not t.found] == []


def test_who_rewrites_everything_beside_the_store_is_found_by_the_outside_head_alone(base, tmp_path):
    pick = random.Random(5)
    done = [trial(base, tmp_path, pick, EVERYTHING) for _ in range(25)]
    assert [t for t in done if t.found] == []
    assert [t for t in done if not t.found_with_head] == []


def test_a_forger_who_forgets_the_page_checksums_is_found_by_them(base, tmp_path):
    pick = random.Random(6)
    done = [trial(base, tmp_path, pick, HEAD_FILE) for _ in range(20)]
    # They are of a log of the same length, or else count as fallen behind.
    assert [t for t in done if t.kind in ("edit", "swap") and not t.found] == []
    assert [t for t in done if not t.found_with_head] == []


def test_a_head_noted_earlier_fits_a_log_that_has_grown(tmp_path):
    with create_store(tmp_path / "store.db") as store:
        heads = []
        for number in range(5):
            open_deal(store, f"b2b-{number}")
            heads.append("{}:{}".format(*store.end()))
        for head in heads:
            assert store.verify(head=head).problems == ()
            assert store.verify(head=head.partition(":")[2]).problems == ()
        assert {p.code for p in store.verify(head=f"9:{'a' * 64}").problems} == {"tail-lost"}
        assert {p.code for p in store.verify(head=f"3:{'a' * 64}").problems} == {"head-mismatch"}
        assert {p.code for p in store.verify(head="a" * 64).problems} == {"head-mismatch"}
        moved = f"2:{heads[2].partition(':')[2]}"
        assert {p.code for p in store.verify(head=moved).problems} == {"head-mismatch"}


@pytest.mark.parametrize("text", ["", "12", "12:", "x" * 64, "1:" + "a" * 63, "-1:" + "a" * 64, "a" * 65])
def test_what_is_no_head_is_refused(tmp_path, text):
    with create_store(tmp_path / "store.db") as store, pytest.raises(UsageError):
        store.verify(head=text)


def test_an_empty_log_fits_its_own_head_for_ever(tmp_path):
    with create_store(tmp_path / "store.db") as store:
        head = "{}:{}".format(*store.end())
        assert store.verify(head=head).problems == ()
        open_deal(store, "b2b-1")
        assert store.verify(head=head).problems == ()


def test_damage_and_an_outside_head_are_told_together(base: Base, tmp_path: Path):
    pick = random.Random(8)
    trial(base, tmp_path, pick, 0)
    with open_store(tmp_path / "store.db") as store:
        codes = {p.code for p in store.verify(head=base.head).problems}
    assert len(codes) > 1
