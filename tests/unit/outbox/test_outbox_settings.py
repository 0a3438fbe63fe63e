"""`outbox.yaml` is read as written; what is wrong in it is told with line, column and what was probably meant."""

from __future__ import annotations

from pathlib import Path

import pytest

from dealwright import InvalidDefinitionError
from dealwright_outbox.settings import Endpoint, read_settings, settings_of

WHOLE = """\
source: https://acme.example/dealwright
endpoints:
  crm:
    url: https://crm.example/hook?key=1
    secret_env: [NEW, OLD]
    events: [won, lost]
    processes: b2b
    timeout: 30s
  here: {url: "http://127.0.0.1:8080/x", secret_file: keys.txt, disabled: true}
"""
ONE = "endpoints:\n  crm:\n    url: https://crm.example/\n    secret_env: KEY\n"


def findings(text: str, lang: str = "en") -> list[str]:
    with pytest.raises(InvalidDefinitionError) as refused:
        read_settings(text.encode(), "acme", lang)
    found = refused.value.details["findings"]
    assert all(set(f) == {"file", "line", "column", "code", "severity", "message", "hint"} for f in found)
    assert refused.value.en.startswith("outbox.yaml:")
    return [f"{f['line']}:{f['column']} {f['code']} {f['message']}" for f in found]


def test_every_key_is_read():
    settings = read_settings(WHOLE.encode(), "acme")
    assert settings.source == "https://acme.example/dealwright"
    assert settings.endpoints == {
        "crm": Endpoint(
            "crm", "https://crm.example/hook?key=1", ("NEW", "OLD"), None, ("won", "lost"), ("b2b",), 30, False
        ),
        "here": Endpoint("here", "http://127.0.0.1:8080/x", (), "keys.txt", None, None, 5, True),
    }


def test_endpoint_wants_what_it_names_and_everything_where_it_names_nothing():
    crm = read_settings(WHOLE.encode(), "acme").endpoints["crm"]
    assert crm.wants("won", "b2b")
    assert not crm.wants("advanced", "b2b")
    assert not crm.wants("won", "b2c")
    assert read_settings(ONE.encode(), "acme").endpoints["crm"].wants("advanced", "any")
    assert not crm._replace(disabled=True).wants("won", "b2b")


def test_query_of_an_address_is_not_shown():
    assert read_settings(WHOLE.encode(), "acme").endpoints["crm"].shown == "https://crm.example/hook?..."


def test_source_is_the_workspaces_folder_unless_named(folder: Path):
    assert read_settings(ONE.encode(), "acme").source == "/dealwright/acme"
    (folder / "outbox.yaml").write_text(ONE, encoding="utf-8")
    found = settings_of(folder)
    assert found is not None
    assert found.source == "/dealwright/acme"


def test_without_a_file_there_are_no_settings(folder: Path):
    assert settings_of(folder) is None


def test_file_that_cannot_be_read_is_refused(folder: Path):
    (folder / "outbox.yaml").mkdir()
    with pytest.raises(InvalidDefinitionError, match=r"outbox\.yaml cannot be read"):
        settings_of(folder)


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("", "1:1 empty-file The file is empty"),
        ("- a\n", "1:1 wrong-type Expected a map of keys"),
        ("endpoints: [\n", "2:1 yaml-syntax Not YAML: expected the node content, but found '<stream end>'"),
        ("[" * 5000, "1:1 too-deep Nested too deeply"),
        ("x" * 300_000, "1:1 file-too-large The file is larger than 256 KiB"),
        ("source: a\n", "1:1 missing-key The key `endpoints` is missing here"),
        ("endpoint: {}\n", "1:1 unknown-key The key `endpoint` is not known here (did you mean `endpoints`?)"),
        ("source: a b\nendpoints: {}\n", "1:9 bad-value `a b` is no URI"),
        ("endpoints: {CRM: {}}\n", "1:18 bad-value `CRM` is no name for an endpoint: lower case, digits, `-` and `_`"),
        ("endpoints: {a: x}\n", "1:16 wrong-type Expected a map of keys"),
        ("endpoints: {a: {secret_env: K}}\n", "1:16 missing-key The key `url` is missing here"),
        ("endpoints: {a: {url: 'https://x/'}}\n", "1:16 missing-key The key `secret_env` is missing here"),
        (ONE + "    timeot: 5s\n", "5:5 unknown-key The key `timeot` is not known here (did you mean `timeout`?)"),
        (ONE + "    url: https://x/\n", "5:5 duplicate-key `url` is here a second time"),
        (ONE + "    timeout: 5\n", "5:14 bad-value `5` is no time from 1s to 120s"),
        (ONE + "    timeout: 200s\n", "5:14 bad-value `200s` is no time from 1s to 120s"),
        (ONE + "    disabled: yes\n", "5:15 wrong-type Expected true or false"),
        (ONE + "    events: []\n", "5:13 wrong-type Expected at least one entry"),
        (
            ONE + "    events: [won, advancd]\n",
            "5:19 undeclared-event There is no event type `advancd` (did you mean `advanced`?)",
        ),
        (ONE + "    processes: [b2b, {}]\n", "5:22 wrong-type Expected a text"),
        (ONE.replace("KEY", "MY-KEY"), "4:17 bad-value `MY-KEY` does not fit under `secret_env`"),
        (
            ONE.replace("https:", "http:"),
            "3:10 bad-value Plain http is only for this machine itself; elsewhere use https",
        ),
        (ONE.replace("https:", "ftp:"), "3:10 bad-value The url is to be https://HOST/..."),
        (ONE.replace("crm.example/", "crm.example:99999/"), "3:10 bad-value The url is to be https://HOST/..."),
        (ONE.replace("crm.example/", ""), "3:10 bad-value The url is to be https://HOST/..."),
        (ONE.replace("https://", "https://me:pw@"), "3:10 bad-value The url may hold neither a user nor a fragment"),
    ],
)
def test_mistake_is_told_where_it_is(text: str, first: str):
    assert findings(text)[0] == first


def test_all_mistakes_are_told_at_once_in_order_and_in_the_readers_language():
    text = ONE + "    timeout: x\n    events: [wonn]\nsorce: a\n"
    assert [line.split(" ")[:2] for line in findings(text)] == [
        ["5:14", "bad-value"], ["6:14", "undeclared-event"], ["7:1", "unknown-key"],
    ]  # fmt: skip
    assert findings(text, "zh")[1] == "6:14 undeclared-event 没有事件类型“wonn”（是否指 won？）"


def test_bytes_that_are_no_utf8_are_told():
    with pytest.raises(InvalidDefinitionError, match="1:1: not-utf8 Byte 3 is not UTF-8"):
        read_settings(b"a:\xff", "acme")
