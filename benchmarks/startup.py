"""Cold starts: whole commands, timed in turns, as ratios to `python -c pass` and to a bare click app.

Bytecode caches are warmed first and kept (PYTHONDONTWRITEBYTECODE is taken out of the
environment). The launcher is the one that pip made beside this interpreter.
Run it as: python benchmarks/startup.py
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROUNDS = 25
BARE = """\
import click
@click.group()
def main(): pass
@main.command()
def hello(): click.echo("hello")
main()
"""


def main() -> None:
    env = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    launcher = str(Path(sys.executable).with_name("dealwright"))
    with tempfile.TemporaryDirectory() as place:
        bare = Path(place) / "bare.py"
        bare.write_text(BARE, encoding="utf-8")
        folder = Path(place) / "acme"
        _run([launcher, "init", str(folder)], env)
        shop = ["--workspace", str(folder), "--as", "sales-rep-1"]
        _run([launcher, *shop, "deal", "open", "b2b", "--title", "Northwind pumps"], env)
        commands = {
            "python -c pass": [sys.executable, "-c", "pass"],
            "bare click --help": [sys.executable, str(bare), "--help"],
            "bare click command": [sys.executable, str(bare), "hello"],
            "dealwright --version": [launcher, "--version"],
            "dealwright --help": [launcher, "--help"],
            "dealwright deal show": [launcher, *shop, "deal", "show", "b2b-1"],
            "dealwright deal set": [launcher, *shop, "deal", "set", "b2b-1", "--set", "grade=A"],
        }
        times: dict[str, list[float]] = {name: [] for name in commands}
        for number in range(ROUNDS + 2):
            for name, argv in commands.items():
                start = time.perf_counter()
                _run(argv, env)
                if number >= 2:
                    times[name].append(time.perf_counter() - start)
    middle = {name: statistics.median(taken) for name, taken in times.items()}
    print(f"{'':24}{'ms':>8}{'of pass':>9}{'of click':>10}")
    for name, took in middle.items():
        click = middle["bare click --help" if name.endswith("--help") else "bare click command"]
        print(f"{name:24}{took * 1000:>8.0f}{took / middle['python -c pass']:>9.2f}{took / click:>10.2f}")


def _run(argv: list[str], env: dict[str, str]) -> None:
    done = subprocess.run(argv, env=env, capture_output=True, check=False)
    if done.returncode != 0:
        raise SystemExit(done.stdout.decode() + done.stderr.decode())


if __name__ == "__main__":
    main()
