"""The guide tells every code, key and step, with the severity that the code has."""

from __future__ import annotations

import json
import re
from pathlib import Path

import yaml

from dealwright._resources import folder
from dealwright.interchange.encoding import ENCODINGS
from dealwright.interchange.import_map import read_map
from dealwright.interchange.issue import SEVERITIES

GUIDE = (Path(__file__).resolve().parents[3] / "docs/import.md").read_text(encoding="utf-8")
SCHEMA = json.loads((folder("schemas") / "import-map.schema.json").read_text(encoding="utf-8"))


def test_the_table_of_codes_is_that_of_the_code():
    told = re.findall(r"^\| `([a-z-]+)` \| (error|doubt) \|", GUIDE, re.MULTILINE)
    assert dict(told) == SEVERITIES
    assert len(told) == len(SEVERITIES)


def test_every_key_of_the_map_and_every_encoding_is_explained():
    keys = set(SCHEMA["properties"]) - {"import"} | set(SCHEMA["$defs"]["source"]["oneOf"][1]["properties"])
    assert {key for key in keys if f"`{key}`" not in GUIDE} == set()
    assert set(SCHEMA["properties"]["encoding"]["enum"]) == {"auto", *ENCODINGS}
    assert " ".join(ENCODINGS) in GUIDE


def test_every_step_is_explained():
    for what in SCHEMA["$defs"]["step"]["properties"]["what"]["enum"]:
        assert re.search(rf"^\| `{what}` \|", GUIDE, re.MULTILINE)


def test_the_guide_s_own_map_is_valid():
    (block,) = re.findall(r"```yaml\n(.*?)```", GUIDE, re.DOTALL)
    assert read_map(yaml.safe_load(block)).process == "maven"
