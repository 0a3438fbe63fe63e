"""A workspace's folder: finding it, and reading `dealwright.yaml` and `team.yaml` once per content."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dealwright.errors import InvalidDefinitionError, NotFoundError, UsageError
from dealwright.model.people import Team
from dealwright.model.settings import Settings
from dealwright.workspace.cache import Cache

if TYPE_CHECKING:
    from dealwright.definition import Finding

SETTINGS_FILE = "dealwright.yaml"
TEAM_FILE = "team.yaml"
STATE = ".dealwright"


def find_folder(start: Path | None) -> Path:
    """The folder given, `$DEALWRIGHT_WORKSPACE`, or the nearest parent of here with `dealwright.yaml`.

    Raises NotFoundError.
    """
    named = start or (Path(os.environ["DEALWRIGHT_WORKSPACE"]) if os.environ.get("DEALWRIGHT_WORKSPACE") else None)
    if named is not None:
        if (named / SETTINGS_FILE).is_file():
            return named.absolute()
        raise NotFoundError(
            f"{named} is no workspace: it has no {SETTINGS_FILE}; make one with: dealwright init {named}",
            f"{named} 不是工作区：缺少 {SETTINGS_FILE}；可运行 dealwright init {named} 创建",
        )
    here = Path.cwd()
    for folder in (here, *here.parents):
        if (folder / SETTINGS_FILE).is_file():
            return folder
    raise NotFoundError(
        f"no {SETTINGS_FILE} here or above; make a workspace with: dealwright init FOLDER",
        f"当前目录及其上级均无 {SETTINGS_FILE}；可运行 dealwright init 目录 创建工作区",
    )


def read_settings_file(folder: Path, cache: Cache, lang: str) -> Settings:
    """`dealwright.yaml`, checked. Raises InvalidDefinitionError with its findings."""
    path = folder / SETTINGS_FILE
    settings: Settings = _read(path, cache, "settings", Settings, lang)
    if settings.timezone != "UTC":
        from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

        try:
            ZoneInfo(settings.timezone)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise UsageError(
                f"{path}: there is no time zone {settings.timezone}", f"{path}：没有时区 {settings.timezone}"
            ) from error
    return settings


def read_team_file(folder: Path, cache: Cache, lang: str) -> Team:
    """`team.yaml`, checked; a workspace without one has nobody. Raises InvalidDefinitionError."""
    path = folder / TEAM_FILE
    if not path.is_file():
        return Team()
    team: Team = _read(path, cache, "team", Team, lang)
    return team


def invalid(findings: list[Finding], path: str, lang: str) -> InvalidDefinitionError:
    """The error for a file with findings of severity error: the first in words, all in its details, in `lang`."""
    errors = [finding for finding in findings if finding.severity == "error"]
    first = errors[0]
    where = f"{first.file}:{first.line}:{first.column}"
    more, more_zh = (
        (f" (and {len(errors) - 1} more)", f"（另有 {len(errors) - 1} 处）") if len(errors) > 1 else ("", "")
    )
    return InvalidDefinitionError(
        f"{where}: {first.code} {first.message.en}{more}",
        f"{where}: {first.code} {first.message.zh}{more_zh}",
        file=path,
        findings=[finding.as_json(lang) for finding in findings],
    )


def _read(path: Path, cache: Cache, kind: str, model: type[Any], lang: str) -> Any:
    data = path.read_bytes()
    key = cache.key(kind, data)
    cached = cache.get(key, model)
    if cached is not None:
        return cached
    from dealwright import definition  # yaml and jsonschema are read only when a file is new

    reading = definition.read_settings(data, str(path)) if kind == "settings" else definition.read_team(data, str(path))
    value = reading.settings if isinstance(reading, definition.SettingsReading) else reading.team
    if value is None:
        raise invalid(reading.findings, str(path), lang)
    cache.put(key, value)
    return value
