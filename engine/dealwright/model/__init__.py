"""Frozen structs: process, deal, people, money, durations, localized text."""
