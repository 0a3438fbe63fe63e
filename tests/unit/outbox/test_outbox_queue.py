"""What is queued is kept, sent by one at a time, in the order of each deal, and by somebody else after a crash."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from threading import Thread

import pytest

from dealwright import StoreError
from dealwright_outbox.queue import PLACE, Queue, Standing

HOLD = 65.0


def take(queue: Queue, now: float, endpoint: str = "crm", holder: str = "me"):
    return queue.take(endpoint, holder, due=now, now=now, seconds=HOLD)


def test_same_message_twice_is_queued_once(folder: Path, message):
    with Queue(folder) as queue:
        assert queue.put([message(1), message(2)], 0.0) == 2
        assert queue.put([message(1), message(3)], 5.0) == 1
        assert queue.rows({})[0] == 3


def test_queue_outlives_whoever_made_it(folder: Path, message):
    with Queue(folder) as queue:
        queue.put([message(1)], 0.0)
    with Queue(folder) as queue:
        held = take(queue, 1.0)
        assert held is not None
        assert (held.id, held.body, held.attempts) == ("msg_crm_1", b'{"n":1}', 0)


def test_held_message_is_nobody_elses_until_the_hold_runs_out(folder: Path, message):
    with Queue(folder) as one, Queue(folder) as two:
        one.put([message(1)], 0.0)
        assert take(one, 0.0, holder="one") is not None
        assert take(two, HOLD - 1, holder="two") is None
        again = take(two, HOLD, holder="two")
        assert again is not None
        assert again.id == "msg_crm_1"


def test_who_lost_the_hold_records_no_failure(folder: Path, message):
    with Queue(folder) as queue:
        queue.put([message(1)], 0.0)
        take(queue, 0.0, holder="one")
        take(queue, HOLD, holder="two")
        queue.failed("msg_crm_1", "one", HOLD, HOLD + 5, (500, "en", "zh"))
        assert queue.rows({})[1][0]["attempts"] == 0
        queue.failed("msg_crm_1", "two", HOLD, HOLD + 5, (500, "en", "zh"))
        assert queue.rows({})[1][0]["attempts"] == 1


def test_delivery_counts_whoever_holds_the_message(folder: Path, message):
    with Queue(folder) as queue:
        queue.put([message(1)], 0.0)
        take(queue, 0.0, holder="one")
        take(queue, HOLD, holder="two")
        queue.delivered("msg_crm_1", HOLD, 200)
        queue.failed("msg_crm_1", "two", HOLD, HOLD + 5, (500, "en", "zh"))
        assert [row["state"] for row in queue.rows({})[1]] == ["delivered"]


def test_later_event_of_a_deal_waits_for_the_earlier_one_and_other_deals_do_not(folder: Path, message):
    with Queue(folder) as queue:
        queue.put([message(1), message(2), message(3, deal="b2b-2")], 0.0)
        first = take(queue, 0.0)
        assert first is not None
        queue.failed(first.id, "me", 0.0, 300.0, (500, "en", "zh"))
        other = take(queue, 0.0)
        assert other is not None
        assert other.id == "msg_crm_3"
        assert take(queue, 0.0) is None
        again = take(queue, 300.0)
        assert again is not None
        assert again.id == "msg_crm_1"


def test_given_up_message_lets_the_next_of_its_deal_pass(folder: Path, message):
    with Queue(folder) as queue:
        queue.put([message(1), message(2)], 0.0)
        take(queue, 0.0)
        queue.failed("msg_crm_1", "me", 0.0, None, (500, "en", "zh"))
        following = take(queue, 0.0)
        assert following is not None
        assert following.id == "msg_crm_2"


def test_endpoints_do_not_wait_for_one_another(folder: Path, message):
    with Queue(folder) as queue:
        queue.put([message(1), message(1, endpoint="erp")], 0.0)
        assert take(queue, 0.0) is not None
        assert take(queue, 0.0, endpoint="erp") is not None


def test_resting_endpoint_gives_nothing_until_its_time(folder: Path, message):
    with Queue(folder) as queue:
        queue.put([message(1)], 0.0)
        queue.meet("crm", "https://a/")
        queue.stand("crm", Standing(None, 60.0))
        assert take(queue, 59.0) is None
        assert take(queue, 60.0) is not None


def test_endpoint_with_another_address_begins_afresh(folder: Path):
    with Queue(folder) as queue:
        queue.meet("crm", "https://a/")
        queue.stand("crm", Standing(5.0, 60.0))
        queue.meet("crm", "https://a/")
        assert queue.standing("crm") == Standing(5.0, 60.0)
        queue.meet("crm", "https://b/")
        assert queue.standing("crm") == Standing()


def test_renewed_message_starts_from_the_first_attempt_and_pending_ones_stay(folder: Path, message):
    with Queue(folder) as queue:
        queue.put([message(1), message(2)], 0.0)
        take(queue, 0.0)
        queue.failed("msg_crm_1", "me", 0.0, None, (500, "en", "zh"))
        assert queue.renew(["msg_crm_1", "msg_crm_2", "msg_unknown"], 9.0) == 1
        row = queue.rows({"state": "pending"})[1][0]
        assert (row["id"], row["attempts"], row["due_at"], row["en"]) == ("msg_crm_1", 0, 9.0, None)


def test_old_deliveries_are_forgotten_and_nothing_else(folder: Path, message):
    with Queue(folder) as queue:
        queue.put([message(1), message(2), message(3), message(4)], 0.0)
        queue.delivered("msg_crm_1", 10.0, 200)
        queue.delivered("msg_crm_2", 20.0, 200)
        queue.failed("msg_crm_3", "nobody", 0.0, None, (500, "en", "zh"))
        assert queue.forget(20.0) == 1
        assert [row["id"] for row in queue.rows({})[1]] == ["msg_crm_2", "msg_crm_3", "msg_crm_4"]


def test_counts_are_per_endpoint(folder: Path, message):
    with Queue(folder) as queue:
        queue.put([message(1), message(2, deal="b2b-2"), message(1, endpoint="erp")], 5.0)
        queue.delivered("msg_crm_1", 8.0, 200)
        assert queue.counts("crm", 4.0) == {
            "pending": 1, "due": 0, "delivered": 1, "dead": 0, "oldest": 5.0, "last": 8.0,
        }  # fmt: skip
        assert queue.counts("nobody", 4.0)["pending"] == 0


def test_many_threads_make_the_same_new_queue_and_lose_nothing(folder: Path, message):
    failures: list[BaseException] = []

    def work(number: int) -> None:
        try:
            with Queue(folder) as queue:
                queue.put([message(number)], 0.0)
        except BaseException as error:
            failures.append(error)

    threads = [Thread(target=work, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    with Queue(folder) as queue:
        assert queue.rows({})[0] == 12


def test_each_message_is_taken_once_by_many_takers(folder: Path, message):
    with Queue(folder) as queue:
        queue.put([message(number, deal=f"b2b-{number}") for number in range(40)], 0.0)
    taken: list[str] = []

    def work(holder: str) -> None:
        with Queue(folder) as queue:
            while (held := take(queue, 1.0, holder=holder)) is not None:
                taken.append(held.id)
                queue.delivered(held.id, 1.0, 200)

    threads = [Thread(target=work, args=(str(number),)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(taken) == len(set(taken)) == 40


def test_write_that_is_interrupted_leaves_nothing(folder: Path, message):
    with Queue(folder) as queue, pytest.raises(StoreError):
        queue.put([message(1), message(2)._replace(deal=None)], 0.0)
    with Queue(folder) as queue:
        assert queue.rows({})[0] == 0


def test_file_that_is_no_queue_is_a_store_error(folder: Path):
    place = folder / PLACE
    place.parent.mkdir(parents=True)
    place.write_bytes(b"no database at all, but long enough to be looked at as one" * 20)
    with pytest.raises(StoreError, match="cannot be used"):
        Queue(folder)


def test_queue_is_written_through_to_the_disk(folder: Path):
    with Queue(folder) as queue:
        assert queue._db.execute("PRAGMA synchronous").fetchone() == (2,)
    with sqlite3.connect(folder / PLACE) as db:
        assert db.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    db.close()
