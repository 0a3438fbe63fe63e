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


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs pipes with a name")
def test_a_pipe_and_a_device_without_end_are_refused_at_once(files: Files, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", Path("/dev/zero"), Path("/dev/null"), tmp_path / ".."):
        with pytest.raises(UsageError, match="not a regular file"):
            files.look(path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs pipes with a name")
def test_a_file_that_becomes_a_pipe_or_a_link_meanwhile_is_refused(
    files: Files, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_bytes(b"x")
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link").symlink_to(tmp_path / "file")
    seen = os.lstat(tmp_path / "file")
    monkeypatch.setattr(module.os, "lstat", lambda _: seen)
    for name in ("pipe", "link"):
        with pytest.raises(UsageError):
            files.look(tmp_path / name)


def test_a_file_that_grows_while_it_is_read_is_not_taken_for_small(
    files: Files, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "small").write_bytes(b"x")
    (tmp_path / "big").write_bytes(b"12345")
    seen = os.lstat(tmp_path / "small")
    monkeypatch.setattr(module.os, "lstat", lambda _: seen)
    monkeypatch.setattr(module, "MOST_BYTES", 4)
    with pytest.raises(UsageError, match="larger"):
        files.look(tmp_path / "big")


def test_names_that_differ_in_case_or_climb_out_share_no_place(files: Files, tmp_path: Path) -> None:
    kept = []
    for folder, name in (("one", "Contract.PDF"), ("two", "contract.pdf"), ("three", "..pdf")):
        (tmp_path / folder).mkdir()
        path = tmp_path / folder / name
        path.write_bytes(folder.encode())
        ref, data = files.look(tmp_path / folder / ".." / folder / name)
        files.keep(ref, data)
        kept.append(files.path(ref))
        assert ref.name == name
    assert [path.read_bytes() for path in kept] == [b"one", b"two", b"three"]
    assert len({str(path).lower() for path in kept}) == 3
    assert all(path.resolve().is_relative_to(files.folder.resolve()) for path in kept)


@pytest.mark.parametrize("name", ["a\x1b[31m.txt", "a\x9b.txt", "a\nb.txt", "a\u202eb.txt", "a\udcff.txt"])
def test_a_name_that_could_steer_a_terminal_or_is_no_text_is_refused(files: Files, tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError, match="rename"):
        files.look(tmp_path / name)
