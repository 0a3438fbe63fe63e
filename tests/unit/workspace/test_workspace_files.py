"""Attached files: read once, kept under their hash, never followed through a link."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from dealwright.errors import NotFoundError, UsageError
from dealwright.workspace import files as module
from dealwright.workspace.files import Files


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(tmp_path / "kept")


def test_a_file_is_kept_whole_under_its_hash(files: Files, tmp_path: Path) -> None:
    path = tmp_path / "合同.pdf"
    path.write_bytes(b"signed\n")
    ref, data = files.look(path)
    assert (ref.name, ref.size, ref.sha256) == ("合同.pdf", 7, hashlib.sha256(b"signed\n").hexdigest())
    assert not files.folder.exists()  # looking keeps nothing
    files.keep(ref, data)
    files.keep(ref, data)
    assert files.path(ref).read_bytes() == b"signed\n"
    assert [p.name for p in files.path(ref).parent.iterdir()] == [ref.sha256]


def test_only_regular_files_of_a_sensible_size_are_taken(
    files: Files, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(NotFoundError):
        files.look(tmp_path / "nowhere")
    with pytest.raises(UsageError):
        files.look(tmp_path)
    path = tmp_path / "big"
    path.write_bytes(b"12345")
    monkeypatch.setattr(module, "MOST_BYTES", 4)
    with pytest.raises(UsageError):
        files.look(path)


@pytest.mark.skipif(not hasattr(os, "symlink") or os.name == "nt", reason="needs symbolic links")
def test_a_link_is_not_followed(files: Files, tmp_path: Path) -> None:
    (tmp_path / "real").write_bytes(b"x")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    with pytest.raises(UsageError):
        files.look(tmp_path / "link")
