"""What is to be sent and what became of it: an SQLite file of the plugin's own, so that no deal waits for it."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple, Self

from dealwright import StoreError
from dealwright_outbox.message import Message

PLACE = Path(".dealwright", "outbox", "queue.db")
STATES = ("pending", "delivered", "dead")
_WAIT = 4.0  # seconds for another process's write; a listener has five
_SCHEMA = """
CREATE TABLE IF NOT EXISTS message (
  id TEXT PRIMARY KEY, endpoint TEXT NOT NULL, deal TEXT NOT NULL, seq INTEGER NOT NULL, position INTEGER NOT NULL,
  type TEXT NOT NULL, body BLOB NOT NULL, state TEXT NOT NULL DEFAULT 'pending', attempts INTEGER NOT NULL DEFAULT 0,
  queued_at REAL NOT NULL, due_at REAL NOT NULL, done_at REAL, holder TEXT, held_until REAL, status INTEGER,
  en TEXT, zh TEXT
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS waiting ON message (endpoint, deal, position) WHERE state = 'pending';
CREATE INDEX IF NOT EXISTS next ON message (endpoint, position) WHERE state = 'pending';
CREATE INDEX IF NOT EXISTS done ON message (state, done_at);
CREATE INDEX IF NOT EXISTS placed ON message (position);
CREATE TABLE IF NOT EXISTS endpoint (name TEXT PRIMARY KEY, url TEXT, gone_at REAL, rests_until REAL);
"""
# The oldest of its deal that is due, held by nobody: no later one of the deal overtakes it.
_NEXT = """
SELECT id FROM message AS m
WHERE endpoint = :endpoint AND state = 'pending' AND due_at <= :due AND (held_until IS NULL OR held_until <= :now)
  AND NOT EXISTS (SELECT 1 FROM message AS e WHERE e.endpoint = m.endpoint AND e.deal = m.deal
                  AND e.state = 'pending' AND e.position < m.position)
ORDER BY position LIMIT 1
"""
_ROW = "id, endpoint, deal, seq, position, type, state, attempts, queued_at, due_at, done_at, status, en, zh"


class Held(NamedTuple):
    """A message that this process alone may send for now; `attempts` failed before."""

    id: str
    deal: str
    seq: int
    type: str
    body: bytes
    attempts: int


class Standing(NamedTuple):
    """How it is with an endpoint: when it said that it is gone, until when it rests."""

    gone_at: float | None = None
    rests_until: float | None = None


class Queue:
    """The messages of one workspace. What is committed survives a crash at any moment. Use it as a context manager."""

    def __init__(self, folder: Path) -> None:
        path = folder / PLACE
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._db = sqlite3.connect(path, timeout=_WAIT, isolation_level=None, check_same_thread=False)
        except (OSError, sqlite3.Error) as error:
            raise _unusable(path, error) from error
        self._path = path
        try:
            self._prepare()
        except sqlite3.Error as error:
            self._db.close()
            raise _unusable(path, error) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    @staticmethod
    def exists(folder: Path) -> bool:
        """Whether anything was ever queued."""
        return (folder / PLACE).exists()

    def put(self, messages: Sequence[Message], now: float, *, again: bool = False) -> int:
        """Queue messages; one that is there already stays as it is, or with `again` is sent once more. How many."""
        with self._write():
            count = 0
            for one in messages:
                count += self._db.execute(
                    "INSERT INTO message (id, endpoint, deal, seq, position, type, body, queued_at, due_at)"
                    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING",
                    (*one, now, now),
                ).rowcount
                if again:
                    count += self._renew(one.id, now)
            return count

    def renew(self, ids: Sequence[str], now: float) -> int:
        """Send messages that were delivered or given up once more, from the first attempt on. How many."""
        with self._write():
            return sum(self._renew(name, now) for name in ids)

    def take(self, endpoint: str, holder: str, *, due: float, now: float, seconds: float) -> Held | None:
        """The next message of an endpoint due by `due`, for `holder` alone during `seconds`; None for none."""
        with self._write():
            if (self.standing(endpoint).rests_until or 0) > now:
                return None
            found = self._db.execute(_NEXT, {"endpoint": endpoint, "due": due, "now": now}).fetchone()
            if found is None:
                return None
            row = self._db.execute(
                "UPDATE message SET holder = ?, held_until = ? WHERE id = ?"
                " RETURNING id, deal, seq, type, body, attempts",
                (holder, now + seconds, found[0]),
            ).fetchone()
            return Held(*row)

    def delivered(self, message: str, now: float, status: int) -> None:
        """The receiver has it. It counts whoever holds the message by now."""
        with self._write():
            self._db.execute(
                "UPDATE message SET state = 'delivered', attempts = attempts + 1, done_at = ?, status = ?, en = NULL,"
                " zh = NULL, holder = NULL, held_until = NULL WHERE id = ? AND state = 'pending'",
                (now, status, message),
            )

    def failed(
        self, message: str, holder: str, now: float, again_at: float | None, why: tuple[int | None, str, str]
    ) -> None:
        """It failed: to be tried again, or with None given up. Nothing where somebody else holds it by now."""
        with self._write():
            self._db.execute(
                "UPDATE message SET attempts = attempts + 1, state = ?, due_at = COALESCE(?, due_at), done_at = ?,"
                " status = ?, en = ?, zh = ?, holder = NULL, held_until = NULL WHERE id = ? AND holder = ?",
                ("dead" if again_at is None else "pending", again_at, now if again_at is None else None, *why,
                 message, holder),
            )  # fmt: skip

    def let_go(self, message: str, holder: str) -> None:
        """Not tried after all, or not to count."""
        with self._write():
            self._db.execute(
                "UPDATE message SET holder = NULL, held_until = NULL WHERE id = ? AND holder = ?", (message, holder)
            )

    def standing(self, endpoint: str) -> Standing:
        """How it is with an endpoint."""
        found = self._db.execute("SELECT gone_at, rests_until FROM endpoint WHERE name = ?", (endpoint,)).fetchone()
        return Standing(*found) if found else Standing()

    def meet(self, endpoint: str, url: str) -> None:
        """An endpoint whose address is another than before begins afresh."""
        with self._write():
            self._db.execute(
                "INSERT INTO endpoint (name, url) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET"
                " gone_at = NULL, rests_until = NULL, url = excluded.url WHERE url <> excluded.url",
                (endpoint, url),
            )

    def stand(self, endpoint: str, standing: Standing) -> None:
        """Keep how it is with an endpoint that was met."""
        with self._write():
            self._db.execute("UPDATE endpoint SET gone_at = ?, rests_until = ? WHERE name = ?", (*standing, endpoint))

    def counts(self, endpoint: str, now: float) -> dict[str, Any]:
        """How many are pending, due, delivered and dead; the oldest pending's and the last delivery's instant."""
        row = self._db.execute(
            "SELECT COALESCE(SUM(state = 'pending'), 0), COALESCE(SUM(state = 'pending' AND due_at <= ?), 0),"
            " COALESCE(SUM(state = 'delivered'), 0), COALESCE(SUM(state = 'dead'), 0),"
            " MIN(CASE WHEN state = 'pending' THEN queued_at END), MAX(CASE WHEN state = 'delivered' THEN done_at END)"
            " FROM message WHERE endpoint = ?",
            (now, endpoint),
        ).fetchone()
        names = ("pending", "due", "delivered", "dead", "oldest", "last")
        return dict(zip(names, row, strict=True))

    def names(self) -> list[str]:
        """The endpoints that messages are kept for, also those that the settings no longer name."""
        return [name for (name,) in self._db.execute("SELECT DISTINCT endpoint FROM message ORDER BY endpoint")]

    def rows(self, where: Mapping[str, Any], limit: int | None = None) -> tuple[int, list[dict[str, Any]]]:
        """How many messages have these values, and the first of them in the order of the log, without bodies."""
        parts = [f"{name} = ?" for name in where]
        test = f" WHERE {' AND '.join(parts)}" if parts else ""
        given = tuple(where.values())
        [total] = self._db.execute(f"SELECT COUNT(*) FROM message{test}", given).fetchone()  # noqa: S608 - names of ours
        found = self._db.execute(
            f"SELECT {_ROW} FROM message{test} ORDER BY position, endpoint LIMIT ?",  # noqa: S608 - names of ours
            (*given, -1 if limit is None else limit),
        )
        names = _ROW.split(", ")
        return total, [dict(zip(names, row, strict=True)) for row in found]

    def forget(self, before: float) -> int:
        """Drop what was delivered before an instant. How many."""
        with self._write():
            return self._db.execute("DELETE FROM message WHERE state = 'delivered' AND done_at < ?", (before,)).rowcount

    def _renew(self, message: str, now: float) -> int:
        return self._db.execute(
            "UPDATE message SET state = 'pending', attempts = 0, due_at = ?, queued_at = ?, done_at = NULL,"
            " status = NULL, en = NULL, zh = NULL, holder = NULL, held_until = NULL"
            " WHERE id = ? AND state <> 'pending'",
            (now, now, message),
        ).rowcount

    def _prepare(self) -> None:
        self._log_ahead()
        self._db.execute("PRAGMA synchronous = FULL")
        if self._db.execute("PRAGMA user_version").fetchone()[0] == 0:
            self._db.executescript(f"BEGIN IMMEDIATE; {_SCHEMA} PRAGMA user_version = 1; COMMIT;")

    def _log_ahead(self) -> None:
        # SQLite does not wait where two make the same new file at a time: one of them is refused at once.
        for _ in range(40):
            try:
                self._db.execute("PRAGMA journal_mode = WAL")
            except sqlite3.OperationalError:
                time.sleep(0.05)
            else:
                return
        self._db.execute("PRAGMA journal_mode = WAL")

    @contextmanager
    def _write(self) -> Iterator[None]:
        try:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")
        except sqlite3.Error as error:
            raise _unusable(self._path, error) from error


def _unusable(path: Path, error: Exception) -> StoreError:
    return StoreError(f"The outbox {path} cannot be used: {error}", f"无法使用发件箱 {path}：{error}", path=str(path))
