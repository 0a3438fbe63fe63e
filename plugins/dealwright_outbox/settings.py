"""`outbox.yaml`: which endpoints are told of which events. Without the file nothing is ever sent."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple
from urllib.parse import SplitResult, quote, urlsplit

from dealwright import InvalidDefinitionError
from dealwright_outbox.reading import Found, Map, Reading

FILE = "outbox.yaml"
KEYS = ("url", "secret_env", "secret_file", "events", "processes", "timeout", "disabled")  # of an endpoint
_MOST = 256 * 1024  # bytes of a file that one could still read
_NAME = re.compile(r"[a-z][a-z0-9_-]{0,31}")
_EVENT = re.compile(r"[a-z][a-z_]{0,63}")
_PROCESS = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_TIMEOUT = re.compile(r"([1-9][0-9]{0,2})s")
_LOOPBACK = ("localhost", "127.0.0.1", "::1")


class Endpoint(NamedTuple):
    """One receiver. `events` and `processes` are those it is told of, None for all; `timeout` in seconds.

    The secrets are in the environment variables `secret_env` and in the file `secret_file`.
    """

    name: str
    url: str
    secret_env: tuple[str, ...] = ()
    secret_file: str | None = None
    events: tuple[str, ...] | None = None
    processes: tuple[str, ...] | None = None
    timeout: int = 5
    disabled: bool = False

    def wants(self, event: str, process: str) -> bool:
        """Whether it is told of this type of event in this process."""
        return (
            not self.disabled
            and (self.events is None or event in self.events)
            and (self.processes is None or process in self.processes)
        )

    @property
    def shown(self) -> str:
        """The address without its query, in which some services expect a password."""
        return self.url.partition("?")[0] + ("?..." if "?" in self.url else "")


class Settings(NamedTuple):
    """All of `outbox.yaml`; `source` is the CloudEvents source of every message."""

    endpoints: dict[str, Endpoint]
    source: str


def settings_of(folder: Path, lang: str = "en") -> Settings | None:
    """The settings of a workspace; None where it has no `outbox.yaml`. Raises InvalidDefinitionError."""
    path = folder / FILE
    try:
        with path.open("rb") as file:
            data = file.read(_MOST + 1)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise InvalidDefinitionError(
            f"{FILE} cannot be read: {error.strerror}", f"无法读取 {FILE}：{error.strerror}", findings=[]
        ) from error
    return read_settings(data, quote(folder.resolve().name), lang)


def read_settings(data: bytes, name: str, lang: str = "en") -> Settings:
    """The settings in a file's bytes; `name` of the workspace is the source where the file names none.

    Raises InvalidDefinitionError with every finding, each with its line and column.
    """
    found = Found(FILE)
    reading = Reading(found)
    endpoints: dict[str, Endpoint] = {}
    source = f"/dealwright/{name}"
    if len(data) > _MOST:
        found.add(1, 1, "file-too-large", "The file is larger than 256 KiB", "文件超过 256 KiB")
    else:
        root = reading.root(data, ("endpoints", "source"))
        if root is not None:
            source = _source(reading, root) or source
            endpoints = _endpoints(reading, root)
    found.refuse(lang)
    return Settings(endpoints, source)


def _source(reading: Reading, root: Map) -> str | None:
    if "source" not in root:
        return None
    text = reading.text(root["source"])
    if text is not None and not re.fullmatch(r"[!-~]{1,200}", text):
        reading.wrong(root["source"], f"`{text[:60]}` is no URI", f"“{text[:60]}”不是 URI")
    return text


def _endpoints(reading: Reading, root: Map) -> dict[str, Endpoint]:
    if "endpoints" not in root:
        reading.missing(root, "endpoints")
        return {}
    named = reading.map(root["endpoints"])
    found = {}
    for name, node in named.items() if named is not None else ():
        if not _NAME.fullmatch(name):
            reading.wrong(node, f"`{name[:60]}` is no name for an endpoint: lower case, digits, `-` and `_`",
                          f"“{name[:60]}”不能用作端点名：应为小写字母、数字、- 和 _")  # fmt: skip
            continue
        one = reading.map(node, KEYS)
        if one is not None:
            found[name] = _endpoint(reading, name, one)
    return found


def _endpoint(reading: Reading, name: str, one: Map) -> Endpoint:
    url = reading.text(one["url"]) if "url" in one else None
    if "url" not in one:
        reading.missing(one, "url")
    if url is not None and (said := _no_url(url)) is not None:
        reading.wrong(one["url"], *said)
    variables = _listed(reading, one, "secret_env", _VARIABLE) or ()
    file = reading.text(one["secret_file"]) if "secret_file" in one else None
    if "secret_env" not in one and "secret_file" not in one:
        reading.missing(one, "secret_env")
    return Endpoint(
        name, url or "", variables, file, _listed(reading, one, "events", _EVENT),
        _listed(reading, one, "processes", _PROCESS), _timeout(reading, one),
        bool(reading.flag(one["disabled"])) if "disabled" in one else False,
    )  # fmt: skip


def _timeout(reading: Reading, one: Map) -> int:
    if "timeout" not in one:
        return 5
    text = reading.text(one["timeout"]) or ""
    match = _TIMEOUT.fullmatch(text)
    seconds = int(match[1]) if match else 0
    if not 1 <= seconds <= 120:
        reading.wrong(
            one["timeout"], f"`{text[:60]}` is no time from 1s to 120s", f"“{text[:60]}”不是 1s 至 120s 的时间"
        )
    return seconds


def _listed(reading: Reading, one: Map, key: str, form: re.Pattern[str]) -> tuple[str, ...] | None:
    if key not in one:
        return None
    found = reading.texts(one[key])
    for node, text in found:
        if not form.fullmatch(text):
            reading.wrong(node, f"`{text[:60]}` does not fit under `{key}`", f"“{text[:60]}”不能写在 {key} 之下")
        elif key == "events":
            reading.event(node, text)
    return tuple(text for _, text in found)


def _no_url(url: str) -> tuple[str, str] | None:
    """Why an address will not do, or None."""
    parts = _split(url)
    if parts is None or not parts.hostname or parts.scheme not in ("http", "https"):
        return "The url is to be https://HOST/...", "url 应为 https://主机/……"
    if parts.scheme == "http" and parts.hostname not in _LOOPBACK:
        return (
            "Plain http is only for this machine itself; elsewhere use https",
            "明文 http 仅限本机；其他主机请使用 https",
        )
    if parts.username is not None or parts.password is not None or parts.fragment:
        return "The url may hold neither a user nor a fragment", "url 不得包含用户名或片段"
    return None


def _split(url: str) -> SplitResult | None:
    if not re.fullmatch(r"[!-~]{1,2000}", url):
        return None
    try:
        parts = urlsplit(url)
        _ = parts.port  # an impossible one raises here
    except ValueError:
        return None
    return parts
