"""Reading process files, as ratios in one run: nodes against PyYAML's CSafeLoader, validation against check-jsonschema.

    python benchmarks/reading.py [--files 100]

Goals (design.md, section 9): nodes with positions <= 0.6x CSafeLoader; 100 files validated,
meaning included, <= 0.25x check-jsonschema. The comparison is left out where check-jsonschema
is not installed (`pip install dealwright[bench]`).
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

# What a fresh interpreter does to validate files: the same start-up cost that the other tool pays.
_VALIDATE = """
import sys
from pathlib import Path
from dealwright.definition import read_process
bad = sum(1 for path in sys.argv[1:] if read_process(Path(path).read_bytes(), path).process is None)
sys.exit(1 if bad else 0)
"""


def best(*works: Callable[[], object], rounds: int = 40, clock: Callable[[], float] = time.process_time) -> list[float]:
    """The shortest time of each, in seconds (of CPU); taken in turn, so that a busy machine hurts all alike."""
    shortest = [float("inf")] * len(works)
    for _ in range(rounds):
        for at, work in enumerate(works):
            began = clock()
            work()
            shortest[at] = min(shortest[at], clock() - began)
    return shortest


def nodes(path: Path) -> None:
    data = path.read_bytes()
    loaded, composed, whole = best(
        lambda: yaml.load(data, Loader=yaml.CSafeLoader),
        lambda: compose(decode(data), Findings(path.name)),
        lambda: read_process(data, path.name),
    )
    print(f"{path.name}: {len(data) / 1024:.0f} KiB; CSafeLoader {loaded * 1e3:.1f} ms")
    print(f"  nodes with positions      {composed * 1e3:7.1f} ms  {composed / loaded:.2f}x  (goal <= 0.60x)")
    print(f"  read, checked and built   {whole * 1e3:7.1f} ms  {whole / loaded:.2f}x")


def validation(path: Path, files: int) -> None:
    rival = shutil.which("check-jsonschema", path=sysconfig.get_path("scripts")) or shutil.which("check-jsonschema")
    with tempfile.TemporaryDirectory() as place:
        copies = [Path(place) / f"process-{at}.yaml" for at in range(files)]
        for copy in copies:
            copy.write_bytes(path.read_bytes())
        ours = [sys.executable, "-c", _VALIDATE, *map(str, copies)]
        (took,) = best(lambda: subprocess.run(ours, check=True), rounds=3, clock=time.perf_counter)
        print(f"{files} files of {path.name}, meaning included, in a fresh process: {took:.2f} s")
        if rival is None:
            print("  check-jsonschema is not installed: no ratio")
            return
        schema = folder("schemas") / "process.schema.json"
        theirs = [rival, "--schemafile", str(schema), *map(str, copies)]
        (rival_took,) = best(
            lambda: subprocess.run(theirs, check=False, stdout=subprocess.DEVNULL), rounds=1, clock=time.perf_counter
        )
        print(f"  check-jsonschema {rival_took:.2f} s: {took / rival_took:.2f}x  (goal <= 0.25x)")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--files", type=int, default=100)
    wanted = parser.parse_args()
    largest = max(folder("processes").glob("*.process.yaml"), key=lambda path: path.stat().st_size)
    nodes(largest)
    validation(largest, wanted.files)


if __name__ == "__main__":
    main()
