"""Tables and lines: aligned, sanitised, coloured only on a terminal."""

from __future__ import annotations

import io

import pytest

from dealwright.cli.display import width
from dealwright.cli.screen import Screen


class Terminal(io.StringIO):
    encoding = "utf-8"

    def isatty(self) -> bool:
        return True


def test_columns_line_up_under_chinese_headings() -> None:
    out = io.StringIO()
    Screen(out).table(["名称", "阶段", "金额"], [["星海科技", "资格确认", "120"], ["Acme", "won", "7"]], right=(2,))
    lines = out.getvalue().splitlines()
    assert lines == ["名称      阶段      金额", "星海科技  资格确认   120", "Acme      won          7"]
    assert [width(line) for line in lines] == [24, 24, 24]


def test_colour_is_used_on_a_terminal_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    terminal, pipe = Terminal(), io.StringIO()
    Screen(terminal).line("careful", "red")
    Screen(pipe).line("careful", "red")
    assert terminal.getvalue() == "\x1b[31mcareful\x1b[0m\n"
    assert pipe.getvalue() == "careful\n"


def test_no_color_is_honoured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    terminal = Terminal()
    Screen(terminal).line("careful", "red")
    assert terminal.getvalue() == "careful\n"


@pytest.mark.parametrize("stream", [Terminal, io.StringIO])
def test_hostile_text_never_reaches_the_stream_raw(stream: type[io.StringIO], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    out = stream()
    screen = Screen(out)
    screen.line("title \x1b]0;owned\x07")
    screen.table(["\x1b[2J"], [["\x9b5n"]])
    screen.raw("\x1b[0m")
    assert not {"\x1b", "\x07", "\x9b"} & set(out.getvalue())


def test_a_wide_table_wraps_within_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    monkeypatch.setenv("NO_COLOR", "1")
    out = Terminal()
    Screen(out).table(["Id", "Title"], [["b2b-1", "A very long title that a narrow terminal cannot hold on one line"]])
    lines = out.getvalue().splitlines()
    assert len(lines) > 2
    assert all(width(line) <= 40 for line in lines)
    assert lines[2].startswith("       ")
