"""A small client of the Language Server Protocol, which talks to the real YAML language server over its pipes."""

from __future__ import annotations

import json
import queue
import subprocess
import threading
from pathlib import Path
from typing import Any

WAIT = 30.0


class Server:
    """The running server; `settings` is what an editor would be configured with."""

    def __init__(self, program: Path, root: Path, settings: dict[str, Any]) -> None:
        self._process = subprocess.Popen(
            ["node", str(program), "--stdio"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        self._settings = settings
        self._inbox: queue.Queue[dict[str, Any]] = queue.Queue()
        self._count = 0
        self.diagnostics: dict[str, list[dict[str, Any]]] = {}
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        capabilities = {
            "workspace": {"configuration": True, "didChangeConfiguration": {"dynamicRegistration": True}},
            "textDocument": {
                "hover": {"contentFormat": ["markdown", "plaintext"]},
                "completion": {"completionItem": {"documentationFormat": ["markdown"], "snippetSupport": True}},
            },
        }
        self.ask("initialize", {"processId": None, "rootUri": root.as_uri(), "capabilities": capabilities})
        self.tell("initialized", {})
        self.tell("workspace/didChangeConfiguration", {"settings": settings})

    def _read(self) -> None:
        out = self._process.stdout
        assert out is not None
        while True:
            length = 0
            while (line := out.readline().strip()) or not length:
                if not line and not length and self._process.poll() is not None:
                    return
                name, _, value = line.partition(b":")
                if name.lower() == b"content-length":
                    length = int(value)
            self._inbox.put(json.loads(out.read(length)))

    def _send(self, message: dict[str, Any]) -> None:
        data = json.dumps({"jsonrpc": "2.0", **message}).encode()
        pipe = self._process.stdin
        assert pipe is not None
        pipe.write(b"Content-Length: %d\r\n\r\n" % len(data) + data)
        pipe.flush()

    def tell(self, method: str, params: dict[str, Any]) -> None:
        """A notification."""
        self._send({"method": method, "params": params})

    def ask(self, method: str, params: dict[str, Any]) -> Any:
        """A request and its result."""
        self._count += 1
        mine = self._count
        self._send({"id": mine, "method": method, "params": params})
        while True:
            message = self._inbox.get(timeout=WAIT)
            if message.get("id") == mine and "method" not in message:
                assert "error" not in message, message["error"]
                return message.get("result")
            self._take(message)

    def _take(self, message: dict[str, Any]) -> None:
        method, params = message.get("method"), message.get("params") or {}
        if method == "textDocument/publishDiagnostics":
            self.diagnostics[params["uri"]] = params["diagnostics"]
        elif method == "workspace/configuration":
            answers = [self._settings.get(item.get("section")) for item in params["items"]]
            self._send({"id": message["id"], "result": answers})
        elif method is not None and "id" in message:
            self._send({"id": message["id"], "result": None})

    def open(self, path: Path, text: str) -> str:
        """Open a document; its URI."""
        uri = path.as_uri()
        document = {"uri": uri, "languageId": "yaml", "version": 1, "text": text}
        self.tell("textDocument/didOpen", {"textDocument": document})
        return uri

    def problems(self, uri: str) -> list[dict[str, Any]]:
        """The diagnostics of a document, once they come."""
        while uri not in self.diagnostics:
            self._take(self._inbox.get(timeout=WAIT))
        return self.diagnostics[uri]

    def at(self, method: str, uri: str, line: int, character: int) -> Any:
        """A request about a place, once the document has been looked at; lines and characters count from 0."""
        self.problems(uri)  # its schemas are there then
        return self.ask(method, {"textDocument": {"uri": uri}, "position": {"line": line, "character": character}})

    def close(self) -> None:
        """End it."""
        self._process.kill()
        self._process.wait()
        self._reader.join(timeout=WAIT)
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()
