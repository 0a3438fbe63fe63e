"""Process, record, library, overlay, workspace and team files: read with positions, checked, built into the model."""

from dealwright.definition.code import Code
from dealwright.definition.codes import FINDING_CODES
from dealwright.definition.finding import Finding
from dealwright.definition.fit import overlay_findings
from dealwright.definition.layers import Part
from dealwright.definition.neighbours import record_type
from dealwright.definition.plain import PlainReading, read_plain
from dealwright.definition.reading import (
    LibraryReading,
    LintReading,
    OverlayReading,
    Reading,
    SettingsReading,
    TeamReading,
    read_library,
    read_lint,
    read_overlay,
    read_process,
    read_settings,
    read_sketch,
    read_team,
)  # fmt: skip
from dealwright.definition.resolve import resolve

__all__ = [
    "FINDING_CODES", "Code", "Finding", "LibraryReading", "LintReading", "OverlayReading", "Part", "PlainReading",
    "Reading", "SettingsReading", "TeamReading", "overlay_findings", "read_library", "read_lint", "read_overlay",
    "read_plain", "read_process", "read_settings", "read_sketch", "read_team", "record_type", "resolve",
]  # fmt: skip
