"""One tree of errors. Each keeps its data, speaks both languages and knows its exit code."""

from __future__ import annotations

from typing import Any, ClassVar


class DealwrightError(Exception):
    """Anything dealwright tells its caller on purpose.

    `en` and `zh` are whole sentences; `details` is plain JSON data that the
    command line prints under `error.details`.
    """

    kind: ClassVar[str] = "refused"
    exit_code: ClassVar[int] = 1

    def __init__(self, en: str, zh: str, **details: Any) -> None:
        super().__init__(en)
        self.en = en
        self.zh = zh
        self.details: dict[str, Any] = details

    def say(self, lang: str) -> str:
        """The message in `lang` (`en` or `zh`; anything else reads as `en`)."""
        return self.zh if lang == "zh" else self.en


class RefusedError(DealwrightError):
    """The rules of a process, a role or a file say no. Nothing was written."""


class InvalidDefinitionError(RefusedError):
    """A process, overlay, workspace or team file has findings of severity error.

    `details["findings"]` holds them in the shape of `process validate`.
    """


class PluginError(RefusedError):
    """A plugin is missing, blocked, broken or answered wrongly. `details["plugin"]` names it."""


class UsageError(DealwrightError):
    """The call itself is wrong: an unknown name, a value that cannot be read, an ambiguous deal."""

    kind = "usage"
    exit_code = 2


class NotFoundError(DealwrightError):
    """The deal, process, artifact, person or file named does not exist."""

    kind = "not_found"
    exit_code = 3


class ConflictError(DealwrightError):
    """Somebody else wrote first: the deal's version or stage is no longer what the caller saw."""

    kind = "conflict"
    exit_code = 4


class StoreError(DealwrightError):
    """The store is missing, damaged or cannot be used. Nothing was changed."""

    kind = "store"
    exit_code = 5
