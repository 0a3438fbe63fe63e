"""Where a plugin to be checked is: a folder with its project, a package, one file, a module, or what is installed."""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

from dealwright.errors import NotFoundError, UsageError
from dealwright.plugins.catalogue import GROUP, Offer, installed


class Found(NamedTuple):
    """A plugin on offer, and the folders that its import needs on sys.path beside the usual ones."""

    offer: Offer
    places: tuple[str, ...] = ()

    @contextmanager
    def importable(self) -> Iterator[None]:
        """While in this block, what the plugin imports of its own is found."""
        before = list(sys.path)
        sys.path[:0] = self.places
        try:
            yield
        finally:
            sys.path[:] = before


def find(target: str | Path | ModuleType, local: Sequence[Offer] = ()) -> tuple[Found, ...]:
    """The plugins that `target` is or names: a module, a path, the name of an installed one or of one of `local`.

    A project's folder may offer several. Raises NotFoundError where nothing is there, and
    UsageError where what is there offers no plugin.
    """
    if isinstance(target, ModuleType):
        return (Found(Offer(target.__name__.rpartition(".")[2], target.__name__, "", _version(target))),)
    path = Path(target)
    if path.is_dir():
        return _of_folder(path.absolute())
    if path.suffix == ".py" and path.is_file():
        return (Found(Offer(path.stem, f"file:{path.absolute()}", "", "0")),)
    for offer in (*local, *installed(None)):
        if offer.name == str(target):
            return (Found(offer),)
    raise NotFoundError(
        f"{target} is neither a folder, nor a .py file, nor the name of an installed plugin",
        f"{target} 既不是文件夹或 .py 文件，也不是已安装插件的名称",
    )


def _version(module: ModuleType) -> str:
    said = getattr(module, "__version__", "0")
    return said if isinstance(said, str) else "0"


def _of_folder(folder: Path) -> tuple[Found, ...]:
    project = folder / "pyproject.toml"
    if not project.is_file():
        if (folder / "__init__.py").is_file():
            return (Found(Offer(folder.name, folder.name, "", "0"), (str(folder.parent),)),)
        raise UsageError(
            f"{folder} has neither a pyproject.toml nor an __init__.py",
            f"{folder} 中没有 pyproject.toml 或 __init__.py",
        )
    try:
        said: dict[str, Any] = tomllib.loads(project.read_text(encoding="utf-8")).get("project", {})
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{project}: {error}", f"{project}：{error}") from error
    points = said.get("entry-points", {}).get(GROUP, {})
    if not points:
        raise UsageError(
            f"{project} has no entry point: it needs a table [project.entry-points.{GROUP}]",
            f"{project} 中没有入口点：缺少 [project.entry-points.{GROUP}] 表",
        )
    source = folder / "src"
    places = (str(source if source.is_dir() else folder),)
    version = str(said.get("version", "0"))
    return tuple(
        Found(Offer(name, value, str(said.get("name", "")), version), places) for name, value in points.items()
    )
