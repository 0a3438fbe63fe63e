"""The queue that is kept open between events is never the wrong one."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest

from dealwright import StoreError
from dealwright_outbox import queueing
from dealwright_outbox.keeping import drop, kept
from dealwright_outbox.queue import PLACE, Queue

ENDPOINT = "endpoints: {crm: {url: 'https://crm.example/', secret_env: KEY}}\n"


@pytest.fixture(autouse=True)
def nothing_stays_open() -> Iterator[None]:
    yield
    drop()


def count(folder: Path) -> int:
    with Queue(folder) as queue:
        return queue.rows({})[0]


def test_same_workspace_has_the_same_queue_and_another_one_its_own(tmp_path: Path):
    one = kept(tmp_path / "one")
    assert kept(tmp_path / "one") is one
    two = kept(tmp_path / "two")
    assert two is not one
    with pytest.raises(sqlite3.ProgrammingError):  # the first is closed
        one.names()


def test_queue_whose_file_was_removed_is_made_again(folder: Path, message):
    kept(folder).put([message(1)], 0.0)
    shutil.rmtree(folder / ".dealwright")
    kept(folder).put([message(2)], 0.0)
    assert count(folder) == 1


def test_other_thread_has_a_queue_of_its_own(folder: Path, message):
    kept(folder).put([message(1)], 0.0)
    thread = Thread(target=lambda: kept(folder).put([message(2)], 0.0))
    thread.start()
    thread.join()
    kept(folder).put([message(3)], 0.0)
    assert count(folder) == 3


def test_event_is_queued_once_per_endpoint_however_often_it_comes(folder: Path, event, deal, process):
    (folder / "outbox.yaml").write_text(ENDPOINT, encoding="utf-8")
    assert queueing.enqueue(event(3), deal, process, folder) == 1
    assert queueing.enqueue(event(3), deal, process, folder) == 0
    assert queueing.enqueue(event(4), deal, process, folder) == 1
    assert count(folder) == 2


def test_what_a_time_limit_cut_short_does_not_stop_the_next_event(
    folder: Path, event, deal, process, monkeypatch: pytest.MonkeyPatch
):
    (folder / "outbox.yaml").write_text(ENDPOINT, encoding="utf-8")

    class TimeIsUpError(BaseException):
        pass

    def cut(self: Queue, *_: object) -> int:
        self._db.execute("BEGIN IMMEDIATE")
        raise TimeIsUpError

    with monkeypatch.context() as patched:
        patched.setattr(Queue, "put", cut)
        with pytest.raises(TimeIsUpError):
            queueing.enqueue(event(3), deal, process, folder)
    assert queueing.enqueue(event(3), deal, process, folder) == 1


def test_queue_that_cannot_be_written_is_an_error_that_the_platform_can_tell(folder: Path, event, deal, process):
    (folder / "outbox.yaml").write_text(ENDPOINT, encoding="utf-8")
    (folder / PLACE).parent.mkdir(parents=True)
    (folder / PLACE).mkdir()
    with pytest.raises(StoreError, match="cannot be used"):
        queueing.enqueue(event(3), deal, process, folder)
