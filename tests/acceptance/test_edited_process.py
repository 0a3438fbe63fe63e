"""A process file edited after its version was published: deals keep to what is published, and people are told."""

from __future__ import annotations

from desk import Desk


def test_opening_a_deal_says_that_the_file_differs_from_what_is_published(desk: Desk) -> None:
    from dealwright._resources import folder

    file = desk.folder / "processes" / "b2c.process.yaml"
    text = (folder("processes") / "b2c.process.yaml").read_text(encoding="utf-8")
    file.write_text(text, encoding="utf-8")
    opened = desk.ok("deal", "open", "b2c", "--title", "First order", as_="marketing-1")
    assert opened["warnings"] == []
    file.write_text(text.replace("B2C sales", "Shop sales"), encoding="utf-8")
    told = desk.ok("deal", "open", "b2c", "--title", "Second order", as_="marketing-1")["warnings"]
    assert len(told) == 1
    assert "processes/b2c.process.yaml" in told[0]
    assert "raise its version" in told[0]
    assert "提升版本号" in desk.run("deal", "open", "b2c", "--title", "Third", "--lang", "zh", as_="marketing-1").out
    assert desk.ok("process", "show", "b2c")["process"]["title"]["en"] == "B2C sales"
