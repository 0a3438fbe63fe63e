"""Frozen structs: process, deal, people, money, durations, localized text.

Their modules go without `from __future__ import annotations`: msgspec reads the annotations when
a struct is first converted, and each one kept as text would cost a compile at every cold start.
"""
