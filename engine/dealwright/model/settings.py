"""What `dealwright.yaml` says of a workspace."""

from typing import Literal

from msgspec import Struct

Level = Literal["error", "warning", "off"]


class Lint(Struct, frozen=True, omit_defaults=True):
    """How grave validation takes what it finds.

    `profile` holds `strict`, `default`, `lenient` or files beside it, of which later ones count more;
    `rules` are levels by code, and count more than any profile.
    """

    profile: tuple[str, ...] = ()
    rules: dict[str, Level] = {}


class Defaults(Struct, frozen=True, omit_defaults=True):
    """What holds for every process of a company that does not say otherwise. Empty or None: nothing is said."""

    libraries: tuple[str, ...] = ()
    currency: str = ""
    timezone: str = ""
    stall_factor: float | None = None
    grade_factor: dict[str, float] = {}


class Settings(Struct, frozen=True, omit_defaults=True):
    """A workspace's settings.

    `plugins` are the only ones ever imported, `NAME` or `NAME==VERSION`, and `plugin_timeout` is
    how many seconds each call of theirs may take; `local_plugins` lets some of them be files of the
    workspace's own, `plugins/NAME.py`; `methodologies` adds some to a process by id;
    `timezone` is an IANA name; `allow_as` permits `--as PERSON`, `allow_now` writing with `--now`.
    """

    store: str = ".dealwright/store.db"
    plugins: tuple[str, ...] = ()
    plugin_timeout: float = 5.0
    local_plugins: bool = False
    methodologies: dict[str, tuple[str, ...]] = {}
    timezone: str = "UTC"
    language: str = "en"
    allow_as: bool = False
    allow_now: bool = False
    defaults: Defaults = Defaults()
    lint: Lint = Lint()
