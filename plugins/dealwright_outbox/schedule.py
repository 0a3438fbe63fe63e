"""When a message that failed is tried again, and when it is given up."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

# Seconds after the first failure, the second ...: the schedule that Standard Webhooks suggests.
DELAYS = (5, 5 * 60, 30 * 60, 2 * 3600, 5 * 3600, 10 * 3600, 10 * 3600)
_JITTER = 0.2  # at most so much longer, so that what failed together does not come back together
LONGEST_ASKED = 24 * 3600  # seconds; a receiver that asks for more is asked again after this


def again_at(attempts: int, now: float, jitter: random.Random, asked: float | None = None) -> float | None:
    """When to try again after so many failed attempts, in seconds of the epoch; None to give up.

    Never before `asked`, the instant that the receiver named.
    """
    if attempts > len(DELAYS):
        return None
    own = now + DELAYS[attempts - 1] * (1 + _JITTER * jitter.random())
    return own if asked is None else max(own, asked)


def asked_for(header: str | None, now: float) -> float | None:
    """The instant that a `Retry-After` names, in seconds or as a date; None where it names none that is to come."""
    text = (header or "").strip()
    if text.isascii() and text.isdigit() and len(text) < 10:
        seconds = float(text)
    else:
        try:
            date = parsedate_to_datetime(text)
        except ValueError:
            return None
        seconds = (date if date.tzinfo else date.replace(tzinfo=UTC)).timestamp() - now
    return now + min(seconds, LONGEST_ASKED) if seconds > 0 else None


def instant(seconds: float | None) -> str | None:
    """RFC 3339 in UTC with Z, to the millisecond; None stays None."""
    if seconds is None:
        return None
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
