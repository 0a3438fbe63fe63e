"""A process of a thousand stages, validated whole: time and memory against check-jsonschema and CSafeLoader.

    python benchmarks/validating.py [--stages 1000]

The process is generated: criteria, branches that split and join, artifacts with approvals,
roles, events, automations. Goals: all checks <= 0.3x check-jsonschema on the same file, each in a process of its
own, in CPU time; nodes with positions <= 0.6x CSafeLoader. check-jsonschema comes with `pip install dealwright[bench]`;
without it there is no ratio.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import yaml

from dealwright._resources import folder
from dealwright.definition import read_process
from dealwright.definition.compose import compose
from dealwright.definition.decode import decode
from dealwright.definition.finding import Findings

sys.path.insert(0, str(Path(__file__).parent.parent / "tests" / "unit" / "definition"))

from thousand import large

# Reads one file as `process validate` does, and nothing else: what a fresh interpreter costs is in it.
_VALIDATE = """
import sys
from pathlib import Path
from dealwright.definition import read_process
path = Path(sys.argv[1])
sys.exit(0 if read_process(path.read_bytes(), path.name).process is not None else 1)
"""


def best(work: Callable[[], object], rounds: int, clock: Callable[[], float]) -> float:
    """The shortest time of `work` in seconds."""
    shortest = float("inf")
    for _ in range(rounds):
        began = clock()
        work()
        shortest = min(shortest, clock() - began)
    return shortest


def measured(command: list[str]) -> tuple[float, float]:
    """(seconds of CPU, peak of memory in MiB) of a command, the best of three; raises if it fails."""
    timed = "import resource, subprocess, sys; subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL); "
    timed += "used = resource.getrusage(resource.RUSAGE_CHILDREN); "
    timed += "print(used.ru_utime + used.ru_stime, used.ru_maxrss)"
    found = []
    for _ in range(3):
        done = subprocess.run([sys.executable, "-S", "-c", timed, *command], check=True, capture_output=True)
        seconds, memory = map(float, done.stdout.split())
        found.append((seconds, memory / 1024))
    return min(found)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--stages", type=int, default=1000)
    stages = parser.parse_args().stages
    data = large(stages)
    print(f"{stages} stages, {len(data) / 1024:.0f} KiB, {data.count(b'condition:')} criteria")
    loaded = best(lambda: yaml.load(data, Loader=yaml.CSafeLoader), 5, time.process_time)
    composed = best(lambda: compose(decode(data), Findings("large")), 5, time.process_time)
    whole = best(lambda: read_process(data, "large"), 3, time.process_time)
    findings = read_process(data, "large", practice=True).findings
    print(f"  CSafeLoader               {loaded * 1e3:7.0f} ms")
    print(f"  nodes with positions      {composed * 1e3:7.0f} ms  {composed / loaded:.2f}x  (goal <= 0.60x)")
    print(f"  read, checked and built   {whole * 1e3:7.0f} ms  {whole / loaded:.2f}x  (goal < 1000 ms)")
    print(f"  {len(findings)} findings: {sorted({finding.code for finding in findings})}")
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "large.process.yaml"
        path.write_bytes(data)
        ours = measured([sys.executable, "-c", _VALIDATE, str(path)])
        print(f"  in a process of its own   {ours[0] * 1e3:7.0f} ms, {ours[1]:.0f} MiB")
        rival = shutil.which("check-jsonschema", path=sysconfig.get_path("scripts")) or shutil.which("check-jsonschema")
        if rival is None:
            print("  check-jsonschema is not installed: no ratio")
            return
        theirs = measured([rival, "--schemafile", str(folder("schemas") / "process.schema.json"), str(path)])
        print(f"  check-jsonschema          {theirs[0] * 1e3:7.0f} ms, {theirs[1]:.0f} MiB")
        print(f"  ratio: time {ours[0] / theirs[0]:.2f}x (goal <= 0.30x), memory {ours[1] / theirs[1]:.2f}x")


if __name__ == "__main__":
    main()
