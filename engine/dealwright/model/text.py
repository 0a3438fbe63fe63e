"""Text in both languages."""

from msgspec import Struct

LANGUAGES = ("en", "zh")
_HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20, 0xFFE5: 0xA5, 0xFFE1: 0xA3}


class Text(Struct, frozen=True):
    """One thing said in English and in Chinese. Plain text in a file is the same in both."""

    en: str
    zh: str

    def say(self, lang: str) -> str:
        """The text in `lang`; anything but `zh` reads as English."""
        return self.zh if lang == "zh" else self.en

    @classmethod
    def plain(cls, text: str) -> "Text":
        """The same words in both languages."""
        return cls(text, text)


class Prompt(Text, frozen=True, omit_defaults=True):
    """A question worth asking, unless its condition is plainly unmet."""

    condition: str = ""


def humanise(identifier: str) -> Text:
    """A title for an id that has none: `target_record` reads as `Target record`."""
    words = identifier.replace("_", " ").replace("-", " ").strip()
    return Text.plain(words[:1].upper() + words[1:])


def half_width(text: str) -> str:
    """Full-width letters, digits, signs and spaces as their ASCII twins; all else stays.

    Not NFKC, which would also read `10²` as 102 and `①` as 1.
    """
    return text.translate(_HALF_WIDTH)
