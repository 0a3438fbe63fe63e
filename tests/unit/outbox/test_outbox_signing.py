"""Signatures are those of Standard Webhooks; secrets come from where the settings say, and from nowhere else."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest

from dealwright import RefusedError
from dealwright_outbox.settings import Endpoint
from dealwright_outbox.signing import headers, secrets_of, signature

# Computed with `openssl dgst -sha256 -mac HMAC -macopt hexkey:...`.
KEY = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
ID, AT, BODY = "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}'
SIGNED = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def endpoint(**more: object) -> Endpoint:
    return Endpoint("crm", "https://crm.example/hook", **more)  # type: ignore[arg-type]


def encoded(size: int) -> str:
    return "whsec_" + base64.b64encode(b"k" * size).decode()


def test_signature_is_what_openssl_computes():
    assert signature(KEY, ID, AT, BODY) == SIGNED


def test_headers_carry_id_second_and_one_signature_per_secret():
    given = headers((KEY, b"k" * 24), ID, AT, BODY)
    assert given["webhook-id"] == ID
    assert given["webhook-timestamp"] == "1614265330"
    first, second = given["webhook-signature"].split(" ")
    assert first == SIGNED
    assert second.startswith("v1,")
    assert second != SIGNED


@pytest.mark.parametrize("change", [{"message": "msg_x"}, {"at": AT + 1}, {"body": BODY + b" "}])
def test_signature_covers_id_time_and_every_byte(change):
    assert signature(**{"secret": KEY, "message": ID, "at": AT, "body": BODY, **change}) != SIGNED


def test_reference_implementation_of_receivers_takes_our_signature():
    standardwebhooks = pytest.importorskip("standardwebhooks")
    import time

    now = int(time.time())
    body = json.dumps({"title": "电梯"}, ensure_ascii=False).encode()
    given = headers((b"o" * 32, b"n" * 32), "msg_1", now, body)
    for key in (b"o" * 32, b"n" * 32):
        receiver = standardwebhooks.Webhook("whsec_" + base64.b64encode(key).decode())
        assert receiver.verify(body, given) == {"title": "电梯"}
    with pytest.raises(standardwebhooks.WebhookVerificationError):
        receiver.verify(body + b" ", given)


def test_secrets_come_from_variables_then_file_several_apart_by_white_space(tmp_path: Path):
    (tmp_path / "keys").write_text(f"{encoded(40)}\n{encoded(64)}\n", encoding="utf-8")
    environment = {"NEW": encoded(24), "OLD": f"{encoded(32)} {encoded(33)}", "OTHER": "not asked for"}
    found = secrets_of(endpoint(secret_env=("NEW", "OLD"), secret_file="keys"), tmp_path, environment)
    assert [len(key) for key in found] == [24, 32, 33, 40, 64]


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("", "the variable KEY is not set"),
        ("  ", "the variable KEY is not set"),
        ("whsec_!!!", "KEY holds no secret of the form whsec_BASE64"),
        ("口令", "KEY holds no secret of the form whsec_BASE64"),
        (encoded(23), "a secret in KEY has 23 bytes; 24 to 64 are needed"),
        (encoded(65), "a secret in KEY has 65 bytes; 24 to 64 are needed"),
    ],
)
def test_secret_that_will_not_do_is_refused_and_never_shown(tmp_path: Path, value: str, said: str):
    with pytest.raises(RefusedError) as refused:
        secrets_of(endpoint(secret_env=("KEY",)), tmp_path, {"KEY": value})
    assert refused.value.en == f"No secret for the endpoint crm: {said}"
    assert "KEY" in refused.value.zh
    assert not value.strip() or value not in str(refused.value.details) + refused.value.en + refused.value.zh


@pytest.mark.parametrize(("content", "said"), [(None, "No such file"), (b"", "is empty"), (b"\xff", "not UTF-8")])
def test_secret_file_that_is_missing_empty_or_no_text_is_refused(tmp_path: Path, content: bytes | None, said: str):
    if content is not None:
        (tmp_path / "keys").write_bytes(content)
    with pytest.raises(RefusedError, match=said):
        secrets_of(endpoint(secret_file="keys"), tmp_path, {})
