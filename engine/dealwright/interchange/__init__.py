"""Data from other systems: tables read, mapped, planned as facts, compared with what is recorded."""

from dealwright.interchange.compare import compare
from dealwright.interchange.import_map import ImportMap, Lookup, read_map
from dealwright.interchange.issue import SEVERITIES, Issue, lines_of, tally
from dealwright.interchange.plan import Plan, PlannedDeal, PlannedFact, plan_import
from dealwright.interchange.table import Table, read_table

__all__ = [
    "SEVERITIES", "ImportMap", "Issue", "Lookup", "Plan", "PlannedDeal", "PlannedFact", "Table",
    "compare", "lines_of", "plan_import", "read_map", "read_table", "tally",
]  # fmt: skip
