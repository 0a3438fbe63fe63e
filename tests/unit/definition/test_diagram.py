"""Diagrams show what the process says, and nothing that a title says can change them."""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
from pathlib import Path
from xml.etree import ElementTree as ET

import msgspec
import pytest
from diagram_world import HOSTILE, WHOLE, whole

from dealwright._resources import folder
from dealwright.definition import read_overlay, read_process, resolve
from dealwright.definition.diagram import Picture, as_dot, as_mermaid, as_svg, picture_of
from dealwright.definition.diagram.layout import laid_out
from dealwright.definition.diagram.measure import text_width, wrapped
from dealwright.model.process import Process
from examples import EXAMPLES

NODE = Path(__file__).parents[2] / "node"
SVG = "{http://www.w3.org/2000/svg}"
SHIPPED = sorted(folder("processes").glob("*.process.yaml"))


def shipped(path: Path) -> Process:
    process = read_process(path.read_bytes(), path.name).process
    assert process is not None
    return process


def with_text(picture: Picture, text: str) -> Picture:
    """The picture, every text in it replaced."""
    replace = msgspec.structs.replace
    boxes = tuple(
        replace(box, title=text, mark=text if box.mark else "",
                lines=tuple(replace(line, text=text) for line in box.lines))
        for box in picture.boxes
    )  # fmt: skip
    arrows = tuple(replace(arrow, label=text if arrow.label else "") for arrow in picture.arrows)
    return replace(picture, title=text, subtitle=text, boxes=boxes, arrows=arrows)


def plain(text: str) -> str:
    """A text as a label shows it: on one line, with a space in what Mermaid would take for more than text."""
    return " ".join(text.split()).replace("$$", "$ $").replace("\\n", "\\ n").replace("fa:fa-", "fa: fa-")


# -- what is shown


def test_a_picture_has_every_stage_ending_and_way() -> None:
    picture = picture_of(whole(), "en", detail=True)
    assert [(box.kind, box.title, box.at) for box in picture.boxes] == [
        ("stage", "Meet", 1), ("stage", "Look", 2), ("stage", "Offer", 3), ("stage", "Sign", 4),
        ("stage", "Deliver", 5), ("detour", "Clinic", 0), ("outcome", "Lost", 0),
        ("outcome", "Disqualified", 0), ("end", "Completed", 0), ("process", "All there is", 0),
    ]  # fmt: skip
    ways = {(a.source.partition(":")[2] or a.source, a.target.partition(":")[2] or a.target, a.kind, a.label)
            for a in picture.arrows}  # fmt: skip
    assert ways == {
        ("meet", "look", "branch", 'Fits [fit == "yes"]'), ("meet", "disqualified", "branch", 'No [fit == "no"]'),
        ("meet", "sign", "skip", "Boss"), ("meet", "offer", "skip", "unless big"), ("look", "offer", "next", ""),
        ("offer", "sign", "next", ""), ("offer", "meet", "back", ""), ("sign", "deliver", "next", ""),
        ("deliver", "end", "next", ""), ("look", "clinic", "detour", "and back"),
        ("offer", "clinic", "detour", "and back"), ("offer", "look", "automatic", "rejected"),
        ("look", "lost", "automatic", "Gone quiet"),
        ("sign", "whole", "automatic", "Once more"),
    }  # fmt: skip


def test_a_box_counts_what_is_asked_and_names_it_in_detail() -> None:
    said = [line.text for line in picture_of(whole()).boxes[0].lines]
    assert said == ["Rep", "1 document", "2 criteria to leave", "1 task", "limit 5d · follow-up 1d, 3d · 10%"]
    detailed = [(line.text, line.entry) for line in picture_of(whole(), detail=True).boxes[0].lines]
    assert detailed == [
        ("Rep", False), ("Documents: Brief", False), ("2 criteria to leave", False), ("They met", True),
        ("It fits (warns)", True), ("Tasks: Survey", False), ("limit 5d · follow-up 1d, 3d · 10%", False),
    ]  # fmt: skip
    chinese = [line.text for line in picture_of(whole(), "zh").boxes[0].lines]
    assert chinese == ["代表", "1份资料", "2项准出条件", "1项任务", "时限 5d · 跟进 1d、3d · 10%"]
    offer = picture_of(whole()).boxes[2]
    assert "Approval: Boss, within 2d" in [line.text for line in offer.lines]


def test_what_an_overlay_adds_is_marked_where_it_applies() -> None:
    path = EXAMPLES / "valid" / "challenger.overlay.yaml"
    overlay = read_overlay(path.read_bytes(), path.name).overlay
    assert overlay is not None
    picture = picture_of(resolve(whole(), [overlay], [], []), detail=True)
    added = {box.title: [line.text for line in box.lines if line.kind == "overlay"] for box in picture.boxes}
    phases = {stage.phase: stage.title.en for stage in whole().stages if not stage.detour}
    for phase, patch in [(phase, patch) for phase, patch in overlay.phases.items() if phase in phases]:
        for criterion in (*patch.entry_criteria, *patch.exit_criteria):
            assert criterion.title.en in added[phases[phase]]
    assert overlay.title.en in " ".join(text for lines in added.values() for text in lines)


def test_every_word_of_ours_is_in_the_language_asked_for() -> None:
    for box in picture_of(whole(), "zh", detail=True).boxes:
        for line in box.lines:
            assert re.search(r"[\u4e00-\u9fff]|^[\w\s=\".()-]+$", line.text), line


def test_a_rule_for_every_stage_is_told_where_it_leads() -> None:
    lost = next(box for box in picture_of(whole()).boxes if box.title == "Lost")
    assert [line.text for line in lost.lines] == ["from any stage", "2 reasons", "Half a year old"]


# -- SVG


def drawn(picture: Picture) -> ET.Element:
    return ET.fromstring(as_svg(picture))


@pytest.mark.parametrize("text", HOSTILE)
def test_svg_is_well_formed_and_shows_hostile_texts_as_texts(text: str) -> None:
    usual = drawn(picture_of(whole(), detail=True))
    root = drawn(with_text(picture_of(whole(), detail=True), text))
    assert {element.tag for element in root.iter()} == {element.tag for element in usual.iter()}
    assert not [a for element in root.iter() for a in element.attrib if a.startswith("on") or "href" in a]
    title = root.find(f"{SVG}title")
    assert title is not None
    assert title.text == " ".join(text.split())


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.name)
@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("detail", [False, True])
def test_nothing_of_a_shipped_process_lies_over_anything_else(path: Path, lang: str, detail: bool) -> None:
    picture = picture_of(shipped(path), lang, detail=detail)
    sheet = laid_out(picture)
    for at, one in enumerate(sheet.boxes):
        assert one.x >= 0
        assert one.x + one.width <= sheet.width
        assert one.y + one.height <= sheet.height
        for other in sheet.boxes[at + 1 :]:
            beside = one.x + one.width <= other.x or other.x + other.width <= one.x
            assert beside or one.y + one.height <= other.y or other.y + other.height <= one.y
    for way in sheet.ways:
        for (x1, y1), (x2, y2) in zip(way.points, way.points[1:], strict=False):
            assert abs(x1 - x2) < 0.01 or abs(y1 - y2) < 0.01, "ways are level or upright"
            for box in sheet.boxes:
                inside = min(x1, x2) < box.x + box.width - 1 and max(x1, x2) > box.x + 1
                assert not (inside and min(y1, y2) < box.y + box.height - 1 and max(y1, y2) > box.y + 1)
    upright = [(w.points[1][0], *sorted((w.points[1][1], w.points[2][1])), w.arrow.target)
               for w in sheet.ways if len(w.points) == 4]  # fmt: skip
    for at, (x, low, high, target) in enumerate(upright):
        for x2, low2, high2, target2 in upright[at + 1 :]:
            assert target == target2 or abs(x - x2) > 1 or high <= low2 or high2 <= low, "lanes are not shared"


def test_the_same_process_gives_the_same_picture() -> None:
    for make in (as_svg, as_dot, as_mermaid):
        assert make(picture_of(whole(), "zh", detail=True)) == make(picture_of(whole(), "zh", detail=True))


def test_texts_are_wrapped_to_their_room() -> None:
    for text in (*HOSTILE, "销售代表、市场专员、技术支持、售前工程师、公司高管", "a" * 200, ""):
        for line in wrapped(text, 12, 120, 2):
            assert text_width(line, 12) <= 121 or len(line) == 1
    assert wrapped("one two", 12, 400, 2) == ["one two"]
    assert wrapped("word " * 40, 12, 120, 2)[-1].endswith("…")


def test_a_thousand_stages_are_drawn() -> None:
    head, rest = WHOLE.split("stages:\n")
    outcomes = "outcomes:" + rest.split("outcomes:")[1].replace("from: [meet], ", "")
    stages = "".join(
        f"  - {{id: s{n}, title: Stage {n}, phase: deliver, responsible: rep{', wins: true' if n == 500 else ''}}}\n"
        for n in range(1000)
    )
    process = read_process(f"{head}stages:\n{stages}{outcomes}".encode(), "f").process
    assert process is not None
    assert len(drawn(picture_of(process)).findall(f"{SVG}path")) == 1001


# -- Mermaid, read by its own parser and renderer


@pytest.fixture(scope="module")
def mermaid() -> list[dict]:
    """What Mermaid makes of the plain picture, then of each hostile one, then of the shipped processes."""
    if shutil.which("node") is None or not (NODE / "node_modules" / "mermaid").is_dir():
        pytest.skip("needs Node and Mermaid: npm install --no-package-lock --prefix tests/node")
    picture = picture_of(whole(), detail=True)
    texts = [as_mermaid(picture), *(as_mermaid(with_text(picture, text)) for text in HOSTILE)]
    texts += [as_mermaid(picture_of(shipped(path), lang, detail=True)) for path in SHIPPED for lang in ("en", "zh")]
    done = subprocess.run(
        ["node", str(NODE / "mermaid.mjs")], input=json.dumps(texts), capture_output=True, text=True, check=True,
        timeout=300,
    )  # fmt: skip
    told: list[dict] = json.loads(done.stdout)
    return told


def test_mermaid_sees_our_boxes_and_ways_whatever_the_texts_say(mermaid: list[dict]) -> None:
    picture = picture_of(whole(), detail=True)
    names = {box.id: f"n{at}" for at, box in enumerate(picture.boxes)}
    ways = sorted([names[arrow.source], names[arrow.target]] for arrow in picture.arrows)
    usual = mermaid[0]
    for text, told in zip(("plain", *HOSTILE), mermaid, strict=False):
        assert "error" not in told, (text, told)
        assert sorted(node["id"] for node in told["nodes"]) == sorted(names.values()), text
        assert sorted(told["edges"]) == ways, text
        assert set(told["elements"]) <= set(usual["elements"]), text
        assert (told["handlers"], told["links"], told["called"]) == (0, 0, False), text
        assert (told["theme"], told["security"]) == (usual["theme"], "strict"), text
        assert [node["link"] for node in told["nodes"]] == [None] * len(names)


def test_mermaid_shows_the_texts_as_they_are(mermaid: list[dict]) -> None:
    for text, told in zip(HOSTILE, mermaid[1:], strict=False):
        shown = [html.unescape(part) for label in told["labels"]
                 for part in re.sub(r"</?p>", "", label).split("<br>")]  # fmt: skip
        assert shown
        for part in shown:
            assert part.removeprefix("· ").partition(" · ")[-1] == plain(text) or plain(text) in part
        assert plain(text) in told["edgeLabels"]


def test_mermaid_reads_the_shipped_processes(mermaid: list[dict]) -> None:
    for path, told in zip((p for p in SHIPPED for _ in (0, 1)), mermaid[len(HOSTILE) + 1 :], strict=True):
        assert told.get("type") == "flowchart-v2", (path.name, told)
        assert len(told["nodes"]) == len(picture_of(shipped(path)).boxes)


# -- Graphviz


@pytest.mark.parametrize("text", ["plain", *HOSTILE])
def test_graphviz_reads_our_boxes_and_ways_whatever_the_texts_say(text: str) -> None:
    if shutil.which("dot") is None:
        pytest.skip("needs Graphviz")
    picture = with_text(picture_of(whole(), detail=True), text)
    done = subprocess.run(["dot", "-Tsvg"], input=as_dot(picture), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    root = ET.fromstring(done.stdout)
    groups = [group.get("class") for group in root.iter(f"{SVG}g")]
    assert (groups.count("node"), groups.count("edge")) == (len(picture.boxes), len(picture.arrows))
    shown = {(element.text or "").replace("\xa0", " ") for element in root.iter(f"{SVG}text")}
    assert any(" ".join(text.split()) in line for line in shown)
