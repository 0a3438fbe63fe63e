"""What is due is sent, in order; what fails comes again when it should, and an endpoint that fails is spared."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from dealwright_outbox.delivering import Deliverer
from dealwright_outbox.queue import Queue
from dealwright_outbox.sending import Answer
from dealwright_outbox.settings import Endpoint, Settings

DELAYS = (5, 300, 1800, 7200, 18_000, 36_000, 36_000)
REFUSED = Answer(None, en="cannot be reached: refused", zh="无法送达：refused")


class Receivers:
    """Answers in place of the network, as told per address, and remembers what came."""

    def __init__(self) -> None:
        self.came: list[tuple[str, str, int]] = []
        self.headers: list[Mapping[str, str]] = []
        self.answers: dict[str, Callable[[int], Answer]] = {}

    def __call__(self, url: str, headers: Mapping[str, str], body: bytes, seconds: float) -> Answer:
        self.came.append((url, headers["webhook-id"], json.loads(body)["n"]))
        self.headers.append(headers)
        return self.answers.get(url, lambda _: Answer(204))(json.loads(body)["n"])

    def numbers(self, url: str = "https://crm/") -> list[int]:
        return [number for at, _, number in self.came if at == url]


@pytest.fixture
def receivers() -> Receivers:
    return Receivers()


@pytest.fixture
def deliver(folder: Path, clock, secret, receivers: Receivers) -> Callable[..., Any]:
    def run(*endpoints: Endpoint, **environment: str) -> Any:
        named = endpoints or (Endpoint("crm", "https://crm/", ("KEY",)),)
        settings = Settings({one.name: one for one in named}, "/s")
        return Deliverer(
            folder, settings, clock, jitter=random.Random(1), send=receivers,
            environment={"KEY": secret, **environment},
        ).run()  # fmt: skip

    return run


def put(folder: Path, clock, *messages) -> None:
    with Queue(folder) as queue:
        queue.put(messages, clock())


def states(folder: Path) -> list[str]:
    with Queue(folder) as queue:
        return [row["state"] for row in queue.rows({})[1]]


def test_what_is_due_is_sent_in_the_order_of_the_log_and_only_once(folder, clock, message, receivers, deliver):
    put(folder, clock, message(2), message(1), message(3, deal="b2b-2"))
    done = deliver()
    assert receivers.numbers() == [1, 2, 3]
    assert [one.state for one in done.attempts] == ["delivered"] * 3
    assert deliver().attempts == []
    assert states(folder) == ["delivered"] * 3


def test_message_is_cloudevents_json_with_id_and_signature(folder, clock, message, receivers, deliver):
    put(folder, clock, message(1))
    deliver()
    [given] = receivers.headers
    assert given["Content-Type"] == "application/cloudevents+json; charset=utf-8"
    assert given["webhook-id"] == "msg_crm_1"
    assert given["webhook-signature"].startswith("v1,")


def test_failure_comes_again_on_schedule_with_the_same_id_until_given_up(folder, clock, message, receivers, deliver):
    put(folder, clock, message(1))
    receivers.answers["https://crm/"] = lambda _: Answer(500, said="no")
    waits = []
    for _ in range(8):
        [one] = deliver().attempts
        assert deliver().attempts == []  # not before its time
        if one.next_at is not None:
            waits.append(one.next_at - clock.now)
            clock.now = one.next_at
    assert one.state == "dead"
    assert len(waits) == len(DELAYS)
    assert all(base <= wait <= base * 1.2 for wait, base in zip(waits, DELAYS, strict=True))
    assert {name for _, name, _ in receivers.came} == {"msg_crm_1"}
    assert states(folder) == ["dead"]
    clock.now += 10**6
    assert deliver().attempts == []


def test_failing_event_holds_back_later_ones_of_its_deal_and_no_others(folder, clock, message, receivers, deliver):
    put(folder, clock, message(1), message(2), message(3, deal="b2b-2"))
    receivers.answers["https://crm/"] = lambda number: Answer(500 if number == 1 else 200)
    deliver()
    assert receivers.numbers() == [1, 3]
    receivers.answers.clear()
    clock.now += 10
    deliver()
    assert receivers.numbers() == [1, 3, 1, 2]


def test_endpoint_rests_after_three_failures_in_a_row_and_others_go_on(folder, clock, message, receivers, deliver):
    both = (Endpoint("crm", "https://crm/", ("KEY",)), Endpoint("erp", "https://erp/", ("KEY",)))
    put(folder, clock, *(message(n, end, f"b2b-{n}") for n in range(6) for end in ("crm", "erp")))
    receivers.answers["https://crm/"] = lambda _: REFUSED
    deliver(*both)
    assert receivers.numbers("https://crm/") == [0, 1, 2]
    assert receivers.numbers("https://erp/") == [0, 1, 2, 3, 4, 5]
    clock.now += 29
    assert deliver(*both).attempts == []
    clock.now += 1
    receivers.answers.clear()
    assert [one.state for one in deliver(*both).attempts] == ["delivered"] * 6


def test_retry_after_is_kept_by_the_whole_endpoint(folder, clock, message, receivers, deliver):
    put(folder, clock, message(1), message(2, deal="b2b-2"))
    receivers.answers["https://crm/"] = lambda _: Answer(429, "900")
    [one] = deliver().attempts
    assert one.next_at == clock.now + 900
    clock.now += 899
    assert deliver().attempts == []
    clock.now += 1
    receivers.answers.clear()
    assert len(deliver().attempts) == 2


def test_gone_disables_the_endpoint_and_keeps_what_is_queued(folder, clock, message, receivers, deliver):
    put(folder, clock, message(1), message(2, deal="b2b-2"))
    receivers.answers["https://crm/"] = lambda _: Answer(410)
    [one] = deliver().attempts
    assert (one.state, one.next_at) == ("gone", None)
    receivers.answers.clear()
    clock.now += 10**6
    assert deliver().attempts == []
    assert states(folder) == ["pending", "pending"]
    assert len(deliver(Endpoint("crm", "https://new/", ("KEY",))).attempts) == 2


@pytest.mark.parametrize("status", [301, 302, 307, 400, 404, 500, 503])
def test_whatever_is_not_2xx_is_a_failure(folder, clock, message, receivers, deliver, status: int):
    put(folder, clock, message(1))
    receivers.answers["https://crm/"] = lambda _: Answer(status)
    [one] = deliver().attempts
    assert (one.state, one.status, one.attempt) == ("failed", status, 1)
    assert one.en.startswith(f"HTTP {status}")


def test_endpoint_without_secret_is_named_and_the_others_are_served(folder, clock, message, receivers, deliver):
    both = (Endpoint("crm", "https://crm/", ("NONE",)), Endpoint("erp", "https://erp/", ("KEY",)))
    put(folder, clock, message(1), message(1, "erp"))
    done = deliver(*both)
    assert list(done.unusable) == ["crm"]
    assert [one.endpoint for one in done.attempts] == ["erp"]
    assert sorted(states(folder)) == ["delivered", "pending"]


def test_disabled_endpoint_is_sent_nothing(folder, clock, message, receivers, deliver):
    put(folder, clock, message(1))
    assert deliver(Endpoint("crm", "https://crm/", ("KEY",), disabled=True)).attempts == []
    assert receivers.came == []


def test_message_of_a_deliverer_that_died_is_sent_by_the_next_one_with_the_same_id(
    folder, clock, message, receivers, deliver
):
    put(folder, clock, message(1))
    with Queue(folder) as queue:
        assert queue.take("crm", "died", due=clock(), now=clock(), seconds=65.0) is not None
    assert deliver().attempts == []
    clock.now += 65
    assert [one.id for one in deliver().attempts] == ["msg_crm_1"]


def test_stopped_deliverer_begins_no_request(folder, clock, message, receivers, secret):
    put(folder, clock, message(1), message(2))
    settings = Settings({"crm": Endpoint("crm", "https://crm/", ("KEY",))}, "/s")
    one = Deliverer(folder, settings, clock, send=receivers, environment={"KEY": secret})
    receivers.answers["https://crm/"] = lambda _: (one.stop(), Answer(200))[1]
    assert [done.state for done in one.run().attempts] == ["delivered"]
    assert states(folder) == ["delivered", "pending"]


def test_delivered_messages_are_kept_for_thirty_days(folder, clock, message, deliver):
    put(folder, clock, message(1))
    deliver()
    clock.now += 30 * 86_400
    deliver()
    assert states(folder) == ["delivered"]
    clock.now += 1
    deliver()
    assert states(folder) == []
