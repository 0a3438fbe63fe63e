"""A methodology that is all data: the overlay files beside a module, registered by one line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from dealwright.hookspecs import hookimpl


def overlay_plugin(file: str) -> Callable[[], Sequence[str]]:
    """Register the overlays beside `file`: `NAME.overlay.yaml` for `NAME.py` where there is one, else all of them.

    For a plugin's module: `dealwright_register_overlays = overlay_plugin(__file__)`. The files
    are read when plugins are loaded, in the order of their names. Where there is none, the
    plugin is broken and says so.
    """
    path = Path(file)

    @hookimpl
    def dealwright_register_overlays() -> Sequence[str]:
        """Give the text of each overlay beside the module."""
        own = path.with_name(f"{path.stem}.overlay.yaml")
        found = [own] if own.is_file() else sorted(path.parent.glob("*.overlay.yaml"))
        if not found:
            raise FileNotFoundError(f"there is no *.overlay.yaml in {path.parent}")
        return [one.read_text(encoding="utf-8") for one in found]

    return dealwright_register_overlays
