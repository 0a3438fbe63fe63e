"""Hostile files of every kind through the real command line, with limits on time and memory set from outside."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "unit" / "definition"))

from crowded import CROWDED
from hostile import HOSTILE

_MOST_MEMORY = 200 << 20
_MOST_SECONDS = 20.0  # of work: a hang, on any machine; the benchmarks tell how long it takes
_SPACE = 1 << 30  # of addresses: a runaway ends in an error, not in the machine's swap

KINDS = {
    "process": "{}.process.yaml", "overlay": "{}.overlay.yaml", "record": "{}.record.yaml",
    "library": "{}.library.yaml", "team": "{}.team.yaml", "settings": "{}/dealwright.yaml",
}  # fmt: skip
# Runs the command in a process that may not grow, and tells how much it took.
_MEASURED = """
import resource, subprocess, sys
resource.setrlimit(resource.RLIMIT_AS, (int(sys.argv[1]),) * 2)
done = subprocess.run(sys.argv[2:], capture_output=True)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
sys.stdout.buffer.write(b"%d %f %d\\n" % (done.returncode, used.ru_utime + used.ru_stime, used.ru_maxrss))
sys.stdout.buffer.write(done.stdout + done.stderr)
"""


def measured(*arguments: str) -> tuple[int, float, int, str]:
    """Exit code, seconds of CPU, peak of memory in bytes, and everything it printed."""
    command = [sys.executable, "-c", _MEASURED, str(_SPACE), sys.executable, "-m", "dealwright", *arguments]
    done = subprocess.run(
        command, capture_output=True, check=True, timeout=120, env={**os.environ, "LC_ALL": "C.UTF-8"}
    )
    figures, _, output = done.stdout.decode().partition("\n")
    code, seconds, memory = figures.split()
    return int(code), float(seconds), int(memory) * 1024, output


def written(folder: Path, kind: str) -> list[Path]:
    """Every hostile file as one of a kind."""
    files = []
    for at, (data, _) in enumerate(HOSTILE.values()):
        path = folder / KINDS[kind].format(f"f{at}")
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"record: account\n" + data if kind == "record" else data)
        files.append(path)
    return files


@pytest.mark.parametrize("kind", KINDS)
def test_hostile_files_are_refused_in_lines_with_positions(kind: str, tmp_path: Path) -> None:
    files = written(tmp_path, kind)
    code, seconds, memory, output = measured("process", "validate", "-o", "json", *map(str, files))
    assert code == 1
    assert "Traceback" not in output
    found = json.loads(output)
    refused = {finding["file"] for finding in found["findings"] if finding["severity"] == "error"}
    if not found["truncated"]:
        empty = {str(path) for path in files if not path.read_bytes().strip(b"\xef\xbb\xbf")}
        assert {str(path) for path in files} - refused <= (empty if kind == "settings" else set())
    for finding in found["findings"]:
        assert finding["line"] >= 1
        assert finding["column"] >= 1
        assert finding["message"].isprintable()
        assert len(finding["message"]) < 300
    assert seconds < _MOST_SECONDS * len(files) / 4  # all of them, the start of the program included
    assert memory < _MOST_MEMORY


@pytest.mark.parametrize("name", ["deep aliases", "billion laughs", "open brackets", "ten megabytes", "many keys"])
def test_one_hostile_file_ends_with_an_exit_code_in_time(name: str, tmp_path: Path) -> None:
    path = tmp_path / "hostile.process.yaml"
    path.write_bytes(HOSTILE[name][0])
    code, seconds, memory, output = measured("process", "validate", str(path))
    assert code == 1
    assert seconds < _MOST_SECONDS
    assert memory < _MOST_MEMORY
    assert "Traceback" not in output
    assert all(len(line) < 400 for line in output.splitlines())
    assert "hostile.process.yaml:" in output


@pytest.mark.parametrize("name", ["detours", "ands", "branches first", "unknown names among many fields"])
def test_one_crowded_file_stays_within_its_memory(name: str, tmp_path: Path) -> None:
    path = tmp_path / "crowded.process.yaml"
    path.write_text(CROWDED[name](), encoding="utf-8")
    code, seconds, memory, output = measured("process", "validate", "--strict", "-o", "json", str(path))
    assert code == 1
    assert json.loads(output)["findings"]
    assert seconds < _MOST_SECONDS + 1  # with the start of the program
    assert memory < _MOST_MEMORY


def test_the_limit_of_memory_can_be_told() -> None:
    """What the others rely on: a process that takes more is seen to."""
    blown = subprocess.run(
        [sys.executable, "-c", _MEASURED, str(_SPACE), sys.executable, "-c", "b'x' * (300 << 20)"],
        capture_output=True, check=True,
    )  # fmt: skip
    assert int(blown.stdout.split()[2]) * 1024 > _MOST_MEMORY
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss > 0
