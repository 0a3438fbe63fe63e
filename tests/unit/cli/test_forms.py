"""`--set` and `--data`."""

from __future__ import annotations

import io
from pathlib import Path
from types import SimpleNamespace

import pytest

from dealwright.cli.forms import form, read_form
from dealwright.errors import NotFoundError, UsageError


def test_set_splits_at_the_first_equals_sign() -> None:
    assert form(["note=a=b", "fit="], None) == ({"note": "a=b", "fit": ""}, {})


def test_yaml_and_json_forms_give_the_same_data(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(
        "amount: 120000\nfit: yes\nopen: true\nnone: null\nlist: [{text: '5'}]\n", encoding="utf-8"
    )
    (tmp_path / "a.json").write_text(
        '{"amount": 120000, "fit": "yes", "open": true, "none": null, "list": [{"text": "5"}]}', encoding="utf-8"
    )
    assert read_form(str(tmp_path / "a.yaml")) == read_form(str(tmp_path / "a.json"))


def test_a_form_is_read_from_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO("预算: 12万\n".encode())))
    assert read_form("-") == {"预算": "12万"}


@pytest.mark.parametrize(
    "text", ['{"a": 1, "a": 2}', '{"a": NaN}', "a: 1\na: 2\n", "- 1\n", "just text", '{"a": ', "a: [", "\xff"]
)
def test_what_is_no_map_of_fields_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "form").write_bytes(text.encode("latin-1"))
    with pytest.raises(UsageError):
        read_form(str(tmp_path / "form"))


def test_deep_nesting_is_refused_not_a_crash(tmp_path: Path) -> None:
    for name, text in (("a.json", '{"a":' + "[" * 50_000), ("a.yaml", "a: " + "[" * 50_000)):
        (tmp_path / name).write_text(text, encoding="utf-8")
        with pytest.raises(UsageError):
            read_form(str(tmp_path / name))


def test_a_form_is_limited_in_size(tmp_path: Path) -> None:
    (tmp_path / "big").write_bytes(b"a: " + b"x" * (1 << 20))
    with pytest.raises(UsageError, match="larger than 1 MiB"):
        read_form(str(tmp_path / "big"))


def test_a_missing_file_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError):
        read_form(str(tmp_path / "none"))


def test_a_field_is_given_once_only(tmp_path: Path) -> None:
    (tmp_path / "form").write_text("fit: yes\n", encoding="utf-8")
    with pytest.raises(UsageError, match="both --set and --data"):
        form(["fit=no"], str(tmp_path / "form"))
