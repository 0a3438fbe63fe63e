"""A real HTTP receiver on loopback that answers as a test tells it and keeps what came."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import ssl
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, NamedTuple

KEY = bytes(range(32))
SECRET = "whsec_" + base64.b64encode(KEY).decode()


class Came(NamedTuple):
    """One request."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]

    @property
    def json(self) -> dict[str, Any]:
        return json.loads(self.body)

    def is_signed(self, key: bytes = KEY) -> bool:
        """Whether one of the signatures is right, computed the receiver's way."""
        text = f"{self.headers['webhook-id']}.{self.headers['webhook-timestamp']}.".encode() + self.body
        wanted = base64.b64encode(hmac.new(key, text, hashlib.sha256).digest()).decode()
        return f"v1,{wanted}" in self.headers["webhook-signature"].split(" ")


class Receiver:
    """Listens on a port of its own. `answer(came)` gives a status and headers, or writes raw bytes by itself."""

    def __init__(self, certificate: Path | None = None) -> None:
        self.came: list[Came] = []
        self.answer: Callable[[Came], tuple[int, dict[str, str]]] = lambda _: (204, {})
        self.raw: Callable[[Any], None] | None = None
        self.arrived = threading.Semaphore(0)
        self.ending = threading.Event()
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                came = Came(self.path, {name.lower(): value for name, value in self.headers.items()}, body)
                receiver.came.append(came)
                receiver.arrived.release()
                if receiver.raw is not None:
                    receiver.raw(self.wfile)
                    self.close_connection = True
                    return
                status, headers = receiver.answer(came)
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        class Server(ThreadingHTTPServer):
            def handle_error(self, *_: object) -> None:
                """A peer that is gone is no news here."""

        self.server = Server(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        if certificate is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        self.port = self.server.server_address[1]
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.01,))
        self.thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"

    def close(self) -> None:
        self.ending.set()
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()

    def types(self) -> list[str]:
        """The type of each event that came, in order."""
        return [came.json["data"]["event"]["type"] for came in self.came]
