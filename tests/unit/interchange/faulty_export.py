"""A generated CRM export with the faults of real ones: a name written two ways, empty cells, missing dates."""

from __future__ import annotations

import csv
import random
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

HEADER = (
    "opportunity_id", "sales_agent", "product", "account", "deal_stage", "engage_date", "close_date", "close_value",
)  # fmt: skip
PRODUCTS = ("GTX Basic", "GTX Pro", "MG Special", "MG Advanced")
ACCOUNTS = tuple(f"Example Company {number}" for number in range(1, 21))
AGENTS = ("rep-1", "rep-2", "rep-3")


def rows_of_export(count: int, seed: int = 7) -> list[tuple[str, ...]]:
    """`count` rows; the same seed gives the same rows."""
    chance = random.Random(seed)
    return [_row(number, chance) for number in range(1, count + 1)]


def _row(number: int, chance: random.Random) -> tuple[str, ...]:
    stage = chance.choices(("Won", "Lost", "Engaging", "Prospecting"), (48, 28, 18, 6))[0]
    product = chance.choice(PRODUCTS)
    engaged = date(2016, 10, 20) + timedelta(days=chance.randrange(365))
    closed = engaged + timedelta(days=chance.randrange(1, 139))
    value = str(chance.randrange(50, 30_000)) if stage == "Won" else "0" if stage == "Lost" else ""
    return (
        f"OPP{number:05d}",
        chance.choice(AGENTS),
        "GTXPro" if product == "GTX Pro" else product,
        "" if stage not in ("Won", "Lost") and chance.random() < 0.6 else chance.choice(ACCOUNTS),
        stage,
        "" if stage == "Prospecting" else f"{engaged.month}/{engaged.day}/{engaged.year}",
        f"{closed.month}/{closed.day}/{closed.year}" if stage in ("Won", "Lost") else "",
        value,
    )


def expected(rows: list[tuple[str, ...]]) -> dict[str, int]:
    """What an import must report of `rows`, counted from the text alone."""
    stages = Counter(row[4] for row in rows)
    return {
        **{stage: stages[stage] for stage in ("Won", "Lost", "Engaging", "Prospecting")},
        "value_won": sum(int(row[7]) for row in rows if row[4] == "Won"),
        "not-in-lookup": sum(row[2] == "GTXPro" for row in rows),
        "empty-value": sum(not row[3] for row in rows),
        "no-date": sum(not row[5] for row in rows),
    }


def write_export(folder: Path, rows: list[tuple[str, ...]]) -> Path:
    """Write `sales_pipeline.csv` and its two look-up tables into `folder`; returns the former's path."""
    pipeline = folder / "sales_pipeline.csv"
    _write(pipeline, (HEADER, *rows))
    _write(folder / "products.csv", (("product",), *((product,) for product in PRODUCTS)))
    _write(folder / "accounts.csv", (("account",), *((account,) for account in ACCOUNTS)))
    return pipeline


def _write(path: Path, rows: tuple[tuple[str, ...], ...]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
