"""Sending what is due: each endpoint in a thread of its own, each deal's events in their order, at least once."""

from __future__ import annotations

import os
import random
import threading
import time
import uuid
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

from dealwright import RefusedError
from dealwright_outbox import schedule
from dealwright_outbox.message import CONTENT_TYPE
from dealwright_outbox.queue import Held, Queue, Standing
from dealwright_outbox.sending import Answer, post
from dealwright_outbox.settings import Endpoint, Settings
from dealwright_outbox.signing import headers, secrets_of

_KEPT = 30 * 86_400  # seconds that delivered messages are kept, to be looked up and to be replayed
_IN_A_ROW = 3  # failures of one endpoint after which it rests: its other messages would fare no better
_REST = 30.0  # seconds
_MARGIN = 60.0  # seconds that a message is held beyond the time of its request
_AT_ONCE = 8  # endpoints that are sent to at a time

Post = Callable[[str, Mapping[str, str], bytes, float], Answer]


class Attempt(NamedTuple):
    """One try. `state` is what the message is now: delivered, failed (to be tried again at `next_at`), dead or gone."""

    id: str
    endpoint: str
    deal: str
    seq: int
    type: str
    state: str
    attempt: int
    status: int | None
    en: str
    zh: str
    next_at: float | None


class Delivered(NamedTuple):
    """What a pass did: its attempts, and why an endpoint could not be sent to at all, by name (en, zh)."""

    attempts: list[Attempt]
    unusable: dict[str, tuple[str, str]]


class Deliverer:
    """Sends messages of one workspace.

    `now` says what is due, in seconds of the epoch; `clock` what the signatures say, which receivers compare with
    their own. `jitter` spreads the later attempts.
    """

    def __init__(
        self, folder: Path, settings: Settings, now: Callable[[], float], *, jitter: random.Random | None = None,
        clock: Callable[[], float] = time.time, send: Post = post, environment: Mapping[str, str] = os.environ,
    ) -> None:  # fmt: skip
        self._folder = folder
        self._settings = settings
        self._now = now
        self._jitter = jitter or random.Random()  # noqa: S311 - it spreads load, it guards nothing
        self._clock = clock
        self._send = send
        self._environment = environment
        self._holder = uuid.uuid4().hex
        self._stop = threading.Event()

    def stop(self) -> None:
        """Begin no further request; those on their way are finished and recorded."""
        self._stop.set()

    def run(self) -> Delivered:
        """Send what is due now, until nothing is or the endpoints rest. Raises StoreError for the queue's sake only."""
        done = Delivered([], {})
        ready: list[tuple[Endpoint, tuple[bytes, ...]]] = []
        with Queue(self._folder) as queue:
            queue.forget(self._now() - _KEPT)
            for endpoint in self._settings.endpoints.values():
                if endpoint.disabled:
                    continue
                queue.meet(endpoint.name, endpoint.url)
                if queue.standing(endpoint.name).gone_at is not None:
                    continue
                try:
                    ready.append((endpoint, secrets_of(endpoint, self._folder, self._environment)))
                except RefusedError as error:
                    done.unusable[endpoint.name] = (error.en, error.zh)
        with ThreadPoolExecutor(max(1, min(_AT_ONCE, len(ready)))) as pool:
            running = [pool.submit(self._endpoint, endpoint, secrets) for endpoint, secrets in ready]
            try:
                for one in running:
                    done.attempts.extend(one.result())
            except BaseException:
                self.stop()  # the pool waits for its threads, and they for no more than the request at hand
                raise
        return done

    def _endpoint(self, endpoint: Endpoint, secrets: tuple[bytes, ...]) -> list[Attempt]:
        made: list[Attempt] = []
        due = self._now()
        failures = 0
        hold = endpoint.timeout + _MARGIN
        with Queue(self._folder) as queue:
            while not self._stop.is_set():
                held = queue.take(endpoint.name, self._holder, due=due, now=self._now(), seconds=hold)
                if held is None:
                    break
                signed = headers(secrets, held.id, int(self._clock()), held.body)
                answer = self._send(
                    endpoint.url, {"Content-Type": CONTENT_TYPE, "User-Agent": "dealwright-outbox", **signed},
                    held.body, endpoint.timeout,
                )  # fmt: skip
                made.append(self._record(queue, endpoint, held, answer))
                if answer.gone:
                    break
                failures = 0 if answer.taken else failures + 1
                if failures == _IN_A_ROW:
                    self._rest(queue, endpoint, self._now() + _REST)
        return made

    def _record(self, queue: Queue, endpoint: Endpoint, held: Held, answer: Answer) -> Attempt:
        now = self._now()
        if answer.taken and answer.status is not None:
            queue.delivered(held.id, now, answer.status)
            return _attempt(endpoint, held, "delivered", answer, "", "", None)
        if answer.gone:
            # What is queued stays queued, in case that the endpoint is one day to be used again.
            queue.stand(endpoint.name, Standing(now))
            queue.let_go(held.id, self._holder)
            return _attempt(endpoint, held, "gone", answer, *_why(answer), None)
        asked = schedule.asked_for(answer.retry_after, now)
        again = schedule.again_at(held.attempts + 1, now, self._jitter, asked)
        if asked is not None:
            self._rest(queue, endpoint, asked)
        queue.failed(held.id, self._holder, now, again, (answer.status, *_why(answer)))
        return _attempt(endpoint, held, "dead" if again is None else "failed", answer, *_why(answer), again)

    @staticmethod
    def _rest(queue: Queue, endpoint: Endpoint, until: float) -> None:
        before = queue.standing(endpoint.name)
        queue.stand(endpoint.name, Standing(before.gone_at, max(until, before.rests_until or 0)))


def _why(answer: Answer) -> tuple[str, str]:
    if answer.status is None:
        return answer.en, answer.zh
    said = f": {answer.said}" if answer.said else ""
    if 300 <= answer.status < 400:
        return (f"HTTP {answer.status}, and redirects are not followed", f"HTTP {answer.status}，不跟随重定向")
    return f"HTTP {answer.status}{said}", f"HTTP {answer.status}{said.replace(': ', '：', 1)}"


def _attempt(
    endpoint: Endpoint, held: Held, state: str, answer: Answer, en: str, zh: str, next_at: float | None
) -> Attempt:
    return Attempt(
        held.id, endpoint.name, held.deal, held.seq, held.type, state, held.attempts + 1, answer.status, en, zh, next_at
    )


def shape(attempt: Attempt, lang: str) -> dict[str, Any]:
    """An attempt as `outbox deliver` prints it."""
    return {
        "id": attempt.id, "endpoint": attempt.endpoint, "deal": attempt.deal, "seq": attempt.seq, "type": attempt.type,
        "state": attempt.state, "attempt": attempt.attempt, "status": attempt.status,
        "error": (attempt.zh if lang == "zh" else attempt.en) or None, "next_at": schedule.instant(attempt.next_at),
    }  # fmt: skip
