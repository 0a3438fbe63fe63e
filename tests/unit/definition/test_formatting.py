"""Files written the one way: nothing they say changes, no comment is lost, and once is enough."""

from __future__ import annotations

import random
import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from dealwright.definition import read_overlay, read_plain, read_process, read_settings, read_team
from dealwright.definition.compose import compose
from dealwright.definition.finding import Findings
from dealwright.definition.formatting import format_file, same
from dealwright.definition.nodes import Node
from dealwright.definition.orders import READING, Order
from examples import EXAMPLES, INVALID

ROOT = Path(__file__).resolve().parents[3]
FILES = sorted(
    [*(ROOT / "processes").glob("*.yaml"), *(ROOT / "plugins").rglob("*.yaml"), *(EXAMPLES / "valid").glob("*.yaml"),
     *(EXAMPLES / "overlays").glob("*.yaml"), *INVALID]
)  # fmt: skip
KINDS = ("process", "overlay", "library", "record", "workspace", "team")


def kind(path: Path) -> str:
    return next((kind for kind in KINDS if f".{kind}." in path.name), "process")


def formatted(text: str, of: str = "process") -> str:
    made = format_file(text.encode(), "x.yaml", of)
    assert made.findings == []
    assert made.text is not None
    return made.text


def meaning(path: Path, data: bytes) -> object:
    """What a file says, as those who use it have it; None where it says nothing usable."""
    match kind(path):
        case "overlay":
            return read_overlay(data, "x").overlay
        case "team":
            return read_team(data, "x").team
        case "workspace":
            return read_settings(data, "x").settings
        case "library":
            return read_plain(data, "x").data
        case _:
            return read_process(data, "x").process


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_file_says_the_same_afterwards_and_needs_it_only_once(path: Path) -> None:
    data = path.read_bytes()
    made = format_file(data, path.name, kind(path))
    if made.text is None:
        assert made.findings
        return
    assert meaning(path, made.text.encode()) == meaning(path, data)
    written = data.decode("utf-8-sig").splitlines()
    comments = sorted(line.strip() for line in written if line.lstrip().startswith("#"))
    assert sorted(line.strip() for line in made.text.splitlines() if line.lstrip().startswith("#")) == comments
    assert format_file(made.text.encode(), path.name, kind(path)).text == made.text


def _cut(text: str, dice: random.Random) -> str:
    at = dice.randrange(len(text))
    return text[:at] + dice.choice("{}[]:,#&*|>'\"- \n\t") + text[at:]


MUTATIONS: tuple[Callable[[str, random.Random], str], ...] = (
    lambda text, dice: text.replace("\n", "\n\n", dice.randint(1, 9)),
    lambda text, dice: text.replace(": ", ":   ", dice.randint(1, 30)),
    lambda text, dice: re.sub(r"(?m)^(\s*)(\w+:)", r"\1# before\n\1\2", text, count=dice.randint(1, 40)),
    lambda text, dice: re.sub(r"(?m)^(.*\w: [\w ]+)$", r"\1  # beside", text, count=dice.randint(1, 20)),
    lambda text, dice: text.replace(", ", ",\n          ", dice.randint(1, 6)),
    lambda text, dice: text.replace(", ", ", # inside\n          ", dice.randint(1, 3)),
    lambda text, dice: re.sub(r"(?m)^( *)(- .*)$", r"\1\2\n\1  # behind", text, count=dice.randint(1, 20)),
    lambda text, dice: "\n".join(line for line in text.split("\n") if dice.random() > 0.02),
    lambda text, dice: re.sub(r": (\w[\w ]*)(?=[,}\n])", r": '\1'", text, count=dice.randint(1, 20)),
    lambda text, dice: text.replace("\n", "\r\n") if dice.random() < 0.1 else text,
    _cut,
)


@pytest.mark.parametrize("seed", range(25))
def test_mutated_files_keep_what_they_say_or_are_left_alone(seed: int) -> None:
    dice = random.Random(seed)
    for path in dice.sample([path for path in FILES if path.stat().st_size < 20_000], 8):
        text = path.read_text(encoding="utf-8", errors="replace")
        for mutate in dice.sample(MUTATIONS, 3):
            text = mutate(text, dice) or text
        made = format_file(text.encode(), path.name, kind(path))
        if made.text is None:
            assert made.findings, path.name
            continue
        again = format_file(made.text.encode(), path.name, kind(path))
        assert again.text == made.text, f"{path.name}: twice gives another text"
        assert meaning(path, made.text.encode()) == meaning(path, text.encode())


def test_keys_come_in_the_order_of_the_schema_with_their_comments() -> None:
    made = formatted(
        "# the head\n\nversion: 1.0.0 # of today\n# what it is called\nprocess: demo\ndealwright: '1'\n"
        "unheard: of\ntitle: Demo\n\nstages:\n- title: Talk\n  # first things first\n  id: talk\n"
    )
    assert made == (
        '# the head\n\ndealwright: "1"\n# what it is called\nprocess: demo\nversion: 1.0.0 # of today\n'
        "title: Demo\n\nstages:\n  # first things first\n  - id: talk\n    title: Talk\nunheard: of\n"
    )


def test_the_reading_order_knows_the_objects_and_keys_of_the_schemas() -> None:
    waiting, titles = [Order(name) for name in ("process", "record", "overlay", "library", "workspace", "team")], set()
    seen: set[int] = set()
    placing = {"remove", "after", "before"}
    while waiting:
        place = waiting.pop()
        found = place.object
        if id(found.schema) in seen:
            continue
        seen.add(id(found.schema))
        titles.add(found.schema.get("title", ""))
        properties = found.schema.get("properties", {})
        assert sorted(set(place.keys) - placing) == sorted(set(properties) - placing)
        for key in [*properties, "any"]:
            waiting += [place.inside(key), place.inside(key).item()]
    assert set(READING) <= titles
    assert set(READING["Stage"].split()) | placing == set(Order("process").inside("stages").item().keys)


def test_maps_by_id_keep_the_author_s_order() -> None:
    text = "fields:\n  zeta: {type: text}\n  alpha: {type: text}\n"
    assert formatted(text) == text


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("'plain words'", "plain words"),
        ('"客户，你好"', "客户，你好"),
        ("'yes'", '"yes"'),
        ("'12'", '"12"'),
        ("'2024-01-02'", '"2024-01-02"'),
        ('"a: b"', '"a: b"'),
        ('"a # b"', '"a # b"'),
        ("'say \"hello\"'", "'say \"hello\"'"),
        (r'"tab\there"', r'"tab\there"'),
        ("'~'", '"~"'),
        ("'null'", '"null"'),
        ("'- x'", '"- x"'),
        ("'don''t'", "don't"),
        ("''", '""'),
    ],
)
def test_quotes_stay_where_they_are_needed(written: str, kept: str) -> None:
    assert formatted(f"description: {written}\n") == f"description: {kept}\n"


def test_comments_in_brackets_open_them() -> None:
    made = formatted("roles: {rep: {title: Rep}, # the seller\n  boss: {title: Boss} # decides\n  }\n")
    assert made == "roles:\n  rep: {title: Rep} # the seller\n  boss: {title: Boss} # decides\n"


def test_brackets_over_several_lines_are_drawn_together() -> None:
    made = formatted("roles: {rep: {title: Rep},\n     boss: {title: Boss}}\n")
    assert made == "roles: {rep: {title: Rep}, boss: {title: Boss}}\n"


def test_comments_that_end_a_block_stay_in_it() -> None:
    text = "stages:\n  - id: a\n    title: A\n    # the end of a\n  # about b\n  - id: b\n# the end of all\n"
    assert formatted(text) == text
    text = "roles:\n  rep: {title: Rep}\n  # no more roles\n\n# the fields\nfields:\n  a: {type: text}\n"
    assert formatted(text) == text


def test_blank_lines_set_groups_apart_and_several_are_one() -> None:
    assert formatted("\n\nprocess: a\n\n\n\ntitle: b\n\n") == "process: a\n\ntitle: b\n"


def test_texts_over_several_lines_keep_their_lines() -> None:
    text = "title: >-\n  folded\n  text\ndescription: |\n  one\n    two\n\n  three\n"
    assert formatted(text) == text
    plain = "description: a long\n     text that goes\n\n     on\ntype: x\n"
    assert formatted(plain) == "description: a long\n  text that goes\n\n  on\ntype: x\n"
    assert formatted("description: | # why\n      deep\n") == "description: | # why\n  deep\n"


def test_a_file_with_aliases_keeps_its_order() -> None:
    text = "version: 1.0.0\nfields:\n  a: &money {type: money}\n  b: *money\nprocess: x\n"
    assert formatted(text) == text
    assert formatted("x: &map\n   a: 1\ny:   *map\n") == "x: &map\n  a: 1\ny: *map\n"


def test_lists_are_indented_below_their_key() -> None:
    assert formatted("prompts:\n- a\n-   b\n- - c\n  - d\n") == "prompts:\n  - a\n  - b\n  - - c\n    - d\n"


@pytest.mark.parametrize("text", ["a: {b: c\n", "a: b\na: c\n", "a: !!int 3\n", "a: *nobody\n", "\ta: b\n"])
def test_a_file_that_cannot_be_read_is_left_alone(text: str) -> None:
    made = format_file(text.encode(), "x.yaml", "process")
    assert made.text is None
    assert [finding.severity for finding in made.findings] == ["error"]


@pytest.mark.parametrize("text", ["", "# only a comment\n", "{a: b}\n", "[1, 2]\n", "word\n"])
def test_what_has_no_layout_stays_as_it_is(text: str) -> None:
    assert formatted(text) == text


def test_files_of_windows_get_our_line_ends() -> None:
    assert formatted("process: a\r\n# c\r\ntitle: b\r\n") == "process: a\n# c\ntitle: b\n"


def test_a_thousand_stages_are_laid_out_in_seconds() -> None:
    stage = "- title: S{0}\n  id: s{0} # stage\n  phase: close\n  responsible: [rep]\n  sla: 3d\n"
    text = "stages:\n" + "".join(stage.format(n) for n in range(1000))
    began = time.perf_counter()
    made = formatted(text)
    assert time.perf_counter() - began < 5
    assert made.count("# stage") == 1000


def tree(text: str) -> Node:
    found = compose(text, Findings(""))
    assert found is not None
    return found


@pytest.mark.parametrize(
    "other", ["a: [2, 1]\nb: x\n", "a: [1]\nb: x\n", "a: [1, 2]\n", "a: [1, 2]\nb:\n", "a: [1, 2]\nb: {x: y}\n"]
)
def test_the_check_of_meaning_would_catch_a_mistake(other: str) -> None:
    assert same(tree("a: [1, 2]\nb: x\n"), tree("b: x\na: [1, 2]\n"))
    assert not same(tree("a: [1, 2]\nb: x\n"), tree(other))
