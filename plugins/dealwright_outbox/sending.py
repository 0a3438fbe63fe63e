"""One HTTP request: no redirect is followed, certificates are checked, and it ends within its time."""

from __future__ import annotations

import contextlib
import http.client
import socket
import ssl
import threading
from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import urlsplit

_SHOWN = 200  # characters of an answer that help to find out what was wrong
_READ = 64 * 1024  # bytes of an answer that are read at most


class Answer(NamedTuple):
    """What came of a request: a `status`, or None and what went wrong in both languages.

    `retry_after` is the header of that name; `said` the beginning of what the receiver answered.
    """

    status: int | None
    retry_after: str | None = None
    said: str = ""
    en: str = ""
    zh: str = ""

    @property
    def taken(self) -> bool:
        """Whether the receiver has it."""
        return self.status is not None and 200 <= self.status < 300

    @property
    def gone(self) -> bool:
        """Whether the receiver wants no more of them, ever."""
        return self.status == http.client.GONE


def post(url: str, headers: Mapping[str, str], body: bytes, seconds: float) -> Answer:
    """Send `body` to `url`. Whatever the network does becomes an Answer, after `seconds` at most."""
    watch = _Watch()
    try:
        connection = _connection(url, seconds)
        watch.start(connection, seconds)
        with contextlib.closing(connection):
            parts = urlsplit(url)
            path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            connection.request("POST", path, body, dict(headers))
            return _read(connection.getresponse())
    except (OSError, http.client.HTTPException, ValueError) as error:
        if watch.late or isinstance(error, TimeoutError):
            return Answer(None, en=f"no answer within {seconds:g} s", zh=f"{seconds:g} 秒内没有应答")
        said = _reason(error)
        return Answer(None, en=f"cannot be reached: {said}", zh=f"无法送达：{said}")
    finally:
        watch.stop()


class _Watch:
    """Cuts a connection whose peer keeps it busy beyond its time, a byte now and then."""

    def __init__(self) -> None:
        self.late = False
        self._timer: threading.Timer | None = None

    def start(self, connection: http.client.HTTPConnection, seconds: float) -> None:
        self._timer = threading.Timer(seconds, self._cut, (connection,))
        self._timer.daemon = True
        self._timer.start()

    def stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()

    def _cut(self, connection: http.client.HTTPConnection) -> None:
        self.late = True
        found: socket.socket | None = connection.sock
        if found is not None:
            with contextlib.suppress(OSError):
                # The plain one: TLS would take its own state away under the thread that is reading.
                socket.socket.shutdown(found, socket.SHUT_RDWR)


def _connection(url: str, seconds: float) -> http.client.HTTPConnection:
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.scheme == "http":
        return http.client.HTTPConnection(host, parts.port, timeout=seconds)
    return http.client.HTTPSConnection(host, parts.port, timeout=seconds, context=ssl.create_default_context())


def _read(response: http.client.HTTPResponse) -> Answer:
    status, after = response.status, response.getheader("Retry-After")
    said = b""
    with contextlib.suppress(OSError, http.client.HTTPException, ValueError):
        said = response.read(_READ)  # what is still missing of it does not matter: the status is known
    text = " ".join(said[: 4 * _SHOWN].decode("utf-8", "replace").split())[:_SHOWN]
    return Answer(status, after, "".join(mark for mark in text if mark.isprintable()))


def _reason(error: Exception) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"certificate: {error.verify_message}"
    said = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return " ".join(str(said).split())[:_SHOWN]
