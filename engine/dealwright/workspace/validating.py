"""Validation of process, overlay, workspace and team files, in a workspace or without one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dealwright.errors import DealwrightError, InvalidDefinitionError, NotFoundError, UsageError
from dealwright.workspace.checked import Checked
from dealwright.workspace.core import Ground
from dealwright.workspace.folder import SETTINGS_FILE, TEAM_FILE, find_folder
from dealwright.workspace.neighbours import RECORD_SUFFIX, SUFFIX, Records, around
from dealwright.workspace.rules import LINT_SUFFIX, Linters, rules_of
from dealwright.workspace.shelf import LIBRARY_SUFFIX, Shelf

if TYPE_CHECKING:
    from dealwright.definition import Finding
    from dealwright.model.process import Overlay

_OVERLAY = ".overlay.yaml"
_SUFFIXES = (SUFFIX, RECORD_SUFFIX, _OVERLAY, LIBRARY_SUFFIX, LINT_SUFFIX)


def check_files(
    paths: Sequence[Path], *, folder: Path | None = None, practice: bool = False, profiles: Sequence[str] = ()
) -> Checked:
    """Validate files, or all of the workspace's, or else the bundled processes.

    `folder` is the workspace whose overlays, allowed plugins and team count; without it,
    the one around here. `practice` looks at the rules of the trade too. How grave findings are
    is the workspace's to say, or instead that of `profiles`: names or files. Raises NotFoundError
    for a path, profile or workspace that is not there, UsageError for what is no profile.
    """
    place = find_folder(folder) if folder else _nearest()
    chosen = files_of(paths, place, *_SUFFIXES)
    ground, findings = _ground(place, chosen)
    try:
        rules = rules_of(ground.settings.lint if ground else None, place, profiles, practice=practice)
        for path in chosen:
            findings += _check(path, ground, rules.practice)
        findings = rules.settled([*findings, *(f for f in rules.findings if Path(f.file) not in chosen)])
    finally:
        if ground:
            ground.close()
    # What is wrong in a parent is found in every process that extends it, and told once.
    return Checked(chosen, list(dict.fromkeys(findings)))


def own_files(paths: Sequence[Path], folder: Path | None = None) -> list[Path]:
    """The files that `check_files` would look at, of those that are somebody's to change: never bundled ones.

    Raises NotFoundError, UsageError where there is neither a path nor a workspace.
    """
    place = find_folder(folder) if folder else _nearest()
    if not paths and place is None:
        raise UsageError("there is no workspace here: name the files to fix", "此处没有工作区：请指明要修正的文件")
    return files_of(paths, place, *_SUFFIXES)


def validate_files(
    paths: Sequence[Path], *, lang: str = "en", strict: bool = False, folder: Path | None = None
) -> dict[str, Any]:
    """What `check_files` finds, as the command line's contract has it; `strict`: warnings are not ok either."""
    return check_files(paths, folder=folder, practice=strict).as_json(lang, strict=strict)


def files_of(paths: Sequence[Path], folder: Path | None, *suffixes: str) -> list[Path]:
    """Files as they are, folders as the files in them; without any, the workspace's or the bundled ones.

    Raises NotFoundError.
    """
    if not paths:
        from dealwright import _resources

        if folder is None:
            bundled = _resources.folder("processes")
            return sorted([*bundled.glob(f"*{SUFFIX}"), *bundled.glob(f"*{RECORD_SUFFIX}")])
        own = [folder / "processes", folder / "overlays", folder / "libraries"]
        return [*_top(folder), *(p for place in own for suffix in suffixes for p in sorted(place.glob(f"*{suffix}")))]
    chosen: list[Path] = []
    for path in paths:
        if path.is_dir():
            chosen += sorted(p for suffix in suffixes for p in path.rglob(f"*{suffix}"))
        elif path.is_file():
            chosen.append(path)
        else:
            raise NotFoundError(f"there is no file {path}", f"没有文件 {path}", file=str(path))
    return chosen


def _top(folder: Path) -> list[Path]:
    return [p for p in (folder / SETTINGS_FILE, folder / TEAM_FILE) if p.is_file()]


def _nearest() -> Path | None:
    try:
        return find_folder(None)
    except NotFoundError:
        return None


def _ground(folder: Path | None, chosen: Sequence[Path]) -> tuple[Ground | None, list[Finding]]:
    """The workspace that counts, if it can be read; else what is wrong with it, where nobody asked for that file."""
    if folder is None:
        return None, []
    try:
        return Ground(folder), []
    except InvalidDefinitionError:
        return None, [f for path in _top(folder) if path not in chosen for f in _check(path, None)]


def findings_of(path: Path, data: bytes) -> list[Finding]:
    """What is wrong with `data`, were it the content of the file `path`, as far as that needs no workspace."""
    return _check(path, None, data=data)


def _check(path: Path, ground: Ground | None, practice: bool = False, *, data: bytes | None = None) -> list[Finding]:
    from dealwright import definition

    if data is None:
        data = path.read_bytes()
    functions = ground.library.functions() if ground else {}
    kinds = ground.library.kinds() if ground else {}
    if path.name == SETTINGS_FILE:
        return [*definition.read_settings(data, str(path)).findings, *_added(ground)]
    if path.name == TEAM_FILE or path.name.endswith(f".{TEAM_FILE}"):
        return definition.read_team(data, str(path)).findings
    if path.name.endswith(LIBRARY_SUFFIX):
        return definition.read_library(data, str(path)).findings
    if path.name.endswith(LINT_SUFFIX):
        return definition.read_lint(data, str(path)).findings
    if path.name.endswith(_OVERLAY):
        return definition.read_overlay(data, str(path), functions, kinds).findings
    neighbours = ground.library.neighbours if ground else around(path)
    return definition.read_process(
        data,
        str(path),
        overlays=_overlays(ground),
        functions=functions,
        kinds=kinds,
        team=ground.team if ground else None,
        practice=practice,
        shelf=ground.library.shelf(path) if ground else Shelf(path, None),
        records=Records(neighbours),
        processes=neighbours,
        lints=Linters(ground.library) if ground else None,
    ).findings


def _added(ground: Ground | None) -> list[Finding]:
    """What speaks against the methodologies that the settings lay over processes."""
    found: list[Finding] = []
    if ground is None:
        return found
    files = ground.library.files()
    for name in ground.settings.methodologies:
        if name in files:
            with suppress(DealwrightError):  # a process that cannot be read is told by its own file
                found += ground.library.added_findings(ground.library.authored(files[name][0]))
    return found


def _overlays(ground: Ground | None) -> Mapping[str, Overlay]:
    """What can be laid over a process. A broken overlay file has findings of its own, and hides no other file's."""
    if ground is None:
        return {}
    return {name: overlay for name, (_, overlay) in ground.library.overlays(skip_broken=True).items()}
