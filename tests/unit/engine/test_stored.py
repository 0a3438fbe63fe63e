"""Events read from stored bytes are those that their records hold."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from dealwright.engine import event_of
from dealwright.engine.stored import stored_event
from dealwright.errors import StoreError
from dealwright.events import Record

GOLDEN = sorted((Path(__file__).parents[2] / "golden").glob("*/*.log.jsonl"))


@pytest.mark.parametrize("log", GOLDEN, ids=lambda log: f"{log.parent.name}-{log.name.partition('.')[0]}")
def test_every_kept_event_reads_the_same_from_its_bytes(log: Path) -> None:
    lines = log.read_bytes().splitlines()
    assert lines
    for line in lines:
        assert stored_event(line) == event_of(msgspec.json.decode(line, type=Record))


@pytest.mark.parametrize("line", [b"", b"{}", b"[1]", b'{"deal": "a"}', b"\xff"])
def test_bytes_that_are_no_event_are_refused(line: bytes) -> None:
    with pytest.raises(StoreError, match="cannot be read"):
        stored_event(line)


def test_a_type_of_a_newer_release_is_refused() -> None:
    line = GOLDEN[0].read_bytes().splitlines()[0].replace(b'"type":"opened"', b'"type":"merged"')
    with pytest.raises(StoreError, match="events of type merged"):
        stored_event(line)


def test_a_payload_of_a_newer_version_is_refused() -> None:
    line = GOLDEN[0].read_bytes().splitlines()[0].replace(b'"data":{', b'"data":{"v":9,')
    with pytest.raises(StoreError, match="newer dealwright"):
        stored_event(line)
