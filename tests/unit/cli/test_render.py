"""JSON, YAML and CSV from one object."""

from __future__ import annotations

import csv
import io
import json

import pytest
import yaml

from dealwright.cli.render import render, to_csv, to_json, to_yaml
from dealwright.cli.screen import Screen

PAYLOADS = [
    "=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "\x00=1", '=HYPERLINK("http://x")', "-2+3+cmd|' /C calc'!A0",  # noqa: E501
    "=cmd|'/c calc'!A1", "＝1+1", "＋1", "－1+2", "＠x", "--1", "-", "=", "+", "@", "-x", "-1e", "- 1", "=\"a\"", "+86 138",  # noqa: E501
    "@import", "-1,000", "=A1&B1", "\t", "+=1",
]  # fmt: skip


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_formula_in_a_cell_becomes_text(payload: str) -> None:
    rows = list(csv.reader(io.StringIO(to_csv({"deals": [{"title": payload}]}, "deals"), newline="")))
    assert rows[1] == ["'" + payload]


@pytest.mark.parametrize("plain", ["-5", "-5.25", "5", "a=b", "销售", "2026-03-05", " ok"])
def test_harmless_cells_stay_as_they_are(plain: str) -> None:
    rows = list(csv.reader(io.StringIO(to_csv({"deals": [{"title": plain}]}, "deals"))))
    assert rows[1] == [plain]


def test_csv_flattens_objects_and_keeps_lists_as_json() -> None:
    data = {"v": 1, "deals": [{"id": "a", "amount": {"amount": "5.00", "currency": "CNY"}, "tags": ["x"], "on": True}]}
    assert to_csv(data, "deals").splitlines() == [
        "id,amount.amount,amount.currency,tags,on",
        'a,5.00,CNY,"[""x""]",true',
    ]


def test_a_row_without_the_object_leaves_its_columns_empty() -> None:
    data = {"deals": [{"id": "a", "amount": None}, {"id": "b", "amount": {"amount": "5.00", "currency": "CNY"}}]}
    assert to_csv(data, "deals").splitlines() == ["id,amount.amount,amount.currency", "a,,", "b,5.00,CNY"]


def test_a_single_result_is_one_csv_line() -> None:
    assert to_csv({"v": 1, "events": 3, "head": None}, None) == "v,events,head\n1,3,\n"


def test_an_empty_list_is_an_empty_csv() -> None:
    assert to_csv({"deals": []}, "deals") == ""


@pytest.mark.parametrize("hostile", ["\x1b[2J", "\x9b5n", "\u202eevil", "\x7f", "\u2028"])
def test_json_and_yaml_carry_any_text_without_a_raw_control_character(hostile: str) -> None:
    for text, read in ((to_json({"t": hostile}), json.loads), (to_yaml({"t": hostile}), yaml.safe_load)):
        assert hostile[0] not in text
        assert read(text) == {"t": hostile}


def test_json_stays_readable_chinese() -> None:
    assert "资格确认" in to_json({"t": "资格确认"})


def test_json_is_ascii_where_the_stream_knows_no_chinese() -> None:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="ascii")
    render({"t": "资格确认"}, "json", Screen(stream))
    stream.flush()
    assert json.loads(raw.getvalue()) == {"t": "资格确认"}
