"""The cache: a convenience that can be deleted, damaged or forbidden without anybody noticing."""

from __future__ import annotations

from pathlib import Path

from dealwright.model.people import Person, Team
from dealwright.workspace.cache import Cache

TEAM = Team({"rep-1": Person("rep-1", ("rep",))})


def test_what_was_kept_comes_back_typed(tmp_path: Path) -> None:
    cache = Cache(tmp_path / "cache", "1")
    key = cache.key("team", b"content")
    assert cache.get(key, Team) is None
    cache.put(key, TEAM)
    assert cache.get(key, Team) == TEAM


def test_the_key_changes_with_content_kind_and_release(tmp_path: Path) -> None:
    keys = {
        Cache(tmp_path, "1").key("team", b"ab", b"c"),
        Cache(tmp_path, "1").key("team", b"a", b"bc"),
        Cache(tmp_path, "1").key("settings", b"ab", b"c"),
        Cache(tmp_path, "2").key("team", b"ab", b"c"),
    }
    assert len(keys) == 4


def test_a_damaged_entry_is_as_good_as_none(tmp_path: Path) -> None:
    cache = Cache(tmp_path, "1")
    key = cache.key("team", b"content")
    for damage in (b"", b"{", b'"text"', b'{"people": 3}', b'{"people": {"rep-1": {}}}', b"\xff\xfe"):
        (tmp_path / key).write_bytes(damage)
        assert cache.get(key, Team) is None


def test_a_folder_that_cannot_be_made_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file in the way", encoding="utf-8")
    cache = Cache(tmp_path / "cache", "1")
    key = cache.key("team", b"content")
    cache.put(key, TEAM)
    assert cache.get(key, Team) is None
