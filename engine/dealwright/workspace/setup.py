"""`dealwright init`: a workspace to begin with."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

from dealwright import _resources
from dealwright.errors import ConflictError, NotFoundError
from dealwright.model.settings import Settings
from dealwright.workspace.cache import Cache
from dealwright.workspace.core import RELEASE, os_user
from dealwright.workspace.folder import SETTINGS_FILE, STATE, TEAM_FILE, read_settings_file
from dealwright.workspace.neighbours import SUFFIX

_PLAIN = re.compile(r"[A-Za-z][\w.-]*", re.ASCII)
_SETTINGS = """\
# A dealwright workspace. All keys: docs/operators.md, section "The workspace".
dealwright: "1"
timezone: UTC          # an IANA name, such as Asia/Shanghai: where your days begin
language: {language}           # en or zh
plugins: [spin]        # only these are ever imported
# methodologies: {{b2b: [spin]}}   # lay a methodology over a process without editing it
allow_as: true         # anybody here may act as anybody with --as; set false once everyone has an account
allow_now: false       # true lets --now write at another time, for rehearsals
"""


def init(folder: Path, template: str | None = None, language: str = "en") -> dict[str, Any]:
    """Make a workspace in `folder`: settings, a team with a person per role, an empty store.

    With `template`, a copy of that shipped process to edit. What somebody wrote before stays
    as it is, and only what is missing is made; `files` names that. Raises ConflictError where
    there is a store already.
    """
    if folder.exists() and not folder.is_dir():
        raise ConflictError(f"{folder} is a file", f"{folder} 是一个文件", path=str(folder))
    shipped = _shipped()
    if template is not None and template not in shipped:
        listed = ", ".join(sorted(shipped))
        raise NotFoundError(
            f"there is no template {template}; there are: {listed}", f"没有模板 {template}；可用的有：{listed}"
        )
    files = {TEAM_FILE: _team(shipped, template)}
    if template is not None:
        files[f"processes/{template}{SUFFIX}"] = shipped[template].read_text(encoding="utf-8")
    files[SETTINGS_FILE] = _SETTINGS.format(language=language)  # last: it is what makes the folder a workspace
    store = _store_path(folder, language)
    if (folder / store).exists():
        raise ConflictError(f"{folder} is a workspace already", f"{folder} 已是工作区", path=str(folder))
    from dealwright.store import create_store

    (folder / "processes").mkdir(parents=True, exist_ok=True)
    create_store(folder / store).close()
    files = {name: text for name, text in files.items() if not (folder / name).exists()}
    for name, text in files.items():
        with (folder / name).open("x", encoding="utf-8", newline="\n") as handle:
            handle.write(text)
    return {
        "v": 1,
        "path": str(folder),
        "files": [*sorted(files, key=lambda name: name != SETTINGS_FILE), store],
    }


def templates() -> dict[str, Any]:
    """`{v, templates: [{id, title, type, stages}]}` of the shipped processes, by id."""
    from dealwright import definition

    read = (definition.read_sketch(path.read_bytes(), str(path)) for _, path in sorted(_shipped().items()))
    rows = [
        {"id": one.id, "title": {"en": one.title.en, "zh": one.title.zh}, "type": one.type, "stages": len(one.stages)}
        for one in read
        if one is not None
    ]
    return {"v": 1, "templates": rows}


def _shipped() -> dict[str, Path]:
    return {path.name.removesuffix(SUFFIX): path for path in _resources.folder("processes").glob(f"*{SUFFIX}")}


def _store_path(folder: Path, language: str) -> str:
    """Where the store goes: what a `dealwright.yaml` that is there already says, else the usual place."""
    if not (folder / SETTINGS_FILE).exists():
        return Settings().store
    return read_settings_file(folder, Cache(folder / STATE / "cache", RELEASE), language).store


def _team(shipped: dict[str, Path], template: str | None) -> str:
    """People enough for every role of the process (or of all shipped ones); the first is whoever runs this."""
    roles: dict[str, tuple[str, int]] = {}
    first: tuple[str, ...] = ()
    for path in [shipped[template]] if template else [shipped[name] for name in sorted(shipped)]:
        responsible, wanted = _wanted(path)
        first = first or responsible
        for role, (title, people) in wanted.items():
            roles[role] = (title, max(people, roles.get(role, (title, 1))[1]))
    lines = ["# Who may do what. Give each person their roles; os_user is their name on this machine.", "people:"]
    name = os_user()
    me = name if _PLAIN.fullmatch(name) else json.dumps(name, ensure_ascii=False)
    for role, (title, people) in roles.items():
        for number in range(1, people + 1):
            mine = f", os_user: {me}" if role in first and number == 1 else ""
            lines.append(f"  {role.replace('_', '-')}-{number}: {{roles: [{role}]{mine}}}   # {title}")
    return "\n".join(lines) + "\n"


@cache
def _wanted(path: Path) -> tuple[tuple[str, ...], dict[str, tuple[str, int]]]:
    """Who is responsible first in a shipped process, and by role its title and how many people have to hold it."""
    from dealwright import definition

    process = definition.read_process(path.read_bytes(), str(path)).process
    if process is None:
        return (), {}
    people = dict.fromkeys(process.roles, 1)
    lists = [*(kind.approvals for kind in process.artifacts), *(stage.approvals for stage in process.stages)]
    for approval in (approval for approvals in lists for approval in approvals):
        for role in approval.by:
            people[role] = max(people[role], approval.count)
    titles = {role: (process.roles[role].title.en, count) for role, count in people.items()}
    return process.stages[0].responsible[:1], titles
