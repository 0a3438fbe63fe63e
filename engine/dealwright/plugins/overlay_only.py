"""A methodology that is all data: the overlay files beside a module, registered by one line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from dealwright.hookspecs import hookimpl


def overlay_plugin(file: str) -> Callable[[], Sequence[str]]:
    """Register every `*.overlay.yaml` beside `file`, in the order of their names.

    For a plugin's module: `dealwright_register_overlays = overlay_plugin(__file__)`. The files
    are read when plugins are loaded. Raises FileNotFoundError then where there is none.
    """
    folder = Path(file).parent

    @hookimpl
    def dealwright_register_overlays() -> Sequence[str]:
        """Give the text of each overlay beside the module."""
        found = sorted(folder.glob("*.overlay.yaml"))
        if not found:
            raise FileNotFoundError(f"there is no *.overlay.yaml in {folder}")
        return [path.read_text(encoding="utf-8") for path in found]

    return dealwright_register_overlays
