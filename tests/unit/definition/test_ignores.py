"""A warning can be taken back, with a reason, where it stands; nothing else can."""

from __future__ import annotations

import pytest

from dealwright.definition import read_process
from examples import EXAMPLES

BASE = (EXAMPLES / "valid" / "handbook.process.yaml").read_text(encoding="utf-8")
STAGE = "  - {id: contract, title"
REST = next(line for line in BASE.splitlines() if line.startswith(STAGE)).removeprefix("  - {id: contract, ")
CODES = ["no-buyer-evidence"]


def codes(text: str) -> list[str]:
    return [f.code for f in read_process(text.encode(), "f").findings]


def above(comment: str) -> str:
    return BASE.replace(STAGE, f"  {comment}\n{STAGE}")


def test_the_handbook_has_one_warning() -> None:
    assert codes(BASE) == CODES


@pytest.mark.parametrize(
    "comment",
    [
        "# dealwright: ignore[no-buyer-evidence] signed off by legal",
        "#dealwright:ignore[no-buyer-evidence] signed off by legal",
        "# dealwright: ignore[ no-buyer-evidence ]: signed off",
        "# dealwright: ignore[no-buyer-evidence] 由法务签字",
    ],
)
def test_a_comment_above_with_a_reason_hides_the_warning(comment: str) -> None:
    assert codes(above(comment)) == []


def test_a_comment_on_the_line_hides_the_warning() -> None:
    whole = STAGE.removesuffix("title") + REST
    assert codes(BASE.replace(whole, whole + " # dealwright: ignore[no-buyer-evidence] legal signs")) == []


@pytest.mark.parametrize("reason", ["", " ", " -", ":"])
def test_without_a_reason_nothing_is_hidden(reason: str) -> None:
    assert sorted(codes(above(f"# dealwright: ignore[no-buyer-evidence]{reason}"))) == [
        "ignore-without-reason", "no-buyer-evidence",
    ]  # fmt: skip


def test_two_lines_above_is_too_far() -> None:
    text = above("# dealwright: ignore[no-buyer-evidence] legal signs\n  # another comment")
    assert sorted(codes(text)) == ["no-buyer-evidence", "unused-ignore"]


def test_an_unknown_code_hides_nothing() -> None:
    assert sorted(codes(above("# dealwright: ignore[buyer] legal signs"))) == ["no-buyer-evidence", "unused-ignore"]


def test_several_codes_each_need_their_use() -> None:
    assert codes(above("# dealwright: ignore[no-buyer-evidence, missing-phase] legal signs")) == ["unused-ignore"]


def test_beside_an_error_an_ignore_is_not_called_unused() -> None:
    text = above("# dealwright: ignore[missing-phase] comes later").replace("currency: CNY", "currency: yuan")
    assert sorted(codes(text)) == ["bad-value", "no-buyer-evidence"]
