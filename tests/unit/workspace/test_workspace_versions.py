"""What a file says it is, and which of two versions is the higher one."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path

import pytest

from dealwright.workspace.versions import Stamp, stamp, version_key


def test_versions_are_ordered_by_number_and_releases_come_after_what_led_to_them() -> None:
    order = [
        "0.9.9",
        "1.0.0-alpha",
        "1.0.0-alpha.2",
        "1.0.0-alpha.10",
        "1.0.0-rc.1",
        "1.0.0",
        "1.9.0",
        "1.10.0",
        "2.0.0",
    ]
    for two in permutations(order, 2):
        assert (version_key(two[0]) < version_key(two[1])) == (order.index(two[0]) < order.index(two[1]))


@pytest.mark.parametrize("odd", ["", "1", "1.0", "1.0.0.0", "x.y.z", "1.0.x", "-", "1.0-rc"])
def test_what_is_no_version_can_still_be_ordered(odd: str) -> None:
    for other in ("1.0.0", "1.0.0-rc.1", "1.0", "", "2.x.0"):
        assert (version_key(odd) < version_key(other)) in (True, False)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("process: b2b\nversion: 1.0.0\n", Stamp("b2b", "1.0.0")),
        ("# version: 9.9.9\nversion: '2.1.0' # now\nrecord: \"account\"\n", Stamp("account", "2.1.0")),
        ("library: company\n  version: 3.0.0\n", Stamp("company", "")),
        ("title: x\n", Stamp("", "")),
        ("process:\n", Stamp("", "")),
    ],
)
def test_a_file_says_what_it_is_at_its_top_level(text: str, said: Stamp, tmp_path: Path) -> None:
    path = tmp_path / "x.process.yaml"
    path.write_text(text, encoding="utf-8")
    assert stamp(path) == said
    assert stamp(tmp_path / "missing.yaml") == Stamp("", "")
