"""Process, overlay, workspace and team files: read with positions, checked, built into the model."""

from dealwright.definition.codes import FINDING_CODES, Code
from dealwright.definition.finding import Finding
from dealwright.definition.fit import overlay_findings
from dealwright.definition.plain import PlainReading, read_plain
from dealwright.definition.reading import (
    OverlayReading,
    Reading,
    SettingsReading,
    TeamReading,
    read_overlay,
    read_process,
    read_settings,
    read_team,
)  # fmt: skip
from dealwright.definition.resolve import resolve

__all__ = [
    "FINDING_CODES", "Code", "Finding", "OverlayReading", "PlainReading", "Reading", "SettingsReading", "TeamReading",
    "overlay_findings", "read_overlay", "read_plain", "read_process", "read_settings", "read_team", "resolve",
]  # fmt: skip
