"""The version, where `--version` finds it without a look at package metadata. A test holds it to pyproject.toml."""

VERSION = "0.2.0"
