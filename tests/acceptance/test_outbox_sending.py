"""One request over real sockets: what it sends, what it refuses, and that it ends in time."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from webhooks import Receiver

from dealwright_outbox.sending import post


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    one = Receiver()
    yield one
    one.close()


def test_body_headers_and_path_arrive_as_given(receiver: Receiver):
    answer = post(receiver.url + "?key=1", {"X-One": "1"}, "电梯".encode(), 5)
    assert (answer.status, answer.taken) == (204, True)
    [came] = receiver.came
    assert (came.path, came.body.decode(), came.headers["x-one"]) == ("/hook?key=1", "电梯", "1")


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirect_is_not_followed(receiver: Receiver, status: int):
    other = Receiver()
    try:
        receiver.answer = lambda _: (status, {"Location": other.url})
        answer = post(receiver.url, {}, b"{}", 5)
        assert (answer.status, answer.taken) == (status, False)
        assert other.came == []
    finally:
        other.close()


def test_answer_keeps_retry_after_and_the_beginning_of_what_was_said(receiver: Receiver):
    body = b"so \x1b[31mmuch" + b"x" * 5000
    receiver.raw = lambda out: out.write(
        b"HTTP/1.1 503 No\r\nRetry-After: 7\r\nContent-Length: %d\r\n\r\n" % len(body) + body
    )
    answer = post(receiver.url, {}, b"{}", 5)
    assert (answer.status, answer.retry_after) == (503, "7")
    assert answer.said.startswith("so [31mmuchxxx")
    assert len(answer.said) <= 200


def test_endless_answer_is_not_read_to_its_end(receiver: Receiver):
    def endless(out) -> None:
        out.write(b"HTTP/1.1 200 OK\r\n\r\n")
        while not receiver.ending.is_set():
            out.write(b"x" * 65536)

    receiver.raw = endless
    assert post(receiver.url, {}, b"{}", 5).taken


def test_receiver_that_says_nothing_is_left_after_the_time_limit(receiver: Receiver):
    receiver.raw = lambda _: receiver.ending.wait(30) and None
    since = time.monotonic()
    answer = post(receiver.url, {}, b"{}", 1)
    assert (answer.status, answer.en, answer.zh) == (None, "no answer within 1 s", "1 秒内没有应答")
    assert time.monotonic() - since < 3


def test_receiver_that_drips_a_byte_now_and_then_is_left_too(receiver: Receiver):
    def drip(out) -> None:
        while not receiver.ending.wait(0.2):
            out.write(b"H")
            out.flush()

    receiver.raw = drip
    since = time.monotonic()
    assert post(receiver.url, {}, b"{}", 1).en == "no answer within 1 s"
    assert time.monotonic() - since < 3


def test_slow_body_after_a_good_status_does_not_undo_it(receiver: Receiver):
    def slow(out) -> None:
        out.write(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nx")
        out.flush()
        receiver.ending.wait(30)

    receiver.raw = slow
    since = time.monotonic()
    assert post(receiver.url, {}, b"{}", 1).taken
    assert time.monotonic() - since < 3


@pytest.mark.parametrize("raw", [b"", b"nonsense\r\n\r\n", b"HTTP/1.1 abc\r\n\r\n", b"HTTP/1.1 200 " + b"x" * 70000])
def test_answer_that_is_no_http_is_a_failure(receiver: Receiver, raw: bytes):
    receiver.raw = lambda out: out.write(raw)
    answer = post(receiver.url, {}, b"{}", 5)
    assert answer.status is None
    assert answer.en.startswith("cannot be reached: ")


def test_nobody_there_is_a_failure():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    answer = post(f"http://127.0.0.1:{port}/", {}, b"{}", 5)
    assert (answer.status, answer.taken, answer.gone) == (None, False, False)
    assert "refused" in answer.en


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A self-signed certificate of 127.0.0.1 with its key, made now."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl makes the certificate")
    folder = tmp_path_factory.mktemp("tls")
    command = [
        "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
        "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", "key.pem", "-out", "cert.pem",
    ]  # fmt: skip
    subprocess.run(command, cwd=folder, capture_output=True, check=True)
    whole = folder / "whole.pem"
    whole.write_bytes((folder / "key.pem").read_bytes() + (folder / "cert.pem").read_bytes())
    return whole


def test_certificate_that_nobody_vouches_for_is_refused(certificate: Path):
    receiver = Receiver(certificate)
    try:
        answer = post(f"https://127.0.0.1:{receiver.port}/", {}, b"{}", 5)
        assert answer.en.startswith("cannot be reached: certificate: ")
        assert receiver.came == []
    finally:
        receiver.close()


def test_certificate_of_the_machines_own_list_is_taken_and_only_for_its_host(
    certificate: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    receiver = Receiver(certificate)
    try:
        assert post(f"https://127.0.0.1:{receiver.port}/", {}, b"{}", 5).taken
        assert not post(f"https://localhost:{receiver.port}/", {}, b"{}", 5).taken
        assert len(receiver.came) == 1
    finally:
        receiver.close()
