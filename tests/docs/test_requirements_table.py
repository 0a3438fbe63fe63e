"""docs/requirements.md: every row once, with a state, and a test that exists where it is shown."""

from __future__ import annotations

import re

from guide import ROOT, read

ROWS = re.findall(r"^\| (R\d+) \| ([^|]+) \| ([^|]+) \| ([^|]*) \|$", read("docs/requirements.md"), re.MULTILINE)
LATER = ("the language", "a store that can be trusted", "methodologies", "time and people", "insight")


def test_every_requirement_stands_once_and_in_order() -> None:
    assert [row[0] for row in ROWS] == [f"R{number}" for number in range(1, 154)]
    assert all(text.strip() for _, text, _, _ in ROWS)


def test_every_state_is_one_of_three() -> None:
    for name, _, state, shown in ROWS:
        plain = re.sub(r" \(today: .*\)$", "", state)
        if plain.startswith("later: "):
            assert set(plain.removeprefix("later: ").split("; ")) <= set(LATER), name
            assert not shown.strip(), name
        else:
            assert re.match(r"shown\b|not done: .", plain), name
            assert bool(shown.strip()) == plain.startswith("shown"), name


def test_every_test_that_shows_a_row_exists() -> None:
    for name, _, _, shown in ROWS:
        for test in re.findall(r"`([^`]+)`", shown):
            path, _, function = test.partition("::")
            function, _, parameter = function.partition("[")
            source = (ROOT / path).read_text(encoding="utf-8")
            assert re.search(rf"^def {function}\(", source, re.MULTILINE), f"{name}: {test}"
            assert not parameter or f'"{parameter.rstrip("]")}"' in source, f"{name}: {test}"


def test_the_rows_of_this_release_are_shown() -> None:
    due = {*range(1, 57), 59, 61, 62, 65, 66, 67, 75, 76, 80, 81, 82, 84, 92, 110, 131, 142}
    shown = {int(name[1:]) for name, _, state, _ in ROWS if state.startswith("shown")}
    assert due <= shown
