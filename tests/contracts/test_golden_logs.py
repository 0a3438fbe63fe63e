"""Logs that earlier releases wrote, and this one, are read by every later one: the same hashes, the same states.

They lie under tests/golden/RELEASE; `python tests/golden/make.py` writes those of a new release. A test that fails
here is mended in the code, by an upcaster if need be (engine/upcasting.py), never by writing the files again.
"""

from __future__ import annotations

import json
from itertools import groupby
from pathlib import Path
from typing import Any

import msgspec
import pytest

from dealwright.engine import event_of, fold, from_document, to_document
from dealwright.events import EVENT_TYPES, Record
from dealwright.model.canonical import ZERO, canonical, canonical_hash, digest
from dealwright.model.layout import Layout
from dealwright.model.process import Process
from dealwright.workspace.core import RELEASE

GOLDEN = Path(__file__).parents[1] / "golden"
LOGS = sorted(GOLDEN.glob("*/*.log.jsonl"))
# Types that no release writes yet: the log of the next one is to have them all.
names = pytest.mark.parametrize("log", LOGS, ids=lambda log: f"{log.parent.name}-{log.name.partition('.')[0]}")


def beside(log: Path, kind: str) -> Any:
    """The definitions or the states that belong to a log."""
    return json.loads(log.with_name(log.name.replace(".log.jsonl", f".{kind}.json")).read_bytes())


def layouts(log: Path) -> dict[str, Layout]:
    return {name: Layout(msgspec.convert(kept, Process)) for name, kept in beside(log, "definitions").items()}


def records(log: Path) -> list[Record]:
    return [msgspec.json.decode(line, type=Record) for line in log.read_bytes().splitlines()]


@names
def test_a_kept_log_still_adds_up_to_the_states_of_its_release(log: Path) -> None:
    known, states = layouts(log), beside(log, "states")
    rows = sorted(records(log), key=lambda record: (record.deal, record.seq))
    for deal_id, own in groupby(rows, key=lambda record: record.deal):
        events = [event_of(record) for record in own]
        deal = fold(known[events[0].definition_hash], events, known.__getitem__)
        wanted = states.pop(deal_id)
        told = json.loads(canonical(to_document(deal)))
        assert {key: told[key] for key in wanted} == wanted
        assert canonical(told) == canonical(wanted) or log.parent.name != RELEASE
    assert states == {}


@names
def test_a_kept_state_is_read_as_what_its_log_adds_up_to(log: Path) -> None:
    known = layouts(log)
    for deal_id, document in beside(log, "states").items():
        events = [event_of(record) for record in records(log) if record.deal == deal_id]
        first, last = known[events[0].definition_hash], known[document["definition_hash"]]
        assert from_document(last, document) == fold(first, events, known.__getitem__)


@names
def test_the_hashes_of_a_kept_log_are_those_that_this_release_computes(log: Path) -> None:
    last: dict[str, str] = {}
    for position, line in enumerate(log.read_bytes().splitlines(), 1):
        event = json.loads(line)
        own = event.pop("hash")
        assert digest("dealwright-event", canonical(event)) == own
        assert (event["position"], event["prev_hash"]) == (position, last.get(event["deal"], ZERO))
        last[event["deal"]] = own


@names
def test_a_payload_read_and_written_again_has_the_same_bytes(log: Path) -> None:
    for record in records(log):
        event = event_of(record)
        if getattr(event.data, "v", 1) == 1 and "v" not in record.data:
            assert canonical(event.data) == canonical(record.data), (record.type, record.seq)


@names
def test_a_kept_definition_keeps_its_hash(log: Path) -> None:
    for name, kept in beside(log, "definitions").items():
        process = msgspec.convert(kept, Process)
        bare = msgspec.structs.replace(process, definition_hash="")
        assert canonical_hash("dealwright-definition", bare) == name == process.definition_hash


def test_this_release_has_kept_every_event_type_and_little_room() -> None:
    own = [log for log in LOGS if log.parent.name == RELEASE]
    kinds = {record.type for log in own for record in records(log)}
    assert kinds == set(EVENT_TYPES)
    assert sum(file.stat().st_size for file in (GOLDEN / RELEASE).iterdir()) < 500_000
