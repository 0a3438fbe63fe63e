"""Pictures of processes, from a workspace or from a file alone."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

from dealwright.errors import NotFoundError, UsageError
from dealwright.workspace.folder import invalid
from dealwright.workspace.neighbours import RECORD_SUFFIX, SUFFIX, Records, around
from dealwright.workspace.shelf import Shelf

if TYPE_CHECKING:
    from dealwright.model.process import Process
    from dealwright.workspace.workspace import Workspace

Form = Literal["mermaid", "dot", "svg"]


def process_diagram(process: Process, form: Form, lang: str = "en", *, detail: bool = False) -> str:
    """The text of a diagram of a resolved process, in `lang`; with `detail` criteria and conditions by name."""
    from dealwright.definition import diagram

    make = {"mermaid": diagram.as_mermaid, "dot": diagram.as_dot, "svg": diagram.as_svg}[form]
    return make(diagram.picture_of(process, lang, detail=detail))


def process_in(workspace: Workspace, name: str) -> Process:
    """A process by id, `ID@VERSION` of a published one, or file, with its methodologies laid over it.

    Raises NotFoundError, InvalidDefinitionError, PluginError.
    """
    if is_file(name):
        return workspace.library.resolve(workspace.library.authored(Path(name)))
    library = workspace.library
    bare, _, version = name.partition("@")
    if not version and bare in library.files() and not (workspace.folder / workspace.settings.store).exists():
        # A repository of process files: nothing was ever published here, so the files are all there is.
        return library.resolve(library.authored(library.files()[bare][0]))
    store = workspace.store
    if not version:
        return library.resolve(library.source(bare, store).process)
    kept = [one for one in store.definitions() if one["id"] == bare and one["version"] == version]
    if not kept:
        raise NotFoundError(f"{bare} has no version {version} here", f"{bare} 没有版本 {version}", process=name)
    return library.program_of(kept[-1]["definition_hash"], store).process


def process_of_file(name: str, lang: str) -> Process:
    """A process file where there is no workspace; what its methodologies would add is not known then.

    Raises InvalidDefinitionError, UsageError for a name that is no file.
    """
    from dealwright import definition

    path = Path(name)
    if not is_file(name):
        raise UsageError(
            f"there is no workspace here, so name a file instead of {name[:80]}",
            f"此处没有工作区，请给出文件而不是 {name[:80]}", process=name[:80],
        )  # fmt: skip
    beside = around(path)
    reading = definition.read_process(
        path.read_bytes(), str(path), shelf=Shelf(path, None), records=Records(beside), processes=beside
    )
    if reading.process is None:
        raise invalid(reading.findings, str(path), lang)
    return reading.process


def is_file(name: str) -> bool:
    """Whether `name` means a file rather than the id of a process."""
    return name.endswith((SUFFIX, RECORD_SUFFIX)) and Path(name).is_file()
